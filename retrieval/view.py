"""One consistent view of a catalog and its table, as a search sees it from beginning to end."""

import threading
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from catalog import Catalog, CatalogError
from model import APPLICABILITY, POSTERIOR, Derivation, MatchMap, among, fit_match, repeated
from retrieval import scan
from retrieval.backend import Backend, Index
from retrieval.derived import CHUNK, table_vectors
from retrieval.errors import MissingAttributes, RetrievalError
from retrieval.interfaces import Embeds
from retrieval.query import unit
from retrieval.shelf import Rows, Shelf
from retrieval.table import EmbeddingTable

WIDE = 8 << 20
"""Bytes of float32 vectors of one attribute up to which they are kept beside the table."""
CENTRED = 2000
"""Readable items that say where a catalog's centre is, the first ones, so that items that are added at the end move no
vector of a large one."""
SAMPLED = 512
"""Items that say how often values are shared in a catalog."""
LABELLED = 100
"""Labelled items from which on a catalog's own labels say what a score stands for."""


class View:
    """A catalog, its embedding table and its indexes. Positions are places in the catalog, and rows of the table."""

    def __init__(self, catalog: Catalog, table: EmbeddingTable, embedder: Embeds, home: Path, backend: Backend) -> None:
        """home: folder of derived vectors and indexes."""
        if table.ids != [item.id for item in catalog.items]:
            raise RetrievalError("the embedding table is of another catalog; it has to be built again")
        self.catalog = catalog
        self.table = table
        self.embedder = embedder
        folder = home / "indexes" / table.manifest.sha256[:16]
        self.shelf = Shelf(folder, Rows(table.readable, self._named_vectors), backend)
        self._home = home / "derived"
        self._derivations: dict[str, Derivation] = {}
        self._derived: dict[str, np.ndarray] = {}
        self._deriving = threading.Lock()
        self._rows = {id: row for row, id in enumerate(table.ids)}
        self._columns: dict[str, np.ndarray] = {}
        self._values: dict[str, set[str]] = {}
        self._prototypes: dict[tuple[str, str], np.ndarray] = {}
        self._wide: dict[str, np.ndarray] = {}
        self._matches: dict[str, MatchMap] = {}
        self._hidden: dict[str, np.ndarray | None] = {}

    def need(self, attributes: Collection[str]) -> None:
        """MissingAttributes when the table lacks one."""
        missing = [name for name in attributes if not self.table.has(self.embedder.derivation(name).needs)]
        if missing:
            raise MissingAttributes(missing)

    @property
    def attributes(self) -> list[str]:
        """Attributes whose raw columns are there."""
        return [name for name in self.embedder.attributes if self.table.has(self.embedder.derivation(name).needs)]

    def derivation(self, attribute: str) -> Derivation:
        """How the vectors of an attribute that is there come about in this catalog."""
        if attribute not in self._derivations:
            general = self.embedder.derivation(attribute)
            rows = np.flatnonzero(self.table.readable)[:CENTRED]
            means = {column: self.table.column(column)[rows].astype(np.float32).mean(0) for column in general.needs}
            self._derivations[attribute] = general.on(means, len(rows)) if len(rows) else general
        return self._derivations[attribute]

    def vectors(self, attribute: str) -> np.ndarray:
        """Derived vectors float16 (items, width) of an attribute that is there, made when first asked for."""
        with self._deriving:
            if attribute not in self._derived:
                self._derived[attribute] = table_vectors(self.table, self.derivation(attribute), self._home)
            return self._derived[attribute]

    def position(self, id: str) -> int:
        """Row of an item; KeyError where there is none."""
        return self._rows[id]

    def match(self, attribute: str) -> MatchMap:
        """What the attribute's scores stand for in this catalog: fitted on its own labels where there are enough, else the
        weights' map, moved to how often some of its items seem to share values. Only for an attribute that has one."""
        if attribute not in self._matches:
            derivation = self.embedder.derivation(attribute)
            assert derivation.match is not None
            own = None if POSTERIOR in derivation.mix else self._labelled_match(attribute)
            self._matches[attribute] = own or derivation.match.of_catalog(self._some_scores(attribute)[0])
        return self._matches[attribute]

    def _labelled_match(self, attribute: str) -> MatchMap | None:
        """A map fitted on the catalog's labels; None where fewer than `LABELLED` items have one. Reads what it says back from the
        same labels, so that it is a little too sure."""
        if attribute not in {own.name for own in self.catalog.attributes}:
            return None
        labels = self.catalog.labels(attribute)
        scores, rows = self._some_scores(attribute, labels >= 0)
        if len(rows) < LABELLED or len(np.unique(labels[rows])) < 2:
            return None
        derivation = self.embedder.derivation(attribute)
        order = [derivation.mix[section.name] for section in derivation.sections]
        return fit_match([among(scores, labels[rows], lean=0.0)], order)

    def _some_scores(self, attribute: str, among_: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Scores (n, n) of some readable items that ask one another, drawn by seed, and their rows."""
        derivation = self.embedder.derivation(attribute)
        readable = np.flatnonzero(self.table.readable if among_ is None else self.table.readable & among_)
        some = np.sort(np.random.default_rng(0).permutation(readable)[:SAMPLED])
        own = self.vectors(attribute)[some].astype(np.float32)
        return own * repeated(derivation.sections, derivation.mix).astype(np.float32) @ own.T, some

    def hidden(self, attribute: str) -> np.ndarray | None:
        """On which items an attribute cannot be seen, bool (items,); None where it always can."""
        if attribute not in self._hidden:
            seen, hidden = self.embedder.derivation(attribute).seen, None
            if seen is not None and self.table.has(APPLICABILITY):
                general, summary = (self.table.column(column) for column in APPLICABILITY)
                hidden = np.concatenate(
                    [
                        seen.chance(general[start : start + CHUNK], summary[start : start + CHUNK]) < seen.threshold
                        for start in range(0, len(general), CHUNK)
                    ]
                )
            self._hidden[attribute] = hidden
        return self._hidden[attribute]

    def _named_vectors(self, attribute: str) -> tuple[str, np.ndarray]:
        return self.derivation(attribute).digest, self.vectors(attribute)

    def index(self, attribute: str) -> Index | None:
        """The index of an attribute that is there, if it is ready; otherwise it is made in the background."""
        return self.shelf.get(attribute, self.derivation(attribute).digest)

    def live(self, filters: Mapping[str, Collection[str]], exclude: Collection[str]) -> np.ndarray:
        """Which items may be found, bool (items,): readable, not excluded, filtered columns among the values given.

        RetrievalError, naming the known ones, for a column that the catalog lacks or a value that no item has ('' is
        blank, and always allowed).
        """
        live = self.table.readable.copy()
        for name, values in filters.items():
            wanted = [values] if isinstance(values, str) else list(values)
            column = self._column(name)
            self._check_values(name, wanted)
            live &= np.isin(column, wanted)
        live[[row for id in exclude if (row := self._rows.get(id)) is not None]] = False
        return live

    def pairs(self, terms: Mapping[str, np.ndarray]) -> list[scan.Pair]:
        """The vectors of each attribute beside the one (width,) that they are scored by."""
        return [(self.vectors(name), vector) for name, vector in terms.items()]

    def quick_scores(self, positions: np.ndarray, terms: Mapping[str, np.ndarray]) -> np.ndarray:
        """As `scan.quick_scores`; of a small table the vectors are kept in float32."""
        pairs = self.pairs(terms)
        if any(2 * vectors.nbytes > WIDE for vectors, _ in pairs):
            return scan.quick_scores(pairs, positions)
        for name, (vectors, _) in zip(terms, pairs, strict=True):
            if name not in self._wide:
                self._wide[name] = np.ascontiguousarray(vectors).astype(np.float32)
        return scan.wide_scores([(self._wide[name], vector) for name, vector in terms.items()])[positions]

    def item(self, id: str, attribute: str) -> np.ndarray:
        """Derived vector (width,) of an item; RetrievalError when there is no such item or its image is unreadable."""
        if id not in self._rows:
            raise RetrievalError(f"the catalog has no item '{id}'")
        position = self._rows[id]
        if not self.table.readable[position]:
            raise RetrievalError(f"the image of item '{id}' cannot be read: {self.table.manifest.unreadable[id]}")
        return unit(self.vectors(attribute)[position], self.embedder.derivation(attribute).sections)

    def prototype(self, value: str, attribute: str) -> np.ndarray:
        """Mean derived vector (width,) of the items labelled with a value, each section of unit length again;
        RetrievalError when there are none."""
        key = attribute, value
        if key not in self._prototypes:
            members = self._labelled(value, attribute)
            mean = self.vectors(attribute)[members].astype(np.float64).mean(0)
            self._prototypes[key] = unit(mean, self.embedder.derivation(attribute).sections)
        return self._prototypes[key]

    def _labelled(self, value: str, attribute: str) -> np.ndarray:
        try:
            values = self.catalog.attribute(attribute).values
        except CatalogError as error:
            raise RetrievalError(
                f"this catalog has no labels for '{attribute}'; search by an image or an item"
            ) from error
        if value not in values:
            raise RetrievalError(f"'{attribute}' has no value '{value}' in this catalog; it has: {some_of(values)}")
        members = np.flatnonzero((self.catalog.labels(attribute) == values.index(value)) & self.table.readable)
        if not len(members):
            raise RetrievalError(f"no readable item is labelled {attribute} = '{value}'; search by an image or an item")
        return members

    def _check_values(self, name: str, wanted: Collection[str]) -> None:
        known = self._known_values(name)
        for value in wanted:
            if value and value not in known:
                raise RetrievalError(f"'{name}' has no value '{value}' in this catalog; it has: {some_of(known)}")

    def _known_values(self, name: str) -> set[str]:
        """Values that items have in a column, and those that the catalog lists for it as an attribute."""
        if name not in self._values:
            listed = next((attribute.values for attribute in self.catalog.attributes if attribute.name == name), ())
            self._values[name] = {*self._column(name).tolist(), *listed} - {""}
        return self._values[name]

    def _column(self, name: str) -> np.ndarray:
        if name not in self._columns:
            columns = list(self.catalog.columns)
            if name not in columns:
                raise RetrievalError(f"the catalog has no column '{name}'; it has: {some_of(columns)}")
            self._columns[name] = np.array(self.catalog.column(name), dtype=object)
        return self._columns[name]


def some_of(names: Collection[str], most: int = 20) -> str:
    """Names for a message, in order, the first of them when there are many."""
    listed = ", ".join(sorted(names)[:most]) or "none"
    return f"{listed} and {len(names) - most} more" if len(names) > most else listed

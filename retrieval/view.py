"""One consistent view of a catalog and its pictures, as a search sees it from beginning to end."""

import logging
from collections.abc import Collection, Mapping

import numpy as np

from catalog import Catalog, CatalogError
from model import POSTERIOR, Derivation, MatchMap, among, fit_match, repeated
from retrieval import prototypes, scan
from retrieval.backend import Index
from retrieval.errors import MissingAttributes, RetrievalError
from retrieval.filters import Filters, some_of
from retrieval.pictures import Pictures, Vectors
from retrieval.quantized import Quantized
from retrieval.query import unit
from retrieval.shelf import Shelf
from retrieval.sketch import Sketch

_log = logging.getLogger("lapel.retrieval")

WIDE = 8 << 20
"""Bytes of float16 vectors of one attribute up to which they are kept in float32 too."""
SAMPLED = 512
"""Pictures that say how often values are shared in a catalog."""
BESIDE = 4096
"""Slots at most that may be looked at beside an index that does not hold them yet."""
LABELLED = 100
"""Labelled pictures from which on a catalog's own labels say what a score stands for."""


class View:
    """A catalog, its pictures and its indexes. Positions are slots: the numbers of pictures, in the order in which they came to
    the catalog, which is that of the catalog until something is removed or moved."""

    def __init__(
        self, catalog: Catalog, pictures: Pictures, shelf: Shelf, unreadable: Mapping[str, str] | None = None
    ) -> None:
        """unreadable: items of which no picture can be read, and why."""
        self.catalog = catalog
        self.pictures = pictures
        self.layout = pictures.layout
        self.embedder = pictures.embedder
        self.shelf = shelf
        self.unreadable = unreadable or {}
        self._filters = Filters(catalog, pictures.layout)
        self._prototypes: dict[tuple[str, str, str | None], np.ndarray] = {}
        self._matches: dict[str, MatchMap] = {}

    def relabelled(self, catalog: Catalog) -> "View":
        """The view of a catalog that differs in labels only: what does not depend on them is shared."""
        return View(catalog, self.pictures, self.shelf, self.unreadable)

    def need(self, attributes: Collection[str]) -> None:
        """MissingAttributes when the catalog is not embedded for one."""
        missing = [name for name in attributes if not self.pictures.has(self.embedder.derivation(name).needs)]
        if missing:
            raise MissingAttributes(missing)

    @property
    def attributes(self) -> list[str]:
        """Attributes that the catalog is embedded for."""
        return self.pictures.attributes

    def derivation(self, attribute: str) -> Derivation:
        """How the vectors of an attribute that is there come about in this catalog."""
        return self.pictures.derivation(attribute)

    def vectors(self, attribute: str) -> Vectors:
        """Derived vectors (slots, width) of an attribute that is there, as they are kept; see `Pictures.vectors`."""
        return self.pictures.vectors(attribute)

    def exact(self, attribute: str) -> scan.Readable:
        """The same to the last digit: some of them, by slots int64 (n,), are float16 (n, width)."""
        return self.pictures.exact(attribute)

    def hidden(self, attribute: str) -> np.ndarray | None:
        """On which slots an attribute cannot be seen, bool (slots,); None where it always can."""
        return self.pictures.hidden(attribute)

    def nearest(self, attribute: str, vector: np.ndarray, live: np.ndarray, depth: int) -> np.ndarray | None:
        """Slots int64 (n,), at least `depth` of `live`, bool (slots,), or all: those that the index of an attribute finds for a
        vector (width,) that the attribute is scored by, and those that it does not hold. None where it is not ready, and made
        in the background, or cannot go so deep."""
        listed = self._index(attribute, vector)
        if listed is None:
            return None
        index, query = listed
        beside = np.flatnonzero(live & ~index.held(len(live)))
        depth = min(depth, int(np.count_nonzero(live)) - len(beside))
        if len(beside) > BESIDE:
            return None
        try:
            rows, _ = index.search(query, depth, live)
        except OSError as error:
            _log.warning("the index of '%s' does not answer; searching without it: %s", attribute, error)
            return None
        return np.concatenate([beside, rows]) if len(rows) == depth else None

    def _index(self, attribute: str, vector: np.ndarray) -> tuple[Index, np.ndarray] | None:
        """The index of an attribute if it is ready, and by what it is asked for a vector (width,)."""
        name, query = self.derivation(attribute).digest, vector
        if not self.shelf.abilities.whole:
            sketch = self.sketch(attribute)
            if sketch is None:
                return None
            name, query = self.pictures.name_of(attribute, sketch), sketch.basis.of_query(vector)[0]
        index = self.shelf.get(attribute, name)
        return None if index is None else (index, query)

    def sketch(self, attribute: str, wait: bool = False) -> Sketch | None:
        """The sketch of an attribute that is there, if it is ready or to be waited for; otherwise it is made in the
        background."""
        return self.pictures.sketch(attribute, wait)

    def place(self, position: int) -> int:
        """Place in the catalog of the item that a slot is of."""
        return int(self.layout.item[position])

    def slots(self, id: str) -> np.ndarray:
        """The slots of an item, int64 (pictures,); none where there is no such item."""
        place = self._place(id)
        own = () if place is None else self.layout.pictures[place]
        return np.array([slot for slot in own if slot >= 0], np.int64)

    def position(self, id: str, attribute: str) -> int:
        """The first slot of an item that has an attribute; RetrievalError when there is no such item or no such slot."""
        if self._place(id) is None:
            raise RetrievalError(f"the catalog has no item '{id}'")
        slots = self.slots(id)
        there = slots[self.pictures.there(attribute)[slots]]
        if not len(there):
            if id in self.unreadable:
                raise RetrievalError(f"the image of item '{id}' cannot be read: {self.unreadable[id]}")
            raise RetrievalError(f"item '{id}' is not embedded yet; try again soon, or search by another")
        return int(there[0])

    def labels(self, attribute: str) -> np.ndarray:
        """int64 (slots,): place in the attribute's `values` of each slot's item, -1 where it is unlabelled or there is none."""
        return np.where(self.layout.alive, np.append(self.catalog.labels(attribute), -1)[self.layout.item], -1)

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
        labels = self.labels(attribute)
        scores, rows = self._some_scores(attribute, labels >= 0)
        if len(rows) < LABELLED or len(np.unique(labels[rows])) < 2:
            return None
        derivation = self.embedder.derivation(attribute)
        order = [derivation.mix[section.name] for section in derivation.sections]
        return fit_match([among(scores, labels[rows], lean=0.0)], order)

    def _some_scores(self, attribute: str, among_: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Scores (n, n) of some pictures that ask one another, drawn by seed, and their slots."""
        derivation = self.embedder.derivation(attribute)
        there = self.pictures.there(attribute)
        readable = np.flatnonzero(there if among_ is None else there & among_)
        some = np.sort(np.random.default_rng(0).permutation(readable)[:SAMPLED])
        own = self.exact(attribute)[some].astype(np.float32)
        return own * repeated(derivation.sections, derivation.mix).astype(np.float32) @ own.T, some

    def live(
        self, filters: Mapping[str, Collection[str]], exclude: Collection[str], attributes: Collection[str] = ()
    ) -> np.ndarray:
        """Which slots may be found, bool (slots,): they have the attributes (none given: any), their item is not excluded, and
        its filtered columns are among the values given.

        RetrievalError, naming the known ones, for a column that the catalog lacks or a value that no item has ('' is
        blank, and always allowed).
        """
        own = [self.pictures.there(name) for name in attributes] or [self.pictures.readable]
        live = own[0].copy()
        for more in own[1:]:
            live &= more
        for name, values in filters.items():
            live &= self._filters.among(name, values)
        for id in exclude:
            live[self.slots(id)] = False
        return live

    def quick_scores(self, positions: np.ndarray, terms: Mapping[str, np.ndarray]) -> scan.Quick:
        """As `scan.quick_scores`; of a small catalog the vectors are kept in float32."""
        pairs = [(self.vectors(name), vector) for name, vector in terms.items()]
        if any(isinstance(vectors, Quantized) or 2 * vectors.nbytes > WIDE for vectors, _ in pairs):
            return scan.quick_scores(pairs, positions)
        wide = [(self.pictures.wide(name), vector) for name, vector in terms.items()]
        return scan.Quick(scan.wide_scores(wide)[positions])

    def item(self, id: str, attribute: str) -> np.ndarray:
        """Derived vector (width,) of an item, of its first picture; RetrievalError when there is no such item or its image is
        unreadable."""
        position = self.position(id, attribute)
        return unit(self.exact(attribute)[np.array([position])][0], self.embedder.derivation(attribute).sections)

    def prototype(self, value: str, attribute: str, split: str | None = None) -> np.ndarray:
        """Mean derived vector (width,) of the items labelled with a value, in a split where one is given, each section of unit
        length again; RetrievalError when there are none."""
        key = attribute, value, split
        if key not in self._prototypes:
            derivation = self.embedder.derivation(attribute)
            members = np.flatnonzero(self._labelled(value, attribute, split) & self.pictures.there(attribute))
            sure = None if len(members) else prototypes.certain(derivation, value)
            if sure is None:
                self._check_labelled(value, attribute, split, len(members))
                sure = prototypes.prototype(self.exact(attribute)[members], derivation.sections)
            self._prototypes[key] = sure
        return self._prototypes[key]

    def value_scores(self, attribute: str, value: str, split: str | None = None) -> prototypes.ValueScores:
        """As `SearchEngine.value_scores`."""
        derivation, first = self.embedder.derivation(attribute), self.layout.first(self.pictures.there(attribute))
        there = first >= 0
        members = np.zeros(len(first), bool)
        members[there] = self._labelled(value, attribute, split)[first[there]]
        self._check_labelled(value, attribute, split, int(members.sum()))
        scores = np.full(len(first), np.nan)
        vectors = self.exact(attribute)[first[there]]
        scores[there] = prototypes.scores_without_itself(vectors, members[there], derivation.sections, derivation.mix)
        return prototypes.ValueScores(attribute, value, split or "", int(members.sum()), scores)

    def _labelled(self, value: str, attribute: str, split: str | None) -> np.ndarray:
        """Which slots are of items labelled with a value, in a split where one is given, bool (slots,)."""
        values = next((own.values for own in self.catalog.attributes if own.name == attribute), ())
        if value not in values:
            return np.zeros(self.layout.slots, bool)
        labelled: np.ndarray = self.labels(attribute) == values.index(value)
        if split is not None:
            labelled &= np.append([item.split == split for item in self.catalog.items], False)[self.layout.item]
        return labelled

    def _check_labelled(self, value: str, attribute: str, split: str | None, count: int) -> None:
        """RetrievalError when nothing is labelled with a value, which says why."""
        if count:
            return
        try:
            values = self.catalog.attribute(attribute).values
        except CatalogError as error:
            raise RetrievalError(
                f"this catalog has no labels for '{attribute}'; search by an image or an item"
            ) from error
        if value not in values:
            raise RetrievalError(f"'{attribute}' has no value '{value}' in this catalog; it has: {some_of(values)}")
        where = "" if split is None else f" in the split '{split}'"
        raise RetrievalError(
            f"no readable item{where} is labelled {attribute} = '{value}'; search by an image or an item"
        )

    def _place(self, id: str) -> int | None:
        try:
            return self.catalog.position(id)
        except CatalogError:
            return None

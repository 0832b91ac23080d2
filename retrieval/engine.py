"""The search engine: queries against one view of the catalog, which is replaced in one step when anything changes."""

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from catalog import Catalog
from model import Column, repeated
from retrieval import levels, scan, threshold
from retrieval.backend import Backend
from retrieval.build import Progress, build_table
from retrieval.errors import RetrievalError
from retrieval.index import Hnsw
from retrieval.interfaces import Embeds, columns_of
from retrieval.query import (
    Hit,
    Query,
    Term,
    check_k,
    chosen_mix,
    term_vectors,
)
from retrieval.sources import Sources
from retrieval.table import EmbeddingTable, read_manifest
from retrieval.view import View


@dataclass(frozen=True)
class Tuning:
    """When a search is an exact scan, and how far the lists are read when it is not.

    exact_below: up to this many live items are scanned. first: depth of the first reading of each list. deepest:
    share of the catalog at which reading lists costs more than a scan. backend: what makes the indexes.
    """

    exact_below: int = 50_000
    first: int = 128
    deepest: float = 0.02
    backend: Backend = field(default_factory=Hnsw)


class SearchEngine:
    """Searches a catalog by attribute. Thread-safe; a search sees one view of catalog and table from beginning to end.

    Up to `Tuning.exact_below` live items, and whenever an index is not ready or cannot prove its answer, the answer
    is the exact one. Above that, candidates come from the indexes by the threshold algorithm: scores and order
    of what is found are exact, but an item that an approximate list passed over can be missing.
    """

    def __init__(
        self,
        catalog: Catalog,
        table: EmbeddingTable,
        embedder: Embeds,
        home: str | Path,
        tuning: Tuning | None = None,
    ) -> None:
        """home: folder of tables and indexes. RetrievalError when the table is of another catalog or other weights."""
        if table.manifest.weights != embedder.digest:
            raise RetrievalError("the embedding table is of other weights; it has to be built again")
        self.embedder = embedder
        self.home = Path(home)
        self.tuning = tuning or Tuning()
        self._view = self._view_of(catalog, table)
        self._change = threading.Lock()
        self._closed = threading.Event()
        self._sources = Sources(embedder)

    @property
    def catalog(self) -> Catalog:
        return self._view.catalog

    @property
    def table(self) -> EmbeddingTable:
        return self._view.table

    @property
    def attributes(self) -> list[str]:
        """Attributes that can be asked at once; `ensure` adds others that the weights know."""
        return self._view.attributes

    def search(
        self,
        query: Query,
        k: int = 12,
        filters: Mapping[str, Collection[str]] | None = None,
        exclude: Collection[str] = (),
    ) -> list[Hit]:
        """The k best items, best first, ties in catalog order; fewer when fewer are live.

        Score: `sum_t w_t / sum(|w|) · sum_s share_s <v_s, v'_s>` over the sections s of an attribute's
        derived vectors; with region and crop alone it is that of RPF.md §4. Rounded to
        9 decimals. A negative weight prefers what is unlike its source; such a query is always a scan.
        Items on which an attribute of positive weight cannot be seen come after all others, best first
        again. Match levels are known for the weights' own mix and a single picture or item an attribute.
        filters: column → accepted values ('' is blank; an empty collection accepts nothing), all to be
        met. exclude: ids not to be found. RetrievalError for k < 1, an unknown attribute, item, value
        or column; MissingAttributes for an attribute that is not embedded yet.
        """
        k = check_k(k)
        view = self._view
        terms = [term for term in query.terms if term.weight]
        names = list(dict.fromkeys(term.attribute for term in query.terms))
        self.embedder.check(names)
        view.need(names)
        live = view.live(filters or {}, [exclude] if isinstance(exclude, str) else exclude)
        sources, mixes = self._sources.vectors(view, terms), self._mixes(query)
        shares = {name: repeated(self.embedder.derivation(name).sections, mix) for name, mix in mixes.items()}
        vectors = term_vectors(terms, sources, shares)
        wanted = dict.fromkeys(term.attribute for term in terms if term.weight > 0)
        hidden = {name: none for name in wanted if (none := view.hidden(name)) is not None and none.any()}
        apart = np.any(list(hidden.values()), axis=0) if hidden else np.zeros(len(live), bool)
        listed = self.tuning.backend.abilities.can(k, any(term.weight < 0 for term in terms))
        hits: list[Hit] = []
        rows: list[int] = []
        for group in (live & ~apart, live & apart):
            for row, score, own in self._ranked(view, vectors, group, k - len(hits), listed):
                cannot = tuple(name for name, none in hidden.items() if none[row])
                hits.append(Hit(view.table.ids[row], score, own, hidden=cannot))
                rows.append(row)
        asked = {}
        for name, mix in mixes.items():
            of = [(term, source) for term, source in zip(terms, sources, strict=True) if term.attribute == name]
            asked[name] = levels.Asked([term for term, _ in of], [source for _, source in of], mix)
        return levels.levelled(view, query, asked, hits, np.array(rows, np.int64))

    def _ranked(
        self, view: View, vectors: Mapping[str, np.ndarray], live: np.ndarray, k: int, listed: bool
    ) -> list[tuple[int, float, dict[str, float]]]:
        """The k best live items: position, score, and what each attribute adds to it. listed: whether indexes may answer."""
        k = min(k, int(live.sum()))
        if k <= 0:
            return []
        found = self._by_lists(view, vectors, live, k) if listed else None
        if found is None:
            positions = np.flatnonzero(live)
            found = scan.contenders(view.quick_scores(positions, vectors), positions, k)
        shares = scan.shares(view.pairs(vectors), found)
        order, scores = scan.rank(shares, found, k)
        return [
            (int(found[row]), float(score), dict(zip(vectors, shares[row].tolist(), strict=True)))
            for row, score in zip(order, scores, strict=True)
        ]

    def vectors(self, attribute: str) -> np.ndarray:
        """Derived vectors float16 (items, width) of an attribute, in catalog order, zeros for images that cannot be read;
        MissingAttributes where it is not embedded."""
        view = self._view
        view.need([attribute])
        return view.vectors(attribute)

    def hidden(self, terms: Sequence[Term]) -> tuple[str, ...]:
        """Attributes of positive weight that cannot be seen on the picture or item that they are asked by."""
        return self._sources.hidden(self._view, terms)

    def count(self, filters: Mapping[str, Collection[str]]) -> int:
        """How many readable items the filters let through; RetrievalError as `search` raises it for them."""
        return int(self._view.live(filters, ()).sum())

    def ensure(
        self, attributes: Sequence[str], progress: Progress | None = None, columns: Sequence[Column] = ()
    ) -> None:
        """Embed the catalog for attributes, and raw columns beside, that the table lacks; searches go on meanwhile with
        the others."""
        with self._change:
            self.embedder.check(attributes)
            view = self._view
            wanted = list(dict.fromkeys([*view.attributes, *attributes]))
            if not view.table.has([*columns_of(self.embedder, wanted), *columns]):
                self._replace(view.catalog, wanted, progress, columns)

    def reload(self, catalog: Catalog, progress: Progress | None = None) -> None:
        """Go over to a changed catalog; searches go on meanwhile on the old. Known images are not embedded again."""
        with self._change:
            self._replace(catalog.respelled(self.embedder.attributes), self._view.attributes, progress)

    def prepare(self) -> None:
        """Load or build the index of every attribute now, if the catalog is large enough to use them."""
        view = self._view
        if len(view.table) > self.tuning.exact_below:
            for name in view.attributes:
                view.shelf.prepare(name)

    def close(self) -> None:
        """Stop building indexes in the background, for good; searches go on with what is ready, or scan."""
        self._closed.set()
        self._view.shelf.close()

    def _replace(
        self,
        catalog: Catalog,
        attributes: Sequence[str],
        progress: Progress | None,
        columns: Sequence[Column] = (),
    ) -> None:
        """Go over to a table with attributes and columns, and all columns that the old one has."""
        folder = table_folder(self.home, catalog, self.embedder)
        sources = [self._view.table, *self._written_by_others(folder)]
        known = self.embedder.attributes
        wanted = [
            name
            for name in known
            if name in attributes or any(source.has(columns_of(self.embedder, [name])) for source in sources)
        ]
        kept = [*self._view.table.places, *columns]
        table = build_table(catalog, self.embedder, folder, wanted, progress, sources, kept)
        old, self._view = self._view, self._view_of(catalog, table)
        old.shelf.close()
        if self._closed.is_set():  # `close` may have seen the old view
            self._view.shelf.close()

    def _written_by_others(self, folder: Path) -> list[EmbeddingTable]:
        """The table of a folder where another process has put one since: what it embedded is not lost."""
        try:
            if read_manifest(folder).sha256 == self._view.table.manifest.sha256:
                return []
            return [EmbeddingTable.open(folder, self.embedder.digest)]
        except RetrievalError:
            return []

    def _view_of(self, catalog: Catalog, table: EmbeddingTable) -> View:
        return View(catalog, table, self.embedder, self.home, self.tuning.backend)

    def _by_lists(
        self,
        view: View,
        vectors: Mapping[str, np.ndarray],
        live: np.ndarray,
        k: int,
    ) -> np.ndarray | None:
        """Candidates from the indexes; None for few live items, an index that is not ready, or no proof."""
        if int(live.sum()) <= self.tuning.exact_below:
            return None
        indexes = [view.index(name) for name in vectors]
        ready = [index for index in indexes if index is not None]
        if len(ready) < len(indexes):
            return None
        return threshold.candidates(
            ready,
            list(vectors.values()),
            lambda rows: view.quick_scores(rows, vectors),
            live,
            k,
            self.tuning.first,
            int(self.tuning.deepest * len(view.table)),
        )

    def _mixes(self, query: Query) -> dict[str, dict[str, float]]:
        """The mix of each attribute that a query asks for."""
        names = dict.fromkeys(term.attribute for term in query.terms)
        return {name: chosen_mix(self.embedder.derivation(name).mix, query.beta, query.gamma) for name in names}


def table_folder(home: Path, catalog: Catalog, embedder: Embeds) -> Path:
    """Where the table of a catalog under some weights is kept."""
    return Path(home) / "tables" / f"{embedder.digest[:12]}-{catalog.digest[:12]}"

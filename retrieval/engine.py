"""The search engine: queries against one view of the catalog, which is replaced in one step when anything changes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from catalog import Catalog
from model import Column, repeated
from retrieval import levels, scan, threshold
from retrieval.backend import Backend
from retrieval.index import Hnsw
from retrieval.interfaces import Embeds, columns_of
from retrieval.items import ItemVectors
from retrieval.keeper import Holds, Keeper, Progress, Stop
from retrieval.query import (
    Hit,
    Query,
    Term,
    check_k,
    chosen_mix,
    term_vectors,
)
from retrieval.sources import Sources
from retrieval.table import EmbeddingTable
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
    """Searches a catalog by attribute. Thread-safe; a search sees one view of the catalog from beginning to end.

    Up to `Tuning.exact_below` live pictures, and whenever an index is not ready or cannot prove its answer, the answer
    is the exact one. Above that, candidates come from the indexes by the threshold algorithm: scores and order
    of what is found are exact, but an item that an approximate list passed over can be missing.

    Pictures that are not embedded yet (`pending`) are not found; `embed` makes up for them.
    """

    def __init__(self, catalog: Catalog, holding: Holds, embedder: Embeds, tuning: Tuning | None = None) -> None:
        """holding: the slots and raw vectors of the catalog. RetrievalError when they are of another catalog."""
        self.embedder = embedder
        self.tuning = tuning or Tuning()
        self._keeper = Keeper(catalog, holding, embedder, self.tuning.backend)
        self._sources = Sources(embedder)

    @property
    def _view(self) -> View:
        return self._keeper.view

    @property
    def catalog(self) -> Catalog:
        return self._view.catalog

    @property
    def table(self) -> ItemVectors:
        """Raw vectors, one row an item in catalog order."""
        view = self._view
        return ItemVectors(view.catalog, view.pictures)

    @property
    def readable(self) -> np.ndarray:
        """Which items can be found, bool (items,), in catalog order."""
        return self.table.readable

    @property
    def unreadable(self) -> Mapping[str, str]:
        """Items of which no picture can be read, and why, in catalog order."""
        return self._view.unreadable

    @property
    def pending(self) -> int:
        """Pictures that are still to be embedded."""
        return self._keeper.pending

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
        """The k best items, best first, ties in the order in which they came to the catalog; fewer when fewer are live.

        An item is found by the best of its pictures, which the hit names.

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
        live = view.live(filters or {}, [exclude] if isinstance(exclude, str) else exclude, names)
        sources, mixes = self._sources.vectors(view, terms), self._mixes(query)
        shares = {name: repeated(self.embedder.derivation(name).sections, mix) for name, mix in mixes.items()}
        vectors = term_vectors(terms, sources, shares)
        wanted = dict.fromkeys(term.attribute for term in terms if term.weight > 0)
        hidden = {name: none for name in wanted if (none := view.hidden(name)) is not None and none.any()}
        apart = np.any(list(hidden.values()), axis=0) if hidden else np.zeros(len(live), bool)
        listed = self.tuning.backend.abilities.can(k * view.layout.most, any(term.weight < 0 for term in terms))
        found: list[Hit] = []
        rows: list[int] = []
        seen: set[int] = set()
        for group in (live & ~apart, live & apart):
            for row, score, own in self._ranked(view, vectors, group, (k - len(found)) * view.layout.most, listed):
                place = view.place(row)
                if place not in seen and len(found) < k:
                    seen.add(place)
                    item = view.catalog.items[place]
                    cannot = tuple(name for name, none in hidden.items() if none[row])
                    found.append(Hit(item.id, score, own, hidden=cannot, picture=view.layout.picture(row, item)))
                    rows.append(row)
        asked = {}
        for name, mix in mixes.items():
            of = [(term, source) for term, source in zip(terms, sources, strict=True) if term.attribute == name]
            asked[name] = levels.Asked([term for term, _ in of], [source for _, source in of], mix)
        return levels.levelled(view, query, asked, found, np.array(rows, np.int64))

    def _ranked(
        self, view: View, vectors: Mapping[str, np.ndarray], live: np.ndarray, k: int, listed: bool
    ) -> list[tuple[int, float, dict[str, float]]]:
        """The k best live pictures: slot, score, and what each attribute adds to it. listed: whether indexes may answer."""
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
        """Derived vectors float16 (items, width) of an attribute, in catalog order, each of the item's first picture, zeros for
        items that cannot be read or are not embedded yet; MissingAttributes where the catalog is not embedded for it."""
        view = self._view
        view.need([attribute])
        return view.pictures.of_items(attribute)

    def hidden(self, terms: Sequence[Term]) -> tuple[str, ...]:
        """Attributes of positive weight that cannot be seen on the picture or item that they are asked by."""
        return self._sources.hidden(self._view, terms)

    def count(self, filters: Mapping[str, Collection[str]]) -> int:
        """How many readable items the filters let through; RetrievalError as `search` raises it for them."""
        view = self._view
        live = view.live(filters, ())
        return int(live.sum()) if view.layout.most == 1 else len(np.unique(view.layout.item[live]))

    def part(self, catalog: Catalog) -> ItemVectors:
        """Vectors of some of the catalog's items, one row an item, as a catalog of these alone has them: centred on one
        another. RetrievalError where one of them is not there (any more)."""
        return ItemVectors(catalog, self._keeper.part(catalog))

    def embed(self, progress: Progress | None = None, stop: Stop | None = None, part: Catalog | None = None) -> bool:
        """Embed the pictures that are pending; each part can be found as soon as it is done. Returns whether all are done.

        part: some of the catalog's items, which somebody waits for: theirs alone, and before all others.
        progress: called with pictures done and in all; not at all when nothing is pending. stop: asked between batches. What was
        embedded is kept whatever stops the work. Changes by `update` are taken in meanwhile. RetrievalError when
        the vectors cannot be written.
        """
        return self._keeper.embed((), progress, stop, part)

    def update(self, catalog: Catalog, look: bool = False) -> None:
        """Go over to a changed catalog at once; nothing is embedded. Labels cost nothing; pictures that are new become pending
        (`embed`), unless their content is known; what is gone is not found any more.

        look: look at every file again. Otherwise only at those of items that name other pictures than before, so that a
        file that was replaced under its name goes unnoticed.
        """
        self._keeper.update(catalog.respelled(self.embedder.attributes), look)

    def ensure(
        self, attributes: Sequence[str], progress: Progress | None = None, columns: Sequence[Column] = ()
    ) -> None:
        """Embed the catalog for attributes, and raw columns beside, that it lacks; searches go on meanwhile with the
        others. Columns that the catalog was embedded for stay."""
        self.embedder.check(attributes)
        wanted = [*columns_of(self.embedder, attributes), *columns]
        if not self._view.pictures.has(wanted):
            self._keeper.embed(wanted, progress)

    def take(self, tables: Iterable[EmbeddingTable]) -> None:
        """Copy raw vectors from tables of the same weights wherever the image is the same."""
        self._keeper.take(table for table in tables if table.manifest.weights == self.embedder.digest)

    def prune(self) -> None:
        """Forget pictures that were removed: the others get new numbers, so that indexes and derived vectors are made again."""
        self._keeper.prune()

    def prepare(self) -> None:
        """Load or build the index of every attribute now, if the catalog is large enough to use them."""
        view = self._view
        if int(view.pictures.readable.sum()) > self.tuning.exact_below:
            for name in view.attributes:
                view.shelf.prepare(name)

    def close(self) -> None:
        """Stop building indexes in the background, for good; searches go on with what is ready, or scan."""
        self._keeper.close()

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
            int(self.tuning.deepest * int(view.layout.alive.sum())),
        )

    def _mixes(self, query: Query) -> dict[str, dict[str, float]]:
        """The mix of each attribute that a query asks for."""
        names = dict.fromkeys(term.attribute for term in query.terms)
        return {name: chosen_mix(self.embedder.derivation(name).mix, query.beta, query.gamma) for name in names}

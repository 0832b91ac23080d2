"""The search engine: queries against one view of the catalog, which is replaced in one step when anything changes."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from catalog import Catalog
from model import Column
from retrieval import levels
from retrieval.designs import DesignQuery, Designs, DesignStep
from retrieval.interfaces import Embeds, columns_of
from retrieval.items import ItemVectors
from retrieval.keeper import Holds, Keeper, Progress, Stop
from retrieval.pairing import designs, offered
from retrieval.plan import Executor
from retrieval.posed import Posed, pose
from retrieval.prototypes import ValueScores
from retrieval.query import Hit, Query, Term, check_k
from retrieval.ranking import Ranker, Tuning, Way
from retrieval.sources import Sources
from retrieval.table import EmbeddingTable
from retrieval.turns import AtOnce
from retrieval.typical import Typical, typical
from retrieval.view import View
from retrieval.why import WhyNot, slot_of, why_not

AT_ONCE = 2
"""Searches of one catalog that are ranked at once: one computes while another one has Python's lock. Of more, each waits for the
lock of all others with every step: eight clients were given 0.6 times as many answers a second as one."""


@dataclass(frozen=True)
class Found:
    """What a search found: hits, best first, and how, in the order in which groups of items were ranked: those on which all
    that is asked can be seen, then the others, where the first were too few."""

    hits: list[Hit]
    ways: tuple[Way, ...]


class SearchEngine:
    """Searches a catalog by attribute. Thread-safe; a search sees one view of the catalog from beginning to end.

    Up to `Tuning.exact_below` live pictures, for a negative weight, and whenever an index or sketch is not ready, the answer
    is the exact one. Otherwise candidates come from the index of the attribute that is asked, or from sketches
    (`retrieval.ranking`): scores and order of what is found are exact, but an item can be missing unless `Way.exact`.

    Pictures that are not embedded yet (`pending`) are not found; `embed` makes up for them.
    """

    def __init__(
        self,
        catalog: Catalog,
        holding: Holds,
        embedder: Embeds,
        tuning: Tuning | None = None,
        executor: Executor | None = None,
    ) -> None:
        """holding: the slots and raw vectors of the catalog. executor: who embeds its pictures; None: this process.
        RetrievalError when they are of another catalog."""
        self.embedder = embedder
        self.tuning = tuning or Tuning()
        self._keeper = Keeper(catalog, holding, embedder, self.tuning, executor)
        self._sources = Sources(embedder)
        self._at_once = AtOnce(AT_ONCE)

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
        """The hits of `found`."""
        return self.found(query, k, filters, exclude).hits

    def found(
        self,
        query: Query,
        k: int = 12,
        filters: Mapping[str, Collection[str]] | None = None,
        exclude: Collection[str] = (),
    ) -> Found:
        """The k best items, best first, ties in the order in which they came to the catalog; fewer when fewer are live.

        An item is found by the best of its pictures, which the hit names.

        Score: `sum_t w_t / sum(|w|) · sum_s share_s <v_s, v'_s>` over the sections s of an attribute's
        derived vectors; with region and crop alone it is that of RPF.md §4. Rounded to
        9 decimals. Two terms may ask the same attribute by two sources; each has its own share in the hit. A negative
        weight prefers what is unlike its source; the answer to such a query is always the exact one.
        Items on which an attribute of positive weight cannot be seen come after all others, best first
        again. Match levels are known for the weights' own mix and a single picture or item an attribute.
        filters: column → accepted values ('' is blank; an empty collection accepts nothing), all to be
        met. exclude: ids not to be found. RetrievalError for k < 1, an unknown attribute, item, value
        or column; MissingAttributes for an attribute that is not embedded yet.
        """
        k = check_k(k)
        view = self._view
        posed = pose(view, self._sources, query, filters, exclude)
        hits, ways = self._found(view, posed, k)
        return Found(levels.levelled(view, query, posed.asked, hits), ways)

    def why_not(
        self,
        query: Query,
        item: str,
        k: int = 12,
        filters: Mapping[str, Collection[str]] | None = None,
        exclude: Collection[str] = (),
    ) -> WhyNot:
        """At which place an item comes, whatever k is, and which term holds it back most against the k-th hit; see `WhyNot`.

        A scan of the whole catalog. RetrievalError as `search` raises it, and for an item that is not there or not embedded.
        """
        k = check_k(k)
        view = self._view
        posed = pose(view, self._sources, query, filters, exclude)
        return why_not(view, posed, item, self._found(view, posed, k)[0])

    def views(self, query: Query, item: str, picture: str = "") -> tuple[dict[str, float], ...]:
        """What each view of each term adds to the score of an item: section ("region", "crop", "general", …) → share, for each
        term of the query in order, nothing for one of weight 0. They sum to the term's share.

        picture: the one of the item's that was found, "" for the best one. No scan. RetrievalError as `why_not` raises it.
        """
        view = self._view
        posed = pose(view, self._sources, query, {}, ())
        return posed.views(view, slot_of(view, posed, item, picture))

    def typical(self, attribute: str, value: str, count: int = 4) -> Typical:
        """Of how many items the prototype of a value is made, and at most `count` of them, the closest to it first.
        RetrievalError as for a search by `ValueSource`."""
        view = self._view
        self.embedder.check([attribute])
        view.need([attribute])
        return typical(view, attribute, value, count)

    def _found(self, view: View, posed: Posed, k: int) -> tuple[list[Hit], tuple[Way, ...]]:
        """The k best items without match levels, and how they were found; `AT_ONCE` searches at a time."""
        with self._at_once.turn():
            return self._ranked(view, posed, k)

    def _ranked(self, view: View, posed: Posed, k: int) -> tuple[list[Hit], tuple[Way, ...]]:
        found: list[Hit] = []
        ways: list[Way] = []
        seen: set[int] = set()
        for group in posed.groups():
            if len(found) == k:
                break
            best = Ranker(self.tuning).best(view, posed, group, (k - len(found)) * view.layout.most)
            if best.way is not None:
                ways.append(best.way)
            for row, score, shares in zip(best.rows.tolist(), best.scores.tolist(), best.shares, strict=True):
                place = view.place(row)
                if place not in seen and len(found) < k:
                    seen.add(place)
                    found.append(_hit(view, posed, row, score, shares))
        return found, tuple(ways)

    def designs(self, query: DesignQuery) -> Iterator[DesignStep | Designs]:
        """Pairs and groups of items that agree on attributes; see `retrieval.pairing.designs`."""
        return designs(self._view, query)

    def offered_score(self, attribute: str) -> float:
        """A score to begin with where an attribute has no match level: what one in a hundred pairs of pictures reaches."""
        return offered(self._view, attribute)

    def vectors(self, attribute: str) -> np.ndarray:
        """Derived vectors float16 (items, width) of an attribute, in catalog order, each of the item's first picture, zeros for
        items that cannot be read or are not embedded yet; MissingAttributes where the catalog is not embedded for it."""
        view = self._view
        view.need([attribute])
        return view.pictures.of_items(attribute)

    def value_scores(self, attribute: str, value: str, split: str | None = None) -> ValueScores:
        """How items are scored by a value, as a measurement has to ask: an item that the prototype is made of is scored
        by that of the others. split: of which split those are; None: of all. Each item by its first picture.
        RetrievalError as for a search by `ValueSource`."""
        view = self._view
        self.embedder.check([attribute])
        view.need([attribute])
        return view.value_scores(attribute, value, split)

    def hidden(self, terms: Sequence[Term]) -> tuple[str, ...]:
        """Attributes of positive weight that cannot be seen on the picture or item that they are asked by."""
        return self._sources.hidden(self._view, terms)

    def count(self, filters: Mapping[str, Collection[str]]) -> int:
        """How many readable items the filters let through; RetrievalError as `search` raises it for them."""
        view = self._view
        live = view.live(filters, ())
        return int(np.count_nonzero(live)) if view.layout.most == 1 else len(np.unique(view.layout.item[live]))

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

    def prepare(self, indexed: Collection[str] | None = None) -> None:
        """Load or build the index and the sketch of every attribute now, if the catalog is large enough to use them.
        indexed: the attributes whose index is made; None: all."""
        view = self._view
        if int(view.pictures.readable.sum()) > self.tuning.exact_below:
            for name in view.attributes:
                if indexed is None or name in indexed:
                    view.shelf.prepare(name)
                view.sketch(name, wait=True)

    def close(self) -> None:
        """Stop building indexes and sketches in the background, for good; searches go on with what is ready, or scan."""
        self._keeper.close()


def _hit(view: View, posed: Posed, row: int, score: float, shares: np.ndarray) -> Hit:
    item = view.catalog.items[view.place(row)]
    return Hit(
        item.id,
        score,
        posed.by_attribute(shares),
        hidden=tuple(name for name, cannot in posed.hidden.items() if cannot[row]),
        picture=view.layout.picture(row, item),
        term_shares=posed.in_order(shares),
    )

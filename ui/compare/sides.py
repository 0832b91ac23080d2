"""One query asked in two ways: the two rankings, and all that is said of them."""

import itertools
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from catalog import Catalog
from library import Opened
from ui.asked import Asked
from ui.compare.comparing import Agreement, Move, agreement, moves, overlap, reach
from ui.compare.ordinary import Ordinary
from ui.compare.ways import ORDINARY, WEIGHTS, Way
from ui.searching import Wanted, as_query, wanted

SHOWN = 12
"""Hits that each side shows."""
DEEP = 1_000
"""Places down to which it is known where an item of the other side stands."""
_numbers = itertools.count(1)
Beside = Callable[[Opened, str], Opened]
"""A catalog as it is searched, and the source of other weights → the catalog as it is searched by those."""


@dataclass(frozen=True)
class Side:
    """ids: best first, down to `DEEP`. pictures: item → the picture that it was found by, where it has several. reason: why
    there is nothing, where that is so. before: the first hits of the query before its picture was changed."""

    way: Way
    ids: tuple[str, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)
    milliseconds: float = 0.0
    reason: ValueError | None = None
    before: tuple[str, ...] = ()

    @property
    def hits(self) -> tuple[str, ...]:
        return self.ids[:SHOWN]

    @property
    def kept(self) -> int:
        """How many of the first hits were there before the picture was changed."""
        return overlap(self.ids, self.before, SHOWN)

    @property
    def reach(self) -> int | None:
        """The place down to which half of those first hits are found now; None where that is beyond what was ranked."""
        return reach(self.before, self.ids)


@dataclass(frozen=True, eq=False)
class Comparison:
    """asked: the query. wanted: attribute → the labels that a hit should have. left_agrees, right_agrees: how many have them;
    None where the labels say nothing. changed: whether the picture is one that was changed. number: tells one from another."""

    opened: Opened
    catalog: Catalog
    asked: Asked
    left: Side
    right: Side
    wanted: Mapping[str, Wanted]
    moves: Mapping[str, Move]
    left_agrees: Agreement | None = None
    right_agrees: Agreement | None = None
    changed: bool = False
    number: int = field(default_factory=lambda: next(_numbers))

    @property
    def shared(self) -> int:
        """Hits that both sides show."""
        return overlap(self.left.ids, self.right.ids, SHOWN)

    def judge(self, item: str) -> bool | None:
        return judged(self.catalog.item(item).labels, self.wanted)


class Sides:
    """Asks queries in ways. Thread-safe."""

    def __init__(self, beside: Beside) -> None:
        self.ordinary = Ordinary()
        self._beside = beside

    def compare(self, opened: Opened, asked: Asked, ways: tuple[Way, Way], changed: Asked | None = None) -> Comparison:
        """changed: the same query by a changed picture, which is then what is asked: labels, and the items that are left out, are
        those of the query before. What is wrong with the query is said on the side that cannot ask it."""
        asked = replace(asked, least=None)  # ordinary similarity knows no match levels
        catalog, looked_for, exclude = opened.catalog, wanted(opened.catalog, asked), asked.items
        left, right = (self._side(opened, asked, way, exclude, changed) for way in ways)
        left_agrees = right_agrees = None
        if looked_for:
            passing = opened.columns.rows(asked.filters)
            readable = opened.engine.readable
            pool = [catalog.items[row].id for row in passing if readable[row] and catalog.items[row].id not in exclude]

            def judge(id: str) -> bool | None:
                return judged(catalog.item(id).labels, looked_for)

            left_agrees, right_agrees = (agreement(side.hits, pool, judge) for side in (left, right))
        moved = moves(left.ids, right.ids, SHOWN)
        return Comparison(
            opened,
            catalog,
            changed or asked,
            left,
            right,
            looked_for,
            moved,
            left_agrees,
            right_agrees,
            changed is not None,
        )

    def _side(self, opened: Opened, asked: Asked, way: Way, exclude: Collection[str], changed: Asked | None) -> Side:
        try:
            start = time.perf_counter()
            ids, pictures = self._ranked(opened, way, changed or asked, exclude)
            took = 1000 * (time.perf_counter() - start)
            before = self._ranked(opened, way, asked, exclude)[0][:SHOWN] if changed is not None else []
            return Side(way, tuple(ids), pictures, took, before=tuple(before))
        except ValueError as reason:
            return Side(way, reason=reason)

    def _ranked(
        self, opened: Opened, way: Way, asked: Asked, exclude: Collection[str]
    ) -> tuple[list[str], dict[str, str]]:
        if way.kind == ORDINARY:
            return self.ordinary.ranked(opened, asked, exclude)[:DEEP], {}
        if way.kind == WEIGHTS:
            opened = self._beside(opened, way.of)
        asked = way.asks(asked)
        query = as_query(opened.catalog, asked)
        hits = opened.engine.search(query, DEEP, dict(asked.filters), exclude)
        return [hit.id for hit in hits], {hit.id: hit.picture for hit in hits if hit.picture}


def judged(labels: Mapping[str, str], looked_for: Mapping[str, Wanted]) -> bool | None:
    """Whether labels are all as asked: False where one is not, None where one that matters is missing."""
    said = [wish.judge(labels[name]) if name in labels else None for name, wish in looked_for.items()]
    if False in said:
        return False
    return None if None in said or not said else True

"""Why an item is not among the results: what keeps it out or holds it back, and which one change would bring it in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

import numpy as np

from catalog import Item
from retrieval import Hit, WhyNot
from ui.names import values_of
from ui.searching import Answer, wanted

LOWER = (0.75, 0.5, 0.25, 0.0)
"""Parts of its weight that are tried for the term that holds an item back, the mildest first; 0: without the term."""
HIGHER = (1.5, 2.0)
"""Times its weight that are tried for the term that speaks for it most."""
LOOKED_AT = 200
"""Places after the last result among which items are looked for that one would expect."""
LARGEST = 2.0
"""The largest weight that can be given."""


class Cause(Enum):
    """Why it is not there: it is; it is asked by; filters; below the least match level; it cannot be seen; a term; nothing but
    the order in which items came."""

    HIT = auto()
    QUERY = auto()
    FILTERS = auto()
    LEAST = auto()
    HIDDEN = auto()
    HELD = auto()
    ALIKE = auto()


@dataclass(frozen=True)
class Kept:
    """A filter that an item does not pass. value: its own, "" for blank; accepted: what would pass."""

    column: str
    value: str
    accepted: tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """Another weight for one term, and the place that it brings an item to. weight: 0 for leaving the term out."""

    term: int
    weight: float
    rank: int


@dataclass(frozen=True)
class Missing:
    """Where an item stands for a search, and why. standing: as the engine has it. ways: single changes that bring it in, the
    mildest of each kind. nearest: where none does, the one that brings it nearest, to half its place at
    least. views: of the term that holds it back, by view, what the last result has more. chance: its
    lowest match level, where that keeps it out and is known."""

    item: Item
    standing: WhyNot
    cause: Cause
    filters: tuple[Kept, ...] = ()
    ways: tuple[Way, ...] = ()
    nearest: Way | None = None
    views: Mapping[str, float] = field(default_factory=dict)
    chance: float | None = None


def missing(found: Answer, id: str) -> Missing:
    """A scan of the catalog, and up to six more to try other weights. RetrievalError or CatalogError for an item that is not
    there or cannot be searched."""
    item, asked = found.catalog.item(id), found.asked
    standing = found.opened.engine.why_not(found.query, id, asked.k, dict(asked.filters), asked.items)
    cause = _cause(found, standing)
    if cause is Cause.FILTERS:
        return Missing(item, standing, cause, tuple(_kept(found, item)))
    if cause is Cause.LEAST:
        return Missing(item, standing, cause, chance=_chance(found, id))
    if cause is not Cause.HELD:
        return Missing(item, standing, cause)
    tried = list(_ways(found, standing))
    ways = [next((way for way in own if way.rank <= asked.k), None) for own in tried]
    bring = tuple(way for way in ways if way is not None)
    every = [way for own in tried for way in own if standing.rank is not None and 2 * way.rank <= standing.rank]
    nearest = min(every, key=lambda way: way.rank, default=None)
    return Missing(item, standing, cause, (), bring, None if bring else nearest, _views(found, standing))


def missed(found: Answer, most: int) -> list[Item]:
    """Items that pass the filters and are labelled as is asked for, every attribute of which labels say something, and that are
    not among the hits; at most so many, those that come next first, then others in catalog order."""
    catalog, asked = found.catalog, wanted(found.catalog, found.asked)
    if not asked:
        return []
    right = np.ones(len(catalog), bool)
    for name, own in asked.items():
        values = values_of(catalog, name)
        good = [place for place, value in enumerate(values) if own.judge(value)]
        right &= np.isin(catalog.labels(name), good) if values else False
    shown = {hit.id for hit in found.hits} | set(found.asked.items)
    passing = set(found.opened.columns.rows(dict(found.asked.filters))) if found.asked.filters else None
    rows = [row for row in np.flatnonzero(right).tolist() if passing is None or row in passing]
    expected = {catalog.items[row].id: catalog.items[row] for row in rows if catalog.items[row].id not in shown}
    near = [hit.id for hit in _next(found) if hit.id in expected] if expected else []
    return [expected[id] for id in dict.fromkeys([*near, *expected])][:most]


def _next(found: Answer) -> list[Hit]:
    """The hits and those that come after them."""
    query, asked = replace(found.query, least=None), found.asked
    return found.opened.engine.search(query, asked.k + LOOKED_AT, dict(asked.filters), asked.items)


def _cause(found: Answer, standing: WhyNot) -> Cause:
    if any(hit.id == standing.id for hit in found.hits):
        return Cause.HIT
    if standing.rank is None:
        return Cause.QUERY if standing.id in found.asked.items else Cause.FILTERS
    if standing.rank <= found.asked.k:
        return Cause.LEAST
    if standing.hidden and not (standing.against is not None and standing.against.hidden):
        return Cause.HIDDEN
    return Cause.ALIKE if standing.held_back_by is None else Cause.HELD


def _kept(found: Answer, item: Item) -> Iterator[Kept]:
    for column, accepted in found.asked.filters.items():
        value = item.split or "" if column == "split" else item.labels.get(column) or item.columns.get(column, "")
        if value not in accepted:
            yield Kept(column, value, tuple(accepted))


def _chance(found: Answer, id: str) -> float | None:
    """The lowest match level of an item: that of a search that can find no other."""
    others = [item.id for item in found.opened.engine.catalog if item.id != id]
    hits = found.opened.engine.search(replace(found.query, least=None), 1, exclude=others)
    return min(hits[0].chances.values(), default=None) if hits else None


def _ways(found: Answer, standing: WhyNot) -> Iterator[list[Way]]:
    """What was tried, the mildest change first, until one brings the item in: less of what holds it back, then more of what
    speaks for it. Nothing for a query of one term, where weights change nothing."""
    terms, held = found.asked.terms, standing.held_back_by
    if held is None or sum(1 for term in terms if term.weight) < 2:
        return
    own = terms[held].weight
    yield _tried(found, standing.id, held, [round(part * own, 2) for part in LOWER])
    best = int(np.argmin(standing.gaps))
    if standing.gaps[best] < 0:
        size, sign = abs(terms[best].weight), np.sign(terms[best].weight)
        sizes = dict.fromkeys(min(round(times * size, 2), LARGEST) for times in HIGHER)
        yield _tried(found, standing.id, best, [float(sign * one) for one in sizes if one > size])


def _tried(found: Answer, id: str, place: int, weights: list[float]) -> list[Way]:
    ways = []
    for weight in weights:
        rank = _rank(found, id, place, weight)
        if rank is not None:
            ways.append(Way(place, weight, rank))
            if rank <= found.asked.k:
                break
    return ways


def _rank(found: Answer, id: str, place: int, weight: float) -> int | None:
    """The place of an item where one term has another weight; None where nothing would be asked, or it would be asked by."""
    pairs = list(zip(found.asked.terms, found.query.terms, strict=True))
    asked, term = pairs[place]
    pairs[place : place + 1] = [(replace(asked, weight=weight), replace(term, weight=weight))] if weight else []
    if not any(own.weight > 0 for own, _ in pairs):
        return None
    question = replace(found.asked, terms=tuple(own for own, _ in pairs))
    query = replace(found.query, terms=tuple(own for _, own in pairs))
    engine = found.opened.engine
    return engine.why_not(query, id, question.k, dict(question.filters), question.items).rank


def _views(found: Answer, standing: WhyNot) -> dict[str, float]:
    held, against = standing.held_back_by, standing.against
    if held is None or against is None:
        return {}
    engine = found.opened.engine
    own = engine.views(found.query, standing.id, standing.picture)[held]
    theirs = engine.views(found.query, against.id, against.picture)[held]
    return {view: theirs[view] - own[view] for view in theirs}

"""Numbers of a column in a few ranges with round bounds, for a choice among them."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ui.words import word

FEW_NUMBERS = 12
"""A column with more different numbers than this is offered in ranges."""
RANGES = 8
"""Ranges of a column at most."""
FULLEST = 0.35
"""Share of the items that one of several equally wide ranges may hold; beyond it ranges hold about as many items each."""
SLACK = 0.3
"""How far a bound may lie from where it would divide the items evenly, for a rounder one, as a part of a range's items."""
YEARS = (1900, 2100)
"""Whole numbers between these two are written as years are, without a comma."""
_FINEST = -9  # power of ten of the finest step


@dataclass(frozen=True)
class Range:
    """Numbers of a column from `low`, included, up to `high`, not included; None where there is no bound. kind: what all
    numbers of the column are, as they are written: with fractions, whole, or years."""

    column: str
    low: float | None
    high: float | None
    kind: Literal["fractions", "whole", "years"] = "fractions"

    def __contains__(self, number: float) -> bool:
        return (self.low is None or number >= self.low) and (self.high is None or number < self.high)


def ranges_of(column: str, numbers: Iterable[float]) -> list[Range]:
    """Ranges that hold all numbers, one an item, each number in one of them and none of them empty: equally wide ones where
    they divide the items well, else (prices: many low, few high) ones that hold about as many items each."""
    items = sorted(numbers)
    if not items:
        return []
    even = _even(items[0], items[-1])
    bounds = even if max(_held(items, even)) <= FULLEST * len(items) else _by_items(items)
    found = [Range(column, low, high, _kind(items)) for low, high in pairwise((None, *bounds, None))]
    return [one for one, held in zip(found, _held(items, bounds), strict=True) if held]


def range_text(one: Range, lang: str) -> str:
    """The range in words, without its column."""
    low, high = one.low, one.high
    whole = one.kind != "fractions"
    if low is None or high is None:
        key = "range_all" if low is high else "range_under" if low is None else "range_from"
    elif whole and high - low <= 1:
        return _text(low, one)
    else:
        key, high = ("range_whole", high - 1) if whole else ("range_part", high)
    return word(key, lang, low=_text(low, one), high=_text(high, one))


def _text(number: float | None, one: Range) -> str:
    if number is None:
        return ""
    return f"{number:.0f}" if one.kind == "years" else f"{number:,.15g}"


def _kind(items: Sequence[float]) -> Literal["fractions", "whole", "years"]:
    if any(number != math.floor(number) for number in items):
        return "fractions"
    return "years" if items[0] >= YEARS[0] and items[-1] <= YEARS[1] else "whole"


def _held(items: Sequence[float], bounds: Sequence[float]) -> list[int]:
    """How many items lie below the first bound, between each two, and from the last on."""
    places = [0, *(bisect_left(items, bound) for bound in bounds), len(items)]
    return [end - start for start, end in pairwise(places)]


def _even(low: float, high: float) -> list[float]:
    """Bounds between two numbers, equally far from each other: the finest round step that gives at most `RANGES` ranges."""
    if low == high:
        return []
    power = math.floor(math.log10((high - low) / RANGES))
    for step in (lead * 10.0**place for place in (power, power + 1) for lead in (1, 2, 5)):
        first = math.floor(low / step + 1e-9) + 1
        bounds = [_tidy(number * step) for number in range(first, math.ceil(high / step - 1e-9))]
        if len(bounds) < RANGES:
            return bounds
    return []


def _by_items(items: Sequence[float]) -> list[float]:
    """Bounds that divide the items into parts about as large, the roundest ones that do."""
    bounds = []
    for number in range(1, RANGES):
        places = [round(len(items) * (number + off) / RANGES) for off in (-SLACK, SLACK)]
        bounds.append(_roundest(*(items[min(place, len(items) - 1)] for place in places)))
    return [bound for bound in sorted(set(bounds)) if items[0] < bound <= items[-1]]


def _roundest(low: float, high: float) -> float:
    """The roundest number from low to high: a multiple of the largest step, of 1, 2 or 5 times a power of ten."""
    if low <= 0 <= high:
        return 0.0
    for place in range(math.floor(math.log10(max(abs(low), abs(high)))) + 1, _FINEST, -1):
        for lead in (5, 2, 1):
            step = lead * 10.0**place
            found = _tidy(math.ceil(low / step - 1e-9) * step)
            if low <= found <= high:
                return found
    return high


def _tidy(number: float) -> float:
    """Without what floating point adds far behind the comma."""
    return round(number, -_FINEST)

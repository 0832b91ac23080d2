"""What a search can be narrowed by on the page: the columns of a catalog with the values to choose from, numbers in ranges."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog import MOST_VALUES, Columns
from ui.names import attribute_name, labelled
from ui.words import word

MOST_LISTED = 300
"""Values of one column that are offered at most."""
FEW_NUMBERS = 12
"""A column with more different numbers than this is offered in ranges too."""
RANGES = 8
MOST_NAMED = 8
"""Columns without a choice that are named."""

_NUMBER = re.compile(r"^(?:[$€£¥￥₹]|[A-Za-z]{3} )? ?([+-]?[\d,]*\.?\d+) ?(?:[$€£¥￥₹%]|[^\W\d_]{1,4})?$")
"""A number with a currency before it, or a currency or a unit behind it."""


@dataclass(frozen=True)
class Range:
    """Numbers of a column from low to high, both of them included."""

    column: str
    low: float
    high: float


@dataclass(frozen=True)
class Narrowing:
    """columns: all of the catalog. ranges, values (column, value): what can be chosen. unlisted: columns with too many values to
    choose from, and how many."""

    columns: tuple[str, ...]
    ranges: tuple[Range, ...]
    values: tuple[tuple[str, str], ...]
    unlisted: tuple[tuple[str, int], ...]

    def choices(self, lang: str) -> list[tuple[str, str]]:
        """What is shown and what is sent back for it, the ranges of a column before its values."""
        ranges = [(one.column, _range_text(one, lang), [one.column, one.low, one.high]) for one in self.ranges]
        values = [(name, labelled(name, value, lang), [name, value]) for name, value in self.values]
        both = sorted([*ranges, *values], key=lambda choice: self.columns.index(choice[0]))
        return [(text, json.dumps(sent)) for _, text, sent in both]

    def unlisted_line(self, lang: str) -> str:
        """Which columns cannot be chosen from; nothing where all can."""
        if not self.unlisted:
            return ""
        named = [f"{attribute_name(name, lang)} ({count:,})" for name, count in self.unlisted[:MOST_NAMED]]
        if len(self.unlisted) > MOST_NAMED:
            named.append(word("more_columns", lang, count=len(self.unlisted) - MOST_NAMED))
        return word("unlisted", lang, names=("、" if lang == "ja" else ", ").join(named))


def narrowing(columns: Columns) -> Narrowing:
    """What the catalog can be narrowed by. A column with one value alone offers no choice."""
    catalog = columns.catalog
    ranges: list[Range] = []
    values: list[tuple[str, str]] = []
    unlisted: list[tuple[str, int]] = []
    for name in catalog.columns:
        counted = columns.counts(name)
        if len(counted) < 2:
            continue
        numbers = numbers_of(counted)
        numeric = len(numbers) * 10 >= len(counted) * 9
        ranged = numeric and len(set(numbers.values())) > FEW_NUMBERS
        if ranged:
            ranges += _ranges(name, sorted(numbers[value] for value in catalog.column(name) if value in numbers))
        few = len(counted) <= MOST_LISTED and (numeric or len(counted) * 2 <= counted.total())
        if len(counted) <= MOST_VALUES or few:
            order = sorted(
                counted, key=lambda value: (numbers.get(value, math.inf), value) if numeric else (0.0, value)
            )
            values += [(name, value) for value in order]
        elif not ranged:
            unlisted.append((name, len(counted)))
    return Narrowing(catalog.columns, tuple(ranges), tuple(values), tuple(unlisted))


def filters_of(chosen: Sequence[str] | None, columns: Columns) -> dict[str, list[str]]:
    """Column → accepted values, for what the page sends back of `Narrowing.choices`."""
    filters: dict[str, list[str]] = {}
    for text in chosen or []:
        name, *wanted = json.loads(text)
        accepted = filters.setdefault(name, [])
        if len(wanted) == 1:
            accepted.append(wanted[0])
            continue
        low, high = wanted
        accepted += [value for value, number in numbers_of(columns.counts(name)).items() if low <= number <= high]
    return filters


def numbers_of(values: Sequence[str] | Mapping[str, int]) -> dict[str, float]:
    """Value → the number that it is, with a currency or a unit beside it or not; others are left out."""
    found = {}
    for value in values:
        if match := _NUMBER.match(value.strip()):
            found[value] = float(match[1].replace(",", ""))
    return found


def _ranges(column: str, numbers: Sequence[float]) -> list[Range]:
    """Ranges that hold about as many items each; no number is in two of them."""
    found: list[Range] = []
    start = 0
    while start < len(numbers):
        left = RANGES - len(found)
        end = start + max(1, round((len(numbers) - start) / max(left, 1)))
        while end < len(numbers) and numbers[end] == numbers[end - 1]:
            end += 1
        found.append(Range(column, numbers[start], numbers[min(end, len(numbers)) - 1]))
        start = end
    return found


def _range_text(one: Range, lang: str) -> str:
    low, high = (f"{bound:,.10g}" for bound in (one.low, one.high))
    span = low if low == high else (f"{low}〜{high}" if lang == "ja" else f"{low} – {high}")
    return f"{attribute_name(one.column, lang)}{'：' if lang == 'ja' else ': '}{span}"

"""What a search can be narrowed by on the page: the columns of a catalog with the values to choose from, numbers in ranges."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog import MOST_VALUES, Columns
from ui.names import attribute_name, value_name
from ui.ranges import FEW_NUMBERS, Range, range_text, ranges_of
from ui.words import word

MOST_LISTED = 300
"""Values of one column that are offered at most."""
MOST_NAMED = 8
"""Columns without a choice that are named."""

_NUMBER = re.compile(r"^(?:[$€£¥￥₹]|[A-Za-z]{3} )? ?([+-]?[\d,]*\.?\d+) ?(?:[$€£¥￥₹%]|[^\W\d_]{1,4})?$")
"""A number with a currency before it, or a currency or a unit behind it."""


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
        named = {name: attribute_name(name, lang, self.columns) for name in self.columns}
        listed: dict[str, list[str]] = {}
        for name, value in self.values:
            listed.setdefault(name, []).append(value)
        among = {name: tuple(values) for name, values in listed.items()}
        ranges = [(one.column, range_text(one, lang), [one.column, one.low, one.high]) for one in self.ranges]
        values = [(name, value_name(value, lang, among[name]), [name, value]) for name, value in self.values]
        both = sorted([*ranges, *values], key=lambda choice: self.columns.index(choice[0]))
        colon = "：" if lang == "ja" else ": "
        return [(f"{named[name]}{colon}{text}", json.dumps(sent)) for name, text, sent in both]

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
            ranges += ranges_of(name, [numbers[value] for value in catalog.column(name) if value in numbers])
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
        found = Range(name, *wanted)
        accepted += [value for value, number in numbers_of(columns.counts(name)).items() if number in found]
    return filters


def numbers_of(values: Sequence[str] | Mapping[str, int]) -> dict[str, float]:
    """Value → the number that it is, with a currency or a unit beside it or not; others are left out."""
    found = {}
    for value in values:
        if match := _NUMBER.match(value.strip()):
            found[value] = float(match[1].replace(",", ""))
    return found

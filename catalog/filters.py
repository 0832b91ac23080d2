"""The columns of a catalog with their values counted, and names as callers write them put into the catalog's spelling."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from catalog.errors import CatalogError
from catalog.items import Catalog
from common.names import find_name

MOST_VALUES = 60
"""A column with more different values than this is text, not something to choose from."""

_NAMED = 12


@dataclass(frozen=True)
class Columns:
    """Columns of one catalog; each is counted when it is first asked for."""

    catalog: Catalog
    _counted: dict[str, Counter[str]] = field(default_factory=dict)
    _coded: dict[str, tuple[tuple[str, ...], np.ndarray]] = field(default_factory=dict)

    def counts(self, name: str) -> Counter[str]:
        """Value to number of items, blank ones left out; CatalogError for an unknown column."""
        if name not in self._counted:
            counted = Counter(self.catalog.column(name))
            del counted[""]
            self._counted[name] = counted
        return self._counted[name]

    def coded(self, name: str) -> tuple[tuple[str, ...], np.ndarray]:
        """The values of a column, each once, in the order in which they appear, '' where it is blank; and the place among them of each
        item's value, int64 (items,). CatalogError for an unknown column."""
        if name not in self._coded:
            places: dict[str, int] = {}
            codes = [places.setdefault(value, len(places)) for value in self.catalog.column(name)]
            self._coded[name] = tuple(places), np.array(codes, np.int64)
        return self._coded[name]

    def resolve(self, filters: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Filters with columns and values as the catalog spells them; an empty text stands for blank.

        CatalogError, naming what there is, for an unknown or ambiguous column or value, or a column given twice.
        """
        found: dict[str, list[str]] = {}
        for asked, values in filters.items():
            name = self._column(asked)
            if name in found:
                raise CatalogError(f"the filters name '{name}' twice; give all its values in one list")
            found[name] = [self._value(name, value) if value.strip() else "" for value in values]
        return found

    def rows(self, filters: Mapping[str, Sequence[str]]) -> list[int]:
        """Positions of the items that pass filters as `resolve` gives them, in catalog order."""
        passed = range(len(self.catalog))
        rows = list(passed)
        for name, values in filters.items():
            column, accepted = self.catalog.column(name), set(values)
            rows = [row for row in rows if column[row] in accepted]
        return rows

    def _column(self, asked: str) -> str:
        names = self.catalog.columns
        name = _found(asked, names, "columns") or ("id" if asked == "id" else None)
        if name is None:
            raise CatalogError(f"the catalog has no column '{asked}'; it has: {', '.join(names) or 'none'}")
        return name

    def _value(self, name: str, asked: str) -> str:
        counted = self.counts(name)
        value = _found(asked, counted, f"values of '{name}'")
        if value is None:
            there = ", ".join(list(counted)[:_NAMED]) + (
                f" and {len(counted) - _NAMED} more" if len(counted) > _NAMED else ""
            )
            raise CatalogError(f"the column '{name}' has no value '{asked}'; it has: {there or 'none'}")
        return value


def _found(asked: str, known: Sequence[str] | Mapping[str, int], what: str) -> str | None:
    if asked in known:
        return asked
    try:
        return find_name(asked, known)
    except ValueError as error:
        raise CatalogError(f"{error} among the {what}") from error

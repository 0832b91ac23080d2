"""How many items each value of a column would leave, as the other columns are narrowed now."""

from collections.abc import Mapping, Sequence

import numpy as np

from catalog import Catalog, Columns


class Live:
    """Items that each column's values would leave, as the other columns are narrowed now."""

    def __init__(self, columns: Columns, readable: np.ndarray, filters: Mapping[str, Sequence[str]]) -> None:
        """readable: which items can be found, bool (items,)."""
        self.columns = columns
        self.filters = {name: list(values) for name, values in filters.items()}
        self._readable = readable
        self._failed = {name: ~self._accepted(name) for name in self.filters}
        self._failures = np.zeros(len(readable), np.int64)
        for failed in self._failed.values():
            self._failures += failed

    def chosen(self, name: str) -> list[str]:
        return self.filters.get(name, [])

    def counts(self, name: str) -> dict[str, int]:
        """Value → items, of those that the filters of other columns let through."""
        values, codes = self.columns.coded(name)
        failures = self._failures - self._failed[name] if name in self._failed else self._failures
        there = codes[self._readable & (failures == 0)]
        return dict(zip(values, np.bincount(there, minlength=len(values)).tolist(), strict=True))

    def _accepted(self, name: str) -> np.ndarray:
        """Which items a column's filter lets through, bool (items,)."""
        catalog: Catalog = self.columns.catalog
        if name == "id" and name not in catalog.columns:
            accepted = np.zeros(len(catalog), bool)
            accepted[list(catalog.places(self.filters[name]).values())] = True
            return accepted
        if name not in catalog.columns:
            return np.ones(len(catalog), bool)
        values, codes = self.columns.coded(name)
        wanted = set(self.filters[name])
        found: np.ndarray = np.array([value in wanted for value in values], bool)[codes]
        return found

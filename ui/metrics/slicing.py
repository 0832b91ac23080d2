"""By what the queries of an attribute can be grouped: their own value, and columns of the catalog that tell them apart."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from catalog import Catalog
from eval import Detail, EvalError, by_column, by_value, column_groups
from ui.metrics.reports import Chosen
from ui.metrics.value_cards import Slices

OTHERS = "…"
LEAST = 2
"""Queries that a value needs for its column to be offered; two values need so many."""
ENOUGH = 10
"""Queries of the two most frequent values from which a column is shown unless another is chosen."""
KEPT = 32
"""Attributes whose groups are kept."""
Groups = Sequence[tuple[str, np.ndarray]]
"""Name of a row → which of the queries are in it."""


class Grouped:
    """The queries of one attribute of a report, and the figures of their groups, each computed when first wanted."""

    def __init__(self, chosen: Chosen, attribute: str) -> None:
        self.chosen = chosen
        self.attribute = attribute
        self._tables: dict[str, pd.DataFrame] = {}

    @cached_property
    def groups(self) -> Mapping[str, Groups]:
        """Column → its groups, of those that tell queries apart."""
        detail, catalog = self.chosen.measured.detail, self.chosen.catalog
        if detail is None or catalog is None or self.attribute not in detail.attributes:
            return {}
        return columns_of(detail, catalog, self.attribute)

    @cached_property
    def values(self) -> pd.DataFrame | None:
        """Figures by value with their intervals; None where the report kept nothing of single queries."""
        try:
            return by_value(self.chosen.report, self.attribute)
        except EvalError:
            return None

    def slices(self, wanted: str) -> Slices:
        """The columns that there are, and the figures by the one that is wanted or shows most."""
        detail, catalog = self.chosen.measured.detail, self.chosen.catalog
        column = wanted if wanted in self.groups else first_column(self.groups)
        if not column or detail is None or catalog is None:
            return Slices([], "", None)
        if column not in self._tables:
            self._tables[column] = by_column(self.chosen.report, detail, catalog, column, self.attribute)
        return Slices(list(self.groups), column, self._tables[column])

    def places(self, column: str, value: str) -> set[int]:
        """Rows of the queries that are in a group."""
        return {
            int(row) for name, there in self.groups.get(column, ()) if name == value for row in np.flatnonzero(there)
        }


class Slicing:
    """Keeps the groups that were wanted last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, int, str], Grouped] = OrderedDict()

    def of(self, chosen: Chosen, attribute: str) -> Grouped:
        key = id(chosen.measured), id(chosen.catalog), attribute
        found = self._kept.get(key)  # which holds both, so that no other has their ids
        if found is None:
            found = self._kept[key] = Grouped(chosen, attribute)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found


def columns_of(detail: Detail, catalog: Catalog, attribute: str) -> dict[str, Groups]:
    """Columns other than the attribute in which queries have at least two values, none of so many that they share a row."""
    found: dict[str, Groups] = {}
    for column in catalog.columns:
        if column == attribute:
            continue
        groups = column_groups(detail, catalog, column, attribute)
        names = [name for name, _ in groups]
        if OTHERS not in names and len([1 for name, there in groups if name and there.sum() >= LEAST]) >= 2:
            found[column] = groups
    return found


def first_column(groups: Mapping[str, Groups]) -> str:
    """The first column of which two values have enough queries, or else the first; "" of none."""
    for column, of in groups.items():
        if len([1 for name, there in of if name and there.sum() >= ENOUGH]) >= 2:
            return column
    return next(iter(groups), "")

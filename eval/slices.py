"""Figures of the queries by any column of the catalog: season, photographer, brand, another attribute."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from catalog import Catalog, Item
from eval.detail import Detail
from eval.errors import EvalError
from eval.intervals import mean_interval
from eval.report import INTERVALS, Report

MOST = 30
"""Values of a column that have a row of their own, those with the most queries; the others share one."""
OTHERS = "…"
"""Name of the row of all other values."""
BLANK = ""
"""Name of the row of queries that have no value in the column."""


def by_column(
    report: Report, detail: Detail, catalog: Catalog, column: str, attribute: str | None = None
) -> pd.DataFrame:
    """Figures of the queries by their value in a column: their mean, and its interval.

    attribute: only its queries; None takes those of all attributes of the report together, an item that
    is asked for several counted together in the interval. The index, named after the column, holds its
    values, the one with the most queries first, at most `MOST`, then `OTHERS` and `BLANK`. Columns:
    queries, and of each of `INTERVALS` the mean in percent, `_low` and `_high`. EvalError for a column
    that no queried item has.
    """
    names = [attribute] if attribute is not None else [name for name in report.attributes if name in detail.attributes]
    values = _values(detail, catalog, column)
    rows = np.concatenate([detail.of(name).queries for name in names]) if names else np.zeros(0, np.int64)
    figures = {one: np.concatenate([detail.of(name).figure(one) for name in names]) for one in INTERVALS if names}
    found = np.array([values[row] for row in rows], object)
    if not any(found):
        raise EvalError(f"no query has a value in the column '{column}'; choose another")
    table = {}
    for value, chosen in _groups(found):
        table[value] = {"queries": int(chosen.sum())}
        for one, column_of in figures.items():
            interval = mean_interval(column_of[chosen], rows[chosen])
            table[value] |= {one: interval.mean, f"{one}_low": interval.low, f"{one}_high": interval.high}
    return pd.DataFrame(list(table.values()), pd.Index(list(table), name=column))


def _values(detail: Detail, catalog: Catalog, column: str) -> list[str]:
    """What each item of the detail has in a column, '' where it has nothing, or is not in the catalog any longer."""
    there = {item.id: item for item in catalog.items}
    return [_value(there[id], column) if id in there else BLANK for id in detail.ids]


def _value(item: Item, column: str) -> str:
    if column == "split":
        return item.split or BLANK
    return item.labels.get(column) or item.columns.get(column) or BLANK


def _groups(found: np.ndarray) -> Sequence[tuple[str, np.ndarray]]:
    """Value → which queries have it, bool (Q,), in the order of the rows."""
    values, counts = np.unique(found.astype(str), return_counts=True)
    order = [str(values[place]) for place in np.lexsort((values, -counts)) if values[place] != BLANK]
    groups = [(value, found == value) for value in order[:MOST]]
    rest = np.isin(found.astype(str), order[MOST:])
    groups += [(OTHERS, rest)] if rest.any() else []
    blank = found == BLANK
    return [*groups, (BLANK, blank)] if blank.any() else groups

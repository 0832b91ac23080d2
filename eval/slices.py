"""Figures of the queries by their own value, or by any column of the catalog: season, photographer, brand, another attribute."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from catalog import Catalog, Item
from eval.detail import Detail
from eval.errors import EvalError
from eval.intervals import mean_interval
from eval.kept import INTERVALS, SPAN
from eval.perquery import groups_of, query_figures
from eval.report import Report

MOST = 30
"""Values of a column that have a row of their own, those with the most queries; the others share one."""
MOST_NUMBERS = 12
"""Different numbers that have a row each; of more, a row is a quarter of the queries."""
OTHERS = "…"
"""Name of the row of all other values."""
BLANK = ""
"""Name of the row of queries that have no value in the column."""

_MONEY = re.compile(r"^\s*[A-Z]{0,3}[$€£¥￥₹]?\s*|\s*([$€£¥￥₹円]|[A-Z]{3})?\s*$")


def by_value(report: Report, attribute: str, figures: Sequence[str] = ("p12", "map")) -> pd.DataFrame:
    """Figures of the queries by the value that they ask for, with intervals, near-duplicates counted together.

    The index holds the values in the order of the report; columns as those of `by_column`. EvalError
    where the report keeps a figure for no single query.
    """
    asked = {one: query_figures(report, attribute, one) for one in figures}
    first = next(iter(asked.values()))
    groups = groups_of(report)
    clusters = np.arange(len(first.ids)) if groups is None else np.array([groups[id] for id in first.ids], np.int64)
    values = np.array(first.values, object)
    there = [value for value in report.attributes[attribute].values if (values == value).any()]
    columns = {one: query.figures for one, query in asked.items()}
    rows = [_row(columns, values == value, clusters) for value in there]
    return pd.DataFrame(rows, pd.Index(there, name="value"))


def _row(columns: Mapping[str, np.ndarray], chosen: np.ndarray, clusters: np.ndarray) -> dict[str, float]:
    """Queries, and of each figure the mean in percent, _low and _high, NaN where they are not known."""
    row: dict[str, float] = {"queries": int(chosen.sum())}
    for one, column in columns.items():
        interval = mean_interval(column[chosen], clusters[chosen], span=SPAN)
        low, high = (interval.low, interval.high) if interval.known else (np.nan, np.nan)
        row |= {one: interval.mean, f"{one}_low": low, f"{one}_high": high}
    return row


def column_groups(detail: Detail, catalog: Catalog, column: str, attribute: str) -> list[tuple[str, np.ndarray]]:
    """The rows of `by_column` for one attribute: name → which of its queries are in it, bool (Q,)."""
    queries = detail.of(attribute).queries
    asked = {detail.ids[row] for row in queries}
    there = {item.id: item for item in catalog.items if item.id in asked}
    items = [there.get(detail.ids[row]) for row in queries]
    return list(_groups(np.array([BLANK if item is None else _value(item, column) for item in items], object)))


def by_column(
    report: Report, detail: Detail, catalog: Catalog, column: str, attribute: str | None = None
) -> pd.DataFrame:
    """Figures of the queries by their value in a column: their mean, and its interval.

    attribute: only its queries; None takes those of all attributes of the report together, an item that
    is asked for several counted together in the interval. The index, named after the column, holds its
    values, the one with the most queries first, at most `MOST`, then `OTHERS` and `BLANK`; of many
    numbers, four ranges with as many queries each. Columns:
    queries, and of each of `INTERVALS` the mean in percent, `_low` and `_high`, NaN where
    nothing can be said, as of one query. EvalError for a column
    that no queried item has.
    """
    names = [attribute] if attribute is not None else [name for name in report.attributes if name in detail.attributes]
    values = _values(detail, catalog, column)
    rows = np.concatenate([detail.of(name).queries for name in names]) if names else np.zeros(0, np.int64)
    figures = {one: np.concatenate([detail.of(name).figure(one) for name in names]) for one in INTERVALS if names}
    found = np.array([values[row] for row in rows], object)
    if not any(found):
        raise EvalError(f"no query has a value in the column '{column}'; choose another")
    table = {value: _row(figures, chosen, rows) for value, chosen in _groups(found)}
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
    """Name of a row → which queries are in it, bool (Q,), in the order of the rows."""
    names, counts = np.unique(found.astype(str), return_counts=True)
    order = [str(names[place]) for place in np.lexsort((names, -counts)) if names[place] != BLANK]
    groups = _ranges(found, order) if len(order) > MOST_NUMBERS else None
    if groups is None:
        groups = [(value, found == value) for value in order[:MOST]]
        rest = np.isin(found.astype(str), order[MOST:])
        groups += [(OTHERS, rest)] if rest.any() else []
    blank = found == BLANK
    return [*groups, (BLANK, blank)] if blank.any() else groups


def _ranges(found: np.ndarray, values: Sequence[str]) -> list[tuple[str, np.ndarray]] | None:
    """Quarters of a column of numbers, such as prices, the lowest first; None where it holds anything else."""
    numbers = {value: _number(value) for value in values}
    if None in numbers.values():
        return None
    column = np.array([numbers.get(value, np.nan) for value in found], np.float64)
    there = column[~np.isnan(column)]
    edges = np.unique(np.quantile(there, (0, 0.25, 0.5, 0.75, 1), method="nearest"))
    place = np.clip(np.searchsorted(edges, column, side="right") - 1, 0, len(edges) - 2)
    parts = [(place == quarter) & ~np.isnan(column) for quarter in range(len(edges) - 1)]
    return [(f"{column[part].min():g}–{column[part].max():g}", part) for part in parts if part.any()]


def _number(cell: str) -> float | None:
    """The number of a cell, also of one with a currency before or behind it."""
    try:
        number = float(_MONEY.sub("", cell).replace(",", ""))
    except ValueError:
        return None
    return number if np.isfinite(number) else None

"""The figure of each query of a report: the one place that knows where a report keeps it."""

from dataclasses import dataclass

import numpy as np

from eval.errors import EvalError
from eval.report import Report

COLUMNS = {"map": "ap", "p8": "p8", "p12": "p12"}
"""Figure → the column of `AttributeReport.per_query` whose mean it is."""
FIRST = {"top1": 1, "top8": 8}
"""Figure → the rank up to which the first right hit counts, of the column `first`."""
QUERY_FIGURES = (*COLUMNS, *FIRST)
"""Figures that every report keeps for each query; a report with its detail has P@k and Top-k of
other k too."""


@dataclass(frozen=True)
class QueryFigures:
    """One figure of each query of an attribute, in percent: ids and values (names) with float64
    (Q,) figures."""

    ids: tuple[str, ...]
    values: tuple[str, ...]
    figures: np.ndarray


def query_figures(report: Report, attribute: str, figure: str) -> QueryFigures:
    """From the report's detail, or from the columns that a report without one has.

    EvalError for a figure that is none, and for one that the report keeps for no single query.
    """
    detail = report.detail
    if detail is not None and attribute in detail.attributes:
        asked = detail.of(attribute)
        values = tuple(asked.names[place] for place in asked.values)
        return QueryFigures(tuple(detail.ids[place] for place in asked.queries), values, asked.figure(figure))
    kept = report.attributes[attribute].per_query
    if figure not in QUERY_FIGURES:
        raise EvalError(f"'{figure}' is no figure of a query; choose one of {', '.join(QUERY_FIGURES)}")
    name = COLUMNS.get(figure, "first")
    if name not in kept:
        raise EvalError(f"the report keeps no {figure} for each query of {attribute}; evaluate again to have it")
    column: np.ndarray = np.asarray(kept[name], np.float64)
    if figure in FIRST:
        column = np.where((column > 0) & (column <= FIRST[figure]), 100.0, 0.0)
    return QueryFigures(tuple(map(str, kept["id"])), tuple(map(str, kept["value"])), column)


def groups_of(report: Report) -> dict[str, int] | None:
    """Item id → number of its group of near-duplicates, as the report's detail has them; None where
    it has none."""
    detail = report.detail
    if detail is None or detail.groups is None:
        return None
    return dict(zip(detail.ids, detail.groups.tolist(), strict=True))


def same_ranking(new: Report, old: Report, attribute: str) -> bool:
    """Whether two reports on the same queries rank the candidates of an attribute alike, as far as
    they tell.

    So it is where the average precision of each query is the same, and not all or nothing
    everywhere (where other rankings would have the same).
    """
    ours, theirs = (query_figures(report, attribute, "map") for report in (new, old))
    found = dict(zip(theirs.ids, theirs.figures.tolist(), strict=True))
    same = all(found.get(name) == one for name, one in zip(ours.ids, ours.figures.tolist(), strict=True))
    return same and bool(((ours.figures > 0) & (ours.figures < 100)).any())

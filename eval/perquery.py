"""The figure of each query of a report: the one place that knows where a report keeps it."""

from dataclasses import dataclass

import numpy as np

from eval.errors import EvalError
from eval.report import AttributeReport, Report

COLUMNS = {"map": "ap", "p8": "p8", "p12": "p12"}
"""Figure → the column of `AttributeReport.per_query` whose mean it is."""
FIRST = {"top1": 1, "top8": 8}
"""Figure → the rank up to which the first relevant candidate counts; needs the column `first`."""
QUERY_FIGURES = (*COLUMNS, *FIRST)


@dataclass(frozen=True)
class QueryFigures:
    """One figure of each query of an attribute, in percent: ids and values (names) with float64 (Q,) figures."""

    ids: tuple[str, ...]
    values: tuple[str, ...]
    figures: np.ndarray


def query_figures(report: Report, attribute: str, figure: str) -> QueryFigures:
    """EvalError for a figure that is none, and for one that the report keeps for no single query."""
    kept = report.attributes[attribute].per_query
    return QueryFigures(
        tuple(map(str, kept.get("id", ()))),
        tuple(map(str, kept.get("value", ()))),
        _column(report.attributes[attribute], attribute, figure),
    )


def same_ranking(new: Report, old: Report, attribute: str) -> bool:
    """Whether two reports on the same queries rank the candidates of an attribute alike, as far as they tell: the average
    precision of each query is the same, and not all or nothing everywhere (where any ranking would do)."""
    ours, theirs = (query_figures(report, attribute, "map") for report in (new, old))
    found = dict(zip(theirs.ids, theirs.figures.tolist(), strict=True))
    same = all(found.get(name) == one for name, one in zip(ours.ids, ours.figures.tolist(), strict=True))
    return same and bool(((ours.figures > 0) & (ours.figures < 100)).any())


def _column(kept: AttributeReport, attribute: str, figure: str) -> np.ndarray:
    if figure not in QUERY_FIGURES:
        raise EvalError(f"'{figure}' is no figure of a query; choose one of {', '.join(QUERY_FIGURES)}")
    name = COLUMNS.get(figure, "first")
    if name not in kept.per_query:
        raise EvalError(f"the report keeps no {figure} for each query of {attribute}; evaluate again to have it")
    column: np.ndarray = np.asarray(kept.per_query[name], np.float64)
    if figure in FIRST:
        return np.where((column > 0) & (column <= FIRST[figure]), 100.0, 0.0)
    return column

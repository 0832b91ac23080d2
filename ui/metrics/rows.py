"""The figures of a report as the page shows them: each with its interval, its baseline, chance and ceiling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval import Detail, Interval, Report, difference_interval, mean_interval, per_query

SHOWN = ("p12", "map", "top1", "top8")
"""Figures of the table, the one that decides first."""
FEW = 20
"""Queries below which an attribute is not in a headline."""
COLUMNS = {"map": "ap", "p8": "p8", "p12": "p12"}
"""Figure → its column in what a report keeps of each query."""
SPAN, SPAN_OF_GAINS = (0.0, 100.0), (-100.0, 100.0)
SAME = 1e-9


@dataclass(frozen=True)
class Measured:
    """A report with what its queries reached, and that of global similarity on the same queries, where they are there."""

    report: Report
    detail: Detail | None = None
    baseline: Report | None = None
    below: Detail | None = None


@dataclass(frozen=True)
class Figure:
    """One figure in percent. low, high: its 95 % interval; gain: of the paired difference to the baseline, in points."""

    value: float
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    ceiling: float | None = None
    baseline: float | None = None
    gain: Interval | None = None

    @property
    def known(self) -> bool:
        return self.low is not None and self.high is not None


@dataclass(frozen=True)
class Row:
    """The figures of one attribute, or of all together ("")."""

    attribute: str
    figures: Mapping[str, Figure]
    queries: int
    candidates: int | None = None
    values: int = 0

    @property
    def few(self) -> bool:
        """Whether it was asked too seldom to be in a headline."""
        return bool(self.attribute) and self.queries < FEW

    @property
    def decides(self) -> Figure | None:
        """The figure that the verdict rests on: P@12, or MAP in reports from before."""
        return self.figures.get("p12") or self.figures.get("map")


@dataclass(frozen=True)
class Rows:
    """The whole of a report first."""

    whole: Row
    attributes: tuple[Row, ...]

    def of(self, attribute: str) -> Row | None:
        return next((row for row in self.attributes if row.attribute == attribute), None)

    @property
    def counted(self) -> list[Row]:
        """Those with enough queries; all of them where none has."""
        return [row for row in self.attributes if not row.few] or list(self.attributes)


def rows_of(measured: Measured) -> Rows:
    """Everything that the table shows; a second or so for a report of thousands of queries."""
    report, baseline = measured.report, measured.baseline
    rows = []
    for name, own in report.attributes.items():
        theirs = baseline.attributes.get(name) if baseline is not None else None
        figures = {
            figure: _figure(figure, vars(own), vars(theirs) if theirs is not None else {}, *_of_queries(measured, name, figure))
            for figure in SHOWN
            if getattr(own, figure) is not None
        }
        rows.append(Row(name, figures, own.queries, own.candidates, len(own.values)))
    return Rows(_whole(measured), tuple(rows))


def _whole(measured: Measured) -> Row:
    report, baseline = measured.report, measured.baseline
    below = baseline.overall if baseline is not None else {}
    figures = {}
    for name in SHOWN:
        if report.overall.get(name) is None:
            continue
        parts = [_of_queries(measured, attribute, name) for attribute in report.attributes]
        ids = [np.array(_ids(measured.report, measured.detail, attribute)) for attribute in report.attributes]
        own = _joined([part[0] for part in parts])
        theirs = _joined([part[1] for part in parts])
        figures[name] = _figure(name, report.overall, below, own, theirs, _joined(ids))
    return Row("", figures, int(report.overall["queries"]))


def _joined(parts: Sequence[np.ndarray | None]) -> np.ndarray | None:
    there = [part for part in parts if part is not None]
    return np.concatenate(there) if len(there) == len(parts) and there else None


def _figure(
    name: str,
    own: Mapping[str, Any],
    theirs: Mapping[str, Any],
    column: np.ndarray | None,
    below: np.ndarray | None,
    clusters: np.ndarray | None = None,
) -> Figure:
    """own, theirs: figures of the report and of the baseline. column, below: the figure of each query of both."""
    low, high = (own.get("intervals") or {}).get(name, (None, None))
    if low is None and column is not None:
        interval = mean_interval(column, clusters, span=SPAN)
        low, high = (interval.low, interval.high) if interval.known else (None, None)
    gain = None
    if column is not None and below is not None and len(column) == len(below):
        gain = difference_interval(column, below, clusters, span=SPAN_OF_GAINS)
    return Figure(
        own[name], low, high, own.get(f"chance_{name}"), own.get(f"ceiling_{name}"), theirs.get(name), gain
    )


def _of_queries(measured: Measured, attribute: str, figure: str) -> tuple[np.ndarray | None, np.ndarray | None]:
    """A figure of each query, in percent, of the report and of its baseline; None where it was not kept."""
    own = figure_of_queries(measured.report, measured.detail, attribute, figure)
    if measured.baseline is None or attribute not in measured.baseline.attributes:
        return own, None
    same = _ids(measured.report, measured.detail, attribute) == _ids(measured.baseline, measured.below, attribute)
    return own, figure_of_queries(measured.baseline, measured.below, attribute, figure) if same else None


def figure_of_queries(report: Report, detail: Detail | None, attribute: str, figure: str) -> np.ndarray | None:
    """A figure of each query in percent, float64 (Q,); None where the report has not kept it."""
    if detail is not None and attribute in detail.attributes:
        return detail.of(attribute).figure(figure)
    kept = per_query(report, attribute, detail).get(COLUMNS.get(figure, ""), [])
    return np.array(kept, np.float64) if kept else None


def _ids(report: Report, detail: Detail | None, attribute: str) -> list[str]:
    return list(per_query(report, attribute, detail).get("id", []))

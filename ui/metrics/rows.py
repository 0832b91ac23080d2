"""The figures of a report as the page shows them: each with its interval, its baseline, chance and ceiling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from eval import (
    FEW,
    Detail,
    Difference,
    Differences,
    EvalError,
    Interval,
    Intervals,
    Report,
    differences,
    figure_intervals,
)

SHOWN = ("p12", "map", "top1", "top8")
"""Figures of the table, the one that decides first."""
MEANT = ("", "chance_", "ceiling_")
ROUNDING = 0.05
"""Points that a figure with one decimal does not show."""


@dataclass(frozen=True)
class Measured:
    """A report with what its queries reached, and that of global similarity on the same queries, where they are there."""

    report: Report
    detail: Detail | None = None
    baseline: Report | None = None

    @cached_property
    def rows(self) -> "Rows":
        """Everything that the table shows; some tenths of a second for thousands of queries, once."""
        return rows_of(self.report, self.baseline)


@dataclass(frozen=True)
class Figure:
    """One figure in percent. interval: in which it lies with 95 %, as far as that is known; difference: to the baseline.
    cut: whether an interval ends at what is possible, beyond which it reached (`within_reach`)."""

    value: float
    interval: Interval | None = None
    chance: float | None = None
    ceiling: float | None = None
    baseline: float | None = None
    difference: Difference | None = None

    cut: bool = False

    @property
    def capped(self) -> bool:
        """Whether no ranking could reach 100."""
        return self.ceiling is not None and self.ceiling < 99.95

    def within_reach(self) -> "Figure":
        """The same with intervals that end where no ranking of these queries could go: at the ceiling, or at 0 and 100, and
        for a difference as far from the baseline. `cut` where one of them reached beyond."""
        most = 100.0 if self.ceiling is None else self.ceiling
        interval, difference = self.interval, self.difference
        if interval is not None:
            interval = _ending(interval, 0.0, most)
        if difference is not None:
            difference = replace(
                difference, interval=_ending(difference.interval, -difference.old, most - difference.old)
            )
        cut = interval != self.interval or difference != self.difference
        return replace(self, interval=interval, difference=difference, cut=cut) if cut else self


@dataclass(frozen=True)
class Row:
    """The figures of one attribute, or of all that have enough queries (""). more: labels that it lacks, where that is known."""

    attribute: str
    figures: Mapping[str, Figure]
    queries: int
    candidates: int | None = None
    more: int | None = None

    @property
    def few(self) -> bool:
        """Whether it was asked too seldom to be in a headline."""
        return self.queries < FEW

    @property
    def decides(self) -> Figure:
        """The figure that the verdict rests on: P@12, or MAP in reports from before."""
        return self.figures.get("p12") or self.figures["map"]

    @property
    def verdict(self) -> str:
        """better, worse, level or undecided; "" where there is nothing to compare with."""
        return self.decides.difference.verdict if self.decides.difference is not None else ""


@dataclass(frozen=True)
class Rows:
    """All attributes, and the mean over the queries of those that have enough of them."""

    whole: Row
    attributes: tuple[Row, ...]

    def of(self, attribute: str) -> Row | None:
        return next((row for row in self.attributes if row.attribute == attribute), None)

    @property
    def counted(self) -> list[Row]:
        """Those with enough queries; all of them where none has."""
        return counted(self.attributes)


def counted(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if not row.few] or list(rows)


def rows_of(report: Report, baseline: Report | None = None) -> Rows:
    """report, baseline: with what each query reached; figures that a report does not keep for each query have no interval."""
    made: dict[str, dict[str, Figure]] = {name: {} for name in report.attributes}
    whole: dict[str, Figure] = {}
    sizes = {name: own.queries for name, own in report.attributes.items()}
    enough = [name for name, queries in sizes.items() if queries >= FEW] or list(sizes)
    for name in SHOWN:
        if any(getattr(own, name) is None for own in report.attributes.values()):
            continue
        intervals, gains = intervals_of(report, name), differences_of(report, baseline, name)
        for attribute, own in report.attributes.items():
            below = baseline.attributes.get(attribute) if baseline is not None else None
            made[attribute][name] = Figure(
                getattr(own, name),
                intervals.attributes.get(attribute) if intervals else None,
                getattr(own, f"chance_{name}", None),
                getattr(own, f"ceiling_{name}", None),
                getattr(below, name) if below is not None else None,
                gains.attributes.get(attribute) if gains else None,
            ).within_reach()
        figures = [made[attribute][name] for attribute in enough]
        weights = [sizes[attribute] for attribute in enough]
        whole[name] = Figure(
            _mean([figure.value for figure in figures], weights) or 0.0,
            intervals.overall if intervals else None,
            _mean([figure.chance for figure in figures], weights),
            _mean([figure.ceiling for figure in figures], weights),
            _mean([figure.baseline for figure in figures], weights),
            gains.overall if gains else None,
        ).within_reach()
    more = {str(one["attribute"]): int(one["more"]) for one in report.shortages}
    rows = tuple(
        Row(name, made[name], own.queries, own.candidates, more.get(name)) for name, own in report.attributes.items()
    )
    return Rows(Row("", whole, sum(sizes[name] for name in enough)), rows)


def _ending(interval: Interval, least: float, most: float) -> Interval:
    """An interval that ends at bounds where it reaches more than a rounding beyond; as it is where its ends are not known."""
    if not interval.known:
        return interval
    low = least if interval.low < least - ROUNDING else interval.low
    return Interval(interval.mean, low, most if interval.high > most + ROUNDING else interval.high)


def intervals_of(report: Report, figure: str) -> Intervals | None:
    """None where the report does not keep the figure for each query."""
    try:
        return figure_intervals(report, figure)
    except EvalError:
        return None


def differences_of(report: Report, baseline: Report | None, figure: str) -> Differences | None:
    """None where there is no baseline, or it cannot be compared with."""
    try:
        return differences(report, baseline, figure) if baseline is not None else None
    except EvalError:
        return None


def _mean(column: Sequence[Any], weights: Sequence[int]) -> float | None:
    if any(value is None for value in column):
        return None
    return float(sum(value * weight for value, weight in zip(column, weights, strict=True)) / sum(weights))

"""The figures of a report as a table: a row for each attribute, and both means at the foot."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from eval.comparison import GAINED, gains
from eval.kept import INTERVALS
from eval.report import FIGURES, VIEWS, AttributeReport, Report, in_order

COUNTS = ("queries", "candidates")
HELD = tuple(name for name in FIGURES if name not in ("map_region", "map_patch"))
"""Figures that have a column of their own; those of views are called `map_` and the view."""
GAINS = tuple(f"{name}_gain" for name in GAINED)
BOUNDS = tuple(f"{name}_{bound}" for name in INTERVALS for bound in ("low", "high"))
"""Columns of the intervals, 95 %."""
MEANS = {"query-weighted mean": "", "plain mean": "_plain"}
"""Name of a row at the foot → suffix of its figures in `Report.overall`."""


def columns_of(report: Report, baseline: Report | None = None, intervals: bool = False) -> list[str]:
    """Columns that are worth showing: the views that the report has, P@k where it knows it, gains
    where there is a baseline. intervals: whether the bounds of each figure come behind it, where the report knows them."""
    first = [f"p{k}" for k in (8, 12) if report.overall.get(f"p{k}") is not None]
    ceilings = [f"ceiling_{name}" for name in first]
    views = [f"map_{view}" for view in report.views]
    beside = [] if baseline is None else [f"{name}_gain" for name in GAINED if name not in ("p8", "p12") or first]
    places = [name for pair in zip(first, ceilings, strict=True) for name in pair]
    places += ["chance_p12"] if first else []
    shown = ["map", *views, "chance_map", *places, "top1", "top8", *beside, *COUNTS]
    if not intervals:
        return shown
    known = {name for figures in report.attributes.values() for name in figures.intervals}
    behind = {name: [f"{name}_low", f"{name}_high"] if name in known else [] for name in shown}
    return [column for name in shown for column in (name, *behind[name])]


def report_table(report: Report, baseline: Report | None = None) -> pd.DataFrame:
    """Figures in percent as float64, NaN where there is none; counts as Int64.

    Columns: `HELD`, `map_VIEW` for each of `VIEWS` and of the report, `GAINS` (percentage points over
    the baseline, NaN without one), `BOUNDS` (NaN for the plain mean), `COUNTS`. The index, named
    `attribute`, holds the attributes in the order of the report, then `MEANS`, of which the weighted one
    has the number of all queries.
    """
    views = in_order([*VIEWS, *report.views])
    below = baseline.attributes if baseline else {}
    rows = {name: _row(figures, below.get(name), views) for name, figures in report.attributes.items()}
    for name, suffix in MEANS.items():
        rows[name] = _mean(report, baseline, views, suffix)
    numbers = [*HELD, *(f"map_{view}" for view in views), *GAINS, *BOUNDS]
    frame = pd.DataFrame(rows.values(), pd.Index(rows, name="attribute"), [*numbers, *COUNTS], dtype=object)
    return frame.astype({**dict.fromkeys(numbers, "float64"), **dict.fromkeys(COUNTS, "Int64")})


def _row(figures: AttributeReport, below: AttributeReport | None, views: Sequence[str]) -> dict[str, Any]:
    return {
        **{name: getattr(figures, name) for name in (*HELD, *COUNTS)},
        **{f"map_{view}": figures.map_by_view.get(view) for view in views},
        **_gains(gains(figures, below)),
        **_bounds(figures.intervals),
    }


def _mean(report: Report, baseline: Report | None, views: Sequence[str], suffix: str) -> dict[str, Any]:
    whole, below = report.overall, baseline.overall if baseline else None
    by_view = whole.get(f"map_by_view{suffix}") or {}
    return {
        **{name: whole.get(name + suffix) for name in HELD},
        **{f"map_{view}": by_view.get(view) for view in views},
        **_gains(gains(whole, below, suffix)),
        **_bounds({} if suffix else whole.get("intervals", {})),
        "queries": None if suffix else whole["queries"],
        "candidates": None,
    }


def _gains(points: Mapping[str, float | None]) -> dict[str, float | None]:
    return {f"{name}_gain": gain for name, gain in points.items()}


def _bounds(intervals: Mapping[str, tuple[float, float]]) -> dict[str, float | None]:
    none = (None, None)
    return {
        f"{name}_{bound}": value
        for name in INTERVALS
        for bound, value in zip(("low", "high"), intervals.get(name, none), strict=True)
    }


def as_text(report: Report, baseline: Report | None = None) -> str:
    """The table for a terminal, with two decimals, and `-` for what is not there; behind MAP and P@12 their intervals."""
    shown = columns_of(report, baseline)
    table = report_table(report, baseline)
    frame = table[shown].rename_axis(None)
    for name in COUNTS:
        frame[name] = ["" if pd.isna(count) else f"{count:,}" for count in frame[name]]
    for name in shown:
        if name in GAINS:
            frame[name] = ["-" if pd.isna(gain) else f"{gain:+.2f}" for gain in frame[name]]
    for name in ("p12", "map"):
        if name in shown and table[f"{name}_low"].notna().any():
            frame.insert(shown.index(name) + 1, f"{name}_95%", _spans(table, name))
    with pd.option_context("display.unicode.east_asian_width", True):
        return frame.to_string(float_format="{:.2f}".format, na_rep="-")


def _spans(table: pd.DataFrame, name: str) -> list[str]:
    bounds = zip(table[f"{name}_low"], table[f"{name}_high"], strict=True)
    return ["-" if pd.isna(low) else f"{low:.1f}..{high:.1f}" for low, high in bounds]


def as_csv(report: Report, baseline: Report | None = None, intervals: bool = False) -> str:
    """The table as CSV, with all decimals, and blank for what is not there; intervals: as `columns_of` has it."""
    columns = columns_of(report, baseline, intervals)
    return str(report_table(report, baseline)[columns].to_csv(lineterminator="\n"))

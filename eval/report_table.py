"""The figures of a report as a table: a row for each attribute, and both means at the foot."""

from collections.abc import Sequence

import pandas as pd

from eval.report import FIGURES, Report

COUNTS = ("queries", "candidates")
SHOWN = ("map", "map_region", "map_patch", "chance_map", "top1", "top8", *COUNTS)
MEANS = {"query-weighted mean": "", "plain mean": "_plain"}
"""Name of a row at the foot → suffix of its figures in `Report.overall`."""


def report_table(report: Report) -> pd.DataFrame:
    """Figures in percent as float64, NaN where the method has no such branch; counts as Int64.

    The index, named `attribute`, holds the attributes in the order of the report, then `MEANS`, of which the
    weighted one has the number of all queries.
    """
    names, columns = list(report.attributes), (*FIGURES, *COUNTS)
    rows = [[getattr(figures, column) for column in columns] for figures in report.attributes.values()]
    for name, suffix in MEANS.items():
        names.append(name)
        means = [report.overall.get(column + suffix) for column in FIGURES]
        rows.append([*means, None if suffix else report.overall["queries"], None])
    frame = pd.DataFrame(rows, pd.Index(names, name="attribute"), columns, dtype=object)
    return frame.astype({**dict.fromkeys(FIGURES, "float64"), **dict.fromkeys(COUNTS, "Int64")})


def as_text(report: Report) -> str:
    """The table for a terminal, with two decimals, and `-` for a branch that is not there."""
    frame = report_table(report)[list(SHOWN)].rename_axis(None)
    for name in COUNTS:
        frame[name] = ["" if pd.isna(count) else f"{count:,}" for count in frame[name]]
    with pd.option_context("display.unicode.east_asian_width", True):
        return frame.to_string(float_format="{:.2f}".format, na_rep="-")


def as_csv(report: Report, columns: Sequence[str] = SHOWN) -> str:
    """The table as CSV, with all decimals, and blank for what is not there."""
    return str(report_table(report)[list(columns)].to_csv(lineterminator="\n"))

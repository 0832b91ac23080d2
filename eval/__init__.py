"""Protocol, metrics and reports: embeddings and labels in, figures that a decision can rest on out."""

from eval.baseline import GlobalFeatures
from eval.calibration import brier, brier_skill, expected_calibration_error
from eval.comparison import GAINED, Shortfall, gains, same_queries, shortfalls
from eval.errors import EvalError
from eval.garments import garments
from eval.intervals import Interval, difference_interval, mean_interval
from eval.options import source
from eval.poc import (
    METHODS,
    Least,
    Method,
    forecast,
    label_hours,
    least_labels,
    machines_needed,
    mean_of,
    minutes_to_find,
    months_to_pay,
)
from eval.protocol import Trial, rank, sections_scorer
from eval.readable import is_readable, readable, say_left_out
from eval.report import AttributeReport, Report, attribute_report
from eval.report_files import load_report, save_json, save_report
from eval.report_table import as_csv, columns_of, report_table
from eval.run import Compared, Embedded, Features, Sampling, compared, evaluate, evaluate_global

__all__ = [
    "GAINED",
    "METHODS",
    "AttributeReport",
    "Compared",
    "Embedded",
    "EvalError",
    "Features",
    "GlobalFeatures",
    "Interval",
    "Least",
    "Method",
    "Report",
    "Sampling",
    "Shortfall",
    "Trial",
    "as_csv",
    "attribute_report",
    "brier",
    "brier_skill",
    "columns_of",
    "compared",
    "difference_interval",
    "evaluate",
    "evaluate_global",
    "expected_calibration_error",
    "forecast",
    "gains",
    "garments",
    "is_readable",
    "label_hours",
    "least_labels",
    "load_report",
    "machines_needed",
    "mean_interval",
    "mean_of",
    "minutes_to_find",
    "months_to_pay",
    "rank",
    "readable",
    "report_table",
    "same_queries",
    "save_json",
    "save_report",
    "say_left_out",
    "sections_scorer",
    "shortfalls",
    "source",
]

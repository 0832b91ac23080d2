"""Protocol, metrics and reports: embeddings and labels in, figures that a decision can rest on out."""

from eval.baseline import GlobalFeatures
from eval.calibration import brier, brier_skill, expected_calibration_error
from eval.comparison import GAINED, Shortfall, gains, same_queries, shortfalls
from eval.detail import Asked, Detail, confusion, worst
from eval.detail_files import detail_path
from eval.errors import EvalError, Stopped
from eval.garments import garments
from eval.inputs import Compared, Embedded, Features, Sampling, compared
from eval.intervals import Interval, difference_interval, mean_interval
from eval.options import source
from eval.protocol import Trial, check_share, rank, sections_scorer
from eval.readable import is_readable, readable, say_left_out
from eval.report import AttributeReport, Report, attribute_report, per_query, with_detail
from eval.report_files import load_detail, load_report, remove_report, save_json, save_report
from eval.report_table import as_csv, columns_of, report_table
from eval.run import Progress, Stop, evaluate, evaluate_global
from eval.shortage import Shortage, shortages
from eval.slices import by_column
from eval.sweeps import GRID, sweep

__all__ = [
    "GAINED",
    "GRID",
    "Asked",
    "AttributeReport",
    "Compared",
    "Detail",
    "Embedded",
    "EvalError",
    "Features",
    "GlobalFeatures",
    "Interval",
    "Progress",
    "Report",
    "Sampling",
    "Shortage",
    "Shortfall",
    "Stop",
    "Stopped",
    "Trial",
    "as_csv",
    "attribute_report",
    "brier",
    "brier_skill",
    "by_column",
    "check_share",
    "columns_of",
    "compared",
    "confusion",
    "detail_path",
    "difference_interval",
    "evaluate",
    "evaluate_global",
    "expected_calibration_error",
    "gains",
    "garments",
    "is_readable",
    "load_detail",
    "load_report",
    "mean_interval",
    "per_query",
    "rank",
    "readable",
    "remove_report",
    "report_table",
    "same_queries",
    "save_json",
    "save_report",
    "say_left_out",
    "sections_scorer",
    "shortages",
    "shortfalls",
    "source",
    "sweep",
    "with_detail",
    "worst",
]

"""Protocol, metrics and reports: embeddings and labels in, figures that a decision can rest on out."""

from eval.alike import GlobalSimilarity
from eval.baseline import GlobalFeatures
from eval.calibration import brier, brier_skill, expected_calibration_error
from eval.clusters import item_clusters, near_duplicates
from eval.comparison import GAINED, Shortfall, as_sentence, gains, same_queries, shortfalls
from eval.detail import Asked, Detail, confusion, relabelled, worst
from eval.detail_files import detail_path
from eval.differences import FEW, Difference, Differences, Intervals, against, differences, figure_intervals
from eval.errors import EvalError, Stopped
from eval.foreground_files import Attention, Foreground, Swap, load_foreground
from eval.garments import garments
from eval.inputs import Compared, Embedded, Features, Sampling, compared
from eval.intervals import Interval, difference_interval, mean_interval
from eval.options import source
from eval.perquery import QUERY_FIGURES, QueryFigures, query_figures
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
from eval.protocol import Trial, check_share, rank, sections_scorer
from eval.published import Beside, Published, beside
from eval.readable import is_readable, readable, say_left_out
from eval.report import AttributeReport, Report, attribute_report, per_query, with_detail
from eval.report_files import load_detail, load_report, remove_report, save_json, save_report, to_json
from eval.report_table import as_csv, columns_of, report_table
from eval.run import Progress, Stop, evaluate, evaluate_global
from eval.shortage import Shortage, shortages
from eval.slices import by_column, by_value, column_groups
from eval.sweeps import GRID, sweep

__all__ = [
    "FEW",
    "GAINED",
    "GRID",
    "METHODS",
    "QUERY_FIGURES",
    "Asked",
    "Attention",
    "AttributeReport",
    "Beside",
    "Compared",
    "Detail",
    "Difference",
    "Differences",
    "Embedded",
    "EvalError",
    "Features",
    "Foreground",
    "GlobalFeatures",
    "GlobalSimilarity",
    "Interval",
    "Intervals",
    "Least",
    "Method",
    "Progress",
    "Published",
    "QueryFigures",
    "Report",
    "Sampling",
    "Shortage",
    "Shortfall",
    "Stop",
    "Stopped",
    "Swap",
    "Trial",
    "against",
    "as_csv",
    "as_sentence",
    "attribute_report",
    "beside",
    "brier",
    "brier_skill",
    "by_column",
    "by_value",
    "check_share",
    "column_groups",
    "columns_of",
    "compared",
    "confusion",
    "detail_path",
    "difference_interval",
    "differences",
    "evaluate",
    "evaluate_global",
    "expected_calibration_error",
    "figure_intervals",
    "forecast",
    "gains",
    "garments",
    "is_readable",
    "item_clusters",
    "label_hours",
    "least_labels",
    "load_detail",
    "load_foreground",
    "load_report",
    "machines_needed",
    "mean_interval",
    "mean_of",
    "minutes_to_find",
    "months_to_pay",
    "near_duplicates",
    "per_query",
    "query_figures",
    "rank",
    "readable",
    "relabelled",
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
    "to_json",
    "with_detail",
    "worst",
]

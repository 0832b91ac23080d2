"""Protocol, metrics and reports: embeddings and labels in, figures that a decision can rest on out."""

from eval.errors import EvalError
from eval.protocol import Trial
from eval.report import AttributeReport, Report, load_report, save_report
from eval.report_table import as_csv, report_table
from eval.run import Embedded, Features, Sampling, evaluate, evaluate_global

__all__ = [
    "AttributeReport",
    "Embedded",
    "EvalError",
    "Features",
    "Report",
    "Sampling",
    "Trial",
    "as_csv",
    "evaluate",
    "evaluate_global",
    "load_report",
    "report_table",
    "save_report",
]

"""Protocol, metrics and reports: embeddings and labels in, figures that a decision can rest on out."""

from eval.errors import EvalError
from eval.protocol import Trial
from eval.report import AttributeReport, Report, load_report, save_report
from eval.run import Embedded, Features, Sampling, evaluate, evaluate_global

__all__ = [
    "AttributeReport",
    "Embedded",
    "EvalError",
    "Features",
    "Report",
    "Sampling",
    "Trial",
    "evaluate",
    "evaluate_global",
    "load_report",
    "save_report",
]

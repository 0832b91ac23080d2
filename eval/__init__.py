"""Protocol, metrics and reports: embeddings and labels in, figures that a decision can rest on out."""

from eval.errors import EvalError
from eval.report import AttributeReport, Report, load_report, save_report
from eval.run import evaluate

__all__ = ["AttributeReport", "EvalError", "Report", "evaluate", "load_report", "save_report"]

"""The Metrics tab: figures of reports."""

from ui.metrics.shelf import CatalogShelves, ReportShelf
from ui.metrics.tab import MetricsEvents, MetricsTab, build_metrics_tab

__all__ = ["CatalogShelves", "MetricsEvents", "MetricsTab", "ReportShelf", "build_metrics_tab"]

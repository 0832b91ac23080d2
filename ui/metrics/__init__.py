"""The Metrics tab: how well a catalog is searched, how sure that is, and the pictures behind each figure."""

from ui.metrics.events import MetricsEvents
from ui.metrics.shelf import CatalogShelves, ReportShelf
from ui.metrics.tab import Looked, MetricsTab, build_metrics_tab
from ui.metrics.wiring import connect_metrics

__all__ = [
    "CatalogShelves",
    "Looked",
    "MetricsEvents",
    "MetricsTab",
    "ReportShelf",
    "build_metrics_tab",
    "connect_metrics",
]

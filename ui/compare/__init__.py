"""The Compare tab: one query asked in two ways, side by side."""

from ui.compare.events import CompareEvents
from ui.compare.tab import CompareTab, build_compare_tab
from ui.compare.wiring import connect_compare

__all__ = ["CompareEvents", "CompareTab", "build_compare_tab", "connect_compare"]

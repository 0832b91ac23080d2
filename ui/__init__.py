"""The page that people see: tabs, events, words (English and Japanese), and the endpoints for programs."""

from ui.page import build_page, launch_options
from ui.service import Service, Settings

__all__ = [
    "Service",
    "Settings",
    "build_page",
    "launch_options",
]

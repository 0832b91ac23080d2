"""The page that people see: tabs, events, words (English and Japanese), and the endpoints for programs."""

from ui.page import build_page, launch_options

__all__ = ["build_page", "launch_options"]

"""The page that people see: tabs, events, words (English and Japanese), and the endpoints for programs."""

from ui.page import build_page, launch_options
from ui.service import Fallback, Service, Settings, Stage

__all__ = ["Fallback", "Service", "Settings", "Stage", "build_page", "launch_options"]

"""What the app imports, for the process that apps are forked from. `app.py` says the same before it imports Gradio."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")

import app
import library
import ui

__all__ = ["app", "library", "ui"]

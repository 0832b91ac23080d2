"""What every event handler knows of the one who asks, and what it gives back."""

from typing import Any

import gradio as gr

from library import Settings
from ui.words import language_of

Updates = dict[Any, Any]
"""Component → what it becomes."""


def language(settings: Settings, request: gr.Request) -> str:
    """The language of a visitor's page, "en" or "ja"."""
    return language_of(request.headers, request.query_params, settings.lang)

"""Who asks, as a request tells it."""

from typing import Any

from library import HOST, Visitor


def visitor_of(request: Any) -> Visitor:
    """The visitor of a request of Gradio's or Starlette's."""
    return HOST

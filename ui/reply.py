"""What answers a tap, told to the browser, which brings it into view: on a telephone it is seldom where the tap was."""

import inspect
import time
from collections.abc import AsyncIterator, Callable, Mapping
from functools import wraps
from html import escape
from typing import Any

import gradio as gr

from ui.scripts import script

Updates = dict[Any, Any]


def reply_part(name: str) -> gr.HTML:
    """A part of the page that is never seen and says what answers; `scripts/reply.js` reads it. name: its id."""
    return gr.HTML(elem_id=name, elem_classes="lapel-reply", js_on_load=script("reply"))


def reply(selector: str, focus: bool = True) -> str:
    """The value of a reply part: the first visible element of a CSS selector answers. focus: whether its heading gets the
    focus too, where it has to be brought into view."""
    still = "" if focus else " data-still"
    return f'<i data-to="{escape(selector)}" data-number="{time.monotonic_ns()}"{still}></i>'


def replying(handler: Callable[..., Any], part: gr.HTML, lines: Mapping[gr.HTML, str]) -> Callable[..., Any]:
    """An event handler that also tells the browser which of its lines answers; what it tells itself goes before.

    lines: a component for lines → the CSS selector of what is seen of it. part: to be among the outputs of the event.
    """

    def told(updates: Any) -> Any:
        if not isinstance(updates, dict) or part in updates:
            return updates
        said = next((selector for line, selector in lines.items() if _says(updates.get(line))), "")
        return {**updates, part: reply(said)} if said else updates

    if inspect.isasyncgenfunction(handler):

        @wraps(handler)
        async def streaming(*values: Any, **named: Any) -> AsyncIterator[Any]:
            async for updates in handler(*values, **named):
                yield told(updates)

        return streaming

    @wraps(handler)
    def answering(*values: Any, **named: Any) -> Any:
        return told(handler(*values, **named))

    return answering


def _says(update: Any) -> bool:
    return isinstance(update, str) and bool(update)

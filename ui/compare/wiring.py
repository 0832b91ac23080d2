"""Which event of the Compare tab calls which handler."""

from typing import Any

import gradio as gr

from ui.compare.events import CompareEvents
from ui.search_wiring import EVERY, QUIET


def connect_compare(events: CompareEvents, current: gr.State, search: gr.State, opened: gr.Tab) -> None:
    """current: the id of the catalog that is searched. search: the query of the Search tab. opened: the tab."""
    tab = events.tab
    inputs = [current, search, tab.looked]
    drawn = [tab.line, tab.ask, tab.found, tab.looked, tab.tick]
    latest: dict[str, Any] = {"trigger_mode": "always_last", "concurrency_limit": 4, **QUIET}
    opened.select(events.opened, inputs, drawn, **latest)
    current.change(events.follow, inputs, drawn, **latest)
    search.change(events.arrived, inputs, drawn, **latest)
    for part in (tab.ask, tab.found):
        part.input(events.act, inputs, [*drawn, events.tabs], **EVERY)
    tab.tick.tick(events.again, inputs, drawn, **QUIET)

"""Which event of similar designs calls which handler."""

from typing import Any

import gradio as gr

from ui.designs.events import DesignsEvents
from ui.search_wiring import EVERY, QUIET


def connect_designs(events: DesignsEvents, opened: gr.Tab) -> None:
    """opened: the tab that holds the section; what it offers is filled in when it is opened or the catalog changes."""
    tab, catalog = events.tab, events.catalog
    quick: dict[str, Any] = {"concurrency_limit": None, **QUIET}
    offered = [tab.attributes, tab.scores, tab.least, tab.differ, tab.across, tab.one, tab.other, tab.filters]
    filled = [tab.seen, *offered, tab.line, tab.results]
    gr.on([opened.select, catalog.change], events.fill, [catalog, tab.seen], filled, **quick)
    tab.attributes.input(events.choose, [tab.attributes, tab.least, catalog], tab.scores, **EVERY)
    tab.scores.input(events.turn, [tab.attributes, tab.least, catalog], tab.least, **EVERY)
    tab.across.input(events.take_column, [tab.across, catalog], [tab.one, tab.other], **EVERY)
    asked = [tab.attributes, tab.level, tab.least, tab.differ, tab.across, tab.one, tab.other, tab.filters, tab.twins]
    said = [tab.reply, tab.line, tab.find, tab.stop]
    finding = tab.find.click(
        events.find, [*asked, catalog], [tab.seen, tab.results, *said], concurrency_limit=2, **QUIET
    )
    tab.stop.click(events.stopped, None, [tab.line, tab.find, tab.stop], cancels=[finding], **quick)
    acted = tab.results.input(
        events.act,
        [tab.seen],
        [tab.seen, tab.results, tab.reply, tab.line, tab.file, events.go, events.tabs],
        **EVERY,
    )
    acted.then(None, tab.file, None, js=_save())


def _save() -> str:
    """The browser takes a new file, once."""
    return (
        "(file) => { const name = file?.url ?? ''; if (!name || name === window.lapelDesigns) return; "
        "window.lapelDesigns = name; setTimeout(() => document.querySelector('#designs-file').click(), 150); }"
    )

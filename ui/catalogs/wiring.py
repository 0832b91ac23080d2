"""Which event of the Catalogs tab calls which handler."""

from typing import Any

import gradio as gr

from ui.catalogs.events import CatalogsEvents
from ui.search_wiring import EVERY, QUIET


def connect_catalogs(page: gr.Blocks, events: CatalogsEvents) -> None:
    tab, current = events.tab, events.current
    shown = [tab.line, tab.listed, tab.jobs, tab.tick, events.choose]
    looking = [tab.line, tab.look, tab.found, tab.bring, tab.looked, tab.name, tab.accept]
    quick: dict[str, Any] = {"concurrency_limit": None, **QUIET}
    current.change(events.begin, current, shown, **EVERY)
    tab.tick.tick(events.watch, current, shown, **QUIET)
    tab.upload.input(events.take_upload, [tab.into, current], looking, **quick)
    gr.on([tab.look_at.click, tab.place.submit], events.take_place, [tab.place, tab.into], looking, **quick)
    tab.found.input(events.turn, tab.look, [tab.line, tab.found, tab.accept], **EVERY)
    done = [*shown, tab.bring, tab.looked, tab.look, tab.into, tab.adding]
    tab.adding.input(events.add_no_more, None, [tab.into, tab.adding], **EVERY)
    tab.accept.click(events.accept, [tab.look, tab.name, current], done, **QUIET)
    tab.discard.click(events.discard, tab.look, done, **QUIET)
    for part in (tab.listed, tab.line):
        part.input(
            events.act, current, [*shown, tab.into, tab.adding, tab.go, events.tabs, tab.logged, tab.log], **EVERY
        )

"""Which event of the Catalogs tab calls which handler."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from ui.catalogs.events import CatalogsEvents
from ui.reply import replying
from ui.search_wiring import EVERY, QUIET

LINE = "#catalogs-line .lapel-line"
"""What is seen of the line of the tab."""


def connect_catalogs(page: gr.Blocks, events: CatalogsEvents) -> None:
    tab, current = events.tab, events.current
    shown = [tab.line, tab.listed, tab.jobs, tab.tick, events.choose]
    looking = [tab.reply, tab.line, tab.look, tab.found, tab.bring, tab.looked, tab.name, tab.accept]
    quick: dict[str, Any] = {"concurrency_limit": None, **QUIET}

    def told(handler: Callable[..., Any]) -> Callable[..., Any]:
        return replying(handler, tab.reply, {tab.line: LINE})

    current.change(events.begin, current, shown, **EVERY)
    tab.tick.tick(events.watch, current, shown, **QUIET)
    tab.upload.input(told(events.take_upload), [tab.into, current], looking, **quick)
    gr.on([tab.look_at.click, tab.place.submit], told(events.take_place), [tab.place, tab.into], looking, **quick)
    tab.found.input(told(events.turn), tab.look, [tab.reply, tab.line, tab.found, tab.accept], **EVERY)
    done = [tab.reply, *shown, tab.bring, tab.looked, tab.look, tab.into, tab.adding]
    tab.adding.input(events.add_no_more, None, [tab.into, tab.adding], **EVERY)
    tab.accept.click(told(events.accept), [tab.look, tab.name, current], done, **QUIET)
    tab.discard.click(events.discard, tab.look, done, **QUIET)
    acted = [*shown, tab.reply, tab.into, tab.adding, tab.go, events.tabs, tab.logged, tab.log]
    for part in (tab.listed, tab.line):
        part.input(told(events.act), current, acted, **EVERY)

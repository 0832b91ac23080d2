"""Which event of labelling calls which handler."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from ui.catalogs.labelling_events import LabellingEvents
from ui.reply import replying
from ui.search_events import SearchEvents
from ui.search_wiring import EVERY, QUIET


def connect_labelling(events: LabellingEvents, search: SearchEvents, head: gr.HTML) -> None:
    """head: of a catalog in detail, where labelling is opened too."""
    tab, session = events.tab, events.tab.session
    quick: dict[str, Any] = {"concurrency_limit": None, **QUIET}

    def told(handler: Callable[..., Any]) -> Callable[..., Any]:
        return replying(handler, tab.reply, {tab.line: "#label-line .lapel-line"})

    bare = [tab.reply, tab.line, tab.pick, tab.stage, tab.known, tab.lesson, tab.name, tab.values, session]
    begun = [*bare, tab.head, tab.choosing]
    gr.on(
        [events.listed.input, head.input, search.tab.rows.input],
        told(events.open),
        None,
        [*begun, tab.part],
        **quick,
    )
    tab.pick.input(told(events.choose), session, begun, **quick)
    gr.on([tab.begin.click, tab.values.submit], told(events.create), [tab.name, tab.values, session], begun, **quick)
    tab.stage.input(told(events.turn), session, [tab.reply, tab.line, tab.stage, tab.known, session], **EVERY)
    tab.known.input(told(events.teach), session, [tab.reply, tab.line, tab.lesson, tab.tick, session], **QUIET)
    tab.tick.tick(events.watch, [session, tab.taught], [tab.lesson, tab.known, tab.tick, tab.taught], **QUIET)
    tab.lesson.input(told(events.search), session, [tab.reply, events.go, events.tabs, tab.line], **QUIET)
    current, ready = search.tab.catalog, search.tab.ready
    tab.head.input(events.leave, [session, current, ready], [*bare, tab.part, tab.tick, events.listed, ready], **QUIET)
    tab.taught.change(
        search.renew,
        [current, search.tab.steps, ready],
        [search.tab.rows, ready],
        **quick,
    )

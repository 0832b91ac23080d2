"""Which event of the search tab calls which handler."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from ui.reply import replying
from ui.search_events import SearchEvents

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
EVERY: dict[str, Any] = {"trigger_mode": "multiple", **QUIET}
"""For what a visitor does in quick succession: by default Gradio drops a second event while the first is under way."""
LATEST: dict[str, Any] = {"trigger_mode": "always_last", "concurrency_limit": 4, **QUIET}
LEAVING = "() => document.dispatchEvent(new Event('lapel:leaving'))"
"""Dims at once what is shown of one catalog when another is asked for (`scripts/picture.js`)."""


def connect_search(page: gr.Blocks, events: SearchEvents, go: gr.State) -> None:
    """Let every act search in one event, and every search explain its chosen hit in the next. go: another tab's wish for a
    catalog."""
    tab, banner, stop, choose = events.tab, events.banner, events.stop, events.choose

    def told(handler: Callable[..., Any]) -> Callable[..., Any]:
        return replying(handler, tab.reply, {tab.line: "#line .lapel-line.error"})

    found = [
        *[tab.reply, banner, stop, choose, tab.timer, tab.line, tab.query_line],
        *[tab.bar, tab.term_box, tab.rows, tab.image, tab.picker, tab.settings, tab.query],
        *[tab.arrived, tab.results, tab.answer, tab.rank, tab.which, tab.explained],
    ]
    shown = [tab.catalog, *found, tab.shuffle, tab.facets, tab.left_out, tab.explanation]
    asking = {"outputs": found, "queue": False, **EVERY}
    opening = {"outputs": shown, "concurrency_limit": None, **QUIET}
    here = [tab.catalog, tab.steps]
    parts = [
        tab.bar,
        tab.term_box,
        tab.rows,
        tab.facets,
        tab.settings,
        tab.results,
        tab.arrived,
        tab.image,
        tab.why_not.shown,
    ]
    searches = [
        page.load(told(events.begin), tab.steps, **opening),
        choose.input(told(events.switch), [choose, tab.steps], **opening),
        go.change(told(events.go), [go, tab.steps], **opening),
        gr.on([*(part.input for part in parts), tab.image.clear], told(events.act), here, **asking),
        tab.picker.select(told(events.pick), here, **asking),
        tab.search_hit.click(told(events.ask_hit), [*here, tab.answer, tab.rank], **asking),
        tab.ready.change(told(events.again), here, **asking),
    ]
    choose.input(None, None, None, js=LEAVING)
    choose.change(events.still_there, tab.catalog, go, **EVERY)
    explain: dict[str, Any] = {
        "fn": events.explain,
        "inputs": [tab.answer, tab.rank, tab.which],
        "outputs": [tab.explanation, tab.verdict, tab.line],
        **LATEST,
    }
    beside: dict[str, Any] = {"fn": events.beside, "inputs": here, "outputs": [tab.facets, tab.beside], **LATEST}
    for run in searches:
        run.then(**explain)
        run.then(**beside)
    watched = [banner, stop, choose, tab.timer, tab.line, tab.ready]
    tab.timer.tick(events.tick, [*here, tab.ready, tab.answer], watched, **QUIET)
    stop.click(told(events.stopped), here, **asking)
    tab.shuffle.click(events.shuffle, here, [choose, tab.picker], **EVERY)
    tab.results.select(events.take_rank, None, [tab.rank], **EVERY).then(**explain)
    tab.which.input(**explain)
    judged = [tab.reply, tab.verdict, tab.line, tab.answer, tab.results]
    tab.verdict.input(told(events.verdicts.turn), [tab.answer, tab.rank, tab.which], judged, **EVERY).then(
        events.explain_again, explain["inputs"], [tab.explanation, tab.line], **LATEST
    )

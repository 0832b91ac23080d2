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
    """Let every change search again and every search explain its chosen hit. go: another tab's wish for a catalog."""
    tab, banner, stop, query, choose = events.tab, events.banner, events.stop, events.query, events.choose

    def told(handler: Callable[..., Any]) -> Callable[..., Any]:
        return replying(handler, tab.reply, {tab.line: "#line .lapel-line.error"})

    search: dict[str, Any] = {
        "fn": told(events.search),
        "inputs": [
            tab.catalog,
            tab.choice,
            tab.attributes,
            tab.more,
            tab.weighed,
            tab.least,
            tab.as_trained,
            tab.balance_value,
            tab.k_value,
            tab.filters,
        ],
        "outputs": [
            *[tab.reply, banner, stop, choose, tab.timer, tab.line],
            *[tab.arrived, tab.results, tab.answer, tab.rank, tab.which, tab.explained],
        ],
        **LATEST,
    }
    explain: dict[str, Any] = {
        "fn": events.explain,
        "inputs": [tab.answer, tab.rank, tab.which],
        "outputs": [tab.explanation, tab.verdict, tab.line],
        **LATEST,
    }
    asked = [choose, tab.image, tab.choice, tab.strip, tab.picker, tab.query_line]
    ticked = [tab.attributes, tab.more]
    arrange: dict[str, Any] = {
        "fn": query.arrange,
        "inputs": [*ticked, tab.weighed],
        "outputs": [tab.weights_title, tab.weights],
        **EVERY,
    }
    filled = [
        tab.shuffle,
        tab.more_box,
        tab.more_info,
        tab.unknown,
        *ticked,
        tab.weighed,
        tab.weights_title,
        tab.weights,
        tab.filters,
        tab.k,
        tab.k_value,
        tab.balance,
        tab.balance_value,
        tab.left_out,
        tab.line,
        tab.results,
        tab.answer,
        tab.explained,
    ]
    shown = [tab.catalog, banner, *asked, *filled]
    begin = page.load(events.begin, None, shown, concurrency_limit=None, **QUIET)
    switch = choose.input(events.switch, choose, shown, concurrency_limit=None, **QUIET)
    choose.input(None, None, None, js=LEAVING)
    choose.change(events.still_there, tab.catalog, go, **EVERY)
    gone = go.change(events.go, [go, tab.attributes, tab.more], shown, concurrency_limit=None, **QUIET)
    changed = [
        begin,
        switch,
        gone,
        tab.image.input(query.take_image, [tab.catalog, tab.choice, tab.strip], asked, **EVERY),
        tab.image.clear(query.clear_image, [tab.catalog, tab.strip], asked, **EVERY),
        tab.picker.select(query.take_item, [tab.catalog, tab.choice, tab.strip], asked, **EVERY),
        tab.search_hit.click(query.take_hit, [tab.answer, tab.rank, tab.choice, tab.strip], asked, **EVERY),
        gr.on([tab.attributes.input, tab.more.input], **arrange),
        tab.weights.input(query.turn_weight, [tab.catalog, tab.weighed], tab.weighed, **EVERY),
        tab.k.input(query.turn_k, [tab.catalog, tab.k_value], tab.k_value, **EVERY),
        tab.balance.input(query.turn_balance, tab.balance_value, tab.balance_value, **EVERY),
    ]
    tab.as_trained.input(lambda trained: gr.HTML(visible=not trained), tab.as_trained, tab.balance, **EVERY)
    searches = [change.then(**search) for change in changed]
    searches.append(gr.on([tab.as_trained.input, tab.least.input, tab.filters.change, tab.ready.change], **search))
    for run in searches:
        run.then(**explain)
    tab.arrived.input(events.arrive, [tab.catalog, tab.filters], [choose, tab.filters], **EVERY)
    watched = [banner, stop, choose, tab.timer, tab.line, tab.ready]
    tab.timer.tick(events.tick, [tab.catalog, *ticked, tab.ready, tab.answer], watched, **QUIET)
    stop.click(
        events.stopped, [tab.catalog, *ticked], [banner, stop, choose, tab.timer, *ticked, tab.line], **QUIET
    ).then(**arrange)
    gr.on([tab.more_box.expand, tab.ready.change], events.foretell, tab.catalog, [tab.more_info, choose], **QUIET)
    others = [choose, tab.page, tab.strip, tab.picker]
    tab.shuffle.click(query.shuffle, [tab.catalog, tab.page, tab.choice], others, **EVERY)
    tab.results.select(events.take_rank, None, [tab.rank], **EVERY).then(**explain)
    tab.which.input(**explain)
    judged = [tab.reply, tab.verdict, tab.line, tab.answer, tab.results]
    tab.verdict.input(told(events.verdicts.turn), [tab.answer, tab.rank, tab.which], judged, **EVERY).then(
        events.explain_again, explain["inputs"], [tab.explanation, tab.line], **LATEST
    )

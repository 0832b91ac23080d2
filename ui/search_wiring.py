"""Which event of the search tab calls which handler."""

from typing import Any

import gradio as gr

from ui.search_events import SearchEvents, weigh


def connect_search(page: gr.Blocks, events: SearchEvents) -> None:
    """Let every change search again and every search explain its chosen hit."""
    tab = events.tab
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    question = [
        tab.choice, tab.attributes, tab.more, tab.weighed, tab.as_trained, tab.beta, tab.k, tab.filters,
    ]  # fmt: skip
    search: dict[str, Any] = {
        "fn": events.search,
        "inputs": question,
        "outputs": [events.banner, tab.line, tab.results, tab.answer, tab.rank, tab.which, tab.explained],
        "trigger_mode": "always_last",
        "concurrency_limit": 4,
        **quiet,
    }
    explain: dict[str, Any] = {
        "fn": events.explain,
        "inputs": [tab.answer, tab.rank, tab.which],
        "outputs": [tab.explanation, tab.line],
        "trigger_mode": "always_last",
        "concurrency_limit": 4,
        **quiet,
    }
    arrange: dict[str, Any] = {
        "fn": events.arrange,
        "inputs": [tab.attributes, tab.more, tab.weighed],
        "outputs": [tab.weights_title, *tab.weights],
        **quiet,
    }
    page.load(
        events.begin,
        None,
        [
            events.banner,
            tab.choice,
            tab.image,
            tab.picker,
            tab.attributes,
            tab.more_box,
            tab.more,
            tab.filters,
            tab.k,
            tab.results,
        ],
        concurrency_limit=None,
        **quiet,
    ).then(**search).then(**explain)
    query = [tab.choice, tab.image, tab.picker, tab.query_line]
    tab.image.input(events.take_image, [tab.image, tab.choice], query, **quiet).then(**search).then(**explain)
    tab.picker.select(events.take_item, None, query, **quiet).then(**search).then(**explain)
    tab.search_hit.click(events.take_hit, [tab.answer, tab.rank], query, **quiet).then(**search).then(**explain)
    tab.shuffle.click(events.shuffle, [tab.page, tab.choice], [tab.page, tab.picker], **quiet)
    gr.on([tab.attributes.input, tab.more.input], **arrange).then(**search).then(**explain)
    for slot, slider in enumerate(tab.weights):
        slider.release(
            lambda value, chosen, more, weighed, slot=slot: weigh(slot, value, [*chosen, *more], weighed),
            [slider, tab.attributes, tab.more, tab.weighed],
            [tab.weighed],
            **quiet,
        ).then(**search).then(**explain)
    tab.as_trained.input(lambda trained: gr.Slider(visible=not trained), tab.as_trained, tab.beta, **quiet)
    changes = [tab.as_trained.input, tab.beta.release, tab.k.release, tab.filters.input]
    gr.on(changes, **search).then(**explain)
    tab.results.select(events.take_rank, None, [tab.rank], **quiet).then(**explain)
    tab.which.input(**explain)

"""Which event of the search tab calls which handler."""

from typing import Any

import gradio as gr

from ui.search_events import SearchEvents, weigh

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
EVERY: dict[str, Any] = {"trigger_mode": "multiple", **QUIET}
"""For what a visitor does in quick succession: by default Gradio drops a second event while the first is under way."""


def connect_search(page: gr.Blocks, events: SearchEvents) -> None:
    """Let every change search again and every search explain its chosen hit."""
    tab, banner, stop = events.tab, events.banner, events.stop
    latest: dict[str, Any] = {"trigger_mode": "always_last", "concurrency_limit": 4, **QUIET}
    search: dict[str, Any] = {
        "fn": events.search,
        "inputs": [tab.choice, tab.attributes, tab.more, tab.weighed, tab.as_trained, tab.beta, tab.k, tab.filters],
        "outputs": [banner, stop, tab.line, tab.results, tab.answer, tab.rank, tab.which, tab.explained],
        **latest,
    }
    explain: dict[str, Any] = {
        "fn": events.explain,
        "inputs": [tab.answer, tab.rank, tab.which],
        "outputs": [tab.explanation, tab.line],
        **latest,
    }
    filled = [
        tab.picker,
        tab.image,
        tab.choice,
        tab.attributes,
        tab.more_box,
        tab.more,
        tab.filters,
        tab.k,
        tab.results,
    ]
    query = [tab.choice, tab.image, tab.picker, tab.query_line]
    chosen = [tab.attributes, tab.more, tab.weighed]
    changed = [
        page.load(events.begin, None, [banner, *filled], concurrency_limit=None, **QUIET),
        tab.image.input(events.take_image, [tab.image, tab.choice], query, **EVERY),
        tab.picker.select(events.take_item, None, query, **EVERY),
        tab.search_hit.click(events.take_hit, [tab.answer, tab.rank], query, **EVERY),
        gr.on(
            [tab.attributes.input, tab.more.input],
            events.arrange,
            chosen,
            [tab.weights_title, *tab.weights],
            **EVERY,
        ),
    ]
    for slot, slider in enumerate(tab.weights):

        def take_weight(
            value: float, names: list[str], more: list[str], weighed: dict[str, float], slot: int = slot
        ) -> dict[str, float]:
            return weigh(slot, value, [*names, *more], weighed)

        changed.append(slider.release(take_weight, [slider, *chosen], [tab.weighed], **EVERY))
    searches = [change.then(**search) for change in changed]
    tab.as_trained.input(lambda trained: gr.Slider(visible=not trained), tab.as_trained, tab.beta, **EVERY)
    searches.append(gr.on([tab.as_trained.input, tab.beta.release, tab.k.release, tab.filters.input], **search))
    for run in searches:
        run.then(**explain)
    stop.click(events.stopped, None, [banner, stop, tab.line], cancels=searches, **QUIET)
    tab.shuffle.click(events.shuffle, [tab.page, tab.choice], [tab.page, tab.picker], **EVERY)
    tab.results.select(events.take_rank, None, [tab.rank], **EVERY).then(**explain)
    tab.which.input(**explain)

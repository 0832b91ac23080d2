"""The search tab: the query bar above, what to ask with on the left, results on the right, explanation below."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from ui.asked import Asked
from ui.picture_box import BESIDE_SCRIPT, BOX_SCRIPT, PICTURE_SCRIPT
from ui.reply import reply_part
from ui.result_cards import scripts
from ui.scripts import script
from ui.selection_events import Selection, build_selection
from ui.steps import Steps
from ui.why_events import WhyNotPart, build_why_not

TICK = 0.7
"""Seconds between two looks at an embedding in the background."""


@dataclass(frozen=True)
class SearchTab:
    """The components of the tab that events read or write. reply: what answers a tap, for the browser. steps: the queries of
    the page; query: the one that is asked, for other tabs."""

    bar: gr.HTML
    term_box: gr.HTML
    image: gr.HTML
    beside: gr.HTML
    query_line: gr.HTML
    picker: gr.HTML
    shuffle: gr.Button
    rows: gr.HTML
    facets: gr.HTML
    settings: gr.HTML
    reply: gr.HTML
    left_out: gr.HTML
    line: gr.HTML
    arrived: gr.HTML
    results: gr.HTML
    selection: Selection
    why_not: WhyNotPart
    explained: gr.Column
    which: gr.Radio
    explanation: gr.HTML
    verdict: gr.HTML
    search_hit: gr.Button
    timer: gr.Timer
    catalog: gr.State
    steps: gr.State
    query: gr.State
    answer: gr.State
    rank: gr.State
    ready: gr.State


def build_search_tab(say: Callable[[str], object]) -> SearchTab:
    """Lay the tab out, empty; `say` gives the text of a word key, in the language of the visitor."""
    acts = script("acts") + script("keep")
    parts: dict[str, object] = {
        "bar": gr.HTML(elem_id="bar", js_on_load=acts + script("bar")),
        "term_box": gr.HTML(elem_id="term-box", js_on_load=script("acts") + BOX_SCRIPT),
    }
    with gr.Row(elem_classes="lapel-search", equal_height=False):
        with gr.Column(scale=0, min_width=340, elem_classes="lapel-query"):
            parts.update(_query(say, acts))
        with gr.Column(scale=1, min_width=320, elem_classes="lapel-found"):
            parts["reply"] = reply_part("search-reply")
            parts["left_out"] = gr.HTML(elem_id="left-out")
            parts["line"] = gr.HTML(elem_id="line")
            parts["arrived"] = gr.HTML(elem_id="arrived", js_on_load=acts)
            parts["results"] = gr.HTML(elem_id="results", js_on_load=scripts())
            selection = build_selection(say)
            with gr.Column(elem_id="explanation", visible=False) as explained:
                parts.update(_explanation(say, acts))
            why_not = build_why_not(say)
    states = {
        "catalog": gr.State(""),
        "steps": gr.State(Steps()),
        "query": gr.State(Asked()),
        "answer": gr.State(None),
        "rank": gr.State(0),
        "ready": gr.State(0),
    }
    timer = gr.Timer(TICK, active=False)
    return SearchTab(explained=explained, timer=timer, selection=selection, why_not=why_not, **parts, **states)


def _query(say: Callable[[str], object], acts: str) -> dict[str, object]:
    parts: dict[str, object] = {
        "image": gr.HTML('<div class="lapel-picture"></div>', elem_id="query-image", js_on_load=PICTURE_SCRIPT),
        "beside": gr.HTML(elem_id="beside", js_on_load=BESIDE_SCRIPT),
        "query_line": gr.HTML(elem_id="query-line"),
    }
    with gr.Row(elem_classes="lapel-pick", equal_height=True):
        gr.HTML(f"<p class='caption'>{say('pick')}</p>", elem_classes="grow")
        parts["shuffle"] = gr.Button(
            say("shuffle"), size="sm", variant="secondary", scale=0, min_width=90, elem_id="shuffle"
        )
    parts["picker"] = gr.HTML(elem_id="picker", js_on_load=script("pick"))
    parts["rows"] = gr.HTML(elem_id="rows", js_on_load=acts + script("rows"))
    parts["facets"] = gr.HTML(elem_id="facets", js_on_load=acts + script("facets"))
    with gr.Accordion(say("advanced"), open=False, elem_id="advanced"):
        parts["settings"] = gr.HTML(elem_id="settings", js_on_load=acts)
    return parts


def _explanation(say: Callable[[str], object], acts: str) -> dict[str, object]:
    parts: dict[str, object] = {}
    with gr.Row(elem_classes="lapel-why", equal_height=True):
        gr.HTML(f"<h2>{say('explanation')}</h2>", elem_classes="grow")
        parts["which"] = gr.Radio(
            [],
            label=say("explain_attribute"),
            show_label=False,
            visible=False,
            elem_id="which",
            elem_classes="chips",
        )
        parts["search_hit"] = gr.Button(
            say("search_with_hit"), variant="primary", size="sm", scale=0, elem_id="search-hit"
        )
    parts["explanation"] = gr.HTML(elem_id="why", js_on_load=script("why") + script("keep"))
    parts["verdict"] = gr.HTML(elem_id="verdict", js_on_load=script("other") + acts)
    return parts

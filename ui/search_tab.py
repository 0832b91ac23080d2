"""The search tab: query on the left, results on the right, explanation below."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from model import AT_LEAST, Level
from ui.asked import Picture
from ui.reply import reply_part
from ui.scripts import script
from ui.searching import FEW_HITS

LEASTS = (("likely", Level.LIKELY), ("very", Level.VERY_LIKELY))
"""Match levels that a search can be cut off below."""
TICK = 0.7
"""Seconds between two looks at an embedding in the background."""


@dataclass(frozen=True)
class SearchTab:
    """The components of the tab that events read or write. reply: what answers a tap, for the browser."""

    image: gr.HTML
    query_line: gr.HTML
    picker: gr.HTML
    shuffle: gr.Button
    attributes: gr.CheckboxGroup
    unknown: gr.HTML
    more_box: gr.Accordion
    more: gr.CheckboxGroup
    more_info: gr.HTML
    weights_title: gr.HTML
    weights: gr.HTML
    least: gr.Radio
    as_trained: gr.Checkbox
    balance: gr.HTML
    k: gr.HTML
    filters: gr.Dropdown
    reply: gr.HTML
    left_out: gr.HTML
    line: gr.HTML
    arrived: gr.HTML
    results: gr.HTML
    explained: gr.Column
    which: gr.Radio
    explanation: gr.HTML
    verdict: gr.HTML
    search_hit: gr.Button
    timer: gr.Timer
    catalog: gr.State
    choice: gr.State
    weighed: gr.State
    k_value: gr.State
    balance_value: gr.State
    answer: gr.State
    rank: gr.State
    page: gr.State
    strip: gr.State
    ready: gr.State


def build_search_tab(say: Callable[[str], object]) -> SearchTab:
    """Lay the tab out, empty; `say` gives the text of a word key, in the language of the visitor."""
    parts: dict[str, object] = {}
    with gr.Row(elem_classes="lapel-search", equal_height=False):
        with gr.Column(scale=0, min_width=340, elem_classes="lapel-query"):
            parts.update(_query(say))
        with gr.Column(scale=1, min_width=320, elem_classes="lapel-found"):
            parts["reply"] = reply_part("search-reply")
            parts["left_out"] = gr.HTML(elem_id="left-out")
            parts["line"] = gr.HTML(elem_id="line")
            parts["arrived"] = gr.HTML(elem_id="arrived", js_on_load=script("acts") + script("keep"))
            parts["results"] = gr.HTML(elem_id="results", js_on_load=script("pick") + script("results"))
            with gr.Column(elem_id="explanation", visible=False) as explained:
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
                parts["explanation"] = gr.HTML(elem_id="why")
                judged = script("other") + script("acts") + script("keep")
                parts["verdict"] = gr.HTML(elem_id="verdict", js_on_load=judged)
    states = {
        "catalog": gr.State(""),
        "choice": gr.State(Picture()),
        "weighed": gr.State({}),
        "k_value": gr.State(FEW_HITS),
        "balance_value": gr.State({}),
        "answer": gr.State(None),
        "rank": gr.State(0),
        "page": gr.State(0),
        "strip": gr.State([]),
        "ready": gr.State(0),
    }
    timer = gr.Timer(TICK, active=False)
    return SearchTab(explained=explained, timer=timer, **parts, **states)


def _query(say: Callable[[str], object]) -> dict[str, object]:
    image = gr.HTML('<div class="lapel-picture"></div>', elem_id="query-image", js_on_load=script("picture"))
    query_line = gr.HTML(elem_id="query-line")
    with gr.Row(elem_classes="lapel-pick", equal_height=True):
        gr.HTML(f"<p class='caption'>{say('pick')}</p>", elem_classes="grow")
        shuffle = gr.Button(say("shuffle"), size="sm", variant="secondary", scale=0, min_width=90, elem_id="shuffle")
    picker = gr.HTML(elem_id="picker", js_on_load=script("pick"))
    attributes = gr.CheckboxGroup([], label=say("attributes"), elem_classes="chips", elem_id="attributes")
    unknown = gr.HTML(elem_id="unknown", js_on_load=script("acts"))
    with gr.Accordion(say("more_attributes"), open=False, visible=False, elem_id="more-box") as more_box:
        more_info = gr.HTML(elem_id="more-info")
        more = gr.CheckboxGroup(
            [], show_label=False, label=say("more_attributes"), elem_classes="chips", elem_id="more"
        )
    weights_title = gr.HTML(f"<p class='caption strong'>{say('weights')}</p>", visible=False)
    weights = gr.HTML(elem_id="weights", js_on_load=script("dials"))
    with gr.Accordion(say("advanced"), open=False, elem_id="advanced"):
        filters = gr.Dropdown(
            [], multiselect=True, label=say("filters"), info=say("filters_info"), elem_id="filters", filterable=True
        )
        k = gr.HTML(elem_id="k", js_on_load=script("dials"))
        choices = [(say("least_any"), 0.0), *((say(f"least_{key}"), AT_LEAST[found]) for key, found in LEASTS)]
        least = gr.Radio(choices, value=0.0, label=say("least"), elem_id="least", elem_classes="chips")
        as_trained = gr.Checkbox(True, label=say("beta_trained"), elem_id="as-trained")
        balance = gr.HTML(elem_id="balance", js_on_load=script("dials"), visible=False)
    return {
        "image": image,
        "query_line": query_line,
        "picker": picker,
        "shuffle": shuffle,
        "attributes": attributes,
        "unknown": unknown,
        "more_box": more_box,
        "more": more,
        "more_info": more_info,
        "weights_title": weights_title,
        "weights": weights,
        "least": least,
        "as_trained": as_trained,
        "balance": balance,
        "k": k,
        "filters": filters,
    }

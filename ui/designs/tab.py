"""Layout of similar designs: what is to agree, how likely, and what was found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from model import AT_LEAST, Level
from retrieval import Designs
from ui.reply import reply_part
from ui.scripts import script


@dataclass(frozen=True)
class Seen:
    """What a visitor looks at. catalog: the id of the one that it is of. found: None before the first answer. pairs: whether
    pairs are shown and not groups. more: how often more of them were asked for. opened: numbers of the groups of which all
    is shown. offered: attributes that can be chosen."""

    catalog: str = ""
    found: Designs | None = None
    pairs: bool = False
    more: int = 0
    opened: tuple[int, ...] = ()
    offered: tuple[str, ...] = ()


@dataclass(frozen=True)
class DesignsTab:
    """The components that events read or write."""

    seen: gr.State
    attributes: gr.CheckboxGroup
    level: gr.Radio
    scores: gr.HTML
    least: gr.State
    differ: gr.CheckboxGroup
    across: gr.Dropdown
    one: gr.Dropdown
    other: gr.Dropdown
    filters: gr.Dropdown
    twins: gr.Checkbox
    find: gr.Button
    stop: gr.Button
    line: gr.HTML
    results: gr.HTML
    file: gr.DownloadButton
    reply: gr.HTML


def build_designs(say: Callable[[str], Any]) -> DesignsTab:
    """Lay the section out, empty; `say` gives the text of a word key, in the language of the visitor."""
    chips = {"elem_classes": "chips"}
    with gr.Column(elem_id="designs", elem_classes="lapel-designs"):
        gr.HTML(f'<header class="lapel-designs-head"><h2>{say("designs_title")}</h2></header>', elem_id="designs-title")
        gr.HTML(f"<p>{say('designs_about')}</p>", elem_id="designs-about")
        attributes = gr.CheckboxGroup([], label=say("designs_attributes"), elem_id="designs-attributes", **chips)
        levels = [(say("designs_likely"), AT_LEAST[Level.LIKELY]), (say("designs_very"), AT_LEAST[Level.VERY_LIKELY])]
        level = gr.Radio(
            levels, value=AT_LEAST[Level.LIKELY], label=say("designs_level"), elem_id="designs-level", **chips
        )
        scores = gr.HTML(elem_id="designs-scores", js_on_load=script("dials"))
        with gr.Accordion(say("designs_more"), open=False, elem_id="designs-more"):
            differ = gr.CheckboxGroup([], label=say("designs_differ"), elem_id="designs-differ", **chips)
            with gr.Row(elem_classes="lapel-sides"):
                across = gr.Dropdown([], label=say("designs_across"), elem_id="designs-across", min_width=160)
                one = gr.Dropdown([], label=say("designs_one"), elem_id="designs-one", visible=False, min_width=140)
                other = gr.Dropdown(
                    [], label=say("designs_other"), elem_id="designs-other", visible=False, min_width=140
                )
            filters = gr.Dropdown(
                [], multiselect=True, label=say("filters"), info=say("filters_info"), elem_id="designs-filters"
            )
            twins = gr.Checkbox(True, label=say("designs_twins"), elem_id="designs-twins")
        with gr.Row(elem_classes="lapel-asking"):
            find = gr.Button(
                say("designs_find"), variant="primary", size="sm", scale=0, min_width=200, elem_id="designs-find"
            )
            stop = gr.Button(
                say("designs_stop"), size="sm", scale=0, min_width=90, visible=False, elem_id="designs-stop"
            )
        reply = reply_part("designs-reply")
        line = gr.HTML(elem_id="designs-line")
        results = gr.HTML(elem_id="designs-results", js_on_load=script("acts") + script("keep") + script("designs"))
    file = gr.DownloadButton(elem_id="designs-file", size="sm")
    return DesignsTab(
        gr.State(Seen()), attributes, level, scores, gr.State({}), differ, across, one, other, filters, twins, find,
        stop, line, results, file, reply,
    )  # fmt: skip

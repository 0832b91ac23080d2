"""Layout of the PoC tab: the verdict first, then a walk in five steps, then the assumptions under all of them."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from ui.scripts import script

TICK = 1.0
"""Seconds between two looks at a sheet that is being made."""
STEPS = ("images", "gain", "labels", "running", "decision")


@dataclass(frozen=True)
class PocTab:
    """The components of the tab that events read or write.

    tab: the tab itself. catalog: which one is open. split: what a sheet is made of. head: the verdict, or what the sheet is.
    job: how far a sheet is. walk: the steps. job_id: that of the
    sheet that is waited for, '' for none. going: the buttons that lead on, with the number of the step that each leads to.
    seen: id of the catalog that was shown last.
    """

    tab: gr.Tab
    catalog: gr.HTML
    head: gr.HTML
    make: gr.Button
    split: gr.Radio
    job: gr.HTML
    walk: gr.Walkthrough
    images: gr.HTML
    bring: gr.Button
    gain_line: gr.HTML
    gain: gr.Plot
    gain_table: gr.HTML
    which: gr.Radio
    labels_line: gr.HTML
    curve: gr.Plot
    labels_table: gr.HTML
    running: gr.HTML
    prices: gr.HTML
    decision: gr.HTML
    bars_line: gr.HTML
    bars: gr.Plot
    bars_told: gr.HTML
    files: gr.HTML
    line: gr.HTML
    stated: gr.HTML
    going: list[tuple[gr.Button, int]]
    tick: gr.Timer
    job_id: gr.State
    seen: gr.State


def build_poc_tab(tab: gr.Tab, say: Callable[[str], object]) -> PocTab:
    """Lay the tab out, empty; `say` gives the text of a word key, in the language of the visitor."""
    acts = script("acts") + script("keep")
    going: list[tuple[gr.Button, int]] = []

    def on(place: int) -> None:
        """The buttons below a step."""
        with gr.Row(elem_classes="lapel-poc-on"):
            following = gr.Button(say(f"poc_next_{STEPS[place]}"), size="sm", scale=0, min_width=150)
            going.append((following, place + 1))
            if place < len(STEPS) - 1:
                going.append((gr.Button(say("poc_to_decision"), size="sm", scale=0, min_width=150), len(STEPS)))

    with gr.Column(elem_classes="lapel-poc"):
        catalog = gr.HTML(elem_id="poc-catalog", js_on_load=acts)
        head = gr.HTML(elem_id="poc-head", js_on_load=script("steps"))
        with gr.Row(elem_classes="lapel-poc-make", equal_height=True):
            make = gr.Button(say("poc_make"), variant="primary", scale=0, min_width=180, elem_id="poc-make")
            split = gr.Radio([], label=say("poc_of"), visible=False, elem_id="poc-split", elem_classes="chips")
        job = gr.HTML(elem_id="poc-job", js_on_load=acts)
        with gr.Walkthrough(selected=1, elem_id="poc-walk") as walk:
            with gr.Step(say("poc_step_images"), id=1, elem_id="poc-images"):
                images = gr.HTML(elem_id="poc-images-part")
                bring = gr.Button(say("poc_import"), size="sm", scale=0, min_width=180, elem_id="poc-import")
                on(1)
            with gr.Step(say("poc_step_gain"), id=2, elem_id="poc-gain"):
                gain_line = gr.HTML(elem_id="poc-gain-line", js_on_load=script("figure"))
                gain = gr.Plot(show_label=False, container=False, visible=False, elem_id="plot-poc-gain")
                gain_table = gr.HTML(elem_id="poc-gain-table")
                on(2)
            with gr.Step(say("poc_step_labels"), id=3, elem_id="poc-labels"):
                which = gr.Radio(
                    [],
                    label=say("poc_which"),
                    show_label=False,
                    visible=False,
                    elem_id="poc-which",
                    elem_classes="chips",
                )
                labels_line = gr.HTML(elem_id="poc-labels-line", js_on_load=script("figure"))
                curve = gr.Plot(show_label=False, container=False, visible=False, elem_id="plot-poc-curve")
                labels_table = gr.HTML(elem_id="poc-labels-table")
                on(3)
            with gr.Step(say("poc_step_running"), id=4, elem_id="poc-running"):
                running = gr.HTML(elem_id="poc-running-part")
                prices = gr.HTML(elem_id="poc-prices", js_on_load=acts + script("form"))
                on(4)
            with gr.Step(say("poc_step_decision"), id=5, elem_id="poc-decision"):
                decision = gr.HTML(elem_id="poc-decision-part")
                bars_line = gr.HTML(elem_id="poc-bars-line", js_on_load=script("figure"))
                bars = gr.Plot(show_label=False, container=False, visible=False, elem_id="plot-poc-bars")
                bars_told = gr.HTML(elem_id="poc-bars-told")
                files = gr.HTML(elem_id="poc-files", js_on_load=script("sheet"))
        line = gr.HTML(elem_id="poc-line")
        stated = gr.HTML(elem_id="poc-stated", js_on_load=acts + script("form"))
    return PocTab(
        tab, catalog, head, make, split, job, walk, images, bring, gain_line, gain, gain_table, which, labels_line, curve,
        labels_table, running, prices, decision, bars_line, bars, bars_told, files, line, stated,
        going=going, tick=gr.Timer(TICK, active=False), job_id=gr.State(""), seen=gr.State(""),
    )  # fmt: skip

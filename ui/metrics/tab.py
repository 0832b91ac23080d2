"""Layout of the Metrics tab: a sentence and a few figures first, then the table, one attribute, its queries, the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.reply import reply_part
from ui.scripts import script

FIGURES = ("dots", "bars", "curve", "beta", "gamma", "differences")
"""Names of the plots."""


@dataclass(frozen=True)
class Looked:
    """What a visitor looks at.

    report: a file name of a shipped report, `catalog id/file name` of one of a catalog's own, `catalog id/` of a catalog
    that was not measured, or `OPENED`, for the file at `path`. attribute, value, hit, column, slice: what the queries are
    narrowed down to; more: how often more of them were asked for. query, item: the picture whose label is put right.
    against: reports that it is compared with. job: the evaluation that goes on.
    """

    report: str = ""
    path: str = ""
    attribute: str = ""
    value: str = ""
    hit: str = ""
    column: str = ""
    slice: str | None = None
    more: int = 0
    query: str = ""
    item: str = ""
    against: tuple[str, ...] = ()
    job: str = ""


OPENED = ":opened"


@dataclass(frozen=True)
class MetricsTab:
    """The components of the tab that events read or write; `body` is all that needs a report."""

    looked: gr.State
    choose: gr.Dropdown
    evaluate: gr.Button
    upload: gr.UploadButton
    options: gr.Column
    attributes: gr.CheckboxGroup
    split: gr.Radio
    share: gr.Radio
    begin: gr.Button
    line: gr.HTML
    job: gr.HTML
    tick: gr.Timer
    head: gr.HTML
    body: gr.Column
    table: gr.HTML
    one: gr.HTML
    parts: gr.HTML
    cases: gr.HTML
    compare: gr.Column
    against: gr.Dropdown
    compared: gr.HTML
    source: gr.HTML
    plots: dict[str, gr.Plot]
    saves: dict[str, gr.HTML]
    file: gr.DownloadButton
    reply: gr.HTML
    weights: gr.Radio


def build_metrics_tab(say: Callable[[str], Any]) -> MetricsTab:
    """Lay the tab out, empty; `say` gives the text of a word key, in the language of the visitor."""
    acts = script("other") + script("acts") + script("keep")
    plots: dict[str, gr.Plot] = {}
    saves: dict[str, gr.HTML] = {}

    def plot(name: str) -> None:
        with gr.Column(elem_classes="lapel-plot", min_width=320):
            saves[name] = gr.HTML(elem_id=f"save-{name}", js_on_load=script("figure"))
            plots[name] = gr.Plot(
                show_label=False, container=False, visible=False, elem_id=f"plot-{name}", min_width=300
            )

    with gr.Row(elem_classes="lapel-reports", equal_height=True):
        choose = gr.Dropdown([], label=say("report"), show_label=False, container=False, elem_id="report", scale=1)
        evaluate = gr.Button(say("measure_again"), size="sm", scale=0, min_width=140, elem_id="evaluate", visible=False)
        upload = gr.UploadButton(
            say("upload_report"), file_types=[".json"], size="sm", scale=0, elem_id="open-report", min_width=150
        )
    with gr.Column(visible=False, elem_id="evaluate-options", elem_classes="lapel-evaluate") as options:
        attributes = gr.CheckboxGroup(
            [], label=say("measure_attributes"), elem_classes="chips", elem_id="evaluate-attributes"
        )
        split = gr.Radio([], label=say("measure_split"), elem_classes="chips", elem_id="evaluate-split", visible=False)
        share = gr.Radio([], label=say("measure_share"), elem_classes="chips", elem_id="evaluate-share")
        weights = gr.Radio(
            [], label=say("measure_weights"), elem_classes="chips", elem_id="evaluate-weights", visible=False
        )
        begin = gr.Button(
            say("measure_now"), variant="primary", size="sm", scale=0, min_width=160, elem_id="evaluate-begin"
        )
    reply = reply_part("metrics-reply")
    line = gr.HTML(elem_id="metrics-line", js_on_load=acts)
    job = gr.HTML(elem_id="metrics-job", js_on_load=acts)
    head = gr.HTML(elem_id="metrics-head", js_on_load=acts + script("metrics"))
    with gr.Column(visible=False, elem_id="metrics-body") as body:
        table = gr.HTML(elem_id="measures", js_on_load=acts + script("sorting"))
        with gr.Row(elem_classes="lapel-plots", equal_height=False):
            plot("dots")
            plot("bars")
        one = gr.HTML(elem_id="one", js_on_load=acts)
        parts = gr.HTML(elem_id="parts", js_on_load=acts + script("figure"))
        cases = gr.HTML(elem_id="cases", js_on_load=acts + script("cases"))
        with gr.Row(elem_classes="lapel-plots", equal_height=False):
            plot("curve")
            plot("beta")
            plot("gamma")
        with gr.Column(elem_id="compare-reports", elem_classes="lapel-compare") as compare:
            gr.HTML(f'<header class="lapel-part"><h2>{say("compare_title")}</h2></header>')
            against = gr.Dropdown([], multiselect=True, label=say("compare_with"), elem_id="against")
            compared = gr.HTML(elem_id="compared")
            plot("differences")
        source = gr.HTML(elem_id="source", js_on_load=acts)
    file = gr.DownloadButton(elem_id="metrics-file", size="sm")
    return MetricsTab(
        gr.State(Looked()), choose, evaluate, upload, options, attributes, split, share, begin, line, job,
        gr.Timer(1.0, active=False), head, body, table, one, parts, cases, compare, against, compared, source,
        plots, saves, file, reply, weights,
    )  # fmt: skip

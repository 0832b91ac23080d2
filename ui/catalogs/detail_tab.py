"""Layout of one catalog in detail: it takes the place of the list while it is open."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from catalog import Item
from library import LabelUpdate
from ui.scripts import script

TABLES = [".csv", ".tsv", ".xlsx", ".jsonl", ".parquet"]
PICTURES = ["image"]


@dataclass(frozen=True)
class Shown:
    """What a visitor looks at. text, column, value: what the items are narrowed down to. page: from 0. item: the one whose panel
    is open. removed: what can be put back. update: a table of labels that was read."""

    catalog: str = ""
    text: str = ""
    column: str = ""
    value: str = ""
    page: int = 0
    item: str = ""
    removed: tuple[Item, ...] = ()
    update: LabelUpdate | None = None


@dataclass(frozen=True)
class DetailTab:
    """The components of the detail that events read or write. report: when it changes, Metrics shows a
    report."""

    part: gr.Column
    head: gr.HTML
    line: gr.HTML
    owner: gr.Row
    name: gr.Textbox
    rename: gr.Button
    labels: gr.UploadButton
    update: gr.HTML
    about: gr.HTML
    items: gr.HTML
    panel: gr.Column
    item: gr.HTML
    picture: gr.UploadButton
    shown: gr.State
    report: gr.State


def build_detail(say: Callable[[str], object]) -> DetailTab:
    """Lay the detail out, hidden; `say` gives the text of a word key, in the language of the visitor."""
    acts = script("acts") + script("keep")
    with gr.Column(elem_id="detail", visible=False) as part:
        head = gr.HTML(elem_id="detail-head", js_on_load=acts)
        line = gr.HTML(elem_id="detail-line", js_on_load=acts)
        about = gr.HTML(elem_id="detail-about", js_on_load=acts)
        with gr.Row(elem_classes="lapel-owner", equal_height=True, visible=False) as owner:
            name = gr.Textbox(label=say("catalog_name"), max_lines=1, elem_id="detail-name", scale=2)
            rename = gr.Button(say("act_rename"), scale=0, min_width=120, elem_id="detail-rename")
            labels = gr.UploadButton(
                say("labels_from_table"), file_types=TABLES, scale=0, min_width=240, elem_id="detail-labels"
            )
        update = gr.HTML(elem_id="detail-update", js_on_load=acts)
        with gr.Row(elem_classes="lapel-items", equal_height=False):
            with gr.Column(scale=3, min_width=320):
                items = gr.HTML(elem_id="items", js_on_load=acts + script("items"))
            with gr.Column(scale=2, min_width=320, visible=False, elem_id="item-panel") as panel:
                item = gr.HTML(elem_id="item", js_on_load=script("other") + acts)
                picture = gr.UploadButton(
                    say("replace_picture"), file_types=PICTURES, size="sm", visible=False, elem_id="item-picture"
                )
    return DetailTab(
        part, head, line, owner, name, rename, labels, update, about, items, panel, item, picture,
        shown=gr.State(Shown()), report=gr.State(("", 0)),
    )  # fmt: skip

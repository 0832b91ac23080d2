"""Layout of the Catalogs tab: bring one, look at it, the list, and what is done with them in the background."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from ui.reply import reply_part
from ui.scripts import script
from ui.upload_box import upload_box

TICK = 1.0
"""Seconds between two looks at what goes on."""


@dataclass(frozen=True)
class CatalogsTab:
    """The components of the tab that events read or write.

    look: the id of what is looked at. into: the id of the catalog that it is added to. go: the catalog that is to be searched,
    a number that is new each time, and an item of it or ''. logged: the id of the job whose log is shown. tick: fires while
    something goes on that is shown. reply: what answers a tap, for the browser.
    """

    reply: gr.HTML
    line: gr.HTML
    bring: gr.Column
    adding: gr.HTML
    upload: gr.HTML
    place: gr.Textbox
    look_at: gr.Button
    looked: gr.Column
    found: gr.HTML
    name: gr.Textbox
    accept: gr.Button
    discard: gr.Button
    listed: gr.HTML
    jobs: gr.HTML
    tick: gr.Timer
    look: gr.State
    into: gr.State
    go: gr.State
    log: gr.HTML
    logged: gr.State


def build_catalogs_tab(say: Callable[[str], object]) -> CatalogsTab:
    """Lay the tab out, empty; `say` gives the text of a word key, in the language of the visitor."""
    reply = reply_part("catalogs-reply")
    line = gr.HTML(elem_id="catalogs-line", js_on_load=script("acts"))
    with gr.Column(elem_id="bring") as bring:
        gr.HTML(f"<h2>{say('bring')}</h2>")
        gr.HTML(f"<p class='lapel-hint'>{say('bring_hint')}</p>")
        adding = gr.HTML(elem_id="adding", js_on_load=script("acts"))
        upload = upload_box(say)
        with gr.Row(elem_classes="lapel-place", equal_height=True):
            place = gr.Textbox(
                label=say("place"), show_label=False, placeholder=say("place_hint"), container=False, elem_id="place"
            )
            look_at = gr.Button(say("look_at"), scale=0, min_width=120, elem_id="look-at")
    with gr.Column(elem_id="looked", visible=False) as looked:
        found = gr.HTML(elem_id="found", js_on_load=script("acts"))
        with gr.Row(elem_classes="lapel-accept", equal_height=True):
            name = gr.Textbox(label=say("catalog_name"), elem_id="catalog-name", max_lines=1)
            accept = gr.Button(say("accept"), variant="primary", scale=0, min_width=160, elem_id="accept")
            discard = gr.Button(say("discard"), scale=0, min_width=120, elem_id="discard")
    jobs = gr.HTML(elem_id="jobs", js_on_load=script("acts") + script("keep") + script("download") + script("over"))
    log = gr.HTML(elem_id="job-log", js_on_load=script("acts"))
    gr.HTML(f"<h2>{say('your_catalogs')}</h2>", elem_id="list-title")
    listed = gr.HTML(elem_id="catalog-list", js_on_load=script("acts"))
    tick = gr.Timer(TICK, active=False)
    return CatalogsTab(
        reply, line, bring, adding, upload, place, look_at, looked, found, name, accept, discard, listed, jobs, tick,
        look=gr.State(""), into=gr.State(""), go=gr.State(("", 0, "")), log=log, logged=gr.State(""),
    )  # fmt: skip

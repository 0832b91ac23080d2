"""Layout of labelling, a part of the Catalogs tab that takes its place while it is open."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from ui.reply import reply_part
from ui.scripts import script

TICK = 0.7
"""Seconds between two looks at a job that teaches."""


@dataclass(frozen=True)
class Session:
    """What a visitor labels: a catalog and an attribute of it ('' while none is chosen), the items that he passed over,
    the job that teaches it, and the number of the answer that came last."""

    catalog: str = ""
    attribute: str = ""
    passed: tuple[str, ...] = ()
    job: str = ""
    number: int = 0


@dataclass(frozen=True)
class LabellingTab:
    """The components of labelling that events read or write.

    stage: the picture that is asked for, and the next ones; drawn once, then kept by the browser. known: what is known so far,
    and pictures for the stage; drawn after every answer. lesson: how teaching goes. reply: what answers a tap, for the browser.
    """

    reply: gr.HTML
    part: gr.Column
    head: gr.HTML
    line: gr.HTML
    choosing: gr.Column
    pick: gr.HTML
    name: gr.Textbox
    values: gr.Textbox
    begin: gr.Button
    stage: gr.HTML
    known: gr.HTML
    lesson: gr.HTML
    tick: gr.Timer
    session: gr.State
    taught: gr.State


def build_labelling(say: Callable[[str], object]) -> LabellingTab:
    """Lay labelling out, hidden; `say` gives the text of a word key, in the language of the visitor."""
    reply = reply_part("labelling-reply")
    with gr.Column(elem_id="labelling", visible=False) as part:
        head = gr.HTML(elem_id="label-head", js_on_load=script("acts"))
        line = gr.HTML(elem_id="label-line")
        with gr.Column(elem_id="label-choosing") as choosing:
            pick = gr.HTML(elem_id="label-pick", js_on_load=script("acts"))
            gr.HTML(f"<h3>{say('new_attribute')}</h3>")
            with gr.Row(elem_classes="lapel-new", equal_height=False):
                name = gr.Textbox(
                    label=say("attribute_name_field"),
                    placeholder=say("attribute_name_hint"),
                    max_lines=1,
                    elem_id="label-name",
                )
                values = gr.Textbox(
                    label=say("values_field"),
                    placeholder=say("values_hint"),
                    max_lines=1,
                    scale=2,
                    elem_id="label-values",
                )
                begin = gr.Button(
                    say("begin_labelling"), variant="primary", scale=0, min_width=120, elem_id="label-begin"
                )
        with gr.Row(elem_classes="lapel-labelling", equal_height=False):
            with gr.Column(scale=3, min_width=320):
                stage = gr.HTML(elem_id="label-stage", js_on_load=script("label"))
            with gr.Column(scale=2, min_width=280):
                lesson = gr.HTML(elem_id="label-lesson", js_on_load=script("acts"))
                known = gr.HTML(elem_id="label-known", js_on_load=script("acts") + script("known"))
    return LabellingTab(
        reply=reply,
        part=part,
        head=head,
        line=line,
        choosing=choosing,
        pick=pick,
        name=name,
        values=values,
        begin=begin,
        stage=stage,
        known=known,
        lesson=lesson,
        tick=gr.Timer(TICK, active=False),
        session=gr.State(Session()),
        taught=gr.State(0),
    )

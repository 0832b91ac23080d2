"""Layout of what stands below the list of catalogs: the weights, for the host, and what is a visitor's own on a public host."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from ui.scripts import script


@dataclass(frozen=True)
class HostTab:
    """The components that events read or write. weights, mine: hidden from those whom they do not concern."""

    weights: gr.Column
    tried: gr.HTML
    place: gr.Textbox
    load: gr.Button
    mine: gr.Column
    own: gr.HTML


def build_host(say: Callable[[str], object]) -> HostTab:
    """Lay both out, hidden; `say` gives the text of a word key, in the language of the visitor."""
    with gr.Column(elem_id="mine", visible=False) as mine:
        gr.HTML(f"<h2>{say('mine_title')}</h2>")
        own = gr.HTML(elem_id="own", js_on_load=script("mine"))
    with gr.Column(elem_id="weights-part", visible=False) as weights:
        gr.HTML(f"<h2>{say('weights_title')}</h2>")
        gr.HTML(f"<p class='lapel-hint'>{say('weights_hint')}</p>")
        tried = gr.HTML(elem_id="tried", js_on_load=script("acts") + script("keep"))
        with gr.Row(elem_classes="lapel-place", equal_height=True):
            place = gr.Textbox(
                label=say("weights_place"),
                show_label=False,
                placeholder=say("weights_place"),
                container=False,
                elem_id="weights-place",
            )
            load = gr.Button(say("try_weights"), scale=0, min_width=120, elem_id="try-weights")
    return HostTab(weights, tried, place, load, mine, own)

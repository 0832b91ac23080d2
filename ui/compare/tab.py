"""Layout of the Compare tab: what is asked above, the two sides below it."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from ui.scripts import script

TICK = 1.0
"""Seconds between two looks at a catalog, or weights, that are being made ready."""


@dataclass(frozen=True)
class Looked:
    """What a visitor compares. left, right: the ways, as the address has them. example: the number of a ready one,
    "background", or "" for the query of the Search tab. opened: whether the tab ever was. catalog: what was compared last. waits:
    whether a query of the Search tab is still to come, to be shown in the place of what is."""

    left: str = ""
    right: str = ""
    example: str = ""
    opened: bool = False
    catalog: str = ""
    waits: bool = False


@dataclass(frozen=True)
class CompareTab:
    """The components of the tab that events read or write. ask: the examples; found: both sides; line: what went wrong."""

    line: gr.HTML
    ask: gr.HTML
    found: gr.HTML
    tick: gr.Timer
    looked: gr.State


def build_compare_tab(say: Callable[[str], object]) -> CompareTab:
    """Lay the tab out, empty; `say` gives the text of a word key, in the language of the visitor."""
    acts = script("acts") + script("keep")
    line = gr.HTML(elem_id="compare-line")
    ask = gr.HTML(elem_id="compare-ask", js_on_load=acts)
    found = gr.HTML(elem_id="compare-found", js_on_load=acts + script("compare"))
    return CompareTab(line, ask, found, gr.Timer(TICK, active=False), gr.State(Looked()))

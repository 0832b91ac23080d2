"""Dials: a number and a slider for one value, obeying Enter and arrow keys, with bounds that are kept and said."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from ui.words import word


@dataclass(frozen=True)
class Dial:
    """One value to set. low ≤ value ≤ high, in steps of `step`; `info` explains it in a line."""

    name: str
    label: str
    value: float
    low: float
    high: float
    step: float
    info: str = ""

    def inside(self, value: Any) -> float:
        """What was sent for this dial, set to the nearer bound when it is out of them; its own value for no number."""
        try:
            number = float(value)
        except (TypeError, ValueError):
            return self.value
        return self.value if math.isnan(number) else min(max(number, self.low), self.high)


def dials(wanted: Sequence[Dial], lang: str) -> str:
    return "".join(_dial(dial, lang) for dial in wanted)


def _dial(dial: Dial, lang: str) -> str:
    label, value, low, high = escape(dial.label), f"{dial.value:g}", f"{dial.low:g}", f"{dial.high:g}"
    span = f'min="{low}" max="{high}" step="{dial.step:g}" value="{value}"'
    said = escape(word("bound_high", lang, most=high)), escape(word("bound_low", lang, least=low))
    info = f'<p class="info">{escape(dial.info)}</p>' if dial.info else ""
    return (
        f'<div class="dial weight" data-dial="{escape(dial.name)}" data-value="{value}"'
        f' data-high="{said[0]}" data-low="{said[1]}"><label><span>{label}</span>'
        f'<input type="number" inputmode="decimal" {span}></label>{info}'
        f'<input type="range" aria-label="{label}" {span}><p class="bounded" role="status"></p></div>'
    )

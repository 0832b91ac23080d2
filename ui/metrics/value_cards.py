"""The queries of an attribute by the value that they ask for, or by a column. Everything from outside is escaped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from eval import FEW, AttributeReport
from ui.metrics.rows import ROUNDING
from ui.names import attribute_name, value_name
from ui.words import word

SLICES = {"": "slice_blank", "…": "slice_others"}
"""Rows of `eval.by_column` that are no value → what they are called."""
FULL = 99.95
"""Percent from which a ceiling is none."""


@dataclass(frozen=True)
class Slices:
    """Figures by a column of the catalog. columns: those that there are to choose from."""

    columns: Sequence[str]
    column: str
    figures: pd.DataFrame | None


def values(own: AttributeReport, attribute: str, chosen: str, lang: str, ranges: pd.DataFrame | None = None) -> str:
    """Value by value, the worst first, each a button that shows its queries. ranges: as `eval.by_value` gives them."""
    rows = sorted(own.by_value.items(), key=lambda pair: pair[1].get("p12", pair[1]["map"]))
    body = ""
    for value, told in rows:
        figures: dict[Any, Any] = dict(told)
        if ranges is not None and value in ranges.index:
            figures |= {**ranges.loc[value].to_dict(), "queries": told["queries"]}
        button = _button("value", value, value_name(value, lang), value == chosen)
        body += _row(button, figures, lang, f"<td>{told['candidates']:,.0f}</td>")
    title = escape(word("by_value_title", lang, name=attribute_name(attribute, lang)))
    columns = ("p12", "map", "queries", "candidates")
    return f"<h3>{title}</h3><p>{escape(_hint(own, lang))}</p>{_table(columns, body, lang)}"


def _hint(own: AttributeReport, lang: str) -> str:
    """What the small signs in the table mean, as far as they are there."""
    said = [word("by_value_hint", lang)]
    if any(figures["queries"] < FEW for figures in own.by_value.values()):
        said.append(word("by_value_few", lang, few=FEW))
    if any(figures.get("ceiling_p12", 100.0) < FULL for figures in own.by_value.values()):
        said.append(word("by_value_most", lang))
    return ("" if lang == "ja" else " ").join(said)


def slices(found: Slices, attribute: str, chosen: str | None, lang: str) -> str:
    """Figures by a column that can be chosen, each value a button that shows its queries."""
    title = escape(word("slices_title", lang, name=attribute_name(attribute, lang)))
    if not found.columns:
        return f"<h3>{title}</h3><p>{escape(word('slice_none', lang))}</p>"
    options = "".join(
        f'<option value="{escape(name)}"{" selected" if name == found.column else ""}>{escape(attribute_name(name, lang))}</option>'
        for name in found.columns
    )
    label = escape(word("slice_column", lang))
    choose = (
        f'<label class="lapel-choose">{label} <select data-act="column" data-key="column" aria-label="{label}">{options}'
        "</select></label>"
    )
    table = "" if found.figures is None else slice_table(found.figures, chosen, lang)
    return f"<h3>{title}</h3><p>{escape(word('slice_hint', lang))}</p>{choose}{table}"


def slice_table(frame: pd.DataFrame, chosen: str | None, lang: str) -> str:
    """frame: as `eval.by_column` gives it."""
    body = ""
    for key, figures in frame.iterrows():
        value = str(key)
        said = word(SLICES[value], lang) if value in SLICES else value_name(value, lang)
        head = escape(said) if value == "…" else _button("slice", value, said, value == chosen, str(frame.index.name))
        body += _row(head, figures.to_dict(), lang)
    return _table(("p12", "map", "queries"), body, lang)


def _button(act: str, value: str, said: str, pressed: bool, column: str = "") -> str:
    of = f' data-column="{escape(column)}"' if column else ""
    return (
        f'<button type="button" data-act="{act}" data-value="{escape(value)}"{of} data-key="{act}-{escape(value)}" '
        f'aria-pressed="{str(pressed).lower()}">{escape(said)}</button>'
    )


def _table(columns: Sequence[str], body: str, lang: str) -> str:
    titles = "".join(f'<th scope="col">{escape(word(key, lang))}</th>' for key in columns)
    return (
        f'<div class="lapel-scroll"><table class="lapel-measures small"><thead><tr><th scope="col">{escape(word("value", lang))}'
        f"</th>{titles}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(head: str, figures: Mapping[Any, Any], lang: str, more: str = "") -> str:
    """figures: queries, and of p12 and map the mean in percent with _low and _high, as far as they are there."""
    queries = int(figures["queries"])
    few = f' <small class="few">{escape(word("few_queries", lang))}</small>' if queries < FEW else ""
    cells = "".join(_cell(figures, name, queries, lang) for name in ("p12", "map"))
    mark = ' class="few"' if few else ""
    return f'<tr{mark}><th scope="row">{head}</th>{cells}<td>{queries:,}{few}</td>{more}</tr>'


def _cell(figures: Mapping[Any, Any], name: str, queries: int, lang: str) -> str:
    """A figure with its interval as a bar; of one query there is neither interval nor bar."""
    if name not in figures:
        return "<td>–</td>"
    value, low, high = (float(figures.get(key, np.nan)) for key in (name, f"{name}_low", f"{name}_high"))
    known, most = np.isfinite(low) and np.isfinite(high), float(figures.get(f"ceiling_{name}", 100.0))
    cut = known and high > most + ROUNDING
    high = min(high, most) if cut else high
    told = f" <small>{low:.0f}–{high:.0f}</small>" if known else ""
    if most < FULL:
        key = "at_most_cut" if cut else "at_most"
        told += f' <small class="most">{escape(word(key, lang, ceiling=f"{most:.0f}"))}</small>'
    if queries < 2:
        return f"<td>{value:.1f}{told}</td>"
    span = f'<em style="left:{low:.1f}%;width:{max(high - low, 0):.1f}%"></em>' if known else ""
    bar = f'<span class="lapel-bar" aria-hidden="true"><i style="width:{value:.1f}%"></i>{span}</span>'
    return f"<td><b>{value:.1f}</b>{told}{bar}</td>"

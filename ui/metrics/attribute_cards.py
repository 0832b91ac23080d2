"""One attribute of a report: its views, values, confusions and slices. Everything from outside is escaped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from eval import AttributeReport
from ui.metrics.rows import Row
from ui.metrics.sentence import comma, only, sentence_of
from ui.names import attribute_name, value_name
from ui.words import WORDS, word

MOST_VALUES = 24
"""Values of which confusions are shown, those with the most queries."""
HARM = 0.05
"""Percentage points by which one view alone has to be above the mix for it to be said."""


@dataclass(frozen=True)
class Slices:
    """Figures by a column of the catalog. columns: those that there are to choose from."""

    columns: Sequence[str]
    column: str
    figures: pd.DataFrame | None


def head(row: Row, own: AttributeReport, lang: str, alone: bool = False) -> str:
    """The attribute in a sentence, with what its views reach alone. alone: whether the page says that already, since the
    report has no other attribute."""
    name = attribute_name(row.attribute, lang)
    said = "" if alone else f"<p>{escape(sentence_of(row, name, lang))}</p>"
    verdict = f'<p class="decided">{escape(only(row, lang))}</p>' if row.verdict and not alone else ""
    return (
        f'<header class="lapel-part lapel-one" id="one-attribute"><h2>{escape(name)}</h2>'
        f"{said}{verdict}</header>{_views(own, lang)}"
    )


def _views(own: AttributeReport, lang: str) -> str:
    """MAP of each view alone beside that of all together; where mixing does harm it is said."""
    if not own.map_by_view:
        return ""
    best = max(own.map_by_view, key=lambda view: own.map_by_view[view])
    harm = ""
    if own.map_by_view[best] - own.map > HARM:
        told = {"view": _view(best, lang), "alone": f"{own.map_by_view[best]:.1f}", "fused": f"{own.map:.1f}"}
        harm = f'<p class="harm">{escape(word("fused_below", lang, **told))}</p>'
    figures = {word("figure_fused", lang): own.map, **{_view(v, lang): f for v, f in own.map_by_view.items()}}
    bars = "".join(
        f"<li{' class=fused' if place == 0 else ''}><span>{escape(view)}</span>"
        f'<span class="lapel-bar" aria-hidden="true"><i style="width:{figure:.1f}%"></i></span><b>{figure:.1f}</b></li>'
        for place, (view, figure) in enumerate(figures.items())
    )
    mix = ""
    if own.mix:
        shares = [f"{_view(view, lang)} {share:.0%}" for view, share in own.mix.items() if share]
        mix = f'<p class="mix">{escape(word("mix_of", lang, shares=comma(lang).join(shares)))}</p>'
    return f'<h3>MAP</h3><ul class="lapel-views">{bars}</ul>{harm}{mix}'


def _view(view: str, lang: str) -> str:
    return word(f"view_{view}", lang) if f"view_{view}" in WORDS else view.replace("_", " ")


def values(own: AttributeReport, attribute: str, chosen: str, lang: str) -> str:
    """Value by value, the worst first, each a button that shows its queries."""
    rows = sorted(own.by_value.items(), key=lambda pair: pair[1].get("p12", pair[1]["map"]))
    body = "".join(_value(value, figures, value == chosen, lang) for value, figures in rows)
    titles = "".join(
        f'<th scope="col">{escape(word(key, lang))}</th>' for key in ("p12", "map", "queries", "candidates")
    )
    title = escape(word("by_value_title", lang, name=attribute_name(attribute, lang)))
    return (
        f'<h3>{title}</h3><div class="lapel-scroll"><table class="lapel-measures small"><thead><tr>'
        f'<th scope="col">{escape(word("value", lang))}</th>{titles}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _value(value: str, figures: Mapping[str, float], chosen: bool, lang: str) -> str:
    first = "–"
    if "p12" in figures:
        most = figures.get("ceiling_p12", 100.0)
        small = f" <small>/ {most:.0f}</small>" if most < 99.95 else ""
        width = f'<span class="lapel-bar" aria-hidden="true"><i style="width:{figures["p12"]:.1f}%"></i></span>'
        first = f"<b>{figures['p12']:.1f}</b>{small}{width}"
    return (
        f'<tr><th scope="row"><button type="button" data-act="value" data-value="{escape(value)}" '
        f'data-key="value-{escape(value)}" aria-pressed="{str(chosen).lower()}">{escape(value_name(value, lang))}</button></th>'
        f"<td>{first}</td><td>{figures['map']:.1f}</td><td>{figures['queries']:,.0f}</td>"
        f"<td>{figures['candidates']:,.0f}</td></tr>"
    )


def confusions(frame: pd.DataFrame, attribute: str, chosen: tuple[str, str], lang: str) -> str:
    """What is found for what, in percent of the first 12: a cell is a button that shows its queries.

    frame: as `eval.confusion` gives it. chosen: the values of the cell whose queries are shown.
    """
    frame = frame.dropna(how="all").iloc[:MOST_VALUES]
    hits = [value for value in frame.columns if value in frame.index or (frame[value] > 0).any()][:MOST_VALUES]
    head = "".join(f'<th scope="col"><span>{escape(value_name(str(value), lang))}</span></th>' for value in hits)
    body = "".join(
        f'<tr><th scope="row">{escape(value_name(str(value), lang))}</th>'
        f"{''.join(_cell(str(value), str(hit), float(frame.loc[value, hit]), chosen, lang) for hit in hits)}</tr>"
        for value in frame.index
    )
    title = escape(word("confusion_title", lang, name=attribute_name(attribute, lang)))
    return (
        f"<h3>{title}</h3><p>{escape(word('confusion_hint', lang))}</p>"
        f'<div class="lapel-scroll" tabindex="0" role="region" aria-label="{title}"><table class="lapel-heat">'
        f'<thead><tr><td class="corner">{escape(word("asked_for", lang))} ↓ {escape(word("found_value", lang))} →</td>'
        f"{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(value: str, hit: str, share: float, chosen: tuple[str, str], lang: str) -> str:
    same = " class=same" if value == hit else ""
    if share < 0.05:
        return f"<td{same}><span>·</span></td>"
    told = {"value": value_name(value, lang), "hit": value_name(hit, lang), "share": f"{share:.1f}"}
    strong = " strong" if share >= 50 else ""
    return (
        f'<td{same}><button type="button" class="cell{strong}" style="--share:{min(share, 100):.1f}%" data-act="cell" '
        f'data-value="{escape(value)}" data-hit="{escape(hit)}" data-key="cell-{escape(value)}-{escape(hit)}" '
        f'aria-pressed="{str((value, hit) == chosen).lower()}" '
        f'aria-label="{escape(word("confusion_cell", lang, **told))}">{share:.0f}</button></td>'
    )


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
    table = _slices(found.figures, chosen, lang) if found.figures is not None else ""
    return f"<h3>{title}</h3><p>{escape(word('slice_hint', lang))}</p>{choose}{table}"


def _slices(frame: pd.DataFrame, chosen: str | None, lang: str) -> str:
    titles = "".join(f'<th scope="col">{escape(word(key, lang))}</th>' for key in ("p12", "map", "queries"))
    body = ""
    for key, figures in frame.iterrows():
        value = str(key)
        said = escape(value_name(value, lang) if value not in ("", "…") else word(SLICES[value], lang))
        cells = "".join(_range(figures, name) for name in ("p12", "map"))
        button = said
        if value != "…":
            button = (
                f'<button type="button" data-act="slice" data-value="{escape(value)}" data-key="slice-{escape(value)}" '
                f'aria-pressed="{str(value == chosen).lower()}">{said}</button>'
            )
        body += f'<tr><th scope="row">{button}</th>{cells}<td>{int(figures["queries"]):,}</td></tr>'
    return (
        f'<div class="lapel-scroll"><table class="lapel-measures small"><thead><tr><th scope="col">{escape(word("value", lang))}'
        f"</th>{titles}</tr></thead><tbody>{body}</tbody></table></div>"
    )


SLICES = {"": "slice_blank", "…": "slice_others"}
"""Rows of `eval.by_column` that are no value → what they are called."""


def _range(figures: pd.Series, name: str) -> str:
    low, high = float(figures[f"{name}_low"]), float(figures[f"{name}_high"])
    told = f" <small>{low:.0f}–{high:.0f}</small>" if abs(low) < 1e6 and abs(high) < 1e6 else ""
    width = f'<span class="lapel-bar" aria-hidden="true"><i style="width:{float(figures[name]):.1f}%"></i></span>'
    return f"<td><b>{float(figures[name]):.1f}</b>{told}{width}</td>"

"""One attribute of a report: its views, and what is found for what. Everything from outside is escaped."""

from collections.abc import Mapping
from html import escape

import pandas as pd

from eval import AttributeReport
from ui.metrics.file_names import Saved
from ui.metrics.rows import Row
from ui.metrics.sentence import comma, only, sentence_of
from ui.metrics.source_cards import figure_head
from ui.names import attribute_name, value_name
from ui.words import WORDS, word

GENERAL = "general"
MOST_VALUES = 24
"""Values of which confusions are shown, those with the most queries."""
HARM = 0.05
"""Percentage points by which one view alone has to be above the mix for it to be said."""


def head(row: Row, own: AttributeReport, lang: str, alone: bool = False) -> str:
    """The attribute in a sentence, with what its views reach alone. alone: whether the page says that already, since the
    report has no other attribute."""
    name = attribute_name(row.attribute, lang)
    said = "" if alone else f"<p>{escape(sentence_of(row, name, lang))}</p>"
    verdict = f'<p class="decided">{escape(only(row, lang))}</p>' if row.verdict and not alone else ""
    return (
        f'<header class="lapel-part lapel-one" id="one-attribute"><h2>{escape(name)}</h2>'
        f"{said}{verdict}</header>{_views(row, own, lang)}"
    )


def _views(row: Row, own: AttributeReport, lang: str) -> str:
    """MAP of each view alone beside that of all together, and ordinary similarity; where mixing does harm it is said."""
    if not own.map_by_view:
        return ""
    best = max(own.map_by_view, key=lambda view: own.map_by_view[view])
    harm = ""
    if own.map_by_view[best] - own.map > HARM:
        told = {"view": _view(best, lang), "alone": f"{own.map_by_view[best]:.1f}", "fused": f"{own.map:.1f}"}
        harm = f'<p class="harm">{escape(word("fused_below", lang, **told))}</p>'
    figures = {word("figure_fused", lang): own.map, **{_view(v, lang): f for v, f in own.map_by_view.items()}}
    ordinary = row.figures["map"].baseline if "map" in row.figures else None
    if ordinary is not None:
        figures[word("figure_baseline", lang)] = ordinary
    bars = "".join(
        f"<li{' class=fused' if place == 0 else ''}><span>{escape(view)}</span>"
        f'<span class="lapel-bar" aria-hidden="true"><i style="width:{figure:.1f}%"></i></span><b>{figure:.1f}</b></li>'
        for place, (view, figure) in enumerate(figures.items())
    )
    mix = ""
    if own.mix:
        mix = f'<p class="mix">{escape(word("mix_of", lang, shares=shares_of(own.mix, lang)))}</p>'
    both = ""
    if GENERAL in own.map_by_view and ordinary is not None:
        told = {"view": _view(GENERAL, lang), "name": attribute_name(row.attribute, lang)}
        both = f'<p class="mix">{escape(word("general_and_ordinary", lang, **told))}</p>'
    return f'<h3>{escape(word("views_title", lang))}</h3><ul class="lapel-views">{bars}</ul>{harm}{mix}{both}'


def shares_of(mix: Mapping[str, float], lang: str) -> str:
    """The views that have a share, each with it."""
    return comma(lang).join(f"{_view(view, lang)} {share:.0%}" for view, share in mix.items() if share)


def used_share(kind: str, mix: Mapping[str, float] | None) -> float | None:
    """The share in use that a sweep is about: β of the region beside the patch, γ of the general view."""
    if not mix:
        return None
    if kind == "gamma":
        return mix.get(GENERAL, 0.0)
    shared = sum(mix.get(view, 0.0) for view in ("region", "crop", "whole"))
    return mix.get("region", 0.0) / shared if shared else None


def sweep_note(kind: str, mix: Mapping[str, float] | None, lang: str) -> str:
    """What the share in use is a share of, since β divides what the general view leaves."""
    used = used_share(kind, mix)
    if used is None or mix is None:
        return ""
    general, region = mix.get(GENERAL, 0.0), mix.get("region", 0.0)
    told = {
        "share": f"{used:.2f}",
        "view": _view(GENERAL, lang),
        "region": f"{region:.0%}",
        "rest": f"{1 - general:.0%}",
    }
    return word(f"sweep_note_{kind}", lang, **told)


def _view(view: str, lang: str) -> str:
    return word(f"view_{view}", lang) if f"view_{view}" in WORDS else view.replace("_", " ")


def confusions(
    frame: pd.DataFrame, attribute: str, chosen: tuple[str, str], lang: str, file: Saved | None = None
) -> str:
    """What is found for what, in percent of the first 12: a cell is a button that shows its queries.

    frame: as `eval.confusion` gives it. chosen: the values of the cell whose queries are shown. file: a picture of it,
    None where none can be saved.
    """
    frame = frame.dropna(how="all").iloc[:MOST_VALUES]
    hits = [value for value in frame.columns if value in frame.index or (frame[value] > 0).any()][:MOST_VALUES]
    head = "".join(f'<th scope="col"><span>{escape(value_name(str(value), lang))}</span></th>' for value in hits)
    body = "".join(
        f'<tr><th scope="row">{escape(value_name(str(value), lang))}</th>'
        f"{''.join(_cell(str(value), str(hit), float(frame.loc[value, hit]), chosen, lang) for hit in hits)}</tr>"
        for value in frame.index
    )
    told = word("confusion_title", lang, name=attribute_name(attribute, lang))
    title = escape(told)
    top = figure_head("heat", told, lang, file) if file else f"<h3>{title}</h3>"
    return (
        f"{top}<p>{escape(word('confusion_hint', lang))}</p>"
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

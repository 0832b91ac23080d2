"""HTML of the explanation of one hit: what was asked beside what was found. Everything from outside is escaped."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from html import escape

from catalog import Catalog, CatalogError, Item
from retrieval import LARGEST, Hit, RetrievalError
from ui.asked import AskedTerm, Picture
from ui.cards import chance_line
from ui.explaining import Drawn, Look, look
from ui.match_words import level_of
from ui.names import attribute_name, item_label, labelled, value_name, values_of
from ui.query_pictures import query_image
from ui.searching import Answer, as_labelled, query_labels, wanted
from ui.share_cards import TermShares, shares_list, view_name
from ui.term_names import explained_terms, term_name
from ui.words import word

__all__ = ["explained_terms", "explanation"]

LEAST = 0.0005
"""Shares below it, either way, are shown as 0."""
TYPICAL = 4
"""Items that show what a value looks like."""
DOUBTED = 0.5
"""Chance of the same value from which a label that says otherwise is explained."""


def explanation(found: Answer, rank: int, term: int, lang: str) -> str:
    """What was asked and a hit side by side, with attention for one term; the labels that agree; what made the score.

    term: its place in `found.asked.terms`. CatalogError or RetrievalError where a picture is not there any more.
    """
    hit, asked = as_labelled(found, rank), found.asked.terms[term]
    name = attribute_name(asked.attribute, lang)
    sides, seen = _query_side(found, asked, lang)
    own, looked = _hit_side(found, hit, rank, asked.attribute, lang)
    hint = word("why_hint" if looked.close_up is not None else "why_no_part", lang, name=name)
    slider = _opacity(lang) if looked.attention.heat or seen else ""
    views = _views(found, hit)
    terms = [
        TermShares(term_name(found.catalog, one, lang), share, own_views)
        for one, share, own_views in zip(found.asked.terms, hit.term_shares, views, strict=True)
        if one.weight
    ]
    opened = sum(1 for one in found.asked.terms[:term] if one.weight)
    return (
        f'<div class="lapel-seeing"><p class="hint">{escape(hint)}</p>{slider}</div>'
        f'<div class="sides">{sides}{own}</div>{_away(asked, views[term], lang)}'
        f"{_labels(found, hit, asked, lang)}{_levels(found, hit, lang)}{shares_list(terms, hit.score, opened, lang)}"
    )


def _views(found: Answer, hit: Hit) -> tuple[dict[str, float], ...]:
    """What each view of each term adds; nothing where an item of the query or the hit has gone since it was found."""
    try:
        return found.opened.engine.views(found.query, hit.id, hit.picture)
    except RetrievalError:
        return tuple({} for _ in found.asked.terms)


def _query_side(found: Answer, term: AskedTerm, lang: str) -> tuple[str, bool]:
    """What a term asks by, and whether it has heat."""
    title = word("why_away" if term.weight < 0 else "query_side", lang)
    if isinstance(term.source, str):
        return _value_side(found, title, term.attribute, term.source, lang), False
    catalog, picture = found.catalog, term.source
    labels = query_labels(catalog, picture)
    looked = look(found.opened.embedder, query_image(catalog, picture), term.attribute)
    of = catalog.item(picture.item) if picture.item is not None else None
    head = f"{_chip(catalog, term.attribute, labels, None, lang)}{_altered(picture, lang)}"
    return _side(title, head, of, looked, attribute_name(term.attribute, lang), lang), True


def _hit_side(found: Answer, hit: Hit, rank: int, attribute: str, lang: str) -> tuple[str, Look]:
    catalog, item = found.catalog, found.catalog.item(hit.id)
    image = catalog.open(replace(item, image=hit.picture or item.image), LARGEST)
    looked = look(found.opened.embedder, image, attribute)
    judged = wanted(catalog, found.asked).get(attribute)
    mark = judged.judge(item.labels[attribute]) if judged is not None and attribute in item.labels else None
    title = word("hit_side", lang, rank=rank + 1)
    head = _chip(catalog, attribute, item.labels, mark, lang)
    return _side(title, head, item, looked, attribute_name(attribute, lang), lang), looked


def _side(title: str, head: str, of: Item | None, looked: Look, name: str, lang: str) -> str:
    figures = _figure(looked.attention, "attention", title, name, lang)
    if looked.close_up is not None:
        figures += _figure(looked.close_up, "patch_attention", title, name, lang)
    return (
        f'<section class="side"><h3>{escape(title)}{head}</h3>{_named(of)}<div class="pair">{figures}</div></section>'
    )


def _value_side(found: Answer, title: str, attribute: str, value: str, lang: str) -> str:
    """A value: of how many items its prototype is made, and those most like it."""
    typical = found.opened.engine.typical(attribute, value, TYPICAL)
    among = values_of(found.catalog, attribute)
    chip = f'<span class="value known">{escape(labelled(attribute, value, lang, among))}</span>'
    items = _there(found.catalog, typical.items)
    pictures = "".join(
        f'<li><img src="{escape(found.opened.thumbnails.url(item))}" alt="{escape(item_label(item, lang))}" '
        f'title="{escape(item.id)}" loading="lazy" width="256" height="320"></li>'
        for item in items
    )
    key = "why_value" if typical.labelled else "why_value_taught"
    said = word(key, lang, value=value_name(value, lang, among), count=typical.labelled)
    shown = f'<ul class="lapel-typical">{pictures}</ul>' if pictures else ""
    return (
        f'<section class="side"><h3>{escape(title)}{chip}</h3>'
        f'<p class="lapel-prototype">{escape(said)}</p>{shown}</section>'
    )


def _there(catalog: Catalog, ids: Sequence[str]) -> list[Item]:
    """Items by their ids; those that came after the catalog was searched are left out."""
    items = []
    for id in ids:
        with suppress(CatalogError):
            items.append(catalog.item(id))
    return items


def _figure(drawn: Drawn, kind: str, side: str, name: str, lang: str) -> str:
    """A picture with its heat above it, which the slider thins out, and its frame above both."""
    alt = word("attention_alt" if kind == "attention" else "patch_alt", lang, side=side, name=name)
    heat = f'<span class="heat" style="background-image:url(\'{drawn.heat}\')"></span>' if drawn.heat else ""
    return (
        f'<figure class="{kind}"><div class="lapel-layers{" hot" if heat else ""}">'
        f'<img src="{drawn.picture}" alt="{escape(alt)}">{heat}{_frame(drawn.box)}</div>'
        f"<figcaption>{escape(word(kind, lang))}</figcaption></figure>"
    )


def _frame(box: tuple[float, float, float, float] | None) -> str:
    if box is None:
        return ""
    left, top, right, bottom = (100 * edge for edge in box)
    place = f"left:{left:.2f}%;top:{top:.2f}%;right:{100 - right:.2f}%;bottom:{100 - bottom:.2f}%"
    return f'<span class="frame" style="{place}"></span>'


def _opacity(lang: str) -> str:
    """The slider of the heat; `scripts/why.js` moves and remembers it."""
    return (
        f'<label class="lapel-opacity"><span>{escape(word("why_opacity", lang))}</span>'
        '<input type="range" min="0" max="100" step="5" value="100" data-heat><output>100 %</output></label>'
    )


def _named(item: Item | None) -> str:
    """Id and title of an item, to find it again."""
    if item is None:
        return ""
    title = item.columns.get("title", "")
    beside = f" · {escape(title)}" if title and title != item.id else ""
    return f'<p class="id" translate="no"><b>{escape(item.id)}</b>{beside}</p>'


def _chip(catalog: Catalog, attribute: str, labels: Mapping[str, str], right: bool | None, lang: str) -> str:
    """The label of an attribute. right: whether it is as it was asked for, None where that is not known."""
    if attribute in labels:
        mark = {True: " same", False: " other", None: ""}[right]
        text = labelled(attribute, labels[attribute], lang, values_of(catalog, attribute))
        return f'<span class="value known{mark}">{escape(text)}</span>'
    said = f"{attribute_name(attribute, lang)}{'：' if lang == 'ja' else ': '}{word('unlabelled', lang)}"
    return f'<span class="value">{escape(said)}</span>'


def _altered(picture: Picture, lang: str) -> str:
    said = [*(["why_part"] if picture.box is not None else []), *(["why_turned"] if picture.turn % 4 else [])]
    return "".join(f'<span class="value">{escape(word(key, lang))}</span>' for key in said)


def _away(term: AskedTerm, views: Mapping[str, float], lang: str) -> str:
    """Of a term to stay away from: in which views the hit does, and in which it is still alike."""
    if term.weight >= 0:
        return ""
    said = []
    for key, kept in (("why_stays", True), ("why_stays_not", False)):
        names = [view_name(view, lang) for view, share in views.items() if abs(share) > LEAST and (share > 0) == kept]
        if names:
            said.append(word(key, lang, views=("、" if lang == "ja" else ", ").join(names)))
    joined = ("" if lang == "ja" else " ").join(said)
    return f'<p class="hint">{escape(joined)}</p>' if said else ""


def _labels(found: Answer, hit: Hit, term: AskedTerm, lang: str) -> str:
    """Which labels of a hit are as they were asked for, and which are not; of an item that is asked by also what is the same
    without having been asked for."""
    catalog, labels, comma = found.catalog, found.catalog.item(hit.id).labels, "、" if lang == "ja" else ", "
    agree, differ, asked = [], [], wanted(catalog, found.asked)
    for name, own in asked.items():
        right = own.judge(labels[name]) if name in labels else None
        if right is None:
            continue
        among = values_of(catalog, name)
        label = labelled(name, labels[name], lang, among)
        if right:
            agree.append(label)
        elif labels[name] in own.unwanted:
            differ.append(word("why_unwanted", lang, label=label))
        else:
            values = comma.join(sorted(value_name(value, lang, among) for value in own.values))
            differ.append(word("why_wanted", lang, label=label, wanted=values))
    theirs = query_labels(catalog, term.source) if isinstance(term.source, Picture) and term.weight > 0 else {}
    also = [
        labelled(name, value, lang, values_of(catalog, name))
        for name, value in theirs.items()
        if name not in asked and labels.get(name) == value
    ]
    rows = [("why_agree", agree or ([word("why_none_agree", lang)] if differ else []))]
    rows += [("why_differ", differ), ("why_also", also)]
    drawn = "".join(
        f"<dt>{escape(word(key, lang))}</dt><dd>{escape(comma.join(said))}</dd>" for key, said in rows if said
    )
    return f'<dl class="lapel-agree">{drawn}</dl>' if drawn else ""


def _levels(found: Answer, hit: Hit, lang: str) -> str:
    """How likely each attribute's value is shared, where that is known; why a label may differ where it is likely."""
    lines = [
        f"{chance_line(name, chance, lang)} ({word(level_of(found.opened, name, chance).name.lower(), lang)})"
        for name, chance in hit.chances.items()
    ]
    told = f'<p class="hint">{escape(" · ".join(lines))}</p>' if lines else ""
    labels, asked = found.catalog.item(hit.id).labels, wanted(found.catalog, found.asked)
    doubted = [
        attribute_name(name, lang)
        for name, chance in hit.chances.items()
        if chance >= DOUBTED and name in labels and name in asked and asked[name].judge(labels[name]) is False
    ]
    if doubted:
        names = ("、" if lang == "ja" else ", ").join(doubted)
        told += f'<p class="hint">{escape(word("chance_differs", lang, names=names))}</p>'
    return told

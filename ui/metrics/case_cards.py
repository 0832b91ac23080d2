"""Rows of pictures: a query, and what came first with right and wrong marked. Everything from outside is escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from catalog import Catalog, Item
from library import LARGE, Given, Thumbnails
from ui.label_choices import label_list, saved_line
from ui.metrics.cases import Case, Found
from ui.names import attribute_name, value_name
from ui.words import word

FLAG = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 15V2M4 3h8l-2 3 2 3H4"/></svg>'


@dataclass(frozen=True)
class Pictures:
    """Where the pictures of a report come from. may_change: whether the visitor may put its labels right."""

    catalog: Catalog
    thumbnails: Thumbnails
    may_change: bool


@dataclass(frozen=True)
class Flagged:
    """The picture whose label is being put right: in which row it was flagged, and the label that it was given."""

    query: str
    item: Item
    values: Sequence[str]
    unseen: bool
    saved: Given | None = None
    undone: bool = False


@dataclass(frozen=True)
class Listed:
    """The queries that are shown, of how many; chips: what narrows them down, each with the act that lets it go."""

    attribute: str
    cases: Sequence[Case]
    total: int
    chips: Sequence[tuple[str, str]] = ()


def listed(shown: Listed, pictures: Pictures, flagged: Flagged | None, lang: str) -> str:
    """The rows, worst first, with a way to more of them."""
    name = attribute_name(shown.attribute, lang)
    items = {item.id: item for item in pictures.catalog.items}
    chips = "".join(
        f'<button type="button" data-act="{act}" data-key="{act}">{escape(text)} <span aria-hidden="true">✕</span></button>'
        for text, act in shown.chips
    )
    count = word("cases_count", lang, count=f"{shown.total:,}") if shown.total else word("cases_none", lang)
    rows = "".join(_case(case, shown.attribute, items, pictures, flagged, lang) for case in shown.cases)
    more = ""
    if len(shown.cases) < shown.total:
        more = (
            f'<div class="acts"><button type="button" data-act="more" data-key="more">'
            f"{escape(word('cases_more', lang))}</button></div>"
        )
    return (
        f'<header class="lapel-part"><h2>{escape(word("cases_title", lang, name=name))}</h2>'
        f'<p class="narrowed"><span>{escape(count)}</span>{chips}</p>'
        f"<p>{escape(word('cases_hint', lang))}</p></header>"
        f'<ol class="lapel-cases">{rows}</ol>{more}'
    )


def _case(
    case: Case, attribute: str, items: dict[str, Item], pictures: Pictures, flagged: Flagged | None, lang: str
) -> str:
    value = value_name(case.value, lang)
    facts = [word("case_right", lang, right=case.right, count=len(case.hits))]
    facts.append(word("case_first", lang, rank=f"{case.first:,}") if case.first else word("case_no_right", lang))
    told = "".join(f"<span>{escape(fact)}</span>" for fact in facts)
    asked = _asked(case, attribute, items, pictures, lang)
    hits = [_hit(hit, case, attribute, items, pictures, lang) for hit in case.hits]
    if case.miss is not None:
        said = escape(word("case_miss", lang, rank=f"{case.miss.rank:,}"))
        hits.append(f'<li class="gap"><span>{said}</span></li>')
        hits.append(_hit(case.miss, case, attribute, items, pictures, lang))
    panel = _flagged(flagged, attribute, pictures, lang) if flagged is not None and flagged.query == case.item else ""
    return (
        f'<li><div class="asked">{asked}<p><b>{escape(value)}</b>{told}</p></div>'
        f'<ul class="found" tabindex="0" aria-label="{escape(word("case_query", lang, value=value))}">{"".join(hits)}</ul>{panel}</li>'
    )


def _asked(case: Case, attribute: str, items: dict[str, Item], pictures: Pictures, lang: str) -> str:
    item = items.get(case.item)
    if item is None:
        return f'<span class="gone">{escape(word("gone_item", lang))}</span>'
    said = f"{word('case_query', lang, value=value_name(case.value, lang))} · {word('case_open_query', lang)}"
    return (
        f'<button type="button" class="picture" data-act="search" data-item="{escape(case.item)}" '
        f'data-attribute="{escape(attribute)}" data-key="ask-{escape(case.item)}">'
        f'<img src="{escape(pictures.thumbnails.url(item))}" alt="{escape(said)}" loading="lazy"></button>'
        f"{_flag(case.item, case, attribute, item, pictures, lang)}"
    )


def _hit(hit: Found, case: Case, attribute: str, items: dict[str, Item], pictures: Pictures, lang: str) -> str:
    kind = "right" if hit.right else "wrong"
    item, value = items.get(hit.item), value_name(hit.value, lang) if hit.value else word("unlabelled", lang)
    mark = f'<span class="mark">{"✓" if hit.right else "✗"} {hit.rank}</span>'
    if item is None:
        return f'<li class="{kind}"><span class="gone">{escape(word("gone_item", lang))}</span>{mark}</li>'
    said = f"{word(f'hit_{kind}', lang, rank=hit.rank, value=value)} · {word('case_open_hit', lang)}"
    now = item.labels.get(attribute, "")
    changed = ""
    if now != hit.value:
        told = value_name(now, lang) if now else word("unlabelled", lang)
        changed = f'<small class="changed">{escape(word("relabelled", lang, value=told))}</small>'
    return (
        f'<li class="{kind}"><button type="button" class="picture" data-act="search" data-item="{escape(case.item)}" '
        f'data-hit="{escape(hit.item)}" data-attribute="{escape(attribute)}" data-key="hit-{escape(case.item)}-{hit.rank}">'
        f'<img src="{escape(pictures.thumbnails.url(item))}" alt="{escape(said)}" loading="lazy">{mark}</button>'
        f'<span class="of">{escape(value)}</span>{changed}{_flag(hit.item, case, attribute, item, pictures, lang)}</li>'
    )


def _flag(id: str, case: Case, attribute: str, item: Item, pictures: Pictures, lang: str) -> str:
    if not pictures.may_change:
        return ""
    now = item.labels.get(attribute, "")
    said = escape(word("flag", lang, value=value_name(now, lang) if now else word("unlabelled", lang)))
    return (
        f'<button type="button" class="flag" data-act="flag" data-item="{escape(id)}" data-query="{escape(case.item)}" '
        f'data-key="flag-{escape(case.item)}-{escape(id)}" aria-label="{said}" title="{said}">{FLAG}</button>'
    )


def _flagged(flagged: Flagged, attribute: str, pictures: Pictures, lang: str) -> str:
    """A large picture, and its label to be chosen."""
    item = flagged.item
    chosen = label_list(
        "relabel", attribute, flagged.values, item.labels.get(attribute), flagged.unseen, lang, word("flag_title", lang)
    )
    title = escape(word("flag_title", lang))
    shut = f'<button type="button" data-act="unflag" data-key="unflag">{escape(word("flag_shut", lang))}</button>'
    return (
        f'<section class="lapel-flagged" aria-label="{title}"><img src="{escape(pictures.thumbnails.url(item, LARGE))}" alt="">'
        f'<div><h3>{title}</h3><p class="lapel-verdict">{chosen}</p>'
        f"{saved_line(flagged.saved, 'unrelabel', lang, flagged.undone)}"
        f'<p>{escape(word("labels_left_out", lang))}</p><div class="acts">{shut}</div></div></section>'
    )

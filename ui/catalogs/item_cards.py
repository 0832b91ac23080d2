"""HTML of a page of items and of one item. Everything from outside is escaped."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from math import ceil

from catalog import MOST_VALUES, Catalog, Columns, Item
from library import LARGE, Thumbnails
from ui.catalogs.detail_cards import button
from ui.catalogs.detail_tab import Shown
from ui.label_choices import label_list
from ui.names import attribute_name, item_label, value_name
from ui.words import word

PAGE = 48
"""Items of a page."""


def matching(catalog: Catalog, shown: Shown) -> list[Item]:
    """Items with a value in a column, and a text in their id, title or other columns."""
    items: Sequence[Item] = catalog.items
    if shown.column in catalog.columns:
        column = catalog.column(shown.column)
        items = [item for item, value in zip(items, column, strict=True) if value == shown.value]
    wanted = shown.text.casefold().split()
    if wanted:
        items = [item for item in items if all(part in _text(item) for part in wanted)]
    return list(items)


def _text(item: Item) -> str:
    return "\n".join([item.id, *item.columns.values()]).casefold()


def page(
    catalog: Catalog,
    columns: Columns,
    found: Sequence[Item],
    shown: Shown,
    thumbnails: Thumbnails,
    may_change: bool,
    lang: str,
) -> str:
    """Items of one page, with what narrows them down above and what is done with several of them."""
    start = shown.page * PAGE
    some = list(found[start : start + PAGE])
    cards = "".join(
        _card(item, url, item.id == shown.item, may_change, lang)
        for item, url in zip(some, thumbnails.urls(some), strict=True)
    )
    none = "" if some else f'<p class="none">{escape(word("no_items_found", lang))}</p>'
    bulk = _bulk(catalog, lang) if may_change and some else ""
    above = _narrow(catalog, columns, found, shown, lang) + bulk
    return f'{above}<ul class="lapel-grid">{cards}</ul>{none}{_pages(found, shown, lang)}'


def _narrow(catalog: Catalog, columns: Columns, found: Sequence[Item], shown: Shown, lang: str) -> str:
    text = (
        f'<input type="search" data-act="find" data-key="find" value="{escape(shown.text)}"'
        f' placeholder="{escape(word("find_items", lang))}" aria-label="{escape(word("find_items", lang))}">'
    )
    names = [name for name in catalog.columns if 0 < len(columns.counts(name)) <= MOST_VALUES]
    column = _select(
        "column",
        [("", word("any_column", lang)), *((name, attribute_name(name, lang, names)) for name in names)],
        shown.column,
        lang,
    )
    value = ""
    if shown.column in names:
        counts = columns.counts(shown.column)
        blank = len(catalog) - counts.total()
        among = tuple(counts)
        choices = [(one, f"{value_name(one, lang, among)} ({count:,})") for one, count in counts.most_common()]
        choices += [("", f"{word('blank', lang)} ({blank:,})")] if blank else []
        value = _select("value", choices, shown.value, lang)
    total = escape(word("items_found", lang, count=f"{len(found):,}", total=f"{len(catalog):,}"))
    return f'<div class="lapel-narrow">{text}{column}{value}<span class="total">{total}</span></div>'


def _select(act: str, choices: Sequence[tuple[str, str]], chosen: str, lang: str) -> str:
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
        for value, text in choices
    )
    return (
        f'<select data-act="{act}" data-key="{act}" aria-label="{escape(word(f"by_{act}", lang))}">{options}</select>'
    )


def _bulk(catalog: Catalog, lang: str) -> str:
    groups = "".join(
        f'<optgroup label="{escape(attribute_name(one.name, lang))}">'
        + "".join(
            f'<option value="{escape(json.dumps([one.name, value]))}">{escape(value_name(value, lang, one.values))}</option>'
            for value in one.values
        )
        + "</optgroup>"
        for one in catalog.attributes
        if len(one.values) <= MOST_VALUES
    )
    set_all = (
        f'<select class="value-of" aria-label="{escape(word("choose_label", lang))}"><option value="">'
        f"{escape(word('choose_label', lang))}</option>{groups}</select>"
        f'<button type="button" data-bulk="label-all">{escape(word("set_label", lang))}</button>'
        if groups
        else ""
    )
    every = f'<label class="check every"><input type="checkbox" data-all><span>{escape(word("tick_all", lang))}</span></label>'
    return (
        f'<div class="lapel-ticks">{every}<div class="bulk" hidden><b class="count" data-said="{escape(word("ticked", lang))}"></b>'
        f'{set_all}<button type="button" data-bulk="remove-all">{escape(word("act_remove", lang))}</button></div></div>'
    )


def _card(item: Item, url: str, opened: bool, may_change: bool, lang: str) -> str:
    title = item.columns.get("title") or item.id
    alt, id, said = escape(item_label(item, lang)), escape(item.id), escape(word("tick", lang, name=title))
    tick = (
        f'<label class="tick"><input type="checkbox" data-item="{id}" data-key="tick-{id}" aria-label="{said}"></label>'
        if may_change
        else ""
    )
    return (
        f'<li><button type="button" class="card" data-act="item" data-id="{id}" data-key="item-{id}"'
        f' aria-pressed="{str(opened).lower()}"><img src="{escape(url)}" alt="{alt}" loading="lazy" width="256" height="320">'
        f"<span>{escape(title)}</span></button>{tick}</li>"
    )


def _pages(found: Sequence[Item], shown: Shown, lang: str) -> str:
    last = max(0, ceil(len(found) / PAGE) - 1)
    if not last:
        return ""
    before = button("page", lang, turn="-1") if shown.page else ""
    after = button("page", lang, turn="1") if shown.page < last else ""
    before = before.replace(escape(word("act_page", lang)), f"← {escape(word('page_before', lang))}")
    after = after.replace(escape(word("act_page", lang)), f"{escape(word('page_after', lang))} →")
    said = escape(word("page_of", lang, page=shown.page + 1, pages=last + 1))
    return f'<nav class="lapel-pages acts" aria-label="{said}">{before}<span>{said}</span>{after}</nav>'


def panel(
    catalog: Catalog,
    item: Item,
    twins: Sequence[Item],
    unseen: Mapping[str, bool],
    thumbnails: Thumbnails,
    may_change: bool,
    lang: str,
    saved: str = "",
) -> str:
    """One item: its pictures, its labels to change, its other columns, its twins. saved: what was just changed."""
    title = item.columns.get("title") or item.id
    label = escape(item_label(item, lang))
    id = f'<p class="id">{escape(word("item_id", lang))} {escape(item.id)}</p>' if title != item.id else ""
    pictures = "".join(
        f'<img src="{escape(url)}" alt="{label}" width="{LARGE[0]}" height="{LARGE[1]}">'
        for url in thumbnails.pictures(item)
    )
    acts = button("search", lang, kind="main", id=item.id)
    if may_change:
        acts += button("remove", lang, id=item.id)
    rows = "".join(
        _label(catalog, item, one.name, bool(unseen.get(one.name)), may_change, lang) for one in catalog.attributes
    )
    others = {name: text for name, text in item.columns.items() if text and name != "title"}
    others |= {"split": value_name(item.split, lang)} if item.split else {}
    columns = "".join(
        f"<tr><th scope='row'>{escape(attribute_name(name, lang))}</th><td>{escape(text)}</td></tr>"
        for name, text in others.items()
    )
    shut = f'<button type="button" class="shut" data-act="shut" data-key="shut" aria-label="{escape(word("close", lang))}">×</button>'
    beside = f'<table class="lapel-plain">{columns}</table>' if columns else ""
    return (
        f'<article class="lapel-item" data-id="{escape(item.id)}"><header><h3>{escape(title)}</h3>{shut}</header>'
        f'{id}<div class="pictures of-{min(len(item.pictures), 3)}">{pictures}</div><div class="acts">{acts}</div>'
        f'{saved}<table class="lapel-plain labels">{rows}</table>{beside}{_twins(twins, thumbnails, lang)}</article>'
    )


def _label(catalog: Catalog, item: Item, attribute: str, unseen: bool, may_change: bool, lang: str) -> str:
    name, value = attribute_name(attribute, lang), item.labels.get(attribute)
    values = catalog.attribute(attribute).values
    if not may_change:
        text = value_name(value, lang, values) if value else word("unlabelled", lang)
        return f"<tr><th scope='row'>{escape(name)}</th><td>{escape(text)}</td></tr>"
    chosen = label_list("set", attribute, values, value, unseen, lang)
    return f"<tr><th scope='row'>{escape(name)}</th><td>{chosen}</td></tr>"


def _twins(twins: Sequence[Item], thumbnails: Thumbnails, lang: str) -> str:
    if not twins:
        return ""
    some = list(twins[:12])
    cards = "".join(_twin(item, url) for item, url in zip(some, thumbnails.urls(some), strict=True))
    return f'<h4>{escape(word("twins", lang, count=f"{len(twins):,}"))}</h4><div class="lapel-strip">{cards}</div>'


def _twin(item: Item, url: str) -> str:
    id = escape(item.id)
    return (
        f'<button type="button" class="pick" data-act="item" data-id="{id}" data-key="twin-{id}" title="{id}">'
        f'<img src="{escape(url)}" alt="{id}" loading="lazy" width="64" height="80"></button>'
    )

"""HTML of what results share: their menu, the large view, the size of the cards, and what is done with those selected.

Menu and large view are parts that `scripts/large.js` copies and fills in for one hit, so that cards stay small.
"""

from html import escape

from ui.names import attribute_name
from ui.searching import Answer
from ui.words import word

DENSITIES = ("large", "medium", "small")
TAKEN = ("csv", "zip", "sheet")
"""What the items that are selected can be taken along as."""


def density(lang: str) -> str:
    """Three sizes of cards, and the tick for all that are shown; the browser remembers the size."""
    buttons = "".join(
        f'<button type="button" data-density="{size}" aria-pressed="{str(size == "medium").lower()}"'
        f' aria-label="{escape(word(f"density_{size}", lang))}" title="{escape(word(f"density_{size}", lang))}">'
        f'<i class="{size}" aria-hidden="true"></i></button>'
        for size in DENSITIES
    )
    every = escape(word("select_shown", lang))
    return (
        f'<div class="lapel-look-of"><label class="lapel-every"><input type="checkbox" data-tick-all><span>{every}</span></label>'
        f'<span class="lapel-density" role="group" aria-label="{escape(word("density", lang))}">{buttons}</span></div>'
    )


def menu_parts(found: Answer, lang: str) -> str:
    """What can be done with one hit. The attributes of the query come first, then the others that can be asked at once."""
    items = "".join(
        [
            _item(lang, "hit_ask", 'data-act="ask"'),
            _item(lang, "hit_more", 'data-act="more"'),
            _item(lang, "hit_less", 'data-act="less"'),
            _item(lang, "hit_enlarge", "data-open-large"),
            _item(lang, "hit_why", "data-why"),
        ]
    )
    title = escape(word("hit_take", lang))
    takes = f'<div role="group" aria-label="{title}"><p aria-hidden="true">{title}</p>{_takes(found, lang, True)}</div>'
    label = escape(word("hit_menu", lang))
    return f'<div class="lapel-menu-parts" hidden data-label="{label}">{items}{takes}</div>'


def _item(lang: str, key: str, data: str) -> str:
    return f'<button type="button" role="menuitem" {data}>{escape(word(key, lang))}</button>'


def _takes(found: Answer, lang: str, menu: bool) -> str:
    asked = dict.fromkeys(term.attribute for term in found.asked.terms)
    there = found.opened.engine.attributes
    labelled = [name for name in found.opened.labelled if name in there]
    role = ' role="menuitem"' if menu else ""
    return "".join(
        f'<button type="button"{role} data-act="from_item" data-attribute="{escape(name)}">'
        f"{escape(attribute_name(name, lang, there))}</button>"
        for name in dict.fromkeys([*(name for name in asked if name in there), *labelled, *there])
    )


def large_parts(found: Answer, lang: str) -> str:
    """The large view of one hit, to be filled in."""

    def say(key: str) -> str:
        return escape(word(key, lang))

    place = escape(word("large_title", lang, rank="{rank}", count=len(found.hits)))
    return (
        f'<div class="lapel-large-parts" hidden data-place="{place}">'
        f'<header><div><p class="place" aria-live="polite"></p><h3 id="lapel-large-title"></h3></div>'
        f'<button type="button" class="shut" data-shut aria-label="{say("close")}" title="{say("close")}">×</button></header>'
        f'<div class="view"><button type="button" data-step="-1" aria-label="{say("large_before")}">‹</button>'
        f'<img alt=""><button type="button" data-step="1" aria-label="{say("large_after")}">›</button></div>'
        f'<div class="about"><p class="id" translate="no"></p><div class="facts"></div>'
        f'<h4>{say("large_labels")}</h4><ul class="labels" data-none="{say("large_none")}"></ul>'
        f'<div class="acts"><button type="button" class="main" data-act="ask">{say("hit_ask")}</button>'
        f'<button type="button" data-act="more">{say("hit_more")}</button>'
        f'<button type="button" data-act="less">{say("hit_less")}</button>'
        f'<button type="button" data-why>{say("hit_why")}</button>'
        f'<label class="check"><input type="checkbox" data-tick-large><span>{say("large_select")}</span></label></div>'
        f'<details><summary>{say("hit_take")}</summary><div class="acts">{_takes(found, lang, False)}</div></details></div></div>'
    )


def selection_bar(lang: str) -> str:
    """What is done with the items that are selected; `scripts/select.js` counts them."""

    def say(key: str) -> str:
        return escape(word(key, lang))

    takes = "".join(
        f'<button type="button" data-selection="{form}" data-key="selection-{form}">{say(f"take_{form}")}</button>'
        for form in TAKEN
    )
    count = escape(word("selected_count", lang, count="{count}"))
    away = escape(word("selected_elsewhere", lang, count="{count}", away="{away}"))
    return (
        f'<div class="lapel-selection acts" role="group" aria-label="{say("selection")}" hidden>'
        f'<b class="count" role="status" data-said="{count}" data-away="{away}"></b>{takes}'
        f'<button type="button" data-selection="name" data-key="selection-name" aria-expanded="false">{say("save_set")}</button>'
        f'<span class="saving" hidden><input type="text" maxlength="80" data-set-name aria-label="{say("set_name")}"'
        f' placeholder="{say("set_name")}"><button type="button" class="main" data-selection="save">{say("set_keep")}</button></span>'
        f'<button type="button" data-selection="clear">{say("unselect")}</button></div>'
    )

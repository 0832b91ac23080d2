"""HTML of the attributes of a search: a row each, and below it the values that can be asked for. Everything from outside is
escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from common.names import name_key
from library import Opened, Typical, typical_items
from ui.asked import Asked, AskedTerm, Picture
from ui.cards import unknown_attributes
from ui.names import INVISIBLE, attribute_name, value_name
from ui.pace import duration
from ui.words import word

FEW_ROWS = 12
"""Rows that are always shown; further ones are below a line that opens."""
FEW_VALUES = 12
"""Values that an attribute with more shows at first."""
MOST_VALUES = 300
"""Values of one attribute that are drawn at most, the most frequent ones."""


@dataclass(frozen=True)
class _Page:
    """What all rows are drawn from. picture: the one in the box. among: names of all attributes."""

    opened: Opened
    asked: Asked
    picture: Picture
    lang: str
    among: Sequence[str]

    def name(self, attribute: str) -> str:
        return attribute_name(attribute, self.lang, self.among)

    def say(self, key: str, **values: object) -> str:
        return escape(word(key, self.lang, **values))

    def terms(self, attribute: str) -> list[AskedTerm]:
        return [term for term in self.asked.terms if term.attribute == attribute]


def attribute_rows(opened: Opened, asked: Asked, picture: Picture, lang: str) -> str:
    """Rows of all attributes that can be asked: labelled and taught ones first, the others in a group that opens.

    picture: the one in the box, which "like" and "not like" ask by. Where nobody has measured yet how long the catalog takes
    to be embedded for one more attribute, opening the group sends `foretell`.
    """
    page = _Page(opened, asked, picture, lang, [*opened.labelled, *opened.unlabelled])
    first = [*opened.labelled, *(name for name in opened.taught if name not in opened.labelled)]
    others = [name for name in opened.unlabelled if name not in first]
    if not first:
        first, others = others, []
    hint = page.say("rows_hint_empty" if picture.empty else "rows_hint")
    rest = _group(page, first[FEW_ROWS:], "rest", page.say("row_rest", count=len(first) - FEW_ROWS))
    more = _group(page, others, "more", page.say("more_attributes"), _cost(page, others))
    rows = f"{_list(page, first[:FEW_ROWS])}{rest}{more}{unknown_attributes(opened, lang)}"
    return f'<div class="lapel-rows"><p class="caption">{hint}</p>{rows}</div>'


def _list(page: _Page, names: Sequence[str]) -> str:
    return f'<ul class="attributes">{"".join(_row(page, name) for name in names)}</ul>' if names else ""


def _group(page: _Page, names: Sequence[str], key: str, title: str, about: str = "") -> str:
    """Rows below a line that opens; open from the first where one of them is asked for."""
    if not names:
        return ""
    is_open = " open" if any(page.terms(name) for name in names) else ""
    return (
        f'<details class="group" data-key="rows-{key}"{is_open}><summary>{title}</summary>{about}'
        f"{_list(page, names)}</details>"
    )


def _cost(page: _Page, names: Sequence[str]) -> str:
    """What it costs to ask for attributes that the catalog is not embedded for; nothing where it is for all."""
    if set(names) <= set(page.opened.engine.attributes):
        return ""
    seconds = page.opened.seconds_known(1)
    if seconds is None:
        return f'<p class="caption" data-foretell>{page.say("row_cost")}</p>'
    return f'<p class="caption">{page.say("more_info", time=duration(seconds, page.lang))}</p>'


def _row(page: _Page, attribute: str) -> str:
    name, terms = page.name(attribute), page.terms(attribute)
    shown = word("taught", page.lang, name=name) if attribute in page.opened.taught else name
    by_picture = [term.weight for term in terms if term.source == page.picture]
    like = _toggle(page, "like", attribute, shown, any(weight > 0 for weight in by_picture))
    unlike = _toggle(page, "unlike", attribute, "≠", any(weight < 0 for weight in by_picture))
    mark = " asked" if terms else ""
    return f'<li class="attribute{mark}">{like}{unlike}{_values(page, attribute)}</li>'


def _toggle(page: _Page, act: str, attribute: str, text: str, pressed: bool) -> str:
    """A name to press; what it does is said to those who hear it, and to others when they point at it."""
    said = page.say(f"row_{act}", name=page.name(attribute))
    off = " disabled" if page.picture.empty else ""
    return (
        f'<button type="button" class="{act}" {_data(act, attribute)} aria-pressed="{str(pressed).lower()}"'
        f' title="{said}" aria-label="{said}"{off}>{escape(text)}</button>'
    )


def _data(act: str, attribute: str, value: str | None = None) -> str:
    own = "" if value is None else f' data-value="{escape(value)}"'
    key = escape(f"{act}-{attribute}" + ("" if value is None else f"-{value}"))
    return f'data-act="{act}" data-attribute="{escape(attribute)}"{own} data-key="{key}"'


def _values(page: _Page, attribute: str) -> str:
    """The values of an attribute, to open; why there are none."""
    found = [own for own in typical_items(page.opened, attribute) if name_key(own.value) != INVISIBLE]
    if not found:
        lacking = attribute not in page.opened.engine.attributes
        return f'<span class="why">{page.say("row_lacking" if lacking else "row_unlabelled")}</span>'
    among = tuple(own.value for own in found)
    signs = {term.source: term.weight > 0 for term in page.terms(attribute) if isinstance(term.source, str)}
    drawn = _drawn(found, signs)
    cards = "".join(_value(page, attribute, own, among, signs.get(own.value), shown) for own, shown in drawn)
    key, name = escape(f"values-{attribute}"), escape(page.name(attribute))
    tools = _tools(page, attribute, len(drawn), len(found)) if len(found) > FEW_VALUES else ""
    return (
        f'<details class="values" data-key="{key}"><summary><span class="lapel-hidden">{name} </span>'
        f"{_summary(page, signs, among, len(found))}</summary>"
        f'<div class="pane" data-pane="{escape(f"{page.opened.id} {attribute}")}">{tools}<ul class="grid">{cards}</ul></div></details>'
    )


def _drawn(found: Sequence[Typical], signs: dict[str, bool]) -> list[tuple[Typical, bool]]:
    """The values that are drawn, the most frequent first, and whether each is shown at first. What is asked for is always shown,
    in its place, so that nothing moves when it is pressed."""
    ordered = sorted(found, key=lambda own: -own.count)
    return [
        (own, place < FEW_VALUES or own.value in signs)
        for place, own in enumerate(ordered)
        if place < MOST_VALUES or own.value in signs
    ]


def _summary(page: _Page, signs: dict[str, bool], among: tuple[str, ...], count: int) -> str:
    """How many values there are, or those that are asked for."""
    if not signs:
        return f"<span>{page.say('row_values', count=count)}</span>"
    said = [value_name(value, page.lang, among) for value in signs]
    parts = [
        text if wanted else word("row_not", page.lang, value=text)
        for text, wanted in zip(said, signs.values(), strict=True)
    ]
    return f"<b>{escape(('、' if page.lang == 'ja' else ', ').join(parts))}</b>"


def _tools(page: _Page, attribute: str, drawn: int, count: int) -> str:
    """A field that narrows the values as it is filled, and a button that shows them all: the browser's own (`rows.js`)."""
    name = page.name(attribute)
    most = page.say("value_first", most=f"{drawn:,}", count=f"{count:,}") if drawn < count else ""
    return (
        f'<div class="tools"><input type="search" autocomplete="off" data-key="{escape(f"find-{attribute}")}"'
        f' placeholder="{page.say("value_find_short")}" aria-label="{page.say("value_find", name=name)}">'
        f'<button type="button" class="all" aria-expanded="false" data-key="{escape(f"all-{attribute}")}"'
        f' data-all="{page.say("value_all", count=f"{drawn:,}")}" data-fewer="{page.say("value_fewer")}">'
        f"{page.say('value_all', count=f'{drawn:,}')}</button></div>"
        f'<p class="none" role="status" data-none="{page.say("value_none")}"></p>'
        + (f'<p class="caption">{most}</p>' if most else "")
    )


def _value(page: _Page, attribute: str, own: Typical, among: tuple[str, ...], wanted: bool | None, shown: bool) -> str:
    """One value with its picture. wanted: whether it is asked for or stays away; None: neither. shown: from the first."""
    text = value_name(own.value, page.lang, among)
    picture = page.opened.thumbnails.url(page.opened.catalog.item(own.item))
    count = (
        f'<i aria-hidden="true">{own.count:,}</i><span class="lapel-hidden"> '
        f"{page.say('value_items', count=f'{own.count:,}')}</span>"
        if own.count
        else ""
    )
    names = escape(f"{text} {own.value}" if text != own.value else text)
    said = page.say("row_not", value=text)
    return (
        f'<li class="{"" if shown else "more"}" data-names="{names}"{"" if shown else " hidden"}>'
        f'<button type="button" class="card" {_data("value", attribute, own.value)}'
        f' aria-pressed="{str(wanted is True).lower()}"><img src="{escape(picture)}" alt="" loading="lazy" width="256"'
        f' height="320"><span class="name">{escape(text)}</span>{count}</button>'
        f'<button type="button" class="not" {_data("not_value", attribute, own.value)}'
        f' aria-pressed="{str(wanted is False).lower()}" title="{said}" aria-label="{said}">≠</button></li>'
    )

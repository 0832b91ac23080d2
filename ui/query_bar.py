"""The bar that shows a query: a field for words, a chip for each term, what was not understood, and the way back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from library import Opened
from retrieval import NOT_WEIGHT, Understood
from ui.address_query import address_text
from ui.asked import AskedTerm, Picture
from ui.asked_words import in_words
from ui.chip_pictures import chip_picture
from ui.names import INVISIBLE, attribute_name, value_name, values_of
from ui.steps import Steps
from ui.term_names import weighed_term
from ui.turning import LARGEST, Step
from ui.words import word

ICONS = {
    "undo": "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6",
    "redo": "m15 7 5 5-5 5m5-5H10a6 6 0 0 0-6 6",
    "copy_link": "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1m2 4a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
    "anew": "m5 5 14 14M19 5 5 19",
}
"""Paths of icons on 24 × 24."""


@dataclass(frozen=True)
class Said:
    """What was made of the words that were typed last. text: these. error: of what they cannot be used for."""

    text: str = ""
    understood: Understood | None = None


def query_bar(
    opened: Opened,
    steps: Steps,
    lang: str,
    said: Said | None = None,
    examples: str = "",
    waiting: Sequence[str] = (),
) -> str:
    """HTML of the bar. said: of words typed, until something else is done. examples: HTML of other queries to try. waiting:
    attributes that the catalog is still being embedded for."""
    step = steps.now
    chips = "".join(_chip(opened, step, place, lang, waiting) for place in range(len(step.asked.terms)))
    empty = "" if chips else f'<p class="none">{escape(word("nothing_asked", lang))}</p>'
    listed = (
        f'<ul class="lapel-chip-list" aria-label="{escape(word("query_bar", lang))}">{chips}</ul>' if chips else empty
    )
    known = said or Said()
    data = f'data-catalog="{escape(opened.id)}" data-address="{escape(address_text(step))}"'
    return (
        f'<div class="lapel-query-bar" {data}>{_words(opened, known.text, lang)}'
        f'<div class="lapel-asked">{listed}{_tools(opened, steps, lang)}</div>'
        f"{not_understood(opened, known.understood, lang)}{examples}</div>"
    )


def chip_text(opened: Opened, term: AskedTerm, lang: str) -> str:
    """A term in words, beside which its picture stands."""
    if isinstance(term.source, str):
        return weighed_term(opened.catalog, term, lang)
    name = attribute_name(term.attribute, lang)
    text = word("chip_not_like" if term.weight < 0 else "chip_like", lang, name=name)
    if term.source.box is not None:
        text += f"（{word('chip_part', lang)}）" if lang == "ja" else f" ({word('chip_part', lang)})"
    return text if term.weight in (1, -NOT_WEIGHT) else f"{text} × {abs(term.weight):.2g}"


def _chip(opened: Opened, step: Step, place: int, lang: str, waiting: Sequence[str]) -> str:
    term = step.asked.terms[place]
    text = chip_text(opened, term, lang)
    picture = chip_picture(opened, term.source, lang) if isinstance(term.source, Picture) else ""
    negative = " not" if term.weight < 0 else ""
    waits = f"<small>{escape(word('chip_waits', lang))}</small>" if term.attribute in waiting else ""
    edit, remove = (escape(word(key, lang, chip=text)) for key in ("chip_edit", "chip_remove"))
    order = (text, picture) if lang == "en" else (picture, text)
    inner = "".join(part if part is picture else f"<span>{escape(part)}</span>" for part in order)
    return (
        f'<li class="lapel-chip{negative}" data-term="{place}" data-attribute="{escape(term.attribute)}" draggable="true">'
        f'<details data-key="term-{place}"><summary aria-label="{edit}" title="{edit}">{inner}{waits}</summary>'
        f"{_panel(opened, step, place, lang)}</details>"
        f'<button type="button" data-act="remove" data-term="{place}" aria-label="{remove}" title="{remove}">'
        f"{_icon('anew')}</button></li>"
    )


def _panel(opened: Opened, step: Step, place: int, lang: str) -> str:
    """What a chip can be made of: how much it counts, not, and what it is asked by."""
    term = step.asked.terms[place]
    weigh, size = escape(word("chip_weight", lang)), f"{abs(term.weight):g}"
    span = f'min="0" max="{LARGEST:g}" step="0.05" value="{size}" data-act="weigh" data-term="{place}"'
    pressed = str(term.weight < 0).lower()
    return (
        '<div class="panel">'
        f'<label class="weight"><span>{weigh}</span><output>{size}</output>'
        f'<input type="range" {span} data-key="weigh-{place}"></label>'
        f'<button type="button" data-act="negate" data-term="{place}" data-key="negate-{place}" aria-pressed="{pressed}">'
        f"{escape(word('chip_not', lang))}</button>"
        f'<label class="source"><span>{escape(word("chip_source", lang))}</span>'
        f'<select data-act="source" data-json="1" data-term="{place}" data-key="source-{place}">'
        f"{_sources(opened, step, place, lang)}</select></label>{_part(term, place, lang)}</div>"
    )


def _part(term: AskedTerm, place: int, lang: str) -> str:
    """What opens the editor of the part of the picture that a term is asked by."""
    if isinstance(term.source, str):
        return ""
    return (
        f'<button type="button" data-act="open_box" data-term="{place}" data-key="box-{place}">'
        f"{escape(word('chip_box', lang))}</button>"
    )


def _sources(opened: Opened, step: Step, place: int, lang: str) -> str:
    """Options of what a term can be asked by: pictures of the query, then the values of its attribute."""
    term = step.asked.terms[place]
    pictures = [one.source for one in step.asked.terms if isinstance(one.source, Picture)]
    pictures = list(dict.fromkeys([*pictures, *([] if step.picture.empty else [step.picture])]))
    options = []
    for number, picture in enumerate(pictures, 1):
        chosen = picture == term.source
        name = picture.item or f"{word('picture_of_query', lang)} {number}"
        if picture == step.picture:
            name = f"{word('chip_box_picture', lang)} ({name})"
        sent = {"box": True} if picture == step.picture else {"item": picture.item}
        if chosen or picture == step.picture or (picture.item and not picture.altered):
            options.append(_option(sent, name, chosen))
    values = values_of(opened.catalog, term.attribute) or tuple(opened.known_attributes.get(term.attribute, ()))
    listed = [_option({"value": value}, value_name(value, lang, values), value == term.source) for value in values]
    grouped = [(word("chip_pictures", lang), options), (word("chip_values", lang), listed)]
    return "".join(f'<optgroup label="{escape(name)}">{"".join(some)}</optgroup>' for name, some in grouped if some)


def _option(sent: Mapping[str, object], name: str, chosen: bool) -> str:
    mark = " selected" if chosen else ""
    return f'<option value="{escape(json.dumps(sent))}"{mark}>{escape(name)}</option>'


def _words(opened: Opened, text: str, lang: str) -> str:
    label, hint = escape(word("ask_words", lang)), escape(_hint(opened, lang))
    return (
        f'<form class="lapel-words" role="search"><input type="search" name="words" value="{escape(text)}" maxlength="200"'
        f' aria-label="{label}" placeholder="{hint or label}" autocomplete="off" enterkeyhint="search">'
        f'<button type="submit">{escape(word("ask_go", lang))}</button></form>'
    )


def _hint(opened: Opened, lang: str) -> str:
    """Words that the catalog understands: a value of one attribute, and another's that is not wanted; '' without labels."""
    asked = set(opened.embedder.attributes)
    found = [
        [value_name(value, lang, one.values) for value in one.values if value.lower() != INVISIBLE]
        for one in opened.catalog.attributes
        if one.name in asked
    ]
    several = [values for values in found if len(values) > 1][-2:]
    if len(several) < 2:
        return ""
    return word("ask_hint", lang, wanted=several[1][0], unwanted=several[0][-1])


def _tools(opened: Opened, steps: Steps, lang: str) -> str:
    can = {"undo": steps.can_undo, "redo": steps.can_redo}
    buttons = "".join(
        f'<button type="button" data-act="{act}" data-key="{act}" aria-label="{escape(word(act, lang))}"'
        f' title="{escape(word(act, lang))}"{"" if there else " disabled"}>{_icon(act)}</button>'
        for act, there in can.items()
    )
    copy = (
        f'<button type="button" class="copy" data-said="{escape(word("link_copied", lang))}" data-key="copy"'
        f' aria-label="{escape(word("copy_link", lang))}" title="{escape(word("copy_link", lang))}">{_icon("copy_link")}</button>'
    )
    anew = (
        f'<button type="button" class="text" data-act="anew" data-key="anew">{escape(word("clear_query", lang))}</button>'
        if steps.now.asked.terms
        else ""
    )
    return f'<div class="tools">{buttons}{_history(opened, steps, lang)}{copy}{anew}</div>'


def _history(opened: Opened, steps: Steps, lang: str) -> str:
    title = escape(word("history", lang))
    lines = "".join(
        f'<li><button type="button" data-act="visit" data-at="{place}">'
        f"{escape(in_words(step.asked, opened.catalog, lang))}</button></li>"
        for place, step in enumerate(steps.kept)
    )
    inner = f"<ol>{lines}</ol>" if lines else f"<p>{escape(word('history_empty', lang))}</p>"
    return f'<details class="lapel-history" data-key="history"><summary>{title}</summary><div class="panel">{inner}</div></details>'


def not_understood(opened: Opened, found: Understood | None, lang: str) -> str:
    """What words were read otherwise than written, and those that were not understood, with what may have been meant."""
    if found is None:
        return ""
    lines = []
    for term in found.terms:
        values = values_of(opened.catalog, term.attribute)
        if term.misspelled:
            read = word("words_read_as", lang, value=value_name(term.value, lang, values))
            lines.append(f"<p>{escape(f'{term.words}: {read}')}</p>")
        if term.others:
            lines.append(f"<p>{escape(word('words_instead', lang))} {_suggested(opened, term.others, lang)}</p>")
    for unknown in found.unknown:
        said = escape(word("words_unknown", lang, words=unknown.words))
        offers = [(one.attribute, one.value) for one in unknown.suggestions]
        kinds = {one.why for one in unknown.suggestions}
        lead = "words_examples" if kinds == {"example"} else "words_instead"
        named = kinds == {"named"}
        asked = word("words_named", lang, name=attribute_name(offers[0][0], lang)) if named else word(lead, lang)
        offered = f" {escape(asked)} {_suggested(opened, offers, lang, named, unknown.sign)}" if offers else ""
        lines.append(f"<p>{said}{offered}</p>")
    if found.cut:
        lines.append(f"<p>{escape(word('words_cut', lang, most=200))}</p>")
    return f'<div class="lapel-unread" role="status">{"".join(lines)}</div>' if lines else ""


def _suggested(opened: Opened, offers: Sequence[tuple[str, str]], lang: str, like: bool = False, sign: int = 1) -> str:
    """Buttons for values. like: the attribute like the picture, too. sign: -1 for what is not wanted."""
    buttons = []
    if like:
        name = word("chip_like", lang, name=attribute_name(offers[0][0], lang))
        text = f"{name} {word('chip_this_picture', lang)}"
        buttons.append(_offer("like" if sign > 0 else "unlike", offers[0][0], "", text))
    for attribute, value in offers:
        text = value_name(value, lang, values_of(opened.catalog, attribute))
        buttons.append(_offer("value" if sign > 0 else "not_value", attribute, value, text))
    return "".join(buttons)


def _offer(act: str, attribute: str, value: str, text: str) -> str:
    return (
        f'<button type="button" data-act="{act}" data-attribute="{escape(attribute)}" data-value="{escape(value)}">'
        f"{escape(text)}</button>"
    )


def _icon(name: str) -> str:
    return f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{ICONS[name]}"/></svg>'

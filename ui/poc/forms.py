"""HTML of what can be changed in the PoC tab: assumptions and prices. Everything is escaped."""

from html import escape

from library.poc import Assumptions, number, read_prices, say
from ui.catalogs.detail_cards import button
from ui.poc.stated import CURRENCIES, PRICED, Stated, groups, price
from ui.words import word

FIELDS = {
    "hourly": "poc_hourly",
    "monthly": "poc_monthly",
    "speed_low": "poc_speed_low",
    "speed_high": "poc_speed_high",
}


def assumptions(stated: Stated, lang: str) -> str:
    """A field for each assumption, in groups; one that was changed says what it was."""
    parts = []
    for name, keys in groups().items():
        shown = [key for key in keys if key != "per_dollar" or stated.assumptions.currency != "USD"]
        fields = "".join(_field(key, stated, lang) for key in shown)
        parts.append(f"<fieldset><legend>{escape(word(f'poc_group_{name}', lang))}</legend>{fields}</fieldset>")
    reset = button("reset", lang, form="assumed") if stated.assumptions != Assumptions() else ""
    return (
        f'<section class="lapel-poc-stated"><header><h3>{escape(word("poc_stated", lang))}</h3>'
        f'<span class="acts">{reset}</span></header><p class="lapel-hint">{escape(word("poc_stated_about", lang))}</p>'
        f'<form data-form="assumed">{"".join(parts)}</form></section>'
    )


def prices(stated: Stated, lang: str) -> str:
    """The price of each machine, to be changed."""
    head = [say("machine", lang), *(word(FIELDS[what], lang) for what in PRICED), word("poc_price_source", lang)]
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    rows = "".join(_machine(row.id, stated, lang) for row in stated.prices.rows)
    reset = button("reset", lang, form="prices") if stated.own else ""
    title = escape(word("poc_prices", lang))
    return (
        f'<section class="lapel-poc-stated"><header><h3>{title}</h3><span class="acts">{reset}</span></header>'
        f'<p class="lapel-hint">{escape(word("poc_prices_about", lang))}</p><form data-form="prices">'
        f'<div class="lapel-poc-scroll" role="region" tabindex="0" aria-label="{title}">'
        f"<table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table></div></form></section>"
    )


def field_name(key: str, stated: Stated, lang: str) -> str:
    """What a field is called: that of an assumption, or of a price."""
    id, _, what = key.partition(" ")
    if what:
        return word("poc_price_field", lang, machine=stated.prices.of(id).name, field=word(FIELDS[what], lang))
    return say(f"a_{key}", lang, currency=stated.assumptions.currency)


def _field(key: str, stated: Stated, lang: str) -> str:
    value, first = getattr(stated.assumptions, key), getattr(Assumptions(), key)
    name = escape(field_name(key, stated, lang))
    changed = value != first
    if key == "hardware":
        before, field = _machine_name(first), _choice(key, value, [(row.id, row.name) for row in stated.prices.rows])
    elif key == "currency":
        choices = [*CURRENCIES, *([] if value in CURRENCIES else [value])]
        before, field = first, _choice(key, value, [(one, one) for one in choices])
    else:
        before = number(first)
        field = f'<input type="number" name="{key}" data-key="{key}" min="0" step="any" inputmode="decimal" value="{value:g}">'
    was = f"<small>{escape(word('poc_was', lang, value=before))}</small>" if changed else ""
    return f'<label class="{"changed" if changed else ""}"><span>{name}{was}</span>{field}</label>'


def _choice(key: str, value: str, choices: list[tuple[str, str]]) -> str:
    options = "".join(
        f'<option value="{escape(id)}"{" selected" if id == value else ""}>{escape(name)}</option>'
        for id, name in choices
    )
    return f'<select name="{key}" data-key="{key}">{options}</select>'


def _machine(id: str, stated: Stated, lang: str) -> str:
    row, first = stated.prices.of(id), read_prices().of(id)
    cells = []
    for what in PRICED:
        value, field = price(row, what), f"{id} {what}"
        label = escape(field_name(field, stated, lang))
        changed = ' class="changed"' if value != price(first, what) else ""
        cells.append(
            f'<td{changed}><input type="number" name="{escape(field)}" data-key="{escape(field)}" min="0" step="any" '
            f'inputmode="decimal" value="{value:g}" aria-label="{label}"></td>'
        )
    source = (
        f'<a href="{escape(row.source)}" target="_blank" rel="noopener">{escape(_site(row.source))}</a> {row.stated}'
    )
    if id in stated.own:
        source = escape(word("poc_price_own", lang))
    note = (row.note_ja if lang == "ja" else row.note) or row.note
    name = f'<span translate="no">{escape(row.name)}</span><small>{escape(note)}</small>'
    cells.append(f'<td class="lapel-poc-source">{source}</td>')
    return f'<tr><th scope="row">{name}</th>{"".join(cells)}</tr>'


def _machine_name(id: str) -> str:
    return read_prices().of(id).name


def _site(address: str) -> str:
    return address.partition("//")[2].partition("/")[0]

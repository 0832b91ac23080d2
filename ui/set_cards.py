"""HTML of the saved sets of a visitor. Everything from outside is escaped."""

import json
from collections.abc import Sequence
from html import escape

from catalog import Catalog
from library import SavedSet
from ui.hit_menus import TAKEN
from ui.words import word


def sets(saved: Sequence[SavedSet], catalog: Catalog, lang: str) -> str:
    """A list to open, the newest first; nothing where there is none."""
    if not saved:
        return ""
    lines = "".join(_set(one, catalog, lang) for one in saved)
    title = escape(word("sets", lang, count=len(saved)))
    return f'<details class="lapel-sets" data-key="sets"><summary>{title}</summary><ul>{lines}</ul></details>'


def _set(one: SavedSet, catalog: Catalog, lang: str) -> str:
    there = list(catalog.places(one.items))
    about = [word("set_about", lang, count=len(there)), *([one.asked] if one.asked else [])]
    if len(there) < len(one.items):
        about.append(word("set_lost", lang, count=len(one.items) - len(there)))
    values = f' data-values="{escape(json.dumps(there))}"'
    acts = _button(one, "open", word("set_open", lang), values) if there else ""
    acts += "".join(_button(one, form, word(f"take_{form}", lang)) for form in TAKEN if there)
    acts += _button(one, "delete", word("set_delete", lang))
    label = escape(word("set_acts", lang, name=one.name))
    return (
        f"<li><p><b>{escape(one.name)}</b> <small>{escape(' · '.join(about))}</small></p>"
        f'<div class="acts" role="group" aria-label="{label}">{acts}</div></li>'
    )


def _button(one: SavedSet, does: str, text: str, data: str = "") -> str:
    return (
        f'<button type="button" data-set="{escape(one.id)}" data-does="{does}" data-key="{does}-{escape(one.id)}"{data}>'
        f"{escape(text)}</button>"
    )


def deleted(one: SavedSet, lang: str) -> str:
    """A line that a set is gone, with the way back."""
    return (
        f'<p class="lapel-line notice" role="status">{escape(word("set_deleted", lang, name=one.name))} '
        f"{_button(one, 'undo', word('set_undo', lang))}</p>"
    )

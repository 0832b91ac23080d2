"""HTML of a look: what is in it, which column is what, what is wrong and how it is mended. Everything from outside is
escaped."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from catalog import PRESETS, ROLES, CatalogError, ColumnLook, Item, Look, Note, Problem, Wish
from library import Looking
from ui.catalog_notes import note_text
from ui.heat import data_uri
from ui.names import attribute_called, attribute_name, value_name
from ui.words import word

VALUES = 8
"""Values of a column that are shown."""
PICTURES = 10
"""Pictures that are shown of what is looked at, of so many that are tried."""


def progress(looking: Looking, lang: str) -> str:
    """How far a look is."""
    known = {"done": f"{looking.done:,}", "total": f"{looking.total:,}"}
    text = escape(word("looking", lang, **known) if looking.total else word("looking_first", lang))
    value = f' value="{looking.done}" max="{looking.total}"' if looking.total else ""
    return f'<div class="lapel-progress"><span>{text}</span><progress{value} aria-label="{text}"></progress></div>'


def shown(look: Look, known: Sequence[str], lang: str, title: str = "", said: str = "") -> str:
    """The whole look. known: attributes of the weights, which a column may be taken for. title: what is said instead of its
    name; said: what is said below the counts."""
    facts = word("look_facts", lang, items=f"{look.items:,}", pictures=f"{look.pictures:,}", size=size(look.bytes))
    splits = " · ".join(f"{value_name(name, lang)} {count:,}" for name, count in look.splits.items())
    head = (
        f"<h2>{escape(title or look.name)}</h2><p>{escape(facts)}{f' · {escape(splits)}' if splits else ''}</p>"
        f'<p>{escape(said)}</p><p class="read">{_reading(look, lang)}</p>{_pictures(look)}'
    )
    return (
        f'<div class="lapel-look">{head}{_columns(look, known, lang)}{_problems(look, lang)}{_notes(look, lang)}</div>'
    )


def changed(look: Look, data: Mapping[str, Any], lang: str) -> Wish:
    """The wish of a look with what was chosen in the page, in its language."""
    wish, act, value = look.wish, data.get("act"), str(data.get("value", ""))
    if act == "role":
        return wish.with_role(str(data.get("column")), value)  # type: ignore[arg-type]
    if act == "name":
        return wish.with_name(str(data.get("column")), attribute_called(value.strip(), lang))
    if act == "mend":
        return wish.with_mend(str(data.get("mend")), data.get("on") == "1")
    if act == "mend-all":
        for key in look.recommended:
            wish = wish.with_mend(key, data.get("on") == "1")
        return wish
    if act in ("several", "twins", "preset", "table"):
        return Wish.from_dict({**wish.to_dict(), str(act): value or None})
    return wish


def size(count: int) -> str:
    """Bytes as people say them."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(count, 0) / 1e6:.1f} MB"


def _reading(look: Look, lang: str) -> str:
    """What the files are taken for, and the table that is read, each to be changed."""
    presets = _select("preset", ((key, note_text(Note(f"preset-{key}"), lang)) for key in PRESETS), look.preset, lang)
    tables = ""
    if len(look.tables) > 1:
        tables = _select("table", ((name, name) for name in look.tables), look.table, lang)
    return f"{escape(word('read_as', lang))} {presets} {tables}"


def _select(act: str, choices: Iterable[tuple[str, str]], chosen: str, lang: str) -> str:
    options = "".join(
        f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(text)}</option>'
        for key, text in choices
    )
    return f'<select data-act="{act}" aria-label="{escape(word(f"choose_{act}", lang))}">{options}</select>'


def _pictures(look: Look) -> str:
    """Some of the pictures, spread over the whole."""
    items = look.catalog.items
    found = [uri for item in items[:: max(1, len(items) // PICTURES)][:PICTURES] if (uri := _small(look, item))]
    images = "".join(f'<img src="{uri}" alt="" width="64" height="80">' for uri in found)
    return f'<div class="covers">{images}</div>' if images else ""


def _small(look: Look, item: Item) -> str:
    try:
        picture = look.catalog.open(item)
    except (CatalogError, OSError):
        return ""
    picture.thumbnail((128, 160))
    return data_uri(picture)


def _columns(look: Look, known: Sequence[str], lang: str) -> str:
    if not look.columns:
        return ""
    rows = "".join(_column(column, lang) for column in look.columns)
    names = "".join(f'<option value="{escape(attribute_name(name, lang))}">' for name in known)
    return (
        f"<h3>{escape(word('columns', lang))}</h3><p class='caption'>{escape(word('columns_hint', lang))}</p>"
        f'<datalist id="known-attributes">{names}</datalist><div class="lapel-cols">{rows}</div>'
    )


def _column(column: ColumnLook, lang: str) -> str:
    name = escape(column.name)
    options = "".join(
        f'<option value="{role}"{" selected" if role == column.role else ""}>{escape(word(f"role_{role}", lang))}</option>'
        for role in ROLES
    )
    select = f'<select data-act="role" data-column="{name}" aria-label="{escape(word("choose_role", lang, name=column.name))}">'
    taken = ""
    if column.role == "attribute":
        label = escape(word("taken_for", lang, name=column.name))
        taken = (
            f'<input data-act="name" data-column="{name}" list="known-attributes"'
            f' value="{escape(attribute_name(column.attribute, lang))}"'
            f' aria-label="{label}" title="{label}">'
        )
    values = "".join(
        f'<span class="value">{escape(value)} <i>{count:,}</i></span>' for value, count in column.values[:VALUES]
    )
    more = word("more_values", lang, count=f"{column.distinct - VALUES:,}") if column.distinct > VALUES else ""
    blank = word("blank_cells", lang, count=f"{column.blanks:,}") if column.blanks else ""
    rest = " · ".join(part for part in (more, blank) if part)
    why = escape(note_text(column.why, lang))
    return (
        f'<div class="lapel-col {column.role}"><b title="{why}">{name}</b><span class="as">{select}{options}</select>{taken}</span>'
        f'<span class="values">{values}<small>{escape(rest)}</small></span></div>'
    )


def _problems(look: Look, lang: str) -> str:
    title = f"<h3>{escape(word('problems', lang))}</h3>"
    if not look.problems:
        return f"{title}<p class='caption'>{escape(word('no_problems', lang))}</p>"
    rows = "".join(_problem(problem, look.wish, lang) for problem in look.problems)
    safe, on = look.recommended, look.recommended <= look.wish.mends
    every = ""
    if len(safe) > 1:
        left = len(safe) if on else len(safe - look.wish.mends)
        said = word("mended_all" if on else "mend_all", lang, count=left)
        every = f'<p class="acts">{_switch("mend-all", "", on, said)}</p>'
    return f'{title}{every}<ul class="problems">{rows}</ul>'


def _problem(problem: Problem, wish: Wish, lang: str) -> str:
    act = ""
    if problem.mend is not None:
        remedy = note_text(problem.remedy, lang) if problem.remedy is not None else ""
        act = _switch("mend", problem.mend, problem.on, word("mended" if problem.on else "mend", lang), remedy)
        act += f"<small>{escape(remedy)}</small>"
    if problem.choices:
        kind = "twins" if problem.kind == "twins" else "several"
        chosen = wish.twins if kind == "twins" else wish.several
        act += _select(kind, ((key, word(f"{kind}_{key}", lang)) for key in problem.choices), chosen, lang)
    mark = "mended" if problem.on else ""
    return f'<li class="{mark}"><span>{escape(note_text(problem.note, lang))}</span> {act}</li>'


def _switch(act: str, mend: str, on: bool, said: str, title: str = "") -> str:
    return (
        f'<button type="button" data-act="{act}" data-mend="{escape(mend)}" data-on="{int(not on)}"'
        f' aria-pressed="{str(on).lower()}" title="{escape(title)}">{escape(said)}</button>'
    )


def _notes(look: Look, lang: str) -> str:
    if not look.notes:
        return ""
    notes = "".join(f"<li>{escape(note_text(note, lang))}</li>" for note in look.notes)
    said = escape(word("noted", lang, count=len(look.notes)))
    return f'<details class="lapel-left-out"><summary>{said}</summary><ul>{notes}</ul></details>'

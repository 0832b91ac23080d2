"""HTML of a look: what is in it, which column is what, what is wrong and how it is mended."""

from collections.abc import Mapping
from html import escape
from typing import Any

from catalog import ROLES, ColumnLook, Look, Problem, Wish
from library import Looking
from ui.catalog_notes import note_text
from ui.words import word

VALUES = 8
"""Values of a column that are shown."""


def progress(looking: Looking, lang: str) -> str:
    counts = {"done": f"{looking.done:,}", "total": f"{looking.total:,}"}
    text = escape(word("looking", lang, **counts))
    value = f' value="{looking.done}" max="{looking.total}"' if looking.total else ""
    return f'<div class="lapel-progress"><span>{text}</span><progress{value} aria-label="{text}"></progress></div>'


def shown(look: Look, lang: str) -> str:
    """The whole look."""
    facts = word("look_facts", lang, items=f"{look.items:,}", pictures=f"{look.pictures:,}", size=_size(look.bytes))
    columns = "".join(_column(column, lang) for column in look.columns)
    problems = "".join(_problem(problem, look, lang) for problem in look.problems)
    notes = "".join(f"<li>{escape(note_text(note, lang))}</li>" for note in look.notes)
    return (
        f'<div class="lapel-look"><h2>{escape(look.name)}</h2><p>{escape(facts)}</p>'
        f'<h3>{escape(word("columns", lang))}</h3><table class="columns">{columns}</table>'
        f'<h3>{escape(word("problems", lang))}</h3><ul class="problems">{problems}</ul>'
        f"<details><summary>{escape(word('noted', lang, count=len(look.notes)))}</summary><ul>{notes}</ul></details></div>"
    )


def _column(column: ColumnLook, lang: str) -> str:
    options = "".join(
        f'<option value="{role}"{" selected" if role == column.role else ""}>{escape(word(f"role_{role}", lang))}</option>'
        for role in ROLES
    )
    values = "".join(
        f'<span class="value">{escape(value)} <i>{count:,}</i></span>' for value, count in column.values[:VALUES]
    )
    more = word("more_values", lang, count=f"{column.distinct - VALUES:,}") if column.distinct > VALUES else ""
    name = escape(column.name)
    taken = f"<i>→ {escape(column.attribute)}</i>" if column.attribute != column.name else ""
    return (
        f'<tr><th scope="row">{name} {taken}</th><td><select data-act="role" data-column="{name}" aria-label="{name}">'
        f"{options}</select></td><td>{values} {escape(more)}</td></tr>"
    )


def _problem(problem: Problem, look: Look, lang: str) -> str:
    examples = ", ".join(problem.examples)
    act = ""
    if problem.mend is not None:
        said = word("mended" if problem.on else "mend", lang)
        remedy = note_text(problem.remedy, lang) if problem.remedy is not None else ""
        act = (
            f'<button type="button" data-act="mend" data-mend="{escape(problem.mend)}" data-on="{int(not problem.on)}"'
            f' aria-pressed="{str(problem.on).lower()}" title="{escape(remedy)}">{escape(said)}</button>'
        )
    return f"<li><span>{escape(note_text(problem.note, lang))}</span> <small>{escape(examples)}</small> {act}</li>"


def changed(wish: Wish, data: Mapping[str, Any]) -> Wish:
    """A wish with what was chosen in the page."""
    if data.get("act") == "role":
        return wish.with_role(str(data.get("column")), data.get("value"))
    if data.get("act") == "mend":
        return wish.with_mend(str(data.get("mend")), data.get("on") == "1")
    return wish


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"

"""HTML of the search tab: status line, picker and hits. Everything from outside is escaped."""

import logging
from collections.abc import Sequence
from html import escape

from catalog import Item, LeftOut
from common.jobs import Job
from library import Opened, Stage, Unreadable
from ui.catalog_notes import note_text, reason_text
from ui.names import attribute_name, item_label
from ui.pace import duration
from ui.refusals import told
from ui.words import word

AGAIN = ("twin", "repeated")
"""Reasons why a row was left out that say that it is there already."""
BROKEN = ("cells", "cells-mendable", "quotes", "json")
"""Those that say that the row itself cannot be read; all others are about its picture."""

_log = logging.getLogger("lapel.ui")


def notice(text: str, kind: str = "error", job: str = "") -> str:
    """One visible line; kind is `error` or `notice`. Nothing for an empty text. job: id of the one that it tells of; the
    browser takes the line away when that is over (`scripts/over.js`)."""
    role = "alert" if kind == "error" else "status"
    about = f' data-job="{escape(job)}"' if job else ""
    return f'<p class="lapel-line {kind}" role="{role}"{about}>{escape(text)}</p>' if text else ""


def no_picture(coming: bool = True) -> str:
    """The box of the query while a catalog is opened, or where it could not be."""
    return f'<div class="lapel-picture {"waiting" if coming else ""}"></div>'


def error_line(error: Exception, lang: str) -> str:
    """A line for the visitor; what is not one of our own errors is logged as well."""
    if isinstance(error, ValueError):
        return notice(word("refused", lang, error=told(error, lang)))
    _log.error("unexpected", exc_info=error)
    return notice(word("unexpected", lang, error=type(error).__name__))


def progress(stage: Stage, lang: str, attributes: Sequence[str] = ()) -> str:
    """A line with a bar and the time left for what the service is doing; an error line when it failed; nothing when it
    is ready. attributes: those that the catalog is being embedded for, when that is not the first time.
    """
    if stage.name == "ready":
        return ""
    if stage.name == "failed":
        return notice(word("stage_failed", lang, error=told(stage.error, lang)))
    counts = {"done": f"{stage.done:,}", "total": f"{stage.total:,}"}
    if attributes:
        text = escape(word("stage_more", lang, names=names_line(attributes, lang), **counts))
    else:
        text = escape(word(f"stage_{stage.name}", lang, **counts))
    value = f' value="{stage.done}" max="{stage.total}"' if stage.total else ""
    bar = f'<progress{value} aria-label="{text}"></progress>'
    left = "" if stage.left is None else escape(word("left", lang, time=duration(stage.left, lang)))
    return f'<div class="lapel-progress"><span>{text}</span>{bar}<span class="left">{left}</span></div>'


def pending(count: int, job: Job | None, lang: str) -> str:
    """A line for pictures that cannot be found yet, with the job that embeds them; nothing where there are none."""
    if not count:
        return ""
    text = escape(word("pending", lang, count=f"{count:,}"))
    known = job is not None and job.total > 0
    value = f' value="{job.done}" max="{job.total}"' if job is not None and known else ""
    left = word("left", lang, time=duration(job.left, lang)) if job is not None and job.left is not None else ""
    bar = f'<progress{value} aria-label="{text}"></progress>' if job is not None else ""
    return f'<div class="lapel-progress"><span>{text}</span>{bar}<span class="left">{escape(left)}</span></div>'


def picker(opened: Opened, items: Sequence[Item], chosen: str | None, lang: str) -> str:
    cards = []
    for item, url in zip(items, opened.thumbnails.urls(list(items)), strict=True):
        label = escape(item_label(item, lang))
        pressed = str(item.id == chosen).lower()
        cards.append(
            f'<button type="button" class="pick" data-pick="{escape(item.id)}" aria-pressed="{pressed}">'
            f'<img src="{escape(url)}" alt="{label}" loading="lazy" width="64" height="80"></button>'
        )
    return f'<div class="lapel-strip">{"".join(cards)}</div>'


def unknown_attributes(opened: Opened, lang: str) -> str:
    """Attributes that the catalog is labelled with and that cannot be searched by until they are taught; each leads there."""
    known = set(opened.embedder.attributes)
    lines = "".join(
        f"<li><b>{escape(attribute_name(name, lang))}</b>{escape(word('unknown_attribute', lang))} "
        f'<button type="button" data-act="label" data-id="{escape(opened.id)}" data-attribute="{escape(name)}">'
        f"{escape(word('teach_unknown', lang))}</button></li>"
        for name in (attribute.name for attribute in opened.catalog.attributes)
        if name not in known
    )
    return f'<ul class="lapel-unknown">{lines}</ul>' if lines else ""


def left_out(opened: Opened, lang: str, most: int = 200) -> str:
    """What of the catalog cannot be found, counted, with a list to open, and below it what was noted about its files;
    nothing when there is nothing to say.
    """
    rows = [_row(row, lang) for row in opened.catalog.left_out]
    items = [_unreadable(item, lang) for item in opened.unreadable]
    missing, total = [*rows, *items], len(opened.catalog) + len(rows)
    said = word("left_out", lang, count=f"{len(missing):,}", total=f"{total:,}", why=_why(opened, lang))
    notes = [f"<li>{escape(note_text(note, lang))}</li>" for note in opened.catalog.notes]
    return _details(said, missing, lang, most) + _details(word("noted", lang, count=len(notes)), notes, lang, most)


def _why(opened: Opened, lang: str) -> str:
    """How much was left out for which kind of reason."""
    reasons = [row.reason for row in opened.catalog.left_out]
    again, broken = (sum(reason in kinds for reason in reasons) for kinds in (AGAIN, BROKEN))
    pictures = len(reasons) - again - broken + len(opened.unreadable)
    counts = {"left_out_pictures": pictures, "left_out_again": again, "left_out_broken": broken}
    told = [word(key, lang, count=f"{count:,}") for key, count in counts.items() if count]
    return ("、" if lang == "ja" else ", ").join(told)


def _details(said: str, lines: Sequence[str], lang: str, most: int) -> str:
    if not lines:
        return ""
    more = word("left_out_more", lang, count=f"{len(lines) - most:,}")
    shown = [*lines[:most], *([f"<li>{escape(more)}</li>"] if len(lines) > most else [])]
    return f'<details class="lapel-left-out"><summary>{escape(said)}</summary><ul>{"".join(shown)}</ul></details>'


def _row(row: LeftOut, lang: str) -> str:
    place = word("left_out_line", lang, table=row.table, line=f"{row.line:,}")
    name = f"<b>{escape(row.image or row.id)}</b> " if row.image or row.id else ""
    return f"<li>{name}{escape(reason_text(row.reason, lang) + place)}</li>"


def _unreadable(item: Unreadable, lang: str) -> str:
    reason = told(item.reason, lang).removeprefix(f"'{item.file}' ")
    id = "" if item.id in item.file else f" ({item.id})"
    return f"<li><b>{escape(item.file + id)}</b> {escape(reason)}</li>"


def names_line(attributes: Sequence[str], lang: str) -> str:
    return ("・" if lang == "ja" else " + ").join(attribute_name(name, lang) for name in attributes)


def chance_line(name: str, chance: float, lang: str) -> str:
    return word("chance_line", lang, name=attribute_name(name, lang), percent=f"{100 * chance:.0f}")


def score_text(score: float) -> str:
    return f"{score:.2f}".replace("-0.00", "0.00")

"""HTML of the list of catalogs and of the jobs on them. Everything from outside is escaped."""

from collections.abc import Sequence
from html import escape

from library import Entry, Library, Visitor
from library.jobs import Job
from ui.pace import duration
from ui.words import word

COVERS = 4
"""Pictures that a catalog is shown by."""


def catalog_list(library: Library, visitor: Visitor, current: str, lang: str) -> str:
    """A card for each catalog that the visitor may see, and below it what can be had back."""
    cards = [_card(library, entry, visitor, entry.id == current, lang) for entry in library.all(visitor)]
    gone = "".join(
        f"<p>{escape(word('deleted', lang, name=entry.name))} {_button('restore', entry.id, lang)}</p>"
        for entry in library.deleted(visitor)
    )
    return f'<ul class="lapel-catalogs">{"".join(cards)}</ul><div class="lapel-gone">{gone}</div>'


def _card(library: Library, entry: Entry, visitor: Visitor, current: bool, lang: str) -> str:
    catalog = library.ledger(entry.id).catalog
    pictures = "".join(
        f'<img src="{escape(url)}" alt="" loading="lazy" width="64" height="80">'
        for url in library.covers(entry.id, COVERS)
    )
    labelled = ", ".join(attribute.name for attribute in catalog.attributes[:6])
    facts = [word("items_count", lang, count=f"{len(catalog):,}"), labelled or word("no_label_columns", lang)]
    acts = ["open", "measure", "label"]
    if library.may_change(entry, visitor):
        acts += ["add"] if not entry.root else ["reread"]
        acts += ["export", "duplicate", *(["delete"] if entry.id != library.default else [])]
    else:
        acts += ["duplicate"]
    mark = f'<span class="badge">{escape(word("open_now", lang))}</span>' if current else ""
    return (
        f'<li class="lapel-catalog"><div class="covers">{pictures}</div><div class="about">'
        f"<h3>{escape(entry.name)}{mark}</h3><p>{escape(' · '.join(facts))}</p></div>"
        f'<div class="acts">{"".join(_button(act, entry.id, lang) for act in acts)}</div></li>'
    )


def _button(act: str, id: str, lang: str) -> str:
    return f'<button type="button" data-act="{act}" data-id="{escape(id)}">{escape(word(f"act_{act}", lang))}</button>'


def job_list(library: Library, jobs: Sequence[Job], lang: str) -> str:
    """What goes on, what waits, and what ended lately."""
    return f'<ul class="lapel-jobs">{"".join(_job(library, job, lang) for job in jobs)}</ul>' if jobs else ""


def _job(library: Library, job: Job, lang: str) -> str:
    name = library.name_of(job) or word("a_catalog", lang)
    title = escape(word(f"job_{job.kind}", lang, name=name))
    state = _state(library, job, lang)
    value = f' value="{job.done}" max="{job.total}"' if job.total else ""
    bar = f'<progress{value} aria-label="{title}"></progress>' if job.state == "running" else ""
    acts = _button("log", job.id, lang) + (
        _button("cancel", job.id, lang) if not job.over else _button("forget", job.id, lang)
    )
    return (
        f'<li class="{job.state}"><b>{title}</b> {bar}<span class="left">{escape(state)}</span>'
        f'<span class="acts">{acts}</span></li>'
    )


def _state(library: Library, job: Job, lang: str) -> str:
    if job.state == "waiting":
        return word("job_waiting", lang, place=library.jobs.place(job.id))
    if job.state == "running":
        counts = word("job_counts", lang, done=f"{job.done:,}", total=f"{job.total:,}") if job.total else ""
        left = word("left", lang, time=duration(job.left, lang)) if job.left is not None else ""
        return " · ".join(part for part in (counts, left) if part)
    return job.error or word(f"job_{job.state}", lang)

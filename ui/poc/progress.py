"""How far a sheet is that is being made, and what it waits for. Everything is escaped."""

from dataclasses import dataclass
from html import escape

from common.jobs import Job
from library import Library, LibraryError, Visitor
from library.poc import STEPS, last_sheet, seconds_after
from ui.catalogs.detail_cards import button
from ui.pace import duration
from ui.words import word


@dataclass(frozen=True)
class Going:
    """How a sheet that is being made stands. mine: whether the visitor has begun it. left: seconds that all of it still takes, None
    where nobody can tell. waits_for: what goes before it, in words."""

    job: Job
    mine: bool
    left: float | None
    waits_for: str


def progress(going: Going, lang: str) -> str:
    """How far a sheet is: the step that it is in, with a bar, and the time left for all of them."""
    job = going.job
    at = STEPS.index(job.stage) if job.stage in STEPS else 0
    steps = "".join(_step(step, place, at, job.state, lang) for place, step in enumerate(STEPS))
    left = word("poc_left_in_all", lang, time=duration(going.left, lang)) if going.left is not None else ""
    title, parts = word("poc_progress", lang), [going.waits_for or word("job_next", lang)]
    if job.state == "running":
        now = word(f"poc_job_{STEPS[at]}", lang)
        title = word("poc_step_of", lang, place=at + 1, count=len(STEPS), step=now)
        counts = word("job_counts", lang, done=f"{job.done:,}", total=f"{job.total:,}") if job.total > 1 else ""
        parts = [counts, left]
    said = " · ".join(part for part in parts if part)
    value = f' value="{job.done}" max="{job.total}"' if job.total else ""
    others = "" if going.mine else f"<small>{escape(word('poc_others', lang))}</small>"
    return (
        f'<div class="lapel-progress lapel-poc-job"><b>{escape(title)}</b><ol>{steps}</ol>'
        f'<progress{value} aria-label="{escape(title)}"></progress><span class="left">{escape(said)}</span>'
        f"{others}{button('cancel', lang) if going.mine else ''}</div>"
    )


def _step(step: str, place: int, at: int, state: str, lang: str) -> str:
    """One step of the job; at: the one that is under way where the job runs."""
    done, now = state == "running" and place < at, state == "running" and place == at
    look = ' class="done"' if done else ' class="now" aria-current="step"' if now else ""
    return f"<li{look}>{place + 1} {escape(word(f'poc_job_{step}', lang))}</li>"


def going_on(library: Library, job: Job, visitor: Visitor, lang: str) -> Going:
    """A job that makes a sheet, as a visitor sees it."""
    waits = waits_for(library, job, visitor, lang) if job.state == "waiting" else ""
    return Going(job, job.owner == visitor.mark, whole_left(library, job), waits)


def whole_left(library: Library, job: Job) -> float | None:
    """Seconds until a sheet is made: what the step still takes, and the steps after it as they took last time."""
    if job.state != "running" or job.left is None:
        return None
    attributes = sum(bool(one.values) for one in library.ledger(job.catalog).catalog.attributes)
    last = last_sheet(library.entries.folder / job.catalog)
    return job.left + seconds_after(job.stage, last, attributes)


def waits_for(library: Library, job: Job, visitor: Visitor, lang: str) -> str:
    """What goes before a waiting job: its name, where the visitor may know its catalog, and how long that still takes."""
    others = [one for one in library.jobs.all() if one.state == "running"]
    if not others:
        return word("job_next", lang)
    first = others[-1]
    try:
        name = library.entry(first.catalog, visitor).name
    except LibraryError:
        name = word("a_catalog", lang)
    said = word("poc_waits_for", lang, job=word(f"job_{first.kind}", lang, name=name))
    left = whole_left(library, first) if first.kind == "poc" else first.left
    more = max(0, library.jobs.place(job.id) - 1)
    parts = [said, word("left", lang, time=duration(left, lang)) if left is not None else ""]
    parts += [word("poc_waits_more", lang, count=more)] if more else []
    return " · ".join(part for part in parts if part)

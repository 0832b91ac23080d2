"""What the commands share: a look with a bar, a job that is waited for, and what is printed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from catalog import Look, Wish, look
from common.jobs import Job, JobError
from common.progress import ProgressBar
from common.say import counted
from library.entries import Entry
from library.errors import LibraryError
from library.library import Library
from library.looks import Looking

Found = dict[str, Any]


def looked(
    source: str,
    library: Library,
    attributes: Iterable[str],
    ignore: Iterable[str],
    mend: bool,
    wish: Wish | None = None,
) -> Look:
    if not source:
        raise LibraryError("name what to import: a folder, zip, table or Hub dataset")
    wish = wish or Wish()
    for column in attributes:
        wish = wish.with_role(column, "attribute")
    for column in ignore:
        wish = wish.with_role(column, "ignore")
    with ProgressBar("looking") as bar:
        found = look(source, library.settings.home, wish, bar)
    if mend:
        for key in found.recommended:
            wish = wish.with_mend(key, True)
        found = found.with_wish(wish)
    return found


def looking(source: str, found: Look, into: str = "") -> Looking:
    return Looking("", str(Path(source).resolve()) if Path(source).exists() else source, "", into=into, look=found)


def embed_job(library: Library, catalog: str) -> Job:
    return library.submit("embed", {}, catalog)


def run_job(library: Library, job: Job) -> Job:
    """The job when it is over; JobError where it did not come to its end."""
    stage = ""
    with ProgressBar(job.kind) as bar:

        def watch(now: Job) -> None:
            nonlocal stage
            if now.total and now.stage in ("", stage or now.stage):
                stage = now.stage
                bar(now.done, now.total)

        done = library.jobs.run_here(job.id, watch)
    if done.state != "done":
        raise JobError(done.error or f"the {job.kind} was {done.state}")
    return done


def entry_facts(library: Library, entry: Entry) -> Found:
    catalog = library.ledger(entry.id).catalog
    return {
        "id": entry.id,
        "name": entry.name,
        "items": len(catalog),
        "attributes": [attribute.name for attribute in catalog.attributes],
        "bytes": library.entries.size(entry),
        "source": entry.source,
    }


def look_text(found: Look) -> str:
    columns = [
        f"  {one.name}: {one.role}, {counted(one.distinct, 'value')}, {one.blanks:,} blank" for one in found.columns
    ]
    problems = [f"  {one.note.text}{f' (mend: {one.mend})' if one.mend else ''}" for one in found.problems]
    lost = f" ({found.lost:,} of them with one that cannot be read)" if found.lost else ""
    pictures = counted(found.pictures, "picture")
    head = f"{found.name}: {counted(found.items, 'item')}{lost}, {pictures}, {found.bytes / 1e6:.1f} MB"
    return "\n".join([head, *columns, *(["problems:", *problems] if problems else [])])

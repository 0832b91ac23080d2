"""The library: every catalog of an installation, who may see it, and which are open."""

import gc
import hashlib
import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from catalog import Catalog, Wish, load_catalog, look
from common.assets import DEMO_CATALOG
from library.care import Care
from library.entries import FILES, UNDO, Entries, Entry, new_id
from library.errors import LibraryError, UnknownCatalog
from library.importing import keep
from library.jobs import Job, Jobs
from library.ledger import Given, Ledger, Verdict
from library.lessons import move_lessons
from library.looks import Looking, Looks
from library.opened import Opened
from library.settings import Settings
from library.thumbnails import Thumbnails
from library.uploads import Uploads
from library.visitors import HOST, Visitor
from library.watching import Watcher
from library.weights import Weights
from library.work import Work
from retrieval import Embedder

VISIT = 24 * 3600.0
"""Seconds after which a visitor's catalog on a public host is removed."""
MOST_OPEN = 6
"""Catalogs that stay open while nobody uses them."""


class Library:
    """What one installation holds. Thread-safe.

    Who may not see a catalog is told that there is none: UnknownCatalog.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.entries = Entries(settings.home)
        self.weights = Weights(settings)
        self.looks = Looks(settings.home)
        self.uploads = Uploads(settings.home)
        self.jobs = Jobs(settings.home / "library", Work(self).kinds())
        self.watcher = Watcher(self.entries, self.reread)
        self.care = Care(self)
        self.default = ""
        self._pictures: dict[str, Thumbnails] = {}
        self._open: dict[str, Opened] = {}
        self._used: dict[str, int] = {}
        self._lock = threading.Lock()

    def adopt(self, source: str | Path | None = None, mend: bool | None = None) -> Entry:
        """The host's catalog at a source, entered or brought up to date; CatalogError where it cannot be read."""
        place = source or DEMO_CATALOG
        catalog = load_catalog(place, self.settings.home, mend=mend)
        key = hashlib.sha256(str(catalog.root.resolve()).encode()).hexdigest()[:12]
        id = "demo" if source is None else f"host-{key}"
        try:
            entry = self.entries.get(id)
        except UnknownCatalog:
            entry = self.entries.add(catalog.name, id, door=id)
        changes = {
            "name": "Demo" if source is None else catalog.name,
            "root": str(catalog.root),
            "source": str(place),
            "deleted": None,
        }
        if any(getattr(entry, name) != value for name, value in changes.items()):
            entry = self.entries.change(id, **changes)
        self.entries.ledger(entry).sync(catalog)
        self.entries.note(entry, catalog.notes, catalog.left_out)
        return entry

    def begin(self) -> Catalog:
        """Enter the catalog that the page opens with, and give it; CatalogError where it cannot be read."""
        entry = self.adopt(self.settings.catalog, self.settings.mend)
        self.default = entry.id
        return self.catalog(entry)

    def start(self) -> None:
        """Open the first catalog and begin with the jobs, in the background; keep garbage collection out of searches."""

        def work() -> None:
            self.sweep()
            self.jobs.start()
            self.watcher.start()
            self.opened("").wait()
            gc.collect()
            gc.freeze()  # a million objects that stay: later collections need not go through them in the midst of a search

        threading.Thread(target=work, name="lapel-start", daemon=True).start()

    def all(self, visitor: Visitor = HOST) -> list[Entry]:
        """Catalogs that a visitor may see, the one that the page opens with first, then in the order that they were made."""
        seen = [entry for entry in self.entries if entry.deleted is None and self._may_see(entry, visitor)]
        return sorted(seen, key=lambda entry: entry.id != self.default)

    def entry(self, id: str, visitor: Visitor = HOST) -> Entry:
        """The entry of a catalog, '' for the one that the page opens with; UnknownCatalog."""
        entry = self._there(id)
        if not self._may_see(entry, visitor):
            raise UnknownCatalog(f"there is no catalog '{id}'")
        return entry

    def own(self, id: str, visitor: Visitor = HOST) -> Entry:
        """As `entry`, for who wants to change it; LibraryError where that is only for the host."""
        entry = self.entry(id, visitor)
        if not self.may_change(entry, visitor):
            raise LibraryError(f"'{entry.name}' belongs to the host; duplicate it to change it")
        return entry

    def may_change(self, entry: Entry, visitor: Visitor) -> bool:
        return not self.settings.public or visitor.admin or (bool(entry.owner) and entry.owner == visitor.mark)

    def opened(self, id: str, visitor: Visitor = HOST) -> Opened:
        """A catalog, open or being opened; UnknownCatalog."""
        return self._opened(self.entry(id, visitor))

    def _opened(self, entry: Entry, uses: int = 0) -> Opened:
        ledger = self.entries.ledger(entry)
        with self._lock:
            found = self._open.pop(entry.id, None)
            if found is None:
                pictures = self.thumbnails(entry)
                found = Opened(entry.id, self.catalog(entry), self.weights, self.settings, pictures, self._embed)
                found.start()
            self._open[entry.id] = found  # the last one was used last
            if uses:
                self._used[entry.id] = self._used.get(entry.id, 0) + uses
            idle = [one for one in self._open if one not in self._used and one not in (entry.id, self.default)]
            shut = [self._open.pop(one) for one in idle[: max(0, len(self._open) - MOST_OPEN)]]
        for other in shut:
            other.close()
        if found.seen is None:
            found.seen = ledger.catalog
        elif found.seen is not ledger.catalog:  # another process has written
            self.refresh(entry.id)
        return found

    @contextmanager
    def use(self, id: str) -> Iterator[Opened]:
        """A catalog, whosever it is, that is not closed until the block ends; for a job, which somebody has submitted who may
        see it."""
        found = self._opened(self._there(id), uses=1)
        try:
            yield found
        finally:
            with self._lock:
                self._used[found.id] -= 1
                if not self._used[found.id]:
                    del self._used[found.id]

    def thumbnails(self, entry: Entry) -> Thumbnails:
        """The small pictures of a catalog, open or not."""
        found = self._pictures.get(entry.id)
        if found is None:
            ledger = self.entries.ledger(entry)
            found = self._pictures[entry.id] = Thumbnails(lambda: ledger.catalog, self.settings.home, entry.door)
        return found

    def by_door(self, door: str) -> Thumbnails | None:
        """The pictures behind an address; None where there are none. Who knows the door may look."""
        found = next((one for one in list(self._pictures.values()) if one.door == door), None)
        if found is None:
            entry = next((one for one in self.entries if one.door == door), None)
            found = self.thumbnails(entry) if entry is not None else None
        return found

    def ledger(self, id: str) -> Ledger:
        """What was put into a catalog and said of it."""
        return self.entries.ledger(self.entries.get(id))

    def reports(self, id: str) -> Path:
        """The folder of a catalog's reports."""
        folder = self.entries.folder / id / "reports"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def import_look(self, looking: Looking, name: str, visitor: Visitor = HOST) -> Job:
        """Import what was looked at, or add it to the catalog that the look names; LibraryError."""
        if looking.look is None:
            raise LibraryError(looking.error or "the look has not ended yet; try again soon")
        into = self.own(looking.into, visitor).id if looking.into else ""
        self.care.check_room(looking.look.bytes, looking.look.pictures, visitor)
        arguments = {
            "source": looking.source,
            "wish": looking.look.wish.to_dict(),
            "name": self._free_name(name.strip() or looking.look.name, visitor),
            "look": looking.id,
            "upload": looking.upload,
            "into": into,
            "title": Path(looking.source).name if looking.upload else looking.source,
        }
        return self.submit("import", arguments, into or new_id(), visitor.mark)

    def submit(self, kind: str, arguments: dict[str, Any], catalog: str, owner: str = "") -> Job:
        """Put a job into the queue; one that waits or runs for the same is given instead of a second."""
        for job in self.jobs.all(catalog=catalog):
            if job.kind == kind and job.arguments == arguments and not job.over:
                return job
        return self.jobs.submit(kind, arguments, catalog, owner)

    def brought(self, look: str, upload: str) -> None:
        """Let go what an import was made from."""
        self.looks.end(look)
        if upload:
            self.uploads.drop(upload)

    def label(
        self, id: str, item: str, attribute: str, value: str | None, why: str = "result", visitor: Visitor = HOST
    ) -> Given:
        """Give an item a label, or take it away; LibraryError where that may not be done."""
        entry = self.own(id, visitor)
        given = self.entries.ledger(entry).label(item, attribute, value, why)
        self.refresh(entry.id)
        return given

    def judge(
        self, id: str, query: str, item: str, attribute: str, same: bool | None, visitor: Visitor = HOST
    ) -> Verdict:
        """Keep whether two items are the same in an attribute, or take that back (None); LibraryError where that may not be
        done."""
        return self.entries.ledger(self.own(id, visitor)).judge(query, item, attribute, same)

    def undo(self, id: str, given: Given, visitor: Visitor = HOST) -> Given:
        """Take back the last label of an item; LibraryError where that may not be done."""
        entry = self.own(id, visitor)
        undone = self.entries.ledger(entry).undo(given)
        self.refresh(entry.id)
        return undone

    def reread(self, id: str, visitor: Visitor = HOST) -> int:
        """Read a catalog again whose pictures lie in a folder of the host's; gives how many items are new, changed or gone."""
        entry = self.own(id, visitor)
        if entry.wish:
            catalog = look(entry.root, self.settings.home, Wish.from_dict(entry.wish)).catalog
        else:
            catalog = load_catalog(entry.source, self.settings.home, mend=self.settings.mend)
        changed = self.entries.ledger(entry).sync(catalog)
        self.entries.note(entry, catalog.notes, catalog.left_out)
        self.refresh(entry.id, look=True)
        return changed

    def jobs_of(self, visitor: Visitor = HOST, over: int = 5) -> list[Job]:
        """The jobs of a visitor, newest first: all that go on or wait, and some that are over."""
        jobs = [job for job in self.jobs.all(owner=visitor.mark) if (job.kind, job.state) != ("embed", "done")]
        ended = [job for job in jobs if job.over][:over]
        return [job for job in jobs if not job.over or job in ended]

    def going_on(self, id: str, kind: str) -> Job | None:
        """The job of a kind that runs on a catalog or waits to, if there is one."""
        return next((job for job in self.jobs.all(catalog=id) if job.kind == kind and not job.over), None)

    def job(self, id: str, visitor: Visitor = HOST) -> Job:
        """A job of a visitor's; LibraryError for another's."""
        job = self.jobs.get(id)
        if job.owner != visitor.mark:
            raise LibraryError(f"there is no job '{id}'")
        return job

    def name_of(self, job: Job) -> str:
        """The name of the catalog that a job is about; '' where there is none."""
        try:
            return self.entries.get(job.catalog).name
        except LibraryError:
            return str(job.arguments.get("name", ""))

    def covers(self, id: str, count: int) -> list[str]:
        """Addresses of some pictures that show what a catalog is about, spread evenly over it."""
        entry = self.entries.get(id)
        items = self.entries.ledger(entry).catalog.items
        return self.thumbnails(entry).urls(list(items[:: max(1, len(items) // count)][:count]))

    def rename(self, id: str, name: str, visitor: Visitor = HOST) -> Entry:
        """LibraryError for a blank name."""
        if not name.strip():
            raise LibraryError("the name is blank; give the catalog a name")
        entry = self.own(id, visitor)
        before = self.catalog(entry)
        move_lessons(before, replace(before, name=name.strip()), self.settings.home)
        return self.entries.change(entry.id, name=name.strip())

    def duplicate(self, id: str, name: str, visitor: Visitor = HOST) -> Entry:
        """A catalog of the visitor's with the same items and labels; pictures and vectors are not stored twice."""
        old = self.entry(id, visitor)
        self.care.check_room(0, 0, visitor)
        entry = Entry(new_id(), name.strip() or old.name, time.time(), old.root, visitor.mark, old.source, old.wish)
        catalog = self.catalog(old)
        if not old.root:
            keep(catalog, self.entries.folder / entry.id / FILES, "", lambda done, total: None)
        self.entries.ledger(entry).put(catalog.items, catalog.attributes)
        self.entries.note(entry, catalog.notes, catalog.left_out)
        self.entries.save(entry)
        return entry

    def remove(self, id: str, ids: Sequence[str], visitor: Visitor = HOST) -> None:
        """Take items out of a catalog; LibraryError for one that is not there."""
        entry = self.own(id, visitor)
        self.entries.ledger(entry).remove(ids)
        self.refresh(entry.id)

    def delete(self, id: str, visitor: Visitor = HOST) -> Entry:
        """Take a catalog away; for a day it can be had back. LibraryError for the one that the page opens with."""
        entry = self.own(id, visitor)
        if entry.id == self.default:
            raise LibraryError(f"'{entry.name}' is what the page opens with; start it with another one to delete this")
        self._shut(entry.id)
        return self.entries.change(entry.id, deleted=time.time())

    def restore(self, id: str, visitor: Visitor = HOST) -> Entry:
        """Have a deleted catalog back; UnknownCatalog where it has gone for good."""
        entry = self.entries.get(id)
        if not self._may_see(entry, visitor) or not self.may_change(entry, visitor):
            raise UnknownCatalog(f"there is no catalog '{id}'")
        return self.entries.change(id, deleted=None)

    def deleted(self, visitor: Visitor = HOST) -> list[Entry]:
        """Catalogs that can be had back."""
        return [
            entry
            for entry in self.entries
            if entry.deleted is not None and self._may_see(entry, visitor) and self.may_change(entry, visitor)
        ]

    def sweep(self) -> None:
        """Remove for good what was deleted more than a day ago, and on a public host what visitors left behind."""
        self.uploads.sweep()
        now = time.time()
        for entry in list(self.entries):
            lapsed = self.settings.public and entry.owner and now - entry.made > VISIT
            if lapsed or (entry.deleted is not None and now - entry.deleted > UNDO):
                self._erase(entry)

    def erase(self, visitor: Visitor) -> int:
        """Remove all that a visitor has brought, at once and for good; gives how many catalogs that were."""
        own = [entry for entry in self.entries if visitor.mark and entry.owner == visitor.mark]
        for entry in own:
            self._erase(entry)
        self.uploads.erase(visitor)
        if visitor.mark:
            self.jobs.forget_owner(visitor.mark)
        return len(own)

    def switch(self, source: str, visitor: Visitor = HOST) -> None:
        """Search all catalogs with other weights, '' for the embedded ones; LibraryError or WeightsError leave all as it was."""
        self.check_host(visitor)
        self.use_weights(source)

    def check_host(self, visitor: Visitor) -> None:
        """LibraryError for who may not choose weights."""
        if self.settings.public and not visitor.admin:
            raise LibraryError("only the host of this server chooses its weights")

    def use_weights(self, source: str) -> Embedder:
        """Load weights and search all catalogs with them."""
        embedder = self.weights.switch(source)
        with self._lock:
            shut = list(self._open.values())
            self._open.clear()
        for one in shut:
            one.close()
        return embedder

    def try_weights(self, source: str, visitor: Visitor = HOST) -> Job:
        """`switch` as a job; LibraryError for who is not the host."""
        self.check_host(visitor)
        return self.submit("weights", {"source": source.strip()}, "", visitor.mark)

    def reopen(self, id: str) -> None:
        """Open a catalog anew when it is next asked for, such as with an attribute that was taught since."""
        self._shut(id)

    def refresh(self, id: str, look: bool = False) -> None:
        """Let an open catalog see what its ledger says now. look: look at every file again."""
        with self._lock:
            found = self._open.get(id)
        if found is None:
            return
        entry = self.entries.get(id)
        with found.changing:
            found.seen = self.entries.ledger(entry).catalog
            found.update(self.catalog(entry), look)

    def close(self) -> None:
        with self._lock:
            shut = list(self._open.values())
            self._open.clear()
        for one in shut:
            one.close()
        self.watcher.close()
        self.jobs.close()

    def _free_name(self, name: str, visitor: Visitor) -> str:
        """A name that no other catalog has which the visitor sees: "shop", "shop 2", …"""
        taken = {entry.name for entry in self.all(visitor)}
        others = (f"{name} {number}" for number in itertools.count(2))
        return next(one for one in itertools.chain([name], others) if one not in taken)

    def _embed(self, id: str) -> None:
        """Have what is pending of a catalog embedded in the background."""
        self.submit("embed", {}, id, self.entries.get(id).owner)

    def _shut(self, id: str) -> None:
        with self._lock:
            found = self._open.pop(id, None)
        if found is not None:
            found.close()

    def _erase(self, entry: Entry) -> None:
        for job in self.jobs.all(catalog=entry.id):
            self.jobs.cancel(job.id)
        self._shut(entry.id)
        self._pictures.pop(entry.id, None)
        self.entries.erase(entry.id)

    def _there(self, id: str) -> Entry:
        """The entry of a catalog, whosever it is; UnknownCatalog for one that is deleted too."""
        entry = self.entries.get(id or self.default)
        if entry.deleted is not None:
            raise UnknownCatalog(f"there is no catalog '{id}'")
        return entry

    def _may_see(self, entry: Entry, visitor: Visitor) -> bool:
        return not entry.owner or entry.owner == visitor.mark or not self.settings.public

    def catalog(self, entry: Entry) -> Catalog:
        """A catalog as its ledger says now, with what was noted about its files."""
        catalog = self.entries.ledger(entry).catalog
        notes, left_out = self.entries.noted(entry)
        return replace(catalog, notes=notes, left_out=left_out) if notes or left_out else catalog

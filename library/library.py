"""The library: every catalog of an installation, who may see it, and which are open."""

import gc
import hashlib
import itertools
import threading
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from catalog import Catalog, load_catalog
from common.assets import DEMO_CATALOG
from common.jobs import Job, Jobs
from library.care import Care
from library.entries import Entries, Entry, new_id
from library.errors import LibraryError, UnknownCatalog
from library.given import Given, Verdict
from library.keeping import Keeping
from library.ledger import Ledger
from library.looks import Looking, Looks
from library.opened import Opened
from library.opening import Openings
from library.sets import Sets
from library.settings import Settings
from library.thumbnails import Thumbnails
from library.uploads import Uploads
from library.usage import UsageLog
from library.visitors import HOST, Visitor
from library.watching import Watcher
from library.weights import Weights
from library.work import Work
from retrieval import Embedder

DEMO = "demo"
"""Id of the drawn demo."""


class Library:
    """What one installation holds. Thread-safe.

    Who may not see a catalog is told that there is none: UnknownCatalog.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.entries = Entries(settings.home)
        self.weights = Weights(settings)
        self.looks = Looks(settings.home)
        self.sets = Sets(settings.home)
        self.uploads = Uploads(settings.home)
        self.usage = UsageLog(settings.home, settings.usage_log)
        self.jobs = Jobs(settings.home / "library", Work(self).kinds())
        self.watcher = Watcher(self.entries, lambda id: self.care.reread(id))
        self.care = Care(self)
        self.keeping = Keeping(self)
        self._openings = Openings(self.entries, self.catalog, self._made)
        self._pictures: dict[str, Thumbnails] = {}

    def adopt(self, source: str | Path | None = None, mend: bool | None = None) -> Entry:
        """The host's catalog at a source, entered or brought up to date; CatalogError where it cannot be read."""
        place = source or DEMO_CATALOG
        catalog = load_catalog(place, self.settings.home, mend=mend)
        key = hashlib.sha256(str(catalog.root.resolve()).encode()).hexdigest()[:12]
        id = DEMO if source is None else f"host-{key}"
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
        self._openings.first = entry.id
        return self.catalog(entry)

    def start(self) -> None:
        """Open the first catalog and begin with the jobs, in the background; keep garbage collection out of searches."""

        def work() -> None:
            self.keeping.sweep()
            self.jobs.start()
            self.watcher.start()
            self.opened("").wait()
            gc.collect()
            gc.freeze()  # a million objects that stay: later collections need not go through them in the midst of a search

        threading.Thread(target=work, name="lapel-start", daemon=True).start()

    def all(self, visitor: Visitor = HOST) -> list[Entry]:
        """Catalogs that a visitor may see, the one that the page opens with first, then in the order that they were made."""
        seen = [entry for entry in self.entries if entry.deleted is None and self.may_see(entry, visitor)]
        return sorted(seen, key=lambda entry: entry.id != self.default)

    def entry(self, id: str, visitor: Visitor = HOST) -> Entry:
        """The entry of a catalog, '' for the one that the page opens with; UnknownCatalog."""
        entry = self._there(id)
        if not self.may_see(entry, visitor):
            raise UnknownCatalog(f"there is no catalog '{id}'")
        return entry

    def find(self, text: str) -> Entry:
        """A catalog of the host's by its id or name, the drawn demo by "demo" also where nobody has opened it yet, or else the
        one at a place on this machine, which is then entered; LibraryError where there is none, or several of that name."""
        named = [entry for entry in self.all() if text in (entry.id, entry.name)]
        if len(named) == 1:
            return named[0]
        if named:
            raise LibraryError(f"{len(named)} catalogs are named '{text}'; give an id: python -m library list")
        if text == DEMO:
            return self.adopt()
        if Path(text).exists():
            return self.adopt(text, self.settings.mend)
        raise UnknownCatalog(f"there is no catalog '{text}'; see python -m library list")

    def own(self, id: str, visitor: Visitor = HOST) -> Entry:
        """As `entry`, for who wants to change it; LibraryError where that is only for the host."""
        entry = self.entry(id, visitor)
        if not self.may_change(entry, visitor):
            raise LibraryError(f"'{entry.name}' belongs to the host; duplicate it to change it")
        return entry

    def may_change(self, entry: Entry, visitor: Visitor) -> bool:
        return not self.settings.public or visitor.admin or (bool(entry.owner) and entry.owner == visitor.mark)

    @property
    def default(self) -> str:
        """The id of the catalog that the page opens with."""
        return self._openings.first

    def opened(self, id: str, visitor: Visitor = HOST) -> Opened:
        """A catalog, open or being opened; UnknownCatalog."""
        return self._openings.get(self.entry(id, visitor))

    def use(self, id: str) -> AbstractContextManager[Opened]:
        """A catalog, whosever it is, that is not closed until the block ends; for a job, which somebody has submitted who may
        see it."""
        return self._openings.use(self._there(id))

    def thumbnails(self, entry: Entry) -> Thumbnails:
        """The small pictures of a catalog, open or not."""
        found = self._pictures.get(entry.id)
        if found is None:
            ledger = self.entries.ledger(entry)
            found = self._pictures[entry.id] = Thumbnails(lambda: ledger.catalog, self.settings.home, entry.door)
        return found

    def forget_pictures(self, id: str) -> None:
        """Serve no more pictures of a catalog."""
        self._pictures.pop(id, None)

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

    def forget_look(self, look: str, visitor: Visitor = HOST) -> None:
        """Let go what a visitor has looked at, with what was uploaded for it; nothing where it has lapsed."""
        try:
            upload = self.looks.get(look, visitor).upload
        except LibraryError:
            return
        self.brought(look, upload)

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

    def check_host(self, visitor: Visitor) -> None:
        """LibraryError for who may not choose weights."""
        if self.settings.public and not visitor.admin:
            raise LibraryError("only the host of this server chooses its weights")

    def use_weights(self, source: str) -> Embedder:
        """Load weights and search all catalogs with them."""
        embedder = self.weights.switch(source)
        self._openings.shut_all()
        return embedder

    def try_weights(self, source: str, visitor: Visitor = HOST) -> Job:
        """Load weights, '' for the embedded ones, and search with them, as a job; LibraryError for who is not the host."""
        self.check_host(visitor)
        return self.submit("weights", {"source": source.strip()}, "", visitor.mark)

    def reopen(self, id: str) -> None:
        """Open a catalog anew when it is next asked for, such as with an attribute that was taught since."""
        self._openings.shut(id)

    def refresh(self, id: str, look: bool = False) -> None:
        """Let an open catalog see what its ledger says now. look: look at every file again."""
        self._openings.refresh(self.entries.get(id), look)

    def close(self) -> None:
        self._openings.shut_all()
        self.watcher.close()
        self.jobs.close()

    def _free_name(self, name: str, visitor: Visitor) -> str:
        """A name that no other catalog has which the visitor sees: "shop", "shop 2", …"""
        taken = {entry.name for entry in self.all(visitor)}
        others = (f"{name} {number}" for number in itertools.count(2))
        return next(one for one in itertools.chain([name], others) if one not in taken)

    def _made(self, entry: Entry, catalog: Catalog) -> Opened:
        pictures, teachable = self.thumbnails(entry), bool(entry.wish)
        return Opened(entry.id, catalog, self.weights, self.settings, pictures, self._embed, teachable)

    def _embed(self, id: str) -> None:
        """Have what is pending of a catalog embedded in the background."""
        self.submit("embed", {}, id, self.entries.get(id).owner)

    def _there(self, id: str) -> Entry:
        """The entry of a catalog, whosever it is; UnknownCatalog for one that is deleted too."""
        entry = self.entries.get(id or self.default)
        if entry.deleted is not None:
            raise UnknownCatalog(f"there is no catalog '{id}'")
        return entry

    def may_see(self, entry: Entry, visitor: Visitor) -> bool:
        return not entry.owner or entry.owner == visitor.mark or not self.settings.public

    def catalog(self, entry: Entry) -> Catalog:
        """A catalog as its ledger says now, with what was noted about its files."""
        catalog = self.entries.ledger(entry).catalog
        notes, left_out = self.entries.noted(entry)
        return replace(catalog, notes=notes, left_out=left_out) if notes or left_out else catalog

"""How long catalogs are kept: copies, deletion with a day to think again, what visitors leave behind."""

import contextlib
import time
from typing import TYPE_CHECKING

from common.jobs import UnknownJob
from library.disk import erase_traces
from library.entries import FILES, UNDO, Entry, new_id
from library.errors import LibraryError, UnknownCatalog
from library.importing import keep
from library.lessons import keep_lessons
from library.visitors import HOST, Visitor

if TYPE_CHECKING:
    from library.library import Library

VISIT = 24 * 3600.0
"""Seconds after which a visitor's catalog on a public host is removed."""
PATIENCE = 20.0
"""Seconds that erasing waits for what goes on with a catalog to stop."""


class Keeping:
    """Copies and removes catalogs of a library."""

    def __init__(self, library: "Library") -> None:
        self.library = library

    def duplicate(self, id: str, name: str, visitor: Visitor = HOST) -> Entry:
        """A catalog of the visitor's with the same items and labels; pictures and vectors are not stored twice."""
        old = self.library.entry(id, visitor)
        self.library.care.check_room(0, 0, visitor)
        entry = Entry(new_id(), name.strip() or old.name, time.time(), old.root, visitor.mark, old.source, old.wish)
        catalog = self.library.catalog(old)
        if not old.root:
            keep(catalog, self.library.entries.folder / entry.id / FILES, "", lambda done, total: None)
        self.library.entries.ledger(entry).put(catalog.items, catalog.attributes)
        self.library.entries.note(entry, catalog.notes, catalog.left_out)
        keep_lessons(catalog, self.library.catalog(entry), self.library.settings.home)
        self.library.entries.save(entry)
        return entry

    def delete(self, id: str, visitor: Visitor = HOST) -> Entry:
        """Take a catalog away; for a day it can be had back. LibraryError for the one that the page opens with."""
        entry = self.library.own(id, visitor)
        if entry.id == self.library.default:
            raise LibraryError(f"'{entry.name}' is what the page opens with; start it with another one to delete this")
        self.library.reopen(entry.id)
        return self.library.entries.change(entry.id, deleted=time.time())

    def restore(self, id: str, visitor: Visitor = HOST) -> Entry:
        """Have a deleted catalog back; UnknownCatalog where it has gone for good."""
        self._deleted(id, visitor)
        return self.library.entries.change(id, deleted=None)

    def erase_deleted(self, id: str, visitor: Visitor = HOST) -> Entry:
        """Remove a deleted catalog for good, with all that was made of it. UnknownCatalog where it has gone already,
        LibraryError where it was not deleted before, or something still goes on with it."""
        entry = self._deleted(id, visitor)
        if entry.deleted is None:
            raise LibraryError(f"'{entry.name}' is not deleted; delete it first")
        self._erase(entry)
        return entry

    def deleted(self, visitor: Visitor = HOST) -> list[Entry]:
        """Catalogs that can be had back."""
        return [
            entry
            for entry in self.library.entries
            if entry.deleted is not None
            and self.library.may_see(entry, visitor)
            and self.library.may_change(entry, visitor)
        ]

    def sweep(self) -> None:
        """Remove for good what was deleted more than a day ago, and on a public host what visitors left behind."""
        self.library.uploads.sweep()
        if self.library.settings.public:
            self.library.sets.sweep(VISIT)
        now = time.time()
        for entry in list(self.library.entries):
            lapsed = self.library.settings.public and entry.owner and now - entry.made > VISIT
            if lapsed or (entry.deleted is not None and now - entry.deleted > UNDO):
                with contextlib.suppress(LibraryError):  # something still goes on with it: next time
                    self._erase(entry, patience=0.0)

    def erase(self, visitor: Visitor) -> int:
        """Remove all that a visitor has brought, at once and for good; gives how many catalogs that were."""
        own = [entry for entry in self.library.entries if visitor.mark and entry.owner == visitor.mark]
        for entry in own:
            self._erase(entry)
        self.library.uploads.erase(visitor)
        self.library.sets.erase(visitor)
        if visitor.mark:
            self.library.jobs.forget_owner(visitor.mark)
        return len(own)

    def _deleted(self, id: str, visitor: Visitor) -> Entry:
        """A catalog that the visitor may change, deleted or not; UnknownCatalog."""
        entry = self.library.entries.get(id)
        if not self.library.may_see(entry, visitor) or not self.library.may_change(entry, visitor):
            raise UnknownCatalog(f"there is no catalog '{id}'")
        return entry

    def _erase(self, entry: Entry, patience: float = PATIENCE) -> None:
        library = self.library
        if entry.deleted is None:  # nobody begins anything with it from now on
            library.entries.change(entry.id, deleted=time.time())
        self._end_jobs(entry, patience)
        library.reopen(entry.id)
        thumbnails = library.thumbnails(entry).folder
        library.forget_pictures(entry.id)
        library.sets.forget_catalog(entry.id)
        erase_traces(library.entries, entry, library.settings.home, thumbnails)

    def _end_jobs(self, entry: Entry, patience: float) -> None:
        """Remove the jobs of a catalog with what they have made; LibraryError where one does not stop."""
        until = time.monotonic() + patience
        for job in self.library.jobs.all(catalog=entry.id):
            with contextlib.suppress(UnknownJob):
                self.library.jobs.forget(job.id)
        while self.library.jobs.all(catalog=entry.id):
            if time.monotonic() > until:
                raise LibraryError(f"something still goes on with '{entry.name}'; try again in a minute")
            time.sleep(0.1)

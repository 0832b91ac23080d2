"""The library: every catalog of an installation, who may see it, and which are open."""

import gc
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from catalog import Catalog, load_catalog
from common.assets import DEMO_CATALOG
from library.entries import Entries, Entry
from library.errors import LibraryError, UnknownCatalog
from library.ledger import Given
from library.opened import Opened
from library.settings import Settings
from library.visitors import HOST, Visitor
from library.weights import Weights

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
        self.default = ""
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
        changes = {"name": catalog.name, "root": str(catalog.root), "source": str(place), "deleted": None}
        if any(getattr(entry, name) != value for name, value in changes.items()):
            entry = self.entries.change(id, **changes)
        self.entries.ledger(entry).sync(catalog)
        self.entries.note(entry, catalog.notes, catalog.left_out)
        return entry

    def begin(self) -> Catalog:
        """Enter the catalog that the page opens with, and give it; CatalogError where it cannot be read."""
        entry = self.adopt(self.settings.catalog, self.settings.mend)
        self.default = entry.id
        return self._catalog(entry)

    def start(self) -> None:
        """Open the first catalog in the background, and keep garbage collection out of searches."""

        def work() -> None:
            opened = self.opened("", HOST)
            opened.wait()
            gc.collect()
            gc.freeze()  # a million objects that stay: later collections need not go through them in the midst of a search

        threading.Thread(target=work, name="lapel-start", daemon=True).start()

    def all(self, visitor: Visitor = HOST) -> list[Entry]:
        """Catalogs that a visitor may see, the one that the page opens with first, then in the order that they were made."""
        seen = [entry for entry in self.entries if entry.deleted is None and self._may_see(entry, visitor)]
        return sorted(seen, key=lambda entry: entry.id != self.default)

    def entry(self, id: str, visitor: Visitor = HOST) -> Entry:
        """The entry of a catalog, '' for the one that the page opens with; UnknownCatalog."""
        entry = self.entries.get(id or self.default)
        if entry.deleted is not None or not self._may_see(entry, visitor):
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
        entry = self.entry(id, visitor)
        with self._lock:
            found = self._open.pop(entry.id, None)
            if found is None:
                found = Opened(self._catalog(entry), self.weights, self.settings, entry.id, entry.door)
                found.start()
            self._open[entry.id] = found  # the last one is the one used last
            idle = [one for one in self._open if one not in self._used and one not in (entry.id, self.default)]
            shut = [self._open.pop(one) for one in idle[: max(0, len(self._open) - MOST_OPEN)]]
        for other in shut:
            other.close()
        return found

    @contextmanager
    def use(self, id: str, visitor: Visitor = HOST) -> Iterator[Opened]:
        """A catalog that is not closed until the block ends."""
        found = self.opened(id, visitor)
        with self._lock:
            self._used[found.id] = self._used.get(found.id, 0) + 1
        try:
            yield found
        finally:
            with self._lock:
                self._used[found.id] -= 1
                if not self._used[found.id]:
                    del self._used[found.id]

    def by_door(self, door: str) -> Opened | None:
        """The catalog of an address of pictures; None where there is none. Who knows the door may look."""
        with self._lock:
            return next((one for one in self._open.values() if one.thumbnails.door == door), None)

    def label(
        self, id: str, item: str, attribute: str, value: str | None, why: str = "result", visitor: Visitor = HOST
    ) -> Given:
        """Give an item a label, or take it away; LibraryError where that may not be done."""
        entry = self.own(id, visitor)
        given = self.entries.ledger(entry).label(item, attribute, value, why)
        self.refresh(entry.id)
        return given

    def refresh(self, id: str) -> None:
        """Let an open catalog see what its ledger says now."""
        with self._lock:
            found = self._open.get(id)
        if found is not None:
            found.update(self._catalog(self.entries.get(id)))

    def close(self) -> None:
        with self._lock:
            shut = list(self._open.values())
            self._open.clear()
        for one in shut:
            one.close()

    def _may_see(self, entry: Entry, visitor: Visitor) -> bool:
        return not entry.owner or entry.owner == visitor.mark or not self.settings.public

    def _catalog(self, entry: Entry) -> Catalog:
        catalog = self.entries.ledger(entry).catalog
        notes, left_out = self.entries.noted(entry)
        return replace(catalog, notes=notes, left_out=left_out) if notes or left_out else catalog

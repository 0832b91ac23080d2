"""Which catalogs are open, and who uses them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from catalog import Catalog
from library.entries import Entries, Entry
from library.opened import Opened

MOST_OPEN = 6
"""Catalogs that stay open while nobody uses them."""


class Openings:
    """Opens catalogs when they are first asked for, and closes those that nobody has used for longest. Thread-safe."""

    def __init__(
        self, entries: Entries, read: Callable[[Entry], Catalog], make: Callable[[Entry, Catalog], Opened]
    ) -> None:
        """read: gives a catalog as its ledger says it is now. make: gives what opens one."""
        self._entries = entries
        self._read = read
        self._make = make
        self._open: dict[str, Opened] = {}
        self._used: dict[str, int] = {}
        self._lock = threading.Lock()
        self.first = ""  # the id of the catalog that is never closed

    def get(self, entry: Entry) -> Opened:
        """A catalog, open or being opened."""
        return self._get(entry, 0)

    @contextmanager
    def use(self, entry: Entry) -> Iterator[Opened]:
        """A catalog that is not closed until the block ends."""
        found = self._get(entry, 1)
        try:
            yield found
        finally:
            with self._lock:
                self._used[found.id] -= 1
                if not self._used[found.id]:
                    del self._used[found.id]

    def refresh(self, entry: Entry, look: bool = False) -> None:
        """Let a catalog, where it is open, see what its ledger says now. look: look at every file again."""
        with self._lock:
            found = self._open.get(entry.id)
        if found is not None:
            with found.changing:
                found.seen = self._entries.ledger(entry).catalog
                found.update(self._read(entry), look)

    def shut(self, id: str) -> None:
        """Close a catalog; it is opened anew when it is next asked for."""
        with self._lock:
            found = self._open.pop(id, None)
        if found is not None:
            found.close()

    def shut_all(self) -> None:
        with self._lock:
            shut = list(self._open.values())
            self._open.clear()
        for one in shut:
            one.close()

    def _get(self, entry: Entry, uses: int) -> Opened:
        ledger = self._entries.ledger(entry)
        with self._lock:
            found = self._open.pop(entry.id, None)
            if found is None:
                found = self._make(entry, self._read(entry))
                found.seen = ledger.catalog
                found.start()
            self._open[entry.id] = found  # the last one was used last
            if uses:
                self._used[entry.id] = self._used.get(entry.id, 0) + uses
            idle = [one for one in self._open if one not in self._used and one not in (entry.id, self.first)]
            shut = [self._open.pop(one) for one in idle[: max(0, len(self._open) - MOST_OPEN)]]
        for other in shut:
            other.close()
        if found.seen is not ledger.catalog:  # another process has written
            self.refresh(entry)
        return found

"""Folders of the host's that are watched on request: what changes in them is read again."""

import hashlib
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from library.entries import Entries, Entry

EVERY = 4.0
"""Seconds between two looks at the watched folders."""

_log = logging.getLogger("lapel.library")


class Watcher:
    """Looks at watched folders every few seconds. One that has changed is read again once it has rested for one look, so that
    a copy under way is not taken for the whole."""

    def __init__(self, entries: Entries, reread: Callable[[str], object], every: float = EVERY) -> None:
        """reread: called with the id of a catalog whose folder has changed."""
        self._entries = entries
        self._reread = reread
        self._every = every
        self._read: dict[str, str] = {}
        self._seen: dict[str, str] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="lapel-watch", daemon=True)
            self._thread.start()

    def close(self) -> None:
        self._stop.set()

    def look(self) -> list[str]:
        """Look once at all watched folders; gives the ids of those that were read again."""
        watched = [entry for entry in self._entries if entry.watched and can_watch(entry) and entry.deleted is None]
        for gone in self._read.keys() - {entry.id for entry in watched}:
            self._read.pop(gone, None)
            self._seen.pop(gone, None)
        return [entry.id for entry in watched if self._changed(entry)]

    def _changed(self, entry: Entry) -> bool:
        stamp = stamp_of(Path(entry.root))
        rested = self._seen.get(entry.id) == stamp
        self._seen[entry.id] = stamp
        if not rested or self._read.get(entry.id) == stamp:
            return False
        self._read[entry.id] = stamp
        try:
            self._reread(entry.id)
        except Exception as error:  # told once; the next change is another try
            _log.warning("the watched folder of '%s' cannot be read: %s", entry.name, error)
            return False
        return True

    def _work(self) -> None:
        while not self._stop.wait(self._every):
            self._try()

    def _try(self) -> None:
        try:
            self.look()
        except Exception:
            _log.exception("the watched folders cannot be looked at; trying again")


def can_watch(entry: Entry) -> bool:
    """Whether a catalog was made from a folder of the server, which may change."""
    return bool(entry.root) and Path(entry.source or entry.root).is_dir()


def stamp_of(folder: Path) -> str:
    """What changes when a file below a folder comes, goes or changes: names, sizes and times of all of them."""
    sha = hashlib.sha256()
    for path, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            try:
                about = Path(path, name).stat()
            except OSError:
                continue
            sha.update(os.fsencode(f"{path}/{name} {about.st_size} {about.st_mtime_ns}\n"))
    return sha.hexdigest()

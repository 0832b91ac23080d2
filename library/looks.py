"""Looks at what somebody brings, before anything is imported: in memory, for an hour, for the one who brought it."""

import secrets
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from catalog import Look, Wish, look
from library.errors import LibraryError
from library.visitors import HOST, Visitor

LASTING = 3600.0
"""Seconds for which a look is kept after it was last asked for."""


@dataclass
class Looking:
    """A look that goes on or has ended: `look` or `error` is there at its end.

    source: what is looked at. upload: the upload that it came by, '' for none. into: the catalog that it is to be added to,
    '' for a new one. done, total: pictures so far.
    """

    id: str
    source: str
    owner: str
    upload: str = ""
    into: str = ""
    look: Look | None = None
    error: str = ""
    done: int = 0
    total: int = 0
    asked: float = field(default_factory=time.monotonic)
    finished: threading.Event = field(default_factory=threading.Event)


class Looks:
    """All looks of an installation. Thread-safe."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._looks: dict[str, Looking] = {}
        self._lock = threading.Lock()

    def begin(
        self, source: str | Path, visitor: Visitor = HOST, upload: str = "", into: str = "", wish: Wish | None = None
    ) -> Looking:
        """Look at a folder, zip, table or Hub dataset in the background."""
        looking = Looking(secrets.token_urlsafe(12), str(source), visitor.mark, upload, into)
        with self._lock:
            old = [one for one in self._looks.values() if time.monotonic() - one.asked > LASTING]
            self._looks[looking.id] = looking
        for one in old:
            self._drop(one)

        def progress(done: int, total: int) -> None:
            looking.done, looking.total = done, total

        self._work(looking, lambda: look(source, self._home, wish or Wish(), progress))
        return looking

    def get(self, id: str, visitor: Visitor = HOST) -> Looking:
        """A look; LibraryError where it has lapsed or is another visitor's."""
        with self._lock:
            found = self._looks.get(id)
        if found is None or found.owner != visitor.mark:
            raise LibraryError("what was looked at is no longer here; give the files again")
        found.asked = time.monotonic()
        return found

    def change(self, id: str, wish: Wish, visitor: Visitor = HOST) -> Looking:
        """The same look with another wish; CatalogError where that cannot be."""
        found = self.get(id, visitor)
        if found.look is None:
            raise LibraryError("the look has not ended yet; try again soon")
        found.look = found.look.with_wish(wish)
        return found

    def found(self, id: str) -> Look | None:
        """A look that has ended, whoever asked for it."""
        with self._lock:
            kept = self._looks.get(id)
        return kept.look if kept is not None else None

    def end(self, id: str) -> None:
        """Forget a look, with what was unpacked for it."""
        with self._lock:
            found = self._looks.get(id)
        if found is not None:
            self._drop(found)

    def _work(self, looking: Looking, run: Callable[[], Look]) -> None:
        def work() -> None:
            try:
                looking.look = run()
            except Exception as error:  # told to the one who looks
                looking.error = str(error)
            finally:
                looking.finished.set()

        threading.Thread(target=work, name="lapel-look", daemon=True).start()

    def _drop(self, looking: Looking) -> None:
        with self._lock:
            self._looks.pop(looking.id, None)
        if looking.look is not None and looking.look.unpacked is not None:
            shutil.rmtree(looking.look.unpacked, ignore_errors=True)

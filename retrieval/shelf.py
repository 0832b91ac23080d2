"""Keeps the indexes of one catalog: loaded or built when first asked for, and led along as the catalog changes."""

import atexit
import logging
import os
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.backend import Abilities, Backend, Index, Vectors
from retrieval.errors import RetrievalError
from retrieval.index_files import IndexFiles

_log = logging.getLogger("lapel.retrieval")

GROWN = 0.05
"""Share of an index that has changed when it is saved again."""
LATE = 256
"""Changed rows from which on an index is saved when it is closed; fewer are sooner made up for."""
SAMPLED = 256
ALIKE = 0.01
"""Rows of a loaded index that are compared with those of the catalog, and how far numbers may be apart."""
AGAIN = 60
"""Seconds after which an index is tried again whose backend could not be reached."""
PART = 256
"""Rows that are added before it is asked again whether to stop."""


@dataclass(frozen=True)
class Rows:
    """What indexes are made of. alive: attribute → bool (rows,), which rows are to be found by it. vectors: attribute → what
    its vectors are named by, and they themselves, or the sketch that stands for them, (rows or more, width). A row never
    changes its meaning: catalogs grow at their end."""

    alive: Callable[[str], np.ndarray]
    vectors: Callable[[str], tuple[str, Vectors]]


@dataclass
class _Held:
    """An index in use, what its vectors are named by, and how many rows changed since it was saved. None: it cannot be
    used, and is not tried again."""

    digest: str
    index: Index | None
    changed: int = 0


class Shelf:
    """One index for each attribute of a catalog, of its derived vectors. Shared by the views of an engine.

    A view asks with the digest of the vectors that it scores by, so that it is never given an index of others. An index
    may hold other rows than a view's for a while; `Ranker` makes up for that.
    """

    def __init__(self, folder: Path, rows: Rows, backend: Backend) -> None:
        """folder: for the indexes of this catalog alone, and of rows that are numbered in this way."""
        self._files = IndexFiles(folder, backend)
        self._backend = backend
        self._rows = rows
        self._ready: dict[str, _Held] = {}
        self._waiting: list[str] = []
        self._later: dict[str, float] = {}
        self._lock = threading.Lock()  # of the fields above
        self._making = threading.Lock()  # one index is loaded, built or saved at a time
        self._following = threading.Lock()  # rows and indexes change together
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        _open_shelves.add(self)

    @property
    def abilities(self) -> Abilities:
        """What its indexes can do."""
        return self._backend.abilities

    def get(self, attribute: str, digest: str | None = None) -> Index | None:
        """The index of an attribute if it is ready; otherwise None, and it is made in the background.

        digest: what the vectors are named by that it has to be made of; None: whatever it is made of.
        """
        with self._lock:
            if attribute not in self._ready:
                self._want(attribute)
        return self.ready(attribute, digest)

    def ready(self, attribute: str, digest: str | None = None) -> Index | None:
        """As `get`, but it is not made."""
        with self._lock:
            held = self._ready.get(attribute)
        return held.index if held is not None and digest in (None, held.digest) else None

    def prepare(self, attribute: str, threads: int = -1) -> Index | None:
        """Load or build an index now; None when it cannot be used, or after `close`."""
        with self._making:
            while attribute not in self._ready and not self._stop.is_set():
                self._make(attribute, threads)
        return self.ready(attribute)

    def follow(self, rows: Rows) -> None:
        """Go over to a catalog that has grown, shrunk or got other vectors.

        Indexes that are ready take in new rows and forget dead ones, at milliseconds a row; one whose vectors are named
        otherwise now is left, and made again when it is asked for.
        """
        with self._following:
            self._rows = rows
            for attribute, held in list(self._ready.items()):
                self._lead(attribute, held)

    def close(self) -> None:
        """Stop building, and save what has changed much; indexes that are ready go on serving."""
        self._stop.set()
        with self._lock:  # a thread that is there has been started
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        with self._making:
            for attribute, held in list(self._ready.items()):
                if held.changed >= LATE:
                    self._save(attribute, held)

    def _want(self, attribute: str) -> None:
        """Have an index made, or looked after, in the background; `_lock` is held."""
        if time.monotonic() < self._later.get(attribute, 0):
            return
        if attribute not in self._waiting and not self._stop.is_set():
            self._waiting.append(attribute)
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="lapel-indexes", daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                attribute = self._waiting[0]
            try:
                self._tend(attribute)
            except RetrievalError as error:  # a server that is away
                _log.warning("the index of '%s' cannot be made now; searching without it: %s", attribute, error)
                with self._lock:
                    self._later[attribute] = time.monotonic() + AGAIN
            except Exception:
                _log.exception("the index of '%s' cannot be built; searches scan the table", attribute)
                with self._lock:
                    self._ready.setdefault(attribute, _Held("", None))
            with self._lock:
                self._waiting.remove(attribute)

    def _tend(self, attribute: str) -> None:
        """Make an index that is not there, or is worn; save one that has changed much."""
        threads = max(1, (os.cpu_count() or 2) - 1)
        with self._making:
            held = self._ready.get(attribute)
            if held is None or (held.index is not None and held.index.worn):
                self._make(attribute, threads)
            elif held.changed:
                self._save(attribute, held)

    def _make(self, attribute: str, threads: int) -> None:
        """Load or build an index, and put it in place; a worn one that is there serves meanwhile. `_making` is held."""
        rows, worn = self._rows, attribute in self._ready
        digest, vectors = rows.vectors(attribute)
        index = None if worn else self._load(attribute, rows)
        held = _Held(digest, index)
        if index is None:
            index = self._backend.build(vectors, np.flatnonzero(rows.alive(attribute)), threads, self._stop)
            if index is None:
                return
            if index.worn:
                _log.warning("the index of '%s' is of no use; searches scan the table", attribute)
            else:
                held.index = index
                self._save(attribute, held)
        with self._following:
            with self._lock:
                self._ready[attribute] = held
            self._lead(attribute, held)

    def _load(self, attribute: str, rows: Rows) -> Index | None:
        """The saved index; None where there is none that is of these rows as far as it goes."""
        digest, vectors = rows.vectors(attribute)
        index = self._files.load(attribute, digest, vectors.shape[1])
        if index is None or self._to_do(index, rows.alive(attribute)) is None:
            return None
        alive = rows.alive(attribute)
        known = np.flatnonzero(index.held(len(alive)) & alive)
        some = known[np.linspace(0, len(known) - 1, min(SAMPLED, len(known))).astype(int)]
        if not all(np.allclose(index.get(int(row)), vectors[row], ALIKE, ALIKE) for row in some):
            _log.warning("the index of '%s' is of other rows; building it again", attribute)
            return None
        return index

    def _save(self, attribute: str, held: _Held) -> None:
        if held.index is not None:
            held.changed = 0
            try:
                self._files.save(attribute, held.digest, held.index)
            except OSError as error:
                _log.warning("the index of '%s' cannot be kept: %s", attribute, error)

    def _lead(self, attribute: str, held: _Held) -> None:
        """Lead an index over to the rows that there are now; `_following` is held."""
        digest, vectors = self._rows.vectors(attribute)
        if digest != held.digest:
            self._drop(attribute)
            return
        if held.index is None:
            return
        index, to_do = held.index, self._to_do(held.index, self._rows.alive(attribute))
        if to_do is None:
            self._drop(attribute)
            return
        new, dead = to_do
        if len(dead):
            index.remove(dead)
        for start in range(0, len(new), PART):
            if self._stop.is_set():
                break
            rows = new[start : start + PART]
            index.add(vectors[rows], rows)
        held.changed += len(new) + len(dead)
        if index.worn or held.changed > max(LATE, GROWN * len(index)):
            with self._lock:
                self._want(attribute)

    def _to_do(self, index: Index, alive: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
        """Rows that an index has to take in and to forget; None when it cannot."""
        there, can = index.held(len(alive)), self._backend.abilities
        new, dead = np.flatnonzero(alive & ~there), np.flatnonzero(there & ~alive)
        return None if (len(new) and not can.add) or (len(dead) and not can.remove) else (new, dead)

    def _drop(self, attribute: str) -> None:
        with self._lock:
            self._ready.pop(attribute, None)


_open_shelves: "weakref.WeakSet[Shelf]" = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for shelf in list(_open_shelves):
        shelf.close()

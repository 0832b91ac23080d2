"""The sketches of one catalog: made when first wanted, led along as it grows, and kept in files."""

import atexit
import logging
import threading
import weakref
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from common.files import replacing
from retrieval.scan import Readable
from retrieval.sketch import FITTED, Basis, Sketch

_log = logging.getLogger("lapel.retrieval")

CHUNK = 4096
"""Vectors that are sketched at once; as many more than there were are waited for, further ones are left to the background."""
KEPT = 20_000
"""Slots from which on sketches are kept in a file; fewer are sooner made again."""
GROWN = 0.05
"""Share of a sketch that is new when its file is written again."""
PATIENCE = 10.0
"""Seconds that closing waits for a part that is being made."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """What a sketch is made of. digest: what the vectors are named by; vectors: gives them, (slots, width); there: which mean
    something, bool (slots,); shares: of the section that each number belongs to, (width,)."""

    digest: str
    vectors: Callable[[], Readable]
    there: np.ndarray
    shares: np.ndarray

    def missing(self, found: Sketch | None) -> np.ndarray:
        """The slots that are still to be sketched, int64 (n,)."""
        if found is None:
            return np.flatnonzero(self.there)
        done = np.zeros(len(self.there), bool)
        shared = min(len(done), len(found))
        done[:shared] = found.done[:shared]
        return np.flatnonzero(self.there & ~done)


class _Stopped(Exception):  # noqa: N818 - reads as what it says
    """Nobody wants what is being made any more."""


_open: "weakref.WeakSet[Sketches]" = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """A thread that computes while Python ends takes the whole process down with it."""
    for one in list(_open):
        one.close()


class Sketches:
    """Thread-safe. Sketches of the same vectors in two processes may have other bases, until one of them is opened again."""

    def __init__(self, folder: Path | None = None) -> None:
        """folder: where large ones are kept; None: in memory alone."""
        self._folder = folder
        self._made: dict[str, Sketch] = {}
        self._saved: dict[str, int] = {}
        self._working: dict[str, threading.Thread] = {}
        self._making: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()  # of the fields above
        self._stop = threading.Event()
        _open.add(self)

    def get(self, wanted: Wanted, wait: bool = False) -> Sketch | None:
        """The sketch, if it is ready. Otherwise None, and it is made in the background, unless to be waited for."""
        with self._lock:
            found = self._made.get(wanted.digest)
        missing = wanted.missing(found)
        if found is not None and not len(missing):
            return found
        if wait or (found is not None and len(missing) <= CHUNK):
            return self._make(wanted)
        with self._lock:
            if wanted.digest not in self._working and not self._stop.is_set():
                thread = threading.Thread(target=self._serve, args=(wanted,), name="lapel-sketches", daemon=True)
                self._working[wanted.digest] = thread
                thread.start()
        return found if found is not None and len(found) >= len(wanted.there) else None

    def only(self, digests: Iterable[str]) -> None:
        """Forget all others."""
        kept = set(digests)
        with self._lock:
            self._made = {digest: sketch for digest, sketch in self._made.items() if digest in kept}

    def close(self) -> None:
        """Stop making sketches in the background, for good; those that are ready go on serving."""
        self._stop.set()
        with self._lock:
            threads = list(self._working.values())
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(PATIENCE)

    def _serve(self, wanted: Wanted) -> None:
        try:
            self._make(wanted, self._stop)
        except _Stopped:
            return
        except Exception:
            _log.exception("a sketch cannot be made; searches scan the table")
            return  # and is not tried again
        with self._lock:
            del self._working[wanted.digest]

    def _make(self, wanted: Wanted, stop: threading.Event | None = None) -> Sketch:
        with self._lock:
            making = self._making[wanted.digest]
        with making:
            with self._lock:
                found = self._made.get(wanted.digest)
            found = found or self._loaded(wanted)
            if found is not None and found.basis.outgrown(int(wanted.there.sum())):
                found = None
            missing = wanted.missing(found)
            if found is None or len(missing):
                found = self._filled(found, wanted, missing, stop)
            with self._lock:
                self._made[wanted.digest] = found
            self._save(wanted.digest, found)
            return found

    def _filled(
        self, found: Sketch | None, wanted: Wanted, missing: np.ndarray, stop: threading.Event | None
    ) -> Sketch:
        vectors = wanted.vectors()
        if found is None:
            missing = wanted.missing(None)
            some = missing[np.linspace(0, len(missing) - 1, min(len(missing), FITTED)).astype(int)]
            found = Sketch.empty(Basis.fit(vectors[some], wanted.shares), len(wanted.there))
        found = found.grown(len(wanted.there))
        for start in range(0, len(missing), CHUNK):
            if stop is not None and stop.is_set():
                raise _Stopped
            slots = missing[start : start + CHUNK]
            found.fill(slots, vectors[slots])
        return found

    def _loaded(self, wanted: Wanted) -> Sketch | None:
        """The sketch in a file; None where there is none, or it is damaged, which is logged: what npz files hold is checked by
        the sums that they carry."""
        path = self._path(wanted.digest)
        if path is None or not path.exists():
            return None
        try:
            with np.load(path, allow_pickle=False) as kept:
                found = Sketch.of_arrays(kept)
            if len(found.basis.scale) != len(wanted.shares):
                raise ValueError(f"it is of vectors of {len(found.basis.scale)} numbers")
        except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
            _log.warning("the sketch %s is damaged (%s); making it again", path.name, error)
            return None
        with self._lock:
            self._saved[wanted.digest] = int(found.done.sum())
        return found

    def _save(self, digest: str, found: Sketch) -> None:
        path, count = self._path(digest), int(found.done.sum())
        with self._lock:
            before = self._saved.get(digest, 0)
        if path is None or count < KEPT or count - before <= GROWN * count:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as new:
                np.savez(new, **found.arrays())
        except OSError as error:
            _log.warning("the sketch %s cannot be kept: %s", path.name, error)
            return
        with self._lock:
            self._saved[digest] = count

    def _path(self, digest: str) -> Path | None:
        return None if self._folder is None else self._folder / f"{sha256(digest.encode()).hexdigest()[:32]}.npz"

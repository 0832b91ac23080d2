"""Sketches: the vectors of an attribute in few dimensions, and how long the part is that they leave out.

With P an orthonormal basis, an inner product <q, x> is <Pq, Px> and at most |q - PᵀPq| |x - PᵀPx| more
or less (Cauchy and Schwarz), so that most vectors can be ruled out without being looked at.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch

_log = logging.getLogger("lapel.retrieval")

DIM = 48
"""Dimensions of a sketch: more cost more to look at, fewer leave more to be scored in full."""
FITTED = 8192
"""Vectors that the dimensions are fitted on."""
LEAST = 0.02
"""Least share that a section counts as there, since a query may ask for other shares than the attribute's own."""
CHUNK = 4096
"""Vectors that are sketched at once; as many more than there were are waited for, further ones are left to the background."""
_AHEAD = 1.25


@dataclass(frozen=True, eq=False)
class Basis:
    """axes: float32 (width, dimensions), orthonormal columns. scale: float32 (width,), by which vectors are multiplied and
    queries divided before."""

    axes: np.ndarray
    scale: np.ndarray

    @classmethod
    def fit(cls, vectors: np.ndarray, shares: np.ndarray) -> "Basis":
        """The directions that hold most of vectors (n, width), n at least 1, as they count with `shares` (width,) of their
        sections: the first eigenvectors of the second moments."""
        scale: np.ndarray = np.sqrt(np.maximum(shares, LEAST)).astype(np.float32)
        some = vectors[np.linspace(0, len(vectors) - 1, min(len(vectors), FITTED)).astype(int)]
        wide = some.astype(np.float32) * scale
        _, axes = np.linalg.eigh(wide.T @ wide)
        return cls(np.ascontiguousarray(axes[:, ::-1][:, :DIM], np.float32), scale)

    def of_vectors(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Sketches float32 (n, dimensions) of vectors (n, width), and the lengths float32 (n,) of what they leave out."""
        return self._parted(torch.from_numpy(np.array(vectors)).float().numpy() * self.scale)

    def of_query(self, vector: np.ndarray) -> tuple[np.ndarray, float]:
        """The same of what vectors are scored by, (width,)."""
        part, left = self._parted((vector / self.scale).astype(np.float32)[None])
        return part[0], float(left[0])

    def _parted(self, wide: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        part: np.ndarray = wide @ self.axes
        left: np.ndarray = np.linalg.norm(wide - part @ self.axes.T, axis=1)
        return part, left


@dataclass(frozen=True, eq=False)
class Sketch:
    """Of the slots of an attribute. rows: float32 (slots or more, dimensions); left: float32, the lengths of what they leave
    out; done: bool, which slots are sketched. Filled further while it is in use, never changed."""

    basis: Basis
    rows: np.ndarray
    left: np.ndarray
    done: np.ndarray

    def scores(self, vector: np.ndarray, slots: int) -> tuple[np.ndarray, np.ndarray]:
        """About how the first slots score by a vector (width,), and how far that may be off, float32 (slots,) each."""
        query, left = self.basis.of_query(vector)
        about: np.ndarray = (torch.from_numpy(self.rows[:slots]) @ torch.from_numpy(query)).numpy()
        return about, left * self.left[:slots]

    def grown(self, slots: int) -> "Sketch":
        """With room for so many slots."""
        if slots <= len(self.done):
            return self
        room = int(slots * _AHEAD)
        found = Sketch.empty(self.basis, room)
        for old, new in ((self.rows, found.rows), (self.left, found.left), (self.done, found.done)):
            new[: len(old)] = old
        return found

    @classmethod
    def empty(cls, basis: Basis, slots: int) -> "Sketch":
        dim = basis.axes.shape[1]
        return cls(basis, np.zeros((slots, dim), np.float32), np.zeros(slots, np.float32), np.zeros(slots, bool))


@dataclass(frozen=True, eq=False)
class Wanted:
    """What a sketch is made of. digest: what the vectors are named by; vectors: gives them, (slots, width); there: which mean
    something, bool (slots,); shares: of the section that each number belongs to, (width,)."""

    digest: str
    vectors: Callable[[], np.ndarray]
    there: np.ndarray
    shares: np.ndarray


class Sketches:
    """The sketches of one catalog, made when first wanted, and led along as it grows. Thread-safe."""

    def __init__(self) -> None:
        self._made: dict[str, Sketch] = {}
        self._working: dict[str, threading.Thread] = {}
        self._making: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()  # of the fields above

    def get(self, wanted: Wanted, wait: bool = False) -> Sketch | None:
        """The sketch, if it is ready. Otherwise None, and it is made in the background, unless to be waited for."""
        with self._lock:
            found = self._made.get(wanted.digest)
        missing = self._missing(found, wanted)
        if found is not None and not len(missing):
            return found
        if wait or (found is not None and len(missing) <= CHUNK):
            return self._make(wanted)
        with self._lock:
            if wanted.digest not in self._working:
                thread = threading.Thread(target=self._serve, args=(wanted,), name="lapel-sketches", daemon=True)
                self._working[wanted.digest] = thread
                thread.start()
        return found if found is not None and len(found.done) >= len(wanted.there) else None

    def only(self, digests: Iterable[str]) -> None:
        """Forget all others."""
        kept = set(digests)
        with self._lock:
            self._made = {digest: sketch for digest, sketch in self._made.items() if digest in kept}

    def _serve(self, wanted: Wanted) -> None:
        try:
            self._make(wanted)
        except Exception:
            _log.exception("a sketch cannot be made; searches scan the table")
            return  # and is not tried again
        with self._lock:
            del self._working[wanted.digest]

    def _make(self, wanted: Wanted) -> Sketch:
        with self._lock:
            making = self._making[wanted.digest]
        with making:
            with self._lock:
                found = self._made.get(wanted.digest)
            vectors, missing = wanted.vectors(), self._missing(found, wanted)
            if found is None:
                there = np.flatnonzero(wanted.there)
                some = (
                    there[np.linspace(0, len(there) - 1, min(len(there), FITTED)).astype(int)] if len(there) else there
                )
                found = Sketch.empty(Basis.fit(vectors[some], wanted.shares), len(wanted.there))
            found = found.grown(len(wanted.there))
            for start in range(0, len(missing), CHUNK):
                slots = missing[start : start + CHUNK]
                found.rows[slots], found.left[slots] = found.basis.of_vectors(vectors[slots])
                found.done[slots] = True
            with self._lock:
                self._made[wanted.digest] = found
            return found

    def _missing(self, found: Sketch | None, wanted: Wanted) -> np.ndarray:
        """The slots that are still to be sketched, int64 (n,)."""
        if found is None:
            return np.flatnonzero(wanted.there)
        done = np.zeros(len(wanted.there), bool)
        shared = min(len(done), len(found.done))
        done[:shared] = found.done[:shared]
        return np.flatnonzero(wanted.there & ~done)

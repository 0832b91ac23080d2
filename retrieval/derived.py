"""Derived vectors: what an attribute makes of raw columns, for a few images or a whole catalog; no pass of the network.

A catalog's are kept in float16, or in 8 bits a number (`retrieval.quantized`) where half the bytes count for more than their last
digits: what is lost can be derived again from the raw vectors, for the few rows that need it."""

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image

from model import Column, Derivation
from retrieval.growing import HALF, fill, size_of
from retrieval.interfaces import Embeds, columns_of, slices
from retrieval.quantized import Quantized, packed, record

CHUNK = 4096
"""Images that are derived at once."""
KEPT = 64 << 20
"""Bytes of derived vectors above which they are kept in a file instead of in memory."""
_AHEAD = 1.25
"""Times the rows that are there for which memory is taken, so that adding one copies none."""


def derived_vectors(
    embedder: Embeds,
    images: Iterable[Image.Image],
    attributes: Sequence[str],
    progress: Callable[[int], None] | None = None,
) -> dict[str, np.ndarray]:
    """Derived vectors float16 (images, width) of each attribute, embedded now."""
    columns = columns_of(embedder, attributes)
    raw = embedder.embed(images, columns, progress)
    places = slices(columns, {column: embedder.width(column) for column in columns})
    return {name: derived(embedder.derivation(name), lambda column: raw[:, places[column]]) for name in attributes}


def derived(derivation: Derivation, column: Callable[[Column], np.ndarray]) -> np.ndarray:
    """Derived vectors float16 (n, width) of raw columns (n, width each). A row whose raw embeddings are zeros, of an image
    that cannot be read, stays zeros."""
    raw = [column(needed) for needed in derivation.needs]
    out = np.empty((len(raw[0]), width_of(derivation)), np.float16)
    for start in range(0, len(out), CHUNK):
        rows = [np.asarray(part[start : start + CHUNK]) for part in raw]
        out[start : start + CHUNK] = derivation.apply(rows) * rows[0].any(1, keepdims=True)
    return out


def width_of(derivation: Derivation) -> int:
    return sum(section.width for section in derivation.sections)


@dataclass(frozen=True, eq=False)
class Halves:
    """How vectors are kept in float16: rows (n, width)."""

    width: int
    suffix = ".f16"

    @property
    def name(self) -> str:
        return str(self.width)

    @property
    def bytes(self) -> int:
        """Of a row."""
        return HALF.itemsize * self.width

    def zeros(self, slots: int) -> np.ndarray:
        return np.zeros((slots, self.width), HALF)

    def mapped(self, path: Path, slots: int) -> np.ndarray:
        return np.asarray(np.memmap(path, HALF, "r", 0, (slots, self.width)))

    def packed(self, vectors: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(vectors, HALF)


@dataclass(frozen=True, eq=False)
class Eighths:
    """How vectors are kept in 8 bits a number: records (n,) of `quantized.record`. stretch: see there."""

    stretch: np.ndarray
    suffix = ".i8"

    @property
    def name(self) -> str:
        return f"{len(self.stretch)} int8 {sha256(self.stretch.tobytes()).hexdigest()}"

    @property
    def bytes(self) -> int:
        """Of a record."""
        return record(len(self.stretch)).itemsize

    def zeros(self, slots: int) -> np.ndarray:
        return np.zeros(slots, record(len(self.stretch)))

    def mapped(self, path: Path, slots: int) -> np.ndarray:
        return np.asarray(np.memmap(path, record(len(self.stretch)), "r", 0, (slots,)))

    def packed(self, vectors: np.ndarray) -> np.ndarray:
        return packed(vectors, self.stretch)


Kind = Halves | Eighths


@dataclass
class InMemory:
    """A row for each slot, found once: zeros where it is not."""

    kind: Kind
    values: np.ndarray = field(init=False)
    done: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.values: np.ndarray = self.kind.zeros(0)
        self.done: np.ndarray = np.zeros(0, bool)

    def grow(self, slots: int) -> None:
        if slots > len(self.done):
            room = int(slots * _AHEAD)
            values, done = self.kind.zeros(room), np.zeros(room, bool)
            values[: len(self.done)], done[: len(self.done)] = self.values, self.done
            self.values, self.done = values, done

    def write(self, slots: np.ndarray, vectors: np.ndarray) -> None:
        self.values[slots] = self.kind.packed(vectors)
        self.done[slots] = True


@dataclass
class InFile:
    """The same in a file of rows, and one that says which are there, written after them. The files may be shared with other
    processes: all write the same rows, and make the files longer under a lock."""

    path: Path
    kind: Kind
    locked: Callable[[], AbstractContextManager[None]] = nullcontext

    def __post_init__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._said = self.path.with_suffix(".done")
        if self._damaged():
            with self.locked():
                if self._damaged():
                    self._said.unlink(missing_ok=True)
                    self.path.unlink(missing_ok=True)
        self._map()

    def grow(self, slots: int) -> None:
        if slots > len(self.done):
            with self.locked():
                for path, row in ((self.path, self.kind.bytes), (self._said, 1)):
                    path.touch()
                    if size_of(path) < row * slots:
                        os.truncate(path, row * slots)
            self._map()

    def write(self, slots: np.ndarray, vectors: np.ndarray) -> None:
        fill(self.path, slots, self.kind.packed(vectors))
        fill(self._said, slots, np.ones(len(slots), np.uint8))

    def _damaged(self) -> bool:
        return size_of(self.path) != self.kind.bytes * size_of(self._said)

    def _map(self) -> None:
        rows = size_of(self._said)
        self.values: np.ndarray = self.kind.zeros(0)
        self.done: np.ndarray = np.zeros(0, bool)
        if rows:
            self.values = self.kind.mapped(self.path, rows)
            self.done = np.memmap(self._said, np.uint8, "r", 0, (rows,)).view(bool)


class Derived:
    """Derived vectors of the slots of one catalog, by the digest of how they are derived, made where they are first wanted.
    Thread-safe."""

    def __init__(
        self, folder: Path | None = None, locked: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> None:
        """folder: where large ones are kept; None: all in memory. locked: a lock for the files there."""
        self._folder, self._locked = folder, locked
        self._found: dict[tuple[str, str], InMemory | InFile] = {}
        self._wide: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._lock = threading.Lock()

    def vectors(
        self, digest: str, width: int, there: np.ndarray, make: Callable[[np.ndarray], np.ndarray]
    ) -> np.ndarray:
        """Vectors float16 (slots, width). there: of which slots they can be made, bool (slots,). make: slots int64 (n,) →
        vectors float16 (n, width)."""
        with self._lock:
            return self._filled(digest, Halves(width), there, make)

    def quantized(
        self, digest: str, stretch: np.ndarray, there: np.ndarray, make: Callable[[np.ndarray], np.ndarray]
    ) -> Quantized:
        """The same in 8 bits a number, about (slots, width); stretch: float32 (width,), see `quantized.stretch_of`."""
        with self._lock:
            return Quantized.of_records(self._filled(digest, Eighths(stretch), there, make), stretch)

    def wide(self, digest: str, vectors: np.ndarray, there: np.ndarray) -> np.ndarray:
        """Vectors that are there in float32, kept beside the others."""
        with self._lock:
            values, done = self._wide.get(digest, (np.zeros((0, vectors.shape[1]), np.float32), np.zeros(0, bool)))
            if len(done) < len(vectors):
                room = int(len(vectors) * _AHEAD)
                grown, known = np.zeros((room, vectors.shape[1]), np.float32), np.zeros(room, bool)
                grown[: len(done)], known[: len(done)] = values, done
                values, done = self._wide[digest] = grown, known
            new = np.flatnonzero(there & ~done[: len(there)])
            values[new], done[new] = vectors[new], True
            return values[: len(vectors)]

    def only(self, digests: Iterable[str]) -> None:
        """Forget all others."""
        wanted = set(digests)
        with self._lock:
            self._found = {name: found for name, found in self._found.items() if name[0] in wanted}
            self._wide = {digest: found for digest, found in self._wide.items() if digest in wanted}

    def _filled(
        self, digest: str, kind: Kind, there: np.ndarray, make: Callable[[np.ndarray], np.ndarray]
    ) -> np.ndarray:
        """Rows of the slots, as the kind has them."""
        kept = self._found.get((digest, kind.name))
        large = self._folder is not None and kind.bytes * len(there) > KEPT
        if kept is None or (large and isinstance(kept, InMemory)):
            kept = self._found[digest, kind.name] = self._begun(digest, kind, large)
        kept.grow(len(there))
        missing = np.flatnonzero(there & ~kept.done[: len(there)])
        for start in range(0, len(missing), CHUNK):
            some = missing[start : start + CHUNK]
            kept.write(some, make(some))
        return kept.values[: len(there)]

    def _begun(self, digest: str, kind: Kind, large: bool) -> InMemory | InFile:
        if not large or self._folder is None:
            return InMemory(kind)
        name = sha256(f"{digest} {kind.name}".encode()).hexdigest()[:32]
        return InFile(self._folder / f"{name}{kind.suffix}", kind, self._locked)

"""Raw vectors by content: what a network made of an image is kept once, whatever catalogs the image is in."""

import json
import re
import shutil
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from filelock import FileLock

from common.files import write_in_one_step
from model import Column
from retrieval.growing import HALF, append_lines, cut, fill, mapped, read_from, read_lines, size_of
from retrieval.sums import row_sums

IMAGE = 16
"""Bytes of an image's digest."""
_COPIED = 4096
"""StoreRows that are copied at once when a store is pruned."""


@dataclass
class _Kept:
    """The files of one column as they are mapped: vectors float16 (n, width), sums uint64 (n,), and which rows were found
    sound since they were opened, bool (n,)."""

    vectors: np.ndarray
    sums: np.ndarray
    sound: np.ndarray


@dataclass
class StoreRows:
    """images: digests. numbers: the row of each, int64 (n,), -1 for none, as long as the store is of a generation."""

    images: Sequence[str]
    numbers: np.ndarray
    generation: str


@dataclass
class Store:
    """A row for each image, by digest, and a file for each column, which may lack rows.

    `images` holds the digests of all rows; of each column there are `NAME.f16`, the vectors, and `NAME.sum`, a checksum a row,
    0 where there is none. StoreRows are only added. A vector is written before its checksum, so that a kill at any moment leaves
    whole rows and missing ones; a row that is damaged later does not agree with its checksum and counts as missing. Several
    processes may add: each does so under a lock, after reading what the others have added.
    """

    folder: Path
    width: Callable[[Column], int]
    """Numbers in a vector of a column."""

    unreadable: dict[str, str] = field(default_factory=dict)
    """Image → why it cannot be read."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._file_lock = FileLock(self.folder / "lock", thread_local=False, poll_interval=0.005)
        self._thread_lock = threading.RLock()
        self._generation = ""
        self._row: dict[str, int] = {}
        self._names = np.empty((0, 2), np.uint64)
        self._kept: dict[Column, _Kept] = {}
        self._files: dict[Column, str] = {}
        self._told = 0  # bytes of the file of unreadable images that were read
        self.follow()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """No other thread or process adds meanwhile; what they added before is known."""
        with self._thread_lock, self._file_lock:
            self.follow()
            yield

    def follow(self) -> None:
        """Read what other processes have added, or all of it again where one of them has pruned the store."""
        with self._thread_lock:
            generation = (read_from(self.folder / "generation").decode("ascii", "replace").strip()) or "0"
            if generation != self._generation:
                self._row, self._kept, self._names = {}, {}, np.empty((0, 2), np.uint64)
                self._generation = generation
            place = self.folder / generation
            place.mkdir(exist_ok=True)
            path = place / "images"
            if size_of(path) < IMAGE * len(self._names):  # damaged
                self._row, self._kept, self._names = {}, {}, np.empty((0, 2), np.uint64)
            more = read_from(path, IMAGE * len(self._names))
            more = more[: len(more) // IMAGE * IMAGE]
            for start in range(0, len(more), IMAGE):
                self._row.setdefault(more[start : start + IMAGE].hex(), len(self._names) + start // IMAGE)
            self._names = np.concatenate([self._names, np.frombuffer(more, "<u8").reshape(-1, 2)])
            self._follow_unreadable()

    def rows(self, images: Sequence[str], before: StoreRows | None = None) -> StoreRows:
        """The rows of images, which stay right when the store is pruned. before: those of the first of the images, to begin with."""
        with self._thread_lock:
            numbers = np.full(len(images), -1, np.int64)
            if before is not None:
                known = self._now(before)[: len(images)]
                numbers[: len(known)] = known
            missing = np.flatnonzero(numbers < 0)
            numbers[missing] = self._rows_of([images[place] for place in missing.tolist()])
            return StoreRows(images, numbers, self._generation)

    def there(self, column: Column, rows: StoreRows) -> np.ndarray:
        """Which of some rows hold a sound vector of a column, bool (n,)."""
        with self._thread_lock:
            self._stay(column)
            return self._there(column, self._now(rows))

    def read(self, column: Column, rows: StoreRows, some: np.ndarray) -> np.ndarray:
        """Vectors float16 (n, width) of some of the rows, int64 (n,), that are there; zeros for others."""
        with self._thread_lock:
            self._stay(column)
            asked, kept = self._now(rows)[some], self._opened(column)
        out = np.zeros((len(asked), self.width(column)), np.float16)
        inside = (asked >= 0) & (asked < len(kept.vectors))
        out[inside] = kept.vectors[asked[inside]]
        return out

    def put(self, images: Sequence[str], vectors: Mapping[Column, np.ndarray]) -> None:
        """Keep vectors float16 (n, width) of images, by column; what is there already stays."""
        with self.locked():
            self._add(images)
            rows = self._rows_of(images)
            for column, found in vectors.items():
                missing = np.flatnonzero(~self._there(column, rows))
                if len(missing):
                    self._write(column, rows[missing], np.ascontiguousarray(found[missing], np.float16))

    def refuse(self, reasons: Mapping[str, str]) -> None:
        """Remember images that cannot be read, by digest, and why."""
        with self.locked():
            new = {image: reason for image, reason in reasons.items() if image not in self.unreadable}
            append_lines(self._refused, [json.dumps([image, reason]) for image, reason in new.items()], self._told)
            self._follow_unreadable()

    def prune(self, wanted: Collection[str]) -> int:
        """Leave only the rows of wanted images; returns how many went. Whoever has the store open keeps what it maps."""
        with self.locked():
            names = [image for image in self._row if image in wanted]
            gone, old = len(self._names) - len(names), self.folder / self._generation
            if not gone:
                return 0
            generation = str(int(self._generation) + 1)
            new, rows = self.folder / generation, self._rows_of(names)
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir()
            (new / "images").write_bytes(b"".join(map(bytes.fromhex, names)))
            for path in sorted(old.glob("*.sum")):
                width = int(path.stem.rpartition("-")[2])
                sums, vectors = mapped(path, np.dtype("<u8"), ()), mapped(path.with_suffix(".f16"), HALF, (width,))
                inside = rows[rows < min(len(sums), len(vectors))]
                with (new / path.name).open("wb") as to, (new / path.name).with_suffix(".f16").open("wb") as beside:
                    for start in range(0, len(inside), _COPIED):
                        some = inside[start : start + _COPIED]
                        beside.write(vectors[some].tobytes())
                        to.write(sums[some].tobytes())
            write_in_one_step(self.folder / "generation", generation)
            self.follow()
            shutil.rmtree(old, ignore_errors=True)
            return gone

    def _rows_of(self, images: Sequence[str]) -> np.ndarray:
        """int64 (n,): the row of each image, -1 where it has none."""
        return np.fromiter((self._row.get(image, -1) for image in images), np.int64, len(images))

    def _stay(self, column: Column) -> None:
        """Go over to the store as it is where another process has pruned away the files of a column before they were mapped."""
        if column not in self._kept and not (self.folder / self._generation).exists():
            self.follow()

    def _now(self, rows: StoreRows) -> np.ndarray:
        if rows.generation != self._generation:
            rows.numbers, rows.generation = self._rows_of(rows.images), self._generation
        return rows.numbers

    def _there(self, column: Column, rows: np.ndarray) -> np.ndarray:
        kept = self._opened(column)
        inside = (rows >= 0) & (rows < len(kept.sums))
        asked = rows[inside]
        fresh = np.unique(asked[~kept.sound[asked] & (kept.sums[asked] != 0)])
        for start in range(0, len(fresh), _COPIED):
            some = fresh[start : start + _COPIED]
            kept.sound[some] = row_sums(kept.vectors[some], self._names[some]) == kept.sums[some]
        found = np.zeros(len(rows), bool)
        found[inside] = kept.sound[asked]
        return found

    def _add(self, images: Sequence[str]) -> None:
        """Give rows to the images that have none."""
        new = [image for image in dict.fromkeys(images) if image not in self._row]
        path = self.folder / self._generation / "images"
        cut(path, IMAGE * len(self._names))
        with path.open("ab") as file:
            file.write(b"".join(map(bytes.fromhex, new)))
        self.follow()

    def _write(self, column: Column, rows: np.ndarray, vectors: np.ndarray) -> None:
        sums, path = row_sums(vectors, self._names[rows]).astype("<u8"), self._path(column)
        for suffix, content in ((".f16", vectors), (".sum", sums)):
            fill(path.with_suffix(suffix), rows, content)
        kept = self._opened(column)
        kept.sound[rows] = True

    def _opened(self, column: Column) -> _Kept:
        """The files of a column, mapped again when they have grown."""
        path, width = self._path(column), self.width(column)
        rows = min(size_of(path.with_suffix(".f16")) // (2 * width), size_of(path.with_suffix(".sum")) // 8)
        rows = min(rows, len(self._names))
        kept = self._kept.get(column)
        if kept is None or len(kept.sums) < rows:
            sound = np.zeros(rows, bool)
            if kept is not None:
                both = min(rows, len(kept.sound))
                sound[:both] = kept.sound[:both]
            vectors = mapped(path.with_suffix(".f16"), HALF, (width,))[:rows]
            kept = _Kept(vectors, mapped(path.with_suffix(".sum"), np.dtype("<u8"), ())[:rows], sound)
            self._kept[column] = kept
        return kept

    def _path(self, column: Column) -> Path:
        if column not in self._files:
            name = "/".join(column)
            safe = re.sub(r"[^\w]+", "_", name, flags=re.ASCII)[:60]
            mark = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
            self._files[column] = f"{safe}-{mark}-{self.width(column)}.f16"
        return self.folder / self._generation / self._files[column]

    @property
    def _refused(self) -> Path:
        return self.folder / "unreadable.jsonl"

    def _follow_unreadable(self) -> None:
        lines, self._told = read_lines(self._refused, self._told)
        for line in lines:
            image, reason = json.loads(line)
            self.unreadable.setdefault(image, reason)

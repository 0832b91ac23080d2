"""The numbers of a catalog's pictures, which stay the same while the catalog changes."""

import json
import os
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from common.files import sha256_of, write_in_one_step
from retrieval.growing import append_lines, read_lines, size_of

FORMAT = "lapel-slots/1"
MISSING = "missing"
_LAG = 10**9
"""Nanoseconds within which a file may have been changed again without a trace: file systems stamp with a clock that lags."""


def image_digest(path: Path) -> str:
    """First 128 bits (hex) of the SHA-256 of an image file; `MISSING` when it cannot be read."""
    try:
        return sha256_of(path)[:32]
    except OSError:
        return MISSING


@dataclass
class Slots:
    """Every (item, image) that a catalog has had, numbered from 0 in the order in which they came; no number is used twice.

    What is numbered by slot (derived vectors, indexes) belongs to `id`. An item whose image changes gets another slot; one
    that comes back has its old slot again. Several processes may add, each under the lock.
    """

    folder: Path
    locked: Callable[[], AbstractContextManager[None]]
    """A lock that can be taken again and again."""

    id: str = ""
    items: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._path = self.folder / "slots.jsonl"
        self._numbers: dict[tuple[str, str], int] = {}
        self._end = 0
        self._follow()

    def __len__(self) -> int:
        return len(self.items)

    def numbered(self, wanted: Sequence[tuple[str, str]]) -> list[int]:
        """The slot of each (item, image); those that are new are added."""
        new = [pair for pair in dict.fromkeys(wanted) if pair not in self._numbers]
        if new or not self.id:
            with self.locked():
                self._follow()
                if not self.id:
                    self._begin(())
                    self._follow()
                new = [pair for pair in new if pair not in self._numbers]
                append_lines(self._path, [json.dumps(pair) for pair in new], self._end)
                self._follow()
        return [self._numbers[pair] for pair in wanted]

    def prune(self, wanted: Collection[int]) -> None:
        """Leave only some slots, with new numbers: what was derived and indexed by the old ones is of no use any more."""
        with self.locked():
            self._follow()
            self._begin([(self.items[slot], self.images[slot]) for slot in sorted(wanted)])
            self._follow()

    def _begin(self, pairs: Iterable[tuple[str, str]]) -> None:
        head = json.dumps({"format": FORMAT, "id": os.urandom(8).hex()})
        write_in_one_step(self._path, "".join(f"{line}\n" for line in (head, *map(json.dumps, pairs))))

    def _follow(self) -> None:
        """Read what another process has added, or all again where it has begun anew."""
        head = _head(self._path)
        if head != self.id or size_of(self._path) < self._end:
            self.id, self.items, self.images, self._numbers, self._end = head, [], [], {}, 0
        if not head:
            return
        lines, end = read_lines(self._path, self._end)
        lines = lines if self._end else lines[1:]
        try:
            pairs = json.loads(f"[{','.join(lines)}]")
            for item, image in pairs:
                self._numbers.setdefault((item, image), len(self.items))
                self.items.append(item)
                self.images.append(image)
        except (ValueError, TypeError):  # damaged: numbers are cheap
            self.id, self.items, self.images, self._numbers, self._end = "", [], [], {}, 0
            return
        self._end = end


def _head(path: Path) -> str:
    """The id that a file of slots begins with; '' where there is none."""
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline())
        return str(head["id"]) if head["format"] == FORMAT else ""
    except (OSError, ValueError, TypeError, KeyError):
        return ""


Stamp = tuple[int, int, int]
"""Size of a file in bytes, when it was written, and when it was changed, in nanoseconds."""


def stamp_of(path: str) -> Stamp | None:
    """None where there is no such file."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a hundred thousand times
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


@dataclass
class Digests:
    """The digest of each picture file, so that only files that were touched since are read again."""

    path: Path
    locked: Callable[[], AbstractContextManager[None]]

    def __post_init__(self) -> None:
        self._known: dict[str, tuple[Stamp, str]] = {}
        self._doubtful: set[str] = set()
        self._end = 0
        lines = self._follow()
        if lines > 2 * len(self._known) + 1000:
            with self.locked():
                self._follow()
                write_in_one_step(self.path, "".join(f"{line}\n" for line in self._lines(self._known)))
                self._end = size_of(self.path)

    def of(self, root: Path, pictures: Sequence[str]) -> list[str]:
        """Digest of each picture below a folder, `MISSING` where it cannot be read."""
        stamps = [stamp_of(f"{root}/{picture}") for picture in pictures]
        new = [
            place
            for place, (picture, stamp) in enumerate(zip(pictures, stamps, strict=True))
            if stamp is not None and (picture in self._doubtful or self._known.get(picture, (None,))[0] != stamp)
        ]
        if new:
            self._read(root, {pictures[place]: stamps[place] for place in new})
        return [
            MISSING if stamp is None else self._known.get(picture, (None, MISSING))[1]
            for picture, stamp in zip(pictures, stamps, strict=True)
        ]

    def same(self, root: Path, picture: str) -> bool:
        """Whether a picture file is as it was when its digest was taken."""
        known = self._known.get(picture)
        return known is not None and stamp_of(f"{root}/{picture}") == known[0]

    def _read(self, root: Path, stamps: dict[str, Stamp | None]) -> None:
        now = time.time_ns()
        with ThreadPoolExecutor(min(8, len(stamps))) as pool:
            digests = list(pool.map(lambda picture: image_digest(root / picture), stamps))
        keep: list[str] = []
        for (picture, stamp), digest in zip(stamps.items(), digests, strict=True):
            self._known.pop(picture, None)
            self._doubtful.discard(picture)
            if stamp is not None and digest != MISSING:
                self._known[picture] = stamp, digest
                if max(stamp[1:]) < now - _LAG:
                    keep.append(picture)
                else:
                    self._doubtful.add(picture)
        with self.locked():
            known = self._known
            self._follow(skip=True)
            append_lines(self.path, self._lines({picture: known[picture] for picture in keep}), self._end)

    def _follow(self, skip: bool = False) -> int:
        """Read the lines that were added, unless they are skipped; returns how many."""
        if size_of(self.path) < self._end:
            self._end = 0
        lines, self._end = read_lines(self.path, self._end)
        for picture, stamp, digest in () if skip else _parsed(lines):
            self._known[picture] = stamp, digest
        return len(lines)

    @staticmethod
    def _lines(known: dict[str, tuple[Stamp, str]]) -> list[str]:
        return [json.dumps([picture, stamp, digest]) for picture, (stamp, digest) in known.items()]


def _parsed(lines: Sequence[str]) -> list[tuple[str, Stamp, str]]:
    """Pictures with their stamps and digests; nothing where a line is damaged, since a file can be read again."""
    try:
        found = json.loads(f"[{','.join(lines)}]")
        return [(picture, (size, written, changed), digest) for picture, (size, written, changed), digest in found]
    except (ValueError, TypeError):
        return []

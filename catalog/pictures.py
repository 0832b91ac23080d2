"""Pictures as files: their size, their digest, and whether they can be read, each looked at once."""

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from catalog.errors import CatalogError
from catalog.images import check_image

Progress = Callable[[int, int], object]
WORKERS, TOGETHER = 2, 32
DECODED = 1 << 30
"""Bytes of pictures that are decoded to see whether they are sound; of those beyond, the headers are read."""


@dataclass(frozen=True)
class Seen:
    """A picture's file. digest: SHA-256 (hex), '' where it cannot be read. fault: why it is no picture, '' where it is."""

    bytes: int
    digest: str
    fault: str


@dataclass
class Pictures:
    """The pictures of a folder that were looked at."""

    root: Path
    seen: dict[str, Seen] = field(default_factory=dict)

    def look_at(self, paths: Iterable[str], progress: Progress | None = None) -> None:
        """Read those that were not yet. paths: below the root. progress: gets how many are done, and of how many."""
        new = [path for path in dict.fromkeys(paths) if path not in self.seen]
        before = sum(seen.bytes for seen in self.seen.values())
        sizes = {path: _size(self.root / path) for path in new}
        deep: dict[str, bool] = {}
        for path in new:
            before += sizes[path]
            deep[path] = before <= DECODED
        parts = [new[start : start + TOGETHER] for start in range(0, len(new), TOGETHER)]

        def look_at(part: list[str]) -> list[Seen]:
            return [_look_at(self.root / path, path, deep[path]) for path in part]

        done = 0
        with ThreadPoolExecutor(WORKERS) as pool:
            for part, seen in zip(parts, pool.map(look_at, parts), strict=True):
                self.seen.update(zip(part, seen, strict=True))
                done += len(part)
                if progress is not None:
                    progress(done, len(new))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _look_at(path: Path, name: str, deep: bool) -> Seen:
    try:
        content = path.read_bytes()
    except OSError as error:
        return Seen(0, "", f"'{name}' cannot be read ({error.strerror or error})")
    try:
        check_image(content, name=name, deep=deep)
    except CatalogError as error:
        fault = str(error)
    else:
        fault = ""
    return Seen(len(content), hashlib.sha256(content).hexdigest(), fault)

"""The files of an upload on disk: their names, and where in them the next bytes go.

The files of an upload are sent one after another as one row of bytes, so one number says how much is there. It is read
off the files themselves: all before it are whole, the one that it falls into is as long as what came of it.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

NAME_BYTES = 240
"""Of a file or folder as UTF-8; file systems take 255, and names written beside it need a few."""
PATH_LETTERS = 1000
PATH_PARTS = 24
_DRIVE = re.compile("^[A-Za-z]:")


def clean_path(path: str) -> str:
    """A relative path with `/` between its parts; ValueError says what is wrong with one that is not taken."""
    said = f"'{path[:80]}'" if path.isprintable() else "a file of the upload"
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
    if path[:1] in ("/", "\\") or _DRIVE.match(path) or ".." in parts:
        raise ValueError(f"{said} leads out of the upload; send paths below its folder")
    if not parts:
        raise ValueError("a file of the upload has no name; send its name as its path")
    if len(path) > PATH_LETTERS or len(parts) > PATH_PARTS:
        raise ValueError(f"{said} lies too deep in folders; move it up, or shorten the names of its folders")
    for part in parts:
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in part):
            raise ValueError(f"{said} has a name with control characters; rename it")
        if len(part.encode()) > NAME_BYTES:
            raise ValueError(f"{said} has a name of more than {NAME_BYTES} bytes; shorten it")
    return "/".join(parts)


def clean_paths(paths: Sequence[str]) -> list[str]:
    """All paths of an upload; ValueError when two are the same, or one is also the folder of another."""
    cleaned = [clean_path(path) for path in paths]
    files = set(cleaned)
    if len(files) < len(cleaned):
        twice = next(path for path in files if cleaned.count(path) > 1)
        raise ValueError(f"'{twice}' is there twice; send it once")
    folders = {path[:at] for path in files for at in range(len(path)) if path[at] == "/"}
    if both := files & folders:
        raise ValueError(f"'{min(both)}' is a file and a folder; rename one of them")
    return cleaned


@dataclass(frozen=True)
class Layout:
    """Files of an upload in the order in which they are sent: `paths` below `folder`, and the bytes of each."""

    folder: Path
    paths: tuple[str, ...]
    sizes: tuple[int, ...]

    @cached_property
    def filled(self) -> list[Path]:
        """Files that have bytes."""
        return [self.folder / path for path, size in zip(self.paths, self.sizes, strict=True) if size]

    @cached_property
    def ends(self) -> list[int]:
        """Where each of `filled` ends in the row of bytes."""
        return list(accumulate(size for size in self.sizes if size))

    def received(self) -> int:
        """Bytes that are there."""
        whole = bisect_left(range(len(self.ends)), True, key=lambda row: not self._is_whole(row))
        if whole == len(self.ends):
            return self._start(whole)
        return self._start(whole) + _length(self.filled[whole])

    def write(self, offset: int, content: bytes) -> None:
        """Write bytes where they belong. OSError as the file system raises it."""
        row, left = bisect_right(self.ends, offset), memoryview(content)
        while left:
            path, piece = self.filled[row], left[: self.ends[row] - offset]
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("r+b" if path.exists() else "xb") as file:
                file.seek(offset - self._start(row))
                file.write(piece)
            offset, left, row = offset + len(piece), left[len(piece) :], row + 1

    def cut(self, offset: int) -> None:
        """Take away what lies after `offset`."""
        first = bisect_right(self.ends, offset)
        for row, path in enumerate(self.filled[first:], first):
            if not path.exists():
                break
            kept = offset - self._start(row)
            if kept > 0:
                with path.open("r+b") as file:
                    file.truncate(kept)
            else:
                path.unlink()

    def add_empty(self) -> None:
        """Make the files that have no bytes."""
        for path, size in zip(self.paths, self.sizes, strict=True):
            if not size:
                (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / path).touch()

    def _start(self, row: int) -> int:
        return self.ends[row - 1] if row else 0

    def _is_whole(self, row: int) -> bool:
        return _length(self.filled[row]) == self.ends[row] - self._start(row)


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0

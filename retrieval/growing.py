"""Files that only grow: rows of equal size, and lines."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

HALF = np.dtype("<f2")


def size_of(path: Path) -> int:
    """Bytes of a file, 0 where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def read_from(path: Path, start: int = 0) -> bytes:
    """What a file holds from a byte on; nothing where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            return file.read()
    except FileNotFoundError:
        return b""


def cut(path: Path, size: int) -> None:
    """Take off what a kill left half written."""
    if size_of(path) > size:
        os.truncate(path, size)


def mapped(path: Path, dtype: np.dtype, shape: tuple[int, ...]) -> np.ndarray:
    """The whole rows of a file as an array (n, *shape), read when they are looked at."""
    count = size_of(path) // (dtype.itemsize * int(np.prod(shape, dtype=np.int64)))
    return np.memmap(path, dtype, "r", 0, (count, *shape)) if count else np.empty((0, *shape), dtype)


def fill(path: Path, rows: np.ndarray, content: np.ndarray) -> None:
    """Write rows of a file; it grows where they lie behind its end."""
    row = content[:1].nbytes
    starts = np.flatnonzero(np.diff(rows, prepend=rows[0] - 2) != 1)
    with path.open("r+b" if path.exists() else "w+b") as file:
        for first, last in zip(starts, [*starts[1:], len(rows)], strict=True):
            file.seek(int(rows[first]) * row)
            file.write(content[first:last].tobytes())


def read_lines(path: Path, start: int = 0) -> tuple[list[str], int]:
    """The whole lines of a file from a byte on, and the byte behind the last of them."""
    more = read_from(path, start)
    whole = more[: more.rfind(b"\n") + 1]
    return whole.decode("ascii", "replace").splitlines(), start + len(whole)


def append_lines(path: Path, lines: Sequence[str], end: int) -> None:
    """Add ASCII lines behind byte `end`; what a kill left half written there is taken off."""
    if lines:
        cut(path, end)
        with path.open("ab") as file:
            file.write("".join(f"{line}\n" for line in lines).encode("ascii"))

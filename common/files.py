"""Digests of files, and writing that a kill at any moment leaves either old or new."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BLOCK = 1 << 24


def sha256_of(path: Path) -> str:
    """SHA-256 (hex) of a file."""
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            sha.update(block)
    return sha.hexdigest()


def beside(path: Path) -> Path:
    """A name in the same folder that no other process or thread takes, with the same suffix."""
    return path.with_name(f".{path.stem}-{os.getpid()}-{os.urandom(4).hex()}{path.suffix}")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives a path to write to, which takes the place of `path` at the end; an exception leaves `path` as it was."""
    new = beside(path)
    try:
        yield new
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def write_in_one_step(path: Path, content: str | bytes) -> None:
    """Write a file, text as UTF-8, such that a reader sees the old content or the new."""
    with replacing(path) as new:
        new.write_bytes(content.encode() if isinstance(content, str) else content)

"""The images of a folder, and what is passed over."""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from catalog.errors import CatalogError
from catalog.kinds import EMPTY, claims_image, describe, head_of, image_kind
from catalog.text import TABLE_SUFFIXES

NAMED = 10
NOT_UTF8 = "the name is not UTF-8; rename it"
LINK = "a link to a folder, which is not followed"
TAUGHT, READING = "taught", ".safetensors"
"""Folder beside a catalog in which its taught attributes lie, and the end of their names: no images, and ours."""
SYSTEM = "hidden or the system's own"
_SYSTEM_NAMES = frozenset(("__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini", "@eadir"))


@dataclass(frozen=True)
class PassedOver:
    """A file that is not read: its path below the catalog, fit to print, and what it is instead of
    an image.
    """

    name: str
    what: str


@dataclass(frozen=True)
class Found:
    """What `find_images` found: paths below the folder, with forward slashes, sorted."""

    images: tuple[str, ...]
    tables: tuple[str, ...]
    passed: tuple[PassedOver, ...]


@dataclass(frozen=True)
class Fetched:
    """A catalog's folder that was unpacked or downloaded, and the files that were left out of it."""

    folder: Path
    passed: tuple[PassedOver, ...] = ()


def find_images(folder: Path) -> Found:
    """The images and tables below a folder, and every other file with what it is. Links to folders
    are not followed.
    """
    images: list[str] = []
    tables: list[str] = []
    passed: list[PassedOver] = []

    def left(path: Path, what: str, mark: str = "") -> None:
        passed.append(PassedOver(printable(path.relative_to(folder).as_posix()) + mark, what))

    def unopened(error: OSError) -> None:
        left(Path(error.filename), f"cannot be opened ({error.strerror})", "/")

    for place, folders, files in os.walk(folder, onerror=unopened):
        for name in list(folders):
            path = Path(place, name)
            fault = name_fault(name) or (LINK if path.is_symlink() else None)
            if fault:
                folders.remove(name)
                left(path, fault, "/")
        above = Path(place).relative_to(folder).as_posix()
        below = "" if above == "." else f"{above}/"
        for name in files:
            what = why_not(name, partial(_head, place, name))
            if what is None:
                images.append(below + name)
            elif is_table(name):
                tables.append(below + name)
            elif below != f"{TAUGHT}/" or not name.endswith(READING):
                path = Path(place, name)
                left(path, _unread(path) if what == EMPTY else what)
    return Found(tuple(sorted(images)), tuple(sorted(tables)), tuple(sorted(passed, key=lambda file: file.name)))


def _head(place: str, name: str) -> bytes:
    return head_of(Path(place, name))


def _unread(path: Path) -> str:
    """Why no byte of a file was read."""
    if not path.is_file():
        return "a broken link" if path.is_symlink() else "no file"
    return "cannot be opened" if path.stat().st_size else EMPTY


def why_not(name: str, head: Callable[[], bytes]) -> str | None:
    """Why a file is not taken as an image; None when it is taken. head: gives its first bytes.

    Content decides. A file that only claims by its name to be an image is taken too: it is a
    damaged one, and opening it says so.
    """
    if fault := name_fault(name):
        return fault
    if claims_image(name):
        return None
    start = head()
    return None if image_kind(start) else describe(start)


def name_fault(name: str) -> str | None:
    """Why a file or folder is left out by its name: not UTF-8, or not the catalog's but the
    system's that wrote it.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        return NOT_UTF8
    return SYSTEM if name.startswith(".") or name.lower() in _SYSTEM_NAMES else None


def check_path(path: Path) -> None:
    """CatalogError when a path holds bytes that are not UTF-8: nothing that is kept or shown of it
    could name it.
    """
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError as error:
        raise CatalogError(f"the path '{printable(str(path))}' is not UTF-8; rename it") from error


def is_table(name: str) -> bool:
    """Whether a file can be a table of items, by its name."""
    return name_fault(name) is None and PurePosixPath(name).suffix.lower() in TABLE_SUFFIXES | {".xls"}


def passed_note(passed: Sequence[PassedOver]) -> str:
    """One line that counts what was passed over and names it, by what it is; '' where it is
    nothing.
    """
    if not passed:
        return ""
    kinds: dict[str, list[str]] = defaultdict(list)
    for file in passed:
        kinds[file.what].append(file.name)
    groups = [
        f"{what} ({', '.join(names[:NAMED])}{f' and {len(names) - NAMED:,} more' if len(names) > NAMED else ''})"
        for what, names in sorted(kinds.items())
    ]
    count = "1 file is" if len(passed) == 1 else f"{len(passed):,} files are"
    return f"{count} not read: {'; '.join(groups)}"


def printable(name: str) -> str:
    """A file's name for people and JSON: bytes that are not UTF-8, and control characters, as
    escapes.
    """
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in name)


def _escaped(letter: str) -> str:
    """A byte that Python took into a name as a surrogate (PEP 383) becomes that byte again."""
    code = ord(letter)
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else repr(letter)[1:-1]

"""The image that a cell of a table means, among the files of a folder."""

import posixpath
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TypeVar
from urllib.parse import unquote, urlsplit

_ADDRESS = re.compile(r"^([a-z][a-z0-9+.-]+:)?//|^www\.|^data:", re.IGNORECASE)
_DRIVE = re.compile(r"^[A-Za-z]:")
_ADDRESSES = re.compile(r"[\s,;|]+(?=[a-z]+://|//)", re.IGNORECASE)
_BETWEEN = re.compile(r"[;|\n]|,(?=\s)|,")


Key = TypeVar("Key", str, int)


PART = "|"
"""Between the pictures of one item in a cell."""


def in_one_cell(pictures: Iterable[str]) -> str:
    """Paths as one cell of a table, which `Files.find_all` reads again."""
    return PART.join(path.replace("%", "%25").replace(PART, "%7C") if PART in path else path for path in pictures)


@dataclass(frozen=True)
class Place:
    """Where a cell led.

    path: the image below the folder, with forward slashes; None where there is none. how: `exact`,
    `case`, `slashes`, `suffix`, `folder`, `address` or `several` where one was found; `address`,
    `outside` or `missing` where none was.
    """

    path: str | None
    how: str


def is_address(cell: str) -> bool:
    """Whether a cell is a web address (any scheme) and no path."""
    return _ADDRESS.match(cell.strip()) is not None


class Files:
    """The images of a folder, found by what tables write of them.

    Nothing outside the folder is ever given: a path that leads out of it is `outside`.
    """

    def __init__(self, root: Path, images: Iterable[str]) -> None:
        self.root = root
        self.images = frozenset(images)

    def find(self, cell: str, base: str = "") -> Place:
        """The image of a cell. base: folder of the table below the root, where paths start first."""
        usual = f"{base}/{cell}" if base else cell
        if usual in self.images:
            return Place(usual, "exact")
        if is_address(cell) and not cell.lower().startswith("file://"):
            names = (PurePosixPath(unquote(urlsplit(one).path)).name for one in _ADDRESSES.split(cell.strip()))
            return Place(next((path for name in names if (path := self._by_name(name))), None), "address")
        found = self._find(cell, base)
        if found.path is None and (cell.startswith("[") or _BETWEEN.search(cell)):
            for piece in _BETWEEN.split(cell.strip("[]")):
                one = self._find(piece.strip(" \"'"), base)
                if one.path is not None:
                    return Place(one.path, "several")
        return found

    def find_all(self, cell: str, base: str = "") -> tuple[str, ...]:
        """Every image that a cell names, in its order, each once; names that lead to none are passed over."""
        whole = self.find(cell, base)
        if whole.how == "exact" and whole.path:
            return (whole.path,)
        ways = (cell.split(PART), _ADDRESSES.split(cell.strip()), _BETWEEN.split(cell.strip("[]")))
        tried = [[self.find(piece.strip(" \"'"), base).path for piece in way] for way in ways if len(way) > 1]
        found = max(tried, key=lambda paths: (None not in paths, sum(map(bool, paths))), default=[whole.path])
        return tuple(dict.fromkeys(path for path in found if path))

    def _find(self, cell: str, base: str) -> Place:
        slashed = cell.strip().replace("\\", "/")
        bare = re.sub(r"^file://", "", slashed, flags=re.IGNORECASE)
        away = bare != slashed or bare.startswith("/") or _DRIVE.match(bare) is not None
        below = re.sub(r"^/*([A-Za-z]:)?/*", "", bare)
        if not below:
            return Place(None, "missing")
        tidy = [posixpath.normpath(posixpath.join(start, below)) for start in _above(base)]
        inside = [path for path in tidy if path != ".." and not path.startswith("../")]
        for path in inside:
            if path in self.images or (not away and self._is_file(path)):
                return Place(path, "slashes" if away or "\\" in cell else "exact")
        for path in inside:
            if there := self._folded.get(_fold(path)):
                return Place(there, "case")
        for path in inside:
            if there := self._stems.get(_fold(path)) or self._stems.get(_fold(_stem(path))):
                return Place(there, "suffix")
        if "%" in below and (plain := unquote(below)) != below and (decoded := self._find(plain, base).path):
            return Place(decoded, "slashes")
        if inside and (there := self._by_tail(below, base)):
            return Place(there, "folder")
        top = PurePosixPath(below).parts[0]
        return Place(None, "outside" if not inside or (away and top not in self._folders) else "missing")

    def _is_file(self, path: str) -> bool:
        """Files behind links to folders, in hidden folders, or that are no image by their content."""
        try:
            return (self.root / path).is_file()
        except (OSError, ValueError):
            return False

    def _by_tail(self, path: str, base: str) -> str | None:
        """The image that ends as the path does, where the folders before are not of this catalog."""
        parts = PurePosixPath(unquote(path)).parts
        for start in range(1, len(parts)):
            if posixpath.join(base, *parts[:start]) in self._folders:
                return None
            tail = _fold(posixpath.join(*parts[start:]))
            if there := self._folded.get(tail) or self._stems.get(tail) or self._stems.get(_stem(tail)):
                return there
        return self._by_name(parts[-1]) if parts and not base else None

    def _by_name(self, name: str) -> str | None:
        """The one image of this name in any folder, with any suffix; None where there are several."""
        if not name:
            return None
        stem = _fold(_stem(name))
        there = self._names.get(_fold(name)) or self._names.get(stem)
        return there or (self._numbers.get(int(stem)) if stem.isdecimal() and stem.isascii() else None)

    @cached_property
    def _folders(self) -> frozenset[str]:
        """Every folder that holds an image, and the folders above it."""
        places = {posixpath.dirname(path) for path in self.images}
        return frozenset(str(above) for place in places if place for above in _and_above(place))

    @cached_property
    def _folded(self) -> dict[str, str]:
        return _unique((_fold(path), path) for path in self.images)

    @cached_property
    def _stems(self) -> dict[str, str]:
        return _unique((_fold(_stem(path)), path) for path in self.images)

    @cached_property
    def _numbers(self) -> dict[int, str]:
        """Spreadsheets take the zeros off `0108775015`."""
        stems = ((PurePosixPath(path).stem, path) for path in self.images)
        return _unique((int(stem), path) for stem, path in stems if stem.isdecimal() and stem.isascii())

    @cached_property
    def _names(self) -> dict[str, str]:
        names = ((path, PurePosixPath(path).name) for path in self.images)
        keys = ((key, path) for path, name in names for key in {_fold(name), _fold(_stem(name))})
        return _unique(keys)


def _above(base: str) -> list[str]:
    """The folder of a table, then those above it, since paths may start at each of them."""
    parts = PurePosixPath(base).parts
    return ["/".join(parts[:end]) for end in range(len(parts), -1, -1)]


def _and_above(place: str) -> Iterable[PurePosixPath]:
    path = PurePosixPath(place)
    return (path, *list(path.parents)[:-1])


def _fold(path: str) -> str:
    """macOS takes letters apart ("が" is two code points), spreadsheets do not; Windows knows no case."""
    return path.casefold() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _stem(path: str) -> str:
    """The path without its suffix; what follows a dot but is long or has blanks is no suffix."""
    stem, dot, suffix = path.rpartition(".")
    return stem if dot and stem and not stem.endswith("/") and suffix.isalnum() and len(suffix) <= 5 else path


def _unique(pairs: Iterable[tuple[Key, str]]) -> dict[Key, str]:
    pairs = list(pairs)
    counts = Counter(key for key, _ in pairs)
    return {key: path for key, path in pairs if counts[key] == 1}

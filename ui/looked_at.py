"""What is found in the picture of a query: how it is shown, the parts to ask by, and where the network looks. The last ones
are remembered, since a query is changed many times."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from PIL import Image

from library import LARGE, Opened
from retrieval import Part, parts_in
from ui.asked import Picture
from ui.explaining import look
from ui.heat import data_uri
from ui.names import item_label
from ui.query_pictures import query_image
from ui.words import word

_T = TypeVar("_T")

REMEMBERED = 64
"""Pictures of which something is remembered, a few hundred KB at most for each."""
MIDDLE = (0.4, 0.6)
"""Where the middle of a picture begins and ends."""


@dataclass(frozen=True)
class Shown:
    """source: address of a picture, whole and turned, in a format that browsers show. size: its width and height."""

    source: str
    alt: str
    size: tuple[int, int]


@dataclass(frozen=True)
class Named:
    """A part of a picture, numbered from 1, and what a screen reader calls it."""

    box: tuple[float, float, float, float]
    name: str
    number: int


class Remembered(Generic[_T]):
    """The last things that were made, by key. Thread-safe; two that ask for one thing at once may both make it."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._made: OrderedDict[object, _T] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, key: object) -> _T | None:
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
            return self._made.get(key)

    def get(self, key: object, make: Callable[[], _T]) -> _T:
        found = self.known(key)
        if found is not None:
            return found
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return made


_shown: Remembered[tuple[str, tuple[int, int]]] = Remembered()
_parts: Remembered[tuple[Part, ...]] = Remembered()
_crops: Remembered[str] = Remembered(4 * REMEMBERED)


def key_of(opened: Opened, picture: Picture) -> str:
    """Names a picture as it is turned, whatever its box: hex, which tells nothing of where a file lies."""
    name = f"{picture.image} {hashlib.blake2b(picture.content or b'').hexdigest()}"
    if picture.item is not None:
        name = opened.thumbnails.url(opened.catalog.item(picture.item), LARGE)  # changes with its image
    return hashlib.blake2b(f"{opened.id} {name} {picture.turn % 4}".encode(), digest_size=12).hexdigest()


def shown_of(opened: Opened, picture: Picture, lang: str) -> Shown:
    """How a picture is shown, whole and turned; ours, not the visitor's file. CatalogError when it cannot be read."""
    if picture.item is not None and not picture.turn % 4:
        item = opened.catalog.item(picture.item)
        with Image.open(opened.thumbnails.file(item, LARGE)) as file:
            return Shown(opened.thumbnails.url(item, LARGE), item_label(item, lang), file.size)
    if picture.image is not None and not Path(picture.image).is_file():
        _whole(opened, picture)  # raises: what was deleted is not shown from memory
    source, size = _shown.get(key_of(opened, picture), lambda: _drawn(_whole(opened, picture)))
    alt = item_label(opened.catalog.item(picture.item), lang) if picture.item else word("query_alt", lang)
    return Shown(source, alt, size)


def parts_of(opened: Opened, picture: Picture) -> tuple[Part, ...]:
    """The parts of a whole picture that can be asked by. CatalogError when it cannot be read."""
    key = key_of(opened, picture), opened.embedder.digest
    return _parts.get(key, lambda: parts_in(opened.embedder, _whole(opened, picture)))


def known_parts(opened: Opened, picture: Picture) -> tuple[Part, ...]:
    """The same, none while they are not known yet."""
    return _parts.known((key_of(opened, picture), opened.embedder.digest)) or ()


def crop_of(opened: Opened, picture: Picture, attribute: str) -> str | None:
    """The part that the network looks at for an attribute, as a data URI; None where it looks at the picture as a whole.
    The look is the explanation's own, and costs no pass of the network where one of the two was there. CatalogError when
    the picture cannot be read, RetrievalError for an unknown attribute."""
    derivation = opened.embedder.derivation(attribute).digest  # changes with what was taught
    key = key_of(opened, picture), picture.box, opened.embedder.digest, derivation, attribute

    def make() -> str:
        close_up = look(opened.embedder, query_image(opened.catalog, picture), attribute).close_up
        return "" if close_up is None else close_up.picture

    return _crops.get(key, make) or None


def named(parts: Sequence[Part], lang: str) -> list[Named]:
    return [Named(part.box, _name(part, number, lang), number) for number, part in enumerate(parts, 1)]


def _name(part: Part, number: int, lang: str) -> str:
    left, top, right, bottom = part.box
    place = word(f"place_{_place((left + right) / 2, (top + bottom) / 2)}", lang)
    return word("part_figure" if part.figure else "part_piece", lang, number=number, place=place)


def _place(across: float, down: float) -> str:
    """Where a point is: "top_left", "middle" …"""
    rows = ["top"] if down < MIDDLE[0] else ["bottom"] if down > MIDDLE[1] else []
    columns = ["left"] if across < MIDDLE[0] else ["right"] if across > MIDDLE[1] else []
    return "_".join([*rows, *columns]) or "middle"


def _whole(opened: Opened, picture: Picture) -> Image.Image:
    return query_image(opened.catalog, replace(picture, box=None))


def _drawn(image: Image.Image) -> tuple[str, tuple[int, int]]:
    image.thumbnail(LARGE, Image.Resampling.LANCZOS)
    return data_uri(image), image.size

"""Small pictures of catalog items as files, made when first wanted and kept under LAPEL_HOME.

Addresses tell nothing of the server: `thumbnails/<hash of the item's id>-<version>-<width>.webp`, relative to the page.
`ui.rest` serves them. The version changes with the image file, so that browsers may keep what they have.
"""

import hashlib
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from catalog import Catalog, CatalogError, Item
from common.files import replacing

CARD = (256, 320)
LARGE = (640, 800)
FRESH = 5.0
"""Seconds for which an image file is not looked at again."""

SIZES = {size[0]: size for size in (CARD, LARGE)}

_NAME = re.compile(r"([0-9a-f]{24})-([0-9a-f]{10})-(\d{1,4})\.webp")


@dataclass(frozen=True)
class Thumbnails:
    """The thumbnails of one catalog, under `home`/thumbnails/<hash of the catalog's place>."""

    catalog: Catalog
    home: Path
    _items: dict[str, Item] = field(default_factory=dict)
    _stems: dict[str, tuple[str, float]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.home / "thumbnails" / _hash(str(self.catalog.root))[:16]

    def file(self, item: Item, size: tuple[int, int] = CARD) -> Path:
        """WebP of an item that fits into `size`; CatalogError when its image cannot be read."""
        path = self.folder / self._name(item, size)
        if not path.exists():
            self._write(item, size, path)
        return path

    def url(self, item: Item, size: tuple[int, int] = CARD) -> str:
        """Address of a thumbnail, relative to the page; nothing is read or made yet."""
        return f"thumbnails/{self._name(item, size)}"

    def urls(self, items: list[Item]) -> list[str]:
        return [self.url(item) for item in items]

    def find(self, name: str) -> tuple[Path, bool] | None:
        """File for the last part of an address, and whether it may be kept; None for one that `url` never gave.

        A grey card stands in for an image that cannot be read.
        """
        matched = _NAME.fullmatch(name)
        if matched is None or int(matched[3]) not in SIZES:
            return None
        if not self._items:
            self._items.update({_key(item): item for item in self.catalog.items})
        item = self._items.get(matched[1])
        if item is None:
            return None
        size = SIZES[int(matched[3])]
        try:
            path = self.file(item, size)
        except CatalogError:
            return self._blank(size), False
        return path, path.name == name

    def _name(self, item: Item, size: tuple[int, int]) -> str:
        now = time.monotonic()
        stem, until = self._stems.get(item.id, ("", 0.0))
        if now >= until:
            stem = f"{_key(item)}-{self._version(item)}"
            self._stems[item.id] = stem, now + FRESH
        return f"{stem}-{size[0]}.webp"

    def _version(self, item: Item) -> str:
        try:
            about = self.catalog.path(item).stat()
        except OSError:
            return "0" * 10
        times = f"{about.st_mtime_ns} {about.st_ctime_ns}"  # copying tools keep the first, and nobody sets the second
        return _hash(f"{item.image} {about.st_size} {times}")[:10]

    def _write(self, item: Item, size: tuple[int, int], path: Path) -> None:
        picture = self.catalog.open(item)
        picture.thumbnail(size, Image.Resampling.LANCZOS)
        save(picture, path)

    def _blank(self, size: tuple[int, int]) -> Path:
        path = self.folder / f"blank-{size[0]}.webp"
        if not path.exists():
            save(Image.new("RGB", size, (150, 148, 145)), path)
        return path


def save(picture: Image.Image, path: Path) -> None:
    """Write a WebP in one step, so that nobody ever reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as new:
        picture.save(new, "WEBP", quality=84, method=2)


def _key(item: Item) -> str:
    return _hash(item.id)[:24]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

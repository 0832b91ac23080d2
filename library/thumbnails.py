"""Small pictures of catalog items as files, made when first wanted and kept under LAPEL_HOME.

Addresses tell nothing of the server: `thumbnails/<door>/<hash of the item's id>-<version>-<width>.webp`, relative to the
page. `ui.rest` serves them. The version changes with the image file, so that browsers may keep what they have.
"""

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import replace
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


class Thumbnails:
    """The thumbnails of one catalog, under `home`/thumbnails/<hash of the catalog's place>.

    door: what stands for the catalog in addresses; where it is unguessable, so are they.
    """

    def __init__(self, catalog: Callable[[], Catalog], home: Path, door: str) -> None:
        """catalog: gives the catalog as it is now."""
        self._catalog = catalog
        self._home = home
        self.door = door
        self._items: dict[str, tuple[str, int]] = {}
        self._stems: dict[tuple[str, str], tuple[str, float]] = {}
        self._listed: Catalog | None = None

    @property
    def folder(self) -> Path:
        return self._home / "thumbnails" / _hash(str(self._catalog().root))[:16]

    def file(self, item: Item, size: tuple[int, int] = CARD) -> Path:
        """WebP of an item that fits into `size`; CatalogError when its image cannot be read."""
        path = self.folder / self._name(item, size)
        if not path.exists():
            self._write(item, size, path)
        return path

    def url(self, item: Item, size: tuple[int, int] = CARD) -> str:
        """Address of a thumbnail, relative to the page; nothing is read or made yet."""
        return f"thumbnails/{self.door}/{self._name(item, size)}"

    def urls(self, items: list[Item]) -> list[str]:
        return [self.url(item) for item in items]

    def pictures(self, item: Item, size: tuple[int, int] = LARGE) -> list[str]:
        """Addresses of all pictures of an item, the first one first."""
        return [self.url(view, size) for view in _views(item)]

    def picture(self, item: Item, picture: str, size: tuple[int, int] = CARD) -> str:
        """Address of one of an item's pictures; of the first one for a picture that is not its."""
        views = dict(zip(item.pictures, _views(item), strict=True))
        return self.url(views.get(picture, item), size)

    def find(self, name: str) -> tuple[Path, bool] | None:
        """File for the last part of an address, and whether it may be kept; None for one that `url` never gave.

        A grey card stands in for an image that cannot be read.
        """
        matched = _NAME.fullmatch(name)
        if matched is None or int(matched[3]) not in SIZES:
            return None
        item = self._item(matched[1])
        if item is None:
            return None
        size = SIZES[int(matched[3])]
        try:
            path = self.file(item, size)
        except CatalogError:
            return self._blank(size), False
        return path, path.name == name

    def _item(self, key: str) -> Item | None:
        catalog = self._catalog()
        if key not in self._items and self._listed is not catalog:
            views = ((item.id, place, view) for item in catalog.items for place, view in enumerate(_views(item)))
            self._items = {_key(view): (id, place) for id, place, view in views}
            self._listed = catalog
        try:
            id, place = self._items[key]
            return _views(catalog.item(id))[place]
        except (LookupError, CatalogError):
            return None

    def _name(self, item: Item, size: tuple[int, int]) -> str:
        now = time.monotonic()
        stem, until = self._stems.get((item.id, item.image), ("", 0.0))
        if now >= until:
            stem = f"{_key(item)}-{self._version(item)}"
            self._stems[item.id, item.image] = stem, now + FRESH
        return f"{stem}-{size[0]}.webp"

    def _version(self, item: Item) -> str:
        try:
            about = self._catalog().path(item).stat()
        except OSError:
            return "0" * 10
        times = f"{about.st_mtime_ns} {about.st_ctime_ns}"  # copying tools keep the first, and nobody sets the second
        return _hash(f"{item.image} {about.st_size} {times}")[:10]

    def _write(self, item: Item, size: tuple[int, int], path: Path) -> None:
        picture = self._catalog().open(item, 2 * max(size))
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


def _views(item: Item) -> list[Item]:
    """An item once for each of its pictures."""
    return [item, *(replace(item, id=f"{item.id}\n{place}", image=image) for place, image in enumerate(item.more, 1))]


def _key(item: Item) -> str:
    return _hash(item.id)[:24]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

"""Small pictures of catalog items as files, made when first wanted and kept under LAPEL_HOME."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from catalog import Catalog, CatalogError, Item
from common.files import replacing

CARD = (256, 320)
LARGE = (640, 800)


@dataclass(frozen=True)
class Thumbnails:
    """The thumbnails of one catalog, under `home`/thumbnails/<catalog digest>."""

    catalog: Catalog
    home: Path

    @property
    def folder(self) -> Path:
        return self.home / "thumbnails" / self.catalog.digest[:16]

    def file(self, item: Item, size: tuple[int, int] = CARD) -> Path:
        """WebP of an item that fits into `size`; CatalogError when its image cannot be read."""
        name = hashlib.sha256(item.id.encode()).hexdigest()[:24]
        path = self.folder / f"{name}-{size[0]}.webp"
        if not path.exists():
            self._write(item, size, path)
        return path

    def url(self, item: Item, size: tuple[int, int] = CARD) -> str:
        """Address of a thumbnail, relative to the page; a grey card stands in for an image that cannot be read."""
        try:
            path = self.file(item, size)
        except CatalogError:
            path = self._blank(size)
        return "gradio_api/file=" + quote(path.as_posix())

    def urls(self, items: list[Item]) -> list[str]:
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(self.url, items))

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

"""What is done with single items of a catalog: pictures put in the place of others, items put back, twins."""

import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from catalog import Catalog, CatalogError, Item, open_image
from common.files import sha256_of
from library.entries import FILES, Entries, Entry, new_id
from library.errors import LibraryError


def replace_picture(entries: Entries, entry: Entry, id: str, picture: Path) -> Item:
    """Put another picture in the place of an item's first; its labels stay. LibraryError where it cannot be read, or where the
    pictures of the catalog lie in a folder of the host's."""
    if entry.root:
        raise LibraryError(
            f"the pictures of '{entry.name}' lie in a folder of the server; replace the file there and read it again"
        )
    ledger = entries.ledger(entry)
    item = item_of(ledger.catalog, id)
    try:
        open_image(picture)
    except CatalogError as error:
        raise LibraryError(str(error)) from error
    name = f"replaced-{new_id()}/{Path(item.image).stem}{picture.suffix.lower()}"
    target = entries.folder / entry.id / FILES / name
    target.parent.mkdir(parents=True)
    shutil.copyfile(picture, target)
    new = replace(ledger.own(id), image=name)
    ledger.put([new])
    return new


def item_of(catalog: Catalog, id: str) -> Item:
    """LibraryError for an item that is not there."""
    try:
        return catalog.item(id)
    except CatalogError as error:
        raise LibraryError(str(error)) from error


class Twins:
    """Finds items of the same picture, byte for byte. Only files of the same size are read; the size of a file is looked at once,
    so that a twin which comes by writing over a file is not seen."""

    def __init__(self) -> None:
        self._catalog: Catalog | None = None
        self._alike: dict[int, list[Item]] = {}
        self._sizes: dict[Path, int] = {}

    def of(self, catalog: Catalog, item: Item) -> list[Item]:
        """Other items with a picture that this one has too, in catalog order."""
        found: dict[str, Item] = {}
        for picture in item.pictures:
            path = catalog.root / picture
            alike = [other for other in self._of_size(catalog, _size(path)) if other.id != item.id]
            digest = sha256_of(path) if alike and path.is_file() else ""
            for other in alike:
                if any(_same(catalog.root / name, path, digest) for name in other.pictures):
                    found[other.id] = other
        return sorted(found.values(), key=lambda other: catalog.position(other.id))

    def _of_size(self, catalog: Catalog, size: int) -> Sequence[Item]:
        if self._catalog is not catalog:
            alike = defaultdict(list)
            for item in catalog.items:
                for size_of_one in {self._size_of(catalog.root / picture) for picture in item.pictures}:
                    alike[size_of_one].append(item)
            self._catalog, self._alike = catalog, dict(alike)
        return self._alike.get(size, ())

    def _size_of(self, path: Path) -> int:
        if path not in self._sizes:
            self._sizes[path] = _size(path)
        return self._sizes[path]


def _same(path: Path, other: Path, digest: str) -> bool:
    return bool(digest) and _size(path) == _size(other) and sha256_of(path) == digest


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

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
    """Finds items of the same picture, byte for byte. Only files of the same size are read."""

    def __init__(self) -> None:
        self._catalog: Catalog | None = None
        self._sizes: dict[int, list[Item]] = {}

    def of(self, catalog: Catalog, item: Item) -> list[Item]:
        """Other items with a picture that this one has too, in catalog order."""
        found: dict[str, Item] = {}
        for picture in item.pictures:
            size = _size(catalog.root / picture)
            alike = [other for other in self._of_size(catalog, size) if other.id != item.id]
            if size and alike:
                digest = sha256_of(catalog.root / picture)
                for other in alike:
                    if any(_same(catalog.root / name, size, digest) for name in other.pictures):
                        found[other.id] = other
        return sorted(found.values(), key=lambda other: catalog.position(other.id))

    def _of_size(self, catalog: Catalog, size: int) -> Sequence[Item]:
        if self._catalog is not catalog:
            sizes = defaultdict(list)
            for item in catalog.items:
                for picture in item.pictures:
                    sizes[_size(catalog.root / picture)].append(item)
            self._catalog, self._sizes = catalog, dict(sizes)
        return self._sizes.get(size, ())


def _same(path: Path, size: int, digest: str) -> bool:
    return _size(path) == size and sha256_of(path) == digest


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

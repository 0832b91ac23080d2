"""Makes a catalog of what was looked at, or adds it to one that is there."""

import os
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from catalog import Catalog, Item, Look
from library.entries import FILES, Entries, Entry
from library.errors import LibraryError

Progress = Callable[[int, int], object]


def import_look(entries: Entries, look: Look, entry: Entry, home: Path, progress: Progress) -> Entry:
    """A new catalog in the library. Its entry is written last: until then nobody sees it, and what a killed import left is
    written over by the next one.

    Pictures that lie under `home` (unpacked, uploaded, downloaded) get a second name in the library; those of a folder of
    the host's stay where they are.
    """
    catalog, folder = look.catalog, entries.folder / entry.id
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if catalog.root.resolve().is_relative_to(home.resolve()):
        keep(catalog, folder / FILES, "", progress)
    else:
        entry = replace(entry, root=str(catalog.root.resolve()))
    entries.ledger(entry).put(catalog.items, catalog.attributes)
    entries.note(entry, catalog.notes, catalog.left_out)
    entries.save(entry)
    return entry


def add_look(entries: Entries, look: Look, entry: Entry, mark: str, progress: Progress) -> tuple[int, int]:
    """Add the items of a look to a catalog, those with an id that is there in the place of the old ones; gives how many
    were added and how many replaced. mark: a folder name that no other addition has.

    LibraryError where the pictures of the catalog lie in a folder of the host's.
    """
    if entry.root:
        raise LibraryError(
            f"the pictures of '{entry.name}' lie in a folder of the server; put the new ones there and read it again"
        )
    catalog, ledger = look.catalog, entries.ledger(entry)
    known = {item.id for item in ledger.catalog.items}
    keep(catalog, entries.folder / entry.id / FILES / mark, "", progress)
    items = [_moved(item, mark) for item in as_there(catalog, ledger.catalog)]
    ledger.put(items)
    replaced = sum(item.id in known for item in items)
    return len(items) - replaced, replaced


def as_there(new: Catalog, there: Catalog) -> list[Item]:
    """The items of a catalog with attributes and values spelled as in another, where they differ in case, blanks or width alone."""
    spelled: dict[str, dict[str, str]] = {}
    for attribute in there.attributes:
        own = spelled[attribute.name] = {}
        for value in attribute.values:
            own.setdefault(_folded(value), value)

    def value_of(name: str, value: str) -> str:
        known = next((one.values for one in there.attributes if one.name == name), ())
        return value if value in known else spelled.get(name, {}).get(_folded(value), value)

    items = new.respelled(spelled).items
    return [
        replace(item, labels={name: value_of(name, value) for name, value in item.labels.items()}) for item in items
    ]


def _folded(value: str) -> str:
    return "".join(unicodedata.normalize("NFKC", value).casefold().split())


def keep(catalog: Catalog, folder: Path, prefix: str, progress: Progress) -> None:
    """Give the pictures of a catalog a second name under a folder, or copies where the disk has no links."""
    files = list(dict.fromkeys(_files(catalog.root, catalog.items)))
    for done, file in enumerate(files):
        _link(catalog.root / file, folder / prefix / file)
        if done % 256 == 0:
            progress(done, len(files))
    progress(len(files), len(files))


def _files(root: Path, items: Iterable[Item]) -> Sequence[str]:
    pictures = [picture for item in items for picture in item.pictures if (root / picture).is_file()]
    masks = [mask for item in items if (mask := item.columns.get("mask", "")) and (root / mask).is_file()]
    return [*pictures, *masks]


def _moved(item: Item, mark: str) -> Item:
    mask = item.columns.get("mask")
    columns = {**item.columns, "mask": f"{mark}/{mask}"} if mask else item.columns
    return replace(
        item, image=f"{mark}/{item.image}", more=tuple(f"{mark}/{one}" for one in item.more), columns=columns
    )


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)

"""What a catalog takes on the disk, and removing what nothing uses."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from catalog import Catalog
from library.entries import FILES, Entries, Entry
from retrieval import prune_store, size_below, store_usage, taught_folders

LIBRARY_ID = 24
"""Letters of an id that the library has made."""


@dataclass(frozen=True)
class Disk:
    """Bytes by part. pictures: 0 where they lie in a folder of the host's. records: items, labels, notes and reports."""

    pictures: int
    vectors: int
    indexes: int
    thumbnails: int
    records: int

    @property
    def total(self) -> int:
        return self.pictures + self.vectors + self.indexes + self.thumbnails + self.records


def disk_of(entries: Entries, entry: Entry, thumbnails: Path, home: Path) -> Disk:
    """thumbnails: the folder of the catalog's small pictures."""
    folder = entries.folder / entry.id
    pictures, used = size_below(folder / FILES), store_usage(home, entry.id)
    return Disk(pictures, used.vectors, used.indexes, size_below(thumbnails), size_below(folder) - pictures)


def prune(entries: Entries, home: Path, thumbnails: Iterable[Path]) -> int:
    """Remove vectors, small pictures and kept files that no catalog uses, deleted ones that can be had back counted as used;
    gives the bytes. thumbnails: the folders of all catalogs' small pictures."""
    catalogs = {entry.id: entries.ledger(entry).catalog for entry in entries}
    freed = prune_store(home, catalogs, lambda key: len(key) == LIBRARY_ID and key not in catalogs)
    kept = {path.name for path in thumbnails}
    for folder in (home / "thumbnails").glob("*"):
        if folder.is_dir() and folder.name not in kept:
            freed += size_below(folder)
            shutil.rmtree(folder, ignore_errors=True)
    return freed + sum(_prune_files(entries.folder / entry.id / FILES, catalogs[entry.id]) for entry in entries)


def erase_traces(entries: Entries, entry: Entry, home: Path, thumbnails: Path) -> None:
    """Remove a catalog for good with all that `home` has of it: pictures, items, labels, reports, small pictures, taught
    attributes, indexes, and vectors of pictures that no other catalog has.

    What another catalog on the same folder uses stays, and so does a folder of the host's. thumbnails: the folder of its
    small pictures.
    """
    shared = any(entries.root(one) == entries.root(entry) for one in entries if one.id != entry.id)
    folders = taught_folders(Catalog(entries.root(entry), entry.name, (), ()), home)
    entries.erase(entry.id)
    if not shared:
        for folder in (thumbnails, folders[-1]):
            shutil.rmtree(folder, ignore_errors=True)
    prune_store(home, {}, lambda key: key == entry.id)


def _prune_files(folder: Path, catalog: Catalog) -> int:
    """Remove pictures of a catalog that none of its items names."""
    named = {picture for item in catalog for picture in item.pictures}
    named |= {item.columns["mask"] for item in catalog if item.columns.get("mask")}
    freed = 0
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in named:
            freed += path.stat().st_size
            path.unlink(missing_ok=True)
    return freed

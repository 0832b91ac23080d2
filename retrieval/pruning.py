"""Gives disk space back: of removed pictures, of catalogs that are gone, of vectors that no catalog uses."""

import shutil
from pathlib import Path

from retrieval.slots import Slots
from retrieval.store import Store


def prune_store(home: str | Path) -> int:
    """Remove raw vectors of images that no catalog has, removed pictures of catalogs included until these are pruned themselves
    (`SearchEngine.prune`). Safe beside a running app. Returns how many images went; OSError where nothing can be written."""
    gone = 0
    for folder in _stores(home):
        store = Store(folder, _no_width)
        with store.locked():
            wanted: set[str] = set()
            for catalog in sorted((folder / "catalogs").glob("*")):
                wanted.update(Slots(catalog, store.locked).images)
            gone += store.prune(wanted)
    return gone


def forget_catalog(home: str | Path, key: str) -> None:
    """Remove what is kept of a catalog, by its key, under whatever weights: slots, derived vectors and indexes. Raw vectors stay
    until `prune_store`, since another catalog may have the same images. No engine may have the catalog open."""
    for folder in _stores(home):
        shutil.rmtree(folder / "catalogs" / key, ignore_errors=True)


def catalog_bytes(home: str | Path, key: str) -> int:
    """Disk space that is of a catalog alone: slots, derived vectors and indexes, under all weights."""
    return sum(
        path.stat().st_size
        for folder in _stores(home)
        for path in (folder / "catalogs" / key).rglob("*")
        if path.is_file()
    )


def store_bytes(home: str | Path) -> int:
    """Disk space of the raw vectors of all catalogs, under all weights."""
    return sum(
        path.stat().st_size
        for folder in _stores(home)
        for path in folder.rglob("*")
        if path.is_file() and "catalogs" not in path.relative_to(folder).parts
    )


def _stores(home: str | Path) -> list[Path]:
    return sorted(path for path in (Path(home) / "store").glob("*") if path.is_dir())


def _no_width(column: object) -> int:
    raise ValueError("a store that is pruned is not read")

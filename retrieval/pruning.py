"""What catalogs take of the store on disk, and taking out of it what none of them uses."""

import json
import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from catalog import Catalog
from retrieval.growing import read_lines, size_of
from retrieval.slots import MISSING, Digests
from retrieval.store import IMAGE, Store


@dataclass(frozen=True)
class Usage:
    """Bytes. vectors: of raw ones, a share of those that catalogs have in common; indexes: what is derived, with its indexes."""

    vectors: int = 0
    indexes: int = 0


def store_usage(home: Path, key: str) -> Usage:
    """What the catalog under a key takes, by all weights that it was embedded with."""
    vectors = indexes = 0
    for folder in _stores(home):
        own = folder / "catalogs" / key
        if own.is_dir():
            indexes += size_below(own)
            vectors += _share(folder, _images(own))
    return Usage(vectors, indexes)


def prune_store(home: Path, catalogs: Mapping[str, Catalog], gone: Callable[[str], bool]) -> int:
    """Leave in the store what catalogs use as they are now, by key, and what is under other keys unless it is `gone`; gives the
    bytes that went. What an open engine has mapped stays readable for it."""
    before = size_below(home / "store")
    for folder in _stores(home):
        wanted: set[str] = set()
        for own in sorted((folder / "catalogs").glob("*")):
            if own.name in catalogs:
                wanted |= _used(folder, own, catalogs[own.name])
            elif gone(own.name):
                shutil.rmtree(own, ignore_errors=True)
            else:
                wanted |= _images(own)
        Store(folder, lambda column: 0).prune(wanted)
    return max(0, before - size_below(home / "store"))


def size_below(folder: Path) -> int:
    """Bytes of all files below a folder; those that go away meanwhile do not count."""
    return sum(size_of(path) for path in folder.rglob("*") if path.is_file())


def _stores(home: Path) -> list[Path]:
    return sorted(path.parent for path in (home / "store").glob("*/catalogs") if path.is_dir())


def _used(folder: Path, own: Path, catalog: Catalog) -> set[str]:
    """Digests of the pictures that a catalog names now."""
    digests = Digests(own / "files.jsonl", Store(folder, lambda column: 0).locked)
    pictures = [picture for item in catalog for picture in item.pictures]
    return set(digests.of(catalog.root, pictures)) - {MISSING}


def _images(own: Path) -> set[str]:
    """Digests of all pictures that a catalog has had."""
    lines, _ = read_lines(own / "slots.jsonl")
    return {image for line in lines[1:] if (image := _image(line))}


def _image(line: str) -> str:
    try:
        return str(json.loads(line)[1])
    except (ValueError, LookupError, TypeError):
        return ""


def _share(folder: Path, images: Collection[str]) -> int:
    """Bytes of the vectors of some images."""
    try:
        generation = folder / ((folder / "generation").read_text("ascii").strip() or "0")
    except OSError:
        generation = folder / "0"
    names = (generation / "images").read_bytes() if (generation / "images").exists() else b""
    there = [names[start : start + IMAGE].hex() for start in range(0, len(names) // IMAGE * IMAGE, IMAGE)]
    own = sum(name in images for name in there)
    return size_below(generation) * own // len(there) if there else 0

"""Taught attributes of a catalog: the files that they are kept in, and which of them an embedder can use."""

import contextlib
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from catalog import READING, TAUGHT, Catalog
from model import GENERAL, Derivation, ModelError, Reading, WeightsError, derivation, load_reading
from retrieval.embedder import Embedder

WEIGHTS = "weights"
"""Entry of a reading's record: the digest of the embeddings that it reads."""


def taught_folders(catalog: Catalog, home: Path) -> list[Path]:
    """Where the taught attributes of a catalog are kept, the best place first: beside the catalog, or in `home`, which
    serves catalogs that cannot be written to and those that are unpacked or downloaded to `home`."""
    root, home = catalog.root.resolve(), Path(home).resolve()
    kept = home / TAUGHT / hashlib.sha256(str(root).encode()).hexdigest()[:16]
    return [kept] if root.is_relative_to(home) else [root / TAUGHT, kept]


def save_taught(reading: Reading, catalog: Catalog, home: Path) -> Path:
    """Keep a taught attribute in the first of `taught_folders` that can be written; OSError where none can."""
    folders = taught_folders(catalog, home)
    for folder in folders:
        path = folder / file_name(reading.name)
        try:
            reading.save(path)
            break
        except OSError:
            if folder == folders[-1]:
                raise
    for other in folders:
        if other != folder:
            with contextlib.suppress(OSError):
                (other / file_name(reading.name)).unlink()
    return path


def file_name(attribute: str) -> str:
    """A file name for an attribute; those that only differ in what a file name cannot hold get different ones."""
    safe = _safe(attribute)
    mark = "" if safe == attribute else f"-{hashlib.sha256(attribute.encode()).hexdigest()[:8]}"
    return f"{safe}{mark}{READING}"


def with_taught(embedder: Embedder, catalog: Catalog, home: Path, say: Callable[[str], None]) -> Embedder:
    """The embedder with all taught attributes of a catalog; one that does not fit is said in a line and left out."""
    found: dict[str, Reading] = {}
    for path in _files(catalog, home):
        reading = _opened(path, embedder, say)
        if reading is not None:
            found.setdefault(reading.name, reading)
    return embedder.with_readings(found.values()) if found else embedder


def _opened(path: Path, embedder: Embedder, say: Callable[[str], None]) -> Reading | None:
    try:
        reading = load_reading(path, lambda name: _own(embedder, name))
        _check_fits(reading, embedder)
        return reading
    except ModelError as error:
        say(f"left out a taught attribute: {error}")
        return None


def _check_fits(reading: Reading, embedder: Embedder) -> None:
    """ModelError where a reading was taught with other weights than the embedder's."""
    config = embedder.model.config
    general = config.general_trunk is not None
    known = [general if column.view == GENERAL else column.attribute in config.attributes for column in reading.parts]
    widths = all(
        len(centre) == embedder.width(column)
        for column, centre, is_known in zip(reading.parts, reading.centres, known, strict=True)
        if is_known
    )
    if not all(known) or not widths or reading.record.get(WEIGHTS) != embedder.digest:
        raise ModelError(f"'{reading.name}' was taught with other weights; teach it again with these")


def _own(embedder: Embedder, name: str) -> Derivation:
    try:
        return derivation(embedder.model, name)
    except WeightsError as error:
        raise ModelError(f"'{name}' was taught on top of an attribute that these weights do not know") from error


def _files(catalog: Catalog, home: Path) -> Iterator[Path]:
    for folder in reversed(taught_folders(catalog, home)):  # what is at home could not be written beside
        yield from sorted(folder.glob(f"*{READING}"))


def _safe(name: str) -> str:
    return re.sub(r"[^\w.-]+", "_", name).lstrip(".")[:80] or "_"

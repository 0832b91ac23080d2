"""Opens a search engine on a catalog: from a kept table, a shipped one, or by embedding."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from catalog import Catalog
from model import RPF
from retrieval.build import Progress, build_table
from retrieval.embedder import Embedder
from retrieval.engine import SearchEngine, Tuning, table_folder
from retrieval.errors import RetrievalError
from retrieval.table import MANIFEST, EmbeddingTable

_log = logging.getLogger("lapel.retrieval")


def open_engine(
    catalog: Catalog,
    model: RPF | Embedder,
    home: str | Path,
    attributes: Sequence[str] | None = None,
    device: str = "auto",
    progress: Progress | None = None,
    shipped: Sequence[str | Path] = (),
    tuning: Tuning | None = None,
) -> SearchEngine:
    """A search engine with a table of at least `attributes`, embedding only what no table at hand holds.

    attributes: None means those that the catalog is labelled with and the weights know, or all that the weights know
    when there are none. home: caches, written by this installation. shipped: table folders to use as they are if they
    are made from this catalog and these weights. progress: see `build.Progress`; not called when nothing has to be
    embedded. RetrievalError for an unknown attribute or device, an empty catalog, or a home that cannot be written.
    """
    embedder = model if isinstance(model, Embedder) else Embedder(model, device)
    wanted = list(dict.fromkeys(default_attributes(catalog, embedder) if attributes is None else attributes))
    embedder.check(wanted)
    home = Path(home)
    folder = table_folder(home, catalog, embedder)
    kept = _open(folder, embedder, catalog)
    table = next((t for t in (kept, *_opened(shipped, embedder, catalog)) if t and _holds(t, wanted)), None)
    if table is None:
        names = list(dict.fromkeys([*(kept.attributes if kept else []), *wanted]))
        sources = [kept] if kept else []
        sources += [t for t in _opened([*shipped, *_siblings(folder)], embedder, None) if t]
        table = build_table(catalog, embedder, folder, names, progress, sources)
    return SearchEngine(catalog, table, embedder, home, tuning)


def default_attributes(catalog: Catalog, embedder: Embedder) -> list[str]:
    """Attributes that the catalog is labelled with and the weights know; all that they know when there are none."""
    labelled = {attribute.name for attribute in catalog.attributes}
    return [name for name in embedder.attributes if name in labelled] or embedder.attributes


def _holds(table: EmbeddingTable, attributes: Sequence[str]) -> bool:
    return set(attributes) <= set(table.attributes)


def _opened(
    folders: Sequence[str | Path], embedder: Embedder, catalog: Catalog | None
) -> Iterator[EmbeddingTable | None]:
    return (_open(Path(folder), embedder, catalog) for folder in folders)


def _open(folder: Path, embedder: Embedder, catalog: Catalog | None) -> EmbeddingTable | None:
    """The table of a folder, or None when it is not there, of something else, or damaged (which is logged)."""
    if not (folder / MANIFEST).exists():
        return None
    try:
        return EmbeddingTable.open(folder, embedder.digest, catalog.digest if catalog else None)
    except RetrievalError as error:
        _log.warning("%s", error)
        return None


def _siblings(folder: Path) -> list[Path]:
    """Other tables of the same weights: changed catalogs share most of their images."""
    return sorted(other for other in folder.parent.glob(f"{folder.name.split('-')[0]}-*") if other != folder)

"""Opens a search engine on a catalog: from a kept table, a shipped one, or by embedding."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from catalog import Catalog
from common.assets import DEMO_CATALOG, DEMO_TABLE
from common.names import find_name
from model import Column
from retrieval.build import Progress, build_table
from retrieval.engine import SearchEngine, Tuning, table_folder
from retrieval.errors import RetrievalError
from retrieval.interfaces import Embeds, columns_of
from retrieval.table import MANIFEST, EmbeddingTable, changed_images

_log = logging.getLogger("lapel.retrieval")


@dataclass(frozen=True)
class EngineOptions:
    """shipped: table folders to use as they are where they are made from the same catalog and weights, and
    to copy from where only images are the same. tuning: when a search is a scan. columns: raw ones that the table has to
    have beside those of its attributes."""

    shipped: Sequence[str | Path] = ()
    columns: Sequence[Column] = ()
    tuning: Tuning = field(default_factory=Tuning)


DEFAULTS = EngineOptions()


def open_engine(
    catalog: Catalog,
    embedder: Embeds,
    home: str | Path,
    attributes: Sequence[str] | None = None,
    progress: Progress | None = None,
    options: EngineOptions = DEFAULTS,
) -> SearchEngine:
    """A search engine with a table of at least `attributes`, embedding only what no table at hand holds.

    attributes: None means those that the catalog is labelled with and the weights know, or all that the
    weights know when there are none. home: caches, written by this installation. progress: see
    `build.Progress`; not called when nothing has to be embedded. Attributes are spelled as the weights
    spell them, in the engine's catalog too. RetrievalError for an unknown attribute, an empty catalog, or
    a home that cannot be written.
    """
    catalog = catalog.respelled(embedder.attributes)
    wanted = default_attributes(catalog, embedder) if attributes is None else spelled(attributes, embedder)
    home, shipped = Path(home), [Path(place) for place in options.shipped]
    folder = table_folder(home, catalog, embedder)
    table, kept = None, list[Column]()
    for place, found in _tables([folder, *shipped], embedder):
        if place == folder:
            kept = list(found.places)
            there = [name for name in embedder.attributes if found.has(columns_of(embedder, [name]))]
            wanted = list(dict.fromkeys([*there, *wanted]))
        if found.has([*columns_of(embedder, wanted), *options.columns]) and _current(place, found, catalog):
            table = found
            break
    if table is None:
        sources = [found for _, found in _tables([folder, *shipped, *_siblings(folder)], embedder)]
        columns = [*kept, *options.columns]
        table = build_table(catalog, embedder, folder, wanted, progress, sources, columns)
    return SearchEngine(catalog, table, embedder, home, options.tuning)


def shipped_tables(catalog: str | Path) -> list[Path]:
    """The embedding table that travels with the drawn demo catalog, when that is the one given."""
    return [DEMO_TABLE] if Path(catalog).resolve() == DEMO_CATALOG else []


def spelled(attributes: Iterable[str], embedder: Embeds) -> list[str]:
    """Attributes as the weights spell them, each once; RetrievalError, naming the known ones, for an unknown one."""
    known = embedder.attributes
    try:
        found = [find_name(asked, known) or asked for asked in attributes]
    except ValueError as error:
        raise RetrievalError(f"the attribute {error}") from error
    embedder.check(found)
    return list(dict.fromkeys(found))


def default_attributes(catalog: Catalog, embedder: Embeds) -> list[str]:
    """Attributes that the catalog is labelled with and the weights know; all that they know when there are none."""
    labelled = {attribute.name for attribute in catalog.respelled(embedder.attributes).attributes}
    return [name for name in embedder.attributes if name in labelled] or embedder.attributes


def _tables(folders: Sequence[Path], embedder: Embeds) -> Iterator[tuple[Path, EmbeddingTable]]:
    """The sound tables of these weights among some folders; damage is logged."""
    for folder in folders:
        if (folder / MANIFEST).exists():
            try:
                yield folder, EmbeddingTable.open(folder, embedder.digest)
            except RetrievalError as error:
                _log.warning("%s", error)


def _current(folder: Path, table: EmbeddingTable, catalog: Catalog) -> bool:
    """Whether a table is of this catalog, with the images as they are now."""
    if table.manifest.catalog != catalog.digest or len(table) != len(catalog):
        return False
    changed = changed_images(catalog, folder, table.manifest)
    if changed:
        _log.warning("%d images changed since %s was built, the first of item '%s'", len(changed), folder, changed[0])
    return not changed


def _siblings(folder: Path) -> list[Path]:
    """Other tables of the same weights: changed catalogs share most of their images."""
    return sorted(other for other in folder.parent.glob(f"{folder.name.split('-')[0]}-*") if other != folder)

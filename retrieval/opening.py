"""Opens a search engine on a catalog: what the store or a shipped table holds is there, the rest is embedded."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from catalog import Catalog
from common.assets import DEMO_CATALOG, DEMO_TABLE
from common.names import find_name
from model import Column
from retrieval.engine import SearchEngine
from retrieval.errors import RetrievalError
from retrieval.holding import Holding, key_of
from retrieval.interfaces import Embeds, columns_of
from retrieval.keeper import Progress
from retrieval.plan import Executor
from retrieval.ranking import Tuning
from retrieval.table import MANIFEST, EmbeddingTable

_log = logging.getLogger("lapel.retrieval")


@dataclass(frozen=True)
class EngineOptions:
    """shipped: table folders to copy from wherever weights and images are the same. columns: raw ones that the catalog is
    embedded for beside those of its attributes. tuning: when a search is a scan. key: a file name that the slots of the
    catalog are kept under, the same whatever changes in it; None: made from its folder (`key_of`). pending: open at
    once on what is embedded already; the rest is for `SearchEngine.embed`. executor: who embeds; None: this process."""

    shipped: Sequence[str | Path] = ()
    columns: Sequence[Column] = ()
    tuning: Tuning = field(default_factory=Tuning)
    key: str | None = None
    pending: bool = False
    executor: Executor | None = None


DEFAULTS = EngineOptions()


def open_engine(
    catalog: Catalog,
    embedder: Embeds,
    home: str | Path,
    attributes: Sequence[str] | None = None,
    progress: Progress | None = None,
    options: EngineOptions = DEFAULTS,
) -> SearchEngine:
    """A search engine on a catalog that is embedded for `attributes` at least, embedding only what nothing at hand holds.

    attributes: None means those that the catalog is labelled with and the weights know, or all that the
    weights know when there are none. home: caches, written by this installation. progress: see
    `keeper.Progress`; not called when nothing has to be embedded. Attributes are spelled as the weights
    spell them, in the engine's catalog too. RetrievalError for an unknown attribute, a home that cannot be
    written, and, unless what is missing may be `pending`, an empty catalog or one of which no image can be read.
    """
    catalog = catalog.respelled(embedder.attributes)
    wanted = default_attributes(catalog, embedder) if attributes is None else spelled(attributes, embedder)
    columns = [*columns_of(embedder, wanted), *options.columns]
    if not columns or not (len(catalog) or options.pending):
        raise RetrievalError("nothing to embed: the catalog has no items, or no attribute is wanted")
    home = Path(home)
    try:
        holding = Holding(home, embedder, options.key or key_of(catalog))
        holding.keep(columns)
        engine = SearchEngine(catalog, holding, embedder, options.tuning, options.executor)
    except OSError as error:
        raise RetrievalError(f"cannot write the embeddings in {home}: {error}") from error
    before = sorted((home / "tables").glob(f"{embedder.digest[:12]}-*"))  # of versions without a store
    engine.take(_tables([*map(Path, options.shipped), *before]))
    if not options.pending:
        engine.embed(progress)
        if not engine.readable.any():
            raise RetrievalError(_nothing_readable(list(engine.unreadable.values())))
    return engine


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


def _tables(folders: Iterable[Path]) -> Iterator[EmbeddingTable]:
    """The sound tables among some folders; damage is logged."""
    for folder in folders:
        if (folder / MANIFEST).exists():
            try:
                yield EmbeddingTable.open(folder)
            except RetrievalError as error:
                _log.warning("%s", error)


def _nothing_readable(reasons: list[str], named: int = 3) -> str:
    more = f"; and {len(reasons) - named:,} more" if len(reasons) > named else ""
    return f"no image of the catalog can be read: {'; '.join(reasons[:named])}{more}"

"""Writes the embeddings of a catalog as a table that can be shipped with it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model import Column
from retrieval.engine import SearchEngine
from retrieval.errors import RetrievalError
from retrieval.interfaces import columns_of, slices
from retrieval.slots import MISSING
from retrieval.table import EmbeddingTable, Manifest, write_table


def export_table(
    engine: SearchEngine, folder: str | Path, attributes: Sequence[str] | None = None, columns: Sequence[Column] = ()
) -> EmbeddingTable:
    """Write the raw vectors of attributes (None: all that are there), and raw columns beside, one row an item; open the result.

    Of an item with several pictures its first readable one is written. RetrievalError when the folder cannot be written, or
    pictures are still to be embedded.
    """
    view, embedder = engine._view, engine.embedder
    if engine.pending:
        raise RetrievalError(f"{engine.pending} pictures are not embedded yet; embed them first")
    wanted = list(
        dict.fromkeys([*columns_of(embedder, view.attributes if attributes is None else attributes), *columns])
    )
    widths = {column: embedder.width(column) for column in wanted}
    vectors = np.zeros((len(view.catalog), sum(widths.values())), np.float16)
    for column, place in slices(wanted, widths).items():
        vectors[:, place] = view.pictures.column(column)
    first = view.pictures.first.tolist()
    manifest = Manifest(
        weights=embedder.digest,
        catalog=view.catalog.digest,
        columns=[(*column, width) for column, width in widths.items()],
        ids=[item.id for item in view.catalog],
        images=[view.layout.images[slot] if slot >= 0 else MISSING for slot in first],
        file="",
        sha256="",
        unreadable=dict(view.unreadable),
    )
    write_table(folder, vectors, manifest)
    return EmbeddingTable.open(folder)

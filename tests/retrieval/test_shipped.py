"""The embedding table that travels with the demo catalog."""

from pathlib import Path

import pytest

from catalog import load_catalog
from common.assets import DEMO_CATALOG, EMBEDDED_WEIGHTS
from model import load
from retrieval import Embedder, EngineOptions, default_attributes, open_engine, shipped_tables, slices


def test_the_demo_is_searched_without_embedding_it(tmp_path: Path) -> None:
    catalog, embedder = load_catalog(DEMO_CATALOG), Embedder(load(EMBEDDED_WEIGHTS), "cpu")
    engine = open_engine(
        catalog,
        embedder,
        tmp_path,
        default_attributes(catalog, embedder),
        progress=lambda done, total: pytest.fail("the shipped table is stale; build it again"),
        options=EngineOptions(shipped_tables(DEMO_CATALOG)),
    )
    assert len(engine.table) == len(catalog)
    assert engine.table.readable.all()
    rows = range(0, len(catalog), len(catalog) // 5)
    columns = list(engine.table.columns)
    embedded = embedder.embed([catalog.open(catalog.items[row]) for row in rows], columns)
    for column, place in slices(columns, {column: embedder.width(column) for column in columns}).items():
        kept = engine.table.column(column)[list(rows)]
        cosines = (embedded[:, place].astype(float) * kept.astype(float)).sum(-1)
        assert cosines.min() > 0.998  # of unit vectors in float16

"""Teach an attribute of a catalog: which labels and which raw columns, where it is kept, and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from catalog import Catalog
from common.names import find_name
from model import GENERAL, REGION, WHOLE, Column, Reading, derivation
from retrieval import (
    WEIGHTS,
    Embedder,
    EngineOptions,
    Progress,
    SearchEngine,
    open_engine,
    save_taught,
    shipped_tables,
)
from training.adapt.lesson import draw
from training.adapt.teach import teach
from training.errors import TrainingError


@dataclass(frozen=True)
class Asked:
    """What a reading is taught from."""

    labels_per_value: int | None = None
    """Labels of each value, at most, drawn by seed; default: all."""
    general_only: bool = False
    """Embed the general view alone; of the bank of all attributes' views what is there is read."""
    seed: int = 0
    """Seed of which labels are drawn, and left out together."""


def bank(embedder: Embedder) -> list[Column]:
    """The raw columns that an attribute is read from: the general view, then the whole square and the region of every attribute
    of the weights. TrainingError for weights without a general view."""
    config = embedder.model.config
    if config.general_trunk is None:
        raise TrainingError("these weights have no general view, which teaching needs; take others")
    views = [WHOLE, REGION] if config.patch_trunk is not None else [REGION]
    return [Column("", GENERAL), *(Column(name, view) for view in views for name in config.attributes)]


def build_bank(engine: SearchEngine, embedder: Embedder, progress: Progress | None = None) -> float:
    """Embed what the bank of an engine's catalog lacks; searches go on meanwhile. Returns the seconds that it took."""
    began = perf_counter()
    engine.ensure([], progress, bank(embedder))
    return perf_counter() - began


def teach_attribute(
    engine: SearchEngine,
    embedder: Embedder,
    name: str,
    labels_per_value: int | None = None,
    *,
    labels: np.ndarray | None = None,
    seed: int = 0,
) -> Reading:
    """An attribute of the engine's catalog, read from as much of the bank as is there; takes seconds, no network.

    labels: int64 (items,), places in the attribute's values, -1 for unlabelled; None: the catalog's own.
    Items of the `test` split teach nothing, so that it can be measured on them, unless no others have
    labels. labels_per_value: the most labels of a value, drawn by seed; None: all. CatalogError for an
    unknown attribute; TrainingError for too few labels, and where the general view is not there. `teach`
    says what is in the record. To search by it: an engine on the same table with
    `embedder.with_readings([reading])`; a later start finds what `save_taught` kept.
    """
    catalog, table = engine.catalog, engine.table
    values = catalog.attribute(name).values
    given = learnt_from(catalog, catalog.labels(name) if labels is None else labels, labels_per_value, seed)
    raw = {column: table.column(column) for column in bank(embedder) if table.has([column])}
    own = derivation(embedder.model, name) if name in embedder.model.config.attributes else None
    if own is not None and table.has(own.needs):
        raw |= {column: table.column(column) for column in own.needs}
    reading = teach(name, given, values, raw, own, seed)
    said: dict[str, Any] = {"catalog": catalog.name, WEIGHTS: embedder.digest, "bank": len(raw) - 1}
    if (given[_of_test(catalog)] >= 0).any():
        said["warnings"] = [
            *reading.record["warnings"],
            "only the test split has labels; do not measure on these items",
        ]
    return replace(reading, record={**reading.record, **said})


def teach_catalog(
    catalog: Catalog,
    embedder: Embedder,
    name: str,
    home: Path,
    asked: Asked = Asked(),
    out: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Reading, Path]:
    """Teach from a catalog's own column: embed what no table at hand holds of the bank, teach, keep the file.

    Returns the reading, with the seconds that the bank took in its record, and where it is kept: `out`,
    or the place that `with_taught` looks at. Errors as for `teach_attribute`; TrainingError where no file
    can be written.
    """
    try:
        name = find_name(name, [attribute.name for attribute in catalog.attributes]) or name
    except ValueError as error:
        raise TrainingError(f"the attribute {error}") from error
    learnt_from(catalog, catalog.labels(name), asked.labels_per_value, asked.seed)  # before an hour of embedding
    columns = bank(embedder)
    began = perf_counter()
    options = EngineOptions(shipped_tables(catalog.root), columns=columns[:1] if asked.general_only else columns)
    engine = open_engine(catalog, embedder, home, [], progress, options)
    took = round(perf_counter() - began, 2)
    reading = teach_attribute(engine, embedder, name, asked.labels_per_value, seed=asked.seed)
    engine.close()
    reading = replace(reading, record={**reading.record, "bank_seconds": took})
    try:
        if out is None:
            out = save_taught(reading, catalog, home)
        else:
            reading.save(out)
    except OSError as error:
        raise TrainingError(f"the taught attribute cannot be kept ({error}); name a file with --out") from error
    return reading, out


def learnt_from(catalog: Catalog, labels: np.ndarray, most: int | None, seed: int) -> np.ndarray:
    """Labels without those of the `test` split, at most so many a value: int64 (items,), -1 for the others. Where no
    other split has labels, those of `test`."""
    if most is not None and most < 2:
        raise TrainingError(f"--labels-per-value {most} is too little to learn from; give at least 2")
    rows = np.flatnonzero((labels >= 0) & ~_of_test(catalog))
    rows = rows if len(rows) else np.flatnonzero(labels >= 0)
    rows = rows if most is None else draw(labels, rows, most, seed)
    given = np.full(len(labels), -1, np.int64)
    given[rows] = labels[rows]
    return given


def _of_test(catalog: Catalog) -> np.ndarray:
    return np.array([item.split == "test" for item in catalog], bool)


def taught_summary(record: Mapping[str, Any]) -> str:
    """The record of a taught attribute, with the file that it is kept in, as text."""
    gain = record["gain"]
    labels = record["labels"]
    choice = record["choice"]
    source = {"both": "general view and bank", "bank": "bank", "general": "general view"}[choice["source"]]
    lines = [
        f"{sum(labels.values())} labels of {len(labels)} values, read from: {source}",
        f"left-out labels, {record['queries']} queries (percent):",
        f"  MAP  {record['map']:.1f}  global similarity {record['map_global']:.1f}  chance {record['chance_map']:.1f}",
        f"  P@12 {record['p12']:.1f}  global similarity {record['p12_global']:.1f}  at most {record['p12_ceiling']:.1f}",
        f"  gain {gain['mean']:+.1f} ({gain['low']:+.1f} to {gain['high']:+.1f})",
    ]
    lines.append(
        f"bank {record['bank_seconds']:.1f} s, {record['bytes_per_item']:,} bytes an item; "
        f"taught in {record['seconds']:.2f} s"
    )
    lines += [f"note: {warning}" for warning in record["warnings"]]
    return "\n".join([*lines, f"kept in {record['file']}"])

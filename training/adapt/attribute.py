"""Teach an attribute of a catalog: from which raw columns, where it is kept, and what is said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

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
from training.adapt.given import ALL, Asked, Given, Known, known, of_test, own_labels
from training.adapt.lesson import can_teach, check
from training.adapt.quality import MEASURED, Taught, needs_of, quality_of
from training.adapt.teach import teach
from training.errors import TrainingError


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


def teach_given(
    engine: SearchEngine,
    embedder: Embedder,
    name: str,
    given: Given,
    home: Path,
    asked: Asked = ALL,
    out: Path | None = None,
    progress: Progress | None = None,
) -> Taught:
    """Teach an attribute of an open engine's catalog, known or new, and keep it where `with_taught` looks, or in `out`.

    What the bank lacks is embedded first (progress: items done and in all); searches go on meanwhile. Items of the `test`
    split teach nothing, so that the attribute can be measured on them, unless no others have labels. With too few
    labels for a reading nothing is embedded or kept, and the result says what is needed. To search by the reading: an engine
    on `embedder.with_readings([taught.reading])`. TrainingError for weights without a general view, and where no file
    can be written.
    """
    columns = bank(embedder)
    what = known(engine.catalog, given, asked)
    if not can_teach(what.labels, len(what.values)):
        return _taught(name, what, None, None, given.values)
    began = perf_counter()
    engine.ensure([], progress, columns[:1] if asked.general_only else columns)
    what = known(engine.catalog, given, asked)  # which may have changed meanwhile
    reading = _read(engine, embedder, name, what, asked.seed, perf_counter() - began)
    return _taught(name, what, reading, _keep(reading, engine.catalog, home, out), given.values)


def teach_catalog(
    catalog: Catalog,
    embedder: Embedder,
    name: str,
    home: Path,
    asked: Asked = ALL,
    out: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Reading, Path]:
    """As `teach_given`, from a catalog's own column, with an engine of its own: the reading, and where it is kept.
    CatalogError for an unknown column, TrainingError for too few labels too."""
    try:
        name = find_name(name, [attribute.name for attribute in catalog.attributes]) or name
    except ValueError as error:
        raise TrainingError(f"the attribute {error}") from error
    what = known(catalog, own_labels(catalog, name), asked)
    check(what.labels, what.values)  # before an hour of embedding
    columns = bank(embedder)
    began = perf_counter()
    options = EngineOptions(shipped_tables(catalog.root), columns=columns[:1] if asked.general_only else columns)
    engine = open_engine(catalog, embedder, home, [], progress, options)
    reading = _read(engine, embedder, name, what, asked.seed, perf_counter() - began)
    engine.close()
    return reading, _keep(reading, catalog, home, out)


def _read(engine: SearchEngine, embedder: Embedder, name: str, what: Known, seed: int, took: float) -> Reading:
    """The reading from as much of the bank as is there; takes seconds, no network. took: seconds for the bank."""
    catalog, table = engine.catalog, engine.table
    raw = {column: table.column(column) for column in bank(embedder) if table.has([column])}
    own = derivation(embedder.model, name) if name in embedder.model.config.attributes else None
    if own is not None and table.has(own.needs):
        raw |= {column: table.column(column) for column in own.needs}
    reading = teach(name, what.labels, what.values, raw, own, seed, what.sampled)
    said: dict[str, Any] = {"catalog": catalog.name, WEIGHTS: embedder.digest, "bank": len(raw) - 1}
    said["bank_seconds"] = round(took, 2)
    if (what.labels[of_test(catalog)] >= 0).any():
        said["warnings"] = [
            *reading.record["warnings"],
            "only the test split has labels; do not measure on these items",
        ]
    return replace(reading, record={**reading.record, **said})


def _keep(reading: Reading, catalog: Catalog, home: Path, out: Path | None) -> Path:
    try:
        if out is None:
            return save_taught(reading, catalog, home)
        reading.save(out)
        return out
    except OSError as error:
        raise TrainingError(f"the taught attribute cannot be kept ({error}); name a file with --out") from error


def _taught(name: str, what: Known, reading: Reading | None, path: Path | None, listed: Sequence[str]) -> Taught:
    record: Mapping[str, Any] = reading.record if reading is not None else {"queries": 0, "right": {}}
    needs = needs_of(what.counts, record["right"], listed)
    quality = quality_of(record)
    unmeasured = 0 if quality is not None else MEASURED - record["queries"]
    values = reading.values if reading is not None else tuple(what.counts)
    return Taught(name, values, what.counts, quality, unmeasured, needs, reading, path, what.contradicting)


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

"""`python -m benchmarks [search] [embed] [index] [changes] [serve] [bring] [promise]`."""

import contextlib
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import tyro

from benchmarks.bringing import bringing
from benchmarks.changes import changes
from benchmarks.embed import embedding
from benchmarks.index import growth, indexes
from benchmarks.measure import Result, as_json, as_table
from benchmarks.promise import Study, promises
from benchmarks.search import first_answer, searches
from benchmarks.serve import Load, serving
from catalog import CatalogError, load_catalog
from common import environment
from common.assets import DEMO_CATALOG
from model import ModelError, load
from retrieval import Embedder, EngineOptions, RetrievalError, default_attributes, open_engine, shipped_tables


@dataclass(frozen=True)
class Options:
    """Measure searches, embedding and indexes on this machine."""

    suites: tyro.conf.Positional[
        tuple[Literal["search", "embed", "index", "changes", "serve", "bring", "promise"], ...]
    ] = (
        "search",
        "embed",
        "index",
        "changes",
        "serve",
    )
    """What to measure; default: all but bring, which imports `--catalog` from a zip, and promise, which draws labels of it again
    and again: minutes."""
    catalog: str = str(DEMO_CATALOG)
    """Catalog for search and embed."""
    weights: str = field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]."""
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    home: Path = field(default_factory=environment.home)
    """Where tables and indexes are kept."""
    repeat: int = 50
    """Searches of each kind."""
    items: int = 100_000
    """Items of the synthetic table."""
    dim: int = 256
    """Dimensions of its embeddings."""
    embed_items: int = 48
    """Items embedded for each setting."""
    batches: tuple[int, ...] = (1, 4, 16)
    """Batch sizes to embed with."""
    kills: int = 0
    """How often the import of bring is killed and started again."""
    serve: Load = field(default_factory=Load)
    """How much is asked of the running app."""
    promise: Study = field(default_factory=Study)
    """How the promise of the PoC sheet is tested."""
    json: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Print JSON."""


def run(options: Options) -> list[Result]:
    results: list[Result] = []
    if {"search", "embed", "promise"} & set(options.suites):
        catalog = load_catalog(options.catalog, options.home)
        with contextlib.redirect_stdout(sys.stderr):  # the Hub's client reports on stdout, which is for results
            model = load(options.weights)
        embedder = Embedder(model, options.device)
        attributes = default_attributes(catalog, embedder)
    if "search" in options.suites:
        print("searching", file=sys.stderr)
        shipped = EngineOptions(shipped_tables(options.catalog))
        engine = open_engine(catalog, embedder, options.home, attributes, options=shipped)
        results += searches(engine, options.repeat)
        item = engine.table.ids[0]
        results.append(
            first_answer(options.catalog, options.weights, item, attributes[0], options.home, options.device)
        )
    if "promise" in options.suites:
        print("drawing labels (minutes)", file=sys.stderr)
        results += promises(options.catalog, catalog, embedder, options.home, options.promise)
    if "embed" in options.suites:
        print("embedding", file=sys.stderr)
        results += embedding(catalog, model, options.device, attributes, options.embed_items, options.batches)
    if "index" in options.suites:
        print(f"indexing {options.items} synthetic items (minutes)", file=sys.stderr)
        with tempfile.TemporaryDirectory() as home:
            results += indexes(options.items, options.dim, options.repeat, Path(home))
            results += growth(options.items, options.dim, options.repeat, Path(home))
    if "bring" in options.suites:
        results += bringing(options.catalog, options.weights, options.device, options.kills)
    if "changes" in options.suites:
        print(f"changing a catalog of {options.items} synthetic items (minutes)", file=sys.stderr)
        with tempfile.TemporaryDirectory() as home:
            results += changes(options.items, options.dim, Path(home))
    if "serve" in options.suites:
        flags = {"catalog": options.catalog, "weights": options.weights, "home": options.home, "device": options.device}
        results += serving([text for name, value in flags.items() for text in (f"--{name}", str(value))], options.serve)
    return results


def main() -> None:
    options = tyro.cli(Options, prog="python -m benchmarks")
    try:
        results = run(options)
    except (CatalogError, RetrievalError, ModelError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    print(as_json(results) if options.json else as_table(results))


if __name__ == "__main__":
    main()

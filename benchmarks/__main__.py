"""`python -m benchmarks [search] [embed] [passes] [index] [changes] [serve] [bring] [promise]
[negatives] [garments] [designs]`."""

import contextlib
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal

import torch
import tyro

from benchmarks.bringing import bringing
from benchmarks.changes import changes
from benchmarks.composed import composed
from benchmarks.designs import similar_designs
from benchmarks.embed import embedding
from benchmarks.garments import Garments, proposing
from benchmarks.index import growth, indexes
from benchmarks.measure import Result, as_json, as_table
from benchmarks.negatives import Negation, negatives
from benchmarks.passes import How, passes
from benchmarks.promise import Study, promises
from benchmarks.search import first_answer, searches
from benchmarks.serve import Load, serving
from catalog import CatalogError, load_catalog
from common import environment
from common.assets import DEMO_CATALOG
from model import CONFIGS, RPF, ModelError, load
from retrieval import Embedder, EngineOptions, RetrievalError, default_attributes, open_engine, shipped_tables

UNTRAINED = 0.9
"""Threshold of attention drawn by lot."""


@dataclass(frozen=True)
class Options:
    """Measure searches, embedding and indexes on this machine."""

    suites: tyro.conf.Positional[
        tuple[
            Literal[
                "search",
                "embed",
                "passes",
                "index",
                "changes",
                "serve",
                "bring",
                "promise",
                "negatives",
                "garments",
                "designs",
            ],
            ...,
        ]
    ] = (
        "search",
        "embed",
        "index",
        "changes",
        "serve",
    )
    """What to measure; default: all but passes, which embeds `--catalog` several times, bring, which imports it from a zip,
    promise, which draws labels of it again and again, garments, which needs photographs with masks (minutes each), negatives
    and designs, which need its labels."""
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
    """Items of the synthetic table, and of the one resampled from `--catalog` for search."""
    dim: int = 256
    """Dimensions of its embeddings."""
    embed_items: int = 48
    """Items embedded for each setting."""
    batches: tuple[int, ...] = (1, 4, 16)
    """Batch sizes to embed with."""
    untrained: str = ""
    """For passes: the name of a configuration whose random weights stand in for `--weights`, of the same attributes."""
    counts: tuple[int, ...] = (8, 0)
    """For passes: how many attributes to embed for; 0: all that the weights know."""
    passes: How = field(default_factory=How)
    """How passes are measured."""
    kills: int = 0
    """How often the import of bring is killed and started again."""
    serve: Load = field(default_factory=Load)
    """How much is asked of the running app."""
    promise: Study = field(default_factory=Study)
    """How the promise of the PoC sheet is tested."""
    negatives: Negation = field(default_factory=Negation)
    """Queries in which something is not wanted."""
    garments: Garments = field(default_factory=Garments)
    """On which photographs the boxes that are proposed are measured."""
    json: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Print JSON."""


def run(options: Options) -> list[Result]:
    results: list[Result] = []
    if {"search", "embed", "passes", "promise", "negatives", "garments", "designs"} & set(options.suites):
        with contextlib.redirect_stdout(sys.stderr):  # the Hub's client reports on stdout, which is for results
            model = load(options.weights)
        embedder = Embedder(model, options.device)
    if {"search", "embed", "passes", "promise", "negatives", "designs"} & set(options.suites):
        catalog = load_catalog(options.catalog, options.home)
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
        print(f"searching {options.items} items resampled from {catalog.name} (minutes)", file=sys.stderr)
        with tempfile.TemporaryDirectory() as home:
            results += composed(engine, attributes, options.items, options.repeat, Path(home))
    if "promise" in options.suites:
        print("drawing labels (minutes)", file=sys.stderr)
        results += promises(options.catalog, catalog, embedder, options.home, options.promise)
    if "negatives" in options.suites:
        print("asking for what is not wanted", file=sys.stderr)
        results += negatives(options.catalog, catalog, embedder, options.home, options.negatives)
    if "designs" in options.suites:
        print("comparing the valid split with itself", file=sys.stderr)
        results += similar_designs(open_engine(catalog.split("valid"), embedder, options.home, attributes))
    if "garments" in options.suites:
        print("proposing boxes and asking by them (minutes)", file=sys.stderr)
        results += proposing(embedder, options.home, options.garments)
    if "embed" in options.suites:
        print("embedding", file=sys.stderr)
        results += embedding(catalog, model, options.device, attributes, options.embed_items, options.batches)
    if "passes" in options.suites:
        network = _untrained(options.untrained, model) if options.untrained else model
        names = [*attributes, *(name for name in model.config.attributes if name not in attributes)]
        for count in options.counts:
            print("bare passes, and embedding from files and memory", file=sys.stderr)
            results += passes(catalog, network, options.device, names[: count or None], options.passes)
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


def _untrained(config: str, model: RPF) -> RPF:
    """A network of a configuration, drawn by lot, that knows the attributes of another. Its attention hardly differs from place
    to place; at this threshold its crops are as many and as small as those of the embedded weights at that of the paper."""
    if config not in CONFIGS:
        raise ModelError(f"no configuration '{config}'; there are: {', '.join(CONFIGS)}")
    torch.manual_seed(0)
    return RPF(replace(CONFIGS[config](model.config.attributes), threshold=UNTRAINED))


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

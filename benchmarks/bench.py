"""What the suites are given: the options, and weights, catalog and engine, each opened once when a suite first asks for it."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated

import tyro

from benchmarks.clients import Clients
from benchmarks.garments import Garments
from benchmarks.negatives import Negation
from benchmarks.passes import How
from benchmarks.promise import Study
from benchmarks.serve import Load
from catalog import Catalog, load_catalog
from common import environment
from common.assets import DEMO_CATALOG
from model import RPF, load
from retrieval import Embedder, EngineOptions, SearchEngine, default_attributes, open_engine, shipped_tables


@dataclass(frozen=True)
class Options:
    """What to measure, and on what."""

    suites: tyro.conf.Positional[tuple[str, ...]] = ()
    """Which suites; default: the usual ones."""
    catalog: str = str(DEMO_CATALOG)
    """Catalog that is searched and embedded."""
    weights: str = field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]."""
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    home: Path = field(default_factory=environment.home)
    """Where tables and indexes are kept."""
    keep: Path | None = None
    """Folder in which the results of each suite are kept as NAME.json; docs/performance.md is made of those in docs/performance."""
    tag: str = ""
    """Added to the name of the kept file, for a second machine: NAME-TAG.json."""
    repeat: int = 50
    """Searches of each kind."""
    items: int = 100_000
    """Items of the synthetic table, and of those resampled from `--catalog`."""
    sizes: tuple[int, ...] = (1000, 2000, 4000, 8000, 16_000, 50_000)
    """For curves: items of the catalogs that are searched in each way."""
    million: Path | None = None
    """For million: folder in which what is made is kept for another time; default: it is not."""
    million_items: int = 1_000_000
    """For million: how many there are to be."""
    scanned: int = 12
    """For million: queries of each kind that are held against the exact scan."""
    data: Path = Path("../shared/data")
    """For vectors: folder of the labelled catalogs street, studio and field."""
    dim: int = 256
    """Dimensions of the synthetic embeddings."""
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
    clients: Clients = field(default_factory=Clients)
    """How many ask at once, and for how long."""
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


class Bench:
    """Options, and what they name."""

    def __init__(self, options: Options) -> None:
        self.options = options

    @cached_property
    def model(self) -> RPF:
        with contextlib.redirect_stdout(sys.stderr):  # the Hub's client reports on stdout, which is for results
            return load(self.options.weights)

    @cached_property
    def embedder(self) -> Embedder:
        return Embedder(self.model, self.options.device)

    @cached_property
    def catalog(self) -> Catalog:
        return load_catalog(self.options.catalog, self.options.home)

    @cached_property
    def attributes(self) -> list[str]:
        return default_attributes(self.catalog, self.embedder)

    @cached_property
    def engine(self) -> SearchEngine:
        """On the whole catalog, embedded where it is not yet."""
        options = EngineOptions(shipped_tables(self.options.catalog))
        return open_engine(self.catalog, self.embedder, self.options.home, self.attributes, options=options)

    @property
    def flags(self) -> list[str]:
        """Those of `app.py` that open the same catalog with the same weights."""
        named = ("catalog", "weights", "home", "device")
        return [text for name in named for text in (f"--{name}", str(getattr(self.options, name)))]

    @contextlib.contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder that is gone afterwards."""
        with tempfile.TemporaryDirectory() as path:
            yield Path(path)

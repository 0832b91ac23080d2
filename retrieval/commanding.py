"""What the commands of the package share: their flags, and how they load weights."""

import contextlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import tyro

from catalog import Catalog
from common import environment
from model import RPF, load
from retrieval.embedder import Embedder
from retrieval.errors import RetrievalError
from retrieval.taught import with_taught

Names = tyro.conf.UseAppendAction[tuple[tuple[str, ...], ...]]
"""A flag that takes several words and may be given several times."""


@dataclass(frozen=True)
class Common:
    catalog: str
    """Folder with catalog.csv, folder of images, or zip."""
    weights: str = field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]."""
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    home: Path = field(default_factory=environment.home)
    """Where embeddings and indexes are kept."""


def embedder_of(options: Common, catalog: Catalog) -> Embedder:
    """The weights, with what the catalog was taught."""
    embedder = Embedder(_network(options.weights), options.device)
    return with_taught(embedder, catalog, options.home, lambda line: print(f"note: {line}", file=sys.stderr))


def filters_of(texts: Iterable[str], flag: str = "--filter") -> dict[str, list[str]]:
    """Column → accepted values, of COLUMN=VALUE; RetrievalError for anything else."""
    filters: dict[str, list[str]] = {}
    for text in texts:
        column, equals, value = text.partition("=")
        if not equals:
            raise RetrievalError(f"{flag} {text}: write COLUMN=VALUE")
        filters.setdefault(column, []).append(value)
    return filters


def _network(weights: str) -> RPF:
    with contextlib.redirect_stdout(sys.stderr):  # the Hub's client reports on stdout, which is for results
        return load(weights)

"""Where weights come from: what of their record still holds for weights that are made from them."""

from pathlib import Path
from typing import Any

from eval import source
from model import load_record

ORIGIN = ("name", "terms", "data", "catalogs")
"""Entries of a record about the images that weights were trained on, and about their terms."""
TRAINING = (*ORIGIN, "plan", "minutes", "base", "held_out", "averaged", "unreadable")
"""Entries that hold as long as nothing is trained. What was measured (`results`, `valid`, …) is
of the old weights alone."""


def origin(weights: str | Path) -> dict[str, Any]:
    """Name, terms and training images of weights, where their record is at hand."""
    return _kept(weights, ORIGIN)


def training(weights: str | Path) -> dict[str, Any]:
    """How weights were trained, and what `origin` gives, where their record is at hand."""
    return _kept(weights, TRAINING)


def named(weights: str | Path) -> str:
    """A Hub repository as it is; of a folder, its name only."""
    return source(str(weights))


def _kept(weights: str | Path, keys: tuple[str, ...]) -> dict[str, Any]:
    record = load_record(weights)
    return {key: record[key] for key in keys if record.get(key)}

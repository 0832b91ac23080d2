"""Latency of searches on a real catalog, and of the first answer after a cold start."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.measure import Result, timed
from retrieval import Hit, ImageSource, ItemSource, Query, SearchEngine, Term

BIG = (4000, 3000)
"""Pixels of a telephone's photograph."""


def searches(engine: SearchEngine, repeat: int, seed: int = 0) -> list[Result]:
    """By catalog item and by image, one and three attributes; every image is a new one, so that none is remembered."""
    rng = np.random.default_rng(seed)
    items = [engine.table.ids[row] for row in rng.choice(np.flatnonzero(engine.readable), repeat)]
    names = engine.attributes
    several = names[:3]
    few = items[: max(4, repeat // 5)]
    return [
        timed(f"item, 1 of {len(names)} attributes", [_by_item(engine, id, names[:1]) for id in items]),
        timed(f"item, {len(several)} attributes", [_by_item(engine, id, several) for id in items]),
        timed("image, 1 attribute", [_by_image(engine, id, names[:1], rng) for id in few]),
        timed(f"image, {len(several)} attributes", [_by_image(engine, id, several, rng) for id in few]),
        timed(f"image, {len(names)} attributes", [_by_image(engine, id, names, rng) for id in few]),
        timed("image of 12 megapixels, 1 attribute", [_by_image(engine, id, names[:1], rng, BIG) for id in few[:4]]),
    ]


def first_answer(catalog: str, weights: str, item: str, attribute: str, home: Path, device: str) -> Result:
    """Wall time of `python -m retrieval search` in a fresh process, with the table there."""
    command = [sys.executable, "-m", "retrieval", "search", "--catalog", catalog, "--weights", weights, "--item", item]
    command += ["--attribute", attribute, "--home", str(home), "--device", device, "--json"]
    run = partial(subprocess.run, command, check=True, capture_output=True, env=os.environ)
    return timed("fresh process to its answer", [run] * 3)


def _by_item(engine: SearchEngine, id: str, attributes: list[str]) -> Callable[[], list[Hit]]:
    query = Query(tuple(Term(name, ItemSource(id)) for name in attributes))
    return lambda: engine.search(query, 12)


def _by_image(
    engine: SearchEngine, id: str, attributes: list[str], rng: np.random.Generator, size: tuple[int, int] | None = None
) -> Callable[[], list[Hit]]:
    image = engine.catalog.open(engine.catalog.item(id))
    image = image.resize(size) if size else image.copy()
    colour = tuple(int(level) for level in rng.integers(0, 256, 3))
    image.paste(Image.new("RGB", (2, 2), colour))
    query = Query(tuple(Term(name, ImageSource(image)) for name in attributes))
    return lambda: engine.search(query, 12)

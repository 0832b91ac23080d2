"""Searches by a picture beside what embedding it alone takes, and the first answer after a cold start."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.measure import Result, against, in_turns, timed
from retrieval import ImageSource, Query, SearchEngine, Term, columns_of

BIG = (4000, 3000)
"""Pixels of a telephone's photograph."""
SMALL = (512, 512)


def by_picture(engine: SearchEngine, repeat: int, seed: int = 0) -> list[Result]:
    """With one attribute, three and all, and with a large photograph; every picture is a new one, so that none is remembered.
    Each is held against embedding a picture of that size for the same attributes, in turn with it."""
    rng = np.random.default_rng(seed)
    names = engine.attributes
    rows = rng.choice(np.flatnonzero(engine.readable), max(4, repeat // 5))
    results = []
    for size, some, attributes in (
        (SMALL, rows, names[:1]),
        *((SMALL, rows, names[:several]) for several in sorted({min(3, len(names)), len(names)} - {1})),
        (BIG, rows[:4], names[:1]),
    ):
        ids = [engine.table.ids[row] for row in some]
        of = f"{size[0]} x {size[1]} pixels, {len(attributes)} of {len(names)} attributes"
        alone, search = in_turns(
            {
                f"embed a picture of {of}": [_embedded(engine, id, attributes, rng, size) for id in ids],
                f"search by a picture of {of}": [_searched(engine, id, attributes, rng, size) for id in ids],
            }
        )
        results += [alone, against(search, alone)]
    return results


def first_answer(catalog: str, weights: str, item: str, attribute: str, home: Path, device: str) -> Result:
    """Wall time of `python -m retrieval search` in a fresh process, with the table there."""
    command = [sys.executable, "-m", "retrieval", "search", "--catalog", catalog, "--weights", weights, "--item", item]
    command += ["--attribute", attribute, "--home", str(home), "--device", device, "--json"]
    run = partial(subprocess.run, command, check=True, capture_output=True, env=os.environ)
    return timed("fresh process to its answer", [run] * 3)


def _searched(
    engine: SearchEngine, id: str, attributes: Sequence[str], rng: np.random.Generator, size: tuple[int, int]
) -> Callable[[], object]:
    source = ImageSource(_new(engine, id, rng, size))
    query = Query(tuple(Term(name, source) for name in attributes))
    return lambda: engine.search(query, 12)


def _embedded(
    engine: SearchEngine, id: str, attributes: Sequence[str], rng: np.random.Generator, size: tuple[int, int]
) -> Callable[[], object]:
    image = _new(engine, id, rng, size)
    columns = columns_of(engine.embedder, attributes)
    return lambda: engine.embedder.embed([image], columns)


def _new(engine: SearchEngine, id: str, rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """The picture of an item with a spot of a colour drawn by lot."""
    image = engine.catalog.open(engine.catalog.item(id)).resize(size)
    image.paste(Image.new("RGB", (2, 2), tuple(int(level) for level in rng.integers(0, 256, 3))))
    return image

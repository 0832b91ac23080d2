"""What an index costs and loses as items come and go."""

from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measure import Result, timed
from retrieval import Hnsw, Index, Rows, Shelf

ATTRIBUTES = ["first", "second"]
VALUES, LATENT = 12, 24


def growth(items: int, dim: int, repeat: int, home: Path, seed: int = 0) -> list[Result]:
    """Up to 1,000 items, one at a time, into an index of `items`, and as many out of it; then what it still finds, and what
    one that is built afresh finds."""
    changes = max(1, min(1000, items // 10))
    vectors = _vectors(items + changes, 1, dim, seed).reshape(items + changes, -1)

    def rows(start: int, end: int) -> Rows:
        return Rows(lambda attribute: np.arange(end) >= start, lambda attribute: ("synthetic", vectors))

    shelf = Shelf(home / "growth", rows(0, items), Hnsw())
    index = shelf.prepare(ATTRIBUTES[0])
    assert index is not None
    steps = range(1, changes + 1)
    results = [
        timed(f"insert 1 into an index of {items}", [partial(shelf.follow, rows(0, items + step)) for step in steps]),
        timed("remove 1 from it", [partial(shelf.follow, rows(step, items + changes)) for step in steps]),
    ]
    live = np.arange(changes, items + changes)
    fresh = Hnsw().build(vectors, live, threads=-1)
    assert fresh is not None
    asked = vectors[np.random.default_rng(seed + 1).choice(live, repeat)].astype(np.float32)
    for name, one in (("after", index), ("built afresh", fresh)):
        found: list[np.ndarray] = []
        results.append(timed(f"best 12, {name}", [partial(_search, found, one, vector) for vector in asked]))
        best = [live[np.argsort(-(vectors[live] @ vector), kind="stable")[:12]] for vector in asked]
        shares = [len({*a} & {*b}) / len(b) for a, b in zip(found, best, strict=True)]
        results[-1].more["recall"] = round(float(np.mean(shares)), 4)
    return results


def _search(found: list[np.ndarray], index: Index, vector: np.ndarray) -> None:
    found.append(index.search(vector, 12)[0])


def _vectors(items: int, attributes: int, dim: int, seed: int) -> np.ndarray:
    """Float16 (items, attributes, 2, dim): values as clusters, items inside them spread over a few latent directions, and
    a little noise."""
    rng = np.random.default_rng(seed)
    shape = (attributes, 2)
    centres = rng.standard_normal((VALUES, *shape, dim)).astype(np.float32)
    directions = rng.standard_normal((LATENT, *shape, dim)).astype(np.float32)
    vectors = np.empty((items, *shape, dim), np.float16)
    for start in range(0, items, 4096):
        rows = slice(start, min(start + 4096, items))
        count = rows.stop - rows.start
        latent = rng.standard_normal((count, LATENT)).astype(np.float32) / LATENT**0.5
        block = centres[rng.integers(0, VALUES, count)] + np.tensordot(latent, directions, 1)
        block += 0.2 * rng.standard_normal(block.shape, dtype=np.float32)
        vectors[rows] = block / np.linalg.norm(block, axis=-1, keepdims=True)
    return vectors

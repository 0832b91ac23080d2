"""The approximate index against the scan, on a synthetic table: time, and share of the true hits found; and what it costs
and loses as items come and go."""

import hashlib
import time
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measure import Result, timed
from catalog import Catalog, Item
from model import CROP, REGION, Calibrated, Column, Derivation, Section
from retrieval import (
    EmbeddingTable,
    Hit,
    Hnsw,
    Index,
    ItemSource,
    Manifest,
    Query,
    RetrievalError,
    Rows,
    SearchEngine,
    Shelf,
    TableHolding,
    Term,
    Tuning,
)

ATTRIBUTES = ["first", "second"]
VALUES, LATENT = 12, 24
MIX = {REGION: 0.3, CROP: 0.7}


class NoNetwork:
    """The face of an embedder whose catalog is made up: it has a mix and no images."""

    digest = "0" * 64
    attributes = ATTRIBUTES

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def derivation(self, attribute: str) -> Derivation:
        columns = [Column(attribute, view) for view in MIX]
        sections = [Section(view, self.dim) for view in MIX]
        return Calibrated(tuple(columns), tuple(sections), MIX, None, attribute)

    batch_size = readers = 1
    processes = 0

    def width(self, column: Column) -> int:
        return self.dim

    def check(self, attributes: object) -> None:
        return None

    def embed(self, *_: object, **__: object) -> np.ndarray:
        raise RetrievalError("a made-up catalog has no images")


def indexes(items: int, dim: int, repeat: int, home: Path, seed: int = 0) -> list[Result]:
    """Scan, index and threshold algorithm over `items` made-up items, for one term, two terms and a filter."""
    catalog = Catalog(home, "synthetic", tuple(Item(str(row), "", ("a", "b")[row % 2]) for row in range(items)))
    table = _table(items, dim, seed)
    embedder = NoNetwork(dim)
    scan = SearchEngine(catalog, TableHolding(table, home), embedder, Tuning(exact_below=items))
    fast = SearchEngine(catalog, TableHolding(table, home), embedder, Tuning(exact_below=items // 4))
    start = time.perf_counter()
    fast.prepare()
    each = round((time.perf_counter() - start) * 1000 / len(ATTRIBUTES))
    results = [Result(f"build an index of {items} items", len(ATTRIBUTES), each, each)]
    rows = np.random.default_rng(seed + 1).integers(0, items, repeat)
    for label, steps, weights, beta, filters in (
        ("1 term", [0], [1], None, {}),
        ("1 term, patch only", [0], [1], 0.0, {}),
        ("1 term, half filtered out", [0], [1], None, {"split": ["a"]}),
        ("2 terms of one item", [0, 0], [1, 1], None, {}),
        ("2 terms of two items", [0, 1], [1, 1], None, {}),
        ("2 terms, one negative", [0, 1], [1, -0.5], None, {}),
    ):
        asked = [list(zip(ATTRIBUTES, _sources(row, steps, items), weights, strict=False)) for row in rows]
        queries = [Query(tuple(Term(*term) for term in terms), beta) for terms in asked]
        found: dict[str, list[list[Hit]]] = {"scan": [], "index": []}
        for way, engine in (("scan", scan), ("index", fast)):
            calls = [partial(_keep, found[way], engine, query, filters) for query in queries]
            results.append(timed(f"{label}, {way}", calls))
        results[-1].more["recall"] = _recall(found["scan"], found["index"])
    return results


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


def _sources(row: int, steps: list[int], items: int) -> list[ItemSource]:
    return [ItemSource(str((row + step) % items)) for step in steps]


def _keep(found: list[list[Hit]], engine: SearchEngine, query: Query, filters: dict[str, list[str]]) -> None:
    found.append(engine.search(query, 12, filters))


def _recall(exact: list[list[Hit]], found: list[list[Hit]]) -> float:
    shares = [len({hit.id for hit in a} & {hit.id for hit in b}) / len(a) for a, b in zip(exact, found, strict=True)]
    return round(float(np.mean(shares)), 4)


def _table(items: int, dim: int, seed: int) -> EmbeddingTable:
    vectors = _vectors(items, len(ATTRIBUTES), dim, seed)
    ids = [str(row) for row in range(items)]
    digest = hashlib.sha256(vectors.tobytes()).hexdigest()
    columns = [(name, view, dim) for name in ATTRIBUTES for view in MIX]
    return EmbeddingTable(vectors.reshape(items, -1), Manifest(NoNetwork.digest, "", columns, ids, ids, "", digest))


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

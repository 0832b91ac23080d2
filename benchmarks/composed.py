"""Queries of several terms, each of another item, on vectors resampled from those of a real catalog: time by the scan and by
what an engine does, share of the true hits found, and how often that was proven to be all."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np

from benchmarks.measure import Result, timed
from catalog import Catalog, Item
from model import Column
from retrieval import (
    EmbeddingTable,
    Hit,
    ItemSource,
    ItemVectors,
    Manifest,
    Query,
    RetrievalError,
    SearchEngine,
    TableHolding,
    Term,
    Tuning,
    columns_of,
)

WEIGHTS: dict[str, tuple[float, ...]] = {
    "1 term": (1,),
    "1 term, negative": (-1,),
    "2 terms of 2 items": (1, 1),
    "2 terms of 2 items, one negative": (1, -0.5),
    "3 terms of 3 items": (1, 1, 1),
    "3 terms of 3 items, one negative": (1, 1, -0.5),
}
KEPT = 10
"""Hits that recall is measured on."""
NEIGHBOURS = 400
"""Rows whose nearest neighbour is looked for."""
CHUNK = 4096


def composed(real: SearchEngine, attributes: Sequence[str], items: int, repeat: int, home: Path) -> list[Result]:
    """`repeat` queries of each kind on `items` items resampled from those of an engine, by up to three of `attributes`."""
    names = list(attributes[:3])
    table = resampled(real.table, columns_of(real.embedder, names), items)
    catalog = Catalog(home, "resampled", tuple(Item(id, "") for id in table.ids))
    engines = {
        way: SearchEngine(catalog, TableHolding(table, home), real.embedder, tuning)
        for way, tuning in (
            ("scan", Tuning(exact_below=items, sketched=0)),
            ("engine", Tuning(exact_below=items // 4)),
        )
    }
    engines["scan"].search(Query(tuple(Term(name, ItemSource("0")) for name in names)))  # derives the vectors
    results = []
    for label, indexed in (("sketches of 1 attribute", ()), ("index of 1 attribute", names[:1])):
        start = time.perf_counter()
        engines["engine"].prepare(indexed)
        each = round((time.perf_counter() - start) * 1000 / (len(indexed) or len(names)))
        results.append(Result(f"{label}, {items} resampled items", 1, each, each))
    for label, weights in WEIGHTS.items():
        if len(weights) <= len(names):
            results += _measured(engines, label, list(zip(names, weights, strict=False)), items, repeat)
    for engine in engines.values():
        engine.close()
    return results


def resampled(real: ItemVectors, columns: Sequence[Column], items: int, seed: int = 0) -> EmbeddingTable:
    """Raw vectors of made-up items, in memory; see `mixtures`."""
    parts = [np.concatenate([block for _, block in mixtures(real, column, items, seed)]) for column in columns]
    vectors = np.hstack(parts)
    ids = [str(row) for row in range(items)]
    widths = [(*column, part.shape[1]) for column, part in zip(columns, parts, strict=True)]
    digest = hashlib.sha256(vectors.tobytes()).hexdigest()
    return EmbeddingTable(vectors, Manifest("", "", widths, ids, ids, "", digest))


def mixtures(real: ItemVectors, column: Column, items: int, seed: int = 0) -> Iterator[tuple[int, np.ndarray]]:
    """Raw vectors float16 (n, width) of made-up items in one column, a few after the other, with the number of the first.

    Each item is a mixture of two real ones, w a + (1 - w) b with w uniform from 0.5 to 1 and the same a, b and w in all
    columns, plus Gaussian noise in all dimensions whose length is half the median distance of a real row from its nearest
    neighbour in that column; of length 1 again. RetrievalError for fewer than two real rows."""
    rows = np.flatnonzero(real.readable)
    if len(rows) < 2:
        raise RetrievalError("resampling needs a catalog of at least two embedded items")
    rng = np.random.default_rng(seed)
    first, second = rng.choice(rows, (2, items))
    share = rng.uniform(0.5, 1, (items, 1)).astype(np.float32)
    rng = np.random.default_rng((seed, int.from_bytes(sha256(repr(column).encode()).digest()[:4], "big")))
    own: np.ndarray = real.column(column).astype(np.float32)
    noise = nearest(own[rows], rng) / 2
    for start in range(0, items, CHUNK):
        some = slice(start, start + CHUNK)
        block = _unit(share[some] * own[first[some]] + (1 - share[some]) * own[second[some]])
        yield start, _unit(block + noise * _unit(rng.standard_normal(block.shape, np.float32))).astype(np.float16)


def nearest(vectors: np.ndarray, rng: np.random.Generator) -> float:
    """The median distance of unit vectors (n, width) from the nearest other one that is not the same."""
    some = vectors[rng.permutation(len(vectors))[:NEIGHBOURS]]
    distances = np.sqrt(np.maximum(2 - 2 * (some @ vectors.T), 0))
    distances[distances < 1e-3] = np.inf
    least = distances.min(1)
    return float(np.median(least[np.isfinite(least)])) if np.isfinite(least).any() else 0.0


def _measured(
    engines: dict[str, SearchEngine], label: str, asked: list[tuple[str, float]], items: int, repeat: int
) -> list[Result]:
    rng = np.random.default_rng(1)
    sources = [rng.choice(items, len(asked), replace=False) for _ in range(repeat)]
    queries = [
        Query(tuple(Term(name, ItemSource(str(row)), weight) for (name, weight), row in zip(asked, rows, strict=True)))
        for rows in sources
    ]
    found: dict[str, list[list[Hit]]] = {way: [] for way in engines}
    results = []
    before = dict(engines["engine"].answered)
    for way, engine in engines.items():
        results.append(timed(f"{label}, {way}", [partial(_keep, found[way], engine, query) for query in queries]))
    shares = [
        len({hit.id for hit in exact[:KEPT]} & {hit.id for hit in some[:KEPT]}) / KEPT
        for exact, some in zip(found["scan"], found["engine"], strict=True)
    ]
    ways = {way: count - before.get(way, 0) for way, count in engines["engine"].answered.items()}
    results[-1].more[f"recall@{KEPT}"] = round(float(np.mean(shares)), 4)
    results[-1].more["of the scan"] = round(results[-1].p50_ms / results[-2].p50_ms, 3)
    results[-1].more.update({way: count for way, count in ways.items() if count})
    return results


def _keep(found: list[list[Hit]], engine: SearchEngine, query: Query) -> None:
    found.append(engine.search(query, 12))


def _unit(vectors: np.ndarray) -> np.ndarray:
    found: np.ndarray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return found

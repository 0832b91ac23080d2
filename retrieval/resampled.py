"""Made-up items that lie like real ones: what a catalog would be like with many more items."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from model import Column
from retrieval.errors import RetrievalError
from retrieval.items import ItemVectors
from retrieval.table import EmbeddingTable, Manifest

NEIGHBOURS = 400
"""Rows whose nearest neighbour is looked for."""
CHUNK = 4096


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
    rng = np.random.default_rng((seed, int.from_bytes(hashlib.sha256(repr(column).encode()).digest()[:4], "big")))
    own: np.ndarray = real.column(column).astype(np.float32)
    noise = _nearest(own[rows], rng) / 2
    for start in range(0, items, CHUNK):
        some = slice(start, start + CHUNK)
        block = _unit(share[some] * own[first[some]] + (1 - share[some]) * own[second[some]])
        yield start, _unit(block + noise * _unit(rng.standard_normal(block.shape, np.float32))).astype(np.float16)


def _nearest(vectors: np.ndarray, rng: np.random.Generator) -> float:
    """The median distance of unit vectors (n, width) from the nearest other one that is not the same."""
    some = vectors[rng.permutation(len(vectors))[:NEIGHBOURS]]
    distances = np.sqrt(np.maximum(2 - 2 * (some @ vectors.T), 0))
    distances[distances < 1e-3] = np.inf
    least = distances.min(1)
    return float(np.median(least[np.isfinite(least)])) if np.isfinite(least).any() else 0.0


def _unit(vectors: np.ndarray) -> np.ndarray:
    found: np.ndarray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return found

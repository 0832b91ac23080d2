"""Exact scores on all vectors: the truth that every other way of searching is held to."""

from collections.abc import Sequence

import numpy as np
import torch

SLACK = 1e-4
"""Above the error of a float32 inner product of vectors of 2 · 1024 numbers made of unit ones: rounding rules nothing out."""
DECIMALS = 9
"""Scores are rounded to this, so that equal items are equal whatever the order in which floats were added."""

CHUNK, SCAN_CHUNK = 4096, 512


Pair = tuple[np.ndarray, np.ndarray]
"""Of one attribute: derived vectors (all items, width), and the vector (width,) that they are scored by."""


def shares(terms: Sequence[Pair], positions: np.ndarray) -> np.ndarray:
    """What each term adds to the score of each item, float64 (items, terms); positions: int64 (items,)."""
    out = np.empty((len(positions), len(terms)))
    for start in range(0, len(positions), CHUNK):
        rows = positions[start : start + CHUNK]
        for column, (vectors, vector) in enumerate(terms):
            out[start : start + len(rows), column] = (vectors[rows].astype(np.float64) * vector).sum(1)
    return out


def rank(shares: np.ndarray, positions: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k best of `positions`, ties in catalog order: rows of `shares` (k,) and their rounded scores (k,)."""
    scores = shares.sum(1).round(DECIMALS)
    order = np.lexsort((positions, -scores))[:k]
    return order, scores[order]


def contenders(scores: np.ndarray, live: np.ndarray, k: int) -> np.ndarray:
    """Positions among which the k best are: those whose quick score is within its error of the k-th best.

    live: int64 (items,) positions, k of them at least; scores: `quick_scores` of them.
    """
    least = np.partition(scores, -k)[-k]
    return live[scores >= least - 2 * SLACK]


def wide_scores(terms: Sequence[Pair]) -> np.ndarray:
    """Scores float32 (items,) of all items, right to within `SLACK`, from vectors in float32, on one thread.

    What a small catalog costs is too little to be shared between threads, which would wait for each other.
    """
    scores = np.zeros(len(terms[0][0]), np.float32)
    for wide, vector in terms:
        scores += np.einsum("ij,j->i", wide, vector.astype(np.float32))
    return scores


def quick_scores(terms: Sequence[Pair], positions: np.ndarray) -> np.ndarray:
    """Scores float32 (items,) of `positions`, right to within `SLACK`."""
    scores = np.zeros(len(positions), np.float32)
    for vectors, vector in terms:
        narrow = torch.from_numpy(vector.astype(np.float32))
        whole = len(positions) == len(vectors)
        for start in range(0, len(positions), SCAN_CHUNK):
            rows = slice(start, start + SCAN_CHUNK) if whole else positions[start : start + SCAN_CHUNK]
            block = torch.from_numpy(np.array(vectors[rows]))  # torch widens float16 five times as fast as numpy
            scores[start : start + SCAN_CHUNK] += (block.float() @ narrow).numpy()
    return scores

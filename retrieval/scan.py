"""Exact scores on all vectors: the truth that every other way of searching is held to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch

from retrieval.quantized import Quantized

SLACK = 1e-4
"""Above the error of a float32 inner product of vectors of 2 · 1024 numbers made of unit ones: rounding rules nothing out."""
DECIMALS = 9
"""Scores are rounded to this, so that equal items are equal whatever the order in which floats were added."""

CHUNK, SCAN_CHUNK = 4096, 512


class Readable(Protocol):
    """Vectors (n, width) of which some are read at once, float16 (m, width)."""

    def __getitem__(self, rows: np.ndarray, /) -> np.ndarray: ...


@dataclass(frozen=True, eq=False)
class Quick:
    """Scores float32 (n,), and how far each may be off."""

    scores: np.ndarray
    slack: float = SLACK


Pair = tuple[Readable, np.ndarray]
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


def contenders(quick: Quick, live: np.ndarray, k: int) -> np.ndarray:
    """Positions among which the k best are: those whose quick score is within its error of the k-th best.

    live: int64 (items,) positions, k of them at least; quick: `quick_scores` of them.
    """
    least = np.partition(quick.scores, -k)[-k]
    return live[quick.scores >= least - 2 * quick.slack]


def wide_scores(terms: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Scores float32 (items,) of all items, right to within `SLACK`, from vectors in float32, on one thread.

    What a small catalog costs is too little to be shared between threads, which would wait for each other.
    """
    scores = np.zeros(len(terms[0][0]), np.float32)
    for wide, vector in terms:
        scores += np.einsum("ij,j->i", wide, vector.astype(np.float32))
    return scores


def quick_scores(terms: Sequence[tuple[np.ndarray | Quantized, np.ndarray]], positions: np.ndarray) -> Quick:
    """Scores of `positions`, right to within `SLACK`, or what vectors of 8 bits a number allow."""
    scores = np.zeros(len(positions), np.float32)
    slack = SLACK
    for vectors, vector in terms:
        if isinstance(vectors, Quantized):
            scores += vectors.scores(vector, positions)
            slack += float(vectors.error(vector, positions).max(initial=0))
            continue
        narrow = torch.from_numpy(vector.astype(np.float32))
        whole = len(positions) == len(vectors)
        for start in range(0, len(positions), SCAN_CHUNK):
            rows = slice(start, start + SCAN_CHUNK) if whole else positions[start : start + SCAN_CHUNK]
            block = torch.from_numpy(np.array(vectors[rows]))  # torch widens float16 five times as fast as numpy
            scores[start : start + SCAN_CHUNK] += (block.float() @ narrow).numpy()
    return Quick(scores, slack)

"""Exact scores on the embedding table: the truth that every other way of searching is held to."""

from collections.abc import Sequence

import numpy as np
import torch

from retrieval.threshold import SLACK

DECIMALS = 9
"""Scores are rounded to this, so that equal items are equal whatever the order in which floats were added."""

CHUNK, SCAN_CHUNK = 4096, 512


def shares(vectors: np.ndarray, positions: np.ndarray, terms: dict[int, np.ndarray]) -> np.ndarray:
    """What each term adds to the score of each item, float64 (items, terms).

    vectors: (all items, attributes, 2, D) table; positions: int64 (items,) rows of it; terms: attribute axis → vector
    (2 D,).
    """
    out = np.empty((len(positions), len(terms)))
    for start in range(0, len(positions), CHUNK):
        rows = positions[start : start + CHUNK]
        for column, (attribute, vector) in enumerate(terms.items()):
            block = vectors[rows, attribute].reshape(len(rows), -1).astype(np.float64)
            out[start : start + len(rows), column] = (block * vector).sum(1)
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


def widened(vectors: np.ndarray, attribute: int) -> np.ndarray:
    """The vectors of one attribute in float32, (items, 2 D)."""
    return np.ascontiguousarray(vectors[:, attribute]).reshape(len(vectors), -1).astype(np.float32)


def wide_scores(wide: Sequence[np.ndarray], terms: Sequence[np.ndarray]) -> np.ndarray:
    """Scores float32 (items,) of all items, right to within `SLACK`: a matrix and a vector for each term, on one thread.

    What a small catalog costs is too little to be shared between threads, which would wait for each other.
    """
    scores = np.zeros(len(wide[0]), np.float32)
    for one, vector in zip(wide, terms, strict=True):
        scores += np.einsum("ij,j->i", one, vector.astype(np.float32))
    return scores


def quick_scores(vectors: np.ndarray, positions: np.ndarray, terms: dict[int, np.ndarray]) -> np.ndarray:
    """Scores float32 (items,) of `positions`, right to within `SLACK`."""
    scores = np.zeros(len(positions), np.float32)
    narrow = {attribute: torch.from_numpy(vector.astype(np.float32)) for attribute, vector in terms.items()}
    whole = len(positions) == len(vectors)
    for start in range(0, len(positions), SCAN_CHUNK):
        rows = slice(start, start + SCAN_CHUNK) if whole else positions[start : start + SCAN_CHUNK]
        for attribute, vector in narrow.items():
            block = torch.from_numpy(
                np.array(vectors[rows, attribute])
            )  # torch widens float16 five times as fast as numpy
            scores[start : start + SCAN_CHUNK] += (block.flatten(1).float() @ vector).numpy()
    return scores

"""Exact scores on the embedding table: the truth that every other way of searching is held to."""

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


def contenders(vectors: np.ndarray, live: np.ndarray, terms: dict[int, np.ndarray], k: int) -> np.ndarray:
    """Positions among which the k best are: a scan of every live item in float32, and whatever is within its error.

    live: int64 (items,) positions, k of them at least.
    """
    scores = quick_scores(vectors, live, terms)
    least = np.partition(scores, -k)[-k]
    return live[scores >= least - 2 * SLACK]


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

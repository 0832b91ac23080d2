"""Fagin's threshold algorithm: the best k over several ranked lists, with a rule that says when to stop.

Fagin, Lotem, Naor: Optimal aggregation algorithms for middleware, PODS 2001, §4.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

SLACK = 1e-4
"""Above the error of a float32 inner product of vectors of 2 · 1024 numbers made of unit ones: rounding cannot stop it early."""


class Ranking(Protocol):
    """Catalog positions, best first for one attribute."""

    def __len__(self) -> int: ...

    def search(self, vector: np.ndarray, depth: int) -> tuple[np.ndarray, np.ndarray]:
        """Positions int64 (m,) and inner products with `vector` (width,), descending; m < depth: it cannot go on."""
        ...


def candidates(
    rankings: Sequence[Ranking],
    vectors: Sequence[np.ndarray],
    score: Callable[[np.ndarray], np.ndarray],
    live: np.ndarray,
    k: int,
    first: int,
    deepest: int,
) -> np.ndarray | None:
    """Positions among which the k best live items are, provided that every ranking is right down to the depth read.

    score: total scores of positions, right to within `SLACK`. live: bool (items,), with at least k True. The lists
    are read to `first`, then twice as deep each time, until the k-th best score seen is above the sum of the last
    scores of the lists, which no unseen item can exceed; equal scores do not stop it, because an unseen item could
    stand earlier in the catalog. None when that is not shown within `deepest`, or a list gives less than it was asked
    for: the caller then scans.
    """
    depth = min(max(first, k), len(rankings[0]))
    while True:
        seen: list[np.ndarray] = []
        bound = 0.0
        for ranking, vector in zip(rankings, vectors, strict=True):
            positions, scores = ranking.search(vector, depth)
            if len(positions) < depth:
                return None
            seen.append(positions)
            bound += float(scores[-1])
        found = np.unique(np.concatenate(seen))
        found = found[live[found]]
        if len(found) >= k and np.partition(score(found), -k)[-k] > bound + 2 * SLACK:
            return found
        if depth == len(rankings[0]):
            return found
        if depth >= deepest:
            return None
        depth = min(2 * depth, len(rankings[0]))

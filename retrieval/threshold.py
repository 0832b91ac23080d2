"""Fagin's threshold algorithm: the best k over several ranked lists, with a rule that says when to stop.

Fagin, Lotem, Naor: Optimal aggregation algorithms for middleware, PODS 2001, §4.
"""

from collections.abc import Callable, Sequence

import numpy as np

from retrieval.backend import Index

SLACK = 1e-4
"""Above the error of a float32 inner product of vectors of 2 · 1024 numbers made of unit ones: rounding cannot stop it early."""


def candidates(
    indexes: Sequence[Index],
    vectors: Sequence[np.ndarray],
    score: Callable[[np.ndarray], np.ndarray],
    live: np.ndarray,
    k: int,
    first: int,
    deepest: int,
) -> np.ndarray | None:
    """Rows among which the k best live items are, provided that every index is right down to the depth read.

    score: total scores of rows, right to within `SLACK`. live: bool (rows,), with at least k True. The
    live items of each index are read to `first`, then twice as deep each time, until the k-th best
    score seen is above the sum of the last scores read, which no unseen item can exceed; equal scores do
    not stop it, because an unseen item could stand earlier in the catalog. Items that an index does not hold, having
    gone over to other rows than these before or not yet, are seen from the start. deepest: how deep an index may be
    read, of all its items; None when the stop is not shown within it, or an index cannot go on: the caller then scans.
    """
    count = int(live.sum())
    missing = live & ~np.all([index.held(len(live)) for index in indexes], axis=0)
    beside, listed = np.flatnonzero(missing), live & ~missing
    there = count - len(beside)
    deepest = deepest * count // len(live)
    depth = min(max(first, k), there)
    while True:
        seen = [beside]
        bound = 0.0
        for index, vector in zip(indexes, vectors, strict=True):
            rows, scores = index.search(vector, depth, listed)
            if len(rows) < depth:
                return None
            seen.append(rows)
            bound += float(scores[-1]) if depth else -np.inf
        found = np.unique(np.concatenate(seen))
        if depth == there:
            return found
        if len(found) >= k and np.partition(score(found), -k)[-k] > bound + 2 * SLACK:
            return found
        if depth >= deepest:
            return None
        depth = min(2 * depth, there)

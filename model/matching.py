"""Match maps fitted on held-out labels: which chance of a shared value a score stands for.

A score is measured by that of the query's third hit (`LEAN`), and by nothing else of the query: its
mean or deviation made the map hold far less well on a catalog that was left out.
One map an attribute serves every catalog, one not seen included; `MatchMap.of_catalog` moves it
where values are shared more or less often than in any that it was fitted on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.match import NEAR, MatchMap

FIRST = 50
"""Hits of each query that a map is fitted on."""
LEAN = 0.5
"""How much of the score of a query's hit at place `NEAR` is taken off its scores."""
BINS = 15
"""Bins of equal mass before chances are made monotone; so many knots at most, and `TAIL` below."""
TAIL = 5
"""Bins of the hits after the first, where these score lower than any bin of the first."""
PRIOR = 4.0
"""Pairs that each bin is given with the overall share, so that few pairs say nothing extreme."""
SURE = 1e-3
"""Mean chances are kept so far from 0 and 1."""
LEAST_QUERIES, LEAST_PAIRS = 10, 100
"""A map is fitted from no fewer than these."""


@dataclass(frozen=True)
class Pairs:
    """Queries with their hits in one catalog. scores: float (n,), shared: bool (n,) of the first
    hits of each query, less `lean` times that of its hit at place `NEAR`; later_scores,
    later_shared: of all hits after them. queries: how many."""

    scores: np.ndarray
    shared: np.ndarray
    later_scores: np.ndarray
    later_shared: np.ndarray
    queries: int
    lean: float = 0.0


def pairs(scores: np.ndarray, shared: np.ndarray, own: np.ndarray, lean: float = LEAN) -> Pairs:
    """Pairs of one catalog from scores (Q, C), whether the value is shared, bool (Q, C), and which
    candidate is the query itself, bool (Q, C), which is left out. Each query has another candidate."""
    scores = np.where(own, -np.inf, scores)
    ranked = np.argsort(-scores, axis=1, kind="stable")
    hits = np.arange(scores.shape[1]) < (~own).sum(1)[:, None]
    head = hits & (np.arange(scores.shape[1]) < FIRST)
    scores, shared = (np.take_along_axis(each, ranked, 1) for each in (scores, shared))
    place = np.minimum(NEAR, hits.sum(1)) - 1
    scores = scores - lean * np.take_along_axis(scores, place[:, None], 1)
    tail = hits & ~head
    return Pairs(scores[head], shared[head], scores[tail], shared[tail], len(scores), lean)


def among(scores: np.ndarray, values: np.ndarray, lean: float = LEAN) -> Pairs:
    """Pairs of labelled items that ask one another: scores (n, n), values int64 (n,), negative for
    unknown; at least two known ones."""
    known = np.flatnonzero(values >= 0)
    values = values[known]
    same = values[:, None] == values[None, :]
    return pairs(scores[np.ix_(known, known)], same, np.eye(len(known), dtype=bool), lean)


def fit_match(catalogs: Sequence[Pairs], mix: Sequence[float] = ()) -> MatchMap | None:
    """The map of one attribute from the pairs of one or more catalogs, scored with this mix; None
    where there are too few of them. All pairs have the same lean.

    A catalog counts by the root of the number of its pairs, so that a large one does not speak for
    all. The first hits fall into bins of equal mass, whose shares, drawn towards the overall one,
    are made monotone by pooling adjacent violators (Ayer et al. 1955; Zadrozny and Elkan, KDD
    2002); knots stand at the bins' mean scores. Bins of later hits carry the map on downwards.
    """
    catalogs = [found for found in catalogs if len(found.scores)]
    if sum(found.queries for found in catalogs) < LEAST_QUERIES:
        return None
    if sum(len(found.scores) for found in catalogs) < LEAST_PAIRS:
        return None
    weights = _weights([len(found.scores) for found in catalogs])
    scores = np.concatenate([found.scores for found in catalogs])
    shared = np.concatenate([found.shared for found in catalogs])
    head = _binned(scores, shared, weights, BINS)
    weights = _weights([len(found.later_scores) for found in catalogs])
    scores = np.concatenate([found.later_scores for found in catalogs])
    shared = np.concatenate([found.later_shared for found in catalogs])
    lower = scores < head[0].min()
    tail = _binned(scores[lower], shared[lower], weights[lower], TAIL)
    at, shares, mass = (np.concatenate(both) for both in zip(tail, head, strict=True))
    found = _map(at, shares, mass, mix)
    lean = catalogs[0].lean
    return replace(found, lean=lean, shares=_shares(found, catalogs))


def monotone(shares: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The closest shares, by weighted least squares, that never fall: pool adjacent violators.

    shares, weights: float (n,), weights above 0; float (n,)."""
    blocks: list[tuple[float, float, int]] = []
    for share, weight in zip(shares.tolist(), weights.tolist(), strict=True):
        block = (share, weight, 1)
        while blocks and blocks[-1][0] >= block[0]:
            before = blocks.pop()
            mass = before[1] + block[1]
            mean = (before[0] * before[1] + block[0] * block[1]) / mass
            block = (mean, mass, before[2] + block[2])
        blocks.append(block)
    return np.repeat([block[0] for block in blocks], [block[2] for block in blocks])


def _shares(found: MatchMap, catalogs: Sequence[Pairs]) -> tuple[float, float]:
    """Least and greatest mean chance of all pairs, first and later, of a catalog."""
    means = [found.chance(np.append(each.scores, each.later_scores)).mean() for each in catalogs]
    low, high = np.clip([min(means), max(means)], SURE, 1 - SURE).tolist()
    return low, high


def _weights(sizes: Sequence[int]) -> np.ndarray:
    """A weight for each pair, of mean 1: each catalog's add up to the root of its size."""
    weights = np.concatenate([np.full(size, size**-0.5 if size else 0.0) for size in sizes])
    return weights / weights.mean() if len(weights) else weights


def _binned(
    scores: np.ndarray, shared: np.ndarray, weights: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean score, share and mass of bins of equal mass, by rising score; none without pairs."""
    order = np.argsort(scores, kind="stable")
    scores, shared, weights = scores[order], shared[order].astype(float), weights[order]
    whole = weights.sum()
    overall = (weights * shared).sum() / whole if whole else 0.0
    edges = np.searchsorted(np.cumsum(weights), np.linspace(0, whole, count + 1)[1:-1])
    found = []
    for part in np.split(np.arange(len(scores)), edges):
        mass = weights[part].sum()
        if mass:
            share = ((weights * shared)[part].sum() + PRIOR * overall) / (mass + PRIOR)
            found.append(((weights * scores)[part].sum() / mass, share, mass))
    columns = np.array(found).reshape(-1, 3).T
    return columns[0], columns[1], columns[2]


def _map(scores: np.ndarray, shares: np.ndarray, mass: np.ndarray, mix: Sequence[float]) -> MatchMap:
    """Knots at the bins; of a run of equal chances only the ends, which draw the same line. Its
    shares are still to come."""
    chances = monotone(shares, mass)
    scores, chances = np.round(scores, 4), np.round(chances, 4)
    keep = np.append(True, np.diff(scores) > 0)
    scores, chances = scores[keep], chances[keep]
    inner = np.zeros(len(scores), bool)
    inner[1:-1] = (chances[1:-1] == chances[:-2]) & (chances[1:-1] == chances[2:])
    return MatchMap(tuple(scores[~inner].tolist()), tuple(chances[~inner].tolist()), (0.5, 0.5), tuple(mix))

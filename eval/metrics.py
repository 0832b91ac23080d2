"""Ranking metrics as pure functions (RPF.md §7).

Q queries, C candidates, and `ranked`: bool (Q, C), whether the candidate at each rank, best first, is relevant. Results
are shares, 0 to 1: their mean over the queries, or float64 (Q,) with `reduce=False`.
"""

from typing import Literal, overload

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer]

DECIMALS = 9


def ranked_relevance(scores: np.ndarray, relevant: Bools, excluded: Bools | None = None) -> Bools:
    """`ranked` from scores (Q, C), higher is better, and relevance bool (Q, C).

    Every candidate is ranked; scores that agree to 9 decimals rank in the order of the candidates. Candidates in
    `excluded`, bool (Q, C), go to the end and count as not relevant.
    """
    keys = -np.round(scores.astype(np.float64), DECIMALS)
    if excluded is not None:
        keys = np.where(excluded, np.inf, keys)
        relevant = relevant & ~excluded
    return np.take_along_axis(relevant, np.argsort(keys, axis=1, kind="stable"), axis=1)


@overload
def average_precision(ranked: Bools, reduce: Literal[True] = True) -> float: ...
@overload
def average_precision(ranked: Bools, reduce: Literal[False]) -> Floats: ...
def average_precision(ranked: Bools, reduce: bool = True) -> float | Floats:
    """Mean of the precision at the rank of each relevant candidate; 0 for a query without any (RPF.md §7)."""
    precision = np.cumsum(ranked, axis=1) / np.arange(1, ranked.shape[1] + 1)
    values = (precision * ranked).sum(axis=1) / np.maximum(ranked.sum(axis=1), 1)
    return _mean(values) if reduce else values


def first_relevant(ranked: Bools) -> npt.NDArray[np.int64]:
    """Rank, from 1, of the best relevant candidate of each query, int64 (Q,); 0 where there is none."""
    if ranked.shape[1] == 0:
        return np.zeros(len(ranked), np.int64)
    return np.where(ranked.any(axis=1), ranked.argmax(axis=1) + 1, 0)


@overload
def top_k(first: Integers, k: int, reduce: Literal[True] = True) -> float: ...
@overload
def top_k(first: Integers, k: int, reduce: Literal[False]) -> Floats: ...
def top_k(first: Integers, k: int, reduce: bool = True) -> float | Floats:
    """Top-k accuracy: share of queries with at least one relevant candidate among the first k.

    first: as `first_relevant` gives it, (Q,).
    """
    values = ((first > 0) & (first <= k)).astype(np.float64)
    return _mean(values) if reduce else values


@overload
def chance_average_precision(relevant: Integers, candidates: Integers | int, reduce: Literal[True] = True) -> float: ...
@overload
def chance_average_precision(relevant: Integers, candidates: Integers | int, reduce: Literal[False]) -> Floats: ...
def chance_average_precision(relevant: Integers, candidates: Integers | int, reduce: bool = True) -> float | Floats:
    """Expected average precision of a ranking drawn at random: exact, nothing is simulated.

    relevant: R, relevant candidates of each query, (Q,); candidates: N, the ranked ones, (Q,) or one number.
    E[AP] = H_N / N + (R - 1) / (N - 1) * (1 - H_N / N) with H_N = 1 + 1/2 + … + 1/N; 0 where R = 0. Y. Bestgen, Exact
    expected average precision of the random baseline for system evaluation, PBML 103 (2015).
    """
    found, total = np.broadcast_arrays(np.asarray(relevant, np.float64), np.asarray(candidates, np.int64))
    harmonic = np.concatenate(([0.0], np.cumsum(1 / np.arange(1, int(total.max(initial=0)) + 1))))
    single = harmonic[total] / np.maximum(total, 1)
    values = np.where(found > 0, single + (found - 1) / np.maximum(total - 1, 1) * (1 - single), 0.0)
    return _mean(values) if reduce else values


@overload
def chance_top_k(relevant: Integers, candidates: Integers | int, k: int, reduce: Literal[True] = True) -> float: ...
@overload
def chance_top_k(relevant: Integers, candidates: Integers | int, k: int, reduce: Literal[False]) -> Floats: ...
def chance_top_k(relevant: Integers, candidates: Integers | int, k: int, reduce: bool = True) -> float | Floats:
    """Expected Top-k accuracy of a ranking drawn at random: 1 - C(N - R, k) / C(N, k) (hypergeometric), exact.

    relevant, candidates: R and N as in `chance_average_precision`; 0 where R = 0.
    """
    found, total = np.broadcast_arrays(np.asarray(relevant, np.float64), np.asarray(candidates, np.float64))
    missed = np.ones(found.shape)
    for drawn in range(k):
        missed *= np.clip((total - found - drawn) / np.maximum(total - drawn, 1), 0, 1)
    values = np.where(found > 0, 1 - missed, 0.0)
    return _mean(values) if reduce else values


@overload
def precision_at_k(ranked: Bools, k: int, reduce: Literal[True] = True) -> float: ...
@overload
def precision_at_k(ranked: Bools, k: int, reduce: Literal[False]) -> Floats: ...
def precision_at_k(ranked: Bools, k: int, reduce: bool = True) -> float | Floats:
    """Share of the first k places that hold a relevant candidate; k is the divisor even where fewer are ranked.

    ranked: (Q, C), of which the first k columns are read. ValueError for k below 1.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    values = ranked[:, :k].sum(axis=1) / k
    return _mean(values) if reduce else values


@overload
def recall_at_k(ranked: Bools, relevant: Integers, k: int, reduce: Literal[True] = True) -> float: ...
@overload
def recall_at_k(ranked: Bools, relevant: Integers, k: int, reduce: Literal[False]) -> Floats: ...
def recall_at_k(ranked: Bools, relevant: Integers, k: int, reduce: bool = True) -> float | Floats:
    """Share of a query's relevant candidates that the first k places hold; 0 for a query without any.

    ranked: (Q, C), of which the first k columns are read; relevant: R, relevant candidates of each query, (Q,).
    ValueError for k below 1.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    values = ranked[:, :k].sum(axis=1) / np.maximum(np.asarray(relevant, np.float64), 1)
    return _mean(values) if reduce else values


@overload
def ceiling_precision_at_k(relevant: Integers, k: int, reduce: Literal[True] = True) -> float: ...
@overload
def ceiling_precision_at_k(relevant: Integers, k: int, reduce: Literal[False]) -> Floats: ...
def ceiling_precision_at_k(relevant: Integers, k: int, reduce: bool = True) -> float | Floats:
    """The best `precision_at_k` that any ranking can reach: min(R, k) / k.

    relevant: R, relevant candidates of each query, (Q,): a value with 2 of them cannot fill 12 places.
    """
    values = np.minimum(np.asarray(relevant, np.float64), k) / k
    return _mean(values) if reduce else values


@overload
def chance_precision_at_k(
    relevant: Integers, candidates: Integers | int, k: int, reduce: Literal[True] = True
) -> float: ...
@overload
def chance_precision_at_k(relevant: Integers, candidates: Integers | int, k: int, reduce: Literal[False]) -> Floats: ...
def chance_precision_at_k(
    relevant: Integers, candidates: Integers | int, k: int, reduce: bool = True
) -> float | Floats:
    """Expected `precision_at_k` of a ranking drawn at random: R / N * min(k, N) / k (hypergeometric mean), exact.

    relevant, candidates: R and N as in `chance_average_precision`; 0 where N = 0.
    """
    found, total = np.broadcast_arrays(np.asarray(relevant, np.float64), np.asarray(candidates, np.float64))
    values = found / np.maximum(total, 1) * np.minimum(total, k) / k
    return _mean(values) if reduce else values


def cosine(queries: np.ndarray, candidates: np.ndarray) -> Floats:
    """Cosines (Q, C) of rows (Q, D) and (C, D); 0 where a row is zero."""
    left, right = (rows.astype(np.float64) for rows in (queries, candidates))
    left, right = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12) for rows in (left, right))
    return left @ right.T


def mean_average_precision(
    queries: np.ndarray, candidates: np.ndarray, query_values: np.ndarray, candidate_values: np.ndarray
) -> float:
    """MAP of embeddings (Q, D) and (C, D) ranked by inner product (RPF.md §4), with attribute values (Q,) and (C,)."""
    relevant = np.asarray(query_values)[:, None] == np.asarray(candidate_values)[None, :]
    return average_precision(ranked_relevance(queries.astype(np.float64) @ candidates.astype(np.float64).T, relevant))


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0

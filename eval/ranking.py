"""The order of candidates by score, and how a query fared in it: one sort of whole numbers a query.

A score is rounded to 9 decimals, as `metrics.ranked_relevance` does, and becomes the upper bits of a
whole number; below them stand the candidate's place and whether it is relevant. Sorting these numbers
sorts the candidates, ties in their order, and carries along what is read off afterwards; only relevant
candidates are then looked at again. That is several times faster than sorting places by score.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from eval.metrics import DECIMALS

HEAD = 50
"""First ranks of which a ranking keeps the candidate, and whether it is relevant."""
_BLOCK = 1 << 17
"""Numbers that are sorted at once: so many fit into a core's cache."""
_BITS = 62


@dataclass(frozen=True)
class Ranking:
    """How each query fared.

    precision: average precision, float64 (Q,). first: rank of its first relevant candidate, int64 (Q,),
    0 for none. head: bool (Q, at most `HEAD`), whether the candidate at each of the first ranks is relevant.
    hits: int64 of the shape of head, positions in the catalog, -1 where a query ranks fewer. miss, miss_rank:
    int64 (Q,), position and rank of the first candidate that is not relevant; -1 and 0 for none. ranks: int32,
    those of the relevant candidates, query after query, each query's best first and at most so many as were
    asked for; counts: int64 (Q,), how many are kept of each.
    """

    precision: np.ndarray
    first: np.ndarray
    head: np.ndarray
    hits: np.ndarray
    miss: np.ndarray
    miss_rank: np.ndarray
    ranks: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True)
class Candidates:
    """positions: in the catalog, int64 (C,); values: places of their values, (C,)."""

    positions: np.ndarray
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.positions)


def ranked(
    scores: np.ndarray, candidates: Candidates, queries: np.ndarray, values: np.ndarray, keep: int = 0
) -> Ranking:
    """The ranking of some queries by their scores, float64 (Q, C).

    queries: positions in the catalog, (Q,), none of which is ranked for itself; values: places of their
    values. keep: ranks of relevant candidates that are kept of a query at most.
    """
    step = max(1, _BLOCK // max(1, len(candidates)))
    itself = np.isin(queries, candidates.positions)
    parts = []
    for start in range(0, len(queries), step):
        block = slice(start, start + step)
        relevant = values[block, None] == candidates.values[None, :]
        own = None
        if itself[block].any():
            own = queries[block, None] == candidates.positions[None, :]
        parts.append(_block(scores[block], relevant, own, candidates.positions, keep))
    return joined(parts) if parts else _block(scores, np.zeros(scores.shape, bool), None, candidates.positions, keep)


def joined(parts: Sequence[Ranking]) -> Ranking:
    """One ranking of the queries of several, in their order."""
    return Ranking(*(np.concatenate([getattr(part, entry.name) for part in parts]) for entry in fields(Ranking)))


def codes(scores: np.ndarray, relevant: np.ndarray, excluded: np.ndarray | None = None) -> tuple[np.ndarray, int]:
    """Candidates in the order of their scores, int64 (Q, C), and the number of bits that stand for one.

    The lower bits of each are twice its place, plus 1 where it is relevant. scores (Q, C), higher is
    better; relevant, excluded: bool (Q, C). Excluded ones come last, in their order, and are not relevant.
    """
    count = scores.shape[1]
    bits = (2 * count).bit_length()
    limit = 2.0 ** (_BITS - bits)
    keys = scores * -(10.0**DECIMALS)
    np.rint(keys, out=keys)
    if excluded is not None:
        relevant = relevant & ~excluded
        keys[excluded] = limit
    if keys.size and not (-limit <= keys.min() and keys.max() <= limit):  # too large, or no numbers
        return _slow_codes(scores, relevant, excluded), bits
    found: np.ndarray = keys.astype(np.int64)
    found <<= bits
    found += np.arange(0, 2 * count, 2)
    found += relevant
    found.sort(axis=1)
    return found, bits


def _slow_codes(scores: np.ndarray, relevant: np.ndarray, excluded: np.ndarray | None) -> np.ndarray:
    keys = -np.round(scores, DECIMALS)
    if excluded is not None:
        keys = np.where(excluded, np.inf, keys)
    order = np.argsort(keys, axis=1, kind="stable")
    return 2 * order + np.take_along_axis(relevant, order, axis=1)


def _block(
    scores: np.ndarray, relevant: np.ndarray, own: np.ndarray | None, positions: np.ndarray, keep: int
) -> Ranking:
    asked, count = scores.shape
    found, bits = codes(scores, relevant, own)
    there = np.full(asked, count) if own is None else count - own.sum(axis=1)
    flat = np.flatnonzero(found & 1)
    rows = flat // max(1, count)
    places = flat - rows * count
    counts = np.bincount(rows, minlength=asked)
    starts = np.cumsum(counts) - counts
    nth = np.arange(len(flat)) - np.repeat(starts, counts)
    precision = np.bincount(rows, (nth + 1) / (places + 1), asked) / np.maximum(counts, 1)
    first = np.zeros(asked, np.int64)
    first[counts > 0] = places[starts[counts > 0]] + 1
    head = found[:, :HEAD]
    ranked_places = np.arange(head.shape[1])
    hits = np.where(ranked_places < there[:, None], positions[(head & ((1 << bits) - 1)) >> 1], -1)
    right = (head & 1).astype(bool)
    lead = np.bincount(rows[nth == places], minlength=asked)  # relevant ones before the first that is not
    missed = lead < there
    miss = np.full(asked, -1, np.int64)
    at = found[missed, lead[missed]]
    miss[missed] = positions[(at & ((1 << bits) - 1)) >> 1]
    kept = nth < keep
    return Ranking(
        precision,
        first,
        right,
        hits,
        miss,
        np.where(missed, lead + 1, 0),
        (places[kept] + 1).astype(np.int32),
        np.minimum(counts, keep),
    )

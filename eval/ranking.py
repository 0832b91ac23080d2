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
_BITS, _SHORT = 62, 30
"""Bits of a whole number of 64 and of 32, without its sign and one to be safe."""


@dataclass(frozen=True)
class Ranking:
    """How each query fared.

    precision: average precision, float64 (Q,). first: rank of its first relevant candidate, int64 (Q,),
    0 for none. head: bool (Q, at most `HEAD`), whether the candidate at each of the first ranks is relevant.
    hits: int64 of the shape of head, positions in the catalog, -1 where a query ranks fewer. miss, miss_rank:
    int64 (Q,), position and rank of the first candidate that is not relevant; -1 and 0 for none. ranks: int32,
    those of the relevant candidates, query after query, each query's best first and at most so many as were
    asked for; counts: int64 (Q,), how many are kept of each. hits, miss, miss_rank, ranks and counts are empty
    where the candidates themselves were not asked for.
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
    scores: np.ndarray, candidates: Candidates, queries: np.ndarray, values: np.ndarray, keep: int | None = None
) -> Ranking:
    """The ranking of some queries by their scores, float64 (Q, C).

    queries: positions in the catalog, (Q,), none of which is ranked for itself; values: places of their
    values. keep: ranks of relevant candidates that are kept of a query at most; None where precision,
    first and head are enough, which takes half the time.
    """
    step = max(1, _BLOCK // max(1, len(candidates)))
    itself = np.isin(queries, candidates.positions)
    parts = []
    for start in range(0, max(1, len(queries)), step):
        block = slice(start, start + step)
        relevant = values[block, None] == candidates.values[None, :]
        own = None
        if itself[block].any():
            own = queries[block, None] == candidates.positions[None, :]
            relevant &= ~own
        if keep is None:
            parts.append(_figures(scores[block], relevant, own))
        else:
            parts.append(_whole(scores[block], relevant, own, candidates.positions, keep))
    return joined(parts)


def joined(parts: Sequence[Ranking]) -> Ranking:
    """One ranking of the queries of several, in their order."""
    return Ranking(*(np.concatenate([getattr(part, entry.name) for part in parts]) for entry in fields(Ranking)))


def codes(scores: np.ndarray, relevant: np.ndarray, excluded: np.ndarray | None = None) -> tuple[np.ndarray, int]:
    """Candidates in the order of their scores, int64 (Q, C), and the number of bits that stand for one.

    The lower bits of each are twice its place, plus 1 where it is relevant. scores (Q, C), higher is
    better; relevant, excluded: bool (Q, C). Excluded ones, which are not relevant, come last.
    """
    count = scores.shape[1]
    bits = (2 * count).bit_length()
    keys = _keys(scores, excluded, _BITS - bits)
    if keys is None:
        return _slow_codes(scores, relevant, excluded), bits
    found: np.ndarray = keys.astype(np.int64)
    found <<= bits
    found += np.arange(0, 2 * count, 2)
    found += relevant
    found.sort(axis=1)
    return found, bits


def in_order(scores: np.ndarray, relevant: np.ndarray, excluded: np.ndarray | None = None) -> np.ndarray:
    """Whether the candidate at each rank is relevant, bool (Q, C); arguments as for `codes`.

    Without their places, candidates fit into 32 bits, which sort in half the time. Where candidates of
    the same score are relevant in part, their places decide, and the query is ordered by `codes`.
    """
    keys = _keys(scores, excluded, _SHORT)
    if keys is None:
        return (codes(scores, relevant, excluded)[0] & 1).astype(bool)
    found: np.ndarray = keys.astype(np.int32)
    found <<= 1
    found += relevant
    found.sort(axis=1)
    right = (found & 1).astype(bool)
    tied = ((found[:, 1:] ^ found[:, :-1]) == 1).any(axis=1)
    if tied.any():
        again = codes(scores[tied], relevant[tied], None if excluded is None else excluded[tied])[0]
        right[tied] = (again & 1).astype(bool)
    return right


def _keys(scores: np.ndarray, excluded: np.ndarray | None, bits: int) -> np.ndarray | None:
    """Whole numbers that rise as the scores fall, float64 (Q, C), of so many bits beside their sign; None where it takes
    more, or a score is no number."""
    limit = 2.0**bits - 1
    keys: np.ndarray = scores * -(10.0**DECIMALS)
    np.rint(keys, out=keys)
    if keys.size and not (-limit < keys.min() and keys.max() < limit):
        return None
    if excluded is not None:
        keys[excluded] = limit
    return keys


def _slow_codes(scores: np.ndarray, relevant: np.ndarray, excluded: np.ndarray | None) -> np.ndarray:
    keys = -np.round(scores, DECIMALS)
    if excluded is not None:
        keys = np.where(excluded, np.inf, keys)
    order = np.argsort(keys, axis=1, kind="stable")
    return 2 * order + np.take_along_axis(relevant, order, axis=1)


@dataclass(frozen=True)
class _Right:
    """Relevant candidates, query after query: the query of each, its rank from 0, and how many of the query come before.

    counts: of each query, (Q,).
    """

    rows: np.ndarray
    places: np.ndarray
    before: np.ndarray
    counts: np.ndarray

    @property
    def precision(self) -> np.ndarray:
        sums = np.bincount(self.rows, (self.before + 1) / (self.places + 1), len(self.counts))
        return sums / np.maximum(self.counts, 1)

    @property
    def first(self) -> np.ndarray:
        found = np.zeros(len(self.counts), np.int64)
        lead = self.before == 0
        found[self.rows[lead]] = self.places[lead] + 1
        return found


def _right(ranked: np.ndarray) -> _Right:
    """Of bool (Q, C), whether the candidate at each rank is relevant."""
    asked, count = ranked.shape
    flat = np.flatnonzero(ranked)
    rows = flat // max(1, count)
    counts = np.bincount(rows, minlength=asked)
    before = np.arange(len(flat)) - np.repeat(np.cumsum(counts) - counts, counts)
    return _Right(rows, flat - rows * count, before, counts)


def _figures(scores: np.ndarray, relevant: np.ndarray, own: np.ndarray | None) -> Ranking:
    found = in_order(scores, relevant, own)
    right, none = _right(found), np.zeros(0, np.int64)
    head = found[:, :HEAD].copy()
    return Ranking(right.precision, right.first, head, none[:, None], none, none, none.astype(np.int32), none)


def _whole(
    scores: np.ndarray, relevant: np.ndarray, own: np.ndarray | None, positions: np.ndarray, keep: int
) -> Ranking:
    asked, count = scores.shape
    found, bits = codes(scores, relevant, own)
    there = np.full(asked, count) if own is None else count - own.sum(axis=1)
    of_place = (1 << bits) - 1
    head = found[:, :HEAD]
    hits = np.where(np.arange(head.shape[1]) < there[:, None], positions[(head & of_place) >> 1], -1)
    right = _right((found & 1).astype(bool))
    lead = np.bincount(right.rows[right.before == right.places], minlength=asked)  # right ones before any wrong one
    missed = lead < there
    miss = np.full(asked, -1, np.int64)
    miss[missed] = positions[(found[missed, lead[missed]] & of_place) >> 1]
    kept = right.before < keep
    return Ranking(
        right.precision,
        right.first,
        (head & 1).astype(bool),
        hits,
        miss,
        np.where(missed, lead + 1, 0),
        (right.places[kept] + 1).astype(np.int32),
        np.minimum(right.counts, keep),
    )

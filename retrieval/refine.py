"""The best slots by several attributes: all are looked at in their sketches, and few scored in full."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from retrieval.sketch import Sketch
from retrieval.threshold import SLACK

FEW = 8192
"""Live slots that are sooner scanned than looked at in their sketches."""
FIRST = 128
"""Slots that are scored in full at once, at least."""
LIKELY = 0.35
"""Share of the greatest possible error of a sketch that is exceeded by next to none."""


@dataclass(frozen=True, eq=False)
class Refined:
    """rows: int64 (n,), slots among which the k best are, provided that they are `proven`. scored: how many were scored in
    full."""

    rows: np.ndarray
    scored: int
    proven: bool


def candidates(
    sketches: Sequence[Sketch],
    vectors: Sequence[np.ndarray],
    score: Callable[[np.ndarray], np.ndarray],
    live: np.ndarray,
    k: int,
    most: int,
    exact: bool,
) -> Refined | None:
    """The k best of `live`, bool (slots,), k at least of which are True, by the vector (width,) that each sketch is scored by.

    score: total scores float32 (n,) of slots int64 (n,), right to within `SLACK`. The best by their sketches are scored in
    full; the k-th of them is a bar that only those need be held to that can reach it: whose score by their
    sketches and the greatest error that these may have do not stay below it. When these are at most `most`, they are
    scored, and nothing else can be among the k best: that is the proof. When they are more, None if the
    answer has to be `exact`; otherwise the best of those are scored that reach the bar with `LIKELY` of that error.
    Slots that are not sketched yet are scored in full.
    """
    known, slots = live, len(live)
    for sketch in sketches:  # what is done is asked before what is there is read
        known = known & sketch.done[:slots]
    about, error = np.zeros(slots, np.float32), np.zeros(slots, np.float32)
    for sketch, vector in zip(sketches, vectors, strict=True):
        part, off = sketch.scores(vector, slots)
        about += part
        error += off
    about[~known] = -np.inf
    beside = np.flatnonzero(live & ~known)
    if len(beside) > most:
        return None
    first = np.union1d(beside, _best(about, min(max(FIRST, 4 * k), int(known.sum()))))
    found = _Scored(first, score(first))
    bar = found.bar(k)
    about[first] = -np.inf
    can = np.flatnonzero(about + error >= bar)
    proven = len(can) <= most
    if not proven:
        if exact:
            return None
        hopes = about[can] + LIKELY * error[can]
        can = can[hopes >= bar]
        can = can[_best(about[can] + LIKELY * error[can], min(most, len(can)))]
    found = found.more(can, score(can))
    return Refined(found.rows[found.scores >= found.bar(k)], len(found.rows), proven)


@dataclass(frozen=True, eq=False)
class _Scored:
    rows: np.ndarray
    scores: np.ndarray

    def bar(self, k: int) -> float:
        """What a score has to reach that may be among the k best, whatever the errors of `score`."""
        return float(np.partition(self.scores, -k)[-k]) - 2 * SLACK

    def more(self, rows: np.ndarray, scores: np.ndarray) -> "_Scored":
        return _Scored(np.concatenate([self.rows, rows]), np.concatenate([self.scores, scores]))


def _best(scores: np.ndarray, count: int) -> np.ndarray:
    """Places of the best `count` scores float32 (n,), in any order."""
    return torch.topk(torch.from_numpy(scores), min(count, len(scores)), sorted=False).indices.numpy()

"""The best slots by one or several attributes: all are looked at in their sketches, and few scored in full."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from retrieval.scan import Quick
from retrieval.sketch import Sketch

FIRST = 128
"""Slots that are scored in full at once, at least."""
NEXT = 512
"""Slots that are scored in full before it is asked again which others can still be among the best."""
LIKELY = 0.35
"""Share of the greatest possible error of a sketch that is exceeded by next to none."""
GATHERED = 32
"""So many times as many slots as live ones are there when only the live ones' sketches are looked at."""
BLOCK = 256
"""Neighbouring slots of which the best one stands for all while a first bar is sought."""


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
    score: Callable[[np.ndarray], Quick],
    live: np.ndarray,
    k: int,
    most: int,
    exact: bool,
) -> Refined | None:
    """The k best of `live`, bool (slots,), k at least of which are True, by the vector (width,) that each sketch is scored by.

    score: total scores of slots int64 (n,), and how far they may be off. The best by their sketches are scored in
    full; the k-th of them is a bar that only those need be held to that can reach it: whose score by their
    sketches and the greatest error that these may have do not stay below it. When these are at most `most`, they are
    scored, and nothing else can be among the k best: that is the proof. When they are more, None if the
    answer has to be `exact`; otherwise the best of those are scored that reach the bar with `LIKELY` of that error.
    Slots that are not sketched yet are scored in full.
    """
    known = live
    for sketch in sketches:  # what is done is asked before what is there is read
        known = known & sketch.done[: len(live)]
    count = int(np.count_nonzero(known))
    whole = count == int(np.count_nonzero(live))
    beside = np.empty(0, np.int64) if whole else np.flatnonzero(live & ~known)
    if len(beside) > most:
        return None
    some = np.flatnonzero(known) if count * GATHERED < len(live) else None
    about, error = _looked_at(sketches, vectors, len(live) if some is None else some)
    if some is None and count < len(live):
        np.copyto(about, -np.inf, where=~known)
    found = _Scored().more(score, beside)
    first = _best(about, min(max(FIRST, 4 * k), count))
    found = found.more(score, _slots(some, first))
    about[first] = -np.inf
    bar = found.bar(k)
    can = np.flatnonzero(torch.from_numpy(about).add(torch.from_numpy(error)).numpy() >= bar)
    proven = len(can) <= most
    if not proven and exact:
        return None
    hopes = about[can] + (error[can] if proven else LIKELY * error[can])
    order = _best(hopes, most)
    order = order[np.argsort(-hopes[order])]
    can, hopes = can[order], hopes[order]
    while len(can) and hopes[0] >= bar:  # those that cannot reach the bar stand at the end
        now = int(np.searchsorted(-hopes[:NEXT], -bar, "right"))
        found = found.more(score, _slots(some, can[:now]))
        can, hopes, bar = can[now:], hopes[now:], found.bar(k)
    return Refined(found.rows[found.scores >= found.bar(k)], len(found.rows), proven)


def _looked_at(
    sketches: Sequence[Sketch], vectors: Sequence[np.ndarray], slots: int | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """About how slots score in all, and how far that may be off."""
    parts = [sketch.scores(vector, slots) for sketch, vector in zip(sketches, vectors, strict=True)]
    about, error = parts[0]
    for more, off in parts[1:]:
        about += more
        error += off
    return about, error


@dataclass(frozen=True, eq=False)
class _Scored:
    rows: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    scores: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))
    slack: float = 0.0

    def bar(self, k: int) -> float:
        """What a score has to reach that may be among the k best, whatever the errors of `score`."""
        return float(np.partition(self.scores, -k)[-k]) - 2 * self.slack

    def more(self, score: Callable[[np.ndarray], Quick], rows: np.ndarray) -> "_Scored":
        if not len(rows):
            return self
        quick = score(rows)
        scores = np.concatenate([self.scores, quick.scores])
        return _Scored(np.concatenate([self.rows, rows]), scores, max(self.slack, quick.slack))


def _slots(some: np.ndarray | None, places: np.ndarray) -> np.ndarray:
    return places if some is None else some[places]


def _best(scores: np.ndarray, count: int) -> np.ndarray:
    """Places of the best `count` scores float32 (n,), in any order."""
    count = min(count, len(scores))
    if count == 0:
        return np.empty(0, np.int64)
    blocks = len(scores) // BLOCK
    if blocks <= count:
        return np.argpartition(-scores, count - 1)[:count]
    # at least `count` scores are no worse than the `count` best of the blocks' best
    tops = scores[: blocks * BLOCK].reshape(blocks, BLOCK).max(1)
    some = np.flatnonzero(scores >= np.partition(tops, -count)[-count])
    if len(some) > len(scores) // 2:  # where most are equal, or not known
        return np.argpartition(-scores, count - 1)[:count]
    return some[np.argpartition(-scores[some], count - 1)[:count]]

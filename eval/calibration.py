"""How far stated chances can be believed: calibration error and Brier skill."""

from dataclasses import dataclass

import numpy as np

BINS = 10
"""Bins of equal mass that a calibration error is measured in."""


@dataclass(frozen=True)
class Bin:
    """Pairs of about the same stated chance: their number, the mean chance, and the share that is
    right."""

    count: int
    chance: float
    share: float


def bins(chances: np.ndarray, shared: np.ndarray, count: int = BINS) -> list[Bin]:
    """Pairs by rising chance in bins of equal mass (their sizes differ by at most one).

    chances: float (n,), 0 to 1; shared: bool (n,), whether the pair shares its value. Pairs of
    equal chance count with their common share of right ones, so that it does not matter in which
    order they come. Fewer bins where there are fewer pairs. ValueError for shapes that differ or
    no pair.
    """
    _check(chances, shared)
    levels, at, size = np.unique(chances, return_inverse=True, return_counts=True)
    right = (np.bincount(at, np.asarray(shared, float)) / size)[np.sort(at)]
    parts = np.array_split(np.arange(len(right)), min(count, len(right)))
    spread = levels[np.sort(at)]
    return [Bin(len(part), float(spread[part].mean()), float(right[part].mean())) for part in parts]


def expected_calibration_error(chances: np.ndarray, shared: np.ndarray, count: int = BINS) -> float:
    """Mean distance of stated chance and share that is right over bins of equal mass, 0 to 1
    (Nguyen and O'Connor, EMNLP 2015; Naeini et al., AAAI 2015). Arguments as in `bins`."""
    found = bins(chances, shared, count)
    return sum(b.count * abs(b.chance - b.share) for b in found) / len(chances)


def brier(chances: np.ndarray, shared: np.ndarray) -> float:
    """Mean squared distance of stated chance and outcome, 0 to 1 (Brier 1950)."""
    _check(chances, shared)
    return float(np.mean((np.asarray(chances, float) - np.asarray(shared, float)) ** 2))


def brier_skill(chances: np.ndarray, shared: np.ndarray, base: np.ndarray | float | None = None) -> float:
    """1 - Brier score / Brier score of the base rate: above 0 where the chances say more than it.

    base: the rate that a pair is compared with, one for all or one a pair (such as that of its
    attribute); without it the share that is right among these pairs, the hardest constant to beat.
    NaN where the base rate is never wrong.
    """
    rate = np.mean(shared) if base is None else base
    constant = brier(np.broadcast_to(np.asarray(rate, float), np.shape(shared)), shared)
    return 1 - brier(chances, shared) / constant if constant else float("nan")


def _check(chances: np.ndarray, shared: np.ndarray) -> None:
    if np.ndim(chances) != 1 or np.shape(chances) != np.shape(shared) or not len(chances):
        raise ValueError(
            f"chances {np.shape(chances)} and outcomes {np.shape(shared)} must be one row of equal, positive length"
        )

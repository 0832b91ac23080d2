"""Arithmetic of a proof of concept: measured and stated numbers in, numbers to decide by out.

Nothing is measured, read or rounded here. Shares are percent, money is in one unit throughout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from eval.errors import EvalError
from eval.intervals import Interval, difference_interval

POINT = 1.0
"""Points of P@12 that fewer labels may cost and still be enough."""
CONFIDENCE = 0.95
"""One-sided, of "no worse than": the upper end of an interval of 90 %."""
REACH = 2.0
"""How many times as many labels a forecast goes ahead: further, nobody can tell."""
STUDENT = {1: 6.31, 2: 2.92, 3: 2.35, 4: 2.13, 5: 2.02, 6: 1.94, 7: 1.89, 8: 1.86, 9: 1.83}
"""Student's t by degrees of freedom, two-sided 90 %."""
RISES = (0.15, 0.25, 0.35, 0.5, 0.7, 1.0)
"""Exponents that a saturating curve is tried with."""

Method = Literal["step", "saturating", "level"]
METHODS: tuple[Method, ...] = ("step", "saturating", "level")


@dataclass(frozen=True)
class Least:
    """How few labels a value are enough.

    n: labels a value; None where that is not decided. best: the number that did best. undecided: smaller numbers that may
    be enough, too, their intervals being too wide to tell. behind: n → by how many points of P@12 it lies
    behind the best, with an interval whose upper end holds with `CONFIDENCE`.
    """

    n: int | None
    best: int
    undecided: tuple[int, ...]
    behind: Mapping[int, Interval]

    @property
    def decided(self) -> bool:
        return self.n is not None


def least_labels(
    steps: Sequence[int], p12: np.ndarray, clusters: np.ndarray, seed: int = 0, point: float = POINT
) -> Least:
    """The least of some numbers of labels that is no worse than the best by more than `point`.

    steps: numbers of labels a value, ascending. p12: percent (steps, queries), each query at every step: differences are
    paired. clusters: (queries,), the picture that asks, which asks in several draws. It is not decided where a smaller
    number may be enough and may not be; with the best number alone left, that is the least. EvalError without steps.
    """
    if len(steps) != len(p12) or not len(steps):
        raise EvalError("each number of labels needs its figures; measure at least one")
    top = int(np.argmax(p12.mean(axis=1)))
    behind = {
        n: difference_interval(p12[top], own, clusters, seed, level=2 * CONFIDENCE - 1)
        for n, own in zip(steps, p12, strict=True)
    }
    enough = [n for n in steps[: top + 1] if behind[n].high <= point]
    undecided = tuple(n for n in steps[:top] if n < enough[0] and behind[n].low <= point < behind[n].high)
    return Least(None if undecided else enough[0], steps[top], undecided, behind)


def forecast(steps: Sequence[int], maps: np.ndarray, target: float, method: Method = "step") -> Interval:
    """Where the MAP of one draw of `target` labels a value will lie, of five chances in six or more.

    steps: numbers of labels a value, ascending. maps: percent (draws, steps). target: at most `REACH` times the last step.
    "step": between no further gain and the gain of the last doubling again, since learning curves flatten. "saturating": on
    the curve a - b n^-c through the means (least squares). "level": as it is now. Each is widened by how much the draws
    differ at the last step, t * s * sqrt(1 + 1 / draws), the interval of one further draw. EvalError where the target is too
    far, or where there is one draw.
    """
    draws = len(maps)
    if draws < 2 or not 0 < target <= REACH * steps[-1] * 1.000001:
        raise EvalError(f"a forecast needs two draws, and goes no further than {REACH:g} times as many labels")
    means: np.ndarray = maps.mean(axis=0)
    wide = STUDENT.get(draws - 1, 1.8) * float(maps[:, -1].std(ddof=1)) * float(np.sqrt(1 + 1 / draws))
    now, ahead = float(means[-1]), float(np.log2(target / steps[-1]))
    if method == "level" or len(steps) < 2:
        return Interval(now, now - wide, min(100.0, now + wide))
    if method == "saturating" and len(steps) > 2:
        middle = _saturating(np.asarray(steps, np.float64), means, target)
        return Interval(middle, max(0.0, middle - wide), min(100.0, middle + wide))
    slope = max(0.0, float(means[-1] - means[-2]) / float(np.log2(steps[-1] / steps[-2])))
    gain = slope * ahead
    return Interval(now + gain / 2, max(0.0, now - wide), min(100.0, now + gain + wide))


def _saturating(steps: np.ndarray, means: np.ndarray, target: float) -> float:
    """a - b target^-c, a and b at least squares for the best of some exponents; b is not negative."""
    best, found = np.inf, float(means[-1])
    for rise in RISES:
        falling = steps**-rise
        slope, level = np.polyfit(falling, means, 1)
        error = float(((slope * falling + level - means) ** 2).sum())
        if error < best and slope <= 0:
            best, found = error, float(slope * target**-rise + level)
    return found


def mean_of(intervals: Sequence[Interval]) -> Interval:
    """Plain mean of figures of several attributes, their half widths added as those of independent ones."""
    if not intervals:
        raise EvalError("there is no figure to take a mean of")
    mean = sum(one.mean for one in intervals) / len(intervals)
    down = np.sqrt(sum((one.mean - one.low) ** 2 for one in intervals)) / len(intervals)
    up = np.sqrt(sum((one.high - one.mean) ** 2 for one in intervals)) / len(intervals)
    return Interval(mean, mean - float(down), mean + float(up))


def label_hours(labels: float, minutes: float) -> float:
    """Hours to give so many labels at so many minutes each."""
    return labels * minutes / 60


def minutes_to_find(wanted: float, precision: float, seconds: float, before: float = 0.0) -> float:
    """Minutes until so many right pictures were seen in a list of which `precision` percent are right, at so many seconds a
    picture: wanted / (precision / 100) pictures are looked at. before: seconds until the list is there."""
    return (before + wanted / (max(precision, 1e-6) / 100) * seconds) / 60


def months_to_pay(once: float, monthly: float) -> float | None:
    """Months until what is paid once has come back, from what is left each month; None where nothing is left."""
    if monthly <= 0:
        return None if once > 0 or monthly < 0 else 0.0
    return max(0.0, once) / monthly


def machines_needed(searches: float, seconds: float) -> int:
    """Machines that serve so many searches a second, each taking so many seconds of one, half idle so that
    hardly anybody waits; one at least."""
    return max(1, int(np.ceil(2 * searches * seconds)))

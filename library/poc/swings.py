"""What the net over ordinary similarity hangs on: each assumption halved and doubled, and where one changes the verdict."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from library.poc.sheet import NUMBERS, Assumptions

if TYPE_CHECKING:
    from library.poc.decision import Decision

Verdict = Literal["go", "retrain", "similar", "pilot", "open", "no"]
HALF, TWICE = 0.5, 2.0
CLOSE = 40
"""Halvings in the search for the value at which a verdict changes."""
MOST_FLIPS = 4
"""Verdicts that are passed on the way to an end, at most: there are no more."""
GAIN = "gain"
"""The one thing that swings within its interval, since it was measured."""
Decided = Callable[..., "Decision"]
"""Of assumptions, and of a gain in place of the measured one."""


@dataclass(frozen=True)
class Flip:
    """The verdict that there is beyond a value of an assumption, below it or above it."""

    value: float
    above: bool
    verdict: Verdict


@dataclass(frozen=True)
class Swing:
    """What is left over ordinary similarity with one assumption at its low and at its high end, all else as stated; flips: where
    the verdict changes between the two."""

    key: str
    low_value: float
    high_value: float
    low: float
    high: float
    flips: tuple[Flip, ...]

    @property
    def moves(self) -> bool:
        """Whether it changes anything at all: others change Lapel and ordinary similarity alike."""
        return abs(self.high - self.low) > 1e-9 or bool(self.flips)


def swings(base: "Decision", stated: Assumptions, decided: Decided) -> tuple[Swing, ...]:
    """One for each assumption that is a number, and one for the gain; the longest first, those that change nothing last."""
    keys = [key for key in NUMBERS if key != "per_dollar" or stated.currency != "USD"]
    found = [_swing(base, key, _ends(key, getattr(stated, key)), _of(key, stated, decided)) for key in keys]
    if base.chosen:
        found.append(_within(base, stated, decided))
    return tuple(sorted(found, key=lambda one: (not one.moves, -abs(one.high - one.low))))


def _within(base: "Decision", stated: Assumptions, decided: Decided) -> Swing:
    """The gain within its interval, against the verdict that there would be if what was measured were certain."""
    gain = base.figures[GAIN]
    low, middle, high = (float(end or 0.0) for end in (gain.low, gain.value, gain.high))
    return _swing(decided(stated, middle), GAIN, (low, middle, high), lambda value: decided(stated, value))


def _ends(key: str, value: float) -> tuple[float, float, float]:
    high = value * TWICE
    return value * HALF, value, min(100.0, high) if key == "uploads" else high


def _of(key: str, stated: Assumptions, decided: Decided) -> "Callable[[float], Decision]":
    def at(value: float) -> "Decision":
        changed: dict[str, Any] = {key: value}
        return decided(replace(stated, **changed))

    return at


def _swing(base: "Decision", key: str, ends: tuple[float, float, float], at: "Callable[[float], Decision]") -> Swing:
    """ends: the low value, the one that is stated or measured, and the high one."""
    low, middle, high = ends
    if low == high:
        return Swing(key, low, high, base.net.mean, base.net.mean, ())
    first, last = at(low), at(high)
    flips = [flip for end in (low, high) for flip in _flips(middle, end, base.verdict, at)]
    return Swing(key, low, high, first.net.mean, last.net.mean, tuple(flips))


def _flips(inside: float, end: float, verdict: Verdict, at: "Callable[[float], Decision]") -> list[Flip]:
    """Every change of the verdict on the way to an end, the nearest first."""
    found, above = list[Flip](), end > inside
    while at(end).verdict != verdict and len(found) < MOST_FLIPS:
        inside = _edge(inside, end, verdict, at)
        verdict = at(inside).verdict
        found.append(Flip(inside, above, verdict))
    return found


def _edge(inside: float, outside: float, verdict: Verdict, at: "Callable[[float], Decision]") -> float:
    """The value between one that gives a verdict and one that does not, at which it changes."""
    for _ in range(CLOSE):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if at(middle).verdict == verdict else (inside, middle)
    return outside

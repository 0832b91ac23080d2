"""Match level: the chance that a query and a hit share the value of an attribute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np

from model.errors import WeightsError


class Level(str, Enum):
    """A chance in words; the value is the word in English."""

    VERY_LIKELY = "very likely"
    LIKELY = "likely"
    UNLIKELY = "unlikely"


SURE = 1e-3
"""Chances are kept so far from 0 and 1 before they become odds."""
NEAR = 3
"""Place of the hit whose score a query's other scores are measured by: low enough for a twin of
the query, or two, to leave it alone."""
AT_LEAST = {Level.VERY_LIKELY: 0.8, Level.LIKELY: 0.5, Level.UNLIKELY: 0.0}
"""The least chance of each level, best level first."""


class NoMatch(str, Enum):
    """Why a score has no match level."""

    NOT_FITTED = "not fitted"
    """The attribute has no map: too few held-out labels to fit one."""
    MIX_CHANGED = "mix changed"
    """The query asks for other shares of the views than those that the map was fitted with."""
    SEVERAL_TERMS = "several terms"
    """A sum of terms is no chance of one value; each term's own score has a level."""
    VALUE_QUERY = "value query"
    """The query is a value's prototype, whose scores are higher than those of a picture."""


GAINED = {Level.VERY_LIKELY: 2 / 3, Level.LIKELY: 1 / 3, Level.UNLIKELY: 0.0}
"""The least part of the way from the base rate to certainty that each level stands for, where a base rate is given."""


def level(chance: float, base: float = 0.0) -> Level:
    """The level of a chance, 0 to 1. base: how often any two pictures share the value; with two values half of all pairs do,
    so that half a chance says nothing."""
    if chance <= base:
        return Level.UNLIKELY
    gained = (chance - base) / (1 - base)
    return next(found for found, least in AT_LEAST.items() if chance >= least and (not base or gained >= GAINED[found]))


@dataclass(frozen=True)
class MatchMap:
    """A map of scores to chances that never falls: straight between its knots, flat outside them.

    What is mapped is a score less `lean` times the score of the query's hit at place `NEAR`, of the
    whole catalog and the query itself left out: where even the nearest are far, a score stands for
    more. Within a query's ranking that changes no order.

    scores: of the knots, lean taken off, rising; chances: 0 to 1, none below the one before it; as
    many of one as of the other, at least one. shares: the least and the greatest mean chance of all
    pairs of items in a catalog that it was fitted on, above 0 and below 1. mix: the shares of the
    score's sections, in their order, that it was fitted with. WeightsError for anything else.
    """

    scores: tuple[float, ...]
    chances: tuple[float, ...]
    shares: tuple[float, float]
    mix: tuple[float, ...] = ()
    lean: float = 0.0

    def __post_init__(self) -> None:
        scores, chances = np.array(self.scores, float), np.array(self.chances, float)
        sound = (
            0 < scores.size == chances.size
            and np.isfinite(scores).all()
            and (np.diff(scores) > 0).all()
            and (np.diff(chances) >= 0).all()
            and 0 <= chances[0] <= chances[-1] <= 1
            and len(self.shares) == 2
            and 0 < self.shares[0] <= self.shares[1] < 1
            and np.isfinite(self.mix).all()
            and 0 <= self.lean < 1
        )
        if not sound:
            raise WeightsError("a match map needs rising scores, as many chances, 0 to 1, that never fall, and shares")

    def chance(self, scores: np.ndarray, near: np.ndarray | float = 0.0) -> np.ndarray:
        """Chances of scores of any shape, float64 of that shape. near: the score of the query's hit
        at place `NEAR` (`near`), one for all or one a score; it does not matter without a lean."""
        return np.interp(scores - self.lean * np.asarray(near), self.scores, self.chances)

    def cut(self, chance: float, near: float = 0.0) -> float | None:
        """The least score with at least this chance, to cut a ranking off at: minus infinity where
        every score has it, None where none has. near: as in `chance`."""
        if chance <= self.chances[0]:
            return float("-inf")
        if chance > self.chances[-1]:
            return None
        after = int(np.searchsorted(self.chances, chance))
        low, high = self.chances[after - 1], self.chances[after]
        part = (chance - low) / (high - low)
        at = self.scores[after - 1] + part * (self.scores[after] - self.scores[after - 1])
        return at + self.lean * near

    def fits(self, mix: Sequence[float]) -> bool:
        """Whether it was fitted with this mix, up to rounding."""
        return len(mix) == len(self.mix) and bool(np.allclose(mix, self.mix, rtol=0, atol=1e-4))

    def of_catalog(self, scores: np.ndarray) -> "MatchMap":
        """This map, as it was fitted, for a catalog some of whose items score one another so: float
        (n, n), each with itself on the diagonal, which does not count.

        Where the mean chance of all pairs is above `shares`, values are shared more often than in
        any catalog that it was fitted on, and every score stands for more: its odds are multiplied
        by the odds of that mean over those of the nearest of `shares`; below, likewise; between
        them nothing changes. Labels are not needed. (The first step of Saerens, Latinne and
        Decaestecker, Neural Computation 2002, with what the map itself says at home in the place of
        the prior.) Itself for fewer than two items.
        """
        if len(scores) < 2:
            return self
        others = scores[~np.eye(len(scores), dtype=bool)].reshape(len(scores), -1)
        share = float(np.clip(self.chance(others, near(others)[:, None]).mean(), SURE, 1 - SURE))
        home = min(max(share, self.shares[0]), self.shares[1])
        if share == home:
            return self
        by = share / (1 - share) / (home / (1 - home))
        chances = np.clip(self.chances, SURE, 1 - SURE)
        odds = by * chances / (1 - chances)
        return replace(self, chances=tuple((odds / (1 + odds)).tolist()), shares=(share, share))

    def to_json(self) -> dict[str, list[float]]:
        """Small lists for `config.json`, rounded to four decimals."""
        lists = {key: [round(x, 4) for x in getattr(self, key)] for key in PARTS}
        return lists | {"lean": [round(self.lean, 4)]}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "MatchMap":
        """What `to_json` gave; WeightsError for anything else."""
        try:
            scores, chances, shares, mix = (tuple(map(float, found[key])) for key in PARTS)
            low, high = shares
            (lean,) = map(float, found["lean"])
            return cls(scores, chances, (low, high), mix, lean)
        except (KeyError, TypeError, ValueError) as error:
            raise WeightsError(f"a match map needs lists of numbers: {', '.join(PARTS)}, lean") from error


PARTS = ("scores", "chances", "shares", "mix")
"""What a map is stored as."""


def near(scores: np.ndarray) -> np.ndarray:
    """The score at place `NEAR` of each query, of scores (..., n) in any order, the query itself
    not among them: (...). The lowest where there are fewer; ValueError where there is none."""
    place = min(NEAR, scores.shape[-1])
    return -np.partition(-scores, place - 1, axis=-1)[..., place - 1]


def no_match(found: MatchMap | None, mix: Sequence[float], *, value_query: bool = False) -> NoMatch | None:
    """Why one term's scores have no match level; None where they have one.

    found: the attribute's map; mix: the shares that the term is asked with, in the order of the
    map's. A term's weight and sign do not matter: they change what its score counts for, not what
    it says about the value, so that a term to stay away from has the level of what it avoids.
    """
    if found is None:
        return NoMatch.NOT_FITTED
    if value_query:
        return NoMatch.VALUE_QUERY
    return None if found.fits(mix) else NoMatch.MIX_CHANGED

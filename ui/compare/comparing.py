"""What two rankings of the same query have in common, where hits move to, and how many share what was asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Judge = Callable[[str], bool | None]
"""Item → whether its labels are as asked; None where they do not say."""


@dataclass(frozen=True)
class Move:
    """The places of one item in two rankings, 1 for the first; None where it is beyond what was ranked."""

    item: str
    left: int | None
    right: int | None


@dataclass(frozen=True)
class Agreement:
    """How many of the hits that the labels can judge, `known` of all `shown`, are right, and the part of all items that is:
    what a hit drawn by lot would be. `chance` is None where no item can be judged."""

    right: int
    known: int
    shown: int
    chance: float | None

    @property
    def share(self) -> float | None:
        """Part of the judged hits that is right; None without any."""
        return self.right / self.known if self.known else None

    @property
    def by_lot(self) -> float | None:
        """How many of the judged hits would be right if they were drawn by lot."""
        return None if self.chance is None else self.chance * self.known


def overlap(left: Sequence[str], right: Sequence[str], k: int) -> int:
    """How many items are among the first k of both."""
    return len(set(left[:k]) & set(right[:k]))


def moves(left: Sequence[str], right: Sequence[str], k: int) -> dict[str, Move]:
    """Where each item that is among the first k of either ranking stands in both; those of the left first."""
    places = [{item: place for place, item in enumerate(ids, 1)} for ids in (left, right)]
    shown = dict.fromkeys([*left[:k], *right[:k]])
    return {item: Move(item, places[0].get(item), places[1].get(item)) for item in shown}


def agreement(hits: Sequence[str], pool: Sequence[str], judge: Judge) -> Agreement:
    """hits: those that are shown. pool: all items that could have been."""
    judged = [judge(item) for item in hits]
    known = [right for right in map(judge, pool) if right is not None]
    chance = sum(known) / len(known) if known else None
    return Agreement(
        sum(right is True for right in judged), sum(right is not None for right in judged), len(hits), chance
    )


def better(left: Agreement, right: Agreement) -> int:
    """1 where the right side has the larger part of right hits, -1 where the left one has, 0 where both are even or one of
    them cannot be judged. Fractions are compared as whole numbers."""
    if not left.known or not right.known:
        return 0
    difference = right.right * left.known - left.right * right.known
    return (difference > 0) - (difference < 0)


def reach(before: Sequence[str], now: Sequence[str]) -> int | None:
    """The place in a ranking, 1 for the first, down to which half of some items are found, rounded up; None where there are
    none, or fewer are found at all."""
    places = sorted(place for place, item in enumerate(now, 1) if item in set(before))
    half = (len(before) + 1) // 2
    return places[half - 1] if 0 < half <= len(places) else None

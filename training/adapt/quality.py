"""What teaching comes back with: how good the reading is, or how many labels it still needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model import Reading

FLOOR = 5
"""Labels of a value below which nothing can be said of it."""
MEASURED = 20
"""Labels drawn at random below which no figure is given: its interval would be as wide as the scale."""
MOST = 50
"""The most labels of a value that are asked for at a time, and no more than twice as many as there are: further ahead, nobody
can tell."""
Z = 1.96


@dataclass(frozen=True)
class Need:
    """About so many more labels of a value; value "": of another value than those that are labelled."""

    value: str
    more: int


@dataclass(frozen=True)
class Quality:
    """MAP in percent with its 95 % interval, by labels left out and drawn at random: each of the queries asks the others.

    chance: of a ranking by lot. usual: of global similarity. gain, gain_low, gain_high: over global similarity.
    """

    map: float
    low: float
    high: float
    chance: float
    usual: float
    gain: float
    gain_low: float
    gain_high: float
    queries: int


@dataclass(frozen=True, eq=False)
class Taught:
    """An attribute after teaching.

    labels: how many each value was learnt from, those that follow from verdicts included. quality: None while
    `unmeasured`, the number of further labels that have to be drawn at random, is not 0. needs: most first.
    reading: None where there were too few labels for one. path: where it is kept. contradicting: how many verdicts on
    pairs were passed over, since labels or other verdicts speak against them.
    """

    name: str
    values: tuple[str, ...]
    labels: Mapping[str, int]
    quality: Quality | None
    unmeasured: int
    needs: tuple[Need, ...]
    reading: Reading | None = None
    path: Path | None = None
    contradicting: int = 0


def quality_of(record: Mapping[str, Any]) -> Quality | None:
    """The figures of a reading's record; None where they are of too few queries."""
    if record["queries"] < MEASURED:
        return None
    reached, gain = record["map_interval"], record["gain"]
    return Quality(
        record["map"],
        reached["low"],
        reached["high"],
        record["chance_map"],
        record["map_global"],
        gain["mean"],
        gain["low"],
        gain["high"],
        record["queries"],
    )


def needs_of(counts: Mapping[str, int], right: Mapping[str, float], values: Sequence[str] = ()) -> tuple[Need, ...]:
    """How many more labels each value needs, most first.

        Each needs five. Beyond, a value needs more as long as its labels left out do not show that it is read better than by
        a guess: until the lower end of the 95 % interval of the share read right (E. B. Wilson, Probable inference,
        JASA 22, 1927) lies above 1 / number of values. N is how many it takes if that share stays as it is; where it is no
        better than a guess, as many again. Of 56 values of eight attributes that needed more (five or ten labels each), 44 were
    read better than by a guess once they had them. counts: labels by value. right: share read right, 0 to 1, of values that are in
        the reading. values: those that are to be there, too.
    """
    wanted = list(dict.fromkeys([*counts, *values]))
    needs = [Need(value, _more(counts.get(value, 0), right.get(value), len(right))) for value in wanted]
    if len(wanted) < 2:
        needs += [Need("", FLOOR)] * (2 - len(wanted))
    return tuple(sorted((need for need in needs if need.more), key=lambda need: -need.more))


def _more(count: int, share: float | None, values: int) -> int:
    if count < FLOOR:
        return FLOOR - count
    if share is None or values < 2 or wilson(share, count) > 1 / values:
        return 0
    if share <= 1 / values:
        return min(count, MOST)
    further = np.arange(1, min(MOST, 2 * count) + 1)
    enough = wilson(share, count + further) > 1 / values
    return int(further[enough][0] if enough.any() else further[-1])


def wilson(share: float, count: Any) -> Any:
    """Lower end of the 95 % interval of a share of so many."""
    middle = share + Z**2 / (2 * count)
    return (middle - Z * np.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))) / (1 + Z**2 / count)

"""Similar designs: pairs and groups of a catalog's items that agree on chosen attributes.

Two items agree on an attribute where the chance that they share its value reaches a least one, as match
levels have it (`model.match`), whichever of the two asks for the other. All pairs are looked at: up to
`MOST_COMPARED` of them the answer is exact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from model import AT_LEAST, Level
from retrieval.errors import RetrievalError

MOST_ATTRIBUTES = 8
MOST_COMPARED = 200_000_000
"""Pairs that are looked at in one question: those of 20,000 items."""
MOST_GROUPED = 2_000_000
"""Pairs that groups are made of. Where more agree nearly everything does, and the best `MOST_KEPT` are kept without groups."""
MOST_KEPT = 10_000


@dataclass(frozen=True)
class Across:
    """Only pairs of an item with one value of a column and an item with another."""

    column: str
    one: str
    other: str


@dataclass(frozen=True)
class DesignQuery:
    """attributes: 1 to `MOST_ATTRIBUTES` that are to agree. least: the chance, above 0 and at most 1. scores: the least score
    of those without a match level. differ: attributes whose values are to be different ones, with the same chance. filters:
    column → accepted values. twins: whether items with the very same picture count one by one; by default one of them
    stands for all. RetrievalError for anything else."""

    attributes: tuple[str, ...]
    least: float = AT_LEAST[Level.LIKELY]
    scores: Mapping[str, float] = field(default_factory=dict)
    differ: tuple[str, ...] = ()
    across: Across | None = None
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    twins: bool = False

    def __post_init__(self) -> None:
        both = [*self.attributes, *self.differ]
        if not self.attributes:
            raise RetrievalError("nothing is to agree; choose at least one attribute")
        if len(self.attributes) > MOST_ATTRIBUTES:
            raise RetrievalError(f"{len(self.attributes)} attributes are to agree; choose at most {MOST_ATTRIBUTES}")
        if twice := [name for name in both if both.count(name) > 1]:
            raise RetrievalError(f"'{twice[0]}' is given twice; it can agree or differ, once")
        if not 0 < self.least <= 1:
            raise RetrievalError(f"the least chance is {self.least}; give a number above 0, at most 1")
        if self.across is not None and self.across.one == self.across.other:
            raise RetrievalError(f"'{self.across.one}' is compared with itself; give two values of a column")


@dataclass(frozen=True)
class DesignPair:
    """Two items by their ids, the earlier in the catalog first, or that of `Across.one`. chances: attribute → chance that they
    share its value, 0 to 1, where it is known, those that are to differ included. scores: attribute → score. chance: that
    they are as was asked on all of these, if one attribute tells nothing of another. twin: whether they have the very
    same picture."""

    one: str
    other: str
    chance: float
    chances: Mapping[str, float]
    scores: Mapping[str, float]
    twin: bool = False


@dataclass(frozen=True)
class DesignGroup:
    """Items by their ids, every two of which agree. chances: attribute → the least chance of any two of them that they
    share its value; the highest where it is to differ."""

    ids: tuple[str, ...]
    chances: Mapping[str, float]


@dataclass(frozen=True)
class DesignStep:
    """How far a question is. doing: "near" (what is near each item), "pairs" or "groups"; share: 0 to 1; pairs: found so
    far."""

    doing: str
    share: float
    pairs: int = 0


@dataclass(frozen=True, eq=False)
class Designs:
    """What was found.

    pairs: best first, at most `MOST_KEPT` of the `count` that agree. groups: the largest first, none across two values;
    crowded: whether there are too many pairs to make groups. items: how many were compared, in `compared` pairs; hidden:
    how many were left out since an attribute cannot be seen on them. twins: id of an item → ids of those that it stands
    for. unreachable: attribute → the highest chance that any score has, where that is below the one asked for.
    """

    query: DesignQuery
    pairs: tuple[DesignPair, ...]
    count: int
    groups: tuple[DesignGroup, ...]
    crowded: bool
    items: int
    compared: int
    hidden: int
    twins: Mapping[str, tuple[str, ...]]
    unreachable: Mapping[str, float]

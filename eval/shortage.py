"""Attributes with too few labels for a figure that a decision can rest on, and how many more it takes.

A mean over n queries lies within 1.96 s / √n of the true one in 95 of 100 cases, where s is the standard
deviation of average precision from query to query: n = (1.96 s / `HALF`)² queries bring that to `HALF`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from catalog import Catalog
from eval.inputs import Sampling

LEAST = 30
"""Queries below which a standard deviation, too, is a guess."""
HALF = 5.0
"""Half the width of an interval of MAP that is narrow enough, in percentage points."""


@dataclass(frozen=True)
class Shortage:
    """An attribute that has too few labels.

    labels: items that are labelled with it. queries: those that were asked, 0 where it could not be
    measured at all. more: labels that are missing for queries enough, at least 1.
    """

    attribute: str
    labels: int
    queries: int
    more: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        if not self.queries:
            return f"{self.attribute}: {self.labels} labels are too few to measure it; {self.more} more would do"
        return f"{self.attribute}: {self.queries} queries say little; {self.more} more labels would do"


def shortages(
    catalog: Catalog, precision: Mapping[str, np.ndarray], attributes: Sequence[str], sampling: Sampling
) -> list[Shortage]:
    """Those of the attributes that have too few labels, in their order.

    precision: attribute → average precision of each query that was asked, (Q,), 0 to 1; an attribute
    that is not in it was not measured. None where the queries were given: labels add none to them.
    """
    if sampling.trials is not None:
        return []
    found = []
    for name in attributes:
        labels, reached = int((catalog.labels(name) >= 0).sum()), precision.get(name, np.zeros(0))
        more = labels_for(_enough(reached), sampling) - labels
        if len(reached) < _enough(reached):
            found.append(Shortage(name, labels, len(reached), max(1, more)))
    return found


def labels_for(queries: int, sampling: Sampling) -> int:
    """Labelled items of an attribute that make so many queries."""
    if queries <= sampling.alone:
        return queries
    return max(sampling.alone + 1, math.ceil(queries / sampling.queries))


def _enough(precision: np.ndarray) -> int:
    """Queries that bring the interval of MAP to `HALF`, and `LEAST` at least."""
    if len(precision) < LEAST:
        return LEAST
    spread = float(precision.std(ddof=1)) * 100
    return max(LEAST, math.ceil((1.96 * spread / HALF) ** 2))

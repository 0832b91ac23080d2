"""The best slots by the vectors of a query: from a scan, from an index, or from sketches."""

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from common import environment
from retrieval import refine, scan
from retrieval.backend import Backend
from retrieval.milvus import backend_of
from retrieval.posed import Posed
from retrieval.view import View

CLOSE = 4
"""Candidates for each hit above which those that cannot be hits are sorted out before scores are computed exactly."""
LIKELY = 0.15
"""Share of the greatest possible error of vectors of 8 bits a number that is exceeded by next to none: theirs is a sum of hundreds
of roundings to either side."""
PROVING = 32
"""Times as many items may be scored in full where the answer has to be exact: a scan takes longer still."""
COMMON = 0.2
"""Share of the catalog from which on the live items are common enough for an index, which passes over the others."""


@dataclass(frozen=True)
class Tuning:
    """Which way answers a search, and how far it goes.

    exact_below: up to this many live items are scanned. first: how many candidates an index is asked for, at least.
    backend: what makes the indexes, by default as `LAPEL_MILVUS` says. sketched: how many items may be scored in full
    after a look at all sketches. int8_from: pictures from which on derived vectors are kept in 8 bits a number; what they
    find is scored exactly all the same.
    """

    exact_below: int = 3000
    first: int = 512
    backend: Backend = field(default_factory=lambda: backend_of(environment.milvus()))
    sketched: int = 1024
    int8_from: int = 2_000_000


@dataclass(frozen=True)
class Way:
    """How a search was answered. by: a scan of all items, the index of the attribute, or the sketches of all attributes. exact:
    whether nothing better can have been missed. live: how many pictures could be found, and scored: how many of them were
    scored in full."""

    by: Literal["scan", "index", "sketches"]
    exact: bool
    live: int
    scored: int


@dataclass(frozen=True, eq=False)
class Ranked:
    """Slots int64 (n,), best first; their scores, float64 (n,), rounded; what each term adds to each, float64 (n, terms); and how
    they were found, None where nothing could be."""

    rows: np.ndarray
    scores: np.ndarray
    shares: np.ndarray
    way: Way | None = None


Candidates = tuple[np.ndarray, Way]
"""Slots int64 (n,) among which the best are, and how they were found."""


@dataclass(frozen=True)
class Ranker:
    """Ranks the live slots of a view. Scores and order of what it finds are exact."""

    tuning: Tuning

    def best(self, view: View, posed: Posed, live: np.ndarray, k: int) -> Ranked:
        """The k best of `live`, bool (slots,), ties in the order in which they came to the catalog."""
        count = int(np.count_nonzero(live))
        k = min(k, count)
        if k <= 0:
            return Ranked(np.empty(0, np.int64), np.empty(0), np.empty((0, len(posed.terms))))
        found = None
        if count > self.tuning.exact_below:
            found = self._by_index(view, posed, live, k) or self._by_sketches(view, posed, live, k)
        rows, way = found or self._by_scan(view, posed, live, k)
        if len(rows) > CLOSE * k:  # a pass in float32 is cheaper than that in float64
            quick = view.quick_scores(rows, posed.summed)
            slack = quick.slack if way.exact else LIKELY * quick.slack
            rows = scan.contenders(replace(quick, slack=slack), rows, k)
        shares = posed.shares(view, rows)
        order, scores = scan.rank(shares, rows, k)
        return Ranked(rows[order], scores, shares[order], way)

    def _by_scan(self, view: View, posed: Posed, live: np.ndarray, k: int) -> Candidates:
        positions = np.flatnonzero(live)
        found = scan.contenders(view.quick_scores(positions, posed.summed), positions, k)
        return found, Way("scan", True, len(positions), len(positions))

    def _by_index(self, view: View, posed: Posed, live: np.ndarray, k: int) -> Candidates | None:
        """None for several attributes, a negative weight, few live items, and an index that cannot or is not ready."""
        count, depth = int(np.count_nonzero(live)), max(self.tuning.first, 4 * k)
        common = count >= COMMON * len(live)
        if len(posed.summed) > 1 or posed.negative or not common or not view.shelf.abilities.can(depth):
            return None
        ((attribute, vector),) = posed.summed.items()
        found = view.nearest(attribute, vector, live, depth)
        return None if found is None else (found, Way("index", len(found) == count, count, len(found)))

    def _by_sketches(self, view: View, posed: Posed, live: np.ndarray, k: int) -> Candidates | None:
        """None where a sketch is not ready, and where the answer has to be exact, for a negative weight, and that cannot be
        shown."""
        sketches = []
        for name in posed.summed:
            sketch = view.sketch(name)
            if sketch is None:
                return None
            sketches.append(sketch)
        found = refine.candidates(
            sketches,
            list(posed.summed.values()),
            lambda rows: view.quick_scores(rows, posed.summed),
            live,
            k,
            self.tuning.sketched * (PROVING if posed.negative else 1),
            exact=posed.negative,
        )
        if found is None:
            return None
        return found.rows, Way("sketches", found.proven, int(np.count_nonzero(live)), found.scored)

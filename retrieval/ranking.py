"""The best slots by the vectors of a query: from a scan, from the lists of indexes, or from sketches."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from retrieval import refine, scan, threshold
from retrieval.backend import Backend
from retrieval.index import Hnsw
from retrieval.posed import Posed
from retrieval.view import View

Part = TypeVar("Part")


@dataclass(frozen=True)
class Tuning:
    """Which way answers a search, and how far it goes.

    exact_below: up to this many live items are scanned. first: depth of the first reading of each list. deepest:
    share of the catalog at which reading lists costs more than a scan. backend: what makes the indexes. sketched: how
    many items a query of several attributes, or with a negative weight, may score in full after
    a look at all sketches; 0: no sketches.
    """

    exact_below: int = 50_000
    first: int = 128
    deepest: float = 0.02
    backend: Backend = field(default_factory=Hnsw)
    sketched: int = 4096


@dataclass(frozen=True, eq=False)
class Ranked:
    """Slots int64 (n,), best first; their scores, float64 (n,), rounded; what each term adds to each, float64 (n, terms)."""

    rows: np.ndarray
    scores: np.ndarray
    shares: np.ndarray


class Ranker:
    """Ranks the live slots of a view. Scores and order of what it finds are exact."""

    def __init__(self, tuning: Tuning) -> None:
        self.tuning = tuning
        self.answered: Counter[str] = Counter()
        """How many rankings each way has given: "scan", "lists", "proven" (by sketches, exact) and "likely" (by sketches, not
        shown to be complete)."""
        self._counting = threading.Lock()

    def best(self, view: View, posed: Posed, live: np.ndarray, k: int) -> Ranked:
        """The k best of `live`, bool (slots,), ties in the order in which they came to the catalog."""
        k = min(k, int(live.sum()))
        if k <= 0:
            return Ranked(np.empty(0, np.int64), np.empty(0), np.empty((0, len(posed.terms))))
        listed = not self.tuning.sketched or (len(posed.summed) == 1 and not posed.negative)
        found = (self.by_lists if listed else self.by_sketches)(view, posed, live, k)
        if found is None:
            positions = np.flatnonzero(live)
            found = scan.contenders(view.quick_scores(positions, posed.summed), positions, k)
            self._answered("scan")
        shares = posed.shares(view, found)
        order, scores = scan.rank(shares, found, k)
        return Ranked(found[order], scores, shares[order])

    def by_lists(self, view: View, posed: Posed, live: np.ndarray, k: int) -> np.ndarray | None:
        """Candidates int64 (n,) from the indexes; None for few live items, an index that cannot or is not ready, or no
        proof that they are complete as far as the lists are."""
        if int(live.sum()) <= self.tuning.exact_below or not self.tuning.backend.abilities.can(k, posed.negative):
            return None
        ready = _all_of([view.index(name) for name in posed.summed])
        if ready is None:
            return None
        found = threshold.candidates(
            ready,
            list(posed.summed.values()),
            lambda rows: view.quick_scores(rows, posed.summed),
            live,
            k,
            self.tuning.first,
            int(self.tuning.deepest * int(view.layout.alive.sum())),
        )
        if found is not None:
            self._answered("lists")
        return found

    def by_sketches(self, view: View, posed: Posed, live: np.ndarray, k: int) -> np.ndarray | None:
        """Candidates int64 (n,) from sketches; None for few live items, a sketch that is not ready, or too many for a proof
        where the answer has to be exact: for a negative weight, and up to as many live items as are otherwise scanned."""
        count = int(live.sum())
        if count <= min(refine.FEW, self.tuning.exact_below):
            return None
        ready = _all_of([view.sketch(name) for name in posed.summed])
        if ready is None:
            return None
        found = refine.candidates(
            ready,
            list(posed.summed.values()),
            lambda rows: view.quick_scores(rows, posed.summed),
            live,
            k,
            self.tuning.sketched,
            exact=posed.negative or count <= self.tuning.exact_below,
        )
        if found is None:
            return None
        self._answered("proven" if found.proven else "likely")
        return found.rows

    def _answered(self, way: str) -> None:
        with self._counting:
            self.answered[way] += 1


def _all_of(parts: Sequence[Part | None]) -> list[Part] | None:
    """The same, None where one of them is not ready."""
    ready = [part for part in parts if part is not None]
    return ready if len(ready) == len(parts) else None

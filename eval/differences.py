"""Two reports on the same queries: which is better, by how much, and how sure that is.

What is said of several attributes at once ("better on 6 of 7") is corrected for their number: each
of seven intervals of 95 % is wrong once in twenty, so that of seven attributes on which nothing
differs one or more would be called different in up to 30 % of comparisons. Verdicts are Holm's (S.
Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6,
1979): the chance that any of "better" and "worse" is wrong stays at 5 %. The interval beside a
verdict is that of the attribute alone, and so is `Difference.alone`, for who asks of one attribute
only; where the two differ, `Difference.beside` says beside how many others the verdict stands.
"""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from eval.errors import EvalError
from eval.intervals import LEVEL, Drawn, Interval, drawn, paired
from eval.perquery import groups_of, query_figures, same_ranking
from eval.power import needed
from eval.report import Report

Verdict = Literal["better", "worse", "level", "undecided"]
MARGIN = 1.0
"""Percentage points: a difference that surely is no larger counts as none."""
FEW = 30
"""Queries below which an attribute is in no headline. Of so many, intervals of 95 % cover 93.6 to
96.4 % on average over nine attributes, 85 % on the worst of them for MAP, 88 % for differences; of
20, 84 and 87 % (`assets/reports/coverage`)."""
SPAN, DIFFERENCE_SPAN = (0.0, 100.0), (-100.0, 100.0)

Clusters = Mapping[str, Hashable]
"""Item id → what it belongs to, such as a garment; items that are not named are alone. Where none
are given, the groups of near-duplicates that the report was made with."""


@dataclass(frozen=True)
class Difference:
    """One figure of one attribute in two reports, in percent.

    new, old: the figure in each. interval: of new - old, percentage points, alone at 95 %. verdict:
    better or worse where the difference is sure (beside the other attributes, see above), level
    where the interval lies within `MARGIN`, else undecided. alone: the same by its interval alone.
    needed: about how many queries would decide it, None where it is decided, or where nothing can
    be said. p: the least error level at which the interval leaves out 0. few: fewer than `FEW`
    queries: undecided whatever the interval. beside: the other attributes that the verdict is
    corrected for.
    """

    new: float
    old: float
    interval: Interval
    queries: int
    verdict: Verdict
    needed: int | None
    alone: Verdict
    p: float
    few: bool = False
    beside: int = 0

    @property
    def alone_only(self) -> bool:
        """Whether its interval alone says better or worse, and the verdict beside the others does not."""
        return not self.few and self.verdict != self.alone and self.alone in ("better", "worse")

    @property
    def points(self) -> float:
        """new - old, percentage points."""
        return self.interval.mean


@dataclass(frozen=True)
class Differences:
    """A figure of two reports, attribute by attribute.

    overall: over all queries of the attributes that have enough of them (the query-weighted mean), an
    item that is asked for several attributes drawn as one; None where no attribute has enough.
    """

    figure: str
    attributes: dict[str, Difference]
    overall: Difference | None

    @property
    def few(self) -> list[str]:
        """Attributes with too few queries for a headline."""
        return [name for name, each in self.attributes.items() if each.few]

    @property
    def counted(self) -> dict[str, Difference]:
        """The others."""
        return {name: each for name, each in self.attributes.items() if not each.few}

    @property
    def counts(self) -> dict[Verdict, int]:
        """Verdict → number of attributes, those with too few queries left out."""
        found = Counter(each.verdict for each in self.counted.values())
        return {verdict: found[verdict] for verdict in get_args(Verdict)}


@dataclass(frozen=True)
class Intervals:
    """A figure of one report with intervals, in percent; overall as in `Differences`."""

    figure: str
    attributes: dict[str, Interval]
    overall: Interval | None
    few: list[str]


def figure_intervals(report: Report, figure: str = "p12", clusters: Clusters | None = None) -> Intervals:
    """Intervals of one figure, of each attribute and over all; figure: one of `perquery.QUERY_FIGURES`.

    EvalError for another, and where the report keeps it for no single query.
    """
    clusters = groups_of(report) if clusters is None else clusters
    asked = {name: query_figures(report, name, figure) for name in report.attributes}
    asked = {name: own for name, own in asked.items() if len(own.ids)}
    made = {name: drawn(own.figures, _clusters(own.ids, clusters), span=SPAN) for name, own in asked.items()}
    few = [name for name, own in asked.items() if len(own.ids) < FEW]
    counted = [own for name, own in asked.items() if name not in few]
    overall = None
    if counted:
        ids = tuple(name for own in counted for name in own.ids)
        figures = np.concatenate([own.figures for own in counted])
        overall = drawn(figures, _clusters(ids, clusters), span=SPAN).interval()
    return Intervals(figure, {name: each.interval() for name, each in made.items()}, overall, few)


def differences(new: Report, old: Report, figure: str = "p12", clusters: Clusters | None = None) -> Differences:
    """`new` against `old` on one figure, for the attributes that both have.

    figure: one of `perquery.QUERY_FIGURES`. clusters: drawn together, see `Clusters`. EvalError
    where they share no attribute, where the queries of a shared one differ in items or labels, and
    as `query_figures` has it.
    """
    shared = [name for name in new.attributes if name in old.attributes]
    if not shared:
        raise EvalError("the two reports have no attribute in common; choose two of the same catalog")
    clusters = groups_of(new) or groups_of(old) if clusters is None else clusters
    pairs = {name: _pair(new, old, name, figure) for name in shared}
    pairs = {name: pair for name, pair in pairs.items() if pair.ids}
    made = {name: pair.drawn(clusters) for name, pair in pairs.items()}
    enough = [name for name, pair in pairs.items() if len(pair.ids) >= FEW]
    sure = _holm({name: made[name].p() for name in enough})
    found = {}
    for name, pair in pairs.items():
        if name in enough:
            found[name] = _difference(pair, made[name], sure[name], len(enough))
        else:
            found[name] = _of_few(_difference(pair, made[name], False, 1))
    overall = None
    if enough:
        pooled = _Pair.pooled([pairs[name] for name in enough])
        again = pooled.drawn(clusters)
        overall = _difference(pooled, again, again.interval().excludes(0), 1)
    return Differences(figure, found, overall)


def against(
    old: Report, reports: Mapping[str, Report], figure: str = "p12", clusters: Clusters | None = None
) -> dict[str, Differences]:
    """Several reports, by name, each against the same one; arguments and errors as for
    `differences`."""
    return {name: differences(report, old, figure, clusters) for name, report in reports.items()}


@dataclass(frozen=True)
class _Pair:
    """The same queries in both: figures float64 (Q,) each; alike: whether both rank their
    candidates alike."""

    ids: tuple[str, ...]
    new: np.ndarray
    old: np.ndarray
    alike: bool

    @classmethod
    def pooled(cls, pairs: "list[_Pair]") -> "_Pair":
        ids = tuple(name for pair in pairs for name in pair.ids)
        new, old = (np.concatenate(side) for side in zip(*((pair.new, pair.old) for pair in pairs), strict=True))
        return cls(ids, new, old, all(pair.alike for pair in pairs))

    def drawn(self, clusters: Clusters | None) -> Drawn:
        """Drawn again; where both rank alike no other query can tell them apart either: no span."""
        span = None if self.alike else DIFFERENCE_SPAN
        return drawn(paired(self.new, self.old), _clusters(self.ids, clusters), span=span)


def _pair(new: Report, old: Report, attribute: str, figure: str) -> _Pair:
    ours, theirs = (query_figures(report, attribute, figure) for report in (new, old))
    if len(set(ours.ids)) != len(ours.ids) or sorted(ours.ids) != sorted(theirs.ids):
        raise EvalError(
            f"the queries of {attribute} are not the same in both reports; evaluate both on the same catalog"
        )
    place = {name: row for row, name in enumerate(theirs.ids)}
    order = [place[name] for name in ours.ids]
    changed = sum(value != theirs.values[row] for value, row in zip(ours.values, order, strict=True))
    if changed:
        raise EvalError(f"{changed} labels of {attribute} have changed between the reports; evaluate both again")
    return _Pair(ours.ids, ours.figures, theirs.figures[order], same_ranking(new, old, attribute))


def _difference(pair: _Pair, made: Drawn, sure: bool, compared: int) -> Difference:
    interval = made.interval()
    alone = _verdict(interval, interval.excludes(0))
    verdict = _verdict(interval, sure)
    queries = len(pair.ids)
    more = needed(interval.mean, made.error, queries, MARGIN, compared) if verdict == "undecided" else None
    means = float(pair.new.mean()), float(pair.old.mean())
    return Difference(*means, interval, queries, verdict, more, alone, made.p(), beside=compared - 1)


def _of_few(each: Difference) -> Difference:
    """Undecided until there are enough queries."""
    return replace(each, verdict="undecided", needed=max(FEW, each.needed or 0), few=True)


def _verdict(interval: Interval, sure: bool) -> Verdict:
    if sure:
        return "better" if interval.mean > 0 else "worse"
    return "level" if interval.within(MARGIN) else "undecided"


def _holm(chances: Mapping[str, float]) -> dict[str, bool]:
    """Which of several differences are sure together; chances: p of each."""
    sure, holding = {}, True
    for place, name in enumerate(sorted(chances, key=chances.__getitem__)):
        holding = holding and chances[name] <= (1 - LEVEL) / (len(chances) - place)
        sure[name] = holding
    return sure


def _clusters(ids: tuple[str, ...], clusters: Clusters | None) -> np.ndarray:
    """Number of the cluster of each id, (Q,); an item that is in no cluster is one of its own."""
    numbers: dict[Hashable, int] = {}
    keys: list[Hashable] = [("cluster", clusters[name]) if clusters and name in clusters else name for name in ids]
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys])

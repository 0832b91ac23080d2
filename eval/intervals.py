"""How far a figure may be off because these queries were asked and not others: bootstrap intervals.

Queries are drawn again with replacement, as many as there are; how the means that come out scatter
tells how far the mean of all queries that might have been asked may lie from the one that is measured
(B. Efron, Bootstrap methods: another look at the jackknife, Annals of Statistics 7, 1979).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from eval.errors import EvalError
from eval.resampling import Resampled, Sample, bounds, resampled

Method = Literal["percentile", "bca", "studentised", "score"]
RESAMPLES = 2000
LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean, and between which bounds it lies: in the unit of the values that it is a mean of.

    The bounds are infinite where nothing can be said: of one query, or of queries of one cluster.
    """

    mean: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there are bounds."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))

    def excludes(self, value: float = 0.0) -> bool:
        """Whether a value lies outside the interval."""
        return not self.low <= value <= self.high

    def within(self, margin: float) -> bool:
        """Whether all of the interval lies between -margin and margin."""
        return -margin <= self.low and self.high <= margin


def mean_interval(
    values: np.ndarray,
    clusters: np.ndarray | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
    method: Method | None = None,
    span: tuple[float, float] | None = None,
) -> Interval:
    """Bootstrap interval of the mean of one value a query, (Q,).

    clusters: (Q,), what each query belongs to, such as the garment that several images show. Queries
    of one cluster are drawn together, since they say nearly the same; the mean stays that over all
    queries drawn. method: None is the one that covers best (`resampling.bounds`; measured in
    `eval.coverage`). span: the least and the most that a value can be, (0, 100) for a share in percent:
    the bounds stay inside, and queries that all have the same value are not taken to speak for all that
    might be asked. EvalError without queries, for values that are no numbers or outside the span, for
    clusters of another number, and for a level, a number of resamples or a method that make no sense.
    """
    return drawn(values, clusters, seed, resamples, span).interval(level, method)


def difference_interval(
    new: np.ndarray,
    old: np.ndarray,
    clusters: np.ndarray | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
    method: Method | None = None,
    span: tuple[float, float] | None = None,
) -> Interval:
    """Bootstrap interval of the mean of new - old, two figures of the same queries, (Q,) each.

    Paired: what makes a query hard for both falls out. span: of the differences, (-100, 100) for shares
    in percent. Other arguments and errors as for `mean_interval`; EvalError where the two are not of
    the same queries.
    """
    return mean_interval(paired(new, old), clusters, seed, resamples, level, method, span)


def paired(new: np.ndarray, old: np.ndarray) -> np.ndarray:
    """new - old, float64 (Q,); EvalError where the two are not of the same number of queries."""
    new, old = np.asarray(new, np.float64), np.asarray(old, np.float64)
    if new.shape != old.shape:
        raise EvalError(f"{len(new)} and {len(old)} figures cannot be paired; give those of the same queries")
    return new - old


@dataclass(frozen=True)
class Drawn:
    """Queries that are drawn again, once, to be asked several things: intervals, and how sure a
    mean is not 0.

    sample: what is drawn from, `resamples` times by `seed`; nothing is drawn where no draw is
    needed.
    """

    sample: Sample
    seed: int
    resamples: int

    @cached_property
    def means(self) -> Resampled:
        """Of what was drawn."""
        return resampled(self.sample, np.random.default_rng(self.seed), self.resamples)

    @property
    def error(self) -> float:
        """Standard error of the mean, clusters taken together; infinite for one cluster."""
        return self.sample.error

    def interval(self, level: float = LEVEL, method: Method | None = None) -> Interval:
        """The interval that holds the mean of all queries with the confidence of `level`."""
        if not 0 < level < 1:
            raise EvalError(f"a level of {level} makes no interval; give one between 0 and 1, such as 0.95")
        low, high = bounds(self.sample, lambda: self.means, level, method)
        return Interval(self.sample.mean, low, high)

    def p(self, null: float = 0.0, method: Method | None = None) -> float:
        """The least 1 - level of which the interval leaves out `null`: its two-sided p-value, at
        least 1 / resamples."""
        least = 1 / self.resamples
        inside, outside = least, 1.0
        if not self.interval(1 - outside * (1 - 1e-9), method).excludes(null):
            return 1.0
        if self.interval(1 - inside, method).excludes(null):
            return least
        for _ in range(20):
            middle = float(np.sqrt(inside * outside))
            if self.interval(1 - middle, method).excludes(null):
                outside = middle
            else:
                inside = middle
        return outside


def drawn(
    values: np.ndarray,
    clusters: np.ndarray | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
    span: tuple[float, float] | None = None,
) -> Drawn:
    """Draw queries again; arguments and errors as for `mean_interval`."""
    values = np.asarray(values, np.float64)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise EvalError("an interval needs one finite figure for each query, and one query at least")
    if resamples < 1:
        raise EvalError(f"{resamples} resamples make no interval; give 2000")
    if span is not None and (values.min() < span[0] or values.max() > span[1]):
        raise EvalError(f"figures from {values.min():g} to {values.max():g} are not within {span[0]:g} to {span[1]:g}")
    return Drawn(Sample.of(values, _places(clusters, len(values)), span), seed, resamples)


def _places(clusters: np.ndarray | None, queries: int) -> np.ndarray | None:
    """Cluster of each query as a number from 0, (Q,)."""
    if clusters is None:
        return None
    if len(clusters) != queries:
        raise EvalError(f"{len(clusters)} clusters are given for {queries} queries; give one a query")
    return np.unique(np.asarray(clusters), return_inverse=True)[1]

"""How far a figure may be off because these queries were asked and not others: bootstrap intervals.

B. Efron, Bootstrap methods: another look at the jackknife, Annals of Statistics 7 (1979): queries are
drawn again with replacement, as many as there are, and the middle 95 % of the means that come out are
the interval (percentile method).
"""

from dataclasses import dataclass

import numpy as np

from eval.errors import EvalError

RESAMPLES = 2000
LEVEL = 0.95
_CHUNK = 4_000_000
"""Drawn places that are held at once."""


@dataclass(frozen=True)
class Interval:
    """A mean, and between which bounds it lies: in the unit of the values that it is a mean of."""

    mean: float
    low: float
    high: float

    def excludes(self, value: float = 0.0) -> bool:
        """Whether a value lies outside the interval."""
        return not self.low <= value <= self.high


def mean_interval(
    values: np.ndarray,
    clusters: np.ndarray | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> Interval:
    """Percentile bootstrap of the mean of one value a query, (Q,).

    clusters: (Q,), what each query belongs to, such as the garment that several images show. Queries
    of one cluster are drawn together, since they say nearly the same; the mean stays that over all
    queries drawn. EvalError without queries, for values that are no numbers, for clusters of another
    number, and for a level or a number of resamples that make no sense.
    """
    values = np.asarray(values, np.float64)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise EvalError("an interval needs one finite figure for each query, and one query at least")
    if not 0 < level < 1 or resamples < 1:
        raise EvalError(f"a level of {level} and {resamples} resamples make no interval; give 0.95 and 2000")
    sums: np.ndarray = values
    counts: np.ndarray = np.ones(len(values))
    if clusters is not None:
        if len(clusters) != len(values):
            raise EvalError(f"{len(clusters)} clusters are given for {len(values)} queries; give one a query")
        places = np.unique(clusters, return_inverse=True)[1]
        sums, counts = np.bincount(places, values), np.bincount(places).astype(np.float64)
    means = _resampled(sums, counts, np.random.default_rng(seed), resamples)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(values.mean()), float(low), float(high))


def difference_interval(
    new: np.ndarray,
    old: np.ndarray,
    clusters: np.ndarray | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> Interval:
    """Percentile bootstrap of the mean of new - old, two figures of the same queries, (Q,) each.

    Paired: what makes a query hard for both falls out. Other arguments and errors as for
    `mean_interval`; EvalError where the two are not of the same queries.
    """
    new, old = np.asarray(new, np.float64), np.asarray(old, np.float64)
    if new.shape != old.shape:
        raise EvalError(f"{len(new)} and {len(old)} figures cannot be paired; give those of the same queries")
    return mean_interval(new - old, clusters, seed, resamples, level)


def _resampled(sums: np.ndarray, counts: np.ndarray, rng: np.random.Generator, resamples: int) -> np.ndarray:
    """Means of clusters drawn again, (resamples,); sums and counts of their queries, (clusters,)."""
    step, means = max(1, _CHUNK // len(sums)), []
    for start in range(0, resamples, step):
        drawn = rng.integers(0, len(sums), (min(step, resamples - start), len(sums)))
        means.append(sums[drawn].sum(1) / counts[drawn].sum(1))
    return np.concatenate(means)

"""The arithmetic of bootstrap intervals: draws, and three ways from draws to bounds."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from eval.errors import EvalError

_CHUNK = 500_000
"""Drawn places that are held at once."""
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Sample:
    """Queries by cluster, as they were measured.

    mean: over all queries. sums, counts: float64 (clusters,), the sum of the values less the mean, and
    how many queries there are, in each cluster. span: the least and the most that a value can be.
    """

    mean: float
    sums: np.ndarray
    counts: np.ndarray
    span: tuple[float, float] | None = None

    @classmethod
    def of(cls, values: np.ndarray, places: np.ndarray | None, span: tuple[float, float] | None) -> "Sample":
        """values: float64 (Q,); places: cluster of each query as a number from 0, (Q,); None is each its own."""
        mean = float(values.mean()) if (values != values[0]).any() else float(values[0])
        rest = values - mean
        if places is None:
            return cls(mean, rest, np.ones(len(values)), span)
        return cls(mean, np.bincount(places, rest), np.bincount(places).astype(np.float64), span)

    @property
    def error(self) -> float:
        """Standard error of the mean, a ratio of sums over clusters (W. G. Cochran, Sampling techniques, 1977, ch. 9)."""
        clusters = len(self.sums)
        if clusters < 2:
            return float("inf")
        return float(np.sqrt(clusters / (clusters - 1) * (self.sums**2).sum()) / self.counts.sum())

    @property
    def level(self) -> bool:
        """Whether no cluster differs from the mean."""
        return bool(np.abs(self.sums).max() <= 1e-9 * max(1.0, abs(self.mean)))


@dataclass(frozen=True)
class Resampled:
    """Means less the sample's own, and their standard errors as the draws tell them, float64 (resamples,) each."""

    sample: Sample
    means: np.ndarray
    errors: np.ndarray

    def bounds(self, level: float, method: str) -> tuple[float, float]:
        """Bounds of the mean at a level, 0 to 1; EvalError for a method that is none.

        Infinite for one cluster. Where all queries have the same value no draw scatters: of n clusters
        that all agree, a share of up to 1 - a ** (1 / n) of those not asked may differ, a = (1 - level) / 2
        (the rule of three), by as much as the span allows; without a span the bounds are the value.
        """
        tail, sample = (1 - level) / 2, self.sample
        if method not in _METHODS:
            raise EvalError(f"'{method}' is no method of intervals; choose one of {', '.join(_METHODS)}")
        if len(sample.sums) < 2:
            low, high = -np.inf, np.inf
        elif sample.level:
            low = high = 0.0
            if sample.span is not None:
                differ = 1 - tail ** (1 / len(sample.sums))
                low, high = (differ * (end - sample.mean) for end in sample.span)
        else:
            low, high = _METHODS[method](self, tail)
        if sample.span is None:
            return sample.mean + low, sample.mean + high
        return max(sample.span[0], sample.mean + low), min(sample.span[1], sample.mean + high)


def resampled(sample: Sample, rng: np.random.Generator, resamples: int) -> Resampled:
    """Draw clusters again, as many as there are, `resamples` times."""
    sums, counts = sample.sums, sample.counts
    clusters, step = len(sums), max(1, _CHUNK // len(sums))
    columns = np.stack([sums, counts, sums**2, sums * counts, counts**2], axis=1)
    totals = []
    for start in range(0, resamples, step):
        drawn = rng.integers(0, clusters, (min(step, resamples - start), clusters))
        rows = len(drawn)
        drawn += np.arange(rows)[:, None] * clusters
        times = np.bincount(drawn.ravel(), minlength=rows * clusters).reshape(rows, clusters)
        totals.append(times.astype(np.float64) @ columns)
    total, number, squares, cross, sizes = np.concatenate(totals).T
    means = total / number
    spread = np.maximum(squares - 2 * means * cross + means**2 * sizes, 0)
    return Resampled(sample, means, np.sqrt(clusters / max(1, clusters - 1) * spread) / number)


def _percentile(found: Resampled, tail: float) -> tuple[float, float]:
    """The middle of the means (Efron, 1979)."""
    low, high = np.quantile(found.means, [tail, 1 - tail])
    return float(low), float(high)


def _bca(found: Resampled, tail: float) -> tuple[float, float]:
    """Bias corrected and accelerated (B. Efron, Better bootstrap confidence intervals, JASA 82, 1987).

    The acceleration is of the jackknife over clusters, Σ d³ / (6 (Σ d²)^1.5).
    """
    sums, counts, draws = found.sample.sums, found.sample.counts, len(found.means)
    below = ((found.means < 0).sum() + 0.5 * (found.means == 0).sum()) / draws
    bias = _NORMAL.inv_cdf(float(np.clip(below, 0.5 / draws, 1 - 0.5 / draws)))
    left_out = -sums / (counts.sum() - counts)  # the sums are of deviations: all of them add up to 0
    away = left_out.mean() - left_out
    acceleration = (away**3).sum() / (6 * (away**2).sum() ** 1.5)
    places = []
    for share in (tail, 1 - tail):
        at = bias + _NORMAL.inv_cdf(share)
        places.append(_NORMAL.cdf(float(bias + at / (1 - acceleration * at))))
    low, high = np.quantile(found.means, sorted(places))
    return float(low), float(high)


def _studentised(found: Resampled, tail: float) -> tuple[float, float]:
    """The mean less quantiles of (drawn mean - mean) / drawn error, times the error (bootstrap-t; B. Efron and
    R. Tibshirani, An introduction to the bootstrap, 1993, ch. 12). Draws without any scatter tell no error:
    they are left out."""
    scatters = found.errors > 1e-9 * found.sample.error
    if not scatters.any():
        return _percentile(found, tail)
    ratios = found.means[scatters] / found.errors[scatters]
    low, high = np.quantile(ratios, [tail, 1 - tail])
    return -float(high) * found.sample.error, -float(low) * found.sample.error


_METHODS = {"percentile": _percentile, "bca": _bca, "studentised": _studentised}

"""The arithmetic of intervals: what was measured, what is drawn again from it, and ways from there
to bounds."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from eval.errors import EvalError

_CHUNK = 60_000
"""Drawn places that are held at once: as many as stay in the cache of a processor."""
_NORMAL = NormalDist()
_SAME = 1e-9
"""Scatter below which values count as equal, as a share of what they are measured by."""


@dataclass(frozen=True)
class Sample:
    """Queries by cluster, as they were measured.

    mean: over all queries. sums, counts: float64 (clusters,), the sum of the values less the mean, and
    how many queries there are, in each cluster. alone: standard error of the mean if each query were a
    cluster of its own. rises, falls: means of what the values are above and below 0. span: the least
    and the most that a value can be, None where that is not known. whole: whether each value is at an
    end of the span, or 0 (right or wrong; a difference of these).
    """

    mean: float
    sums: np.ndarray
    counts: np.ndarray
    alone: float
    rises: float
    falls: float
    span: tuple[float, float] | None = None
    whole: bool = False

    @classmethod
    def of(cls, values: np.ndarray, places: np.ndarray | None, span: tuple[float, float] | None) -> "Sample":
        """values: float64 (Q,); places: cluster of each query as a number from 0, (Q,); None is
        each its own."""
        mean = float(values.mean()) if (values != values[0]).any() else float(values[0])
        rest: np.ndarray = values - mean
        counts: np.ndarray = np.ones(len(values))
        alone = _error(rest, counts)
        if places is not None:
            rest, counts = np.bincount(places, rest), np.bincount(places).astype(np.float64)
        rises, falls = float(np.maximum(values, 0).mean()), float(np.maximum(-values, 0).mean())
        whole = span is not None and bool(np.isin(values, [*span, 0.0]).all())
        return cls(mean, rest, counts, alone, rises, falls, span, whole)

    @property
    def error(self) -> float:
        """Standard error of the mean, clusters taken together; infinite for one cluster.

        The mean is a ratio of sums over clusters (W. G. Cochran, Sampling techniques, 1977, ch. 9).
        """
        return _error(self.sums, self.counts)

    @property
    def level(self) -> bool:
        """Whether no cluster differs from the mean."""
        return bool(np.abs(self.sums).max() <= _SAME * max(1.0, abs(self.mean)))

    @property
    def effective(self) -> float:
        """Number of queries, each its own cluster, that would tell as much; at most how many there
        are."""
        queries = float(self.counts.sum())
        if self.alone <= 0 or self.level:
            return float(len(self.sums))
        return float(np.clip(queries * (self.alone / self.error) ** 2, 1.0, queries))


@dataclass(frozen=True)
class Resampled:
    """Means less the sample's own, and their standard errors as the draws tell them, float64
    (resamples,) each."""

    sample: Sample
    means: np.ndarray
    errors: np.ndarray


def bounds(
    sample: Sample, draws: Callable[[], Resampled], level: float, method: str | None = None
) -> tuple[float, float]:
    """Bounds of the mean at a level, 0 to 1; EvalError for a method that is none.

    draws: called where a method needs them. method: None is score for values that are right or
    wrong, studentised for others. Infinite for one cluster; the value itself where all have the
    same and there is no span.
    """
    method = method or ("score" if sample.whole else "studentised")
    if method not in METHODS:
        raise EvalError(f"'{method}' is no method of intervals; choose one of {', '.join(METHODS)}")
    tail = (1 - level) / 2
    if len(sample.sums) < 2:
        return -np.inf, np.inf
    if sample.level:
        low, high = (0.0, 0.0) if sample.span is None else _score(sample, tail)
    elif method == "score":
        low, high = _score(sample, tail)
    else:
        low, high = _OF_DRAWS[method](draws(), tail)
    if sample.span is None:
        return sample.mean + low, sample.mean + high
    return max(sample.span[0], sample.mean + low), min(sample.span[1], sample.mean + high)


def resampled(sample: Sample, rng: np.random.Generator, resamples: int) -> Resampled:
    """Draw clusters again, as many as there are, `resamples` times."""
    clusters = len(sample.sums)
    kinds, often = np.unique(sample.sums + 1j * sample.counts, return_counts=True)
    if 4 * len(kinds) <= clusters:
        times = rng.multinomial(clusters, often / clusters, resamples)
        totals = times @ _columns(kinds.real, kinds.imag)
    else:
        totals = _drawn_totals(_columns(sample.sums, sample.counts), rng, resamples)
    total, number, squares, cross, sizes = totals.T
    means = total / number
    spread = np.maximum(squares - 2 * means * cross + means**2 * sizes, 0)
    return Resampled(sample, means, np.sqrt(clusters / max(1, clusters - 1) * spread) / number)


def _columns(sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """What means and errors are made of, of each cluster: float64 (clusters, 5)."""
    return np.stack([sums, counts, sums**2, sums * counts, counts**2], axis=1)


def _drawn_totals(columns: np.ndarray, rng: np.random.Generator, resamples: int) -> np.ndarray:
    """Sums of the columns, (clusters, 5), over the clusters of each draw: (resamples, 5)."""
    clusters = len(columns)
    step, totals = max(1, _CHUNK // clusters), []
    for start in range(0, resamples, step):
        drawn = rng.integers(0, clusters, (min(step, resamples - start), clusters))
        rows = len(drawn)
        drawn += np.arange(rows)[:, None] * clusters
        times = np.bincount(drawn.ravel(), minlength=rows * clusters).reshape(rows, clusters)
        totals.append(times.astype(np.float64) @ columns)
    return np.concatenate(totals)


def _percentile(found: Resampled, tail: float) -> tuple[float, float]:
    """The middle of the means (B. Efron, Bootstrap methods: another look at the jackknife, Annals
    of Statistics 7, 1979)."""
    low, high = np.quantile(found.means, [tail, 1 - tail])
    return float(low), float(high)


def _bca(found: Resampled, tail: float) -> tuple[float, float]:
    """Bias corrected and accelerated (B. Efron, Better bootstrap confidence intervals, JASA 82, 1987).

    The acceleration is of the jackknife over clusters, Σ d³ / (6 (Σ d²)^1.5).
    """
    sums, counts, draws = found.sample.sums, found.sample.counts, len(found.means)
    same = np.abs(found.means) <= _SAME * found.sample.error
    below = ((~same & (found.means < 0)).sum() + 0.5 * same.sum()) / draws
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
    """The mean less quantiles of (drawn mean - mean) / drawn error, times the error (bootstrap-t;
    B. Efron and R. Tibshirani, An introduction to the bootstrap, 1993, ch. 12).

    A draw without scatter tells no error. Where there are more of these than lie outside the
    interval, nearly all queries agree, or there are two or three: score then, and without a span
    nothing can be said.
    """
    error = found.sample.error
    still = found.errors <= _SAME * error
    if still.mean() > tail:
        return (-np.inf, np.inf) if found.sample.span is None else _score(found.sample, tail)
    ratios = np.divide(found.means, found.errors, out=np.zeros_like(found.means), where=~still)
    low, high = np.quantile(ratios[~still], [tail, 1 - tail])
    return -float(high) * error, -float(low) * error


def _score(sample: Sample, tail: float) -> tuple[float, float]:
    """Bounds of shares of right and wrong, for which no draw is needed; needs a span.

    Of one figure: Wilson's (E. B. Wilson, Probable inference, JASA 22, 1927). Of a difference,
    which a span with 0 inside stands for: Agresti's and Min's, half a query more in each of the
    four cells (Simple improved confidence intervals for comparing matched proportions, Statistics
    in Medicine 24, 2005). With clusters, the number of queries is the effective one. Of values
    between the ends it is too wide rather than too narrow: no figure with the same mean scatters
    more than right and wrong.
    """
    z = _NORMAL.inv_cdf(1 - tail)
    if sample.span is None:
        raise EvalError("score needs the least and the most that a figure can be; give a span, such as (0, 100)")
    least, most = sample.span
    queries = sample.effective
    if least < 0 < most:
        rises, falls = (side * queries / most + 0.5 for side in (sample.rises, sample.falls))
        whole = queries + 2
        middle = (rises - falls) / whole
        half = z * float(np.sqrt(max(0.0, (rises + falls) - (rises - falls) ** 2 / whole))) / whole
        return (middle - half) * most - sample.mean, (middle + half) * most - sample.mean
    share = (sample.mean - least) / (most - least)
    middle = (share + z**2 / (2 * queries)) / (1 + z**2 / queries)
    half = z / (1 + z**2 / queries) * float(np.sqrt(share * (1 - share) / queries + z**2 / (4 * queries**2)))
    return least + (middle - half) * (most - least) - sample.mean, least + (middle + half) * (
        most - least
    ) - sample.mean


def _error(sums: np.ndarray, counts: np.ndarray) -> float:
    """Standard error of a mean, a ratio of sums over clusters; sums: less the mean times counts."""
    clusters = len(sums)
    if clusters < 2:
        return float("inf")
    return float(np.sqrt(clusters / (clusters - 1) * (sums**2).sum()) / counts.sum())


_OF_DRAWS: dict[str, Callable[[Resampled, float], tuple[float, float]]] = {
    "percentile": _percentile,
    "bca": _bca,
    "studentised": _studentised,
}
"""Name → bounds less the mean, from draws and the share that lies beyond each bound."""
METHODS = (*_OF_DRAWS, "score")

"""Labels read in closed form: ridge regression towards class indicators in its dual form, on a weighted sum of the
inner products of several embeddings.

An embedding counts by how well its inner products agree with "has the same value" on the labels
(N. Cristianini et al., On kernel-target alignment, NIPS 2001; pairs of an image with itself left out):
what says nothing of the attribute must not drown what does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from model import centred

POWER = 3
"""Of the agreement, which is the weight of an embedding among those of its view."""
ONE_OUT, FOLDS, PAIRED = 60, 10, 6
"""Up to so many labels each is left out alone; of more, a tenth at a time, and two sixths for pairs."""


@dataclass(frozen=True, eq=False)
class Part:
    """An embedding of labelled images less its mean over the catalog, each row of length 1.

    rows: float32 (n, D). centre: float16 (D,).
    """

    rows: np.ndarray
    centre: np.ndarray


@dataclass(frozen=True, eq=False)
class Grams:
    """Inner products of n images in each part, float32 (parts, n, n), with diagonals of zeros, and
    their squares. The diagonals are ones, since rows have length 1."""

    inner: np.ndarray
    squares: np.ndarray

    def weighted(self, weights: np.ndarray) -> np.ndarray:
        """Weighted sum (n, n), its diagonal zeros; weights: (parts,)."""
        summed = np.zeros(self.inner.shape[1:], np.float32)
        for place in np.flatnonzero(weights):
            summed += np.float32(weights[place]) * self.inner[place]
        return summed


@dataclass(frozen=True, eq=False)
class Combined:
    """Weights of the parts, (parts,), of sum 1, and the sum of their Gram matrices (n, n)."""

    weights: np.ndarray
    gram: np.ndarray


def part_of(raw: np.ndarray, labelled: np.ndarray) -> Part:
    """raw: (N, D), of a catalog; labelled: places of the images to learn from, (n,)."""
    centre = raw.mean(axis=0, dtype=np.float32).astype(np.float16)
    return Part(centred(raw[labelled], centre), centre)


def grams_of(rows: Sequence[np.ndarray]) -> Grams:
    """rows: float32 (n, D), a part each."""
    inner = np.stack([part @ part.T for part in rows])
    inner[:, np.arange(inner.shape[1]), np.arange(inner.shape[1])] = 0
    return Grams(inner, inner**2)


def agreement(grams: Grams, labels: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Correlation of the inner products with "the same value" over pairs of two images, (parts,); 0
    where it is negative. labels: places of values, (n,); a value counts the same however frequent.
    kept: bool (n,), images that are looked at."""
    counts = np.maximum(np.bincount(labels[kept], minlength=int(labels.max()) + 1), 1)[labels]
    pairs = np.outer(kept, kept) & ~np.eye(len(labels), dtype=bool)
    wanted = pairs * (labels[:, None] == labels[None]) / np.sqrt(np.outer(counts, counts))
    total = max(1, int(pairs.sum()))
    wanted = np.where(pairs, wanted - wanted.sum() / total, 0.0).astype(np.float32)
    mask = kept.astype(np.float32)
    means, squares = ((each @ mask @ mask).astype(np.float64) / total for each in (grams.inner, grams.squares))
    deviation = np.sqrt(np.maximum(squares - means**2, 0) * total) * np.linalg.norm(wanted)
    shared = np.tensordot(grams.inner, wanted, 2)
    found: np.ndarray = np.where(deviation > 1e-9, np.maximum(shared, 0) / np.maximum(deviation, 1e-9), 0.0)
    return found


def combine(
    grams: Grams, labels: np.ndarray, kept: np.ndarray, views: np.ndarray, sources: Mapping[str, Sequence[int]]
) -> dict[str, Combined]:
    """Parts weighted by what they agree with, by source. views: which view a part is of, int64
    (parts,), from 0. sources: the views that are read. labels, kept: as for `agreement`.

    Among those of its view a part counts by the third power of its agreement; the views, so summed,
    by theirs: the general view stands against a view of all attributes, not against one attribute's.
    """
    agreed = agreement(grams, labels, kept) ** POWER
    inside = np.stack([_normed(np.where(views == one, agreed, 0.0), views == one) for one in range(views.max() + 1)])
    sums = np.stack([grams.weighted(weights) for weights in inside])
    alike = agreement(Grams(sums, sums**2), labels, kept)
    found = {}
    for source, read in sources.items():
        usable = np.isin(np.arange(len(inside)), read)
        shares = _normed(np.where(usable, alike, 0.0), usable)
        found[source] = Combined(shares @ inside, np.tensordot(shares.astype(np.float32), sums, 1))
    return found


def coefficients(gram: np.ndarray, labels: np.ndarray, values: int, shrinkage: float) -> np.ndarray:
    """Dual coefficients float64 (n, values): (K + (1 + shrinkage) I)^-1 Y, where K with its diagonal
    of zeros lacks the identity, and the columns of indicators Y are divided by the fourth root of
    their number of labels, so that rare values are heard."""
    counts = np.maximum(np.bincount(labels, minlength=values), 1)
    wanted = (labels[:, None] == np.arange(values)) / counts**0.25
    return np.linalg.solve(gram.astype(np.float64) + (1 + shrinkage) * np.eye(len(gram)), wanted)


def folds_of(labels: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """Which of so many folds each label is left out with, int64 (n,): evenly over the values, drawn
    by seed."""
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    order = shuffled[np.argsort(labels[shuffled], kind="stable")]
    fold = np.empty(len(labels), np.int64)
    fold[order] = np.arange(len(labels)) % folds
    return fold


def left_out_scores(
    grams: Grams,
    labels: np.ndarray,
    views: np.ndarray,
    sources: Mapping[str, Sequence[int]],
    shrinkages: Sequence[float],
    fold: np.ndarray,
) -> dict[tuple[str, float], np.ndarray]:
    """Scores float64 (n, values) of each label from the others, by source and shrinkage; the weights
    of the parts, too, are found without it. Arguments as for `combine` and `folds_of`."""
    values = int(labels.max()) + 1
    scores = {(source, each): np.zeros((len(labels), values)) for source in sources for each in shrinkages}
    for number in np.unique(fold):
        kept = fold != number
        for source, one in combine(grams, labels, kept, views, sources).items():
            own, across = one.gram[np.ix_(kept, kept)], one.gram[np.ix_(~kept, kept)]
            for each in shrinkages:
                scores[source, each][~kept] = across @ coefficients(own, labels[kept], values, each)
    return scores


def left_out_pairs(
    grams: Grams,
    labels: np.ndarray,
    views: np.ndarray,
    read: Sequence[int],
    shrinkage: float,
    unit: float,
    fold: np.ndarray,
) -> np.ndarray:
    """Chance that two images share their value, float64 (n, n), by a reading that has seen neither.

    Leaving out one at a time flatters: each has taught how the other is read. read: views that are
    read; unit: what scores are divided by before the softmax; others as for `left_out_scores`.
    """
    values, shared = int(labels.max()) + 1, np.zeros((len(labels), len(labels)))
    for first, second in combinations_with_replacement(np.unique(fold).tolist(), 2):
        kept = (fold != first) & (fold != second)
        gram = combine(grams, labels, kept, views, {"": read})[""].gram
        dual = coefficients(gram[np.ix_(kept, kept)], labels[kept], values, shrinkage)
        left, right = (softmax(gram[fold == one][:, kept] @ dual / unit) for one in (first, second))
        shared[np.ix_(fold == first, fold == second)] = left @ right.T
        shared[np.ix_(fold == second, fold == first)] = right @ left.T
    return shared


def softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances: np.ndarray = raised / raised.sum(axis=1, keepdims=True)
    return chances


def _normed(weights: np.ndarray, usable: np.ndarray) -> np.ndarray:
    """Weights of sum 1 without the tiniest; the same for all that are usable where none agrees."""
    weights = weights if weights.max() > 0 else usable.astype(np.float64)
    weights = np.where(weights < weights.max() / 1000, 0.0, weights)
    return weights / weights.sum()

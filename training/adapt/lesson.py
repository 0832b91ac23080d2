"""What an attribute is taught from: labelled images, their embeddings, and how they are scored without it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics import cosine, ranked_relevance
from model import GENERAL, Column, Derivation
from training.adapt.ridge import Part, part_of
from training.errors import TrainingError

ALWAYS = Column("", GENERAL)
"""The general view: what teaching works with before a bank is there."""
MOST, TRIED, CENTRED = 2000, 600, 5000
"""At most so many labels to learn from and, of these, to leave out in turn, both evenly over the values, and so many
images to find the centre of an embedding by."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """Labelled images.

    values: those that are seen. labels: int64 (n,), places of them. rows: which images of the catalog they are, int64 (n,).
    parts: their embeddings in the order of `columns`. tried: places of the images that are left out in turn, int64 (m,). general,
    beside: scores (m, m) of global similarity, and of what may have a share of the score: `own`, the
    weights' attribute, or the centred general view where there is none.
    """

    values: tuple[str, ...]
    labels: np.ndarray
    rows: np.ndarray
    columns: tuple[Column, ...]
    parts: list[Part]
    tried: np.ndarray
    general: np.ndarray
    beside: np.ndarray
    own: Derivation | None

    def ranked(self, scores: np.ndarray, among: np.ndarray | None = None) -> np.ndarray:
        """Relevance by rank, bool (q, m - 1): each image that is tried asks the others; those that
        have no other of their value do not ask. scores: (m, m). among: bool (m,), those that ask and are asked."""
        labels = self.labels[self.tried]
        if among is not None:
            labels, scores = labels[among], scores[np.ix_(among, among)]
        same = labels[:, None] == labels[None]
        ranked = ranked_relevance(scores, same, np.eye(len(same), dtype=bool))[:, :-1]
        return ranked[ranked.any(axis=1)]


def lesson_of(
    labels: np.ndarray,
    values: Sequence[str],
    raw: Mapping[Column, np.ndarray],
    own: Derivation | None,
    seed: int,
) -> Lesson:
    """Arguments and errors as for `teach`. Images whose general view is zeros could not be read and
    do not count; `own` counts only where its columns are there."""
    if ALWAYS not in raw:
        raise TrainingError("the general view of this catalog is not stored; index the catalog first")
    readable = np.flatnonzero(raw[ALWAYS].any(axis=1))
    labels = labels[readable]
    check(labels, values)
    rng = np.random.default_rng(seed)
    rows = evenly(labels, MOST, rng)
    around = np.union1d(rng.permutation(len(labels))[:CENTRED], rows)
    parts = [part_of(part[readable[around]], np.searchsorted(around, rows)) for part in raw.values()]
    seen, known = np.unique(labels[rows], return_inverse=True)
    tried = evenly(known, TRIED, rng)
    general = raw[ALWAYS][readable[rows[tried]]]
    if own is not None and all(column in raw for column in own.needs):
        means = {column: raw[column][readable[around]].astype(np.float32).mean(0) for column in own.needs}
        here = own.on(means, len(around))
        beside = own_scores(here, [raw[column][readable[rows[tried]]] for column in own.needs])
    else:
        own, centred = None, parts[list(raw).index(ALWAYS)].rows[tried]
        beside = cosine(centred, centred)
    names = tuple(values[int(value)] for value in seen)
    return Lesson(names, known, readable[rows], tuple(raw), parts, tried, cosine(general, general), beside, own)


def can_teach(labels: np.ndarray, values: int) -> bool:
    """Whether labels, places of so many values, are enough to learn anything from: two values with two each."""
    return int((np.bincount(labels[labels >= 0], minlength=values) > 1).sum()) > 1


def check(labels: np.ndarray, values: Sequence[str]) -> None:
    """TrainingError where labels, places of values, are too few to learn anything from."""
    if not can_teach(labels, len(values)):
        counts = np.bincount(labels[labels >= 0], minlength=len(values))
        there = ", ".join(f"'{value}' {count}" for value, count in zip(values, counts, strict=True) if count)
        raise TrainingError(f"teaching needs two values with two labels each, better ten; it has: {there or 'none'}")


def evenly(labels: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    """Places of at most so many labels, ascending, the same number a value where it has them, two
    at least; negative labels are left out."""
    shuffled = rng.permutation(np.flatnonzero(labels >= 0))
    counts = np.bincount(labels[shuffled])
    each = int(counts.max())
    while each > 2 and np.minimum(counts, each).sum() > most:
        each = max(2, each * 9 // 10)
    return np.sort(np.concatenate([shuffled[labels[shuffled] == value][:each] for value in np.flatnonzero(counts)]))


def draw(labels: np.ndarray, positions: np.ndarray, most: int, seed: int = 0) -> np.ndarray:
    """At most `most` of the positions for each value, drawn by seed; unlabelled ones (-1) are left out."""
    shuffled = np.random.default_rng(seed).permutation(positions)
    chosen = [shuffled[labels[shuffled] == value][:most] for value in np.unique(labels[labels >= 0])]
    return np.sort(np.concatenate([np.empty(0, np.int64), *chosen]))


def own_scores(own: Derivation, raw: Sequence[np.ndarray]) -> np.ndarray:
    """Scores (m, m) of an attribute of the weights; raw: (m, D) each, in the order of its needs."""
    vectors, start = own.apply(raw), 0
    scores = np.zeros((len(vectors), len(vectors)))
    for section in own.sections:
        part = vectors[:, start : start + section.width].astype(np.float64)
        scores += own.mix[section.name] * (cosine(part, part) if section.unit else part @ part.T)
        start += section.width
    return scores

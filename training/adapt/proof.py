"""What teaching is worth on a catalog: its labelled pictures find each other before and after, from few labels and from many."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics import average_precision, cosine, ranked_relevance
from model import Column, Derivation, Reading
from training.adapt import ridge
from training.adapt.lesson import ALWAYS, Lesson, can_teach, lesson_of, own_scores
from training.adapt.teach import _unit, choose, fit, unseen
from training.errors import TrainingError

ASKED = 500
"""Labelled pictures that ask each other, at most, drawn by lot, so that values are as frequent as they are."""
REST = 300
"""Pictures that were not learnt from which ask each other, at most."""
POOL = 1500
"""Labelled pictures that the draws are made from, at most."""
AROUND = 2000
"""Pictures that embeddings are centred on, at most."""
STEPS = (2, 3, 5, 10, 20, 50, 100, 200)
"""Labels a value that are tried."""
WELL_ABOVE = 1.4
TAUGHT_FROM = 800
"""Labels in all above which no further step is tried: it would take minutes."""
FIRST = 12
SIMILAR, BEFORE, AFTER = "similar", "before", "after"


@dataclass(frozen=True, eq=False)
class Material:
    """One attribute of n pictures of a catalog. rows: places in the catalog, int64 (n,). labels: int64 (n,), -1 for none. raw: unit
    embeddings (n, D) by column. own: how the weights derive it, None where they do not know it."""

    values: tuple[str, ...]
    rows: np.ndarray
    labels: np.ndarray
    raw: Mapping[Column, np.ndarray]
    own: Derivation | None

    @property
    def labelled(self) -> np.ndarray:
        return np.flatnonzero(self.labels >= 0)

    @property
    def means(self) -> dict[Column, np.ndarray]:
        return {column: part.astype(np.float32).mean(axis=0) for column, part in self.raw.items()}


@dataclass(frozen=True, eq=False)
class Found:
    """How queries fared, by method: ap, p12 percent (Q,). rows: places of the queries in the catalog, int64 (Q,). relevant: right ones
    of each query, int64 (Q,). candidates: how many each ranks. P@12 is over as many first places as
    there are right ones where these are fewer than 12."""

    rows: np.ndarray
    relevant: np.ndarray
    candidates: int
    ap: Mapping[str, np.ndarray]
    p12: Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Draw:
    """One draw: `after` by labels a value, and what needs no labels on the same queries. labels: in all, by labels a value."""

    found: Found
    ap: Mapping[int, np.ndarray]
    p12: Mapping[int, np.ndarray]
    labels: Mapping[int, int]


def material(
    values: Sequence[str],
    labels: np.ndarray,
    column: Callable[[Column], np.ndarray],
    columns: Sequence[Column],
    own: Derivation | None,
    seed: int = 0,
) -> Material:
    """What is looked at of a catalog: `POOL` labelled pictures at most, and others to centre on. labels: int64 (N,). column: gives raw
    embeddings (N, D), zeros where a picture cannot be read. TrainingError without the general view."""
    if ALWAYS not in columns:
        raise TrainingError("the general view of this catalog is not stored; embed it first")
    order = np.random.default_rng(seed).permutation(len(labels))
    general = column(ALWAYS)
    order = order[np.isin(order, np.flatnonzero(general.any(axis=1)))]
    labelled = order[labels[order] >= 0][:POOL]
    rows = np.sort(np.concatenate([labelled, order[labels[order] < 0][: max(0, AROUND - len(labelled))]]))
    needs = dict.fromkeys([*columns, *(own.needs if own is not None else ())])
    return Material(tuple(values), rows, labels[rows], {name: column(name)[rows] for name in needs}, own)


def teachable(labels: np.ndarray, values: int) -> bool:
    """Whether labels are enough to measure teaching: two values with four each, of which half can be kept back."""
    kept = labels[labels >= 0]
    return can_teach(kept, values) and int((np.bincount(kept, minlength=values) >= 4).sum()) > 1


def left_out(given: Material, seed: int = 0) -> Found:
    """Each of `ASKED` labelled pictures asks the others: by global similarity, by the weights, and as taught
    by labels of which neither picture's is one. TrainingError for too few labels."""
    kept = np.random.default_rng(seed).permutation(given.labelled)[:ASKED]
    labels = np.full(len(given.labels), -1, np.int64)
    labels[kept] = given.labels[kept]
    lesson = lesson_of(labels, given.values, given.raw, given.own, seed)
    grams = ridge.grams_of([part.rows[lesson.tried] for part in lesson.parts])
    choice, scores = choose(lesson, grams, seed)
    methods = {SIMILAR: _similar(lesson), AFTER: unseen(lesson, grams, choice, _unit(scores, choice), seed)}
    if lesson.own is not None:
        methods[BEFORE] = lesson.beside
    return _found(given.rows[lesson.rows[lesson.tried]], lesson.labels[lesson.tried], methods)


def steps_of(labels: np.ndarray, values: int) -> list[int]:
    """Labels a value that can be tried: at most half of what the middle value has, and that half itself where it is well above."""
    counts = np.bincount(labels[labels >= 0], minlength=values)
    half = counts[counts >= 4] // 2
    if len(half) < 2:
        return []
    middle = int(np.median(half))
    tried = [n for n in STEPS if n <= middle]
    tried += [middle] if middle >= WELL_ABOVE * tried[-1] else []
    return [n for n in tried if n == 2 or np.minimum(n, counts // 2).sum() <= TAUGHT_FROM]


def draw_curve(given: Material, steps: Sequence[int], seed: int) -> Draw:
    """Teach with so many labels a value, drawn by seed, fewer of a value that has not twice as many; the rest ranks the rest, the same
    at every step."""
    rng = np.random.default_rng(seed)
    pools = {}
    for value in np.unique(given.labels[given.labelled]):
        pools[value] = rng.permutation(np.flatnonzero(given.labels == value))
    top = {value: min(max(steps), len(rows) // 2) for value, rows in pools.items()}
    rest = rng.permutation(np.concatenate([rows[top[value] :] for value, rows in pools.items()]))[:REST]
    methods = {SIMILAR: _centred_cosine(given, rest)}
    if given.own is not None:
        here = given.own.on(given.means, len(given.rows))
        methods[BEFORE] = own_scores(here, [given.raw[column][rest] for column in given.own.needs])
    counts = {}
    for n in steps:
        learnt = np.concatenate([rows[: min(n, top[value])] for value, rows in pools.items()])
        counts[n] = len(learnt)
        methods[str(n)] = _taught_scores(given, learnt, rest, seed)
    found = _found(given.rows[rest], given.labels[rest], methods)
    return Draw(found, {n: found.ap[str(n)] for n in steps}, {n: found.p12[str(n)] for n in steps}, counts)


def _taught_scores(given: Material, learnt: np.ndarray, rest: np.ndarray, seed: int) -> np.ndarray:
    labels = np.full(len(given.labels), -1, np.int64)
    labels[learnt] = given.labels[learnt]
    lesson = lesson_of(labels, given.values, given.raw, given.own, seed)
    grams = ridge.grams_of([part.rows[lesson.tried] for part in lesson.parts])
    choice, scores = choose(lesson, grams, seed)
    reading: Reading = fit("", lesson, grams, choice, _unit(scores, choice))
    return own_scores(
        reading.on(given.means, len(given.rows)), [given.raw[Column(*column)][rest] for column in reading.needs]
    )


def _similar(lesson: Lesson) -> np.ndarray:
    rows = lesson.parts[lesson.columns.index(ALWAYS)].rows[lesson.tried]
    return cosine(rows, rows)


def _centred_cosine(given: Material, rest: np.ndarray) -> np.ndarray:
    part = given.raw[ALWAYS].astype(np.float32)
    rows = part[rest] - part.mean(axis=0)
    return cosine(rows, rows)


def _found(rows: np.ndarray, labels: np.ndarray, methods: Mapping[str, np.ndarray]) -> Found:
    """methods: scores (m, m) of m pictures with labels (m,); those that have no other of their value do not ask."""
    same = labels[:, None] == labels[None]
    own = np.eye(len(labels), dtype=bool)
    relevant: np.ndarray = same.sum(axis=1) - 1
    asks = relevant > 0
    ap, p12 = {}, {}
    for name, scores in methods.items():
        ranked = ranked_relevance(scores, same, own)[asks, :-1]
        ap[name] = 100 * average_precision(ranked, reduce=False)
        p12[name] = 100 * first_precision(ranked, relevant[asks])
    return Found(rows[asks], relevant[asks], len(labels) - 1, ap, p12)


def first_precision(ranked: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Share right of the first 12, or of as many as there are right ones where these are fewer, 0 to 1, (Q,). ranked: bool
    (Q, C); relevant: right ones of each query, (Q,), one at least."""
    depth = np.minimum(relevant, FIRST)
    inside = np.arange(min(FIRST, ranked.shape[1]))[None] < depth[:, None]
    share: np.ndarray = (ranked[:, : inside.shape[1]] & inside).sum(axis=1) / depth
    return share

"""What teaching is worth on a catalog: its labelled pictures find each other before and after, from few labels and from many."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval import sections_scorer
from eval.metrics import average_precision, cosine, precision_at_k, ranked_relevance
from model import Column, Derivation, Reading
from training.adapt import ridge
from training.adapt.lesson import ALWAYS, can_teach, lesson_of, own_scores
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
    """One attribute of n pictures of a catalog.

    rows: places in the catalog, int64 (n,). labels: int64 (n,), -1 for none. raw: unit embeddings (n, D) by column. centre: mean
    general view of the whole catalog, float64 (D,), which ordinary similarity takes off. own: how the weights derive the
    attribute, and vectors: float16 (n, width), what a search compares; both None where they do not know it.
    """

    values: tuple[str, ...]
    rows: np.ndarray
    labels: np.ndarray
    raw: Mapping[Column, np.ndarray]
    centre: np.ndarray
    own: Derivation | None
    vectors: np.ndarray | None

    @property
    def labelled(self) -> np.ndarray:
        return np.flatnonzero(self.labels >= 0)

    @property
    def means(self) -> dict[Column, np.ndarray]:
        return {column: part.astype(np.float32).mean(axis=0) for column, part in self.raw.items()}


@dataclass(frozen=True, eq=False)
class Found:
    """How queries fared, by method: ap, p12 percent (Q,), as `eval.metrics` has them. rows: places of the queries in the catalog,
    int64 (Q,). relevant: right ones of each query, int64 (Q,). candidates: how many each ranks."""

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
    vectors: np.ndarray | None = None,
) -> Material:
    """What is looked at of a catalog: `POOL` labelled pictures at most, and others to centre on. labels: int64 (N,). column: gives raw
    embeddings (N, D), zeros where a picture cannot be read. vectors: (N, width), what a search for the attribute compares;
    derived from the raw ones by `own` where they are not given. TrainingError without the general view."""
    if ALWAYS not in columns:
        raise TrainingError("the general view of this catalog is not stored; embed it first")
    order = np.random.default_rng(seed).permutation(len(labels))
    general = column(ALWAYS)
    readable = np.flatnonzero(general.any(axis=1))
    order = order[np.isin(order, readable)]
    labelled = order[labels[order] >= 0][:POOL]
    rows = np.sort(np.concatenate([labelled, order[labels[order] < 0][: max(0, AROUND - len(labelled))]]))
    needs = dict.fromkeys([*columns, *(own.needs if own is not None else ())])
    raw = {name: column(name)[rows] for name in needs}
    centre: np.ndarray = general[readable].mean(axis=0, dtype=np.float64)
    found: np.ndarray | None = None if own is None or vectors is None else vectors[rows]
    if own is not None and vectors is None:
        here = own.on({name: raw[name].astype(np.float32).mean(axis=0) for name in own.needs}, len(rows))
        found = here.apply([raw[name] for name in own.needs]).astype(np.float16)
    return Material(tuple(values), rows, labels[rows], raw, centre, own, found)


def teachable(labels: np.ndarray, values: int) -> bool:
    """Whether labels are enough to measure teaching: two values with four each, of which half can be kept back."""
    kept = labels[labels >= 0]
    return can_teach(kept, values) and int((np.bincount(kept, minlength=values) >= 4).sum()) > 1


def left_out(given: Material, seed: int = 0) -> Found:
    """Each of `ASKED` labelled pictures asks the others: by global similarity and by the weights, as an evaluation
    has them, and as taught by labels of which neither picture's is one. TrainingError for too few labels."""
    kept = np.random.default_rng(seed).permutation(given.labelled)[:ASKED]
    labels = np.full(len(given.labels), -1, np.int64)
    labels[kept] = given.labels[kept]
    lesson = lesson_of(labels, given.values, given.raw, given.own, seed)
    grams = ridge.grams_of([part.rows[lesson.tried] for part in lesson.parts])
    choice, scores = choose(lesson, grams, seed)
    asked = lesson.rows[lesson.tried]
    methods = {**_untaught(given, asked), AFTER: unseen(lesson, grams, choice, _unit(scores, choice), seed)}
    return _found(given.rows[asked], lesson.labels[lesson.tried], methods)


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
    methods, counts = _untaught(given, rest), {}
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


def _untaught(given: Material, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Scores (m, m) of some pictures that no label was needed for: by global similarity, and by the weights where they know
    the attribute; the same that an evaluation ranks by."""
    general: np.ndarray = given.raw[ALWAYS][rows].astype(np.float64) - given.centre
    methods = {SIMILAR: cosine(general, general)}
    if given.own is not None and given.vectors is not None:
        scores = sections_scorer(given.vectors, given.own.sections, given.own.mix)
        methods[BEFORE] = scores(rows, rows)["fused"]
    return methods


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
        p12[name] = 100 * precision_at_k(ranked, FIRST, reduce=False)
    return Found(rows[asks], relevant[asks], len(labels) - 1, ap, p12)

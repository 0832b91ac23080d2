"""An attribute taught in closed form: from raw embeddings that are there already and a few labels a value."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np

from eval import difference_interval, mean_interval
from eval.metrics import average_precision, chance_average_precision
from model import GENERAL, POSTERIOR, Column, Derivation, Reading, among, fit_match
from training.adapt import ridge
from training.adapt.lesson import ALWAYS, Lesson, lesson_of

FEW = 3
"""Labels of a value below which it is said."""
SHRINKAGES, TEMPERATURES = (0.5, 0.2, 1.0), (0.6, 0.4, 1.0)
GENERAL_SHARES, OWN_SHARES = (0.0, 0.1, 0.2, 0.4), (0.5, 0.3, 0.7, 0.0)
"""What the labels left out choose between; the first of each where they favour none."""
CAUTION = 2.0
"""Standard errors by which another choice must be better than the usual one: with few labels the best of many is best by
luck."""


@dataclass(frozen=True)
class Choice:
    """How an attribute is read. source: "both", "bank" or "general", what the values are read from.

    shrinkage: of the regression, in parts of the mean diagonal of the Gram matrix. temperature: of the
    softmax, in deviations of the scores. beside: share of the general view's cosine, or of the score
    of the weights' own attribute where there is one.
    """

    source: str
    shrinkage: float
    temperature: float
    beside: float


def teach(
    name: str,
    labels: np.ndarray,
    values: Sequence[str],
    raw: Mapping[Column, np.ndarray],
    own: Derivation | None = None,
    seed: int = 0,
    sampled: np.ndarray | None = None,
) -> Reading:
    """An attribute like any other from the labelled images of a catalog; takes seconds, no network.

    labels: int64 (N,), places in `values`, -1 for unlabelled. raw: unit embeddings (N, D) by column:
    the general view, and the bank of attributes' views as far as it is there. own: the weights'
    attribute of this name, whose score may then have a share. What is read, how much it is
    regularised, the temperature and the shares are chosen by labels left out; `record` of the result
    has their MAP and P@12 with its gain over global similarity and intervals (percent), how many of each value are read
    right, and warnings. sampled: bool (N,), images drawn at random; figures are of these alone, since those that
    somebody chose are easier or harder than the catalog. None: all. TrainingError for too few labels, and without the general view.
    """
    began = perf_counter()
    lesson = lesson_of(np.asarray(labels, np.int64), values, raw, own, seed)
    grams = ridge.grams_of([part.rows[lesson.tried] for part in lesson.parts])
    choice, left_out = choose(lesson, grams, seed)
    unit = _unit(left_out, choice)
    reading = fit(name, lesson, grams, choice, unit)
    scores = unseen(lesson, grams, choice, unit, seed)
    fair = np.ones(len(lesson.tried), bool) if sampled is None else sampled[lesson.rows[lesson.tried]]
    record = {
        "seed": seed,
        "items": len(labels),
        "labels": dict(zip(lesson.values, np.bincount(lesson.labels).tolist(), strict=True)),
        "choice": asdict(choice),
        "right": right(lesson, left_out),
        **figures(lesson, scores, fair, seed),
        "bytes_per_item": bytes_per_item(raw),
        "warnings": warnings(lesson),
        "seconds": round(perf_counter() - began, 2),
    }
    mix = [reading.mix[section.name] for section in reading.sections]
    asked, often = lesson.labels[lesson.tried], frequencies(np.asarray(labels, np.int64), sampled)
    some = as_often(asked, np.array([often.get(list(values).index(value), 0) for value in lesson.values]))
    match = fit_match([among(scores[np.ix_(some, some)], asked[some], lean=0.0)], mix)
    return replace(reading, record=record, match=match)


def frequencies(labels: np.ndarray, sampled: np.ndarray | None) -> Counter[int]:
    """How often each value is given; among images drawn at random, where these show every value."""
    everything = Counter(labels[labels >= 0].tolist())
    fair = everything if sampled is None else Counter(labels[(labels >= 0) & sampled].tolist())
    return fair if len(fair) == len(everything) else everything


def as_often(labels: np.ndarray, often: np.ndarray) -> np.ndarray:
    """Places of as many labels as can be had when values are as frequent as `often` (values,) says, which chances of a shared
    value depend on; labels: int64 (n,), of each value at least one."""
    shares = often / often.sum()
    size = (np.bincount(labels, minlength=len(often)) / shares).min()
    kept = [np.flatnonzero(labels == value)[: max(1, round(size * share))] for value, share in enumerate(shares)]
    return np.sort(np.concatenate(kept))


def bytes_per_item(raw: Mapping[Column, np.ndarray]) -> int:
    """What raw columns cost an image in a store, as float16."""
    return sum(2 * part.shape[1] for part in raw.values())


def choose(lesson: Lesson, grams: ridge.Grams, seed: int) -> tuple[Choice, np.ndarray]:
    """The choice, and the scores float64 (m, values) of labels left out that it was made by.

    One thing after the other; what is usual stays unless another is better by `CAUTION`.
    """
    labels = lesson.labels[lesson.tried]
    fold = ridge.folds_of(labels, len(labels) if len(labels) <= ridge.ONE_OUT else ridge.FOLDS, seed)
    found = ridge.left_out_scores(grams, labels, views_of(lesson), sources(lesson), SHRINKAGES, fold)
    shares = GENERAL_SHARES if lesson.own is None else OWN_SHARES
    best = Choice(*next(iter(found)), TEMPERATURES[0], shares[0])
    steps: list[list[dict[str, Any]]] = [
        [{"source": source, "shrinkage": shrinkage} for source, shrinkage in found],
        [{"temperature": temperature} for temperature in TEMPERATURES],
        [{"beside": share} for share in shares],
    ]
    for step in steps:
        tried = [replace(best, **changed) for changed in step]
        reached = [_precision(lesson, found[one.source, one.shrinkage], one) for one in tried]
        top = int(np.argmax([each.mean() for each in reached]))
        gain = reached[top] - reached[tried.index(best)]
        if gain.mean() > CAUTION * gain.std() / np.sqrt(len(gain)):
            best = tried[top]
    return best, found[best.source, best.shrinkage]


def views_of(lesson: Lesson) -> np.ndarray:
    """Which view a part is of, int64 (parts,): 0 for the general view."""
    views = [GENERAL, *dict.fromkeys(column.view for column in lesson.columns if column != ALWAYS)]
    return np.array([views.index(column.view) for column in lesson.columns])


def sources(lesson: Lesson) -> dict[str, tuple[int, ...]]:
    """What values can be read from, and the views of each."""
    bank = tuple(range(1, int(views_of(lesson).max()) + 1))
    return {"both": (0, *bank), "bank": bank, "general": (0,)} if bank else {"general": (0,)}


def unseen(lesson: Lesson, grams: ridge.Grams, choice: Choice, unit: float, seed: int) -> np.ndarray:
    """Scores (m, m) of images of which the reading has seen neither; unit: what they are divided by before the softmax."""
    labels = lesson.labels[lesson.tried]
    fold = ridge.folds_of(labels, ridge.FOLDS if len(labels) <= 4 * ridge.ONE_OUT else ridge.PAIRED, seed)
    read = sources(lesson)[choice.source]
    shared = ridge.left_out_pairs(grams, labels, views_of(lesson), read, choice.shrinkage, unit, fold)
    return _mixed(lesson, shared, choice)


def right(lesson: Lesson, scores: np.ndarray) -> dict[str, float]:
    """Share of the labels left out of each value that are read as it, 0 to 1; scores: (m, values)."""
    asked, found = lesson.labels[lesson.tried], scores.argmax(axis=1)
    return {value: float((found[asked == place] == place).mean()) for place, value in enumerate(lesson.values)}


def figures(lesson: Lesson, scores: np.ndarray, fair: np.ndarray, seed: int) -> dict[str, Any]:
    """In percent: each image that is tried asks the others, the fair ones among themselves, bool (m,). scores: (m, m).
    The number of queries alone where that is none."""
    ranked, usual = lesson.ranked(scores, fair), lesson.ranked(lesson.general, fair)
    if not len(ranked):
        return {"queries": 0}
    precision, before = (100 * average_precision(one, reduce=False) for one in (ranked, usual))
    relevant = ranked.sum(axis=1)
    return {
        "queries": len(ranked),
        "map": float(precision.mean()),
        "map_interval": asdict(mean_interval(precision, seed=seed)),
        "map_global": float(before.mean()),
        "chance_map": 100 * chance_average_precision(relevant, ranked.shape[1]),
        "gain": asdict(difference_interval(precision, before, seed=seed)),
        "p12": 100 * float(ranked[:, :12].mean()),
        "p12_global": 100 * float(usual[:, :12].mean()),
        "p12_ceiling": 100 * float(np.minimum(relevant, 12).mean()) / min(12, ranked.shape[1]),
    }


def fit(name: str, lesson: Lesson, grams: ridge.Grams, choice: Choice, unit: float) -> Reading:
    """The reading of all labels; unit: what they are divided by before the softmax."""
    everything = np.ones(len(lesson.tried), bool)
    found = ridge.combine(grams, lesson.labels[lesson.tried], everything, views_of(lesson), sources(lesson))
    weights = found[choice.source].weights
    used = [(lesson.columns[i], lesson.parts[i], float(weights[i])) for i in np.flatnonzero(weights)]
    gram = np.zeros((len(lesson.labels), len(lesson.labels)), np.float32)
    for _, part, weight in used:
        gram += weight * (part.rows @ part.rows.T)
    np.fill_diagonal(gram, 0)
    dual = ridge.coefficients(gram, lesson.labels, len(lesson.values), choice.shrinkage) / unit
    own = lesson.own if choice.beside else None
    beside = {GENERAL: 1.0} if own is None and choice.beside else {} if own is None else own.mix
    return Reading(
        name,
        lesson.values,
        tuple(column for column, _, _ in used),
        tuple(part.centre for _, part, _ in used),
        tuple((weight * (part.rows.T @ dual)).astype(np.float16) for _, part, weight in used),
        {POSTERIOR: 1 - choice.beside, **{section: choice.beside * share for section, share in beside.items()}},
        lesson.parts[lesson.columns.index(ALWAYS)].centre if own is None and choice.beside else None,
        own,
    )


def warnings(lesson: Lesson) -> list[str]:
    """What to say of values with hardly any labels."""
    counts = zip(lesson.values, np.bincount(lesson.labels).tolist(), strict=True)
    few = [(value, count) for value, count in counts if count < FEW]
    return [f"'{value}' has only {count} label{'s' * (count > 1)}; give it {FEW} at least" for value, count in few]


def _precision(lesson: Lesson, scores: np.ndarray, choice: Choice) -> np.ndarray:
    chances = ridge.softmax(scores / _unit(scores, choice))
    return average_precision(lesson.ranked(_mixed(lesson, chances @ chances.T, choice)), reduce=False)


def _mixed(lesson: Lesson, shared: np.ndarray, choice: Choice) -> np.ndarray:
    mixed: np.ndarray = (1 - choice.beside) * shared + choice.beside * lesson.beside
    return mixed


def _unit(scores: np.ndarray, choice: Choice) -> float:
    return choice.temperature * max(float(scores.std()), 1e-12)

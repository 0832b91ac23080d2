"""Gain and labels: what a catalog's own labels say of Lapel, before and after teaching, and how few would do."""

from collections.abc import Callable

import numpy as np

from catalog import Catalog
from eval import EvalError, Interval, difference_interval, forecast, least_labels
from eval.metrics import ceiling_precision_at_k, chance_average_precision, chance_precision_at_k
from library.opened import Opened
from library.poc.sheet import Against, Curve, Gain, PassedOver, Score, Step
from model import Column, Derivation, derivation
from training.adapt import Draw, Found, Material, bank, draw_curve, left_out, material, steps_of, teachable

DRAWS = 5
MORE = 100
"""Further labels that are looked ahead to."""
SIMILAR, BEFORE, AFTER = "similar", "before", "after"
FEW = 20
"""Queries below which an attribute gets no figures."""


def materials(opened: Opened, view: Catalog, seed: int) -> tuple[dict[str, Material], list[PassedOver]]:
    """What there is to measure each attribute of a view of an open catalog on, and the attributes that have too few labels.
    A taught attribute counts as the weights have it: that it was taught shows in figures after teaching."""
    engine, embedder = opened.engine, opened.embedder
    places = np.array([opened.catalog.position(item.id) for item in view.items], np.int64)
    table, part = engine.table, engine.part(view)  # the part is centred on itself, as Metrics and `eval run` have it
    columns = [column for column in bank(embedder) if table.has([column])]
    found, passed = {}, list[PassedOver]()

    def raw(column: Column) -> np.ndarray:
        return np.asarray(table.column(column))[places]

    for attribute in view.attributes:
        labels = view.labels(attribute.name)
        count = int((labels >= 0).sum())
        if not teachable(labels, len(attribute.values)) or count < FEW:
            passed.append(PassedOver(attribute.name, count, _missing(labels, count)))
            continue
        own: Derivation | None = None
        if attribute.name in embedder.model.config.attributes:
            own = derivation(embedder.model, attribute.name)
            own = own if table.has(own.needs) else None
        vectors = None
        if own is not None and embedder.derivation(attribute.name).digest == own.digest:
            vectors = part.vectors(attribute.name)
        found[attribute.name] = material(attribute.values, labels, raw, columns, own, seed, vectors)
    return found, passed


def gain_of(name: str, given: Material, seed: int) -> Gain:
    """EvalError for fewer than `FEW` queries."""
    found = left_out(given, seed)
    if len(found.rows) < FEW:
        raise EvalError(f"'{name}' has {len(found.rows)} queries; {FEW} are needed")
    relevant, known = found.relevant, BEFORE in found.ap
    chance = Score(
        100 * chance_average_precision(relevant, found.candidates),
        100 * chance_precision_at_k(relevant, found.candidates, 12),
    )
    return Gain(
        attribute=name,
        values=len(np.unique(given.labels[given.labelled])),
        labels=found.candidates + 1,
        queries=len(found.rows),
        chance=chance,
        ceiling=100 * ceiling_precision_at_k(relevant, 12),
        similar=_score(found, SIMILAR),
        before=_score(found, BEFORE) if known else None,
        after=_score(found, AFTER),
        before_gain=_against(found, BEFORE, SIMILAR, seed) if known else None,
        after_gain=_against(found, AFTER, SIMILAR, seed),
        taught=_against(found, AFTER, BEFORE, seed) if known else None,
    )


def curve_of(name: str, given: Material, seed: int, told: Callable[[], None] = lambda: None) -> Curve:
    """told: called after each draw."""
    steps = steps_of(given.labels, len(given.values))
    draws = []
    for number in range(DRAWS):
        draws.append(draw_curve(given, steps, seed + number))
        told()
    return curve_from(name, len(np.unique(given.labels[given.labelled])), steps, draws, seed)


def curve_from(name: str, values: int, steps: list[int], draws: list[Draw], seed: int) -> Curve:
    clusters = np.concatenate([draw.found.rows for draw in draws])
    ap, p12 = (
        np.stack([np.concatenate([getattr(draw, kind)[n] for draw in draws]) for n in steps]) for kind in ("ap", "p12")
    )
    similar = {kind: np.concatenate([getattr(draw.found, kind)[SIMILAR] for draw in draws]) for kind in ("ap", "p12")}
    known = all(BEFORE in draw.found.ap for draw in draws)
    before = {kind: _pooled(draws, kind, BEFORE) for kind in ("ap", "p12")} if known else None
    maps, firsts = (
        np.array([[getattr(draw, kind)[n].mean() for n in steps] for draw in draws]) for kind in ("ap", "p12")
    )
    least = least_labels(steps, p12, clusters, seed)
    found = []
    for place, n in enumerate(steps):
        gain = Against(
            difference_interval(ap[place], similar["ap"], clusters, seed),
            difference_interval(p12[place], similar["p12"], clusters, seed),
        )
        labels = round(float(np.mean([draw.labels[n] for draw in draws])))
        found.append(Step(n, labels, _spread(maps[:, place]), _spread(firsts[:, place]), gain, least.behind[n]))
    more, ahead = _ahead(steps, maps, found[-1].labels)
    return Curve(
        attribute=name,
        values=values,
        draws=len(draws),
        queries=len(np.unique(clusters)),
        steps=tuple(found),
        similar=Score(float(similar["ap"].mean()), float(similar["p12"].mean())),
        before=Score(float(before["ap"].mean()), float(before["p12"].mean())) if before is not None else None,
        least=least.n,
        best=least.best,
        undecided=least.undecided,
        more=more,
        ahead=ahead,
        ceiling=100 * ceiling_precision_at_k(np.concatenate([draw.found.relevant for draw in draws]), 12),
    )


def _ahead(steps: list[int], maps: np.ndarray, labels: int) -> tuple[int, Interval | None]:
    """How many further labels are looked ahead to, at most as many as there are, and the MAP expected then."""
    more = min(MORE, labels)
    return more, forecast(steps, maps, steps[-1] * (labels + more) / labels)


def _spread(values: np.ndarray) -> Interval:
    """A mean over draws with the range of a single one, 90 %."""
    alone = forecast([1], values[:, None], 1, "level")
    return Interval(alone.mean, max(0.0, alone.low), min(100.0, alone.high))


def _pooled(draws: list[Draw], kind: str, method: str) -> np.ndarray:
    return np.concatenate([getattr(draw.found, kind)[method] for draw in draws])


def _score(found: Found, method: str) -> Score:
    return Score(float(found.ap[method].mean()), float(found.p12[method].mean()))


def _against(found: Found, method: str, other: str, seed: int) -> Against:
    return Against(
        difference_interval(found.ap[method], found.ap[other], seed=seed),
        difference_interval(found.p12[method], found.p12[other], seed=seed),
    )


def _missing(labels: np.ndarray, count: int) -> int:
    """Labels that an attribute lacks, at least: two values with four, and `FEW` in all."""
    counts = np.sort(np.bincount(labels[labels >= 0], minlength=2))[::-1][:2]
    return max(int(np.maximum(0, 4 - counts).sum()), FEW - count, 0)

"""How much a "not" should count: queries of two terms, one attribute alike and another one not, under several weights."""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np

from benchmarks.measure import Result
from catalog import Catalog
from model import repeated
from retrieval import Embedder, EngineOptions, RetrievalError, SearchEngine, open_engine, shipped_tables

SHOWN = 12
"""Hits that are looked at."""
ASKED = ("item, not its value", "item, not like itself", "value, not a value")
"""How two terms are asked: "this collar, not navy", "this collar, another colour", "V-neck, not navy"."""


@dataclass(frozen=True)
class Negation:
    """What is measured of a "not"."""

    split: str = "valid"
    """Items that ask and are found."""
    prototypes: str = "train"
    """Items that the values' prototypes are made of."""
    weights: tuple[float, ...] = (0.15, 0.25, 0.5, 0.75, 1.0)
    """Weights of the second term; the first has 1."""
    queries: int = 40
    """The most queries of each pair of attributes, drawn by seed."""
    seed: int = 0
    """What they are drawn by."""


@dataclass(frozen=True, eq=False)
class _Labelled:
    """One attribute on the items of the split. labels: int64 (n,), -1 for none. alike: float64 (n, n), what an item asked by each
    item (row) scores. by_value: float64 (values, n), what it scores by a value's prototype, NaN for a value without one."""

    labels: np.ndarray
    alike: np.ndarray
    by_value: np.ndarray


def negatives(folder: str, catalog: Catalog, embedder: Embedder, home: Path, wanted: Negation) -> list[Result]:
    """A line for each way to ask and each weight, 0 first: the share of the first 12 (percent, mean over pairs of attributes) that
    have the wanted value of the first attribute and not the unwanted one of the second ("both"), each of the two alone, and
    "both" where the second term counts only above the median score ("cap"). most: what no ranking can exceed.

    Items that lack one of the two labels are neither asked nor found. RetrievalError for fewer than two labelled attributes.
    """
    engine = open_engine(catalog, embedder, home, options=EngineOptions(shipped_tables(folder)))
    catalog = engine.catalog
    rows = np.flatnonzero([item.split == wanted.split for item in catalog] & engine.readable)
    known = {name: _labelled(engine, catalog, name, rows, wanted) for name in _names(catalog, embedder)}
    pairs = [(known[first], known[second]) for first, second in permutations(known, 2)]
    if not pairs:
        raise RetrievalError(f"'{catalog.name}' has fewer than two labelled attributes that the weights know")
    results = []
    for way in ASKED:
        start = time.perf_counter()
        rng = np.random.default_rng(wanted.seed)
        asked = [found for pair in pairs if (found := _asked(*pair, way, wanted, rng))]
        count = sum(len(next(iter(found.values()))) for found in asked)
        each = round((time.perf_counter() - start) * 1000 / max(count, 1), 2)
        for weight in asked[0] if asked else ():
            means = np.mean([found[weight].mean(0) for found in asked], 0)
            more = dict(zip(("both", "first", "second", "cap", "most"), (100 * means).round(1).tolist(), strict=True))
            results.append(Result(f"{way}, {weight:g}", count, each, each, {"pairs": len(asked), **more}))
    return results


def _names(catalog: Catalog, embedder: Embedder) -> list[str]:
    return [attribute.name for attribute in catalog.attributes if attribute.name in embedder.attributes]


def _labelled(engine: SearchEngine, catalog: Catalog, name: str, rows: np.ndarray, wanted: Negation) -> _Labelled:
    vectors: np.ndarray = engine.vectors(name)[rows].astype(np.float32)
    derivation = engine.embedder.derivation(name)
    alike = (vectors * repeated(derivation.sections, derivation.mix).astype(np.float32)) @ vectors.T
    values = catalog.attribute(name).values
    by_value = np.full((len(values), len(rows)), np.nan)
    for place, value in enumerate(values):
        with suppress(RetrievalError):  # no item of that split is labelled with it
            by_value[place] = engine.value_scores(name, value, wanted.prototypes).scores[rows]
    return _Labelled(catalog.labels(name)[rows], alike.astype(np.float64), by_value)


def _asked(
    first: _Labelled, second: _Labelled, way: str, wanted: Negation, rng: np.random.Generator
) -> Mapping[float, np.ndarray]:
    """Weight → float64 (queries, 5), of the queries of one pair of attributes: see `negatives`. Empty where none can be asked."""
    there = np.flatnonzero((first.labels >= 0) & (second.labels >= 0))
    found: dict[float, list[tuple[float, ...]]] = {weight: [] for weight in (0.0, *wanted.weights)}
    for item in rng.permutation(there)[: wanted.queries]:
        others = there[there != item]
        like, unlike = first.labels[item], second.labels[item]
        right, other = first.labels[others] == like, second.labels[others] != unlike
        score = first.by_value[like] if way.startswith("value") else first.alike[item]
        against = second.alike[item] if way.endswith("itself") else second.by_value[unlike]
        score, against = score[others], against[others]
        if len(others) < SHOWN or not (right & other).any() or np.isnan(score).any() or np.isnan(against).any():
            continue
        above = np.maximum(against - np.median(against), 0)
        for weight, kept in found.items():
            best = np.argsort(-(score - weight * against), kind="stable")[:SHOWN]
            capped = np.argsort(-(score - weight * above), kind="stable")[:SHOWN]
            both = right & other
            most = min(SHOWN, int(both.sum())) / SHOWN
            kept.append((both[best].mean(), right[best].mean(), other[best].mean(), both[capped].mean(), most))
    return {weight: np.array(kept) for weight, kept in found.items() if kept}

"""Smaller vectors: what it costs in MAP and in true hits to keep fewer bytes of an item and attribute."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.measure import Result
from benchmarks.vectors_kept import CHUNK, Own, basis, ways
from catalog import Catalog, Item, load_catalog, without_twins
from eval import Compared, Embedded, Report, Sampling, compared, differences, evaluate
from model import GENERAL, Column, Derivation, repeated
from retrieval import (
    Embeds,
    Quantized,
    SearchEngine,
    TableHolding,
    columns_of,
    open_engine,
    resampled,
    stretch_of,
)

TRUE = 10
"""Best items of which the share is counted that is found."""
CENTRED = 2000
"""Items that a catalog is centred on."""


@dataclass(frozen=True)
class Smaller:
    """Which smaller vectors are measured, and on what."""

    catalogs: tuple[str, ...] = ("street", "studio", "field")
    """Folders of labelled catalogs in the data folder."""
    split: str = "valid"
    """Split that is measured on, `test` where a catalog has no other; dimensions are fitted on `train` where there is one."""
    alone: int = 400
    """Labelled items up to which each of them asks all others; 0: the share that `python -m eval run` asks."""
    dims: tuple[int, ...] = (32, 48, 64, 96, 128, 192)
    """Dimensions that vectors are projected to."""
    depths: tuple[int, ...] = (64, 128, 256, 512, 1024)
    """Candidates that are scored exactly."""
    items: int = 100_000
    """Items of the resampled catalogs that true hits are counted on; 0: none."""
    queries: int = 100
    """Items of those that ask."""


def smaller_vectors(data: Path, embedder: Embeds, home: Path, wanted: Smaller | None = None) -> list[Result]:
    """For each catalog a line for each way to keep vectors: MAP (percent) over the queries of all attributes, and as the mean of
    the attributes, what it costs against float16 in percentage points with the interval of 95 %, the attribute that loses most,
    bytes of an item and attribute; what asks is kept as what is found. Then
    the share of the true best that are among the candidates by a sketch, on resampled items.

    data: folder of the catalogs. Vectors that `home` holds are not embedded. CatalogError, EvalError as opening
    and evaluating have them.
    """
    wanted = wanted or Smaller()
    results = []
    for name in wanted.catalogs:
        whole = load_catalog(str(data / name), home)
        results += _costs(name, whole, embedder, home, wanted)
        if wanted.items:
            results += _found(name, whole, embedder, home, wanted)
    return results


def _costs(name: str, whole: Catalog, embedder: Embeds, home: Path, wanted: Smaller) -> list[Result]:
    splits = {item.split for item in whole}
    measured = without_twins(whole, wanted.split if wanted.split in splits else "test")[0]
    catalog, own, usable = _opened(measured, embedder, home)
    if "train" in splits:
        fitting = _opened(whole.split("train"), embedder, home)[1]
        own = {name: replace(one, fitting=fitting[name].fitting) for name, one in own.items()}
    sampling = Sampling(alone=wanted.alone)
    results, base = [], None
    for label, way in ways(wanted.dims).items():
        start = time.perf_counter()
        made = {key: way(one) for key, one in own.items()}
        report = evaluate(catalog, Embedded({key: one for key, (one, _) in made.items()}, usable), sampling)
        base = base or report
        queries = sum(one.queries for one in report.attributes.values())
        each = round((time.perf_counter() - start) * 1000 / queries, 2)
        bytes_ = round(float(np.mean([size for _, size in made.values()])))
        results.append(Result(f"{name}, {label}", queries, each, each, {"bytes": bytes_, **_cost(report, base)}))
    return results


def _opened(catalog: Catalog, embedder: Embeds, home: Path) -> tuple[Catalog, Mapping[str, Own], np.ndarray]:
    """The catalog as the weights spell it, what its items are compared by, and which can be."""
    engine = open_engine(catalog, embedder, home)
    found = {}
    for name in engine.attributes:
        if _labelled(engine.catalog, name):
            (own,) = compared(embedder, {name: np.array(engine.vectors(name))}).values()
            found[name] = Own(own, *_derivation(engine, embedder, name), own.vectors)
    engine.close()
    return engine.catalog, found, engine.readable


def _derivation(engine: SearchEngine, embedder: Embeds, name: str) -> tuple[Derivation, np.ndarray | None]:
    """How an attribute's vectors come about in a catalog, centred as a search centres it, and the general view."""
    own = embedder.derivation(name)
    rows = np.flatnonzero(engine.readable)[:CENTRED]
    raw = {column: np.array(engine.table.column(column)) for column in own.needs}
    means = {column: vectors[rows].astype(np.float32).mean(0) for column, vectors in raw.items()}
    return own.on(means, len(rows)), raw.get(Column("", GENERAL))


def _labelled(catalog: Catalog, name: str) -> bool:
    return name in {attribute.name for attribute in catalog.attributes}


def _cost(report: Report, base: Report) -> dict[str, float | str]:
    figures = {"MAP": round(report.overall["map"], 2), "by attribute": round(report.overall["map_plain"], 2)}
    if report is base:
        chance = report.overall["chance_map"]
        return {**figures, "chance": round(chance, 2)}
    found = differences(report, base, "map")
    worst = min(found.attributes, key=lambda key: found.attributes[key].points)
    cost: dict[str, float | str] = {**figures}
    if found.overall is not None:
        over = found.overall.interval
        cost |= {"cost": round(-over.mean, 3), "from": round(-over.high, 3), "to": round(-over.low, 3)}
    return {**cost, "worst": f"{worst} {-found.attributes[worst].points:.2f}"}


def _found(name: str, whole: Catalog, embedder: Embeds, home: Path, wanted: Smaller) -> list[Result]:
    """For each number of dimensions, and for whole vectors of 8 bits: the share of the true best, mean over the attributes, that is
    among so many by it ("in"), and of the attribute that has the least ("least")."""
    real = open_engine(whole, embedder, home)
    shares: dict[str, list[np.ndarray]] = {}
    start = time.perf_counter()
    for attribute in real.attributes:
        if not _labelled(real.catalog, attribute):
            continue
        table = resampled(real.table, columns_of(embedder, [attribute]), wanted.items)
        catalog = Catalog(home, "resampled", tuple(Item(id, "") for id in table.ids))
        engine = SearchEngine(catalog, TableHolding(table, home), embedder)
        (own,) = compared(embedder, {attribute: np.array(engine.vectors(attribute))}).values()
        engine.close()
        for label, found in _ranks(own, wanted).items():
            within = [(found < depth).mean() for depth in (TRUE, *wanted.depths)]
            shares.setdefault(label, []).append(100 * np.array(within))
    real.close()
    each = round((time.perf_counter() - start) * 1000 / (len(next(iter(shares.values()))) * wanted.queries), 2)
    results = []
    for label, found in shares.items():
        more: dict[str, float] = {}
        for depth, own in zip((TRUE, *wanted.depths), np.transpose(found), strict=True):
            more |= {f"in {depth}": round(float(np.mean(own)), 1), f"least {depth}": round(float(np.min(own)), 1)}
        results.append(Result(f"{name}, {wanted.items} resampled, {label}", wanted.queries, each, each, dict(more)))
    return results


def _ranks(own: Compared, wanted: Smaller) -> dict[str, np.ndarray]:
    """By what is kept: the ranks (`TRUE`, queries), from 0, that the true best have by it; the item that asks is left out."""
    asking = np.random.default_rng(1).choice(len(own.vectors), wanted.queries, replace=False)
    shares = repeated(own.sections, own.mix)
    by = own.vectors[asking] * shares
    exact = _without(_products(own.vectors, by), asking)
    best = np.argpartition(-exact, TRUE, axis=0)[:TRUE]
    found = {"int8": _places(_without(_scored(Quantized.of(own.vectors, stretch_of(own.sections)), by), asking), best)}
    scale = np.sqrt(shares).astype(np.float32)
    axes = basis(own.vectors[:CHUNK] * scale)[:, : max(wanted.dims)].astype(np.float32)
    sketches = np.concatenate([part * scale @ axes for part in np.array_split(own.vectors, len(exact) // CHUNK + 1)])
    for dim in wanted.dims:
        kept = Quantized.of(np.ascontiguousarray(sketches[:, :dim]))
        found[f"{dim} dimensions, int8"] = _places(_without(_scored(kept, by / scale @ axes[:, :dim]), asking), best)
    return found


def _scored(kept: Quantized, by: np.ndarray) -> np.ndarray:
    return np.stack([kept.scores(vector) for vector in by], 1)


def _products(vectors: np.ndarray, by: np.ndarray) -> np.ndarray:
    """float32 (n, queries)."""
    parts = np.array_split(vectors, len(vectors) // CHUNK + 1)
    return np.concatenate([part.astype(np.float32) @ by.T.astype(np.float32) for part in parts])


def _without(scores: np.ndarray, asking: np.ndarray) -> np.ndarray:
    scores[asking, np.arange(len(asking))] = -np.inf
    return scores


def _places(scores: np.ndarray, best: np.ndarray) -> np.ndarray:
    """How many score higher than each of the best."""
    at = np.take_along_axis(scores, best, 0)
    return np.stack([(scores > row).sum(0) for row in at])

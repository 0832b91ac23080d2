"""`python -m benchmarks.coverage`: how often intervals hold the mean, on figures of real catalogs.

Each labelled item of a catalog asks all others; its figures are the population that queries are drawn
from, 50 and 200 at a time.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import tyro

from catalog import Catalog, CatalogError, load_catalog, without_twins
from common import environment
from eval import EvalError, rank, save_json, sections_scorer
from eval.coverage import SIMULATIONS, TOLERANCE, coverage
from eval.intervals import LEVEL, RESAMPLES
from eval.metrics import precision_at_k, top_k
from eval.protocol import Trial, global_scorer
from eval.ranking import Ranking
from model import GENERAL, Column, ModelError, load
from retrieval import Embedder, EngineOptions, RetrievalError, open_engine

FORMAT = "lapel-coverage/1"
FIGURES = ("map", "p12", "top1")
LEAST = 200
"""Labelled items that an attribute needs to be a population."""
DEFAULT = "default"
"""The method that `mean_interval` chooses by itself, whose rows are kept one by one; of the others
the summary is."""
COMPARED = "difference"
"""What a row is of: the weights alone (`weights`), or less global similarity on the same queries."""


@dataclass(frozen=True)
class Options:
    """Simulate how often intervals of 95 % hold the mean of all queries."""

    catalog: tyro.conf.UseAppendAction[tuple[str, ...]]
    """Labelled catalog, of which the split test is taken; repeat for several."""
    weights: str = field(default_factory=environment.weights)
    """Folder or Hub repository owner/name[@revision]."""
    device: str = field(default_factory=environment.device)
    """auto, cuda, mps or cpu."""
    home: Path = field(default_factory=environment.home)
    """Where embeddings are kept."""
    queries: tuple[int, ...] = (50, 200)
    """How many are drawn."""
    simulations: int = SIMULATIONS
    """How often."""
    seed: int = 0
    """Seed of the draws; each population has draws of its own."""
    out: Path | None = None
    """Write the result to this file."""


def populations(catalog: Catalog, options: Options) -> Iterator[tuple[str, dict[str, dict[str, np.ndarray]]]]:
    """Attribute → weights or difference → figure → one figure an item, in percent, (items,)."""
    embedder = Embedder(load(options.weights), options.device)
    catalog, _ = without_twins(catalog.respelled(embedder.attributes), "test")
    names = [attribute.name for attribute in catalog.attributes if attribute.name in embedder.attributes]
    general = Column("", GENERAL)
    engine = open_engine(catalog, embedder, options.home, names, options=EngineOptions(columns=[general]))
    vectors, usable = {name: engine.vectors(name) for name in names}, engine.readable
    engine.close()
    features = engine.table.column(general).astype(np.float64)
    usual = global_scorer(features - features[usable].mean(axis=0))
    for name in names:
        labels = catalog.labels(name)
        items = np.flatnonzero((labels >= 0) & usable)
        if len(items) < LEAST:
            continue
        trial = Trial(name, catalog.attribute(name).values, items, labels[items], items, labels[items])
        own = embedder.derivation(name)
        ours = _figures(rank(trial, sections_scorer(vectors[name], own.sections, own.mix))["fused"])
        theirs = _figures(rank(trial, usual)["fused"])
        yield name, {"weights": ours, COMPARED: {figure: ours[figure] - theirs[figure] for figure in FIGURES}}


def _figures(ranking: Ranking) -> dict[str, np.ndarray]:
    """Rounded as reports keep them."""
    shares = (ranking.precision, precision_at_k(ranking.head, 12, reduce=False), top_k(ranking.first, 1, reduce=False))
    return {figure: np.round(100 * share, 2) for figure, share in zip(FIGURES, shares, strict=True)}


def simulated(catalogs: Mapping[str, Catalog], options: Options) -> list[dict[str, Any]]:
    """A row for each catalog, attribute, figure, weights or difference, number of queries and
    method."""
    rows: list[dict[str, Any]] = []
    drawn = 0
    for catalog_name, catalog in catalogs.items():
        for attribute, kinds in populations(catalog, options):
            print(f"{catalog_name} {attribute}", file=sys.stderr)
            for kind, figures in kinds.items():
                span = (-100.0, 100.0) if kind == COMPARED else (0.0, 100.0)
                for figure, population in figures.items():
                    drawn += 1
                    head = {"catalog": catalog_name, "attribute": attribute, "of": kind, "figure": figure}
                    for queries in options.queries:
                        found = coverage(
                            population,
                            queries,
                            span=span,
                            simulations=options.simulations,
                            seed=options.seed + 1000 * drawn,
                        )
                        about = {"population": len(population), "mean": round(float(population.mean()), 2)}
                        rows += [
                            {
                                **head,
                                **about,
                                "queries": queries,
                                "method": method or DEFAULT,
                                **_rounded(asdict(made)),
                            }
                            for method, made in found.items()
                        ]
    return rows


def _rounded(row: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in row.items()}


def summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By method, number of queries, figure and what it is of: mean and least coverage over the
    populations, how many of them lie within the tolerance, and the mean width."""
    keys = ("method", "queries", "figure", "of")
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    made = []
    for group, members in groups.items():
        covers = np.array([row["covers"] for row in members])
        within = int((np.abs(covers - 100 * LEVEL) <= TOLERANCE).sum())
        figures = {"covers": float(covers.mean()), "least": float(covers.min()), "most": float(covers.max())}
        figures["width"] = float(np.mean([row["width"] for row in members]))
        made.append(
            {**dict(zip(keys, group, strict=True)), "populations": len(members), "within": within, **_rounded(figures)}
        )
    return made


def as_text(made: list[dict[str, Any]]) -> str:
    lines = [
        f"{'method':12} {'queries':>7}  {'figure':6} {'of':10} {'covers':>6} {'least':>6} {'most':>6} {'within':>8} {'width':>6}"
    ]
    lines += [
        f"{row['method']:12} {row['queries']:>7}  {row['figure']:6} {row['of']:10} {row['covers']:>6.1f} "
        f"{row['least']:>6.1f} {row['most']:>6.1f} {row['within']:>4}/{row['populations']:<3} {row['width']:>6.1f}"
        for row in made
    ]
    return "\n".join(lines)


def main() -> int:
    options = tyro.cli(Options, prog="python -m benchmarks.coverage")
    try:
        catalogs = {Path(source).name: load_catalog(source, options.home) for source in options.catalog}
        rows = simulated(catalogs, options)
    except (CatalogError, EvalError, ModelError, RetrievalError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    made = {
        "format": FORMAT,
        "catalogs": {name: catalog.digest for name, catalog in catalogs.items()},
        "level": LEVEL,
        "simulations": options.simulations,
        "resamples": RESAMPLES,
        "seed": options.seed,
        "summary": summary(rows),
        "rows": [row for row in rows if row["method"] == DEFAULT],
    }
    if options.out is not None:
        save_json(made, options.out)
    print(as_text(made["summary"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())

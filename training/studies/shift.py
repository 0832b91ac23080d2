"""Domain shift: home photographs ask for product photographs of the same article type, before and after adaptation."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from catalog import Attribute, Catalog
from common.say import Say, to_stderr
from eval import Trial, attribute_report, rank, readable, rpf_scorer
from model import RPF, load
from retrieval import Embedder
from training.adapt.division import LEAST_HELD, LEAST_TRAINED, draw, part
from training.adapt.run import Plan, add
from training.errors import TrainingError

FORMAT = "lapel-shift/1"
NAME = "article_type"
COMMON: dict[str, dict[str, tuple[str, ...]]] = {
    "hat": {"field": ("hat",), "studio": ("caps",)},
    "outerwear": {"field": ("outwear",), "studio": ("jackets",)},
    "pants": {"field": ("pants",), "studio": ("jeans", "track pants", "trousers")},
    "shirt": {"field": ("shirt",), "studio": ("shirts",)},
    "shoes": {"field": ("shoes",), "studio": ("casual shoes", "flats", "formal shoes", "heels", "sports shoes")},
    "shorts": {"field": ("shorts",), "studio": ("shorts",)},
    "t-shirt": {"field": ("t-shirt",), "studio": ("tshirts",)},
}
"""Article types that both catalogs have, by their names in each. Left out: dress and skirt,
which `studio` lacks, and longsleeve, which its names do not tell from t-shirts and sweatshirts."""
MOST_CANDIDATES = 100
"""Of a type: the rarest has a few, and all are embedded again for each figure."""


@dataclass(frozen=True)
class Stages:
    """What is measured after what: one stage without labels of the field, then one for each
    number of them."""

    labels: tuple[int, ...] = (10, 50)
    """Field labels a value to adapt with; one figure each."""
    seed: int = 0
    """Seed of which labels are learnt from."""
    steps: tuple[int, int] = Plan.steps
    """Optimiser steps of the region and of the patch branch, of each stage."""


def shift(
    field: Catalog,
    studio: Catalog,
    weights: str | Path,
    stages: Stages = Stages(),
    say: Say = to_stderr,
) -> dict[str, Any]:
    """Queries: the field photographs of common types that no stage learns from. Candidates: those
    of studio's test split, at most `MOST_CANDIDATES` a type. Both stay the same for every stage.

    A stage learns from so many field labels a type (half of a type's at most) and as many of
    studio's train split: the shop has labelled its own. Returns the report. TrainingError where a
    type has too few of either.
    """
    labels, seed = stages.labels, stages.seed
    if any(most < LEAST_TRAINED for most in labels):
        raise TrainingError(f"--labels {min(labels)} is too little to learn from; give at least {LEAST_TRAINED}")
    network = load(weights).requires_grad_(False)
    home, shop = (common(catalog, side) for catalog, side in ((field, "field"), (studio.split("test"), "studio")))
    pool = _half(home.labels(NAME), max(labels, default=0), seed)
    asking = part(home, np.setdiff1d(np.flatnonzero(home.labels(NAME) >= 0), pool))
    answering = part(shop, draw(shop.labels(NAME), np.arange(len(shop)), MOST_CANDIDATES, seed))
    measured, trial = _trial(readable(asking, say), readable(answering, say))
    made = [{"field_labels_per_value": 0, "training_labels": 0, **_figures(network, measured, trial)}]
    say(f"before: MAP {made[0]['map']:.2f}, chance {made[0]['chance_map']:.2f}")
    stock = common(studio.split("train"), "studio")
    for most in labels:
        mine = readable(part(home, draw(home.labels(NAME), pool, most, seed)), say)
        theirs = readable(part(stock, draw(stock.labels(NAME), np.arange(len(stock)), most, seed)), say)
        both = join(mine, theirs)
        plan = Plan((NAME,), most, stages.steps, seed=seed)
        adapted, _ = add(network, both, np.arange(len(both)), NAME, plan, say)
        counts = {"field_labels_per_value": most, "training_labels": len(mine), "studio_labels": len(theirs)}
        made.append({**counts, **_figures(adapted, measured, trial)})
        say(f"{most} field labels a value: MAP {made[-1]['map']:.2f}")
    return {
        "format": FORMAT,
        "field": {"name": field.name, "digest": field.digest},
        "studio": {"name": studio.name, "digest": studio.digest},
        "weights": {"digest": network.digest},
        "types": COMMON,
        "seed": seed,
        "stages": made,
    }


def common(catalog: Catalog, side: str) -> Catalog:
    """The catalog with the common article types as its only labels; side: whose names it uses,
    "field" or "studio"."""
    names = {name: kind for kind, sides in COMMON.items() for name in sides[side]}
    items = []
    for item in catalog:
        kind = names.get(item.labels.get(NAME, ""))
        items.append(replace(item, labels={NAME: kind} if kind else {}))
    return replace(catalog, items=tuple(items), attributes=(Attribute(NAME, tuple(COMMON)),))


def join(first: Catalog, second: Catalog) -> Catalog:
    """Items of two catalogs with the same attributes; ids and paths are told apart by the
    catalogs' folders."""
    items = [
        replace(item, id=f"{catalog.name}/{item.id}", image=str(catalog.path(item).resolve()))
        for catalog in (first, second)
        for item in catalog
    ]
    return replace(first, items=tuple(items), name=f"{first.name}+{second.name}")


def shift_summary(report: dict[str, Any]) -> str:
    """One line a stage: field labels a value, MAP of the fused embeddings, the region's, the
    patches', by type."""
    kinds = list(report["stages"][0]["by_value"])
    lines = [f"{'field labels a value':<22}{'MAP':>8}{'region':>8}{'patch':>8}" + "".join(f"{k:>11}" for k in kinds)]
    for stage in report["stages"]:
        figures = "".join(f"{stage[key]:>8.2f}" for key in ("map", "map_region", "map_patch"))
        by_type = "".join(f"{stage['by_value'][kind]['map']:>11.2f}" for kind in kinds)
        lines.append(f"{stage['field_labels_per_value']:<22}{figures}{by_type}")
    return "\n".join([*lines, f"{'chance':<22}{report['stages'][0]['chance_map']:>8.2f}"])


def _half(labels: np.ndarray, most: int, seed: int) -> np.ndarray:
    """Positions that stages may learn from: half of each type, at most `most`."""
    kinds = [np.flatnonzero(labels == kind) for kind in range(len(COMMON))]
    return np.sort(np.concatenate([draw(labels, rows, min(most, len(rows) // 2), seed) for rows in kinds]))


def _trial(asking: Catalog, answering: Catalog) -> tuple[Catalog, Trial]:
    """Queries and candidates as one catalog, and who asks whom in it."""
    both = join(asking, answering)
    labels, queries = both.labels(NAME), np.arange(len(asking))
    candidates = np.arange(len(asking), len(both))
    for kind, name in enumerate(COMMON):
        for rows, side in ((queries, "field"), (candidates, "studio")):
            if (found := int((labels[rows] == kind).sum())) < LEAST_HELD:
                raise TrainingError(f"{side} has {found} images of '{name}' to measure on; it needs {LEAST_HELD}")
    return both, Trial(NAME, tuple(COMMON), queries, labels[queries], candidates, labels[candidates])


def _figures(network: RPF, catalog: Catalog, trial: Trial) -> dict[str, Any]:
    """MAP and Top-k in percent, overall and by type (`eval.report.AttributeReport`), without
    single queries."""
    embedder = Embedder(network, "cpu")
    vectors = embedder.embed((catalog.open(item) for item in catalog), [NAME])[:, 0]
    beta = embedder.beta_of(NAME)
    rankings = rank(trial, rpf_scorer(vectors, beta))
    figures = asdict(
        attribute_report(trial, rankings, [item.id for item in catalog], {"region": beta, "crop": 1 - beta})
    )
    figures["map_plain"] = float(np.mean([value["map"] for value in figures["by_value"].values()]))
    return {key: value for key, value in figures.items() if key != "per_query"}

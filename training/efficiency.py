"""Label efficiency: the same training with a share of the labels, the rest unknown or pseudo-labelled."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from catalog import Catalog
from eval.run import evaluate
from model import load
from retrieval import Embedder
from training.fit import Plan, fit

FORMAT = "lapel-labels/1"
Say = Callable[[str], None]


def efficiency(
    catalog: Catalog,
    init: Path,
    runs: Path,
    shares: Sequence[float],
    seeds: Sequence[int],
    plan: Plan,
    pseudo: Sequence[float] = (),
    device: str = "auto",
    say: Say = lambda line: print(line, file=sys.stderr, flush=True),
) -> dict[str, Any]:
    """Train once for each share of the labels and seed, as `plan` says otherwise, and measure on the test split.

    Every run takes the same steps, so sees as many images. pseudo: shares for which a second run learns besides from what
    the first labels (`training.pseudo`). Runs found in the folder `runs` are not trained again. Returns the report.
    """
    points = []
    for share in shares:
        for seed in seeds:
            own = replace(plan, labels=share, seed=seed)
            alone = runs / f"labels-{share:g}-{seed}"
            points.append(_point(catalog, init, alone, own, None, device, say))
            if share in pseudo:
                points.append(_point(catalog, init, runs / f"{alone.name}-pseudo", own, alone, device, say))
    return {
        "format": FORMAT,
        "catalog": {"name": catalog.name, "digest": catalog.digest},
        "plan": {"config": plan.config, "recipe": plan.recipe, "steps": list(plan.steps)},
        "points": points,
    }


def table(report: dict[str, Any]) -> str:
    """One line a run: share of the labels, seed, whether pseudo-labels were used, plain mean MAP on the test split."""
    lines = [f"{'labels':>8}{'seed':>6}  {'pseudo-labels':<15}{'MAP':>7}"]
    for point in report["points"]:
        used = "yes" if point["pseudo_labels"] else "no"
        lines.append(f"{point['labels']:>8.0%}{point['seed']:>6}  {used:<15}{point['map_plain']:>7.2f}")
    return "\n".join(lines)


def _point(
    catalog: Catalog, init: Path, out: Path, plan: Plan, teacher: Path | None, device: str, say: Say
) -> dict[str, Any]:
    if not (out / "config.json").is_file():
        fit([catalog], out, init, plan, device, say, teacher)
    embedder = Embedder(load(out), device)
    names = [attribute.name for attribute in catalog.attributes]
    test = catalog.split("test")
    vectors = embedder.embed((test.open(item) for item in test), names)
    found = evaluate(test, vectors, names, embedder.beta_of, has_patch=embedder.has_patch)
    return {
        "labels": plan.labels,
        "seed": plan.seed,
        "pseudo_labels": teacher is not None,
        "map_plain": found.overall["map_plain"],
        "chance_map_plain": found.overall["chance_map_plain"],
        "map": {name: attribute.map for name, attribute in found.attributes.items()},
    }

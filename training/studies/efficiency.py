"""Label efficiency: the same training with a share of the labels, the rest unknown or pseudo-labelled, and none at all."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from catalog import Catalog
from eval.baseline import GlobalFeatures
from eval.figures import label_curves, write_figure
from eval.report import Report, save_json
from eval.run import Embedded, Features, evaluate, evaluate_global
from model import load
from model.device import choose_device
from retrieval import Embedder
from training import data, pseudo
from training.errors import TrainingError
from training.fit.run import Plan, fit

FORMAT = "lapel-labels/2"
TRAINED, COMPLETED, FROZEN = "trained", "trained, pseudo-labels", "frozen ViT, discriminants"
METHODS = (TRAINED, COMPLETED, FROZEN)
"""What a point may be made with, and how its line is drawn."""
Say = Callable[[str], None]


def efficiency(
    catalog: Catalog,
    init: Path,
    runs: Path,
    out: Path,
    shares: Sequence[float],
    seeds: Sequence[int],
    plan: Plan,
    completed: Sequence[float] = (),
    device: str = "auto",
    say: Say = lambda line: print(line, file=sys.stderr, flush=True),
) -> dict[str, Any]:
    """Train once for each share of the labels and seed, as `plan` says otherwise, and measure on the test split.

    Every run takes the same steps, so sees as many images. completed: shares for which a second run has the missing labels
    filled (`training.pseudo`). Each share and seed is measured without training, too: the frozen ViT in `init` along the
    discriminants of the labels. The report is kept in the file `out` from point to point; points that it has, and runs in the
    folder `runs`, are not made again. Returns it. TrainingError when `out` is of another catalog or plan.
    """
    head = {
        "format": FORMAT,
        "catalog": {"name": catalog.name, "digest": catalog.digest},
        "plan": {"config": plan.config, "recipe": plan.recipe, "steps": list(plan.steps)},
    }
    report = _found(out, head)
    frozen = _Frozen(catalog, init, device)
    if "global" not in report:
        report["global"] = {"map_plain": frozen.whole().overall["map_plain"]}
    have = {(point["labels"], point["seed"], point["method"]) for point in report["points"]}
    for share in shares:
        for seed in seeds:
            for method in (TRAINED, COMPLETED, FROZEN) if share in completed else (TRAINED, FROZEN):
                if (share, seed, method) in have:
                    continue
                own = replace(plan, labels=share, seed=seed, pseudo=method == COMPLETED)
                run = runs / f"labels-{share:g}-{seed}{'-pseudo' * own.pseudo}"
                measured = (
                    frozen.part(share, seed) if method == FROZEN else _trained(catalog, init, run, own, device, say)
                )
                report["points"].append({"labels": share, "seed": seed, "method": method, **_figures(measured)})
                report["points"].sort(key=lambda point: (point["labels"], point["method"], point["seed"]))
                save_json(report, out)
    return report


def efficiency_summary(report: dict[str, Any]) -> str:
    """A line for each share of the labels and method: mean and range over the seeds of the plain mean MAP on the test split, and
    the share of the gain over global similarity that all labels give the trained network."""
    base, best = report["global"]["map_plain"], _means(report).get((1.0, TRAINED))
    lines = [f"{'labels':>8}  {'method':<26}{'seeds':>6}{'MAP':>7}{'from':>7}{'to':>7}{'of gain':>9}"]
    for (share, method), mean in _means(report).items():
        maps = _maps(report, share, method)
        part = f"{(mean - base) / (best - base):>9.0%}" if best is not None and best > base else f"{'–':>9}"
        lines.append(f"{share:>8.0%}  {method:<26}{len(maps):>6}{mean:>7.2f}{min(maps):>7.2f}{max(maps):>7.2f}{part}")
    return "\n".join(lines)


def draw(report: dict[str, Any], path: Path) -> None:
    """Write MAP over the share of the labels, a line a method, to a page or a picture; EvalError as `write_figure`."""
    points = {
        method: [(p["labels"], p["map_plain"]) for p in report["points"] if p["method"] == method] for method in METHODS
    }
    write_figure(label_curves(points, report["global"]["map_plain"], report["catalog"]["name"]), path)


def _means(report: dict[str, Any]) -> dict[tuple[float, str], float]:
    keys = dict.fromkeys((point["labels"], point["method"]) for point in report["points"])
    return {key: float(np.mean(_maps(report, *key))) for key in keys}


def _figures(report: Report) -> dict[str, Any]:
    return {
        "map_plain": report.overall["map_plain"],
        "chance_map_plain": report.overall["chance_map_plain"],
        "map": {name: attribute.map for name, attribute in report.attributes.items()},
    }


def _maps(report: dict[str, Any], share: float, method: str) -> list[float]:
    return [p["map_plain"] for p in report["points"] if p["labels"] == share and p["method"] == method]


def _found(out: Path, head: dict[str, Any]) -> dict[str, Any]:
    """The report in a file, or an empty one."""
    if not out.exists():
        return {**head, "points": []}
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    if {key: report.get(key) for key in head} != head:
        raise TrainingError(f"{out} is the report of another catalog or plan; give another --out")
    return report


def _trained(catalog: Catalog, init: Path, run: Path, plan: Plan, device: str, say: Say) -> Report:
    if not (run / "config.json").is_file():
        fit([catalog], run, init, plan, device, say)
    embedder = Embedder(load(run), device)
    names = [attribute.name for attribute in catalog.attributes]
    test = catalog.split("test")
    vectors = embedder.embed((test.open(item) for item in test), names)
    return evaluate(test, Embedded(vectors, names, embedder.beta_of, only=embedder.only))


class _Frozen:
    """The frozen ViT on a catalog, measured without training; the images are embedded when first asked for."""

    def __init__(self, catalog: Catalog, init: Path, device: str) -> None:
        self.catalog, self.init, self.device = catalog, init, device
        self.names = [attribute.name for attribute in catalog.attributes]
        self.test = catalog.split("test")

    def whole(self) -> Report:
        """Global similarity."""
        return evaluate_global(self.test, Features(self._test.numpy()), self.names)

    def part(self, share: float, seed: int) -> Report:
        """Along the discriminants of a share of the labels, for each attribute that has two values."""
        material = data.thin(self._material, share, seed) if share < 1 else self._material
        vectors = self._test[:, None].repeat(1, len(self.names), 1)
        for attribute in material.labelled:
            vectors[:, attribute] = pseudo.discriminants(self._train, material.labels[:, attribute], self._test)
        return evaluate(self.test, Embedded(vectors[:, :, None].numpy(), self.names, lambda name: 1.0, only=0))

    @cached_property
    def _features(self) -> GlobalFeatures:
        return GlobalFeatures(self.init, str(choose_device(self.device)))

    @cached_property
    def _material(self) -> data.Material:
        return data.read(self.catalog.split("train"), self.names)

    @cached_property
    def _train(self) -> Tensor:
        return pseudo.embed(self._material, self._features)

    @cached_property
    def _test(self) -> Tensor:
        images = (self.test.open(item) for item in self.test)
        return F.normalize(torch.from_numpy(self._features.embed(images)), dim=-1)

"""Label efficiency: the same training with a share of the labels, the rest unknown or pseudo-labelled, and none at all."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from catalog import Catalog, without_twins
from common.say import Say, to_stderr
from eval import (
    Compared,
    Embedded,
    Features,
    GlobalFeatures,
    Report,
    compared,
    evaluate,
    evaluate_global,
    readable,
    save_json,
)
from eval.figures import label_curves, write_figure
from model import TIMM, Section, choose_device, load
from retrieval import Embedder
from training import data, pseudo
from training.errors import TrainingError
from training.fit import Plan, fit

FORMAT = "lapel-labels/3"
TRAINED, COMPLETED, FROZEN = "trained", "trained, pseudo-labels", "frozen ViT, discriminants"
METHODS = (TRAINED, COMPLETED, FROZEN)
"""What a point may be made with."""


@dataclass(frozen=True)
class Grid:
    """Which points are made: every share with every seed."""

    shares: tuple[float, ...] = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0)
    """Shares of each value's labels."""
    pseudo: tuple[float, ...] = ()
    """Shares for which a second run also learns from pseudo-labels, as `fit --pseudo`."""
    seeds: tuple[int, ...] = (0, 1, 2)
    """Seeds of the runs, and of which labels they have."""

    def points(self) -> Iterator[tuple[float, int, str]]:
        """Share, seed and method of each point."""
        for share, seed in product(self.shares, self.seeds):
            for method in (TRAINED, COMPLETED, FROZEN) if share in self.pseudo else (TRAINED, FROZEN):
                yield share, seed, method


@dataclass(frozen=True)
class Places:
    """Where a study reads and writes."""

    out: Path
    """Report file; points found there are not made again."""
    runs: Path
    """Folder for the trained weights; those found there are only measured."""
    init: str = TIMM
    """Folder with the pretrained trunks, or timm, which downloads them."""


def efficiency(
    catalog: Catalog, places: Places, grid: Grid, plan: Plan, device: str = "auto", say: Say = to_stderr
) -> dict[str, Any]:
    """Train once for each share of the labels and seed, as `plan` says otherwise, and measure on
    the test split without images that have a twin in another one.

    Every run takes the same steps, so sees as many images. Each share and seed is measured without
    training, too: the frozen ViT of `places.init` along the discriminants of the labels. The report
    is kept from point to point. Returns it. TrainingError when `places.out` is of another catalog
    or plan, or no image of the test split can be read.
    """
    head: dict[str, Any] = {
        "format": FORMAT,
        "catalog": {"name": catalog.name, "digest": catalog.digest},
        "plan": {"config": plan.config, "recipe": plan.recipe, "steps": list(plan.steps)},
    }
    study = _Study(catalog, places, device, say)
    head["catalog"]["twins_left_out"] = study.twins
    report = _found(places.out, head)
    if "global" not in report:
        report["global"] = {"map_plain": study.whole().overall["map_plain"]}
    have = {(point["labels"], point["seed"], point["method"]) for point in report["points"]}
    for share, seed, method in grid.points():
        if (share, seed, method) in have:
            continue
        own = replace(plan, labels=share, seed=seed, pseudo=method == COMPLETED)
        measured = study.frozen(share, seed) if method == FROZEN else study.trained(own)
        report["points"].append({"labels": share, "seed": seed, "method": method, **_figures(measured)})
        report["points"].sort(key=lambda point: (point["labels"], point["method"], point["seed"]))
        save_json(report, places.out)
    return report


def efficiency_summary(report: dict[str, Any]) -> str:
    """A line for each share of the labels and method: mean and range over the seeds of the plain
    mean MAP on the test split, and the share of the gain over global similarity that all labels
    give the trained network."""
    base, best = report["global"]["map_plain"], _means(report).get((1.0, TRAINED))
    lines = [f"{'labels':>8}  {'method':<26}{'seeds':>6}{'MAP':>7}{'from':>7}{'to':>7}{'of gain':>9}"]
    for (share, method), mean in _means(report).items():
        maps = _maps(report, share, method)
        part = f"{(mean - base) / (best - base):>9.0%}" if best is not None and best > base else f"{'–':>9}"
        lines.append(f"{share:>8.0%}  {method:<26}{len(maps):>6}{mean:>7.2f}{min(maps):>7.2f}{max(maps):>7.2f}{part}")
    return "\n".join(lines)


def draw(report: dict[str, Any], path: Path) -> None:
    """Write MAP over the share of the labels, a line a method, to a page or a picture; EvalError
    as `write_figure`."""
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


class _Study:
    """Trained weights and the frozen ViT on one catalog, measured on its test split; images are
    read when first asked for."""

    def __init__(self, catalog: Catalog, places: Places, device: str, say: Say) -> None:
        self.catalog, self.places, self.device, self.say = catalog, places, device, say
        self.names = [attribute.name for attribute in catalog.attributes]
        test, self.twins = without_twins(catalog, "test")
        self.test = readable(test, say)
        if not len(self.test):
            raise TrainingError(f"no image of split 'test' of {catalog.name} can be read; check the files")

    def trained(self, plan: Plan) -> Report:
        """A run of `plan`, found or made."""
        run = self.places.runs / f"labels-{plan.labels:g}-{plan.seed}{'-pseudo' * plan.pseudo}"
        if not (run / "config.json").is_file():
            fit([self.catalog], run, self.places.init, plan, self.device, self.say)
        embedder = Embedder(load(run), self.device)
        vectors = embedder.vectors((self.test.open(item) for item in self.test), self.names)
        return evaluate(self.test, Embedded(compared(embedder, vectors)))

    def whole(self) -> Report:
        """Global similarity of the frozen ViT."""
        return evaluate_global(self.test, Features(self._test.numpy()), self.names)

    def frozen(self, share: float, seed: int) -> Report:
        """The frozen ViT along the discriminants of a share of the labels, for each attribute
        that has two values."""
        material = data.thin(self._material, share, seed) if share < 1 else self._material
        vectors = dict.fromkeys(self.names, self._test)
        for attribute in material.labelled:
            own = pseudo.discriminants(self._train, material.labels[:, attribute], self._test)
            vectors[self.names[attribute]] = own
        whole = [Section("general", self._test.shape[1])]
        parts = {name: Compared(own.numpy(), whole, {"general": 1.0}) for name, own in vectors.items()}
        return evaluate(self.test, Embedded(parts))

    @cached_property
    def _features(self) -> GlobalFeatures:
        return GlobalFeatures(self.places.init, str(choose_device(self.device)))

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

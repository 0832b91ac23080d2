"""Train weights from labelled catalogs: `python -m training fit`."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from catalog import CatalogError, load_catalog
from eval import EvalError
from model import WeightsError
from training.describe import describe
from training.errors import TrainingError
from training.fit import Plan, fit


@dataclass
class Fit:
    """Train weights on the `train` splits of one or more labelled catalogs, in the two stages of RPF."""

    catalog: tyro.conf.UseAppendAction[tuple[Path, ...]]
    """Folder or zip with catalog.csv; repeat for several catalogs."""
    out: Path
    """Folder for checkpoint, log and weights; a run found there goes on."""
    init: Path
    """Folder with the pretrained trunks (NAME.safetensors), or a weights folder of this network."""
    config: str = "tiny"
    """tiny (ResNet-18 + ViT-Ti/16) or paper (ResNet-50 + ViT-B/16)."""
    recipe: str = "lapel"
    """lapel (all attributes of an image at once, supervised contrastive) or paper (random triplets)."""
    steps: tuple[int, int] = (1500, 800)
    """Optimiser steps of stage 1 (region branch) and stage 2 (patch branch)."""
    shares: tuple[float, ...] = ()
    """How often each catalog is drawn, relative to the others; default: equally often."""
    seed: int = 0
    device: str = "auto"
    """auto, cuda, mps or cpu."""
    bfloat16: bool = True
    """Compute in bfloat16 where torch allows it."""
    validate_every: int = 250
    """Steps between validations; a checkpoint is kept at each."""
    json: bool = False
    """Print the training record as JSON."""

    def run(self) -> None:
        catalogs = [load_catalog(path) for path in self.catalog]
        plan = Plan(self.recipe, self.config, self.steps, self.shares, self.seed, self.bfloat16, self.validate_every)
        record = fit(catalogs, self.out, self.init, plan, self.device)
        print(json.dumps(record) if self.json else f"weights in {self.out}, {record['minutes']} minutes")


@dataclass
class Describe:
    """Complete the record and the model card of a weights folder with sources and results."""

    weights: Path
    sources: Path
    """JSON: name, terms, and source and terms of each training catalog."""
    report: tyro.conf.UseAppendAction[tuple[Path, ...]] = ()
    """Report of these weights; repeat for several."""

    def run(self) -> None:
        describe(self.weights, self.sources, self.report)
        print(self.weights / "README.md")


def main() -> None:
    commands: dict[str, Callable[..., Any]] = {"fit": Fit, "describe": Describe}
    try:
        tyro.extras.subcommand_cli_from_dict(commands, prog="python -m training", description=__doc__).run()
    except (CatalogError, WeightsError, TrainingError, EvalError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()

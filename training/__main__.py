"""Train weights from labelled catalogs: `python -m training fit`."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import tyro

from catalog import CatalogError, load_catalog
from model import WeightsError
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
    seed: int = 0
    device: str = "auto"
    """auto, cuda, mps or cpu."""
    bfloat16: bool = True
    """Compute in bfloat16 where torch allows it."""
    validate_every: int = 250
    """Steps between validations; a checkpoint is kept at each."""
    json: bool = False
    """Print the training record as JSON."""


def main() -> None:
    command = tyro.extras.subcommand_cli_from_dict({"fit": Fit}, description=__doc__)
    try:
        catalogs = [load_catalog(path) for path in command.catalog]
        plan = Plan(
            command.recipe, command.config, command.steps, command.seed, command.bfloat16, command.validate_every
        )
        record = fit(catalogs, command.out, command.init, plan, command.device)
    except (CatalogError, WeightsError, TrainingError) as error:
        sys.exit(f"error: {error}")
    print(json.dumps(record, indent=2) if command.json else f"weights in {command.out}, {record['minutes']} minutes")


if __name__ == "__main__":
    main()

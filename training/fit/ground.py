"""What a run learns from and is validated on: the splits of its catalogs, read as its recipe wants them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from catalog import Catalog
from common.say import Say
from eval import GlobalFeatures, readable
from training import data
from training.errors import TrainingError
from training.fit.plan import Plan, has
from training.pseudo import complete
from training.recipes import RECIPES


@dataclass(frozen=True)
class Ground:
    """What a run learns from and is validated on: the readable items of the catalogs' splits;
    and how many of each split are unreadable, by catalog."""

    materials: list[data.Material]
    valid: list[Catalog]
    unreadable: dict[str, dict[str, int]]


def read_ground(
    catalogs: Sequence[Catalog],
    plan: Plan,
    attributes: dict[str, list[str]],
    init: str | Path,
    device: torch.device,
    say: Say,
) -> Ground:
    """Read the splits as the plan's recipe wants them; images that cannot be read are left out,
    and said. init: where the ViT of pseudo-labels comes from. TrainingError where a catalog
    teaches nothing, or nothing is left to validate on."""
    features = GlobalFeatures(init, str(device)) if plan.pseudo else None
    say(f"reading {', '.join(f'{catalog.name} ({len(catalog)})' for catalog in catalogs)}")
    materials = data.read_all(catalogs, list(attributes), say, RECIPES[plan.recipe].reading)
    if plan.labels < 1:
        materials = [data.thin(material, plan.labels, plan.seed) for material in materials]
    if features is not None:
        materials = [complete(material, features) for material in materials]
    for material in materials:
        if not material.labelled:
            raise TrainingError(f"no attribute of {material.name} has two values in split 'train'; leave it out")
    materials = [data.only_labelled(material) for material in materials]
    splits = [catalog.split("valid") for catalog in catalogs if has(catalog, "valid")]
    valid = [readable(split, say) for split in splits]
    if not any(len(split) for split in valid):
        raise TrainingError("no image of split 'valid' can be read; run `python -m catalog check` on the catalogs")
    unreadable = {material.name: {"train": len(material.unreadable)} for material in materials if material.unreadable}
    for split, left in zip(splits, valid, strict=True):
        if len(left) < len(split):
            unreadable.setdefault(split.name, {})["valid"] = len(split) - len(left)
    return Ground(materials, [split for split in valid if len(split)], unreadable)

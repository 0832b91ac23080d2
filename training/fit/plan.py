"""What a training run does, and whether that can be done."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog import Catalog
from model import CONFIGS, PATCH_ONLY
from training.errors import TrainingError
from training.gating import check_power
from training.recipes import RECIPES
from training.recipes.colours import AUTO

CHECKPOINT_EVERY = 50
"""Steps; a validation, too, is followed by a checkpoint."""


@dataclass(frozen=True)
class Plan:
    """What a run does; every field goes into its record."""

    recipe: str = "lapel"
    """lapel (all attributes of an image at once, supervised contrastive) or paper (random
    triplets)."""
    config: str | None = None
    """tiny (ResNet-18 + ViT-Ti/16) or paper (ResNet-50 + ViT-B/16); tiny-region, tiny-asen,
    tiny-csn and tiny-triplet are the region side of tiny with the region branch of RPF and of
    what it is compared with, tiny-patch its patch branch, and tiny-global the frozen ViT
    (nothing to train: --steps 0 0 --no-calibrate). Default: that of the weights in --init, or
    tiny; weights of another one give what has the same name and shape."""
    steps: tuple[int, int] = (1500, 800)
    """Optimiser steps of stage 1 (region branch) and stage 2 (patch branch). N 0 gives weights
    without a patch branch, unless those in --init have one."""
    shares: tuple[float, ...] = ()
    """How often each catalog is drawn, relative to the others; default: equally often."""
    seed: int = 0
    """Seed of everything that is drawn by lot."""
    labels: float = 1.0
    """Share of each value's training labels to learn from, drawn by seed."""
    pseudo: bool = False
    """Label what has no label as the frozen ViT in --init (in --trunks, where --init is weights)
    and the labels that there are say, where they are sure."""
    like: tuple[str, ...] = ()
    """NAME=OTHER: an attribute whose embedding begins as a copy of another's, so that its
    attention begins there too."""
    color_attributes: tuple[str, ...] = (AUTO,)
    """Attributes that are colours, of which views in other colours teach nothing (recipe lapel).
    Default: auto, those whose name says so in one of several languages; no name after the flag:
    none."""
    gate: float = 0.0
    """Multiply attention maps with this power of how likely a location shows garment or wearer,
    learnt from cut-out product photographs and from --masks before each stage; 0: no gate."""
    calibrate: bool = True
    """Centre and draw out each attribute's embeddings at the end, as its training labels ask
    (recipe lapel)."""
    general: bool = False
    """Give the weights a general view at the end, the frozen ViT that their patch branch began as, and find the mix of
    each attribute, its reading, its match levels and what can be seen (`training.views`)."""
    drawn: tuple[str, ...] = ()
    """With --general: names of catalogs of drawings, which say nothing of photographs."""
    bfloat16: bool = True
    """Compute in bfloat16 where that is faster."""
    validate_every: int = 250
    """Steps between validations."""
    log_every: int = 25
    """Steps between lines of the log."""


def check(catalogs: Sequence[Catalog], plan: Plan) -> None:
    """TrainingError for what cannot be done, before any work."""
    if plan.recipe not in RECIPES:
        raise TrainingError(f"no recipe '{plan.recipe}'; there are: {', '.join(RECIPES)}")
    if plan.config is not None and plan.config not in CONFIGS:
        raise TrainingError(f"no configuration '{plan.config}'; there are: {', '.join(CONFIGS)}")
    if not 0 < plan.labels <= 1:
        raise TrainingError(f"--labels {plan.labels:g} is no share of the labels; give more than 0 and at most 1")
    if min(plan.steps) < 0 or min(plan.validate_every, plan.log_every) < 1:
        raise TrainingError("steps must be 0 or more, and those between validations and log lines 1 or more")
    if plan.general and (CONFIGS[plan.config or "tiny"]({"": []}).patch_trunk is None or not plan.calibrate):
        raise TrainingError("--general needs a patch branch and calibration; leave it out, or choose another --config")
    check_shares(plan.shares, catalogs)
    config = CONFIGS[plan.config or "tiny"]({"": []})
    check_power(plan.gate, config.method)
    if plan.gate and not RECIPES[plan.recipe].calibrated:
        raise TrainingError(f"the recipe '{plan.recipe}' has no gate; leave --gate out, or give --recipe lapel")
    if plan.steps[1] and config.patch_trunk is None:
        raise TrainingError(f"the configuration '{plan.config}' has no patch branch to train; give --steps N 0")
    if plan.steps[0] and config.method == PATCH_ONLY:
        raise TrainingError(f"the configuration '{plan.config}' has no region branch to train; give --steps 0 N")
    check_splits(catalogs)


def check_shares(shares: Sequence[float], catalogs: Sequence[Catalog]) -> None:
    """TrainingError unless there is a positive share for each catalog, or none at all."""
    if shares and (len(shares) != len(catalogs) or min(shares) <= 0):
        raise TrainingError(f"{len(catalogs)} catalogs need as many positive shares, not {list(shares)}")


def check_splits(catalogs: Sequence[Catalog], wanted: Sequence[str] = ("train",), validated: bool = True) -> None:
    """TrainingError when a catalog lacks a wanted split, or none has `valid` though it is asked
    for."""
    for catalog in catalogs:
        for split in wanted:
            if not has(catalog, split):
                raise TrainingError(f"catalog {catalog.name} has no items in split '{split}'; fill its split column")
    if validated and not any(has(catalog, "valid") for catalog in catalogs):
        raise TrainingError("no catalog has items in split 'valid' to measure progress on; fill a split column")


def has(catalog: Catalog, split: str) -> bool:
    return any(item.split == split for item in catalog)

"""One run: two stages of steps, checkpoints between them, validation, weights at the end."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator

from catalog import Catalog, spelled_alike
from common.names import find_name
from eval.baseline import GlobalFeatures
from model import CONFIGS, RPF, Config, load, save
from model.device import choose_device, has_bfloat16
from model.trunks import init_trunk
from training import data, state
from training.average import average
from training.calibrate import calibrate, without
from training.errors import TrainingError
from training.fit.log import Log
from training.gating import check_power, gated, learn, lessons, ungated, with_gate
from training.pseudo import complete
from training.recipes import RECIPES
from training.validation import Curves, choose_beta, curves, frozen_norms

CHECKPOINT_EVERY = 50
"""Steps; a validation, too, is followed by a checkpoint."""


@dataclass(frozen=True)
class Plan:
    """What a run does; every field goes into its record.

    config: a name of `model.CONFIGS`; None for that of the weights that it starts from, or tiny; steps: optimiser steps of
    stage 1 and of stage 2; shares: how often each catalog is drawn, relative to the others (equally often when empty); labels:
    share of the training labels to learn from (`training.data.thin`); pseudo: missing labels are filled first
    (`training.pseudo`); like: `name=other`, an attribute whose embedding begins as a copy of another's; gate: power of a
    foreground gate (`training.gating`), learnt anew before each stage, 0 for none; calibrate: `training.calibrate` at the end,
    where the recipe asks for it; bfloat16: where it is faster.
    """

    recipe: str = "lapel"
    config: str | None = None
    steps: tuple[int, int] = (1500, 800)
    shares: tuple[float, ...] = ()
    seed: int = 0
    labels: float = 1.0
    pseudo: bool = False
    like: tuple[str, ...] = ()
    gate: float = 0.0
    calibrate: bool = True
    bfloat16: bool = True
    validate_every: int = 250
    log_every: int = 25


def fit(
    catalogs: Sequence[Catalog],
    out: Path,
    init: Path,
    plan: Plan,
    device: str = "auto",
    say: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True),
    masked: Catalog | None = None,
) -> dict[str, Any]:
    """Train on the `train` splits, validate on `valid`, write weights and record to `out`; resumes a run found there.

    init: folder of pretrained trunks (as timm names them), or a weights folder of ours to start from.
    masked: images with masks that a gate learns from (`training.gating.lessons`). Returns the record.
    TrainingError for unusable catalogs, an unknown recipe, or a checkpoint of another run.
    """
    catalogs = spelled_alike(catalogs, load(init).config.attributes if (init / "config.json").is_file() else ())
    _check(catalogs, plan)
    out.mkdir(parents=True, exist_ok=True)
    half = plan.bfloat16 and has_bfloat16(choose_device(device))
    accelerator = Accelerator(mixed_precision="bf16" if half else "no", cpu=device == "cpu")
    attributes = data.vocabulary(catalogs)
    features = GlobalFeatures(init, str(accelerator.device)) if plan.pseudo else None
    say(f"reading {', '.join(f'{catalog.name} ({len(catalog)})' for catalog in catalogs)}")
    materials = [data.read(catalog.split("train"), list(attributes)) for catalog in catalogs]
    if plan.labels < 1:
        materials = [data.thin(material, plan.labels, plan.seed) for material in materials]
    if features:
        materials = [complete(material, features) for material in materials]
    materials = [data.only_labelled(material) for material in materials]
    valid = [catalog.split("valid") for catalog in catalogs if _has(catalog, "valid")]
    torch.manual_seed(plan.seed)
    network = _start(plan, attributes, init)
    _copy_embeddings(network, plan.like)
    taught = None
    if plan.gate:
        check_power(plan.gate, network.config.method)
        network = with_gate(network, plan.gate)
        taught = lessons(materials, network.config.input_size, masked, plan.seed)
    network.to(accelerator.device).to(memory_format=torch.channels_last)
    recipe = RECIPES[plan.recipe](materials, plan.shares)
    run = {
        **asdict(plan),
        "steps": list(plan.steps),
        "shares": list(plan.shares),
        "like": list(plan.like),
        "catalogs": [catalog.digest for catalog in catalogs],
    }
    resumed = state.find(out, run)
    log = Log(out / "log.jsonl", say, resumed)
    began = time.monotonic() - (resumed.get("seconds", 0) if resumed else 0)
    for stage in (1, 2):
        steps = plan.steps[stage - 1]
        if resumed and resumed["stage"] >= stage:
            network.load_state_dict(resumed["network"])
        if resumed and resumed["stage"] > stage:
            continue
        if taught and not (resumed and resumed["stage"] == stage and resumed["step"]):
            learn(network, taught, plan.seed)
        if not steps:
            continue
        optimizer, schedule = recipe.optimizer(network, stage, steps)
        first = 0
        if resumed and resumed["stage"] == stage:
            first = resumed["step"]
            if first:  # at 0 the stored optimizer is that of the stage before
                optimizer.load_state_dict(resumed["optimizer"])
                schedule.load_state_dict(resumed["schedule"])
            say(f"resuming at stage {stage}, step {first}")
        for step in range(first, steps):
            rng = np.random.default_rng((plan.seed, stage, step))
            torch.manual_seed(int(rng.integers(2**31)))
            frozen_norms(network)
            with accelerator.autocast():
                losses = recipe.loss(network, stage, step / steps, rng, accelerator.device)
            network.zero_grad(set_to_none=True)  # also what stage 1 left: it would count in the norm below
            accelerator.backward(losses.total)
            torch.nn.utils.clip_grad_norm_([p for p in network.parameters() if p.grad is not None], 5.0)
            optimizer.step()
            schedule.step()
            log.step(stage, step, steps, losses.parts, plan.log_every, recipe.collapse_at)
            done = step + 1
            if (done == steps and stage == 1 and plan.steps[1]) or (done % plan.validate_every == 0 and done < steps):
                log.validation(stage, done, curves(network, valid, device, patch=stage == 2))
            if done % CHECKPOINT_EVERY == 0 or done % plan.validate_every == 0 or done == steps:
                place = (stage, done) if done < steps else (stage + 1, 0)
                state.keep(out, network, optimizer, schedule, *place, run, time.monotonic() - began)
    if plan.calibrate and recipe.calibrated:
        network = calibrate(network, materials, accelerator.device)
    found = curves(network, valid, device, patch=plan.steps[1] > 0)
    log.validation(2, plan.steps[1], found)
    if plan.steps[1]:
        choose_beta(network, found)
    record = {"plan": run, "minutes": round((time.monotonic() - began) / 60, 1), "valid": _readable(found, network)}
    record |= {"catalogs": [{"name": c.name, "train_images": len(m)} for c, m in zip(catalogs, materials, strict=True)]}
    save(network, out, record)
    return record


def recalibrate(
    catalogs: Sequence[Catalog],
    weights: str | Path,
    out: Path,
    device: str = "auto",
    others: Sequence[str | Path] = (),
    gate: float = 0.0,
    masked: Catalog | None = None,
) -> dict[str, Any]:
    """Calibrate trained weights on the `train` splits of catalogs, choose β on `valid`, write them to `out`.

    others: weights that they are averaged with first (`training.average`); gate: power of the foreground gate that weights
    without one get (`training.gating`), 0 for none; masked: as for `fit`. Attributes that no catalog labels stay as they are,
    averaged ones without calibration. Returns the record: that of the weights, where at hand, with new validation figures.
    TrainingError when `out` holds weights, or no catalog has the splits or a known attribute.
    """
    if (out / "config.json").exists():
        raise TrainingError(f"--out {out} holds weights already; choose another folder")
    network, where = average([weights, *others]) if others else load(weights), choose_device(device)
    check_power(gate, network.config.method)
    _check_splits(catalogs)
    names = list(network.config.attributes)
    catalogs = spelled_alike(catalogs, names)
    known = [catalog for catalog in catalogs if any(attribute.name in names for attribute in catalog.attributes)]
    if not known:
        raise TrainingError(f"the catalogs label none of the attributes that {weights} know; use `adapt`")
    materials = [data.read(catalog.split("train"), names) for catalog in known]
    network = network.to(where)
    if gate:
        network = gated(network, lessons(materials, network.config.input_size, masked), gate)
    network = calibrate(network, materials, where)
    found = curves(
        network, [c.split("valid") for c in known if _has(c, "valid")], device, network.config.patch_trunk is not None
    )
    if network.config.patch_trunk is not None:
        choose_beta(network, found)
    file = Path(weights) / "training.json"
    record = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    record |= {"valid": _readable(found, network), "calibrated_on": [catalog.digest for catalog in known]}
    if others:
        record["averaged"] = [load(one).digest for one in (weights, *others)]
    save(network, out, record)
    return dict(record)


def _check(catalogs: Sequence[Catalog], plan: Plan) -> None:
    if plan.recipe not in RECIPES:
        raise TrainingError(f"no recipe '{plan.recipe}'; there are: {', '.join(RECIPES)}")
    if plan.config is not None and plan.config not in CONFIGS:
        raise TrainingError(f"no configuration '{plan.config}'; there are: {', '.join(CONFIGS)}")
    if plan.shares and (len(plan.shares) != len(catalogs) or min(plan.shares) <= 0):
        raise TrainingError(f"{len(catalogs)} catalogs need as many positive shares, not {list(plan.shares)}")
    if not 0 < plan.labels <= 1:
        raise TrainingError(f"--labels {plan.labels:g} is no share of the labels; give more than 0 and at most 1")
    config = CONFIGS[plan.config or "tiny"]({"": []})
    check_power(plan.gate, config.method)
    if plan.gate and not RECIPES[plan.recipe].calibrated:
        raise TrainingError(f"the recipe '{plan.recipe}' has no gate; leave --gate out, or give --recipe lapel")
    if plan.steps[1] and config.patch_trunk is None:
        raise TrainingError(f"the configuration '{plan.config}' has no patch branch to train; give --steps N 0")
    _check_splits(catalogs)


def _check_splits(catalogs: Sequence[Catalog]) -> None:
    for catalog in catalogs:
        if not _has(catalog, "train"):
            raise TrainingError(f"catalog {catalog.name} has no items in split 'train'; fill its split column")
    if not any(_has(catalog, "valid") for catalog in catalogs):
        raise TrainingError("no catalog has items in split 'valid' to measure progress on; fill a split column")


def _has(catalog: Catalog, split: str) -> bool:
    return any(item.split == split for item in catalog)


def _start(plan: Plan, attributes: dict[str, list[str]], init: Path) -> RPF:
    config = CONFIGS[plan.config or "tiny"](attributes)
    if (init / "config.json").is_file():
        network = _same_attributes(init, attributes)
        shape = network.config.method, network.config.patch_trunk
        return (
            network if plan.config is None or shape == (config.method, config.patch_trunk) else _within(network, config)
        )
    network = RPF(config)
    init_trunk(network.trunk, network.config.region_trunk, init)
    if network.config.patch_trunk is not None:
        init_trunk(network.vit, network.config.patch_trunk, init)
    return network


def _within(network: RPF, config: Config) -> RPF:
    """A network of another configuration that begins with every parameter of the same name and shape of this one."""
    other = RPF(config)
    own = other.state_dict()
    same = {
        name: value for name, value in network.state_dict().items() if name in own and value.shape == own[name].shape
    }
    other.load_state_dict(same, strict=False)
    return other


def _copy_embeddings(network: RPF, like: Sequence[str]) -> None:
    for pair in like:
        name, other = (find_name(name, network.config.attributes) or name for name in pair.split("=", 1))
        with torch.no_grad():
            network.attributes.weight[network.attribute_index(name)] = network.attributes.weight[
                network.attribute_index(other)
            ].clone()


def _same_attributes(weights: Path, attributes: dict[str, list[str]]) -> RPF:
    network = load(weights)
    if list(network.config.attributes) != list(attributes):
        raise TrainingError(f"the weights in {weights} know other attributes than the catalogs; use `adapt`")
    return ungated(without(network))


def _readable(found: Curves, network: RPF) -> dict[str, Any]:
    """Validation MAP by catalog and attribute: region, patch and fused at the chosen β."""
    table: dict[str, Any] = {}
    for catalog, attributes in found.items():
        table[catalog] = {}
        for name, curve in attributes.items():
            maps = curve.maps
            row = {"map_region": maps[-1]}
            if len(maps) > 1:
                row |= {"map_patch": maps[0], "map": maps[round(network.config.beta_of(name) * 10)]}
            table[catalog][name] = {key: round(float(value), 2) for key, value in row.items()}
    return table

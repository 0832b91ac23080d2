"""Distil the patch branch: a student that sees smaller crops, so fewer tokens, learns to embed as its teacher does."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.optim.lr_scheduler import OneCycleLR

from catalog import Catalog, spelled_alike, without_twins
from common.say import Say, to_stderr
from eval import Embedded, compared, evaluate, readable
from model import CROP, RPF, WHOLE, choose_device, crop, load, mixed_precision, save
from model.losses import cosine_distance
from retrieval import Embedder
from training import augment, data, provenance, state
from training.calibrate import calibrate, rows_of, with_rows, without
from training.errors import TrainingError
from training.fit.plan import check_shares, check_splits, has
from training.recipes.lapel import Lapel, overlap
from training.validation import choose_beta, curves, frozen_norms

FORMAT = "lapel-distilled/2"
BATCH = 64
PEAKS = (2e-4, 5e-4)
"""Peak learning rates of the ViT and of the patch branch."""
CHECKPOINT_EVERY = 50
TIMED = (8, 10)
"""Images in a pass that is timed, and passes."""


@dataclass(frozen=True)
class Plan:
    """What a distillation does; every field goes into its report."""

    patch_size: int = 112
    """Side of the student's crops in pixels, a multiple of 16."""
    steps: int = 400
    """Optimiser steps of 64 images."""
    shares: tuple[float, ...] = ()
    """How often each catalog is drawn, relative to the others; default: equally often."""
    seed: int = 0
    """Seed of everything that is drawn by lot."""


def distill(
    catalogs: Sequence[Catalog],
    weights: str | Path,
    out: Path,
    plan: Plan,
    device: str = "auto",
    say: Say = to_stderr,
) -> dict[str, Any]:
    """Train a student on the `train` splits, choose its β on `valid`, measure both on `test`
    without twins in other splits, write weights to `out`.

    The region branch stays the teacher's, so the crops are the same. The student begins as the
    teacher and learns from its embeddings alone: no label is needed, but those there are calibrate
    it. Returns the report; a run found in `out` goes on. TrainingError when the teacher has no
    patch branch, or the crops would not be smaller.
    """
    teacher, where = load(weights).requires_grad_(False), choose_device(device)
    catalogs = spelled_alike(catalogs, teacher.config.attributes)
    _check(teacher, plan, catalogs, weights)
    teacher.to(where)
    materials = data.read_all(catalogs, list(teacher.config.attributes), say)
    valid = [readable(catalog.split("valid"), say) for catalog in catalogs if has(catalog, "valid")]
    measured = [without_twins(catalog, "test") for catalog in catalogs]
    test = [(readable(split, say), twins) for split, twins in measured]
    student = _begin(teacher, plan.patch_size).to(where)
    _learn(teacher, student, materials, out, plan, say)
    student.requires_grad_(False)
    if teacher.config.calibration_axes is not None:
        student = calibrate(student, materials, where)
    choose_beta(student, curves(student, [split for split in valid if len(split)], str(where), patch=True), say)
    report = {
        "format": FORMAT,
        "teacher": {
            "weights": provenance.named(weights),
            "digest": teacher.digest,
            "patch_size": teacher.config.crop_size,
        },
        "student": {"digest": student.digest, "patch_size": plan.patch_size},
        "plan": asdict(plan),
        "speed": _speed(teacher, student, materials[0].images),
        "catalogs": {
            split.name: {**_compared(teacher, student, split, str(where)), "twins_left_out": count}
            for split, count in test
        },
    }
    origin = provenance.origin(weights)
    name = f"{origin.get('name', provenance.named(weights))}, distilled"
    save(student, out, {**origin, "name": name, "distilled": report})
    return report


def distill_summary(report: dict[str, Any]) -> str:
    """One line a catalog, then the speed."""
    lines = [f"{'test MAP %':<16}{'teacher':>9}{'student':>9}{'kept':>8}{'patch only':>14}"]
    for name, row in report["catalogs"].items():
        both = " → ".join(_patch_alone(row[name]) for name in ("teacher", "student"))
        lines.append(
            f"{name:<16}{row['teacher']['map']:>9.2f}{row['student']['map']:>9.2f}{row['kept']:>8.1%}{both:>16}"
        )
    speed = report["speed"]
    return "\n".join(
        [*lines, *(f"{part}: {speed[part]['ratio']:.2f} times as fast" for part in ("patch_branch", "whole"))]
    )


def _patch_alone(figures: dict[str, Any]) -> str:
    """MAP of the patch branch alone, on the crop or else on the whole square; a dash where neither counts."""
    found = [figures["map_by_view"][view] for view in (CROP, WHOLE) if view in figures["map_by_view"]]
    return f"{found[0]:.2f}" if found else "–"


def _check(teacher: RPF, plan: Plan, catalogs: Sequence[Catalog], weights: str | Path) -> None:
    if teacher.config.patch_trunk is None:
        raise TrainingError(f"{weights} are weights without a patch branch; there is nothing to distil")
    if CROP not in teacher.config.views or not any(
        CROP in teacher.config.mix_of(name) for name in teacher.config.attributes
    ):
        raise TrainingError(f"{weights} compare no crops, so that smaller ones bring nothing; give weights of `fit`")
    if plan.patch_size % 16 or not 16 <= plan.patch_size < teacher.config.crop_size:
        raise TrainingError(
            f"--patch-size must be a multiple of 16 below {teacher.config.crop_size}, not {plan.patch_size}"
        )
    check_shares(plan.shares, catalogs)
    check_splits(catalogs, ("train", "test"), validated=False)
    known = set(teacher.config.attributes)
    for catalog in catalogs:
        labels = [catalog.split("test").labels(a.name) for a in catalog.attributes if a.name in known]
        if not any((own >= 0).sum() > 1 for own in labels):
            raise TrainingError(f"split 'test' of {catalog.name} has no two labels to measure the student by")


def _begin(teacher: RPF, patch_size: int) -> RPF:
    student = RPF(replace(without(teacher).config, patch_size=patch_size))
    student.load_state_dict(without(teacher).state_dict())
    rows = rows_of(teacher)
    return with_rows(student, rows) if rows else student


def _learn(teacher: RPF, student: RPF, materials: Sequence[data.Material], out: Path, plan: Plan, say: Say) -> None:
    """One crop an image and step; each attribute whose own crop overlaps it by half or more is
    learnt there."""
    out.mkdir(parents=True, exist_ok=True)
    student.requires_grad_(False)
    modules = [student.vit.requires_grad_(True), student.patch.requires_grad_(True)]
    optimizer = torch.optim.AdamW([{"params": list(module.parameters())} for module in modules], weight_decay=0.02)
    schedule = OneCycleLR(optimizer, list(PEAKS), total_steps=max(20, plan.steps), pct_start=0.1, cycle_momentum=False)
    shares = np.array(plan.shares or [1.0] * len(materials))
    run = {**asdict(plan), "shares": list(plan.shares), "teacher": teacher.digest}
    resumed, first = state.find(out, run), 0
    if resumed:
        student.load_state_dict(resumed["network"])
        optimizer.load_state_dict(resumed["optimizer"])
        schedule.load_state_dict(resumed["schedule"])
        first = resumed["step"]
        say(f"resuming at step {first}")
    began, recent = time.monotonic(), []
    for step in range(first, plan.steps):
        rng = np.random.default_rng((plan.seed, step))
        torch.manual_seed(int(rng.integers(2**31)))
        frozen_norms(student)
        material = materials[rng.choice(len(materials), p=shares / shares.sum())]
        rows = rng.choice(len(material), min(BATCH, len(material)), replace=False)
        images = augment.views([material.images[row] for row in rows], Lapel.large, rng, Lapel.scale[1])
        loss = _loss(teacher, student, images, rng)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for module in modules for p in module.parameters()], 5.0)
        optimizer.step()
        schedule.step()
        recent.append(float(loss.detach()))
        done = step + 1
        if done % 25 == 0:
            say(f"step {done}/{plan.steps}  distance {np.mean(recent[-25:]):.4f}  {time.monotonic() - began:.0f} s")
        if done % CHECKPOINT_EVERY == 0 or done == plan.steps:
            state.keep(out, student, optimizer, schedule, 1, done, run)


def _loss(teacher: RPF, student: RPF, images: Tensor, rng: np.random.Generator) -> Tensor:
    """One minus the cosine of the student's and the teacher's patch embeddings, mean over
    (image, attribute) pairs."""
    device = teacher.attributes.weight.device
    images = images.to(device)
    every, wanted = (
        torch.arange(len(images), device=device),
        torch.arange(len(teacher.config.attributes), device=device),
    )
    with mixed_precision(device):
        with torch.no_grad():
            boxes = teacher(list(images), wanted, patch=False).boxes  # (batch, attribute, 4)
            box = boxes[every, torch.from_numpy(rng.integers(0, len(wanted), len(images))).to(device)]
            target = _patches(teacher, images, box, wanted)
        found = _patches(student, images, box, wanted)
    distance = cosine_distance(found, target)  # (batch, attribute)
    return distance[overlap(boxes, box[:, None]) >= 0.5].mean()


def _patches(network: RPF, images: Tensor, box: Tensor, wanted: Tensor) -> Tensor:
    """Patch embeddings (batch, attribute, D) of one crop an image, calibrated where the network
    is."""
    every = torch.arange(len(images), device=images.device)
    tokens = network.tokens(crop.crops(list(images), every, box, network.config.crop_size))
    pairs, _ = network.patches(tokens, every.repeat_interleave(len(wanted)), wanted.repeat(len(images)))
    embeddings = pairs.unflatten(0, (len(images), len(wanted))).float()
    if network.config.calibration_axes is None or CROP not in network.config.views:
        return embeddings
    place = network.config.views.index(CROP)
    rows = [network.calibration.row(int(index), place) for index in wanted]
    return torch.stack([row.apply(embeddings[:, i]) for i, row in enumerate(rows)], 1)


def _compared(teacher: RPF, student: RPF, catalog: Catalog, device: str) -> dict[str, Any]:
    """Plain mean over a catalog's attributes of MAP (%), as `python -m eval run` measures it, and of each view alone
    that all attributes have."""
    figures: dict[str, Any] = {}
    for name, network in (("teacher", teacher), ("student", student)):
        embedder = Embedder(network, device)
        attributes = [a.name for a in catalog.attributes if a.name in network.config.attributes]
        vectors = embedder.vectors((catalog.open(item) for item in catalog), attributes)
        overall = evaluate(catalog, Embedded(compared(embedder, vectors))).overall
        figures[name] = {"map": overall["map_plain"], "map_by_view": overall["map_by_view_plain"]}
    return {**figures, "kept": figures["student"]["map"] / figures["teacher"]["map"]}


def _speed(teacher: RPF, student: RPF, images: Sequence[Tensor]) -> dict[str, dict[str, float]]:
    """Milliseconds an image on the CPU, all attributes, median of alternating passes; of the
    patch branch and of the whole."""
    count, passes = TIMED
    some = list(images[:count])
    networks = [Embedder(network, "cpu").network for network in (teacher, student)]
    wanted = torch.arange(len(teacher.config.attributes))
    times: dict[str, list[list[float]]] = {"patch_branch": [[], []], "whole": [[], []]}
    with torch.inference_mode():
        for turn in range(passes + 1):
            for place, network in enumerate(networks):
                began = time.perf_counter()
                network(some, wanted, patch=False)
                between = time.perf_counter()
                network(some, wanted)
                whole = time.perf_counter() - between
                if turn:  # the first warms up
                    times["whole"][place].append(whole)
                    times["patch_branch"][place].append(whole - (between - began))
    found = {}
    for part, (slow, fast) in times.items():
        ours = [1000 * statistics.median(one) / len(some) for one in (slow, fast)]
        found[part] = {"teacher_ms": ours[0], "student_ms": ours[1], "ratio": ours[0] / ours[1]}
    return found

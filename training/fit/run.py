"""One run: two stages of steps, checkpoints between them, validation, weights at the end."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from catalog import Catalog, spelled_alike
from common import environment
from common.say import Say, to_stderr
from model import RPF, TIMM, has_bfloat16, save, with_general
from training import data, provenance, state
from training.calibrate import calibrate
from training.fit.ground import Ground, read_ground
from training.fit.log import Log, Silent, nobody
from training.fit.plan import CHECKPOINT_EVERY, Plan, check
from training.fit.start import Start, begin, is_weights, known_attributes
from training.fit.team import Team, gather
from training.gating import Lessons, check_power, learn, lessons, with_gate
from training.recipes import RECIPES, Lapel
from training.recipes.colours import chosen_colours
from training.recipes.losses import Losses
from training.validation import choose_beta, curves, frozen_norms, validated
from training.views import together


@dataclass(frozen=True)
class Extras:
    """What some runs need besides. trunks: where trunks come from that weights at the start
    lack; masked: images with masks that a gate learns from (`training.gating.lessons`)."""

    trunks: str | Path = TIMM
    masked: Catalog | None = None


def fit(
    catalogs: Sequence[Catalog],
    out: Path,
    init: str | Path,
    plan: Plan,
    device: str = "auto",
    say: Say = to_stderr,
    extras: Extras = Extras(),
) -> dict[str, Any]:
    """Train on the `train` splits, validate on `valid`, write weights and record to `out`; resumes
    a run found there.

    init: folder of pretrained trunks (as timm names them), `timm` to download them, or weights of
    ours to start from. Returns the record. TrainingError for unusable catalogs, an unknown recipe,
    or a checkpoint of another run.

    Started in several processes (`training.fit.team`), each calls this and takes its part of every
    step; the first validates, calibrates and writes, and all return its record.
    """
    catalogs = spelled_alike(catalogs, known_attributes(init))
    check(catalogs, plan)
    attributes, team = data.vocabulary(catalogs), gather(device)
    say = say if team.first else nobody
    plan = replace(plan, color_attributes=tuple(chosen_colours(plan.color_attributes, attributes)))
    start = begin(plan, attributes, init, extras.trunks)
    _announce(plan, start, say)
    ground = read_ground(catalogs, plan, attributes, _global_trunks(init, extras), team.device, say)
    out.mkdir(parents=True, exist_ok=True)
    network, taught = _gated(start.network, plan, ground.materials, extras.masked)
    run = _Run(plan, out, network.to(team.device), ground, team, taught)
    run.open([catalog.digest for catalog in catalogs], say)
    for stage in (1, 2):
        run.go_through(stage)
    record = None
    if team.first:
        network, measured = _finished(run, start, catalogs, _global_trunks(init, extras), say)
        record = {
            "plan": run.described,
            "minutes": round((time.monotonic() - run.began) / 60, 1),
            **team.record(run.recipe.batch),
            **measured,
            **_sources(catalogs, ground, init, start),
        }
        save(network, out, record)
    told: dict[str, Any] = team.told(record)
    return told


def _global_trunks(init: str | Path, extras: Extras) -> str | Path:
    """Where the frozen ViT lies: beside the trunks at the start, if that is what `init` names."""
    return extras.trunks if is_weights(init) else init


def _finished(
    run: "_Run", start: Start, catalogs: Sequence[Catalog], trunks: str | Path, say: Say
) -> tuple[RPF, dict[str, Any]]:
    """The network that a run ends with, calibrated, its β chosen, and with a general view where the
    plan asks for one; and what was measured of it."""
    plan, network, where = run.plan, run.network, run.team.device
    if plan.calibrate and run.recipe.calibrated:
        network = calibrate(network, run.materials, where)
    patches = network.config.patch_trunk is not None
    found = curves(network, run.valid, str(where), patch=patches)
    run.log.validation(2, plan.steps[1], found)
    if patches and (plan.steps[1] or start.patch_learnt):
        choose_beta(network, found, say)
    measured: dict[str, Any] = {"valid": validated(found, network)}
    if plan.general:
        network = with_general(network.cpu(), str(network.config.patch_trunk), trunks)
        network, measured = together(network, catalogs, environment.home(), str(where), plan.drawn, say)
    return network, measured


def _announce(plan: Plan, start: Start, say: Say) -> None:
    if RECIPES[plan.recipe] is Lapel:
        say(f"attributes of colour: {', '.join(plan.color_attributes) or 'none'} (--color-attributes)")
    if start.network.config.patch_trunk is None and not plan.steps[1]:
        say("no patch branch is trained: the region embedding alone is the score, β 1")


def _gated(
    network: RPF, plan: Plan, materials: Sequence[data.Material], masked: Catalog | None
) -> tuple[RPF, Lessons | None]:
    """The network with a gate that knows nothing yet, and what it learns from, where the plan
    has one."""
    if not plan.gate:
        return network, None
    check_power(plan.gate, network.config.method)
    return with_gate(network, plan.gate), lessons(materials, network.config.input_size, masked, plan.seed)


class _Run:
    """A run under way; `open` finds its log and checkpoint, `go_through` takes the steps of a
    stage."""

    def __init__(self, plan: Plan, out: Path, network: RPF, ground: Ground, team: Team, taught: Lessons | None) -> None:
        self.plan, self.out, self.team, self.lessons = plan, out, team, taught
        self.materials, self.valid, self.device = ground.materials, ground.valid, team.device
        self.network = network.to(memory_format=torch.channels_last)
        colours = [network.attribute_index(name) for name in plan.color_attributes]
        self.recipe = RECIPES[plan.recipe](ground.materials, plan.shares, colours=colours)

    def open(self, digests: Sequence[str], say: Say) -> None:
        """Go on from the checkpoint in the run's folder, if there is one of this very run;
        digests: of its catalogs."""
        self.described = {**json.loads(json.dumps(asdict(self.plan))), "catalogs": list(digests)}
        self.described |= self.team.described
        self.resumed = state.find(self.out, self.described)
        found = self.resumed
        self.team.check_same_start((found["stage"], found["step"]) if found else None)
        self.began = time.monotonic() - (self.resumed.get("seconds", 0) if self.resumed else 0)
        self.log = Log(self.out / "log.jsonl", say, self.resumed) if self.team.first else Silent()

    def go_through(self, stage: int) -> None:
        """All steps of a stage that are still to do."""
        resumed, steps = self.resumed, self.plan.steps[stage - 1]
        if resumed and resumed["stage"] >= stage:
            self.network.load_state_dict(resumed["network"])
        if resumed and resumed["stage"] > stage:
            return
        within = resumed is not None and resumed["stage"] == stage and resumed["step"] > 0
        if self.lessons and not within:
            learn(self.network, self.lessons, self.plan.seed)
        if not steps:
            return
        self.team.share(self.network)
        optimizer, schedule = self.recipe.optimizer(self.network, stage, steps)
        if resumed and within:
            optimizer.load_state_dict(resumed["optimizer"])
            schedule.load_state_dict(resumed["schedule"])
            self.log.say(f"resuming at stage {stage}, step {resumed['step']}")
        for step in range(resumed["step"] if resumed and within else 0, steps):
            losses = self._step(stage, step, optimizer, schedule)
            self.log.step(stage, step, steps, losses.parts, self.plan.log_every, self.recipe.collapse_at)
            self._after(stage, step + 1, optimizer, schedule)

    def _step(self, stage: int, step: int, optimizer: Optimizer, schedule: LRScheduler) -> Losses:
        rng = np.random.default_rng(self.team.lot(self.plan.seed, stage, step))
        torch.manual_seed(int(rng.integers(2**31)))
        frozen_norms(self.network)
        half = self.plan.bfloat16 and has_bfloat16(self.device)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=half):
            losses = self.recipe.loss(self.network, stage, step / self.plan.steps[stage - 1], rng, self.device)
        self.network.zero_grad(set_to_none=True)  # also what stage 1 left: it would count in the norm below
        losses.total.backward()
        self.team.average(self.network)
        if self.recipe.clip is not None:
            learning = [parameter for parameter in self.network.parameters() if parameter.grad is not None]
            torch.nn.utils.clip_grad_norm_(learning, self.recipe.clip)
        optimizer.step()
        schedule.step()
        return losses

    def _after(self, stage: int, done: int, optimizer: Optimizer, schedule: LRScheduler) -> None:
        """Validation and checkpoint, where they are due, by the first process; the others wait."""
        steps, every = self.plan.steps[stage - 1], self.plan.validate_every
        between = done == steps and stage == 1 and self.plan.steps[1] > 0
        if self.team.first and (between or (done % every == 0 and done < steps)):
            self.log.validation(stage, done, curves(self.network, self.valid, str(self.device), patch=stage == 2))
        if done % CHECKPOINT_EVERY == 0 or done % every == 0 or done == steps:
            self.team.check_equal(self.network)
            if self.team.first:
                place = (stage, done) if done < steps else (stage + 1, 0)
                spent = time.monotonic() - self.began
                state.keep(self.out, self.network, optimizer, schedule, *place, self.described, spent)
            self.team.wait()


def _sources(catalogs: Sequence[Catalog], ground: Ground, init: str | Path, start: Start) -> dict[str, Any]:
    """Entries of the record on what was learnt from: catalogs, what of them was left out, and
    the weights at the start."""
    trained = [
        {"name": catalog.name, "train_images": len(material)}
        for catalog, material in zip(catalogs, ground.materials, strict=True)
    ]
    entries: dict[str, Any] = {"catalogs": trained}
    if ground.unreadable:
        entries["unreadable"] = ground.unreadable
    if start.base is not None:
        entries["base"] = {"weights": provenance.named(init), "digest": start.base}
        entries |= {key: value for key, value in provenance.origin(init).items() if key in ("terms", "data")}
    return entries

"""One of the processes of tests/training/fit/test_team.py, which torchrun starts: SHOP TRUNKS OUT."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

import training.fit.run as fitting
from catalog import Catalog, load_catalog
from model import CONFIGS, RPF
from tests.training.conftest import small
from training import data
from training.errors import TrainingError
from training.fit import Plan, fit
from training.fit.ground import read_ground
from training.fit.team import Team, digest, gather, leave
from training.recipes import Lapel

PLAN = Plan(
    config="small",
    steps=(2, 2),
    color_attributes=("color",),
    calibrate=False,
    bfloat16=False,
    validate_every=1,
    log_every=1,
)


class Kept(torch.optim.SGD):
    """Moves nothing, and keeps the gradients that it is given, by parameter."""

    found: dict[str, torch.Tensor]

    def of(self, network: RPF) -> "Kept":
        self.network = network
        return self

    def step(self, *_: Any) -> None:
        named = self.network.named_parameters()
        self.found = {name: p.grad.clone().contiguous() for name, p in named if p.grad is not None}


def gradients(shop: Catalog, trunks: Path, out: Path, team: Team) -> dict[str, torch.Tensor]:
    """What the optimizer is given in the first step of both stages, by stage and parameter, of weights drawn by seed;
    without clipping."""
    attributes = data.vocabulary([shop])
    network = fitting.begin(PLAN, attributes, trunks).network
    ground = read_ground([shop], PLAN, attributes, trunks, team.device, lambda line: None)
    run = fitting._Run(PLAN, out, network, ground, team, None)
    run.recipe.clip = None
    team.share(run.network)
    found = {}
    for stage in (1, 2):
        run.recipe.optimizer(run.network, stage, 3)  # freezes what does not learn
        kept = Kept(run.network.parameters(), lr=0.0).of(run.network)
        run._step(stage, 0, kept, torch.optim.lr_scheduler.ConstantLR(kept))
        found |= {f"{stage}/{name}": gradient for name, gradient in kept.found.items()}
    return found


def half(shop: Catalog) -> Catalog:
    return replace(shop, items=shop.items[::2])


def small_world() -> None:
    Lapel.large, Lapel.small = 144, (80, 64)
    CONFIGS["small"] = small


def killed(out: Path, catalog: Catalog, trunks: Path) -> None:
    """Begin a run that Ctrl+C ends in the second step of stage 2."""
    real, calls = Lapel.loss, []

    def loss(self: Lapel, *given: Any) -> Any:
        calls.append(given)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(self, *given)

    Lapel.loss = loss
    try:
        fit([catalog], out, trunks, PLAN, "cpu", lambda line: None)
    except KeyboardInterrupt:
        return
    finally:
        Lapel.loss = real


def main(shop: Path, trunks: Path, out: Path) -> None:
    small_world()
    catalog, team = half(load_catalog(shop)), gather("cpu")
    save_file(gradients(catalog, trunks, out, team), out / f"gradients-{team.rank}.safetensors")
    weights: list[str] = []
    last = fitting._Run.go_through

    def go_through(self: fitting._Run, stage: int) -> None:
        last(self, stage)
        weights.append(digest(self.network))

    fitting._Run.go_through = go_through
    said: list[str] = []
    record = fit([catalog], out / "whole", trunks, PLAN, "cpu", said.append)
    whole = weights[-1]
    killed(out / "killed", catalog, trunks)
    again: list[str] = []
    fit([catalog], out / "killed", trunks, PLAN, "cpu", again.append)
    told = {"weights": whole, "resumed": weights[-1], "record": record, "said": said, "again": again}
    network = RPF(small(data.vocabulary([catalog])))
    with torch.no_grad():
        network.attributes.weight.fill_(team.rank)
    try:
        team.check_equal(network)
    except TrainingError as error:
        told["apart"] = str(error)
    (out / f"told-{team.rank}.json").write_text(json.dumps(told))
    leave()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

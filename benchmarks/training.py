"""A training step beside the bare passes of the trunks that it trains: `python -m benchmarks.training`.

What is between the two is what the recipe does besides: views are cut and recoloured, attention and losses are computed, the
optimizer moves the weights.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.measure import Result, as_table, timed
from catalog import Catalog, load_catalog
from common.assets import DEMO_CATALOG
from model import CONFIGS, RPF, choose_device
from training import data
from training.recipes import Lapel
from training.validation import frozen_norms

SQUARES = 64
"""As many images as the recipe sees in a step."""


def training_step(catalog: Catalog, device: str = "cpu", repeat: int = 5, items: int = 256) -> list[Result]:
    """Milliseconds of a step of each stage of the configuration tiny, drawn by lot, at the end of the stage, when views are
    large; of the bare forward and backward passes of its trunks on squares in memory, in float32; and their share of the step.

    repeat: steps that count; items: of the `train` split, from the first on.
    """
    where = choose_device(device)
    train = catalog.split("train")
    names = data.vocabulary([catalog])
    materials = [data.only_labelled(data.read(replace(train, items=train.items[:items]), list(names)))]
    torch.manual_seed(0)
    network = RPF(CONFIGS["tiny"](names)).to(where).to(memory_format=torch.channels_last)
    recipe = Lapel(materials)
    results = []
    for stage in (1, 2):
        step, bare = _step(recipe, network, stage, where, repeat), _bare(network, stage, where)
        calls = [call for _ in range(repeat + 1) for call in (step, bare)]
        pairs = _interleaved(f"stage {stage}", calls)
        results += pairs
    return results


def _interleaved(name: str, calls: list[Callable[[], object]]) -> list[Result]:
    """Steps and bare passes in turn, so that what else the machine does meets both alike."""
    both: tuple[list[float], list[float]] = ([], [])
    for place, call in enumerate(calls):
        both[place % 2].append(timed("", [call]).p50_ms)
    found = []
    for own, seconds in zip((f"{name}, step", f"{name}, bare passes"), both, strict=True):
        p50, p95 = np.percentile(seconds[1:], (50, 95)).round(1).tolist()
        found.append(Result(own, len(seconds) - 1, p50, p95))
    share = round(float(np.median(np.array(both[1][1:]) / np.array(both[0][1:]))), 3)
    found[1].more["of the step"] = share
    return found


def _step(recipe: Lapel, network: RPF, stage: int, device: torch.device, steps: int) -> Callable[[], object]:
    optimizer, schedule = recipe.optimizer(network, stage, steps + 2)
    count = iter(range(steps + 1))

    def step() -> None:
        rng = np.random.default_rng((0, stage, next(count)))
        frozen_norms(network)
        losses = recipe.loss(network, stage, 1.0, rng, device)
        network.zero_grad(set_to_none=True)
        losses.total.backward()
        nn.utils.clip_grad_norm_([p for p in network.parameters() if p.grad is not None], recipe.clip or 1)
        optimizer.step()
        schedule.step()
        _done(device)

    return step


def _bare(network: RPF, stage: int, device: torch.device) -> Callable[[], object]:
    """Stage 1: the trunk forward and backward. Stage 2: the trunk forward alone, the ViT forward and backward on crops."""
    squares = _squares(network.config.input_size, device)
    cut = _squares(network.config.crop_size, device)

    def passes() -> None:
        network.zero_grad(set_to_none=True)
        if stage == 1:
            network.features(squares).float().square().mean().backward()
        else:
            with torch.no_grad():
                network.features(squares)
            network.tokens(cut).float().square().mean().backward()
        _done(device)

    return passes


def _squares(side: int, device: torch.device) -> Tensor:
    drawn = torch.randint(0, 256, (SQUARES, 3, side, side), generator=torch.Generator().manual_seed(side))
    return drawn.float().to(device).contiguous(memory_format=torch.channels_last)


def _done(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


if __name__ == "__main__":
    print(as_table(training_step(load_catalog(DEMO_CATALOG), "auto")))

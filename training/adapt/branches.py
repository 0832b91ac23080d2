"""Learn one attribute on cached trunk activations: its embedding and branches of its own, region first, then patch."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR

from model import RPF, Branches, CalibrationRow
from model.losses import cosine_distance, supcon
from training.adapt.cache import Cached, Tail, cache_crops

BATCH = 64
RATE, ROW_RATE, BLOCK_RATE = 1e-3, 2e-3, 5e-5
"""Peak learning rates: of the branches, of the attribute embedding, of blocks of the ViT."""
HOLD = 10.0
"""Weight of the term that holds other attributes while blocks of the ViT move."""
HELD_AT_ONCE = 4


@dataclass(frozen=True)
class Fitted:
    """What one attribute learnt: its embedding (attribute_dim,), its branches, the ViT's last blocks as it wants them, and its
    calibration, where the network has any."""

    row: Tensor
    branches: Branches
    tail: Tail
    calibration: CalibrationRow | None

    @torch.inference_mode()
    def attend(self, cached: Cached) -> tuple[Tensor, Tensor]:
        """Region embeddings (n, D) and attention (n, 14, 14)."""
        parts = [self.branches.region(view.float(), self.row[None]) for view in cached.views[0].split(BATCH)]
        return torch.cat([part[0][:, 0] for part in parts]), torch.cat([part[2][:, 0] for part in parts])

    @torch.inference_mode()
    def pairs(self, network: RPF, cached: Cached) -> Tensor:
        """Unit region and patch embeddings, (n, 2, D), as the branches give them: not calibrated."""
        region, attention = self.attend(cached)
        patch = self._patches(cache_crops(network, cached, attention, self.tail)[0])
        return F.normalize(torch.stack((region, patch), 1), dim=-1)

    def _patches(self, crops: Tensor) -> Tensor:
        parts = crops.split(BATCH)
        return torch.cat(
            [
                self.branches.patch(self.tail(part.float()), torch.arange(len(part)), self.row.expand(len(part), -1))[0]
                for part in parts
            ]
        )


def begin(network: RPF, attribute: str, blocks: int = 0) -> Fitted:
    """An attribute that the network knows, as it stands there, in copies that can be trained."""
    index = network.attribute_index(attribute)
    adapted = network.config.adapted
    owner: Any = network.own[adapted.index(attribute)] if attribute in adapted else network
    branches = Branches(copy.deepcopy(owner.region), copy.deepcopy(owner.patch)).requires_grad_(True)
    if branches.region.gate is not None:
        branches.region.gate.requires_grad_(False)  # what is foreground is no matter of the attribute
    row = network.attributes.weight[index].detach().clone()
    calibration = None if network.config.calibration_axes is None else network.calibration.row(index)
    return Fitted(row, branches.eval(), Tail(network, blocks).eval(), calibration)


def learn(network: RPF, start: Fitted, cached: Cached, steps: tuple[int, int], seed: int) -> Fitted:
    """Train copies of `start`: supervised contrastive, balanced over the values; steps: of the region and patch branch.

    What comes back has no calibration.
    """
    torch.manual_seed(seed)
    fitted = replace(copy.deepcopy(start), calibration=None)
    row = nn.Parameter(fitted.row)
    _train_region(row, fitted.branches.region, cached, steps[0], np.random.default_rng((seed, 1)))
    fitted = replace(fitted, row=row.detach())
    crops = cache_crops(network, cached, fitted.attend(cached)[1], fitted.tail, flipped=True)
    _train_patch(network, fitted, crops, cached.labels, steps[1], np.random.default_rng((seed, 2)))
    return fitted


def _train_region(row: nn.Parameter, region: nn.Module, cached: Cached, steps: int, rng: np.random.Generator) -> None:
    groups = [
        {"params": [row], "lr": ROW_RATE, "weight_decay": 0.0},
        {"params": list(region.parameters()), "lr": RATE},
    ]
    region.train()
    for step in _stepping(groups, steps):
        rows = balanced(cached.labels, rng)
        views = rng.integers(0, len(cached.views), len(rows))
        embeddings = region(cached.views[views, rows].float(), row[None])[0][:, 0]
        step(supcon(embeddings, torch.from_numpy(cached.labels[rows])))
    region.eval()


def _train_patch(
    network: RPF, fitted: Fitted, crops: Tensor, labels: np.ndarray, steps: int, rng: np.random.Generator
) -> None:
    patch, tail = fitted.branches.patch, fitted.tail
    groups = [{"params": list(patch.parameters()), "lr": RATE}]
    if len(tail.blocks):
        groups.append({"params": list(tail.parameters()), "lr": BLOCK_RATE})
    before = Tail(network, len(tail.blocks)).eval()
    patch.train()
    for step in _stepping(groups, steps):
        rows = balanced(labels, rng)
        activations = crops[rng.integers(0, len(crops), len(rows)), rows].float()
        tokens = tail(activations)
        every = torch.arange(len(rows))
        loss = supcon(patch(tokens, every, fitted.row.expand(len(rows), -1))[0], torch.from_numpy(labels[rows]))
        if len(tail.blocks):
            loss = loss + HOLD * _moved(network, before(activations), tokens, rng)
        step(loss)
    patch.eval()


def _moved(network: RPF, before: Tensor, after: Tensor, rng: np.random.Generator) -> Tensor:
    """One minus the mean cosine between the patch embeddings of some attributes before and after the blocks moved."""
    names = len(network.config.attributes)
    chosen = torch.from_numpy(rng.choice(names, min(HELD_AT_ONCE, names), replace=False))
    owners = torch.arange(len(before)).repeat_interleave(len(chosen))
    pairs = chosen.repeat(len(before))
    with torch.no_grad():
        wanted, _ = network.patches(before, owners, pairs)
    held, _ = network.patches(after, owners, pairs)
    return cosine_distance(held, wanted).mean()


def _stepping(groups: list[dict[str, Any]], count: int) -> Iterator[Callable[[Tensor], None]]:
    """`count` times a function that takes a step down a loss: AdamW, one cycle (warm-up, cosine), clipped."""
    optimizer = torch.optim.AdamW(groups, weight_decay=0.02)
    peaks = [group["lr"] for group in groups]
    schedule = OneCycleLR(optimizer, peaks, total_steps=max(20, count), pct_start=0.1, cycle_momentum=False)
    parameters = [parameter for group in groups for parameter in group["params"]]

    def step(loss: Tensor) -> None:
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 5.0)
        optimizer.step()
        schedule.step()

    for _ in range(count):
        yield step


def balanced(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rows of a batch, spread evenly over the values: `BATCH` at most, two of a value at least where it has them."""
    values = rng.permutation(np.unique(labels))[: BATCH // 2]
    pools = [rng.permutation(np.flatnonzero(labels == value)) for value in values]
    return np.concatenate([pool[: max(2, BATCH // len(values))] for pool in pools])

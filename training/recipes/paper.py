"""The recipe of the paper."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, StepLR

from model import RPF
from model.losses import e_infonce, triplet
from training import augment
from training.data import Material, Reading
from training.recipes.losses import Losses, spread

TRIPLET_P, CONTRAST = 0.1, 0.04
"""Weights of the patch triplet loss and of E-InfoNCE in stage 2 (RPF.md §5)."""


@dataclass(frozen=True)
class Triplets:
    """B triplets of one catalog. rows: int64 (B, 3), the items of anchor, positive and negative;
    attributes: int64 (B,), their indices in the network; values: int64 (B, 3), places of the
    items' values."""

    material: Material
    rows: np.ndarray
    attributes: np.ndarray
    values: np.ndarray


class Paper:
    """The recipe of the paper (RPF.md §5-6): triplets, Adam, step decay; images in their full size,
    from which the crops are cut (§2.4), `invisible` a value as any other (§8), gradients as they
    are.

    The paper trains on one catalog with every image labelled. With several, the triplets of a batch
    are all of one, since values compare only within a catalog, and E-InfoNCE takes every other row
    of a batch as a negative.

    What departs from the paper: batch normalisation keeps the statistics of the pretrained trunk;
    where bfloat16 is faster, the network (not its losses) computes in it, which `--no-bfloat16`
    turns off; the number of steps is the plan's (50 epochs of 100,000 triplets are 312,500); β is
    chosen on the `valid` split. The random flip is that of stage 1, where the paper names it.
    """

    collapse_at: float | None = 0.2
    calibrated = False
    clip: float | None = None
    reading = Reading(short_side=None, absent=False)
    epoch = 100_000

    def __init__(
        self,
        materials: Sequence[Material],
        shares: Sequence[float] = (),
        batch: int = 16,
        colours: Sequence[int] = (),
    ) -> None:
        """shares: how often the attributes of each catalog are drawn, relative to the others;
        all alike when empty. colours: of no matter here."""
        self.materials, self.batch = materials, batch
        self.pools = [{a: _by_value(material, a) for a in material.labelled} for material in materials]
        odds = np.array(shares or [1.0] * len(materials)) * [len(pool) for pool in self.pools]
        self.odds = odds / odds.sum()

    def optimizer(self, network: RPF, stage: int, steps: int) -> tuple[Optimizer, LRScheduler]:
        """Adam; the learning rate falls to nine tenths every three epochs of stage 1, every two
        of stage 2."""
        region = [*network.trunk.parameters(), *network.region.parameters(), *network.attributes.parameters()]
        patches = [] if network.config.patch_trunk is None else [network.vit, network.patch]
        patch = [parameter for module in patches for parameter in module.parameters()]
        for parameter in region + patch:
            parameter.requires_grad_(True)
        groups = (
            [{"params": region, "lr": 5e-5}]
            if stage == 1
            else [{"params": region, "lr": 1e-5}, {"params": patch, "lr": 5.5e-5}]
        )
        optimizer = torch.optim.Adam(groups)
        epochs = 3 if stage == 1 else 2
        return optimizer, StepLR(optimizer, epochs * self.epoch // self.batch, 0.9)

    def draw(self, rng: np.random.Generator) -> Triplets:
        """Attribute uniform, two distinct values uniform, anchor and positive uniform in the
        first, negative in the second."""
        number = int(rng.choice(len(self.materials), p=self.odds))
        pools = self.pools[number]
        rows, values = np.empty((self.batch, 3), np.int64), np.empty((self.batch, 3), np.int64)
        attributes = rng.choice(list(pools), self.batch)
        for row, attribute in enumerate(attributes):
            pool = pools[int(attribute)]
            same, other = (int(value) for value in rng.choice(list(pool), 2, replace=False))
            rows[row] = [rng.choice(pool[value]) for value in (same, same, other)]
            values[row] = same, same, other
        return Triplets(self.materials[number], rows, attributes, values)

    def loss(self, network: RPF, stage: int, progress: float, rng: np.random.Generator, device: torch.device) -> Losses:
        """Stage 1: triplet loss of the regions. Stage 2: that of the patches and E-InfoNCE, too."""
        drawn = self.draw(rng)
        images = [self._image(drawn.material, int(row), stage, rng).to(device) for row in drawn.rows.T.ravel()]
        every, own = (torch.from_numpy(part).to(device) for part in np.unique(drawn.attributes, return_inverse=True))
        output = network(images, every, patch=stage == 2)
        own, rows = own.repeat(3), torch.arange(len(images), device=device)
        region = output.region[rows, own]
        total = loss_r = triplet(region)
        parts = {"triplet_r": float(loss_r.detach())}
        if output.patch is not None:
            patch, background = output.patch[rows, own], output.background[rows, own]
            loss_p = triplet(patch)
            contrast = e_infonce(region, patch, background, own, torch.from_numpy(drawn.values.T.ravel()).to(device))
            total = loss_r + TRIPLET_P * loss_p + CONTRAST * contrast
            parts |= {"triplet_p": float(loss_p.detach()), "e_infonce": float(contrast.detach())}
        return Losses(total, parts | {"spread": spread(region[:, None])})

    @staticmethod
    def _image(material: Material, row: int, stage: int, rng: np.random.Generator) -> Tensor:
        image = material.images[row]
        return augment.flip(image, rng) if stage == 1 else image


def _by_value(material: Material, attribute: int) -> dict[int, np.ndarray]:
    """Rows of each known value of an attribute."""
    column = material.labels[:, attribute]
    return {int(value): np.flatnonzero(column == value) for value in np.unique(column) if value >= 0}

"""The recipe of the paper."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, StepLR

from model import RPF
from model.losses import e_infonce, triplet
from training import augment
from training.data import Material
from training.recipes.losses import Losses, spread


class Paper:
    """The recipe of the paper (RPF.md §5-6): triplets, Adam, step decay."""

    collapse_at: float | None = 0.2
    calibrated = False
    epoch = 100_000

    def __init__(self, materials: Sequence[Material], shares: Sequence[float] = (), batch: int = 16) -> None:
        """shares: how often the attributes of each catalog are drawn, relative to the others; all alike when empty."""
        self.materials, self.batch = materials, batch
        self.pools = [
            (
                material,
                a,
                {v: np.flatnonzero(material.labels[:, a] == v) for v in np.unique(material.labels[:, a]) if v >= 0},
            )
            for material in materials
            for a in material.labelled
        ]
        of = dict(zip((material.name for material in materials), shares, strict=False))
        odds = np.array([of.get(material.name, 1.0) for material, _, _ in self.pools])
        self.odds = odds / odds.sum()

    def optimizer(self, network: RPF, stage: int, steps: int) -> tuple[Optimizer, LRScheduler]:
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
        return optimizer, StepLR(optimizer, max(1, epochs * self.epoch // self.batch), 0.9)

    def loss(self, network: RPF, stage: int, progress: float, rng: np.random.Generator, device: torch.device) -> Losses:
        """Triplets: attribute uniform, two distinct values uniform, items uniform in them; each item with its attribute."""
        images: list[list[Tensor]] = [[], [], []]
        attributes, values = [], np.empty((self.batch, 3), np.int64)
        for row in range(self.batch):
            number = int(rng.choice(len(self.pools), p=self.odds))
            material, attribute, pool = self.pools[number]
            same, other = rng.choice(list(pool), 2, replace=False)
            picked = [rng.choice(pool[same]), rng.choice(pool[same]), rng.choice(pool[other])]
            for part, item in zip(images, picked, strict=True):
                part.append(augment.flip(material.images[item], rng).to(device))
            attributes.append(attribute)
            values[row] = [number * 10_000 + v for v in (same, same, other)]
        every = torch.tensor(sorted(set(attributes)), device=device)
        output = network([image for part in images for image in part], every, patch=stage == 2)
        own = torch.tensor([sorted(set(attributes)).index(a) for a in attributes], device=device).repeat(3)
        rows = torch.arange(3 * self.batch, device=device)
        region = output.region[rows, own].float()
        total = loss_r = triplet(region)
        parts = {"triplet_r": float(loss_r.detach())}
        if output.patch is not None:
            patch, background = output.patch[rows, own].float(), output.background[rows, own].float()
            loss_p = triplet(patch)
            contrast = e_infonce(region, patch, background, own, torch.from_numpy(values.T.reshape(-1)).to(device))
            total = loss_r + 0.1 * loss_p + 0.04 * contrast
            parts |= {"triplet_p": float(loss_p.detach()), "e_infonce": float(contrast.detach())}
        return Losses(total, parts | {"spread": spread(region[:, None])})

"""The two recipes: what a batch is, and what is lost on it.

A batch depends only on the seed, the stage and the number of the step, so that a resumed run sees the same batches.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, OneCycleLR, StepLR

from model import RPF, crop
from model.losses import e_infonce, supcon, triplet
from model.region import RegionBranch
from training import augment, foreground
from training.data import Material


@dataclass(frozen=True)
class Losses:
    """total is what is minimised; parts are shown (name → value)."""

    total: Tensor
    parts: dict[str, float]


class Lapel:
    """One trunk pass serves all labelled attributes of 64 images; supervised contrastive loss for each attribute.

    Stage 1 trains the region branch and its trunk, on small views first: at half the cost they teach nearly as much.
    Stage 2 keeps them and trains the patch branch and the ViT on crops of each image: one crop an image, that of a random
    labelled attribute, which also serves every other attribute whose own crop overlaps it by half or more.

    Part of the product photographs stand before other photographs' backgrounds; there, the attention of every attribute of
    the network, labelled or not, is drawn onto the garment and who wears it: minus the logarithm of its mass there.
    """

    collapse_at: float | None = None
    calibrated = True
    small_until = 0.6
    """Share of each stage that sees small views."""
    small = (160, 112)
    """Side in pixels of what the branch of each stage sees at first, then `Config.input_size` and `Config.crop_size`."""
    replaced = 1 / 3
    """Share of the images with a known foreground that get another background."""
    attending = 0.3
    """Weight of the term for attention."""
    large = 288
    """Side of the views in stage 2, of which the crops are parts."""
    scale = ((0.45, 1.0), (0.6, 1.0))

    def __init__(self, materials: Sequence[Material], shares: Sequence[float] = (), batch: int = 64) -> None:
        """shares: how often each catalog is drawn, relative to the others; equally often when empty."""
        self.materials, self.batch = materials, batch
        self.foregrounds = [[foreground.find(image) for image in material.images] for material in materials]
        self.behind = [
            image
            for material, found in zip(materials, self.foregrounds, strict=True)
            if 2 * sum(one is None for one in found) > len(found)
            for image, one in zip(material.images, found, strict=True)
            if one is None
        ]
        drawn = np.array(shares or [1.0] * len(materials))
        self.shares = drawn / drawn.sum()

    def optimizer(self, network: RPF, stage: int, steps: int) -> tuple[Optimizer, LRScheduler]:
        """AdamW with one cycle (warm-up, cosine); the branch that does not learn is frozen."""
        region = [network.trunk, network.region, network.attributes]
        patch = [] if network.config.patch_trunk is None else [network.vit, network.patch]
        for module in region + patch:
            module.requires_grad_((module in region) == (stage == 1))
        if stage == 1:
            modules, peaks = region, [2e-4, 4e-4, 4e-4]
        else:
            modules, peaks = patch, [1e-4, 5e-4]
        groups = [{"params": list(module.parameters())} for module in modules]
        optimizer = torch.optim.AdamW(groups, weight_decay=0.02)
        return optimizer, OneCycleLR(optimizer, peaks, total_steps=steps, pct_start=0.1, cycle_momentum=False)

    def loss(self, network: RPF, stage: int, progress: float, rng: np.random.Generator, device: torch.device) -> Losses:
        number = int(rng.choice(len(self.materials), p=self.shares))
        material = self.materials[number]
        rows = self._rows(material, rng)
        full = network.config.input_size if stage == 1 else network.config.crop_size
        side = min(self.small[stage - 1], full) if progress < self.small_until else full
        view = side if stage == 1 else self.large
        images, masks = self._views(number, rows, view, self.scale[stage - 1], rng)
        images, masks = images.to(device), masks.to(device)
        wanted = torch.tensor(material.labelled, device=device)
        labels = torch.from_numpy(material.labels[rows][:, material.labelled]).to(device)  # (batch, attribute)
        if stage == 1:
            features = network.features(images.float())
            embeddings, _, _ = network.region(features, network.attributes(wanted))
            attending = attention_loss(network, features, masks)
        else:
            embeddings, labels, attending = self._patches(network, images, masks, wanted, labels, side, rng)
        centred = embeddings - embeddings.mean(0, keepdim=True)
        losses = [
            (supcon(embeddings[:, a], labels[:, a]) + supcon(centred[:, a], labels[:, a])) / 2
            for a in range(len(wanted))
        ]
        contrast = torch.stack(losses).mean()
        parts = {
            "supcon": float(contrast.detach()),
            "attention": float(attending.detach()),
            "spread": spread(embeddings),
        }
        return Losses(contrast + self.attending * attending, parts)

    def _views(
        self, number: int, rows: np.ndarray, side: int, scale: tuple[float, float], rng: np.random.Generator
    ) -> tuple[Tensor, Tensor]:
        """Views uint8 (batch, 3, side, side) of some images of a material, and where their garments are, float (batch, side,
        side); zeros where that is not known."""
        images, found = self.materials[number].images, self.foregrounds[number]
        views, masks = [], []
        for row in rows:
            own = found[row]
            if own is not None and self.behind and rng.random() < self.replaced:
                other = self.behind[rng.integers(len(self.behind))]
                view, mask = foreground.before_another(images[row], own, other, side, rng)
            else:
                view, mask = augment.view(images[row], side, rng, scale), torch.zeros(side, side)
            views.append(view)
            masks.append(mask)
        return torch.stack(views), torch.stack(masks)

    def _rows(self, material: Material, rng: np.random.Generator) -> np.ndarray:
        """Rows of a batch: half of it spread evenly over the values of one attribute, so that rare ones teach too; half random."""
        labels = material.labels[:, rng.choice(material.labelled)]
        values = np.unique(labels[labels >= 0])
        per_value = -(-self.batch // 2 // len(values))
        pools = [np.flatnonzero(labels == value) for value in values]
        even = np.concatenate([rng.choice(pool, min(per_value, len(pool)), replace=False) for pool in pools])
        even = rng.permutation(even)[: self.batch // 2]
        rest = np.setdiff1d(np.arange(len(material)), even)
        return np.concatenate((even, rng.choice(rest, min(self.batch - len(even), len(rest)), replace=False)))

    def _patches(
        self,
        network: RPF,
        images: Tensor,
        masks: Tensor,
        wanted: Tensor,
        labels: Tensor,
        side: int,
        rng: np.random.Generator,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Patch embeddings (batch, attribute, D) on one crop of `side` pixels an image, the labels that it can answer for, and
        the loss of their attention."""
        with torch.no_grad():
            boxes = network(list(images), wanted, patch=False).boxes  # (batch, attribute, 4)
        known = labels.cpu().numpy() >= 0
        chosen = [int(rng.choice(np.flatnonzero(row))) if row.any() else 0 for row in known]
        every = torch.arange(len(images), device=images.device)
        box = boxes[every, torch.tensor(chosen, device=images.device)]
        labels = labels.masked_fill(overlap(boxes, box[:, None]) < 0.5, -1)
        cut = crop.crops(list(images), every, box, side)
        embedded = network.attributes(wanted)
        count = len(wanted)
        patches, seen = network.patch(
            network.tokens(cut), every.repeat_interleave(count), embedded.repeat(len(images), 1)
        )
        levels = (masks * 255).to(torch.uint8)[:, None].expand(-1, 3, -1, -1)
        mass = seen.unflatten(0, (len(images), count)), crop.crops(list(levels), every, box, side)[:, 0] / 255
        return patches.unflatten(0, (len(images), count)), labels, mass_loss(*mass)


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


RECIPES: dict[str, type[Lapel] | type[Paper]] = {"lapel": Lapel, "paper": Paper}


def attention_loss(network: RPF, features: Tensor, masks: Tensor) -> Tensor:
    """`mass_loss` of the region maps of every attribute; 0 for a branch without attention. masks: (batch, height, width)."""
    known = masks.flatten(1).any(1)
    if not known.any() or not isinstance(network.region, RegionBranch):
        return features.sum() * 0
    _, attention = network.region.attend(features[known], network.attributes.weight)
    return mass_loss(attention, masks[known])


def mass_loss(attention: Tensor, masks: Tensor) -> Tensor:
    """Minus the logarithm of the attention's mass on a mask, mean over maps; images without a mask do not count.

    attention: (batch, attribute, location), square maps that sum to 1; masks: (batch, height, width), 0 to 1.
    """
    known = masks.flatten(1).any(1)
    side = math.isqrt(attention.shape[-1])
    cells = F.adaptive_avg_pool2d(masks[known][:, None], side).flatten(2)  # (known, 1, location)
    mass = (attention[known].float() * cells).sum(-1)
    return -mass.clamp_min(1e-6).log().sum() / max(1, mass.numel())


def spread(embeddings: Tensor) -> float:
    """One minus the mean cosine between different rows of (batch, attribute, D): 0 when all have become the same."""
    with torch.no_grad():
        z = torch.nn.functional.normalize(embeddings.float(), dim=-1)
        n = z.shape[0]
        total = z.sum(0).square().sum(-1)  # (attribute,)
        return float(1 - ((total - n) / (n * (n - 1))).mean())


def overlap(boxes: Tensor, other: Tensor) -> Tensor:
    """Intersection over union of boxes (…, 4), broadcast."""
    low, high = torch.maximum(boxes[..., :2], other[..., :2]), torch.minimum(boxes[..., 2:], other[..., 2:])
    shared = (high - low).clamp_min(0).prod(-1)
    areas = [(b[..., 2:] - b[..., :2]).prod(-1) for b in (boxes, other)]
    return shared / (areas[0] + areas[1] - shared).clamp_min(1)

"""The recipe of the embedded weights."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, OneCycleLR

from model import RPF, RegionBranch, crop
from model.losses import in_float32, supcon
from training import augment, foreground
from training.attention import attention_loss, mass_loss
from training.data import Material, Reading
from training.recipes.losses import Losses, spread


class Lapel:
    """One trunk pass serves all labelled attributes of 64 images; supervised contrastive loss for
    each attribute.

    Stage 1 trains the region branch and its trunk, on small views first: at half the cost they
    teach nearly as much. Stage 2 keeps them and trains the patch branch and the ViT on crops of
    each image: one crop an image, that of a random labelled attribute, which also serves every
    other attribute whose own crop overlaps it by half or more.

    Views are hard to learn by heart (`training.augment`): in other light, with other colours, which
    then say nothing of attributes of colour, or with a part hidden.

    Part of the product photographs stand before other photographs' backgrounds; there, the
    attention of every attribute of the network, labelled or not, is drawn onto the garment and who
    wears it: minus the logarithm of its mass there. Under a gate so it is on every image, by the
    gate's judgement where the garment's place is not known (stage 1).
    """

    collapse_at: float | None = None
    calibrated = True
    clip: float | None = 5.0
    """Norm that gradients are clipped to."""
    reading = Reading()
    small_until = 0.6
    """Share of each stage that sees small views."""
    small = (160, 112)
    """Side in pixels of what the branch of each stage sees at first, then `Config.input_size`
    and `Config.crop_size`."""
    replaced = 1 / 3
    """Share of the images with a known foreground that get another background."""
    recoloured, hidden = 0.3, 0.3
    """Share of the views with other colours, which then say nothing of attributes of colour, and
    with a part hidden."""
    attending = 0.3
    """Weight of the term for attention."""
    large = 288
    """Side of the views in stage 2, of which the crops are parts."""
    scale = ((0.45, 1.0), (0.6, 1.0))

    def __init__(
        self,
        materials: Sequence[Material],
        shares: Sequence[float] = (),
        batch: int = 64,
        colours: Sequence[int] = (),
    ) -> None:
        """shares: how often each catalog is drawn, relative to the others; equally often when
        empty. colours: indices of the attributes of colour."""
        self.materials, self.batch, self.colours = materials, batch, np.array(colours, np.int64)
        self.scenery = foreground.survey([material.images for material in materials])
        drawn = np.array(shares or [1.0] * len(materials))
        self.shares = drawn / drawn.sum()

    def optimizer(self, network: RPF, stage: int, steps: int) -> tuple[Optimizer, LRScheduler]:
        """AdamW with one cycle (warm-up, cosine); the branch that does not learn is frozen."""
        region = [network.trunk, network.region, network.attributes]
        patch = [] if network.config.patch_trunk is None else [network.vit, network.patch]
        for module in region + patch:
            module.requires_grad_((module in region) == (stage == 1))
        if isinstance(network.region, RegionBranch) and network.region.gate is not None:
            network.region.gate.requires_grad_(False)  # `training.gating` teaches it
        if stage == 1:
            modules, peaks = region, [2e-4, 4e-4, 4e-4]
        else:
            modules, peaks = patch, [1e-4, 5e-4]
        groups = [{"params": [p for p in module.parameters() if p.requires_grad]} for module in modules]
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
        images, recoloured = self._augmented(images, rng)
        images, masks = images.to(device), masks.to(device)
        wanted = torch.tensor(material.labelled, device=device)
        labels = material.labels[rows]  # (batch, attribute)
        labels[recoloured[:, None], self.colours] = -1
        labels = torch.from_numpy(labels[:, material.labelled]).to(device)
        if stage == 1:
            features = network.features(images.float())
            embeddings, _, _ = network.region(features, network.attributes(wanted))
            attending = attention_loss(network, features, masks)
        else:
            embeddings, labels, attending = self._patches(network, images, masks, wanted, labels, side, rng)
        contrast = contrast_loss(embeddings, labels)
        parts = {
            "supcon": float(contrast.detach()),
            "attention": float(attending.detach()),
            "spread": spread(embeddings),
        }
        return Losses(contrast + self.attending * attending, parts)

    def _views(
        self, number: int, rows: np.ndarray, side: int, scale: tuple[float, float], rng: np.random.Generator
    ) -> tuple[Tensor, Tensor]:
        """Views uint8 (batch, 3, side, side) of some images of a material, and where their
        garments are, float (batch, side, side); zeros where that is not known."""
        images, found, behind = self.materials[number].images, self.scenery.foregrounds[number], self.scenery.behind
        views, masks = [], []
        for row in rows:
            own = found[row]
            if own is not None and behind and rng.random() < self.replaced:
                other = behind[rng.integers(len(behind))]
                view, mask = foreground.before_another(images[row], own, other, side, rng)
            else:
                view, mask = augment.view(images[row], side, rng, scale), torch.zeros(side, side)
            views.append(view)
            masks.append(mask)
        return torch.stack(views), torch.stack(masks)

    def _augmented(self, views: Tensor, rng: np.random.Generator) -> tuple[Tensor, np.ndarray]:
        """The views in other light, some with other colours or a part hidden, and the rows of
        those with other colours."""
        recoloured = np.flatnonzero(rng.random(len(views)) < self.recoloured)
        out = []
        for row, view in enumerate(views):
            view = augment.recolour(view, rng) if row in recoloured else augment.relight(view, rng)
            out.append(augment.hide(view, rng) if rng.random() < self.hidden else view)
        return torch.stack(out), recoloured

    def _rows(self, material: Material, rng: np.random.Generator) -> np.ndarray:
        """Rows of a batch: half of it spread evenly over the values of one attribute, so that
        rare ones teach too; half random."""
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
        """Patch embeddings (batch, attribute, D) on one crop of `side` pixels an image, the
        labels that it can answer for, and the loss of their attention."""
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


@in_float32
def contrast_loss(embeddings: Tensor, labels: Tensor) -> Tensor:
    """Supervised contrastive loss of embeddings (batch, attribute, D) and of the same less their
    mean over the batch, half and half, mean over attributes; labels: (batch, attribute), as for
    `supcon`."""
    centred = embeddings - embeddings.mean(0, keepdim=True)
    losses = [
        (supcon(embeddings[:, a], labels[:, a]) + supcon(centred[:, a], labels[:, a])) / 2
        for a in range(labels.shape[1])
    ]
    return torch.stack(losses).mean()


def overlap(boxes: Tensor, other: Tensor) -> Tensor:
    """Intersection over union of boxes (…, 4), broadcast."""
    low, high = torch.maximum(boxes[..., :2], other[..., :2]), torch.minimum(boxes[..., 2:], other[..., 2:])
    shared = (high - low).clamp_min(0).prod(-1)
    areas = [(b[..., 2:] - b[..., :2]).prod(-1) for b in (boxes, other)]
    return shared / (areas[0] + areas[1] - shared).clamp_min(1)

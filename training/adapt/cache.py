"""What frozen trunks give for some images, computed once, on the CPU: features of images, activations of crops."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from catalog import Catalog
from model import RPF, crop, mixed_precision
from retrieval import batches
from training import augment
from training.adapt.division import part
from training.errors import TrainingError

MOST_BYTES = 2 * 2**30
"""Memory that one cache may take."""
VIEWS = 4
"""Of an image: as it is, flipped, and random parts of it; fewer where memory asks for it."""
SCALE = (0.6, 1.0)
BATCH = 16


@dataclass(frozen=True)
class Cached:
    """Items with a label of one attribute each, int64 (n,), and what the region trunk gives for them.

    views: features, float16 (view, n, dim, 14, 14), view 0 is what search sees. sizes: int64 (n, 2), width and height.
    """

    items: Catalog
    labels: np.ndarray
    views: Tensor
    sizes: Tensor

    def at(self, rows: np.ndarray) -> "Cached":
        """Some of the items; rows: int64, ascending."""
        chosen = torch.from_numpy(rows)
        return Cached(part(self.items, rows), self.labels[rows], self.views[:, chosen], self.sizes[chosen])


class Tail(nn.Module):
    """The last blocks of the network's ViT, as a copy to train; the rest of it stays frozen."""

    def __init__(self, network: RPF, blocks: int) -> None:
        """TrainingError when the ViT has fewer blocks."""
        super().__init__()
        depth = len(network.vit.blocks)
        if not 0 <= blocks <= depth:
            raise TrainingError(f"the patch trunk has {depth} blocks; --blocks must lie between 0 and {depth}")
        self.blocks = copy.deepcopy(network.vit.blocks[depth - blocks :]).requires_grad_(True)
        self.prefix = network.vit.num_prefix_tokens

    def forward(self, activations: Tensor) -> Tensor:
        """Patch tokens (batch, 196, width) from the activations (batch, 197, width) that `cache_crops` keeps."""
        return self.blocks(activations)[:, self.prefix :]


def cache_features(network: RPF, catalog: Catalog, labels: np.ndarray, seed: int = 0) -> Cached:
    """Features of every image of a catalog, in several views. TrainingError where even one view is too much."""
    side = network.config.input_size
    count = _fitting(VIEWS, len(catalog) * network.config.dim * (side // 16) ** 2, "images")
    rng = np.random.default_rng(seed)
    parts, sizes = [], []
    with torch.inference_mode():
        for batch in _batches(catalog):
            plain = torch.stack([crop.frame(image, side) for image in batch])
            views = [plain, plain.flip(3), *(augment.views(batch, side, rng, SCALE) for _ in range(VIEWS - 2))][:count]
            features = network.features(torch.cat(views).float())
            parts.append(features.half().unflatten(0, (count, len(batch))))
            sizes += [(image.shape[2], image.shape[1]) for image in batch]
    return Cached(catalog, labels, torch.cat(parts, 1).clone(), torch.tensor(sizes))


def cache_crops(network: RPF, cached: Cached, attention: Tensor, tail: Tail, flipped: bool = False) -> Tensor:
    """Activations before the tail's blocks of one crop an image, float16 (view, n, 197, width).

    attention: (n, 14, 14), which says where the crops lie. view 0 is the crop as search sees it, view 1 its mirror image
    (where wanted and memory allows it).
    """
    count = _fitting(
        1 + flipped, len(attention) * (1 + (network.config.crop_size // 16) ** 2) * network.vit.embed_dim, "crops"
    )
    size = network.config.crop_size
    boxes = crop.crop_boxes(attention, cached.sizes, network.config.input_size, network.config.threshold)
    parts, done = [], 0
    with torch.inference_mode(), mixed_precision(torch.device("cpu")):
        for batch in _batches(cached.items):
            cut = crop.crops(batch, torch.arange(len(batch)), boxes[done : done + len(batch)], size)
            both = torch.cat((cut, cut.flip(3))[:count])
            parts.append(_heads(network, both, len(tail.blocks)).half().unflatten(0, (count, len(batch))))
            done += len(batch)
    return torch.cat(parts, 1).clone()


def _heads(network: RPF, crops: Tensor, without: int) -> Tensor:
    """timm's `VisionTransformer.forward_features` up to the last `without` blocks."""
    vit = network.vit
    x = vit.norm_pre(vit.patch_drop(vit._pos_embed(vit.patch_embed((crops - network.patch_mean) / network.patch_std))))
    return vit.blocks[: len(vit.blocks) - without](x)


def _batches(catalog: Catalog) -> Iterator[list[Tensor]]:
    return batches((catalog.open(item) for item in catalog), BATCH)


def _fitting(wanted: int, numbers: int, what: str) -> int:
    """How many views of float16 numbers fit into memory, at most `wanted`."""
    count = min(wanted, MOST_BYTES // max(1, 2 * numbers))
    if count < 1:
        raise TrainingError(f"too many {what} to keep in memory; give a smaller --labels-per-value")
    return count

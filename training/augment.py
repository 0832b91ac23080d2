"""Random views of training images: crop of random size and shape, horizontal flip."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


def view(
    image: Tensor, size: int, rng: np.random.Generator, scale: tuple[float, float] = (0.5, 1), ratio: float = 4 / 3
) -> Tensor:
    """A random part of a uint8 image (3, height, width), flipped half the time, as uint8 (3, size, size).

    scale: smallest and largest share of the area; ratio: largest aspect ratio of the part, both ways.
    """
    height, width = image.shape[1:]
    area = height * width * rng.uniform(*scale)
    aspect = math.exp(rng.uniform(-math.log(ratio), math.log(ratio)))
    w = min(width, max(16, round(math.sqrt(area * aspect))))
    h = min(height, max(16, round(math.sqrt(area / aspect))))
    top, left = int(rng.integers(height - h + 1)), int(rng.integers(width - w + 1))
    part = image[None, :, top : top + h, left : left + w]
    part = F.interpolate(part, (size, size), mode="bilinear", antialias=True, align_corners=False)[0]
    return part.flip(2) if rng.random() < 0.5 else part


def flip(image: Tensor, rng: np.random.Generator) -> Tensor:
    """The paper's only augmentation (RPF.md §6)."""
    return image.flip(2) if rng.random() < 0.5 else image


def views(images: list[Tensor], size: int, rng: np.random.Generator, scale: tuple[float, float]) -> Tensor:
    """One view of each image, uint8 (batch, 3, size, size)."""
    return torch.stack([view(image, size, rng, scale) for image in images])

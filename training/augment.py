"""Random views of training images: crop of random size and shape, horizontal flip; other light, other colours, parts hidden."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torchvision.transforms.v2 import functional as tv


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


def relight(image: Tensor, rng: np.random.Generator) -> Tensor:
    """Up to a fifth brighter or darker, of more or less contrast, and sometimes less sharp: colours keep their names. uint8 (3,
    side, side)."""
    image = tv.adjust_contrast(tv.adjust_brightness(image, rng.uniform(0.8, 1.2)), rng.uniform(0.8, 1.2))
    if rng.random() < 0.25:
        side = image.shape[-1]
        image = tv.resize(tv.resize(image, [round(side * rng.uniform(0.4, 0.9))] * 2), [side, side])
    return image


def recolour(image: Tensor, rng: np.random.Generator) -> Tensor:
    """Other hue, saturation and brightness, or none of the colour at all. uint8 (3, side, side)."""
    image = tv.adjust_saturation(image, rng.uniform(0.0, 1.8) if rng.random() < 0.7 else 0.0)
    return tv.adjust_hue(tv.adjust_brightness(image, rng.uniform(0.6, 1.4)), rng.uniform(-0.5, 0.5))


def hide(image: Tensor, rng: np.random.Generator) -> Tensor:
    """A rectangle, 2 to 15 % of the image, in one random colour. uint8 (3, side, side)."""
    side = image.shape[-1]
    area, aspect = rng.uniform(0.02, 0.15), math.exp(rng.uniform(-1, 1))
    height, width = (min(side, round(side * math.sqrt(area * r))) for r in (aspect, 1 / aspect))
    top, left = int(rng.integers(side - height + 1)), int(rng.integers(side - width + 1))
    image = image.clone()
    image[:, top : top + height, left : left + width] = torch.from_numpy(rng.integers(0, 256, (3, 1, 1), np.uint8))
    return image

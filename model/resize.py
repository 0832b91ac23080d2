"""Images at another size, to the same whole numbers on every device.

Torch resizes uint8 images in whole numbers, as Pillow does, on the CPU alone. What other devices have computes in floats,
by which a seventh of the pixels come out a level off: seen on a GPU, embeddings lost 0.1 % of their cosine with those of
the CPU. Here other devices take the whole numbers that the CPU takes, in two matrix products.
"""

from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from model.device import sent


def resized(images: Tensor, size: tuple[int, int]) -> Tensor:
    """uint8 images (n, 3, height, width) at another (height, width), bilinear with antialiasing.

    Off the CPU sums are held in float32, so that a pixel of a much larger image can differ by a level, one of many thousands.
    """
    device = images.device
    if device.type == "cpu":
        return F.interpolate(images, size, mode="bilinear", antialias=True, align_corners=False)
    height, width = images.shape[-2:]
    with torch.autocast(device.type, enabled=False):
        rows, bits = _matrix(width, size[1], device)
        across = _rounded(images.float() @ rows.T, bits)
        rows, bits = _matrix(height, size[0], device)
        return _rounded(rows @ across, bits).to(torch.uint8)


def _rounded(sums: Tensor, bits: int) -> Tensor:
    return ((sums + 2 ** (bits - 1)) / 2**bits).floor().clamp(0, 255)


def _matrix(old: int, new: int, device: torch.device) -> tuple[Tensor, int]:
    """Whole weights float32 (new, old), and by how many bits they are shifted."""
    first, weights, bits = taps(old, new)
    there = sent(torch.from_numpy(np.concatenate([first[:, None], weights], 1)), device)
    places = there[:, :1] + torch.arange(weights.shape[1], device=device)
    matrix = torch.zeros(new, old + weights.shape[1], device=device)
    return matrix.scatter_(1, places, there[:, 1:].float())[:, :old], bits


@lru_cache(4096)
def taps(old: int, new: int) -> tuple[np.ndarray, np.ndarray, int]:
    """The weights of `torch.nn.functional.interpolate` for uint8 along one axis: the first pixel that each new one is
    made of, int64 (new,), whole weights int64 (new, taps) from there on, and the bits that they are shifted by."""
    scale = old / new
    support = max(scale, 1.0)
    centre = scale * (np.arange(new) + 0.5)
    first = np.maximum((centre - support + 0.5).astype(np.int64), 0)
    count = np.minimum((centre + support + 0.5).astype(np.int64), old) - first
    step = np.arange(int(np.ceil(support)) * 2 + 1)
    weights = np.maximum(1 - np.abs((step + first[:, None] - centre[:, None] + 0.5) / support), 0)
    weights = np.where(step < count[:, None], weights, 0)
    weights /= weights.sum(1, keepdims=True)
    largest = float(weights.max())
    bits = next(bits for bits in range(23) if bits == 22 or int(0.5 + largest * 2 ** (bits + 1)) >= 2**15)
    return first, (weights * 2**bits + 0.5).astype(np.int64), bits

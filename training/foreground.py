"""Product photographs tell foreground from background by themselves: cut out of their white, and set before something else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

WHITE = 240
"""Level from which all three channels of a pixel may be background."""
SHARE = (0.05, 0.9)
"""Foregrounds that take less or more of an image than this are not believed."""
BORDER = 0.8
"""Share of the image's border that must be white."""
EDGE = 0.3
"""Backgrounds are taken from the outer part of a photograph, this share of its width: who is shown stands in its middle."""
SIZES = (0.45, 1.0)
"""Side of the garment's image in parts of the view."""


@dataclass(frozen=True)
class Scenery:
    """What some catalogs' images offer: for each catalog and image its foreground, where it is known, and photographs that
    others can be set before. images: the same as were surveyed."""

    images: list[Sequence[Tensor]]
    foregrounds: list[list[Tensor | None]]
    behind: list[Tensor]

    def composites(self, count: int, size: int, rng: np.random.Generator) -> tuple[Tensor, Tensor] | None:
        """At most `count` different garments before other photographs: uint8 (n, 3, size, size), and where they are, float (n,
        size, size); None where there is nothing to cut out or to set it before."""
        cut = [
            (image, mask)
            for images, found in zip(self.images, self.foregrounds, strict=True)
            for image, mask in zip(images, found, strict=True)
            if mask is not None
        ]
        if not cut or not self.behind:
            return None
        pairs = [
            before_another(cut[row][0], cut[row][1], self.behind[rng.integers(len(self.behind))], size, rng)
            for row in rng.permutation(len(cut))[:count]
        ]
        images, masks = (torch.stack(column) for column in zip(*pairs, strict=True))
        return images, masks


def survey(catalogs: Sequence[Sequence[Tensor]]) -> Scenery:
    """Backgrounds come from catalogs of which most images stand before something. catalogs: images, uint8 (3, height, width)."""
    foregrounds = [[find(image) for image in images] for images in catalogs]
    behind = [
        image
        for images, found in zip(catalogs, foregrounds, strict=True)
        if 2 * sum(one is None for one in found) > len(found)
        for image, one in zip(images, found, strict=True)
        if one is None
    ]
    return Scenery(list(catalogs), foregrounds, behind)


def find(image: Tensor) -> Tensor | None:
    """Foreground, bool (height, width), of a uint8 image (3, height, width) before white; None where it is before something else.

    Background is what is white from the border on, along a row or a column.
    """
    white = (image >= WHITE).all(0).numpy()
    border = np.concatenate((white[0], white[-1], white[:, 0], white[:, -1]))
    if border.mean() < BORDER:
        return None
    reached = np.zeros_like(white)
    for axis in (0, 1):
        reached |= np.logical_and.accumulate(white, axis=axis)
        reached |= np.flip(np.logical_and.accumulate(np.flip(white, axis), axis=axis), axis)
    foreground = ~reached
    return torch.from_numpy(foreground) if SHARE[0] <= foreground.mean() <= SHARE[1] else None


def before_another(
    image: Tensor, foreground: Tensor, other: Tensor, size: int, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """A garment somewhere before a part of another photograph: uint8 (3, size, size), and where it is, float (size, size), 0 to 1.

    image: uint8 (3, height, width); foreground: bool (height, width); other: uint8 (3, its height, its width).
    """
    behind = _resize(_outer(other, rng).float(), (size, size))
    height, width = (max(16, round(size * side)) for side in rng.uniform(SIZES[0], SIZES[1]) * rng.uniform(0.9, 1.0, 2))
    cut = _resize(torch.cat((image.float(), 255.0 * foreground[None])), (height, width))
    if rng.random() < 0.5:
        cut = cut.flip(2)
    top, left = int(rng.integers(size - height + 1)), int(rng.integers(size - width + 1))
    alpha = torch.zeros(size, size)
    alpha[top : top + height, left : left + width] = cut[3] / 255
    place = behind[:, top : top + height, left : left + width]
    place += (cut[:3] - place) * cut[3] / 255
    return behind.round().clamp(0, 255).to(torch.uint8), alpha.clamp(0, 1)


def _outer(photograph: Tensor, rng: np.random.Generator) -> Tensor:
    """A part of the left or right edge, half to all of its height."""
    _, height, width = photograph.shape
    wide, high = max(1, round(EDGE * width)), max(1, round(rng.uniform(0.5, 1.0) * height))
    left, top = int(rng.integers(2)) * (width - wide), int(rng.integers(height - high + 1))
    return photograph[:, top : top + high, left : left + wide]


def _resize(planes: Tensor, size: tuple[int, int]) -> Tensor:
    return F.interpolate(planes[None], size, mode="bilinear", antialias=True, align_corners=False)[0]

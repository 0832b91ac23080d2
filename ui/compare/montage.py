"""The same garment before another background: cut out by the network's foreground map, and put over another picture."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from eval.foreground import Cutout, background, composite

LONG = 384
"""Pixels of the long side that a montage is made in."""
BINS = 8
"""Levels of each colour channel when colours are counted."""
SURE, DOUBTED = 0.4, 0.2
"""Chance of garment from which a pixel is kept, and from which it is no background."""
TRUST = 0.5
"""How much the colours count beside the map."""
LEAST, MOST = 0.03, 0.85
"""Share of a picture that its garment takes where it can be told from the background."""


@dataclass(frozen=True)
class Cut:
    """A picture and how likely each pixel is garment or wearer, float32 (height, width), sharpened by its colours."""

    image: Image.Image
    chance: np.ndarray

    @property
    def share(self) -> float:
        """Part of the picture that is kept."""
        return float((self.chance >= SURE).mean())

    @property
    def clear(self) -> bool:
        """Whether garment and background can be told apart."""
        return LEAST <= self.share <= MOST


def small(image: Image.Image) -> Image.Image:
    """RGB with a long side of `LONG` at most."""
    image = image.convert("RGB")
    image.thumbnail((LONG, LONG), Image.Resampling.LANCZOS)
    return image


def cut_out(image: Image.Image, chance: np.ndarray) -> Cut:
    """chance: float32 of the image's size, the map of the network. Colours that lie mostly in the garment make a pixel more
    likely, and then pixels of like colour near one another are given like chances (guided filter: He, Sun and Tang,
    2013)."""
    pixels = np.asarray(image)
    known = np.clip(chance, 0.01, 0.99)
    bins = (pixels // (256 // BINS)).astype(np.int64) @ np.array([BINS * BINS, BINS, 1])
    inside = np.bincount(bins.ravel(), (known**2).ravel(), BINS**3) + 1.0
    outside = np.bincount(bins.ravel(), ((1 - known) ** 2).ravel(), BINS**3) + 1.0
    colour = np.log(inside / inside.sum() * outside.sum() / outside)[bins]
    odds = np.log(known / (1 - known)) + TRUST * colour
    guide = np.asarray(image.convert("L"), np.float32) / 255
    radius = max(2, round(0.015 * max(image.size)))
    return Cut(image, _guided(guide, (1 / (1 + np.exp(-odds))).astype(np.float32), radius))


def montage(garment: Cut, other: Cut) -> Image.Image:
    """The garment of one picture before the background of another, whose own garment is painted over from its rim."""
    behind = background(Cutout(other.image, other.chance >= DOUBTED))
    behind = _covering(behind, garment.image.size)
    return composite(Cutout(garment.image, garment.chance >= SURE), behind)


def rim_colour(image: Image.Image) -> np.ndarray:
    """Mean colour, float64 (3,), of the upper two thirds of a picture's left and right edge: mostly background."""
    image = image.convert("RGB").resize((32, 32), Image.Resampling.BOX)
    pixels = np.asarray(image, np.float64)[:21]
    return np.concatenate([pixels[:, :3], pixels[:, -3:]], 1).reshape(-1, 3).mean(0)


def _covering(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle of a picture, scaled so that it fills a size and keeps its proportions."""
    scale = max(size[0] / image.width, size[1] / image.height)
    width, height = (max(1, round(scale * side)) for side in image.size)
    image = image.resize((width, height), Image.Resampling.LANCZOS)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    return image.crop((left, top, left + size[0], top + size[1]))


def _guided(guide: np.ndarray, plane: np.ndarray, radius: int, smooth: float = 1e-3) -> np.ndarray:
    """The plane, float32 (height, width), with the edges of the guide, 0 to 1."""
    mean_guide, mean_plane = _mean(guide, radius), _mean(plane, radius)
    covariance = _mean(guide * plane, radius) - mean_guide * mean_plane
    variance = _mean(guide * guide, radius) - mean_guide**2
    slope = covariance / (variance + smooth)
    offset = mean_plane - slope * mean_guide
    return np.asarray(np.clip(_mean(slope, radius) * guide + _mean(offset, radius), 0, 1), np.float32)


def _mean(plane: np.ndarray, radius: int) -> np.ndarray:
    """Mean over squares of 2 radius + 1 pixels, edges repeated."""
    found = np.pad(plane.astype(np.float64), radius, mode="edge")
    for axis in (0, 1):
        sums = np.cumsum(np.insert(found, 0, 0, axis), axis)
        length = 2 * radius + 1
        found = (
            np.take(sums, range(length, sums.shape[axis]), axis) - np.take(sums, range(sums.shape[axis] - length), axis)
        ) / length
    return found

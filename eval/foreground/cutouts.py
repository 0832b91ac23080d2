"""Photographs with pixel masks: what is person and garment, what is background, and the one before another's."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from catalog import Catalog, CatalogError, Item, load_catalog, open_image
from eval.errors import EvalError
from eval.readable import say_left_out

SOFT = 1.5
"""Pixels of a transition between foreground and new background."""


@dataclass(frozen=True)
class Cutout:
    """A photograph, and which of its pixels show the person and what they wear: bool (height,
    width). values: uint8 (height, width), the mask as it is; what a value means, `parts` says."""

    image: Image.Image
    foreground: np.ndarray
    values: np.ndarray | None = None


def read_cutouts(folder: Path, limit: int | None = None) -> list[Cutout]:
    """A catalog whose column `mask` names a file for each image, 0 where there is background.

    Photographs that cannot be read, or whose mask cannot, are left out, and said. EvalError when
    there is no such column, a mask is not of its image's size, or nothing is left.
    """
    catalog = load_catalog(folder)
    read = {item.id: _read(catalog, item) for item in catalog.items[:limit]}
    found = [cutout for cutout in read.values() if cutout is not None]
    missing = [id for id, cutout in read.items() if cutout is None]
    say_left_out(catalog, missing, what="photographs or their masks")
    if not found:
        raise EvalError(f"no photograph of {folder} is left to measure; give a larger --limit, or sound files")
    return found


def _read(catalog: Catalog, item: Item) -> Cutout | None:
    """None where image or mask cannot be read."""
    name = item.columns.get("mask")
    if not name:
        raise EvalError(f"item {item.id} of {catalog.name} names no mask; add a column 'mask' to catalog.csv")
    try:
        image, mask = catalog.open(item), open_image(catalog.root / name, name=name)
    except (CatalogError, OSError):
        return None
    foreground = np.array(mask).any(axis=-1)
    if foreground.shape != (image.height, image.width):
        raise EvalError(f"the mask {name} is not of the size of its image; draw it again")
    return Cutout(image, foreground, np.array(mask)[..., 0])


def exchanged(cutouts: list[Cutout], seed: int = 0) -> Iterator[Image.Image]:
    """Each person and garment before the background of another photograph, drawn by seed, never
    its own."""
    if len(cutouts) < 2:
        raise EvalError("a background can only be swapped between two photographs or more; give more")
    order = np.random.default_rng(seed).permutation(len(cutouts))
    giver = np.empty(len(cutouts), np.int64)
    giver[order] = np.roll(order, 1)
    for cutout, other in zip(cutouts, giver, strict=True):
        yield composite(cutout, background(cutouts[other]))


def composite(cutout: Cutout, behind: Image.Image) -> Image.Image:
    """The foreground over another picture, which is scaled to the photograph's size."""
    alpha = Image.fromarray((cutout.foreground * 255).astype(np.uint8))
    size = (max(1, round(alpha.width / SOFT)), max(1, round(alpha.height / SOFT)))
    alpha = alpha.resize(size, Image.Resampling.BOX).resize(alpha.size, Image.Resampling.BILINEAR)
    return Image.composite(cutout.image, behind.resize(cutout.image.size), alpha)


def background(cutout: Cutout) -> Image.Image:
    """The photograph without its person: the hole is filled from its rim, coarser the further from
    it.

    Push-pull: averages over ever larger cells of what is known, then the finest that is known for
    each pixel.
    """
    known = (~cutout.foreground).astype(np.float32)
    colour = np.asarray(cutout.image, np.float32) * known[..., None]
    return Image.fromarray(_filled(colour, known).round().clip(0, 255).astype(np.uint8))


def _filled(colour: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """colour: (height, width, 3), premultiplied by weight (height, width), 0 to 1."""
    height, width = weight.shape
    if height == width == 1:
        return colour / max(float(weight[0, 0]), 1e-6)
    half = ((width + 1) // 2, (height + 1) // 2)
    coarse = _filled(
        np.stack([_resized(colour[..., channel], half) for channel in range(3)], -1), _resized(weight, half)
    )
    below = np.stack([_resized(coarse[..., channel], (width, height), True) for channel in range(3)], -1)
    return np.asarray(colour + (1 - weight[..., None]) * below)


def _resized(plane: np.ndarray, size: tuple[int, int], smooth: bool = False) -> np.ndarray:
    how = Image.Resampling.BILINEAR if smooth else Image.Resampling.BOX
    return np.asarray(Image.fromarray(plane).resize(size, how))

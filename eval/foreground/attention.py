"""Where the network looks: how much of its attention falls on person and garment."""

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
import torch
from PIL import Image

from eval.foreground.cutouts import Cutout
from retrieval import Embedder, batches, centre_square

MAPS = ("region", "patch", "background_complement", "pixels", "crop_pixels")


def attention_mass(
    embedder: Embedder,
    cutouts: Sequence[Cutout],
    attributes: Sequence[str],
    progress: Callable[[int], object] = lambda done: None,
) -> dict[str, dict[str, float]]:
    """Share (0 to 1) of the attention on the foreground for each attribute, mean over the images.

    region: of the region map, over the centre square; patch: of the patch map, over the crop; background_complement: of one
    minus the background map, rescaled to sum 1 (RPF.md §1). pixels and crop_pixels: the share of foreground in the square and
    in the crop, which a map that is the same everywhere would reach. Without a patch branch there is no patch.
    """
    wanted = torch.tensor([embedder.model.attribute_index(name) for name in attributes], device=embedder.device)
    sums = {name: np.zeros(len(MAPS)) for name in attributes}
    for cutout, (tensor,) in zip(cutouts, batches((cutout.image for cutout in cutouts), 1), strict=True):
        with torch.inference_mode():
            output = embedder.model([tensor.to(embedder.device)], wanted)
        size = (tensor.shape[2], tensor.shape[1])
        foreground = Image.fromarray(cutout.foreground.astype(np.float32)).resize(size, Image.Resampling.BOX)
        attention = output.attention[0].float().cpu().numpy()  # (attribute, 14, 14)
        square = cells(foreground, centre_square(*size), attention.shape[1])
        rest = 1 - (1 - attention) / (1 - attention).sum((1, 2), keepdims=True)
        rest /= rest.sum((1, 2), keepdims=True)
        patches = None if output.patch_attention is None else output.patch_attention[0].float().cpu().numpy()
        for place, name in enumerate(attributes):
            crop = cells(foreground, tuple(output.boxes[0, place].tolist()), embedder.model.config.crop_size // 16)
            looked = np.nan if patches is None else (patches[place] * crop).sum()
            sums[name] += [
                (attention[place] * square).sum(),
                looked,
                (rest[place] * square).sum(),
                square.mean(),
                crop.mean(),
            ]
        progress(1)
    return {
        name: {key: float(value) for key, value in zip(MAPS, total / len(cutouts), strict=True) if not np.isnan(value)}
        for name, total in sums.items()
    }


def cells(foreground: Image.Image, box: tuple[int, ...], side: int) -> np.ndarray:
    """Share of foreground in each of side x side cells of a box (left, top, right, bottom), float32; what rounding lets
    stand out of the image is cut off."""
    left, top, right, bottom = (
        max(0, box[0]),
        max(0, box[1]),
        min(foreground.width, box[2]),
        min(foreground.height, box[3]),
    )
    return np.asarray(foreground.resize((side, side), Image.Resampling.BOX, box=(left, top, right, bottom)))


def mean_of(rows: dict[str, dict[str, float]]) -> dict[str, float]:
    """Plain mean over the attributes of each figure that they have."""
    keys = dict.fromkeys(chain.from_iterable(rows.values()))
    return {key: float(np.mean([row[key] for row in rows.values() if key in row])) for key in keys}

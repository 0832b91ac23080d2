"""Where the network looks: its attention on person and garment, on garments, and on the right part."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from eval.foreground.cutouts import Cutout
from eval.foreground.parts import SMALLEST, garments, part_of, plane
from eval.intervals import mean_interval
from retrieval import Embedder, batches, centre_square, shown

MAPS = ("region", "patch", "whole", "shown", "background_complement", "pixels", "crop_pixels")
"""region, whole, shown, background_complement and pixels are over the centre square: the region map, the
patch map of the square, what both look at (`retrieval.shown`), one minus the background map rescaled
to sum 1 (RPF.md §1; of person and garment only), and a map that is the same everywhere. patch and
crop_pixels are over the crop: the patch map of the crop, and a map that is the same everywhere."""

PLACES = ("", "garment_", "part_")
"""What figures begin with: those of person and garment; of garments, without skin, hair and what is
carried; of what the attribute is about."""

PART_IMAGES = "part_images"


@dataclass(frozen=True)
class Shares:
    """rows: of each attribute the mean share (0 to 1) of its attention, named PLACES + MAPS, and
    PART_IMAGES, how many images show the part. intervals: of its part figures, the bounds of
    95 % of the means over images drawn again (percentile bootstrap, seed 0). parts: what it is about.
    """

    rows: dict[str, dict[str, float]]
    intervals: dict[str, dict[str, tuple[float, float]]]
    parts: dict[str, list[str]]


def attention_mass(
    embedder: Embedder,
    cutouts: Sequence[Cutout],
    attributes: Sequence[str],
    names: Sequence[str] = (),
    progress: Callable[[int], object] = lambda done: None,
) -> Shares:
    """Share of the attention of each attribute on each kind of place, mean over the images.

    names: of the mask values; without any, person and garment is all that is told apart. Images
    without an attribute's part (`parts.SMALLEST`) are left out of its part figures. Without a
    patch branch there is no patch, whole, shown and crop_pixels.
    """
    found: dict[str, list[dict[str, float]]] = {name: [] for name in attributes}
    for cutout, (tensor,) in zip(cutouts, batches((cutout.image for cutout in cutouts), 1), strict=True):
        for name, row in zip(attributes, _rows(embedder, cutout, tensor, attributes, names), strict=True):
            found[name].append(row)
        progress(1)
    return Shares(
        {name: _mean(rows) for name, rows in found.items()},
        {name: _intervals(rows) for name, rows in found.items()} if names else {},
        {name: list(part_of(name, names)) for name in attributes} if names else {},
    )


@dataclass(frozen=True)
class _Maps:
    """Of one attribute of one image: maps (side, side) that sum to 1, and the box of the crop."""

    region: np.ndarray
    patch: np.ndarray | None
    whole: np.ndarray | None
    box: tuple[int, ...]


def _rows(
    embedder: Embedder, cutout: Cutout, tensor: Tensor, attributes: Sequence[str], names: Sequence[str]
) -> Iterator[dict[str, float]]:
    """The figures of one image, tensor uint8 (3, height, width), attribute by attribute."""
    size = (tensor.shape[2], tensor.shape[1])
    foreground = _resized(cutout.foreground.astype(np.float32), size)
    garment = _places(cutout, names, garments(names), size)
    for name, maps in zip(attributes, _maps(embedder, tensor, attributes), strict=True):
        row = _figures(foreground, maps)
        rest = 1 - (1 - maps.region) / (1 - maps.region).sum()
        square = cells(foreground, centre_square(*size), len(rest))
        row["background_complement"] = float((rest * square).sum() / rest.sum())
        part = _places(cutout, names, part_of(name, names), size)
        for prefix, place in zip(PLACES[1:], (garment, part), strict=True):
            figures = {} if place is None else _figures(place, maps)
            if figures and (prefix != "part_" or figures["pixels"] >= SMALLEST):
                row |= {prefix + key: value for key, value in figures.items()}
        yield row


def _maps(embedder: Embedder, tensor: Tensor, attributes: Sequence[str]) -> list[_Maps]:
    wanted = torch.tensor([embedder.model.attribute_index(name) for name in attributes], device=embedder.device)
    with torch.inference_mode():
        output = embedder.model([tensor.to(embedder.device)], wanted)
        whole = whole_attention(embedder, tensor.to(embedder.device), wanted)
    region = output.attention[0].float().cpu().numpy()  # (attribute, 14, 14)
    patch = None if output.patch_attention is None else output.patch_attention[0].float().cpu().numpy()
    return [
        _Maps(
            region[place],
            None if patch is None else patch[place],
            None if whole is None else whole[place],
            tuple(output.boxes[0, place].tolist()),
        )
        for place in range(len(attributes))
    ]


def whole_attention(embedder: Embedder, tensor: Tensor, wanted: Tensor) -> np.ndarray | None:
    """Patch attention over the centre square of an image uint8 (3, height, width): float32
    (attribute, side, side), each map summing to 1; None without a patch branch."""
    model = embedder.model
    if model.config.patch_trunk is None:
        return None
    left, top, right, bottom = centre_square(tensor.shape[2], tensor.shape[1])
    size = model.config.crop_size
    square = tensor[None, :, top:bottom, left:right].float()
    square = F.interpolate(square, (size, size), mode="bilinear", antialias=True, align_corners=False)
    _, seen = model.patches(model.tokens(square), torch.zeros_like(wanted), wanted)
    attention: np.ndarray = seen.float().unflatten(-1, (size // 16, size // 16)).cpu().numpy()
    return attention


def _figures(place: Image.Image, maps: _Maps) -> dict[str, float]:
    """Share of each map on a place: float32 image of the size of the picture, 1 where it is."""
    frame = centre_square(*place.size)
    square = cells(place, frame, len(maps.region))
    found = {"region": (maps.region * square).sum(), "pixels": square.mean()}
    crop = cells(place, maps.box, len(maps.region if maps.patch is None else maps.patch))
    found["crop_pixels"] = crop.mean()
    if maps.patch is not None and maps.whole is not None:
        found["patch"] = (maps.patch * crop).sum()
        found["whole"] = (maps.whole * cells(place, frame, len(maps.whole))).sum()
        found["shown"] = (shown(maps.region, maps.whole) * square).sum()
    return {key: float(value) for key, value in found.items()}


def _places(cutout: Cutout, names: Sequence[str], wanted: Sequence[str], size: tuple[int, int]) -> Image.Image | None:
    """Where a mask has the wanted names; None where nothing is told apart."""
    if not names or cutout.values is None:
        return None
    return _resized(plane(cutout.values, names, wanted), size)


def _resized(pixels: np.ndarray, size: tuple[int, int]) -> Image.Image:
    return Image.fromarray(pixels).resize(size, Image.Resampling.BOX)


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
    """Plain mean over the attributes of each share that they have; of the number of images there is none."""
    keys = dict.fromkeys(chain.from_iterable(rows.values()))
    return {
        key: float(np.mean([row[key] for row in rows.values() if key in row])) for key in keys if key != PART_IMAGES
    }


def _mean(rows: list[dict[str, float]]) -> dict[str, float]:
    keys = [prefix + name for prefix in PLACES for name in MAPS]
    values = {key: [row[key] for row in rows if key in row] for key in keys}
    made = {key: float(np.mean(value)) for key, value in values.items() if value}
    count = len(values["part_pixels"])
    return made | {PART_IMAGES: count} if count else made


def _intervals(rows: list[dict[str, float]]) -> dict[str, tuple[float, float]]:
    """Bounds of the part figures, where two images or more show the part."""
    having = [row for row in rows if "part_pixels" in row]
    if len(having) < 2:
        return {}
    keys = [key for key in having[0] if key.startswith("part_")]
    found = {key: mean_interval(np.array([row[key] for row in having]), method="percentile") for key in keys}
    return {key: (interval.low, interval.high) for key, interval in found.items()}

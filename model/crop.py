"""From attention to crop, batched on the device (RPF.md §2). `tests.model.crop_reference` is the same with Pillow."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from model.device import sent
from model.resize import resized

TOGETHER = 2**24
"""Pixels of images, at most, that are brought to another size together."""
CUT = 2**25
"""Pixels, at most, that a GPU cuts out together, unless one crop has more."""
LONGEST = 16
"""Long side over short side beyond which `frame` reads the middle of an image only."""


def frame(image: Tensor, size: int) -> Tensor:
    """Short side to `size` pixels (antialiased bilinear), centre crop: uint8 (3, height, width)
    to uint8 (3, size, size)."""
    return _framed(image[None], size)[0]


def frames(images: Sequence[Tensor], size: int) -> Tensor:
    """`frame` of each image, (n, 3, size, size); a GPU takes those of one shape together, which follow one another."""
    if images[0].device.type == "cpu":
        return torch.stack([frame(image, size) for image in images])
    parts = []
    for shape, alike in groupby(images, lambda image: image.shape):
        several = list(alike)
        most = max(1, TOGETHER // (shape[1] * shape[2]))
        parts += [_framed(torch.stack(several[at : at + most]), size) for at in range(0, len(several), most)]
    return torch.cat(parts)


def _framed(images: Tensor, size: int) -> Tensor:
    """(n, 3, height, width) to (n, 3, size, size)."""
    images = _shortened(images)
    height, width = images.shape[-2:]
    short = min(height, width)
    new = (size * height // short, size * width // short)
    if (height, width) != new:
        images = resized(images, new)
    top, left = (round((side - size) / 2) for side in new)
    return images[..., top : top + size, left : left + size]


def _shortened(image: Tensor) -> Tensor:
    """The middle of an image more than `LONGEST` times as long as wide: its whole length at
    `size` pixels of width can take more memory than there is, and all but the middle is cut off."""
    short = min(image.shape[-2:])
    for axis in (-2, -1):
        surplus = (image.shape[axis] - LONGEST * short) // 2
        if surplus > 0:
            image = image.narrow(axis, surplus, image.shape[axis] - 2 * surplus)
    return image


def crop_boxes(attention: Tensor, sizes: Tensor, size: int, threshold: float) -> Tensor:
    """Crop box of each attention map, in pixels of the original image (RPF.md §2.1-2.3).

    attention: (n, height, width); sizes: int64 (n, 2) width and height of the originals; size: side
    of the square that the region branch saw. Returns int64 (n, 4): left, top, right, bottom, one
    pixel wide at least. A constant map gives the whole centre crop.
    """
    sizes = sent(sizes, attention.device)
    maps = F.interpolate(attention.float()[:, None], (size, size), mode="bilinear", align_corners=False)[:, 0]
    low, high = maps.amin((1, 2), keepdim=True), maps.amax((1, 2), keepdim=True)
    spread = high - low
    levels = ((maps - low) / spread.clamp_min(torch.finfo(maps.dtype).tiny) * 255).to(torch.uint8)
    kept = (levels > int(255 * threshold)) | (spread == 0)  # (n, size, size)
    left, right = _extent(kept.any(1))
    top, bottom = _extent(kept.any(2))
    width, height = right - left, bottom - top
    side = torch.maximum(width, height)
    x = _place(left + width // 2, side, size)
    y = _place(top + height // 2, side, size)
    short = sizes.amin(1)
    # whole numbers: in floats 84 * (1200 / 224) is 449.99…, which truncates to 449 instead of 450
    x, y, side = (value * short // size for value in (x, y, side))
    side = side.clamp_min(1)  # of pictures smaller than the canvas
    offset = (sizes - short[:, None]) // 2  # (n, 2), zero on the short axis
    x, y = x + offset[:, 0], y + offset[:, 1]
    return torch.stack((x, y, x + side, y + side), 1)


def shared(boxes: Tensor, overlap: float) -> Tensor:
    """Boxes of which those that overlap a larger one of their image are that one.

    boxes: int64 (image, attribute, 4) on the CPU; overlap: intersection over union, 0 to 1, from which on two are one. From the
    largest on, each box is the first of those kept before it that it overlaps so far, or is kept itself. Equal sides count from
    the left, then from the top, so that the order of attributes changes nothing. Returns boxes of the same shape.
    """
    count = boxes.shape[1]
    left, top, right, _ = boxes.unbind(-1)
    order = ((left - right) * 2**40 + left * 2**20 + top).argsort(1)  # (image, attribute)
    ordered = boxes.take_along_dim(order[..., None], 1)
    low = torch.maximum(ordered[:, :, None, :2], ordered[:, None, :, :2])
    high = torch.minimum(ordered[:, :, None, 2:], ordered[:, None, :, 2:])
    common = (high - low).clamp_min(0).prod(-1)
    area = (ordered[..., 2:] - ordered[..., :2]).prod(-1)
    alike = common >= overlap * (area[:, :, None] + area[:, None, :] - common)  # (image, attribute, attribute)
    kept = torch.zeros(order.shape, dtype=torch.bool)
    taken = torch.empty_like(order)
    for place in range(count):
        fits = kept & alike[:, place]
        found = fits.any(1)
        taken[:, place] = torch.where(found, fits.to(torch.uint8).argmax(1), place)
        kept[:, place] = ~found
    return torch.empty_like(boxes).scatter_(
        1, order[..., None].expand_as(boxes), ordered.take_along_dim(taken[..., None], 1)
    )


def _extent(kept: Tensor) -> tuple[Tensor, Tensor]:
    """First kept position and one past the last, for each row of (n, size)."""
    size = kept.shape[1]
    first = kept.to(torch.uint8).argmax(1)
    last = size - kept.flip(1).to(torch.uint8).argmax(1)
    return first, last


def _place(centre: Tensor, side: Tensor, size: int) -> Tensor:
    """Start of an interval of length `side` round `centre`, pushed back inside the canvas."""
    return torch.where(centre + side // 2 > size, size - side, (centre - side // 2).clamp_min(0))


def crops(images: Sequence[Tensor], owners: Tensor, boxes: Tensor, size: int) -> Tensor:
    """Cut boxes out of uint8 images (3, height, width) and resize them to float (n, 3, size, size),
    values 0 to 255.

    owners: (n,) index of the image each box belongs to; boxes: (n, 4), black where one leaves the
    image (an odd side can, by a pixel). Both are read as numbers, so that the CPU is the place to
    keep them. The resize is two batched matrix products with the weights of antialiased bilinear (a
    triangle as wide as the scale), over crops of similar side.
    """
    device = images[0].device
    told = zip(owners.tolist(), boxes.tolist(), strict=True)
    rows = np.array([(owner, *box) for owner, box in told], np.int64).reshape(-1, 5)
    sides = rows[:, 3] - rows[:, 1]
    order = sides.argsort(kind="stable")
    rows, sides = rows[order], sides[order]
    out = torch.empty(len(rows), 3, size, size, device=device)
    cut_out = (_cutter if device.type == "cpu" else _gatherer)(images, rows)
    places = sent(torch.tensor(np.column_stack((order, sides))), device)
    for start, end, widest in _groups(sides.tolist(), device.type == "cpu"):
        cut = cut_out(start, end, widest)
        place, side = places[start:end].unbind(1)
        weights = _resize_weights(side, widest, size)[:, None]  # (n, 1, size, widest)
        with torch.autocast(device.type, enabled=False):
            out[place] = weights @ cut @ weights.transpose(2, 3)
    return out


def _groups(sides: Sequence[int], few: bool) -> Iterator[tuple[int, int, int]]:
    """First and one past the last of the crops that are cut together, and their largest side. sides: in order; few: of what is
    in a processor's cache, else of what a GPU does at once."""
    start = 0
    for end, side in enumerate(sides, 1):
        last = end == len(sides)
        full = end - start == 32 if few else not last and (end + 1 - start) * sides[end] ** 2 > CUT
        if full or last:
            yield start, end, side
            start = end


_Cut = Callable[[int, int, int], Tensor]
"""First row, one past the last, and a side in pixels → the pixels of their boxes in the upper left of squares, float (n, 3,
side, side)."""


def _cutter(images: Sequence[Tensor], rows: np.ndarray) -> _Cut:
    """rows: (n, 5), the number of an image and a box in it."""
    numbers: list[list[int]] = rows.tolist()

    def cut(start: int, end: int, widest: int) -> Tensor:
        found = torch.zeros(end - start, 3, widest, widest, device=images[0].device)
        for place, (owner, left, top, right, bottom) in enumerate(numbers[start:end]):
            seen = images[owner][:, top:bottom, left:right]
            found[place, :, : seen.shape[1], : seen.shape[2]] = seen
        return found

    return cut


def _gatherer(images: Sequence[Tensor], rows: np.ndarray) -> _Cut:
    """The same with a few large steps in place of one for each box, each of which a GPU would wait for."""
    device = images[0].device
    pixels = _pixels(images)
    shapes = np.array([image.shape[1:] for image in images])
    areas = shapes.prod(1)
    owner, left, top, right, bottom = rows.T
    high, wide = shapes[owner].T
    first = (areas.cumsum() - areas)[owner]
    read = np.column_stack((first, wide, left, top, np.minimum(right, wide), np.minimum(bottom, high)))
    told = sent(torch.tensor(read), device)[:, :, None]

    def gather(start: int, end: int, widest: int) -> Tensor:
        first, wide, left, top, right, bottom = told[start:end].unbind(1)  # (n, 1) each
        steps = torch.arange(widest, device=device)
        x, y = left + steps, top + steps  # (n, widest)
        inside = (y < bottom)[:, :, None] & (x < right)[:, None, :]
        index = first[:, :, None] + (y * wide)[:, :, None] + x[:, None, :]
        found = pixels[torch.where(inside, index, 0)].float() * inside[..., None]  # (n, widest, widest, 3)
        return found.permute(0, 3, 1, 2).contiguous()

    return gather


def _pixels(images: Sequence[Tensor]) -> Tensor:
    """Those of all images (3, height, width), (pixel, 3): a view where they lie so already, one after the other."""
    first, count = images[0].storage_offset(), 0
    memory = images[0].untyped_storage()._cdata
    for image in images:
        _, height, width = image.shape
        here = image.untyped_storage()._cdata == memory and image.storage_offset() == first + 3 * count
        if not here or image.stride() != (1, 3 * width, 3):
            return torch.cat([image.permute(1, 2, 0).reshape(-1, 3) for image in images])
        count += height * width
    return images[0].as_strided((count, 3), (3, 1), first)


def _resize_weights(sides: Tensor, widest: int, size: int) -> Tensor:
    """(n, size, widest): row i of a matrix makes pixel i of the result from the first `side`
    pixels of an axis."""
    scale = sides.float()[:, None, None] / size  # (n, 1, 1)
    support = scale.clamp_min(1)
    centre = (torch.arange(size, device=sides.device)[None, :, None] + 0.5) * scale
    pixel = torch.arange(widest, device=sides.device)[None, None, :] + 0.5
    weights = (1 - (pixel - centre).abs() / support).clamp_min(0)
    weights = weights * (pixel < sides[:, None, None])
    return weights / weights.sum(2, keepdim=True)

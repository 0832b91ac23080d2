"""Persons and garments in a picture, proposed as boxes to ask by. No embedding and no rank depends on them.

What the foreground gate (`model.gate`) takes for person and garment falls into connected parts, and each of those
into pieces of one colour: its cells are merged by Ward's criterion (J. Ward, JASA 58, 1963), as selective search does
(J. Uijlings et al., IJCV 104, 2013). `python -m benchmarks garments` measures it; `benchmarks.garments` says
what it was chosen on. A search by the largest part is on the whole no better than one by the whole picture, and worse for
sleeve lengths, so that parts are offered and never taken by themselves.
"""

import heapq
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from retrieval.batches import to_tensor
from retrieval.embedder import Embedder

Box = tuple[float, float, float, float]
"""left, top, right, bottom as fractions of the sides of a picture, 0 to 1."""

GREY = (127, 127, 127)
LONGEST = 4
"""Long side over short side of the longest picture that is looked at in whole; of a longer one the middle is."""


@dataclass(frozen=True)
class Proposing:
    """What is proposed. foreground: chance of person or garment from which a cell counts. smallest: share of the picture
    that a part covers at least. alike: overlap (intersection over union) from which two boxes are one. most: parts at
    most; figures: connected ones among them. place: how much the length of the picture counts against the difference of
    black and white. finer: cells of colour across one of the gate."""

    foreground: float = 0.5
    smallest: float = 0.03
    alike: float = 0.6
    most: int = 6
    figures: int = 3
    place: float = 0.8
    finer: int = 2


CHOSEN = Proposing()


@dataclass(frozen=True)
class Part:
    """box: where it is. figure: a connected part, a person or a garment by itself; otherwise a piece of one."""

    box: Box
    figure: bool


def parts_in(embedder: Embedder, image: Image.Image, how: Proposing = CHOSEN) -> tuple[Part, ...]:
    """The parts of a picture to ask by, figures first; none by weights without a foreground gate.

    One pass of the trunk over the whole picture: what an embedding saw of it is the centre square.
    """
    frame = _frame(image)
    chances = foreground(embedder, image.crop(frame))
    if chances is None:
        return ()
    size = (how.finer * chances.shape[1], how.finer * chances.shape[0])
    colours = image.convert("RGB").resize(size, Image.Resampling.BOX, box=frame, reducing_gap=3.0)
    found = proposed(chances, np.asarray(colours, np.float32) / 255, how)
    return tuple(Part(_placed(part.box, frame, image.size), part.figure) for part in found)


def foreground(embedder: Embedder, image: Image.Image) -> np.ndarray | None:
    """Chance of person or garment, float32 (rows, columns), of cells of 16 pixels of a picture whose short side is
    brought to the size that the network sees; None for weights without a gate."""
    model = embedder.model
    region: Any = model.region
    if getattr(region, "gate", None) is None:
        return None
    with torch.inference_mode():
        pixels = to_tensor(image)[None].to(embedder.device).float()
        scale = model.config.input_size / min(pixels.shape[2:])
        size = [max(16, round(side * scale / 16) * 16) for side in pixels.shape[2:]]
        features = model.features(F.interpolate(pixels, size, mode="bilinear", antialias=True, align_corners=False))
        normalised = region.feature_norm(features.flatten(2).transpose(1, 2))
        found: np.ndarray = region.gate.logits(normalised)[0].sigmoid().unflatten(0, features.shape[2:]).cpu().numpy()
    return found


def proposed(chances: np.ndarray, colours: np.ndarray, how: Proposing = CHOSEN) -> tuple[Part, ...]:
    """Parts of a picture, figures first, the largest first; then pieces, the one that stands out most first.

    chances: (rows, columns), 0 to 1. colours: (finer rows, finer columns, 3), 0 to 1, over the same picture.
    """
    rows, columns = colours.shape[:2]
    finer = Image.fromarray(np.asarray(chances, np.float32)).resize((columns, rows), Image.Resampling.BILINEAR)
    mask = np.asarray(finer) >= how.foreground
    down, across = np.mgrid[:rows, :columns]
    place = how.place * np.stack([down, across], -1) / max(rows, columns)
    regions = merged(mask, np.concatenate([colours, place], -1), math.ceil(how.smallest * mask.size))
    figures = sorted((one for one in regions if one.whole), key=lambda one: -len(one.cells))[: how.figures]
    pieces = sorted((one for one in regions if not one.whole), key=lambda one: -one.contrast)
    found: list[Part] = []
    for region in [*figures, *pieces]:
        box = _around(region.cells, mask.shape)
        if len(found) < how.most and all(overlap(box, other.box) < how.alike for other in found):
            found.append(Part(box, region.whole))
    return tuple(found)


@dataclass
class Region:
    """cells: row and column of each. mean: of their vectors, (width,). beside: numbers of its neighbours. whole: whether it is
    merged into no other; contrast: else what that cost, times the root of its cells."""

    cells: list[tuple[int, int]]
    mean: np.ndarray
    beside: set[int] = field(default_factory=set)
    whole: bool = True
    contrast: float = 0.0

    def cost(self, other: "Region") -> float:
        """By how much the sum of squared distances from the means grows when the two become one (Ward)."""
        share = len(self.cells) * len(other.cells) / (len(self.cells) + len(other.cells))
        apart = self.mean - other.mean
        return float(share * (apart @ apart))


def merged(mask: np.ndarray, vectors: np.ndarray, least: int) -> list[Region]:
    """Regions of `least` cells or more that come about when neighbours in a mask are merged, the two that cost least first,
    until its connected parts are left. mask: bool (rows, columns). vectors: (rows, columns, width)."""
    regions = _cells(mask, vectors)
    queue = [(one.cost(regions[other]), place, other) for place, one in enumerate(regions) for other in one.beside]
    queue = [pair for pair in queue if pair[1] < pair[2]]
    heapq.heapify(queue)
    while queue:
        cost, *places = heapq.heappop(queue)
        pair = [regions[place] for place in places]
        if not all(one.whole for one in pair):
            continue
        union = _union(*pair)
        union.beside -= set(places)
        for one in pair:
            one.whole, one.contrast = False, cost * math.sqrt(len(one.cells))
        for near in union.beside:
            regions[near].beside -= set(places)
            regions[near].beside.add(len(regions))
            heapq.heappush(queue, (union.cost(regions[near]), near, len(regions)))
        regions.append(union)
    return [region for region in regions if len(region.cells) >= least]


def squared(image: Image.Image) -> Image.Image:
    """A part of a picture in the middle of a grey square, so that the network, which sees the centre square, sees all of it
    and nothing that was beside it."""
    side = max(image.size)
    square = Image.new("RGB", (side, side), GREY)
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return square


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes, 0 to 1."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    both = max(0.0, across) * max(0.0, down)
    either = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)) - both
    return both / either if either > 0 else 0.0


def _cells(mask: np.ndarray, vectors: np.ndarray) -> list[Region]:
    """A region of each cell of a mask, beside those above, below, left and right of it."""
    places = [(int(row), int(column)) for row, column in np.argwhere(mask)]
    number = {place: count for count, place in enumerate(places)}
    regions = [Region([place], np.asarray(vectors[place], np.float64)) for place in places]
    for (row, column), count in number.items():
        for near in ((row + 1, column), (row, column + 1)):
            if near in number:
                regions[count].beside.add(number[near])
                regions[number[near]].beside.add(count)
    return regions


def _union(one: Region, other: Region) -> Region:
    cells = [*one.cells, *other.cells]
    mean: np.ndarray = (one.mean * len(one.cells) + other.mean * len(other.cells)) / len(cells)
    return Region(cells, mean, one.beside | other.beside)


def _around(cells: list[tuple[int, int]], shape: tuple[int, ...]) -> Box:
    """The smallest box around cells of a grid (rows, columns)."""
    rows, columns = zip(*cells, strict=True)
    return (
        min(columns) / shape[1],
        min(rows) / shape[0],
        (max(columns) + 1) / shape[1],
        (max(rows) + 1) / shape[0],
    )


def _frame(image: Image.Image) -> tuple[int, int, int, int]:
    """The part of a picture that is looked at, in pixels: all of it, unless it is longer than `LONGEST`."""
    most = LONGEST * min(image.size)
    width, height = (min(side, most) for side in image.size)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return left, top, left + width, top + height


def _placed(box: Box, frame: tuple[int, int, int, int], size: tuple[int, int]) -> Box:
    """A box of a part of a picture as one of the whole picture."""
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    return (
        (frame[0] + box[0] * width) / size[0],
        (frame[1] + box[1] * height) / size[1],
        (frame[0] + box[2] * width) / size[0],
        (frame[1] + box[3] * height) / size[1],
    )

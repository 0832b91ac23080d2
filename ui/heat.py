"""Pictures of attention: an image and its close-up, each with its heat as a layer to lie over it."""

import base64
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from retrieval import Explanation, close_up, shown

STOPS = np.array(
    [[38, 30, 86], [92, 42, 130], [176, 55, 108], [233, 99, 66], [250, 168, 62], [253, 236, 150]], np.float32
)
"""Colours of the heat from cold to hot, perceptually rising in lightness."""

SIDE = 420
"""Pixels of the longer side of a picture."""
LAYER = 112
"""Pixels of the longer side of a layer of heat, which is smooth and is stretched over its picture."""
COLD, HOT = 0.3, 0.66
"""How much of a picture is covered where it is coldest and hottest."""
UNSEEN = (120, 118, 124, 153)
"""What covers the part that a branch did not see: grey, and how much of 255."""


Box = tuple[int, int, int, int]
"""left, top, right, bottom in pixels."""


def framed(explanation: Explanation) -> Box:
    """What is shown close up: the crop where the patch branch saw it, else the part of the square that both branches
    look at."""
    if explanation.compared != explanation.frame:
        return explanation.compared
    return close_up(shown(explanation.attention, explanation.patch_attention), explanation.frame)


@dataclass(frozen=True, eq=False)
class Layers:
    """A picture without heat, and what lies over it.

    heat: RGBA, smaller and of the same shape, to be stretched over the picture; None where there is none. box: left, top, right,
    bottom of what is framed in it, as fractions of its sides, 0 to 1; None where nothing is.
    """

    picture: Image.Image
    heat: Image.Image | None
    box: tuple[float, float, float, float] | None = None


def attention_layers(image: Image.Image, explanation: Explanation, side: int = SIDE) -> Layers:
    """The image, its long side at most `side`, with `framed` as its box, and the heat of the region branch over the square
    that it saw, grey beside it."""
    picture, size = smaller(image, side), _fitted(image.size, LAYER)
    heat = Image.new("RGBA", size, UNSEEN)
    frame = _scaled(explanation.frame, size[0] / image.width, size)
    heat.paste(_layer(explanation.attention, (frame[2] - frame[0], frame[3] - frame[1])), frame[:2])
    left, top, right, bottom = framed(explanation)
    box = left / image.width, top / image.height, right / image.width, bottom / image.height
    return Layers(picture, heat, box)


def patch_layers(image: Image.Image, explanation: Explanation, side: int = SIDE) -> Layers:
    """The close-up, `side` × `side`, and the heat of the patch branch there, where the network has one."""
    box = framed(explanation)
    picture = image.crop(box).resize((side, side), Image.Resampling.BICUBIC)
    if explanation.patch_attention is None:
        return Layers(picture, None)
    return Layers(picture, _layer(explanation.patch_attention, (LAYER, LAYER), _cells(box, explanation)))


def data_uri(picture: Image.Image) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=82, method=2)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """A size with the same shape, its longer side at most `side`."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def smaller(image: Image.Image, side: int) -> Image.Image:
    """A copy, its long side at most `side` pixels."""
    return image.resize(_fitted(image.size, side), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _layer(
    attention: np.ndarray, size: tuple[int, int], part: tuple[float, float, float, float] | None = None
) -> Image.Image:
    """Heat to lie over a picture, RGBA: where it is cold it is dark and covers little, where it is hot it glows.

    part: which of the map's cells the picture shows, None for all; the whole map says what is hottest.
    """
    span = float(attention.max() - attention.min())
    level = (attention - attention.min()) / span if span > 0 else np.zeros_like(attention)
    heat = Image.fromarray(level.astype(np.float32)).resize(size, Image.Resampling.BICUBIC, box=part)
    level = np.clip(np.asarray(heat), 0, 1)
    colours = [np.interp(level * (len(STOPS) - 1), np.arange(len(STOPS)), channel) for channel in STOPS.T]
    cover = 255 * (COLD + (HOT - COLD) * level)
    return Image.fromarray(np.stack([*colours, cover], -1).round().astype(np.uint8), "RGBA")


def _cells(box: Box, explanation: Explanation) -> tuple[float, float, float, float]:
    """A box in cells of the patch branch's map."""
    assert explanation.patch_attention is not None
    rows, columns = explanation.patch_attention.shape
    left, top, right, bottom = explanation.compared
    across, down = columns / (right - left), rows / (bottom - top)
    cells = (box[0] - left) * across, (box[1] - top) * down, (box[2] - left) * across, (box[3] - top) * down
    return max(cells[0], 0), max(cells[1], 0), min(cells[2], columns), min(cells[3], rows)


def _scaled(box: tuple[int, int, int, int], scale: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(edge * scale) for edge in box)
    return left, top, min(max(right, left + 1), size[0]), min(max(bottom, top + 1), size[1])

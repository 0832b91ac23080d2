"""Pictures of attention: heat over an image, the frame of the close-up, and the close-up with the heat of its patches."""

import base64
import io

import numpy as np
from PIL import Image, ImageDraw

from retrieval import Explanation, close_up, shown

STOPS = np.array(
    [[38, 30, 86], [92, 42, 130], [176, 55, 108], [233, 99, 66], [250, 168, 62], [253, 236, 150]], np.float32
)
"""Colours of the heat from cold to hot, perceptually rising in lightness."""

SIDE = 420
"""Pixels of the longer side of a picture."""


Box = tuple[int, int, int, int]
"""left, top, right, bottom in pixels."""


def framed(explanation: Explanation) -> Box:
    """What is shown close up: the crop where the patch branch saw it, else the part of the square that both branches
    look at."""
    if explanation.compared != explanation.frame:
        return explanation.compared
    return close_up(shown(explanation.attention, explanation.patch_attention), explanation.frame)


def attention_picture(image: Image.Image, explanation: Explanation, side: int = SIDE) -> Image.Image:
    """The image, its long side at most `side`, with the heat of the region branch and `framed` drawn on it."""
    scale = min(1.0, side / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    picture = image.resize(size, Image.Resampling.LANCZOS)
    frame = _scaled(explanation.frame, scale, size)
    region = picture.crop(frame)
    picture = _dimmed(picture)
    picture.paste(_heated(region, explanation.attention), frame[:2])
    _draw_box(picture, _scaled(framed(explanation), scale, size))
    return picture


def patch_picture(image: Image.Image, explanation: Explanation, side: int = SIDE) -> Image.Image:
    """The close-up, `side` × `side`, with the heat of the patch branch there, where the network has one."""
    box = framed(explanation)
    picture = image.crop(box).resize((side, side), Image.Resampling.BICUBIC)
    if explanation.patch_attention is None:
        return picture
    return _heated(picture, explanation.patch_attention, _cells(box, explanation))


def data_uri(picture: Image.Image) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=82, method=2)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def _heated(
    picture: Image.Image, attention: np.ndarray, part: tuple[float, float, float, float] | None = None
) -> Image.Image:
    """Heat over a picture: cold parts lose colour and light, hot parts glow; the hottest is 65 % covered.

    part: which of the map's cells the picture shows, None for all; the whole map says what is hottest.
    """
    span = float(attention.max() - attention.min())
    level = (attention - attention.min()) / span if span > 0 else np.zeros_like(attention)
    cells = Image.fromarray(level.astype(np.float32))
    heat = cells.resize(picture.size, Image.Resampling.BICUBIC, box=part)
    level = np.clip(np.asarray(heat), 0, 1)[..., None]
    place = level[..., 0] * (len(STOPS) - 1)
    colours = np.stack([np.interp(place, np.arange(len(STOPS)), channel) for channel in STOPS.T], -1)
    pixels = np.asarray(picture, np.float32)
    calm = 0.82 * (pixels.mean(-1, keepdims=True) * 0.6 + pixels * 0.4)
    cover = 0.1 + 0.55 * level
    mixed = calm * (1 - cover) + colours * cover
    return Image.fromarray(np.clip(mixed, 0, 255).astype(np.uint8))


def _cells(box: Box, explanation: Explanation) -> tuple[float, float, float, float]:
    """A box in cells of the patch branch's map."""
    assert explanation.patch_attention is not None
    rows, columns = explanation.patch_attention.shape
    left, top, right, bottom = explanation.compared
    across, down = columns / (right - left), rows / (bottom - top)
    cells = (box[0] - left) * across, (box[1] - top) * down, (box[2] - left) * across, (box[3] - top) * down
    return max(cells[0], 0), max(cells[1], 0), min(cells[2], columns), min(cells[3], rows)


def _dimmed(picture: Image.Image) -> Image.Image:
    """What the region branch did not see: grey and pale."""
    return Image.blend(picture, Image.new("RGB", picture.size, (120, 118, 124)), 0.6)


def _scaled(box: tuple[int, int, int, int], scale: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(edge * scale) for edge in box)
    return left, top, min(max(right, left + 1), size[0]), min(max(bottom, top + 1), size[1])


def _draw_box(picture: Image.Image, box: tuple[int, int, int, int]) -> None:
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = box
    width = max(2, max(picture.size) // 140)
    outer = (left, top, right - 1, bottom - 1)
    draw.rectangle(outer, outline=(20, 18, 24), width=width + 2)
    inner = (left + 1, top + 1, right - 2, bottom - 2)
    if inner[0] <= inner[2] and inner[1] <= inner[3]:  # a box of a few pixels has no room for two lines
        draw.rectangle(inner, outline=(255, 255, 255), width=width)

"""Where a picture shows a garment or who wears it: the foreground gate over all of it, finer than one pass sees it."""

import numpy as np
import torch
from PIL import Image

from retrieval.batches import shrunk
from retrieval.embedder import Embedder

SHIFTS = ((-4, -4), (-4, 4), (4, -4), (4, 4))
"""Pixels (down, right) that the picture is moved by from pass to pass: half a location of the gate between two, so that
it sees twice as fine."""


def garment_map(embedder: Embedder, image: Image.Image) -> np.ndarray | None:
    """How likely each pixel shows garment or wearer, float32 (height, width), 0 to 1; None for weights without a gate.

    The picture is made square by repeating its edges, since a pass sees a square.
    """
    if embedder.model.config.gate is None:
        return None
    size, side = embedder.model.config.input_size, max(image.size)
    across, down = (side - image.width) // 2, (side - image.height) // 2
    seen = shrunk(image)
    scale = size / side
    width, height = (max(1, round(scale * length)) for length in image.size)
    left, top = (size - width) // 2, (size - height) // 2
    most = max(map(max, SHIFTS))
    pixels = np.pad(
        np.asarray(seen.resize((width, height), Image.Resampling.BILINEAR)),
        (
            (top + most, size - height - top + most),
            (left + most, size - width - left + most),
            (0, 0),
        ),
        mode="edge",
    )
    frames = np.stack([pixels[most + y : most + y + size, most + x : most + x + size] for y, x in SHIFTS])
    with torch.inference_mode():
        tensor = torch.from_numpy(frames).permute(0, 3, 1, 2).to(embedder.device)
        found = embedder.model.foreground(embedder.model.features(tensor))
    assert found is not None
    chances = found.cpu().numpy()
    whole = np.zeros((size, size), np.float32)
    for (y, x), chance in zip(SHIFTS, chances, strict=True):
        large = np.asarray(Image.fromarray(chance).resize((size, size), Image.Resampling.BILINEAR))
        whole += np.roll(large, (y, x), (0, 1)) / len(SHIFTS)
    square = np.asarray(Image.fromarray(whole).resize((side, side), Image.Resampling.BILINEAR))
    return square[down : down + image.height, across : across + image.width]

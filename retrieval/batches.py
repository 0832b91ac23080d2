"""Images to batches of tensors, read ahead of the network."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import numpy as np
import torch
from PIL import Image
from torch import Tensor

LARGEST = 1024
"""Pixels of the short side above which an image is shrunk first. RPF.md §2.4 crops from the original: beyond this it costs
a second for a telephone's photograph, and only crops narrower than a quarter of the frame could still gain from it."""


def centre_square(width: int, height: int) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of the largest centred square of an image (RPF.md §1.1)."""
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    return left, top, left + side, top + side


def to_tensor(image: Image.Image) -> Tensor:
    """uint8 (3, height, width), the short side `LARGEST` at most."""
    image = image.convert("RGB")
    if min(image.size) > LARGEST:
        width, height = (round(side * LARGEST / min(image.size)) for side in image.size)
        image = image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


def batches(images: Iterable[Image.Image], size: int) -> Iterator[list[Tensor]]:
    """Batches of tensors; the next one is read and decoded while the network works on this one."""
    source = iter(images)

    def take() -> list[Tensor]:
        return [to_tensor(image) for image in islice(source, size)]

    with ThreadPoolExecutor(1) as reader:
        ahead = reader.submit(take)
        while batch := ahead.result():
            ahead = reader.submit(take)
            yield batch

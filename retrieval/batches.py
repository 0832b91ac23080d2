"""Images to batches of tensors, read ahead of the network."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from catalog import shrunk_to
from retrieval.interfaces import Picture

_T = TypeVar("_T")
_R = TypeVar("_R")

LARGEST = 1024
"""Pixels of the short side above which an image is shrunk first. RPF.md §2.4 crops from the original: beyond this it costs
a second for a telephone's photograph, and only crops narrower than a quarter of the frame could still gain from it."""


def centre_square(width: int, height: int) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of the largest centred square of an image (RPF.md §1.1)."""
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    return left, top, left + side, top + side


def shrunk(image: Image.Image) -> Image.Image:
    """RGB, the short side `LARGEST` at most; an image that is so already comes back as it is."""
    return shrunk_to(image, LARGEST)


def to_tensor(image: Picture) -> Tensor:
    """uint8 (3, height, width), the short side of an image `LARGEST` at most; of pixels as it is."""
    pixels = image if isinstance(image, np.ndarray) else np.array(shrunk(image))
    return torch.from_numpy(pixels.transpose(2, 0, 1))


def in_order(
    function: Callable[[_T], _R], items: Iterable[_T], workers: int, ahead: int | None = None
) -> Generator[_R, None, None]:
    """`function` of each item, in their order, by as many threads; one worker is the caller's own thread.

    ahead: results that are computed before they are asked for; None: one a worker. What `function` raises is raised
    where its result would have come.
    """
    if workers <= 1:
        yield from map(function, items)
        return
    waiting: deque[Future[_R]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > (ahead or workers):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for later in waiting:
                later.cancel()


def batches(images: Iterable[Picture], size: int) -> Generator[list[Tensor], None, None]:
    """Batches of tensors; the next one is read and decoded while the network works on this one."""
    source = iter(images)

    def take() -> list[Tensor]:
        return [to_tensor(image) for image in islice(source, size)]

    with ThreadPoolExecutor(1) as reader:
        ahead = reader.submit(take)
        while batch := ahead.result():
            ahead = reader.submit(take)
            yield batch

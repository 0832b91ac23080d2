"""From images to embeddings: device, precision and batches round the network."""

import copy
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from model import RPF, WeightsError
from retrieval.errors import RetrievalError

LARGEST = 1024
"""Pixels of the short side above which an image is shrunk first. RPF.md §2.4 crops from the original: beyond this it costs
a second for a telephone's photograph, and only crops narrower than a quarter of the frame could still gain from it."""


@dataclass(frozen=True)
class Explanation:
    """Where the network looked for one attribute of one image; boxes are (left, top, right, bottom) in its pixels.

    attention: float32 (14, 14) over `frame`, the centre square that the region branch saw. patch_attention: float32
    (14, 14) over `box`, the crop that the patch branch saw; None without a patch branch. Each map sums to 1.
    """

    attention: np.ndarray
    frame: tuple[int, int, int, int]
    patch_attention: np.ndarray | None
    box: tuple[int, int, int, int]


class Embedder:
    """RPF, or one of `model.baselines`, on a device. Safe to use from several threads."""

    def __init__(
        self, model: RPF, device: str = "auto", batch_size: int | None = None, precision: str = "auto"
    ) -> None:
        """Move `model` to a device, in evaluation mode.

        device: auto (cuda, mps, cpu, in this order) or a name that torch knows. batch_size: images a pass; None: what
        suits the device. precision: float32, bfloat16 (the ViT only, so that the crop boxes stay those of float32),
        or auto, which is bfloat16 where that is faster. RetrievalError when the device is not there.
        """
        self.device = choose_device(device)
        self.model = model.eval().to(self.device).to(memory_format=torch.channels_last)
        self.batch_size = batch_size or (32 if self.device.type == "cuda" else 4)
        self.digest = model.digest
        self.precision = ("bfloat16" if has_bfloat16(self.device) else "float32") if precision == "auto" else precision
        self._network = _cheap_patches(self.model) if self.precision == "bfloat16" else self.model

    @property
    def attributes(self) -> list[str]:
        return list(self.model.config.attributes)

    @property
    def dim(self) -> int:
        return self.model.config.dim

    @property
    def method(self) -> str:
        return self.model.config.method

    @property
    def only(self) -> int | None:
        """The one embedding of each pair that is there, 0 region or 1 patch; None for both."""
        return self.model.config.only

    def beta_of(self, attribute: str) -> float:
        return self.model.config.beta_of(attribute)

    def check(self, attributes: Iterable[str]) -> None:
        """RetrievalError, naming the known ones, for an attribute that the weights do not know."""
        try:
            for name in attributes:
                self.model.attribute_index(name)
        except WeightsError as error:
            raise RetrievalError(str(error)) from error

    def embed(
        self,
        images: Iterable[Image.Image],
        attributes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> np.ndarray:
        """Unit embeddings float16 (images, attributes, 2, D): [:, :, 0] = r/|r|, [:, :, 1] = p/|p| (zeros without a
        patch branch).

        attributes: the wanted ones, in the order of the result (None: all that the weights know). progress: called
        after each batch with the number of images done. RetrievalError for an unknown attribute, or when the network
        does not give finite numbers.
        """
        names = self.attributes if attributes is None else list(attributes)
        wanted = self._indices(names)
        parts = [np.empty((0, len(names), 2, self.dim), np.float16)]
        done = 0
        for batch in batches(images, self.batch_size):
            with torch.inference_mode():
                output = self._network([tensor.to(self.device) for tensor in batch], wanted)
            patch = torch.zeros_like(output.region) if output.patch is None else output.patch
            pair = torch.stack((output.region.float(), patch.float()), 2)  # (batch, attribute, 2, D)
            if not bool(pair.isfinite().all()):
                raise RetrievalError("the network does not give finite numbers; the weights are damaged, use others")
            parts.append(F.normalize(pair, dim=-1).half().cpu().numpy())
            done += len(batch)
            if progress is not None:
                progress(done)
        return np.concatenate(parts)

    def explain(self, image: Image.Image, attribute: str) -> Explanation:
        """Attention of both branches for one attribute of one image; RetrievalError for an unknown attribute."""
        wanted = self._indices([attribute])
        with torch.inference_mode():
            tensor = _tensor(image)
            output = self.model([tensor.to(self.device)], wanted)
        seen = output.patch_attention
        scale = min(image.size) / min(tensor.shape[1:])
        left, top, right, bottom = (round(scale * edge) for edge in output.boxes[0, 0].tolist())
        return Explanation(
            attention=output.attention[0, 0].float().cpu().numpy(),
            frame=centre_square(*image.size),
            patch_attention=None if seen is None else seen[0, 0].float().cpu().numpy(),
            box=(left, top, right, bottom),
        )

    def _indices(self, names: Sequence[str]) -> Tensor:
        self.check(names)
        return torch.tensor([self.model.attribute_index(name) for name in names], dtype=torch.int64, device=self.device)


def choose_device(name: str) -> torch.device:
    """The torch device of a name; `auto` is cuda, mps or cpu, the first that is there."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(kind for kind, present in there.items() if present)
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise RetrievalError(f"unknown device '{name}'; use auto, cuda, mps or cpu") from error
    if not there.get(device.type, False):
        raise RetrievalError(f"there is no {device.type} device on this machine; use auto or cpu")
    return device


def has_bfloat16(device: torch.device) -> bool:
    """Whether bfloat16 is faster than float32 on a device. Of processors, where there is AMX; where there is only AVX-512's
    bfloat16 it is tried out, once a process: seen were twice the speed on one and less than half on another."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type != "cpu":
        return False
    return getattr(torch.cpu, "_is_amx_tile_supported", bool)() or (
        getattr(torch.cpu, "_is_avx512_bf16_supported", bool)() and _bfloat16_pays()
    )


@cache
def _bfloat16_pays() -> bool:
    """Whether a convolution and a matrix product, the work of both trunks, take less than 3/4 of the time; 0.3 s."""
    image = torch.ones(8, 64, 56, 56).contiguous(memory_format=torch.channels_last)
    kernel, tokens, weight = torch.ones(64, 64, 3, 3), torch.ones(1568, 192), torch.ones(768, 192)

    def seconds(half: bool) -> float:
        best = math.inf
        for _ in range(4):
            began = time.perf_counter()
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=half):
                F.conv2d(image, kernel, padding=1)
                F.linear(tokens, weight)
            best = min(best, time.perf_counter() - began)
        return best

    return seconds(half=True) < 0.75 * seconds(half=False)


def mixed_precision(device: torch.device) -> torch.autocast:
    """A context that computes in bfloat16 where `has_bfloat16`, in float32 elsewhere."""
    return torch.autocast(device.type, torch.bfloat16, enabled=has_bfloat16(device))


def _cheap_patches(model: RPF) -> RPF:
    """The same network, sharing its weights, whose ViT runs in bfloat16."""
    tokens = model.tokens

    def in_bfloat16(crops: Tensor) -> Tensor:
        with torch.autocast(crops.device.type, torch.bfloat16):
            return tokens(crops).float()

    twin = copy.copy(model)
    twin.__dict__["tokens"] = in_bfloat16
    return twin


def centre_square(width: int, height: int) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of the largest centred square of an image (RPF.md §1.1)."""
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    return left, top, left + side, top + side


def _tensor(image: Image.Image) -> Tensor:
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
        return [_tensor(image) for image in islice(source, size)]

    with ThreadPoolExecutor(1) as reader:
        ahead = reader.submit(take)
        while batch := ahead.result():
            ahead = reader.submit(take)
            yield batch

"""The network's pass over a batch, wherever it runs: in this process, or on ZeroGPU in a worker that is lent a GPU.

ZeroGPU (Hugging Face Spaces) gives a GPU to decorated functions only, in a process forked for them, for as long as a
visitor's minutes of the day last. So only pictures that a visitor waits for go there; catalogues are embedded, and
everything is searched, on the CPU of the process. Where the GPU cannot be had, the CPU takes the picture too.
"""

import copy
import itertools
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from common import environment
from model import RPF, has_bfloat16
from retrieval.errors import RetrievalError

START, SECONDS = 10, 0.5
"""Seconds of GPU asked for: a worker's start, and an image. What is not used is not counted."""

_log = logging.getLogger("lapel.retrieval")


@dataclass(eq=False)
class Placed:
    """A network on a device, ready to run. precision: float32, or bfloat16 for the ViT."""

    network: RPF
    device: torch.device
    precision: str

    def __post_init__(self) -> None:
        self.run: RPF = _cheap_patches(self.network) if self.precision == "bfloat16" else self.network
        self.key = next(_keys)
        _placed[self.key] = self

    def on(self, device: torch.device) -> "Placed":
        """A copy on another device, in the precision that suits that one."""
        precision = "bfloat16" if has_bfloat16(device) else "float32"
        network = copy.deepcopy(self.network).to(device)
        return Placed(network, device, precision)


_keys = itertools.count()
_placed: WeakValueDictionary[int, Placed] = WeakValueDictionary()
"""What this process can run, by key; a worker inherits it when it is forked."""
_lent: dict[int, Placed] = {}
"""In a worker: the copies on the GPU, by the key of the original."""


def pairs(placed: Placed, images: Sequence[Tensor], attributes: Sequence[int]) -> np.ndarray:
    """Unit embeddings float16 (images, attributes, 2, D) of uint8 images (3, height, width); zeros for a patch branch that
    is not there. RetrievalError when the network does not give finite numbers."""
    wanted = torch.tensor(attributes, dtype=torch.int64).to(placed.device)
    with torch.inference_mode():
        output = placed.run([image.to(placed.device) for image in images], wanted)
    patch = torch.zeros_like(output.region) if output.patch is None else output.patch
    pair = torch.stack((output.region.float(), patch.float()), 2)  # (batch, attribute, 2, D)
    if not bool(pair.isfinite().all()):
        raise RetrievalError("the network does not give finite numbers; the weights are damaged, use others")
    return F.normalize(pair, dim=-1).half().cpu().numpy()


def visit(key: int, images: Sequence[np.ndarray], attributes: Sequence[int]) -> np.ndarray:
    """`pairs` for a visitor, by the key of a network that is placed: what ZeroGPU decorates, so numpy goes in and out."""
    placed = _placed[key]
    if environment.zero_gpu() and torch.cuda.is_available():  # only true in a worker
        placed = _lent[key] = _lent.get(key) or placed.on(torch.device("cuda"))
    return pairs(placed, [torch.from_numpy(image) for image in images], attributes)


def _seconds(key: int, images: Sequence[np.ndarray], attributes: Sequence[int]) -> int:
    return START + round(SECONDS * len(images))


if environment.zero_gpu():
    import spaces

    visit = spaces.GPU(duration=_seconds)(visit)


def answer(placed: Placed, images: Sequence[Tensor], attributes: Sequence[int]) -> np.ndarray:
    """`pairs` of a few images that somebody waits for: on ZeroGPU's GPU where that is there and can be had."""
    if not environment.zero_gpu():
        return pairs(placed, images, attributes)
    try:
        return visit(placed.key, [image.numpy() for image in images], list(attributes))
    except Exception as error:  # quota, queue, a worker that ended: each raises its own kind
        _log.warning("no GPU for this picture (%s); embedded on the CPU", error)
        return pairs(placed, images, attributes)


def _cheap_patches(model: RPF) -> RPF:
    """The same network, sharing its weights, whose ViT runs in bfloat16."""
    tokens = model.tokens

    def in_bfloat16(crops: Tensor) -> Tensor:
        with torch.autocast(crops.device.type, torch.bfloat16):
            return tokens(crops).float()

    twin = copy.copy(model)
    twin.__dict__["tokens"] = in_bfloat16
    return twin

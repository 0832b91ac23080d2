"""The network's pass over a batch, wherever it runs: in this process, or on ZeroGPU in a worker that is lent a GPU.

ZeroGPU (Hugging Face Spaces) gives a GPU to decorated functions only, in a process forked for them, for as long as a
visitor's minutes of the day last. So only pictures that a visitor waits for go there; catalogues are embedded, and
everything is searched, on the CPU of the process. Where the GPU cannot be had, the CPU takes the picture too.
"""

import copy
import itertools
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from queue import SimpleQueue
from weakref import WeakValueDictionary

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from common import environment
from model import CROP, OF_IMAGE, RPF, has_bfloat16, sent
from retrieval.errors import RetrievalError
from retrieval.on_gpu import in_halves
from retrieval.together import Together

START, SECONDS = 10, 0.5
"""Seconds of GPU asked for: a worker's start, and an image. What is not used is not counted."""

PASSES = 3
"""Batches that a GPU works on at once: others are sent and cut while one computes."""

HALF = "half"
"""The precision in which a GPU's region trunk computes in float16 too."""

_log = logging.getLogger("lapel.retrieval")


@dataclass(eq=False)
class Placed:
    """A network on a device, ready to run. precision: float32, or bfloat16 for the ViT; on cuda also half, for all trunks."""

    network: RPF
    device: torch.device
    precision: str

    def __post_init__(self) -> None:
        self.run: RPF = self._cheap() if self.precision != "float32" else self.network
        self.together = Together()
        self.key = next(_keys)
        _placed[self.key] = self
        self._streams: SimpleQueue[torch.cuda.Stream] = SimpleQueue()
        for _ in range(PASSES if self.device.type == "cuda" else 0):
            self._streams.put(torch.cuda.Stream(self.device))

    def _cheap(self) -> RPF:
        if self.device.type == "cuda":
            return in_halves(self.network, torch.float16 if self.precision == HALF else None)
        return _cheap_patches(self.network)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """On cuda, a stream that no other thread uses meanwhile, so that what `PASSES` threads ask for overlaps."""
        if self.device.type != "cuda":
            yield
            return
        stream = self._streams.get()
        try:
            stream.wait_stream(torch.cuda.default_stream(self.device))
            with torch.cuda.stream(stream):
                yield
        finally:
            self._streams.put(stream)

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


def raw(placed: Placed, images: Sequence[Tensor], columns: Sequence[tuple[int, str]]) -> np.ndarray:
    """Raw unit embeddings float16 (images, sum of widths), side by side, of uint8 images (3, height, width).

    columns: index of the attribute (any for what is embedded once an image) and view. RetrievalError when the network does not give
    finite numbers.
    """
    wanted: dict[str, list[int]] = {}
    for attribute, view in columns:
        wanted.setdefault(view, []).append(attribute)
    for network in dict.fromkeys((placed.run, placed.network)):  # what is too large for 16 bits is computed in 32
        with torch.inference_mode():
            found = network.views(_sent(images, placed.device), chosen(wanted, placed.device))
            parts = {view: F.normalize(rows.float(), dim=-1).unbind(1) for view, rows in found.items()}
            places = {view: {attribute: place for place, attribute in enumerate(own)} for view, own in wanted.items()}
            rows = torch.cat(
                [parts[view][0 if view in OF_IMAGE else places[view][attribute]] for attribute, view in columns], 1
            )
            finite, out = rows.isfinite().all(), rows.half().cpu().numpy()
        if bool(finite):
            return out
    raise RetrievalError("the network does not give finite numbers; the weights are damaged, use others")


def chosen(wanted: Mapping[str, Sequence[int]], device: torch.device) -> dict[str, Tensor]:
    """View → attributes int64 (A,) on a device, as `RPF.views` wants them: one tensor for all views of the same attributes, so that
    what they need is computed once."""
    tensors = {tuple(indices): sent(torch.tensor(indices), device) for indices in wanted.values()}
    return {view: tensors[tuple(indices)] for view, indices in wanted.items()}


def several(placed: Placed, images: Sequence[Tensor], columns: Sequence[tuple[int, str]]) -> np.ndarray:
    """`raw` for one of several threads that ask at once."""
    with placed.apart():
        return raw(placed, images, columns)


def _sent(images: Sequence[Tensor], device: torch.device) -> list[Tensor]:
    """Images on a device: to a GPU in one piece, from memory that it reads while this process goes on."""
    if device.type != "cuda":
        return [image.to(device) for image in images]
    # few steps of torch: each waits for Python's lock
    rows = [image.numpy().transpose(1, 2, 0).reshape(-1) for image in images]
    starts = list(accumulate(map(len, rows), initial=0))
    piece = torch.empty(starts.pop(), dtype=torch.uint8, pin_memory=True)
    np.concatenate(rows, out=piece.numpy())  # torch would share out each, and wait for all threads
    whole = piece.to(device, non_blocking=True)
    found = []
    for image, start in zip(images, starts, strict=True):
        height, width = image.shape[1:]
        found.append(whole.as_strided((3, height, width), (1, 3 * width, 3), start))
    return found


def visit(key: int, images: Sequence[np.ndarray], columns: Sequence[tuple[int, str]]) -> np.ndarray:
    """`raw` for a visitor, by the key of a network that is placed: what ZeroGPU decorates, so numpy goes in and out."""
    placed = _placed[key]
    if environment.zero_gpu() and torch.cuda.is_available():  # only true in a worker
        placed = _lent[key] = _lent.get(key) or placed.on(torch.device("cuda"))
    return raw(placed, [torch.from_numpy(image) for image in images], columns)


def _seconds(key: int, images: Sequence[np.ndarray], columns: Sequence[tuple[int, str]]) -> int:
    return START + round(SECONDS * len(images))


if environment.zero_gpu():
    import spaces

    visit = spaces.GPU(duration=_seconds)(visit)


def answer(placed: Placed, images: Sequence[Tensor], columns: Sequence[tuple[int, str]]) -> np.ndarray:
    """`raw` of a few images that somebody waits for: on ZeroGPU's GPU where that is there and can be had, on another GPU together
    with those of others who wait."""
    if not environment.zero_gpu():
        # passes of several threads share a processor's cores as well: `benchmarks/visitors.py`
        if placed.device.type == "cpu":
            return raw(placed, images, columns)
        return placed.together.ask(partial(raw, placed), images, columns)
    try:
        return visit(placed.key, [image.numpy() for image in images], list(columns))
    except Exception as error:  # quota, queue, a worker that ended: each raises its own kind
        _log.warning("no GPU for this picture (%s); embedded on the CPU", error)
        return raw(placed, images, columns)


def _cheap_patches(model: RPF) -> RPF:
    """The same network, sharing its weights, whose ViTs run in bfloat16.

    So does the region trunk on a processor, unless the weights compare crops: those are to be the boxes of float32.
    """
    twin = copy.copy(model)
    trunk = model.region_mean.device.type == "cpu" and CROP not in model.config.views
    for name in ("tokens", "overall", *(("features",) if trunk else ())):
        twin.__dict__[name] = _in_bfloat16(getattr(model, name))
    return twin


def _in_bfloat16(run: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    def cheap(images: Tensor) -> Tensor:
        with torch.autocast(images.device.type, torch.bfloat16):
            return run(images).float()

    return cheap

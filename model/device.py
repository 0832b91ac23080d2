"""Where networks compute, and in which precision."""

import math
import time
from functools import cache

import torch
import torch.nn.functional as F

from common import environment
from model.errors import DeviceError

TRIES = 4
"""How often each precision of a processor is tried."""


def choose_device(name: str) -> torch.device:
    """The torch device of a name; `auto` is cuda, mps or cpu, the first that is there.

    DeviceError for an unknown name and for a device that is not there; on ZeroGPU cuda is not.
    """
    lent = environment.zero_gpu()  # torch pretends there that the GPU is this process's own
    there = {"cuda": torch.cuda.is_available() and not lent, "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(kind for kind, present in there.items() if present)
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise DeviceError(f"unknown device '{name}'; use auto, cuda, mps or cpu") from error
    if not there.get(device.type, False):
        raise DeviceError(f"there is no {device.type} device on this machine; use auto or cpu")
    return device


def sent(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
    """A tensor of the CPU on a device; what a GPU still computes is not waited for."""
    return tensor.to(device, non_blocking=device.type == "cuda")


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
    """Whether a convolution and a matrix product, the work of both trunks, take less than 3/4 of the time; 0.2 s.

    Both are tried in turns, by one thread, in its own processor time: threads that wait for each other beside other work took
    either for the faster one by chance.
    """
    image = torch.ones(8, 64, 56, 56).contiguous(memory_format=torch.channels_last)
    kernel, tokens, weight = torch.ones(64, 64, 3, 3), torch.ones(1568, 192), torch.ones(768, 192)
    best = {True: math.inf, False: math.inf}
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for half in (True, False) * TRIES:
            began = time.thread_time()
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=half):
                F.conv2d(image, kernel, padding=1)
                F.linear(tokens, weight)
            best[half] = min(best[half], time.thread_time() - began)
    finally:
        torch.set_num_threads(threads)
    return best[True] < 0.75 * best[False]


def mixed_precision(device: torch.device) -> torch.autocast:
    """A context that computes in bfloat16 where `has_bfloat16`, in float32 elsewhere."""
    return torch.autocast(device.type, torch.bfloat16, enabled=has_bfloat16(device))

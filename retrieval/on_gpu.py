"""A network as a GPU runs it fastest: its trunks in numbers of 16 bits, with weights that are so already.

The ViTs and the patch branch compute in bfloat16. The region trunk, whose attention places the crops, computes in float16
where that was asked for: its numbers have the ten binary places of TF32, which a GPU takes for float32's convolutions
anyway, and bfloat16's have seven.
"""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from model import RPF
from retrieval.recorded import Recorded


def in_halves(model: RPF, trunk: torch.dtype | None = None) -> RPF:
    """The same network with copies of its trunks, the weights of its ViTs in bfloat16; it shares all others.

    trunk: in what the region trunk computes, None for float32. What the branches give is float32. The passes of all trunks are
    `Recorded`.
    """
    twin = copy.copy(model)
    twin.__dict__["_modules"] = dict(model._modules)
    if model.config.patch_trunk is not None:
        twin._modules["vit"] = vit = _in_bfloat16(model.vit)
        vit.patch_embed.register_forward_pre_hook(_enter)
        twin._modules["patch"] = patch = copy.copy(model.patch)
        for name in ("forward", "every"):
            patch.__dict__[name] = _cast(getattr(model.patch, name), torch.bfloat16)
    if model.config.general_trunk is not None:
        twin._modules["general"] = general = _in_bfloat16(model.general)
        general.register_forward_pre_hook(_enter)
        general.register_forward_hook(_leave)
    if trunk is not None:
        twin._modules["trunk"] = cheap = copy.deepcopy(model.trunk)
        for module in cheap.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):  # autocast would convert them for each batch
                module.to(trunk)
        twin.__dict__["features"] = _cast(twin.features, trunk)
    for name in ("features", "tokens", "overall"):
        twin.__dict__[name] = Recorded(getattr(twin, name))
    return twin


def _in_bfloat16(module: nn.Module) -> Any:
    return copy.deepcopy(module).to(torch.bfloat16)


def _enter(_: nn.Module, given: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(tensor.to(torch.bfloat16) for tensor in given)


def _leave(_: nn.Module, given: tuple[Tensor, ...], found: Tensor) -> Tensor:
    return found.float()


def _cast(run: Callable[..., Any], to: torch.dtype) -> Callable[..., Any]:
    """The same in an autocast of the device of the first argument; tensors that come out are float32."""

    def cheap(first: Tensor, *others: Tensor) -> Any:
        with torch.autocast(first.device.type, to):
            found = run(first, *others)
        return found.float() if isinstance(found, Tensor) else tuple(part.float() for part in found)

    return cheap

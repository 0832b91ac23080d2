"""Losses compute in float32 at least, whatever precision surrounds them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import torch
from torch import Tensor

P = ParamSpec("P")


def in_float32(loss: Callable[P, Tensor]) -> Callable[P, Tensor]:
    """A loss whose floating-point tensors are widened to float32, and which runs outside of
    autocast.

    Differences between crowded embeddings are smaller than what bfloat16 tells apart. float64
    stays.
    """

    @wraps(loss)
    def computed(*args: P.args, **kwargs: P.kwargs) -> Tensor:
        wide: list[Any] = [_widened(value) for value in args]
        named: dict[str, Any] = {name: _widened(value) for name, value in kwargs.items()}
        device = next(value.device.type for value in (*wide, *named.values()) if isinstance(value, Tensor))
        with torch.autocast(device, enabled=False):
            return loss(*wide, **named)

    return computed


def _widened(value: Any) -> Any:
    if not isinstance(value, Tensor) or not value.is_floating_point():
        return value
    return value.to(torch.promote_types(value.dtype, torch.float32))

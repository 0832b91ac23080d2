"""Networks that are built to be loaded: nothing is drawn for parameters that the file holds."""

from collections.abc import Callable
from typing import Any

from torch import nn
from torch.overrides import TorchFunctionMode

FILLING = frozenset(
    "uniform_ normal_ trunc_normal_ kaiming_uniform_ kaiming_normal_ xavier_uniform_ xavier_normal_ erfinv_ mul_ add_ "
    "clamp_ zero_ zeros_ ones_ fill_ constant_".split()
)
"""What fills a parameter, and scales and cuts what was drawn; not `copy_`, by which a file is loaded."""


class Undrawn(TorchFunctionMode):
    """While this is entered, parameters keep whatever their memory held: to draw them by lot takes more than half of the
    time that loading takes. Only for networks of which every parameter is loaded (`strict=True`) within it."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        filled = args[0] if args else kwargs.get("tensor")
        if isinstance(filled, nn.Parameter) and getattr(func, "__name__", "") in FILLING:
            return filled
        return func(*args, **kwargs)

"""timm and torchvision without torch's compiler, which both load and nothing here asks for.

torchvision asks `torch._dynamo` whether a device could compile, timm marks a function of one of its networks as not to be
compiled; for these two lines Python reads a thousand files, a third of what the app's own imports take. While both are
loaded a stand-in answers: it gives such functions back as they are, and asks the compiler when somebody wants to know.
Afterwards the stand-in is gone, and whoever calls `torch.compile` gets the real one.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import torch  # noqa: F401  whose own parts must not meet the stand-in

COMPILER = ("torch._dynamo", "torch._dynamo.utils")


@contextmanager
def without_compiler() -> Iterator[None]:
    """Load modules in this block, and they do not load torch's compiler, unless it is there already."""
    if COMPILER[0] in sys.modules:
        yield
        return
    package, utils = (ModuleType(name) for name in COMPILER)
    package.__dict__.update(__path__=[], utils=utils, disable=_as_it_is)
    utils.__dict__["is_compile_supported"] = _asked_later
    sys.modules.update(zip(COMPILER, (package, utils), strict=True))
    try:
        yield
    finally:
        for name in COMPILER:
            sys.modules.pop(name, None)


def _as_it_is(function: Callable[..., Any] | None = None, *_: Any, **__: Any) -> Any:
    return (lambda given: given) if function is None else function


def _asked_later(device: str) -> bool:
    from torch._dynamo.utils import is_compile_supported

    return bool(is_compile_supported(device))


with without_compiler():
    import timm  # noqa: F401
    import torchvision  # noqa: F401

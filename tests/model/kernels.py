"""Finds on the CPU what would only fail on a GPU: tensors that claim to be on one, and the rules that its kernels have."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

NOT_ON_MPS = ("unique_dim",)


class WrongKernelError(AssertionError):
    """An operation that a GPU has no kernel for."""


class OnlyDeviceKernels(TorchDispatchMode):
    """Refuses what is computed with a tensor on cuda but cannot be: an operation without a kernel there or on mps, the
    resize of whole numbers, and float64, which mps does not have."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name, given = func.name(), _tensors((args, kwargs))
        if name.startswith("aten::"):
            _check_before(name, given)
        result = func(*args, **(kwargs or {}))
        if any(tensor.dtype == torch.float64 for tensor in _on_cuda([*given, *_tensors(result)])):
            raise WrongKernelError(f"{name} is computed in float64, which mps does not have")
        return result


def _check_before(name: str, given: list[torch.Tensor]) -> None:
    if not _on_cuda(given):
        return
    if not _has_kernel(name):
        raise WrongKernelError(f"{name} has no kernel on cuda")
    if any(part in name for part in NOT_ON_MPS):
        raise WrongKernelError(f"{name} has no kernel on mps")
    if "upsample" in name and any(not tensor.is_floating_point() for tensor in given):
        raise WrongKernelError(f"{name} of whole numbers is there for the CPU alone")


def _tensors(tree: Any) -> list[torch.Tensor]:
    return [leaf for leaf in tree_leaves(tree) if isinstance(leaf, torch.Tensor)]


def _on_cuda(tensors: list[torch.Tensor]) -> list[torch.Tensor]:
    return [tensor for tensor in tensors if tensor.device.type == "cuda"]


def _has_kernel(name: str) -> bool:
    keys = ("CUDA", "CompositeExplicitAutograd", "CompositeImplicitAutograd", "CompositeExplicitAutogradNonFunctional")
    return any(torch._C._dispatch_has_kernel_for_dispatch_key(name, key) for key in keys)


@contextmanager
def pretended_cuda() -> Iterator[torch.device]:
    """A device cuda whose tensors have shapes and no content: operations that mix devices raise, and so do those that
    `OnlyDeviceKernels` refuses. What asks for a number of a tensor there cannot run."""
    with FakeTensorMode(), OnlyDeviceKernels():
        yield torch.device("cuda")


def moved(network: nn.Module, device: torch.device) -> nn.Module:
    """A network with parameters and buffers of the same shapes on the pretended device; call it inside."""
    for module in network.modules():
        for name, parameter in module._parameters.items():
            if parameter is not None:
                module._parameters[name] = nn.Parameter(_like(parameter, device), parameter.requires_grad)
        for name, buffer in module._buffers.items():
            if buffer is not None:
                module._buffers[name] = _like(buffer, device)
    return network


def _like(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
    return torch.empty(tensor.shape, dtype=tensor.dtype, device=device)

"""The timm trunks: a CNN cut at stride 16 and a /16 ViT, optionally started from a local file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import timm
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from model.errors import WeightsError

Create = Callable[..., Any]
"""`timm.create_model`, or what takes its arguments."""


def region_trunk(name: str, create: Create = timm.create_model) -> tuple[nn.Module, int]:
    """A timm CNN up to its stride-16 stage, and the number of channels there.

    The module maps (batch, 3, S, S) to a list with one (batch, channel, S/16, S/16). WeightsError when timm does not know
    the name or the network has no stage of stride 16.
    """
    try:
        reductions = timm.create_model(name, features_only=True).feature_info.reduction()
    except (RuntimeError, ValueError) as error:
        raise WeightsError(f"timm cannot build the region trunk '{name}': {error}") from error
    if 16 not in reductions:
        raise WeightsError(
            f"region trunk '{name}' has no stage of stride 16 (strides: {reductions}); choose another CNN"
        )
    stage = len(reductions) - 1 - reductions[::-1].index(16)
    trunk = create(name, features_only=True, out_indices=(stage,))
    return trunk, trunk.feature_info.channels()[-1]


def class_token_trunk(name: str, size: int, create: Create = timm.create_model) -> tuple[nn.Module, int]:
    """A timm ViT that maps (batch, 3, size, size) to its class token after the final norm, (batch, channel), and the number of
    channels. WeightsError when timm does not know the name or the network has no class token."""
    try:
        trunk = create(name, img_size=size, num_classes=0, global_pool="token")
    except (RuntimeError, ValueError, TypeError, AssertionError) as error:
        raise WeightsError(f"'{name}' has no class token to compare images by ({error}); choose a ViT") from error
    return trunk, int(trunk.num_features)


def general_trunk(name: str, create: Create = timm.create_model) -> tuple[nn.Module, int]:
    """A timm network that maps (batch, 3, size, size) to its pooled features (batch, width), of a ViT its class token after the
    final norm, and the width. WeightsError when timm does not know the name."""
    try:
        trunk = create(name, num_classes=0)
    except (RuntimeError, ValueError, TypeError) as error:
        raise WeightsError(f"timm cannot build the general trunk '{name}': {error}") from error
    return trunk.requires_grad_(False).eval(), int(trunk.num_features)


def patch_trunk(name: str, size: int, options: dict[str, Any], create: Create = timm.create_model) -> Any:
    """A timm ViT with patches of 16 pixels, without its final norm and head (RPF.md §3.1): timm's own class.

    Its position embedding is for images of `size` pixels; others resample it.
    """
    try:
        trunk = create(name, img_size=size, num_classes=0, dynamic_img_size=True, **options)
    except (RuntimeError, ValueError, TypeError) as error:
        raise WeightsError(f"timm cannot build the patch trunk '{name}': {error}") from error
    patch = getattr(getattr(trunk, "patch_embed", None), "patch_size", None)
    if patch != (16, 16):
        raise WeightsError(f"patch trunk '{name}' has patches of {patch}, not 16 x 16; choose a /16 ViT")
    trunk.norm = nn.Identity()
    return trunk


def init_trunk(trunk: nn.Module, name: str, init: Path) -> None:
    """Start a trunk from pretrained weights: a safetensors file, or a folder holding one whose name starts with `name`.

    Entries that the trunk does not have (head, final norm, later stages) are left out; a missing one is a WeightsError.
    """
    if init.is_dir():
        matches = sorted(init.glob(f"{name}*.safetensors"))
        if not matches:
            raise WeightsError(f"no {name}*.safetensors in {init}; put the pretrained trunk there or give its file")
        init = matches[0]
    try:
        stored = load_file(init)
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{init} is no readable safetensors file ({error}); give a pretrained {name}") from error
    wanted = trunk.state_dict()
    missing = [key for key in wanted if key not in stored and not key.endswith("num_batches_tracked")]
    if missing:
        raise WeightsError(f"{init.name} does not fit {name}: {len(missing)} entries are missing, first {missing[0]}")
    with torch.no_grad():
        trunk.load_state_dict({key: stored.get(key, value) for key, value in wanted.items()})

"""Loss that draws attention maps onto a known foreground."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from model import RPF, RegionBranch
from model.losses import in_float32


def attention_loss(network: RPF, features: Tensor, masks: Tensor) -> Tensor:
    """`mass_loss` of the region maps of every attribute; 0 for a branch without attention. masks: (batch, height, width).

    Under a gate, its own judgement stands for the masks that are not known.
    """
    branch = network.region
    if not isinstance(branch, RegionBranch):
        return features.sum() * 0
    x, attention = branch.attend(features, network.attributes.weight)
    if branch.gate is not None:
        with torch.autocast(x.device.type, enabled=False):
            judged = branch.gate.logits(x.detach().float()).sigmoid()
        known = masks.flatten(1).any(1)
        masks = torch.where(known[:, None], cells(masks, x.shape[1]), judged).unflatten(-1, features.shape[-2:])
    return mass_loss(attention, masks)


@in_float32
def mass_loss(attention: Tensor, masks: Tensor) -> Tensor:
    """Minus the logarithm of the attention's mass on a mask, mean over maps; images without a mask do not count.

    attention: (batch, attribute, location), square maps that sum to 1; masks: (batch, height, width), 0 to 1.
    """
    known = masks.flatten(1).any(1)
    mass = (attention[known] * cells(masks[known], attention.shape[-1])[:, None]).sum(-1)
    return -mass.clamp_min(1e-6).log().sum() / max(1, mass.numel())


def cells(masks: Tensor, locations: int) -> Tensor:
    """Share of the mask in each location of a square grid, (batch, location), from masks (batch, height, width)."""
    return F.adaptive_avg_pool2d(masks[:, None], math.isqrt(locations)).flatten(1)

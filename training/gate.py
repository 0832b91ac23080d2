"""A first foreground gate for a network, learnt on frozen trunk features of garments before other backgrounds."""

from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from model import RPF
from model.region import RegionBranch
from retrieval.embedder import mixed_precision
from training.attention import cells

IMAGES = 1200
"""Composites to learn from."""
STEPS, BATCH, RATE = 600, 32, 1e-3


def gated(network: RPF, power: float, images: Tensor, masks: Tensor) -> RPF:
    """The same network with a gate, the trunk as it was; itself where it has one. `model.config.Config.gate` says what `power` is.

    images: uint8 (n, 3, side, side); masks: float (n, side, side), 0 to 1. Uses torch's random state.
    """
    if network.config.gate is not None:
        return network
    new = RPF(replace(network.config, gate=power))
    new.load_state_dict(network.state_dict(), strict=False)
    device = next(network.parameters()).device
    new = new.to(device).to(memory_format=torch.channels_last)
    branch = new.region
    assert isinstance(branch, RegionBranch) and branch.gate is not None
    with torch.no_grad(), mixed_precision(device):
        seen = [new.eval().features(part.to(device).float()) for part in images.split(BATCH)]
        x = torch.cat([branch.feature_norm(part.float().flatten(2).transpose(1, 2)) for part in seen])
    wanted = cells(masks.to(x.device), x.shape[1])
    optimizer = torch.optim.AdamW(branch.gate.parameters(), RATE, weight_decay=0.05)
    for _ in range(STEPS):
        rows = torch.randint(len(x), (BATCH,), device=x.device)
        loss = F.binary_cross_entropy_with_logits(branch.gate.logits(x[rows]), wanted[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return new

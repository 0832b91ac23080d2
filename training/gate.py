"""The foreground gate of a trained network, learnt on frozen trunk features of garments before other backgrounds.

It is learnt last: trained together with the branches, the contrastive loss pulled it back to the background.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F

from model import RPF
from model.gate import Gate
from model.region import RegionBranch
from retrieval.embedder import mixed_precision
from training import foreground
from training.attention import cells
from training.data import Material
from training.errors import TrainingError

IMAGES = 1200
"""Composites to learn from."""
STEPS, BATCH, RATE = 600, 32, 1e-3


def gated(network: RPF, materials: Sequence[Material], power: float, seed: int = 0) -> RPF:
    """The same network with a gate (`model.config.Config.gate` says what `power` is), in evaluation mode.

    Itself where it has one or is not of the method RPF, and where the materials hold no cut-out garments to learn from, or
    nothing to set them before. TrainingError for a power that is not positive.
    """
    if power <= 0:
        raise TrainingError(
            f"--gate {power:g} is no power to multiply attention with; give more than 0, or 0 for no gate"
        )
    if network.config.gate is not None or network.config.method != "RPF":
        return network
    scenery = foreground.survey([material.images for material in materials])
    composites = scenery.composites(IMAGES, network.config.input_size, np.random.default_rng(seed))
    if composites is None:
        return network
    images, masks = composites
    device = next(network.parameters()).device
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        new = RPF(replace(network.config, gate=power))
        new.load_state_dict(network.state_dict(), strict=False)
        new = new.to(device).to(memory_format=torch.channels_last).eval()
        branch = new.region
        assert isinstance(branch, RegionBranch) and branch.gate is not None
        with torch.no_grad(), mixed_precision(device):
            seen = [new.features(part.to(device).float()) for part in images.split(BATCH)]
            x = torch.cat([branch.feature_norm(part.float().flatten(2).transpose(1, 2)).float() for part in seen])
        wanted = cells(masks.to(device), x.shape[1])
        optimizer = torch.optim.AdamW(branch.gate.parameters(), RATE, weight_decay=0.05)
        for _ in range(STEPS):
            rows = torch.randint(len(x), (BATCH,), device=device)
            loss = F.binary_cross_entropy_with_logits(branch.gate.logits(x[rows]), wanted[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        for other in new.modules():  # adapted attributes have a copy each
            if isinstance(other, Gate):
                other.load_state_dict(branch.gate.state_dict())
    return new


def ungated(network: RPF) -> RPF:
    """The network without its gate, to train on: itself where it has none."""
    if network.config.gate is None:
        return network
    plain = RPF(replace(network.config, gate=None))
    plain.load_state_dict({name: value for name, value in network.state_dict().items() if ".gate." not in name})
    return plain.train(network.training)

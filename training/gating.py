"""The foreground gate of a network, learnt on its trunk's features of garments whose place in the image is known.

No gradient of the contrastive loss reaches it: trained together with the branches, it was pulled back to the background.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torchvision.transforms.functional import pil_to_tensor

from catalog import Catalog, CatalogError, open_image
from eval import say_left_out
from model import RPF, Gate, RegionBranch, crop, mixed_precision
from training import foreground
from training.attention import cells
from training.data import Material
from training.errors import TrainingError

CUT_OUT, MASKED = 1200, 400
"""Cut-out product photographs before other photographs, and images with a mask, to learn from, at most."""
STEPS, BATCH, RATE = 600, 32, 1e-3


@dataclass(frozen=True)
class Lessons:
    """Images uint8 (n, 3, side, side), and the share of foreground (garment and wearer) in each pixel, float (n, side, side)."""

    images: Tensor
    masks: Tensor


def lessons(materials: Sequence[Material], side: int, masked: Catalog | None, seed: int = 0) -> Lessons:
    """What a gate learns from. masked: a catalog with a column `mask`, as `python -m atelier --masks --swapped` draws it.

    TrainingError without it, and where the materials have no garments to cut out, or nothing to set them before.
    """
    if masked is None:
        raise TrainingError(
            "a gate learns from images with masks too; give --masks DIR (`python -m atelier --masks --swapped --out DIR`)"
        )
    scenery = foreground.survey([material.images for material in materials])
    composites = scenery.composites(CUT_OUT, side, np.random.default_rng(seed))
    if composites is None:
        raise TrainingError(
            "a gate learns from product photographs before white and from photographs before something else; "
            "give catalogs with both, or leave --gate out"
        )
    images, masks = (torch.cat(parts) for parts in zip(composites, _masked(masked, side), strict=True))
    return Lessons(images, masks)


def gated(network: RPF, lessons: Lessons, power: float, seed: int = 0) -> RPF:
    """The same network with a gate (`model.config.Config.gate` says what `power` is) that has learnt, in evaluation mode; a
    network that has one is given back as it is."""
    if network.config.gate is not None:
        return network
    new = with_gate(network, power).eval()
    learn(new, lessons, seed)
    return new


def check_power(power: float, method: str) -> None:
    """TrainingError for a negative power, and for a power with a method that has no gate."""
    if power < 0:
        raise TrainingError(
            f"--gate {power:g} is no power to multiply attention with; give more than 0, or 0 for no gate"
        )
    if power and method != "RPF":
        raise TrainingError(f"--gate needs the attention of RPF, which the {method} has not; leave it out")


def with_gate(network: RPF, power: float) -> RPF:
    """The network with a gate that knows nothing yet."""
    with torch.random.fork_rng():
        new = RPF(replace(network.config, gate=power))
    new.load_state_dict(network.state_dict(), strict=False)
    return new.to(next(network.parameters()).device).to(memory_format=torch.channels_last).train(network.training)


def learn(network: RPF, lessons: Lessons, seed: int = 0) -> None:
    """Teach a network's gate anew, in place; nothing else of it changes."""
    device, branch = next(network.parameters()).device, network.region
    assert isinstance(branch, RegionBranch) and branch.gate is not None
    with torch.random.fork_rng(), torch.enable_grad():
        torch.manual_seed(seed)
        gate = Gate(network.config.dim, branch.gate.power).to(device)
        training = network.training
        network.eval()
        with torch.no_grad(), mixed_precision(device):
            seen = [network.features(part.to(device).float()) for part in lessons.images.split(BATCH)]
            x = torch.cat([branch.feature_norm(part.float().flatten(2).transpose(1, 2)).float() for part in seen])
        network.train(training)
        wanted = cells(lessons.masks.to(device), x.shape[1])
        optimizer = torch.optim.AdamW(gate.parameters(), RATE, weight_decay=0.05)
        for _ in range(STEPS):
            rows = torch.randint(len(x), (BATCH,), device=device)
            loss = F.binary_cross_entropy_with_logits(gate.logits(x[rows]), wanted[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    branch.gate.load_state_dict(gate.state_dict())


def ungated(network: RPF) -> RPF:
    """The network without its gate, to train on: itself where it has none."""
    if network.config.gate is None:
        return network
    plain = RPF(replace(network.config, gate=None))
    plain.load_state_dict({name: value for name, value in network.state_dict().items() if ".gate." not in name})
    return plain.train(network.training)


def _masked(catalog: Catalog, side: int) -> tuple[Tensor, Tensor]:
    """The first `MASKED` images of a catalog, and the share of foreground in each of their pixels."""
    images, masks, unreadable = [], [], []
    for item in catalog.items[:MASKED]:
        if not item.columns.get("mask"):
            raise TrainingError(f"item {item.id} of {catalog.name} names no mask; add a column 'mask' to its table")
        try:
            levels, picture = open_image(catalog.root / item.columns["mask"]), catalog.open(item)
        except (CatalogError, OSError):
            unreadable.append(item.id)
            continue
        if levels.size != picture.size:
            raise TrainingError(f"the mask of item {item.id} of {catalog.name} is not of the size of its image")
        framed = [crop.frame(pil_to_tensor(one), side) for one in (picture, levels)]
        images.append(framed[0])
        masks.append(framed[1][0] / 255)
    say_left_out(catalog, unreadable, what="images or their masks")
    if not images:
        raise TrainingError(f"no image of {catalog.name} can be read together with its mask; draw it again")
    return torch.stack(images), torch.stack(masks)

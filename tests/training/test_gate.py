"""The first gate of a network: it tells garment from background, and leaves the rest as it was."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from catalog import Catalog
from model import RPF
from tests.training.conftest import small
from training import data, foreground
from training.attention import attention_loss, cells, mass_loss
from training.data import Material
from training.gate import gated
from training.recipes import Lapel

NAMES = {"color": ["blue", "green", "red"], "pattern": ["solid", "stripe"]}


@pytest.fixture(scope="module")
def composites() -> tuple[torch.Tensor, torch.Tensor]:
    """Red squares somewhere before grey noise."""
    rng = np.random.default_rng(0)
    product = torch.full((3, 40, 40), 255, dtype=torch.uint8)
    product[:, 8:32, 8:32] = torch.tensor([200, 20, 20])[:, None, None]
    mask = foreground.find(product)
    assert mask is not None
    pairs = []
    for _ in range(48):
        noise = torch.from_numpy(rng.integers(90, 160, (3, 60, 60), dtype=np.uint8))
        pairs.append(foreground.before_another(product, mask, noise, 96, rng))
    images, masks = zip(*pairs, strict=True)
    return torch.stack(images), torch.stack(masks)


def test_the_gate_finds_garments_and_nothing_else_changes(composites: tuple[torch.Tensor, torch.Tensor]) -> None:
    torch.manual_seed(0)
    images, masks = composites
    network = RPF(small(NAMES))
    found = gated(network, 2.0, images[:32], masks[:32])
    assert found.config == replace(network.config, gate=2.0)
    kept = found.state_dict()
    assert all(torch.equal(value, kept[name]) for name, value in network.state_dict().items())
    assert gated(found, 3.0, images, masks) is found
    with torch.no_grad():
        features = found.eval().features(images[32:].float())
        x, attention = found.region.attend(features, found.attributes.weight)
        _, before = network.eval().region.attend(features, network.attributes.weight)
        probability = found.region.gate.logits(x).sigmoid()
    wanted = cells(masks[32:], x.shape[1])
    assert probability[wanted > 0.9].mean() > probability[wanted < 0.1].mean() + 0.5
    assert mass_loss(attention, masks[32:]) < mass_loss(before, masks[32:]) - 0.3


def test_the_loss_of_attention_counts_the_gate_too(composites: tuple[torch.Tensor, torch.Tensor]) -> None:
    torch.manual_seed(0)
    images, masks = composites[0][:4], composites[1][:4].clone()
    masks[3] = 0  # not known there
    network = RPF(replace(small(NAMES), gate=2.0)).eval()
    with torch.no_grad():
        features = network.features(images.float())
        x, attention = network.region.attend(features[:3], network.attributes.weight)
        probability = network.region.gate.logits(x).sigmoid()
        share = F.avg_pool2d(masks[:3, None], 16).flatten(1)
        mass = (attention * share[:, None]).sum(-1)
        entropy = -(share * probability.log() + (1 - share) * (1 - probability).log())
        expected = -mass.log().mean() + entropy.mean()
        assert float(attention_loss(network, features, masks)) == pytest.approx(float(expected), rel=1e-4)


def test_a_recipe_gates_where_it_finds_cut_out_garments(
    shop: Catalog, composites: tuple[torch.Tensor, torch.Tensor]
) -> None:
    torch.manual_seed(0)
    street = data.read(shop.split("train"), list(NAMES))
    network = RPF(small(NAMES))
    assert Lapel([street]).gated(network, 2.0, np.random.default_rng(0)) is network
    product = torch.full((3, 64, 64), 255, dtype=torch.uint8)
    product[:, 10:54, 20:44] = 30
    studio = Material("studio", [product] * 4, np.array([[0, -1], [0, -1], [1, -1], [1, -1]]))
    found = Lapel([street, studio]).gated(network, 2.0, np.random.default_rng(0))
    assert found.config.gate == 2.0

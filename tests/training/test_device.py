"""Steps of training, and embedding, on the device that `LAPEL_TEST_DEVICE` names."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from PIL import Image

from catalog import Catalog
from model import REGION, RPF, Column
from retrieval import Embedder
from tests.training.conftest import small
from training import data
from training.recipes import RECIPES

pytestmark = pytest.mark.device


@pytest.fixture
def network() -> Iterator[RPF]:
    torch.manual_seed(0)
    yield RPF(small({"color": [], "pattern": []}))


@pytest.mark.parametrize("recipe", list(RECIPES))
@pytest.mark.parametrize("stage", [1, 2])
def test_a_step_of_a_recipe(recipe: str, stage: int, shop: Catalog, network: RPF, device: torch.device) -> None:
    material = data.read(shop.split("train"), ["color", "pattern"])
    network.to(device).train()
    made = RECIPES[recipe]([material], ())
    optimizer, schedule = made.optimizer(network, stage, 2)
    before = [parameter.detach().cpu().clone() for group in optimizer.param_groups for parameter in group["params"]]
    loss = made.loss(network, stage, 0.0, np.random.default_rng(0), device).total
    loss.backward()
    optimizer.step()
    schedule.step()
    after = [parameter.detach().cpu() for group in optimizer.param_groups for parameter in group["params"]]
    assert loss.device.type == device.type and loss.isfinite()
    assert any(not torch.equal(old, new) for old, new in zip(before, after, strict=True))
    assert all(new.isfinite().all() for new in after)


def test_embeddings_and_explanations_are_those_of_the_cpu(network: RPF, device: torch.device) -> None:
    rng = np.random.default_rng(0)
    images = [Image.fromarray(rng.integers(0, 256, (side, 90, 3), np.uint8)) for side in (64, 224, 300)]
    regions = [Column(name, REGION) for name in network.config.attributes]
    here = Embedder(network, "cpu", precision="float32").embed(images, regions).astype(np.float32)
    seen = Embedder(network, "cpu", precision="float32").explain(images[2], "color")
    there = Embedder(network, device.type, precision="float32")
    found = there.embed(images, regions).astype(np.float32)
    assert (found * here).reshape(3, 2, -1).sum(-1).min() > 0.99
    assert there.explain(images[2], "color").attention == pytest.approx(seen.attention, abs=2e-3)

"""The gate of a trained network: it tells garment from background, and leaves the rest as it was."""

import copy
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from catalog import Catalog, load_catalog
from model import RPF
from tests.training.conftest import small
from training import data, foreground
from training import gating as gate
from training.attention import cells, mass_loss
from training.data import Material
from training.errors import TrainingError
from training.fit import Plan, fit
from training.gating import Lessons, gated, lessons, ungated

NAMES = {"color": ["blue", "green", "red"], "pattern": ["solid", "stripe"]}


@pytest.fixture(scope="module", autouse=True)
def fewer_steps() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "STEPS", 150)
        yield


@pytest.fixture(scope="module")
def masked(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder = tmp_path_factory.mktemp("masked")
    command = [sys.executable, "-m", "atelier", "--seed", "777000", "--items", "6", "--masks", "--swapped", "--out"]
    subprocess.run([*command, str(folder)], check=True, capture_output=True)
    return load_catalog(folder)


@pytest.fixture(scope="module")
def studio() -> Material:
    """Rectangles of all shades before white."""
    rng, images = np.random.default_rng(0), []
    for _ in range(40):
        image = torch.full((3, 64, 64), 255, dtype=torch.uint8)
        top, left = rng.integers(4, 20, 2)
        image[:, top : top + 36, left : left + 30] = torch.from_numpy(rng.integers(0, 200, (3, 1, 1), dtype=np.uint8))
        images.append(image)
    return Material("studio", images, np.array([[0, -1], [1, -1]] * 20))


@pytest.fixture(scope="module")
def street() -> Material:
    """Fine noise, whatever it is labelled."""
    rng = np.random.default_rng(1)
    images = [torch.from_numpy(rng.integers(0, 256, (3, 70, 60), dtype=np.uint8)) for _ in range(12)]
    return Material("street", images, np.array([[0, 0], [1, 1]] * 6))


@pytest.fixture(scope="module")
def network() -> RPF:
    torch.manual_seed(0)
    return RPF(small(NAMES)).eval()


@pytest.fixture(scope="module")
def taught(studio: Material, street: Material, masked: Catalog) -> Lessons:
    return lessons([studio, street], 224, masked)


@pytest.fixture(scope="module")
def found(network: RPF, taught: Lessons) -> RPF:
    return gated(network, taught, power=2.0)


def test_the_gate_finds_garments_and_nothing_else_changes(
    network: RPF, found: RPF, studio: Material, street: Material
) -> None:
    assert found.config == replace(network.config, gate=2.0)
    kept = found.state_dict()
    assert all(torch.equal(value, kept[name]) for name, value in network.state_dict().items())
    scenery = foreground.survey([studio.images, street.images])
    composites = scenery.composites(16, 224, np.random.default_rng(9))
    assert composites is not None
    images, masks = composites
    with torch.no_grad():
        features = found.features(images.float())
        x, attention = found.region.attend(features, found.attributes.weight)
        _, before = network.region.attend(features, network.attributes.weight)
        probability = found.region.gate.logits(x).sigmoid()
    wanted = cells(masks, x.shape[1])
    assert probability[wanted > 0.9].mean() > probability[wanted < 0.1].mean() + 0.5
    assert mass_loss(attention, masks) < mass_loss(before, masks) - 0.3


def test_the_same_seed_gives_the_same_gate_and_disturbs_nothing(network: RPF, found: RPF, taught: Lessons) -> None:
    torch.manual_seed(5)
    expected = torch.rand(2)
    torch.manual_seed(5)
    assert gated(network, taught, power=2.0).digest == found.digest
    assert torch.equal(torch.rand(2), expected)
    assert gated(found, taught, 3.0) is found


def test_drawn_garments_teach_it_too(taught: Lessons) -> None:
    assert len(taught.images) == len(taught.masks) == 40 + 6
    assert taught.images.dtype == torch.uint8 and taught.images.shape[1:] == (3, 224, 224)
    shares = taught.masks[-6:].mean((1, 2))
    assert ((shares > 0.1) & (shares < 0.9)).all() and taught.masks.min() == 0 and taught.masks.max() == 1


def test_what_cannot_teach_a_gate_is_refused(
    shop: Catalog, studio: Material, street: Material, masked: Catalog, tmp_path: Path
) -> None:
    plain = data.read(shop.split("train"), list(NAMES))
    for materials in ([plain], [studio]):  # nothing is cut out; nothing to set it before
        with pytest.raises(TrainingError, match="a gate learns from product photographs before white"):
            lessons(materials, 224, masked)
    with pytest.raises(TrainingError, match="a gate learns from images with masks too; give --masks DIR"):
        lessons([studio, street], 224, None)
    with pytest.raises(TrainingError, match="names no mask; add a column 'mask'"):
        lessons([studio, street], 224, shop)
    for plan, reason in (
        (Plan(gate=-1.0), "--gate -1 is no power"),
        (Plan(config="tiny-csn", steps=(1, 0), gate=1.0), "the CSN has not"),
        (Plan(recipe="paper", gate=1.0), "the recipe 'paper' has no gate"),
    ):
        with pytest.raises(TrainingError, match=reason):
            fit([shop], tmp_path, tmp_path, plan, "cpu")


def test_no_gradient_of_attention_reaches_the_gate_or_the_trunk_through_it(found: RPF) -> None:
    features = torch.rand(1, 256, 4, 4, requires_grad=True)
    branch = copy.deepcopy(found.region).requires_grad_(True)
    with torch.no_grad():
        branch.feature_key.weight.zero_()  # all that is left of attention is the gate
        branch.feature_key.bias.zero_()
    _, attention = branch.attend(features, found.attributes.weight)
    attention[..., 0].sum().backward()
    assert features.grad is None or not features.grad.any()


def test_training_goes_on_without_the_gate(network: RPF, found: RPF) -> None:
    assert ungated(network) is network
    assert ungated(found).digest == network.digest

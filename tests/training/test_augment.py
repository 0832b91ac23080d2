"""Views of training images in other light, other colours, partly hidden, and what they still say."""

import numpy as np
import pytest
import torch
from torch import Tensor

from catalog import Catalog
from model import RPF
from tests.training.conftest import small
from training import augment, data
from training.attention import attention_loss
from training.gating import with_gate
from training.recipes import Lapel


@pytest.fixture
def picture() -> Tensor:
    """A red field with a grey square in it."""
    image = torch.empty(3, 64, 64, dtype=torch.uint8)
    image[0], image[1], image[2] = 180, 40, 40
    image[:, 20:44, 20:44] = 120
    return image


def hue(image: Tensor) -> float:
    """Of the upper left corner, in degrees."""
    red, green, blue = (float(level) for level in image[:, 2, 2])
    return float(np.degrees(np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue))) % 360


def test_other_light_leaves_the_colour(picture: Tensor) -> None:
    rng = np.random.default_rng(0)
    views = [augment.relight(picture, rng) for _ in range(20)]
    assert all(view.shape == picture.shape and view.dtype == torch.uint8 for view in views)
    assert all(min(hue(view), 360 - hue(view)) < 10 for view in views)
    assert len({tuple(view[:, 2, 2].tolist()) for view in views}) > 15


def test_other_colours_keep_the_shape(picture: Tensor) -> None:
    rng = np.random.default_rng(0)
    views = [augment.recolour(picture, rng) for _ in range(20)]
    assert len({round(hue(view) / 30) for view in views}) > 5
    assert all((view[:, 30, 30].int() - view[:, 30, 30].int()[0]).abs().max() <= 3 for view in views)  # grey stays grey


def test_what_is_hidden_is_one_rectangle_and_the_picture_itself_stays(picture: Tensor) -> None:
    rng, before = np.random.default_rng(0), picture.clone()
    for _ in range(20):
        changed = (augment.hide(picture, rng) != picture).any(0)
        rows, columns = changed.any(1).nonzero(), changed.any(0).nonzero()
        box = (rows.max() - rows.min() + 1) * (columns.max() - columns.min() + 1)
        assert 0.01 < float(changed.float().mean()) < 0.2
        assert float(changed.sum()) == float(box)
    assert torch.equal(picture, before)


def test_other_colours_say_nothing_of_attributes_of_colour(shop: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lapel, "recoloured", 1.0)
    monkeypatch.setattr("training.recipes.lapel.supcon", seen := Seen())
    material = data.read(shop.split("train"), ["color", "pattern"])
    known = material.labels.copy()
    network = RPF(small({"color": ["red"], "pattern": ["solid"]}))
    Lapel([material], batch=8, colours=[0]).loss(network, 1, 0.0, np.random.default_rng(0), torch.device("cpu"))
    color, pattern = seen.labels[0], seen.labels[2]  # each attribute is asked twice: as it is, and centred
    assert (color == -1).all()
    assert (pattern >= 0).any()
    assert (material.labels == known).all()  # only the batch's copy


@torch.no_grad()
def test_under_a_gate_its_judgement_stands_for_unknown_masks() -> None:
    torch.manual_seed(0)
    plain = RPF(small({"color": ["red"]})).eval()
    network = with_gate(plain, 2.0)
    features, unknown = network.features(torch.rand(2, 3, 64, 64) * 255), torch.zeros(2, 64, 64)
    assert float(attention_loss(plain, features, unknown)) == 0
    assert network.region.gate is not None  # type: ignore[union-attr]
    network.region.gate.out.bias.fill_(-9.0)  # type: ignore[union-attr]
    little = float(attention_loss(network, features, unknown))
    network.region.gate.out.bias.fill_(9.0)  # type: ignore[union-attr]
    assert little > 5 > 0.01 > float(attention_loss(network, features, unknown))
    whole = torch.ones(2, 64, 64)
    assert float(attention_loss(network, features, whole)) == pytest.approx(0, abs=1e-3)


class Seen:
    """Keeps the labels that a loss is asked about."""

    def __init__(self) -> None:
        self.labels: list[Tensor] = []

    def __call__(self, embeddings: Tensor, labels: Tensor) -> Tensor:
        self.labels.append(labels)
        return embeddings.sum() * 0

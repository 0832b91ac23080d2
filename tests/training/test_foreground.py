"""Garments cut out of white, set before other backgrounds, and attention drawn onto them."""

import numpy as np
import pytest
import torch

from training import foreground
from training.attention import mass_loss


def product(color: int = 40) -> torch.Tensor:
    """A square frame of one grey with a white hole, before white."""
    image = torch.full((3, 60, 50), 255, dtype=torch.uint8)
    image[:, 15:45, 10:40] = color
    image[:, 25:35, 20:30] = 255
    return image


def test_white_that_is_enclosed_belongs_to_the_garment() -> None:
    found = foreground.find(product())
    assert found is not None
    expected = torch.zeros(60, 50, dtype=torch.bool)
    expected[15:45, 10:40] = True
    assert torch.equal(found, expected)


@pytest.mark.parametrize(
    "image",
    [torch.full((3, 40, 40), 255, dtype=torch.uint8), torch.full((3, 40, 40), 90, dtype=torch.uint8)],
    ids=["nothing", "no white border"],
)
def test_what_is_not_before_white_has_no_foreground(image: torch.Tensor) -> None:
    assert foreground.find(image) is None


def test_the_garment_stands_where_the_mask_says() -> None:
    image, rng = product(), np.random.default_rng(0)
    found = foreground.find(image)
    assert found is not None
    other = torch.full((3, 80, 70), 160, dtype=torch.uint8)
    for _ in range(8):
        view, mask = foreground.before_another(image, found, other, 112, rng)
        assert view.shape == (3, 112, 112) and mask.shape == (112, 112)
        assert 0.02 < float(mask.mean()) < 0.6
        assert (view[:, mask == 0] == 160).all()
        inside = view[:, mask == 1].float()
        assert ((inside < 60) | (inside > 200)).float().mean() > 0.8  # the frame, or the hole in it


def test_attention_off_the_garment_costs() -> None:
    masks = torch.zeros(3, 28, 28)
    masks[0, :14] = masks[1, :14] = 1  # the upper half; the third image has no mask
    on, even = torch.zeros(1, 14, 14), torch.full((1, 196), 1 / 196)
    on[:, :7] = 1 / 98
    attention = torch.stack((on.flatten(1), even, torch.zeros(1, 196)))
    assert float(mass_loss(attention[:1], masks[:1])) == pytest.approx(0, abs=1e-5)
    assert float(mass_loss(attention, masks)) == pytest.approx(np.log(2) / 2, abs=1e-5)
    assert float(mass_loss(attention[2:], masks[2:])) == 0


def test_composites_need_both_garments_and_backgrounds() -> None:
    rng, photograph = np.random.default_rng(0), torch.full((3, 80, 70), 160, dtype=torch.uint8)
    scenery = foreground.survey([[product(), product(90), photograph], [photograph, product(), photograph]])
    assert len(scenery.behind) == 2  # a catalog of products lends no backgrounds
    found = scenery.composites(2, 112, rng)
    assert found is not None
    assert found[0].shape == (2, 3, 112, 112) and found[1].shape == (2, 112, 112)
    assert len(foreground.survey([[product()]]).behind) == 0
    assert foreground.survey([[product()]]).composites(2, 112, rng) is None
    assert foreground.survey([[photograph]]).composites(2, 112, rng) is None

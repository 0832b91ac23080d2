"""Crops that attributes share: which boxes become one, and what the network makes of it."""

import pytest
import torch
from torch import Tensor

from model import CROP, RPF, WeightsError, crop
from tests.model.test_derivation import config_of
from tests.model.test_device import blobs


def overlap(one: list[int], other: list[int]) -> float:
    common = 1
    for axis in (0, 1):
        common *= max(0, min(one[axis + 2], other[axis + 2]) - max(one[axis], other[axis]))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return common / (sum(areas) - common)


def boxes() -> Tensor:
    rng = torch.Generator().manual_seed(3)
    corner = torch.randint(0, 40, (30, 6, 2), generator=rng)
    side = torch.randint(60, 100, (30, 6, 1), generator=rng)
    return torch.cat((corner, corner + side), -1)


@pytest.mark.parametrize("least", [0.5, 0.7, 0.9])
def test_boxes_that_overlap_far_enough_are_the_largest_of_them(least: float) -> None:
    given = boxes()
    found = crop.shared(given, least)
    joined = 0
    for before, after in zip(given.tolist(), found.tolist(), strict=True):
        kept = {tuple(box) for box in after}
        for own, taken in zip(before, after, strict=True):
            assert taken in before and overlap(own, taken) >= least and taken[2] - taken[0] >= own[2] - own[0]
            joined += own != taken
        assert all(overlap(list(a), list(b)) < least for a in kept for b in kept if a != b)
    assert joined


def test_boxes_at_full_overlap_and_in_another_order_are_the_same() -> None:
    given, turned = boxes(), torch.tensor([4, 0, 5, 2, 1, 3])
    assert torch.equal(crop.shared(given, 1.0), given)
    assert torch.equal(crop.shared(given[:, turned], 0.6), crop.shared(given, 0.6)[:, turned])


def test_a_network_that_shares_crops_is_of_another_digest_and_makes_fewer_passes() -> None:
    torch.manual_seed(0)
    exact = RPF(config_of(threshold=0.6)).eval()
    sharing = exact.sharing(0.3)
    assert sharing.embedding_digest != exact.embedding_digest == exact.sharing(1.0).embedding_digest
    seen: list[int] = []
    exact.vit.patch_embed.register_forward_pre_hook(lambda _, given: seen.append(len(given[0])))
    images = blobs()
    with torch.inference_mode():
        found = [each.views(images, {CROP: torch.arange(3)})[CROP] for each in (exact, sharing)]
        alone = sharing.views(images, {CROP: torch.tensor([2])})[CROP]
    assert seen[1] < seen[0] and not torch.allclose(found[0], found[1], atol=1e-3)
    assert torch.allclose(alone[:, 0], found[1][:, 2], atol=1e-4), "what is asked for beside it decides nothing"


def test_an_overlap_is_a_share() -> None:
    network = RPF(config_of())
    for wrong in (0.0, 1.5):
        with pytest.raises(WeightsError, match="at most 1"):
            network.sharing(wrong)

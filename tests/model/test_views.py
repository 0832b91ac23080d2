"""Views are what the branches give, and what is not wanted costs no pass."""

from collections import Counter

import pytest
import timm
import torch
import torch.nn.functional as F
from torch import Tensor

from model import CROP, GENERAL, REGION, RPF, VIEWS, WHOLE, crop
from tests.model.test_derivation import config_of

SIZES = [(120, 160), (112, 112), (300, 170)]
PASSES = ("features", "regions", "tokens", "overall", "cropped")


@pytest.fixture(scope="module")
def images() -> list[Tensor]:
    rng = torch.Generator().manual_seed(0)
    coarse = [torch.rand(1, 3, 6, 5, generator=rng) * 255 for _ in SIZES]
    return [
        F.interpolate(image, size, mode="bicubic").clamp(0, 255).to(torch.uint8)[0]
        for image, size in zip(coarse, SIZES, strict=True)
    ]


@pytest.fixture
def network() -> RPF:
    torch.manual_seed(0)
    return RPF(config_of(threshold=0.6, general_trunk="vit_tiny_patch16_224", general_size=224)).eval()


def every(network: RPF, images: list[Tensor], wanted: dict[str, Tensor]) -> dict[str, Tensor]:
    with torch.inference_mode():
        return network.views(images, wanted)


def test_region_and_crop_are_those_of_the_forward_pass(network: RPF, images: list[Tensor]) -> None:
    found = every(network, images, {REGION: torch.tensor([2, 0]), CROP: torch.tensor([1, 2])})
    with torch.inference_mode():
        whole = network(images, torch.arange(3))
    assert whole.patch is not None and set(found) == {REGION, CROP}
    assert torch.allclose(found[REGION], whole.region[:, [2, 0]], atol=1e-5)
    assert torch.allclose(found[CROP], whole.patch[:, [1, 2]], atol=1e-4)


def test_whole_is_the_patch_branch_on_the_centre_square(network: RPF, images: list[Tensor]) -> None:
    found = every(network, images, {WHOLE: torch.tensor([1, 0])})[WHOLE]
    with torch.inference_mode():
        for row, image in enumerate(images):
            square = crop.frame(image, 112)[None].float()
            for place, index in enumerate((1, 0)):
                expected, _ = network.patch(
                    network.tokens(square), torch.tensor([0]), network.attributes(torch.tensor([index]))
                )
                assert torch.allclose(found[row, place], expected[0], atol=1e-4)


def test_general_is_the_class_token_of_the_frozen_trunk(network: RPF, images: list[Tensor]) -> None:
    trunk = timm.create_model("vit_tiny_patch16_224").eval()
    trunk.load_state_dict(network.general.state_dict(), strict=False)
    found = every(network, images, {GENERAL: torch.tensor([0])})[GENERAL]
    assert found.shape == (3, 1, 192) == (3, 1, network.general_width)
    with torch.inference_mode():
        for row, image in enumerate(images):
            square = crop.frame(image, 224)[None].float() / 255
            assert torch.allclose(found[row, 0], trunk.forward_features((square - 0.5) / 0.5)[0, 0], atol=1e-4)
    assert not any(parameter.requires_grad for parameter in network.general.parameters())


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        ((REGION,), {"features": 1, "regions": 1}),
        ((WHOLE,), {"tokens": 1}),
        ((GENERAL,), {"overall": 1}),
        ((WHOLE, GENERAL), {"tokens": 1, "overall": 1}),
        ((CROP,), {"features": 1, "regions": 1, "cropped": 1, "tokens": 1}),
        (VIEWS, {"features": 1, "regions": 2, "cropped": 1, "tokens": 2, "overall": 1}),
    ],
    ids="+".join,
)
def test_what_is_not_wanted_costs_no_pass(
    wanted: tuple[str, ...], passes: dict[str, int], network: RPF, images: list[Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trunk once for region and crop, the general trunk once for all attributes."""
    calls: Counter[str] = Counter()

    def counted(name: str):  # type: ignore[no-untyped-def]
        real = getattr(network, name)

        def call(*given: object) -> object:
            calls[name] += 1
            return real(*given)

        return call

    for name in PASSES:
        monkeypatch.setitem(network.__dict__, name, counted(name))
    found = every(network, images, {view: torch.arange(3) for view in wanted})
    assert calls == passes and set(found) == set(wanted)
    assert all(len(own) == 3 and own.shape[1] == (1 if view == GENERAL else 3) for view, own in found.items())

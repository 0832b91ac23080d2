"""Attributes with branches of their own, in any order, beside those that share."""

from collections.abc import Iterator

import pytest
import torch

from model import RPF, Config, load, save


@pytest.fixture(scope="module")
def network() -> Iterator[RPF]:
    torch.manual_seed(0)
    options = {"embed_dim": 48, "depth": 1, "num_heads": 3}
    names: dict[str, list[str]] = {"a": [], "b": [], "c": [], "d": []}
    config = Config(names, "resnet18", patch_options=options, dim=256, attribute_dim=32, common_dim=32, heads=3)
    made = RPF(Config(**{**vars(config), "adapted": ["d", "b"]}))
    with torch.no_grad():
        for parameter in made.own.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    with torch.inference_mode():
        yield made.eval()


def test_each_attribute_is_served_by_its_own_branches(network: RPF) -> None:
    images = [torch.randint(0, 256, (3, 64, 80), dtype=torch.uint8) for _ in range(2)]
    asked = torch.tensor([1, 0, 3, 2, 1])
    together = network(images, asked)
    for place, index in enumerate(asked.tolist()):
        alone = network(images, torch.tensor([index]))
        for whole, part in zip(vars(together).values(), vars(alone).values(), strict=True):
            assert torch.allclose(whole[:, place].float(), part[:, 0].float(), atol=1e-5)


def test_own_branches_matter_and_are_stored(network: RPF, tmp_path: object) -> None:
    features = torch.randn(2, 256, 14, 14)
    own = network.regions(features, torch.tensor([3]))[0]
    assert torch.equal(own, network.own[0].region(features, network.attributes(torch.tensor([3])))[0])
    assert not torch.allclose(own, network.region(features, network.attributes(torch.tensor([3])))[0], atol=1e-2)
    save(network, str(tmp_path))
    assert load(str(tmp_path)).digest == network.digest

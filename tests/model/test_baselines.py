"""The baselines against their formulas, written out a pair at a time, and as weights like any other."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from model import RPF, WeightsError, load, save
from model.baselines import ASEN, CSN, Triplet
from model.config import CONFIGS, Config

ATTRIBUTES = {"color": ["red", "blue"], "lapel": ["shawl", "notched"], "neck": ["v", "round"]}


@pytest.fixture
def features() -> torch.Tensor:
    return torch.randn(2, 16, 5, 5, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def attributes() -> torch.Tensor:
    return torch.randn(3, 8, generator=torch.Generator().manual_seed(2))


def test_the_triplet_network_does_not_see_the_attribute(features: torch.Tensor, attributes: torch.Tensor) -> None:
    branch = Triplet(16, 8, 12)
    embedding, _, attention = branch(features, attributes)
    assert embedding.shape == (2, 3, 16)
    assert torch.equal(embedding[:, 0], embedding[:, 2])
    assert torch.allclose(attention, torch.full((2, 3, 5, 5), 1 / 25))


def test_csn_masks_the_dimensions_of_one_embedding(features: torch.Tensor, attributes: torch.Tensor) -> None:
    branch = CSN(16, 8, 12)
    embedding, _, _ = branch(features, attributes)
    for image in range(2):
        whole = branch.embed(branch.norm(features[image].flatten(1).mean(1)))
        for a in range(3):
            mask = (branch.mask.weight @ attributes[a] + branch.mask.bias).clamp_min(0)
            assert torch.allclose(embedding[image, a], whole * mask, atol=1e-6)


def test_asen_gates_the_channels_after_the_attention(features: torch.Tensor, attributes: torch.Tensor) -> None:
    branch = ASEN(16, 8, 12)
    embedding, _, attention = branch(features, attributes)
    assert torch.allclose(attention.sum((2, 3)), torch.ones(2, 3), atol=1e-6)
    for image in range(2):
        x = branch.feature_norm(features[image].flatten(1).T)
        for a in range(3):
            pooled = attention[image, a].flatten() @ x
            told = F.relu(branch.attribute_gate(attributes[a]))
            gate = torch.sigmoid(branch.excite(F.relu(branch.squeeze(torch.cat((pooled, told))))))
            assert torch.allclose(embedding[image, a], branch.foreground(pooled * gate), atol=1e-5)


def test_global_similarity_is_the_class_token_whatever_the_attribute() -> None:
    network = RPF(CONFIGS["tiny-global"](ATTRIBUTES)).eval()
    image = torch.randint(0, 256, (3, 224, 224), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))
    output = network([image], torch.arange(3))
    token = network.trunk.forward_features((image[None].float() / 255 - 0.5) / 0.5)[:, 0]
    assert output.region.shape == (1, 3, 192)
    assert torch.allclose(output.region, token[:, None].expand(-1, 3, -1), atol=1e-4)


def test_the_patch_branch_alone_sees_the_whole_centre_square() -> None:
    network = RPF(CONFIGS["tiny-patch"](ATTRIBUTES)).eval()
    image = torch.randint(0, 256, (3, 250, 230), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))
    output = network([image], torch.arange(3))
    assert output.boxes.tolist() == [[[0, 10, 230, 240]] * 3]
    assert not output.region.any()
    assert output.patch is not None and output.patch.isfinite().all() and output.patch.any()
    assert replace(network.config, beta=0.4, betas={"color": 0.7}).beta_of("color") == 0.0


@pytest.mark.parametrize("name", ["tiny-global", "tiny-region", "tiny-asen", "tiny-csn", "tiny-triplet"])
def test_baselines_are_weights_like_any_other(name: str, tmp_path: Path) -> None:
    network = RPF(CONFIGS[name](ATTRIBUTES)).eval()
    save(network, tmp_path)
    again = load(tmp_path)
    assert again.digest == network.digest
    image = torch.randint(0, 256, (3, 250, 230), dtype=torch.uint8, generator=torch.Generator().manual_seed(3))
    output = again([image], torch.arange(3))
    assert output.region.shape == (1, 3, again.config.dim)
    assert output.patch is None and output.patch_attention is None
    assert again.config.beta_of("color") == 1.0


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(WeightsError, match="no method 'DINO'; there are: RPF, ASEN"):
        RPF(Config(ATTRIBUTES, method="DINO", region_trunk="resnet18", dim=256))

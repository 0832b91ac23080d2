"""The foreground gate: attention maps multiplied with a probability, as weights like any other."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model import RPF, WeightsError, load, save
from model.config import CONFIGS, tiny
from model.gate import Gate
from model.region import RegionBranch

ATTRIBUTES = {"color": ["red", "blue"], "lapel": ["shawl", "notched"]}


def test_a_map_is_multiplied_with_a_power_of_the_probability() -> None:
    torch.manual_seed(0)
    branch, features, attributes = RegionBranch(16, 8, 12), torch.randn(2, 16, 5, 5), torch.randn(3, 8)
    x, plain = branch.attend(features, attributes)
    branch.gate = Gate(16, power=2.5)
    _, gated = branch.attend(features, attributes)
    probability = torch.sigmoid(branch.gate.logits(x))[:, None]
    expected = plain * probability**2.5
    assert torch.allclose(gated, expected / expected.sum(-1, keepdim=True), atol=1e-6)
    assert not torch.allclose(gated, plain, atol=1e-4)


def test_a_gated_network_is_saved_and_loaded(tmp_path: Path) -> None:
    plain, network = RPF(tiny(ATTRIBUTES)), RPF(replace(tiny(ATTRIBUTES), gate=2.0))
    assert {name for name in network.state_dict() if "gate" in name} and "gate" not in str(list(plain.state_dict()))
    assert network.digest != plain.digest
    save(network, tmp_path)
    again = load(tmp_path)
    assert again.digest == network.digest and again.config.gate == 2.0


def test_only_attention_can_be_gated() -> None:
    with pytest.raises(WeightsError, match="CSN has no attention to gate"):
        RPF(replace(CONFIGS["tiny-csn"](ATTRIBUTES), gate=2.0))

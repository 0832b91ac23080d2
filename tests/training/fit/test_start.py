"""What a run begins with: pretrained trunks or weights, and which branches of it are ever in the score."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from catalog import Catalog
from model import CONFIGS, RPF, Config, WeightsError, load, save
from model.config import PATCH_ONLY
from tests.training.conftest import small
from training.errors import TrainingError
from training.fit import Plan, fit
from training.fit.start import begin, is_weights

NAMES = {"color": ["blue", "green", "red"], "pattern": ["solid", "stripe"]}
PLAN = Plan(config="small", steps=(1, 1), bfloat16=False)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn by lot, with both branches."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("weights")
    save(RPF(replace(small(NAMES), beta=0.6)), folder, {"terms": "For tests.", "data": []})
    return folder


def test_without_steps_of_stage_2_the_weights_have_no_untrained_patch_branch(
    shop: Catalog, trunks: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    record = fit([shop], tmp_path, trunks, replace(PLAN, steps=(1, 0)), "cpu", said.append)
    network = load(tmp_path)
    assert network.config.patch_trunk is None and network.config.only == 0
    assert (network.config.beta, network.config.beta_of("color")) == (1.0, 1.0)
    assert not any(name.startswith(("vit.", "patch.")) for name in network.state_dict())
    assert set(record["valid"][shop.name]["color"]) == {"map_region"}
    assert any("no patch branch is trained" in line for line in said)
    assert "of the region branch alone" in (tmp_path / "README.md").read_text()


def test_a_patch_branch_that_weights_have_stays(weights: Path) -> None:
    start = begin(replace(PLAN, config=None, steps=(1, 0)), NAMES, weights)
    assert start.patch_learnt and start.network.config.patch_trunk is not None and start.network.config.beta == 0.6
    assert start.base == load(weights).digest


def test_a_patch_branch_is_added_to_weights_that_have_none(weights: Path, trunks: Path, tmp_path: Path) -> None:
    region = replace(PLAN, config="small-region", steps=(0, 0))
    save(begin(region, NAMES, weights).network, tmp_path)
    start = begin(replace(PLAN, steps=(0, 2)), NAMES, tmp_path, trunks)
    pretrained = begin(PLAN, NAMES, trunks).network
    assert start.region_learnt and not start.patch_learnt
    assert torch.equal(start.network.vit.blocks[0].attn.qkv.weight, pretrained.vit.blocks[0].attn.qkv.weight)
    stored = load(weights).region.foreground.weight
    assert torch.equal(start.network.region.foreground.weight, stored)
    again = begin(replace(PLAN, steps=(1, 0)), NAMES, tmp_path)  # nothing is asked of a Hub
    assert again.network.config.patch_trunk is None and again.region_learnt
    with pytest.raises(TrainingError, match="no patch branch to train"):
        begin(replace(PLAN, config=None), NAMES, tmp_path, trunks)


def test_stage_2_needs_a_region_branch_that_has_learnt(trunks: Path) -> None:
    with pytest.raises(TrainingError, match="trained region branch"):
        begin(replace(PLAN, steps=(0, 2)), NAMES, trunks)


def test_a_patch_branch_alone_has_no_stage_1(
    shop: Catalog, trunks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def alone(attributes: dict[str, list[str]]) -> Config:
        return replace(small(attributes), method=PATCH_ONLY, beta=0.0)

    monkeypatch.setitem(CONFIGS, "small-patch", alone)
    with pytest.raises(TrainingError, match="no region branch to train"):
        fit([shop], tmp_path, trunks, replace(PLAN, config="small-patch"), "cpu")
    start = begin(replace(PLAN, config="small-patch", steps=(0, 0)), NAMES, trunks)
    assert start.network.config.beta_of("color") == 0.0 and start.network.config.patch_trunk is not None


def test_what_init_names(weights: Path, trunks: Path, tmp_path: Path) -> None:
    assert is_weights(weights) and not is_weights(trunks) and not is_weights("timm")
    assert not is_weights(trunks / "resnet18.safetensors") and is_weights("owner/name")
    with pytest.raises(WeightsError, match="no weights at"):
        begin(PLAN, NAMES, tmp_path / "nowhere" / "at" / "all")
    (tmp_path / "resnet18.safetensors").write_text("nothing")
    with pytest.raises(WeightsError, match="no readable safetensors file"):
        begin(PLAN, NAMES, tmp_path)


def test_the_terms_of_the_weights_at_the_start_are_those_of_the_new_ones(
    shop: Catalog, weights: Path, tmp_path: Path
) -> None:
    plan = replace(PLAN, config=None, steps=(0, 0), calibrate=False)
    record = fit([shop], tmp_path, weights, plan, "cpu", lambda line: None)
    assert record["terms"] == "For tests." and record["base"]["digest"] == load(weights).digest
    assert "license: other" in (tmp_path / "README.md").read_text()

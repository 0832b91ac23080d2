"""Training on a small drawn problem: it learns, it resumes to the same run, it says what is wrong."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import training.fit.run as fitting
import training.gating as teaching
from catalog import Catalog
from model import CONFIGS, RPF, Config, WeightsError, load
from model.config import PATCH_ONLY
from model.losses import ABSENT
from tests.training.conftest import small
from training import data, state
from training.errors import TrainingError
from training.fit import Plan, fit
from training.gating import Lessons
from training.recipes import Lapel, Paper
from training.recipes.lapel import overlap
from training.recipes.losses import spread


def run(shop: Catalog, out: Path, trunks: Path, **changes: object) -> dict[str, object]:
    plan = Plan(
        **{"config": "small", "steps": (6, 4), "bfloat16": False, "validate_every": 3, "log_every": 1, **changes}
    )
    half = replace(shop, items=shop.items[::2])
    return fit([half], out, trunks, plan, "cpu", say=lambda line: None)


def losses(out: Path) -> list[float]:
    lines = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    return [line["supcon"] for line in lines if "supcon" in line]


def test_a_run_writes_weights_that_load(shop: Catalog, trunks: Path, tmp_path: Path) -> None:
    record = run(shop, tmp_path, trunks)
    network = load(tmp_path)
    assert network.config.attributes == {"color": ["blue", "green", "red"], "pattern": ["solid", "stripe"]}
    assert set(record["valid"][shop.name]["color"]) == {"map", "map_region", "map_patch"}
    assert 0 <= network.config.beta <= 1
    assert len(losses(tmp_path)) == 10


@pytest.mark.parametrize("method", ["RPF", "ASEN", "CSN", "triplet network"])
def test_a_network_without_patch_branch_is_trained(
    method: str, shop: Catalog, trunks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def region(attributes: dict[str, list[str]]) -> Config:
        return replace(small(attributes), method=method, patch_trunk=None)

    monkeypatch.setitem(CONFIGS, "small", region)
    record = run(shop, tmp_path, trunks, steps=(2, 0))
    assert set(record["valid"][shop.name]["color"]) == {"map_region"}
    assert load(tmp_path).config.method == method
    assert run(shop, tmp_path, trunks, steps=(2, 0))["valid"] == record["valid"]  # found finished, measured again
    with pytest.raises(TrainingError, match="no patch branch"):
        run(shop, tmp_path / "two", trunks, steps=(2, 2))


def test_a_patch_branch_is_trained_alone(
    shop: Catalog, trunks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def alone(attributes: dict[str, list[str]]) -> Config:
        return replace(small(attributes), method=PATCH_ONLY, patch_size=64)

    monkeypatch.setitem(CONFIGS, "small", alone)
    record = run(shop, tmp_path / "trained", trunks, steps=(0, 2))
    assert all(row["map"] == row["map_patch"] for row in record["valid"][shop.name].values())
    run(shop, tmp_path / "begun", trunks, steps=(0, 0))
    begun, trained = (load(tmp_path / run).state_dict() for run in ("begun", "trained"))
    moved = {name.split(".")[0] for name in begun if not torch.equal(begun[name], trained[name])}
    assert {"vit", "patch"} <= moved and "trunk" not in moved


def test_another_network_begins_with_what_weights_share_with_it(
    shop: Catalog, trunks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONFIGS, "small-asen", lambda names: replace(small(names), method="ASEN", patch_trunk=None))
    run(shop, tmp_path / "rpf", trunks, steps=(1, 0), calibrate=False)
    run(shop, tmp_path / "asen", tmp_path / "rpf", config="small-asen", steps=(0, 0), calibrate=False)
    run(shop, tmp_path / "same", tmp_path / "rpf", config=None, steps=(0, 0), calibrate=False)
    rpf, asen, same = (load(tmp_path / name) for name in ("rpf", "asen", "same"))
    assert same.digest == rpf.digest and asen.config.method == "ASEN"
    own = rpf.state_dict()
    shared = {name for name in asen.state_dict() if name in own and torch.equal(asen.state_dict()[name], own[name])}
    assert {"attributes.weight", "region.feature_key.weight", "trunk.conv1.weight"} <= shared
    assert not any(name.startswith(("vit.", "patch.")) for name in asen.state_dict())


def test_stage_1_learns(shop: Catalog, trunks: Path, tmp_path: Path) -> None:
    run(shop, tmp_path, trunks, steps=(24, 0), validate_every=24)
    curve = losses(tmp_path)
    assert np.mean(curve[-5:]) < np.mean(curve[:5]) - 0.1


def killed_in_step(number: int) -> Callable[..., object]:
    """A loss of which the call of that number, from 1, ends in what Ctrl+C raises."""
    real, calls = Lapel.loss, []

    def loss(self: Lapel, network: RPF, stage: int, *rest: object) -> object:
        calls.append(stage)
        if len(calls) == number:
            assert stage == (1 if number <= 4 else 2)
            raise KeyboardInterrupt
        return real(self, network, stage, *rest)

    return loss


@pytest.mark.parametrize(("gate", "kills"), [(0.0, (3,)), (2.0, (5, 7))])
def test_a_killed_run_resumes_to_the_same_weights(
    gate: float,
    kills: tuple[int, ...],
    shop: Catalog,
    trunks: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Killed within stage 1, at the start of stage 2 and within it, against one run that is not killed."""
    images = torch.randint(0, 256, (4, 3, 64, 64), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    monkeypatch.setattr(fitting, "lessons", lambda *given: Lessons(images, (images[:, 0] > 127).float()))
    monkeypatch.setattr(teaching, "STEPS", 5)
    plan = {"gate": gate, "steps": (4, 3), "validate_every": 2}
    run(shop, tmp_path / "whole", trunks, **plan)
    whole = load(tmp_path / "whole")
    assert whole.config.gate == (gate or None)
    for killed_at in kills:
        out = tmp_path / f"killed-{killed_at}"
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(Lapel, "loss", killed_in_step(killed_at))
            run(shop, out, trunks, **plan)
        run(shop, out, trunks, **plan)
        assert load(out).digest == whole.digest, killed_at


def test_the_paper_recipe_runs_both_stages(shop: Catalog, trunks: Path, tmp_path: Path) -> None:
    run(shop, tmp_path, trunks, recipe="paper", steps=(2, 2))
    parts = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert {"triplet_r", "spread"} <= set(parts[0]) and any("e_infonce" in part for part in parts)


def test_collapse_is_said(shop: Catalog, trunks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    real = Paper.loss

    def collapsed(self: Paper, network: RPF, *rest: object) -> object:
        with torch.no_grad():
            network.region.norm.weight.zero_()
            network.region.norm.bias.fill_(1)
        return real(self, network, *rest)

    monkeypatch.setattr(Paper, "loss", collapsed)
    plan = Plan("paper", "small", (2, 0), bfloat16=False, validate_every=2, log_every=1)
    fit([shop], tmp_path, trunks, plan, "cpu", said.append)
    assert any(line.startswith("collapse") for line in said)


def test_another_run_is_not_overwritten(shop: Catalog, trunks: Path, tmp_path: Path) -> None:
    run(shop, tmp_path, trunks, steps=(1, 0), validate_every=1)
    with pytest.raises(TrainingError, match="seed"):
        run(shop, tmp_path, trunks, steps=(1, 0), validate_every=1, seed=1)
    (tmp_path / state.NAME).write_bytes(b"not a checkpoint")
    with pytest.raises(TrainingError, match="damaged"):
        run(shop, tmp_path, trunks, steps=(1, 0), validate_every=1)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"recipe": "best"}, "recipe"), ({"config": "huge"}, "configuration"), ({"labels": 0}, "labels")],
)
def test_unknown_names(change: dict[str, object], message: str, shop: Catalog, trunks: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=message):
        run(shop, tmp_path, trunks, **change)


def test_a_catalog_without_validation_split(shop: Catalog, trunks: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="valid"):
        fit([shop.split("train")], tmp_path, trunks, Plan(), "cpu")


def test_partial_labels_and_shared_names(shop: Catalog) -> None:
    names = data.vocabulary([shop, shop])
    material = data.read(shop.split("train"), [*names, "collar"])
    assert material.labels.shape == (len(material), 3)
    assert (material.labels[:, 2] == -1).all() and material.labelled == [0, 1]
    assert ((material.labels[:, :2] >= 0).sum(1) >= 1).all() and (material.labels[:, 0] == -1).any()


def test_equal_names_share_an_embedding_whatever_their_spelling(shop: Catalog, trunks: Path, tmp_path: Path) -> None:
    other = shop.respelled(["COLOR", "Pattern"])
    plan = Plan(config="small", steps=(0, 0), bfloat16=False, calibrate=False)
    fit([shop, other], tmp_path / "a", trunks, plan, "cpu")
    assert list(load(tmp_path / "a").config.attributes) == ["color", "pattern"]
    fit([other], tmp_path / "b", tmp_path / "a", plan, "cpu")
    assert list(load(tmp_path / "b").config.attributes) == ["color", "pattern"]


def test_what_cannot_be_seen_is_absent(shop: Catalog) -> None:
    seen = [replace(item, labels={**item.labels, "pattern": "invisible"}) for item in shop.items[1:4]]
    attributes = (shop.attribute("color"), replace(shop.attribute("pattern"), values=("invisible", "solid", "stripe")))
    labels = data.read(
        replace(shop, items=(*seen, *shop.items[4:]), attributes=attributes), ["color", "pattern"]
    ).labels
    assert labels[:3, 1].tolist() == [ABSENT] * 3 and set(labels[3:, 1]) <= {-1, 1, 2} and (labels[:, 0] >= -1).all()


def test_an_attribute_begins_as_another(shop: Catalog, trunks: Path, tmp_path: Path) -> None:
    run(shop, tmp_path / "a", trunks, steps=(0, 0), like=("color=pattern",))
    rows = load(tmp_path / "a").attributes.weight
    assert torch.equal(rows[0], rows[1])
    with pytest.raises(WeightsError, match="collar"):
        run(shop, tmp_path / "b", trunks, steps=(0, 0), like=("color=collar",))


def test_thinned_labels_are_nested_and_spread_over_the_values(shop: Catalog) -> None:
    material = data.read(shop.split("train"), list(data.vocabulary([shop])))
    small, half = (data.thin(material, share, seed=0).labels for share in (0.01, 0.5))
    assert ((small < 0) | (small == half)).all() and ((half < 0) | (half == material.labels)).all()
    for attribute, values in enumerate((3, 2)):
        assert np.bincount(small[small[:, attribute] >= 0, attribute]).tolist() == [2] * values
    assert (half >= 0).sum() == pytest.approx((material.labels >= 0).sum() / 2, abs=3)
    assert len(data.only_labelled(data.thin(material, 0.01, seed=0))) <= 10


def test_overlap_and_spread() -> None:
    boxes = torch.tensor([[0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30]])
    assert overlap(boxes, boxes[0]).tolist() == pytest.approx([1, 1 / 3, 0])
    assert spread(torch.ones(4, 1, 8)) == pytest.approx(0, abs=1e-6)
    assert spread(torch.eye(4)[:, None]) == pytest.approx(1)

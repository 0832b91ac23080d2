"""Images that cannot be read, splits without labels: training goes on, and says what it left out."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from catalog import Catalog
from model import RPF, load, save
from tests.training.conftest import small
from training import data
from training.errors import TrainingError
from training.fit import Plan, fit, recalibrate
from training.studies import efficiency
from training.studies.distill import Plan as DistillPlan
from training.studies.distill import distill

PLAN = Plan(config="small", steps=(1, 1), bfloat16=False, validate_every=1)
NAMES = {"color": ["blue", "green", "red"], "pattern": ["solid", "stripe"]}


def few(shop: Catalog, counts: dict[str, int]) -> Catalog:
    """The first labelled items of each split."""
    items = [item for split in counts for item in shop.split(split).items if len(item.labels) == 2]
    kept = [item for split, count in counts.items() for item in [i for i in items if i.split == split][:count]]
    return replace(shop, items=tuple(kept))


@pytest.fixture
def broken(shop: Catalog, tmp_path: Path) -> Catalog:
    """A dozen items; of each split one image is damaged, and of `valid` one is missing."""
    part = few(shop, {"train": 12, "valid": 7, "test": 6})
    spoilt: dict[str, str] = {}
    for split in ("train", "valid", "test"):
        (tmp_path / f"{split}.png").write_text(f"not an image of {split}")
        spoilt[part.split(split).items[0].id] = str(tmp_path / f"{split}.png")
    spoilt[part.split("valid").items[3].id] = str(tmp_path / "missing.png")
    items = [replace(item, image=spoilt.get(item.id, item.image)) for item in part]
    return replace(part, items=tuple(items))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("weights")
    save(RPF(replace(small(NAMES), beta=0.6)), folder)
    return folder


def left_out(said: list[str]) -> dict[str, str]:
    """By split, what was said of it."""
    lines = [line for line in said if "cannot be read and are left out" in line]
    return {line.split("split ")[1].split(":")[0]: line.split(": ", 1)[1] for line in lines}


def test_fit_leaves_them_out_says_and_counts_them(broken: Catalog, trunks: Path, tmp_path: Path) -> None:
    said: list[str] = []
    record = fit([broken], tmp_path / "out", trunks, PLAN, "cpu", said.append)
    found = left_out(said)
    assert found["train"].startswith("1 of 12 images") and found["valid"].startswith("2 of 7 images")
    assert record["unreadable"] == {broken.name: {"train": 1, "valid": 2}}
    assert record["catalogs"] == [{"name": broken.name, "train_images": 11}]
    assert json.loads((tmp_path / "out" / "training.json").read_text()) == record


def test_so_do_calibration_and_distillation(broken: Catalog, weights: Path, tmp_path: Path) -> None:
    said: list[str] = []
    recalibrate([broken], weights, tmp_path / "calibrated", device="cpu", say=said.append)
    assert set(left_out(said)) == {"train", "valid"}
    said.clear()
    report = distill([broken], weights, tmp_path / "student", DistillPlan(32, 1), "cpu", said.append)
    assert set(left_out(said)) == {"train", "valid", "test"} and report["catalogs"][broken.name]["kept"] > 0


def test_so_does_the_study_of_labels(broken: Catalog, pretrained: Path, tmp_path: Path) -> None:
    said: list[str] = []
    places = efficiency.Places(tmp_path / "report.json", tmp_path / "runs", str(pretrained))
    study = efficiency._Study(broken, places, "cpu", said.append)
    assert len(study.test) == 5 and left_out(said)["test"].startswith("1 of 6 images")
    assert study.frozen(1.0, 0).overall["map_plain"] > 0


def test_nothing_to_read_is_refused_before_training(broken: Catalog, trunks: Path, tmp_path: Path) -> None:
    items = [replace(item, image="missing.png") if item.split == "valid" else item for item in broken]
    with pytest.raises(TrainingError, match="no image of split 'valid' can be read"):
        fit([replace(broken, items=tuple(items))], tmp_path, trunks, PLAN, "cpu", lambda line: None)


def test_one_value_teaches_nothing_and_is_refused_before_training(shop: Catalog, trunks: Path, tmp_path: Path) -> None:
    part = few(shop, {"train": 4, "valid": 4})
    items = [replace(item, labels={"color": "red", "pattern": "solid"}) for item in part]
    with pytest.raises(TrainingError, match=r"no attribute of .* has two values in split 'train'"):
        fit([replace(part, items=tuple(items))], tmp_path, trunks, PLAN, "cpu", lambda line: None)


def test_a_valid_split_without_labels_leaves_beta_as_it_is(shop: Catalog, weights: Path, tmp_path: Path) -> None:
    part = few(shop, {"train": 10, "valid": 4})
    items = [replace(item, labels={}) if item.split == "valid" else item for item in part]
    said: list[str] = []
    plan = replace(PLAN, config=None)
    fit([replace(part, items=tuple(items))], tmp_path, weights, plan, "cpu", said.append)
    assert load(tmp_path).config.beta == 0.6
    assert any("no validation split has labels" in line for line in said)


@pytest.mark.parametrize("missing", ["train", "test"])
def test_a_distillation_that_could_not_be_measured_is_refused_first(
    missing: str, shop: Catalog, weights: Path, tmp_path: Path
) -> None:
    part = replace(shop, items=tuple(item for item in shop if item.split != missing))
    with pytest.raises(TrainingError, match=f"no items in split '{missing}'"):
        distill([part], weights, tmp_path, DistillPlan(32, 1), "cpu", lambda line: None)
    unlabelled = [replace(item, labels={}) if item.split == "test" else item for item in shop]
    with pytest.raises(TrainingError, match="no two labels to measure"):
        distill([replace(shop, items=tuple(unlabelled))], weights, tmp_path, DistillPlan(32, 1), "cpu")


def test_colours_are_said_and_recorded(shop: Catalog, weights: Path, tmp_path: Path) -> None:
    part = few(shop, {"train": 8, "valid": 4})
    said: list[str] = []
    plan = replace(PLAN, config=None, steps=(0, 0), calibrate=False)
    record = fit([part], tmp_path / "a", weights, plan, "cpu", said.append)
    assert "attributes of colour: color (--color-attributes)" in said and record["plan"]["color_attributes"] == [
        "color"
    ]
    record = fit([part], tmp_path / "b", weights, replace(plan, color_attributes=()), "cpu", said.append)
    assert "attributes of colour: none (--color-attributes)" in said and record["plan"]["color_attributes"] == []
    assert data.vocabulary([part]) == NAMES

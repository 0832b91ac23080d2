"""Domain shift on drawn squares: who asks whom, what is learnt from, what is refused."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from catalog import Catalog, CatalogError, load_catalog
from eval.report_files import save_json
from model import RPF, save
from tests.training.conftest import small
from training.errors import TrainingError
from training.studies.shift import COMMON, NAME, Stages, common, join, shift, shift_summary


def squares(root: Path, side: str, splits: dict[str, int]) -> Catalog:
    """So many images a type and split, each type a colour; those of "field" are darker."""
    root.mkdir()
    rng = np.random.default_rng(len(side))
    rows = []
    for place, sides in enumerate(COMMON.values()):
        color = np.random.default_rng(place).integers(60, 255, 3) * (0.6 if side == "field" else 1)
        for split, count in splits.items():
            for i in range(count):
                pixels = (color + rng.normal(0, 15, (32, 32, 3))).clip(0, 255).astype(np.uint8)
                name = f"{place}-{split}-{i}"
                Image.fromarray(pixels).save(root / f"{name}.png")
                rows.append([name, f"{name}.png", split, sides[side][i % len(sides[side])]])
    with (root / "catalog.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["id", "image", "split", NAME], *rows])
    return load_catalog(root)


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return squares(tmp_path_factory.mktemp("a") / "field", "field", {"test": 10})


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return squares(tmp_path_factory.mktemp("b") / "studio", "studio", {"train": 5, "test": 3})


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("base")
    save(RPF(small({NAME: list(COMMON)})), folder)
    return folder


def test_before_and_after_on_the_same_queries(field: Catalog, studio: Catalog, base: Path, tmp_path: Path) -> None:
    report = shift(field, studio, base, Stages((5,), steps=(20, 4)), say=lambda line: None)
    before, after = report["stages"]
    assert (after["field_labels_per_value"], after["training_labels"], after["studio_labels"]) == (5, 35, 35)
    assert all((stage["queries"], stage["candidates"]) == (35, 21) for stage in report["stages"])
    assert before["map"] < after["map"] <= 100 and before["chance_map"] == after["chance_map"]
    assert set(before["by_value"]) == set(COMMON)
    save_json(report, tmp_path / "reports" / "shift.json")
    assert (tmp_path / "reports" / "shift.json").read_text().count(str(field.root)) == 0
    assert [line.split()[0] for line in shift_summary(report).splitlines()[1:]] == ["0", "5", "chance"]


def test_common_types_have_one_name(field: Catalog, studio: Catalog) -> None:
    both = join(common(field, "field"), common(studio, "studio"))
    assert np.bincount(both.labels(NAME)).tolist() == [10 + 8] * len(COMMON)
    assert both.open(both.items[0]).size == both.open(both.items[-1]).size == (32, 32)
    assert len({item.id for item in both}) == len(both)
    dress = replace(field.items[0], labels={NAME: "dress"})
    assert common(replace(field, items=(dress,)), "field").items[0].labels == {}


def test_too_little_is_refused(field: Catalog, studio: Catalog, base: Path) -> None:
    with pytest.raises(TrainingError, match="at least 5"):
        shift(field, studio, base, Stages((4,)))
    hats = replace(field, items=tuple(item for item in field if item.labels[NAME] != "hat"))
    with pytest.raises(TrainingError, match="field has 0 images of 'hat'"):
        shift(hats, studio, base, Stages((5,)))
    with pytest.raises(CatalogError, match="no split 'train'"):
        shift(field, studio.split("test"), base, Stages((5,)), say=lambda line: None)

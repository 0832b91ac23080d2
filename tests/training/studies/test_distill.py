"""A student of smaller crops: it comes nearer to its teacher, resumes, and is told what cannot be."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import training.studies.distill as distilling
from catalog import Catalog
from eval.report_files import save_json
from model import CONFIGS, RPF, load, save
from tests.training.conftest import small
from training.errors import TrainingError
from training.fit import Plan as FitPlan
from training.fit import fit
from training.studies.distill import Plan, distill, distill_summary


@pytest.fixture(scope="module")
def teacher(shop: Catalog, trunks: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("teacher")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CONFIGS, "small", small)
        fit([shop], out, trunks, FitPlan(config="small", steps=(2, 2), bfloat16=False), "cpu", lambda line: None)
    return out


def test_a_student_comes_nearer_to_its_teacher(
    shop: Catalog, teacher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distilling, "BATCH", 12)
    said: list[str] = []
    report = distill([shop], teacher, tmp_path / "student", Plan(patch_size=64, steps=50), "cpu", said.append)
    distances = [float(line.split()[3]) for line in said if "distance" in line]
    assert distances[-1] < distances[0]
    student, own = load(tmp_path / "student"), load(teacher)
    assert student.config.crop_size == 64 and own.config.crop_size == 112
    assert student.digest == report["student"]["digest"]
    assert (student.region.foreground.weight == own.region.foreground.weight).all()
    row = report["catalogs"][shop.name]
    assert set(row["teacher"]["map_by_view"]) == {"region", "crop"} and row["twins_left_out"] == 0
    assert row["kept"] == pytest.approx(row["student"]["map"] / row["teacher"]["map"])
    assert report["speed"]["patch_branch"]["ratio"] > 0
    assert shop.name in distill_summary(report) and "–" not in distill_summary(report)
    for views, said in (({"region": 50.0, "whole": 61.5}, "61.50 → 61.50"), ({"region": 50.0}, "– → –")):
        other = {name: {**row[name], "map_by_view": views} for name in ("teacher", "student")}
        assert said in distill_summary({**report, "catalogs": {"other": {**row, **other}}})
    save_json(report, tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text())["plan"]["patch_size"] == 64


def test_a_killed_run_resumes_to_the_same_student(
    shop: Catalog, teacher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(patch_size=32, steps=6)
    monkeypatch.setattr(distilling, "CHECKPOINT_EVERY", 3)
    monkeypatch.setattr(distilling, "BATCH", 12)
    whole = distill([shop], teacher, tmp_path / "whole", plan, "cpu", lambda line: None)
    real, calls = distilling._loss, []

    def killed(*arguments: object) -> object:
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(distilling, "_loss", killed)
    with pytest.raises(KeyboardInterrupt):
        distill([shop], teacher, tmp_path / "killed", plan, "cpu", lambda line: None)
    monkeypatch.setattr(distilling, "_loss", real)
    resumed = distill([shop], teacher, tmp_path / "killed", plan, "cpu", lambda line: None)
    assert resumed["student"] == whole["student"]


@pytest.mark.parametrize("size", [112, 40, 0])
def test_crops_that_are_no_smaller_or_not_whole_patches_are_refused(
    size: int, shop: Catalog, teacher: Path, tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match="multiple of 16 below 112"):
        distill([shop], teacher, tmp_path, Plan(patch_size=size), "cpu")


def test_without_a_patch_branch_there_is_nothing_to_distil(shop: Catalog, trunks: Path, tmp_path: Path) -> None:
    plan = FitPlan(config="small-region", steps=(1, 0), bfloat16=False)
    fit([shop], tmp_path / "region", trunks, plan, "cpu", lambda line: None)
    with pytest.raises(TrainingError, match="nothing to distil"):
        distill([shop], tmp_path / "region", tmp_path / "out", Plan(), "cpu")


def test_weights_that_compare_no_crops_have_no_student(shop: Catalog, teacher: Path, tmp_path: Path) -> None:
    network = load(teacher)
    config = replace(network.config, views=("region", "whole"), mix=(0.5, 0.0, 0.5, 0.0), calibration_axes=None)
    whole = RPF(config)
    whole.load_state_dict({k: v for k, v in network.state_dict().items() if k in whole.state_dict()})
    save(whole, tmp_path / "whole")
    with pytest.raises(TrainingError, match="compare no crops"):
        distill([shop], tmp_path / "whole", tmp_path / "out", Plan(), "cpu")

"""What teaching is worth, on the drawn shop: who asks whom, and what the report says."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from catalog import Catalog
from model import RPF, Column, save
from tests.training.adapt.test_teach import VALUES, given, scores_map
from tests.training.adapt.test_teach import shop as embedded
from tests.training.conftest import small
from training.__main__ import main
from training.adapt.teach import teach
from training.parts import PARTS, family
from training.studies import teaching
from training.studies.teaching import Labelled, Task, drawn, measured, teaching_summary


def test_at_most_half_of_a_value_teaches() -> None:
    labels = np.array([0] * 9 + [1] * 30 + [2])
    taught = drawn(labels, 10, 0)
    assert np.bincount(labels[taught], minlength=3).tolist() == [4, 10, 0]
    assert not np.array_equal(taught, drawn(labels, 10, 1))


def test_those_that_did_not_teach_ask_one_another() -> None:
    truth, raw = embedded()
    found = measured(Labelled(truth, VALUES, raw), 8, None)
    assert found["training_labels"] == 24 and found["queries"] == 216 and found["values"] == 3
    assert found["map"] > found["map_global"] + 20 and found["map_global"] > found["chance_map"]
    assert found["chance_map"] == pytest.approx(35, abs=3) and 0 < found["map_deviation"] < 10
    labels = given(truth, 8)
    once = scores_map(teach("fit", labels, VALUES, raw), raw, truth, np.flatnonzero(labels < 0))
    assert found["map"] == pytest.approx(once, abs=8)


def test_a_family_is_named_by_each_of_its_attributes() -> None:
    assert family("category") == {"category", "article_type"} == family("article_type")
    assert family("neck_design") >= {"collar", "neckline", "lapel_design"} and family("color") == {"color"}
    known = {name for names in PARTS.values() for name in names} | {"article_type"}
    assert {name for names in map(family, known) for name in names} <= known


def test_the_report_of_a_catalog(
    shop: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.manual_seed(0)
    config = small({"color": ["red", "blue", "green"], "pattern": ["solid", "stripe"]})
    save(RPF(replace(config, general_trunk="vit_tiny_patch16_224", general_size=224)), tmp_path / "weights")
    asked: list[Column] = []
    usual = teaching.measured

    def noted(labelled: Labelled, *arguments: object) -> dict[str, object]:
        asked.extend(labelled.raw)
        return usual(labelled, *arguments)

    monkeypatch.setattr(teaching, "measured", noted)
    monkeypatch.setattr(teaching, "TASKS", (Task("street", "color", 2, False), Task("street", "pattern", 2, False)))
    flags = {
        "weights": tmp_path / "weights",
        "street": shop.root,
        "home": tmp_path / "home",
        "out": tmp_path / "r.json",
    }
    command = ["training", "taught", "--device", "cpu", *(str(x) for k, v in flags.items() for x in (f"--{k}", v))]
    monkeypatch.setattr(sys, "argv", command)
    main()
    report = json.loads((tmp_path / "r.json").read_text())
    color, pattern = report["results"]
    labelled = sum("color" in item.labels for item in shop.split("test"))
    assert color["training_labels"] == 5 and color["queries"] == labelled - 5
    assert {column.attribute for column in asked} == {"", "pattern", "color"} and pattern["queries"] > 2
    lines = teaching_summary(report).splitlines()
    assert lines[1].startswith("street color, 2, family left out") and "mean of 2" in lines[3]
    assert capsys.readouterr().out.splitlines() == lines

"""The grid of label shares: every point trained and measured once, found again afterwards."""

from pathlib import Path

import pytest

import training.efficiency as efficiency
from catalog import Catalog
from eval.report import save_json
from training.fit import Plan


def test_every_share_is_trained_once_and_measured(
    shop: Catalog,
    trunks: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = Plan(config="small", steps=(1, 0), bfloat16=False)
    asked = (shop, trunks, tmp_path / "runs", [0.2, 1.0], [0], plan, [0.2], "cpu", lambda line: None)
    report = efficiency.efficiency(*asked)
    assert [(p["labels"], p["pseudo_labels"]) for p in report["points"]] == [(0.2, False), (0.2, True), (1.0, False)]
    assert all(set(p["map"]) == {"color", "pattern"} and 0 < p["map_plain"] <= 100 for p in report["points"])
    monkeypatch.setattr(efficiency, "fit", None)  # nothing is trained again
    assert efficiency.efficiency(*asked) == report
    save_json(report, tmp_path / "reports" / "labels.json")
    assert (tmp_path / "reports" / "labels.json").is_file()
    assert efficiency.table(report).splitlines()[2].split()[:3] == ["20%", "0", "yes"]

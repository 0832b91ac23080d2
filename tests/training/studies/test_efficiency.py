"""The grid of label shares: every point made once and kept, found again afterwards."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import training.studies.efficiency as efficiency
from catalog import Catalog
from eval import EvalError
from eval.baseline import embed_catalog
from eval.inputs import Features
from eval.run import evaluate_global
from training.errors import TrainingError
from training.fit import Plan

PLAN = Plan(config="small-region", steps=(1, 0), bfloat16=False)
METHODS = [efficiency.FROZEN, efficiency.TRAINED, efficiency.COMPLETED]


def test_every_point_is_made_once_and_kept(
    shop: Catalog, pretrained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "reports" / "labels.json"

    def run(plan: Plan = PLAN, seeds: tuple[int, ...] = (0,)) -> dict[str, object]:
        places = efficiency.Places(out, tmp_path / "runs", str(pretrained))
        grid = efficiency.Grid((0.2, 1.0), pseudo=(0.2,), seeds=seeds)
        return efficiency.efficiency(shop, places, grid, plan, "cpu", lambda line: None)

    real, calls = efficiency.fit, []

    def killed(*args: object) -> object:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(efficiency, "fit", killed)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert [point["method"] for point in json.loads(out.read_text())["points"]] == [efficiency.TRAINED]
    report = run()
    assert len(calls) == 4  # one is not trained again, one is tried again, and one was still to do
    rows = [(point["labels"], point["method"]) for point in report["points"]]
    assert rows == [*((0.2, method) for method in METHODS), *((1.0, method) for method in METHODS[:2])]
    assert all(set(p["map"]) == {"color", "pattern"} and 0 < p["map_plain"] <= 100 for p in report["points"])
    assert run() == report == json.loads(out.read_text())
    assert len(calls) == 4
    with pytest.raises(TrainingError, match="another catalog or plan"):
        run(replace(PLAN, steps=(2, 0)))


def test_without_labels_it_is_global_similarity(shop: Catalog, pretrained: Path, tmp_path: Path) -> None:
    places = efficiency.Places(tmp_path / "out.json", tmp_path, str(pretrained))
    frozen = efficiency._Study(shop, places, "cpu", lambda line: None)
    test = shop.split("test")
    expected = evaluate_global(test, Features(embed_catalog(test, frozen._features)[0]), ["color", "pattern"])
    assert frozen.whole().overall["map_plain"] == pytest.approx(expected.overall["map_plain"], abs=0.01)
    assert frozen.frozen(1.0, 0).overall["map_plain"] > expected.overall["map_plain"]


def test_table_and_chart_show_every_method(tmp_path: Path) -> None:
    points = [
        {"labels": share, "seed": seed, "method": method, "map_plain": 60.0 + 10 * share + seed}
        for method in METHODS
        for share in (0.1, 1.0)
        for seed in (0, 1)
    ]
    report = {"catalog": {"name": "shop"}, "global": {"map_plain": 60.0}, "points": points}
    lines = efficiency.efficiency_summary(report).splitlines()
    assert len(lines) == 7
    trained = next(line for line in lines if line.startswith("     10%  trained  "))
    assert trained.split()[2:] == ["2", "61.50", "61.00", "62.00", "14%"]
    efficiency.draw(report, tmp_path / "new" / "chart.html")
    page = (tmp_path / "new" / "chart.html").read_text()
    assert all(method in page for method in METHODS) and "global similarity" in page
    with pytest.raises(EvalError, match=r"name it \.html"):
        efficiency.draw(report, tmp_path / "chart.xyz")

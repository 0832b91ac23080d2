"""Adaptation on a small drawn problem: it learns, the other attributes stay, too little is refused."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from catalog import Catalog
from eval import load_report
from model import RPF, load, save
from retrieval import Embedder
from tests.training.conftest import small
from training.__main__ import main
from training.adapt.branches import balanced, begin
from training.adapt.cache import cache_features
from training.adapt.division import divide, label_counts, part, shortage, thirds
from training.adapt.extend import extend
from training.adapt.run import Plan, adapt, adapt_summary
from training.adapt.trials import AS_IT_WAS, LeftOut, Way, go
from training.calibrate import solve, with_rows
from training.errors import TrainingError

QUICK = Plan(labels_per_value=14, steps=(30, 6))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights drawn by lot that know `color`, but not green, and `shade`."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("base")
    save(RPF(small({"color": ["red", "blue"], "shade": ["dark", "light"]})), folder)
    return folder


@pytest.fixture(scope="module")
def adapted(shop: Catalog, base: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    out = tmp_path_factory.mktemp("adapted")
    return out, adapt(shop, base, out, QUICK, say=lambda line: None)


def embeddings(weights: Path, catalog: Catalog, attribute: str) -> np.ndarray:
    return Embedder(load(weights), "cpu", precision="float32").embed(map(catalog.open, catalog), [attribute])


def test_new_attributes_and_new_values_are_learnt(adapted, shop: Catalog) -> None:
    out, record = adapted
    assert load(out).config.attributes == {
        "color": ["red", "blue", "green"],
        "shade": ["dark", "light"],
        "pattern": ["solid", "stripe"],
    }
    color, pattern = record["attributes"]["color"], record["attributes"]["pattern"]
    assert pattern["map_after"] > pattern["map_before"] + 20 and pattern["way"] == "learnt"
    assert color["map_after"] >= color["map_before"]
    assert (color["from"], color["training_labels"], pattern["training_labels"]) == ("color", 42, 28)
    assert pattern["from"] in ("color", "shade")
    assert record["held_out"] == {"how": "split test", "items": 12}
    assert record["others"] is None and "color" in adapt_summary(record)


def test_the_others_stay_exactly_as_they_were(adapted, base: Path, shop: Catalog) -> None:
    few = part(shop, np.arange(4))
    assert (embeddings(adapted[0], few, "shade") == embeddings(base, few, "shade")).all()
    before, after = (load_file(folder / "model.safetensors") for folder in (base, adapted[0]))
    assert all((after[name] == value).all() for name, value in before.items() if name != "attributes.weight")


def test_calibrated_weights_are_calibrated_for_what_they_learn(base: Path, shop: Catalog, tmp_path: Path) -> None:
    drawn = np.random.default_rng(0).normal(size=(40, 2, 256)).astype(np.float32)
    row = solve([(torch.nn.functional.normalize(torch.from_numpy(drawn), dim=-1), np.arange(40) % 2)])
    save(with_rows(load(base), {1: row}), tmp_path / "base")
    plan = replace(QUICK, attributes=("pattern",))
    record = adapt(shop, tmp_path / "base", tmp_path / "adapted", plan, say=lambda line: None)
    few, learnt = part(shop, np.arange(4)), load(tmp_path / "adapted").calibration
    assert (embeddings(tmp_path / "adapted", few, "shade") == embeddings(tmp_path / "base", few, "shade")).all()
    pattern = record["attributes"]["pattern"]
    assert not learnt.reads[0].any() and learnt.reads[1].any()
    assert learnt.reads[2].any() == ("calibrated" in pattern["way"])
    assert len(pattern["left_out_map"]) == 4
    assert pattern["map_after"] > pattern["map_before"] + 20


@pytest.mark.parametrize("calibrates", [False, True])
def test_an_attribute_learnt_anew_keeps_no_old_calibration(base: Path, shop: Catalog, calibrates: bool) -> None:
    drawn = np.random.default_rng(0).normal(size=(40, 2, 256)).astype(np.float32)
    row = solve([(torch.nn.functional.normalize(torch.from_numpy(drawn), dim=-1), np.arange(40) % 2)])
    network = with_rows(load(base), {0: row, 1: row})
    few = part(shop, np.flatnonzero(shop.labels("color") >= 0)[:30])
    cached = cache_features(network, few, few.labels("color"))
    fitted = go(network, begin(network, "color"), cached, Way(True, calibrates), (2, 2), 0)
    found = extend(network, "color", ["red", "blue", "green"], fitted, 0.5).calibration
    assert not torch.equal(found.reads[0], row.reads) and bool(found.reads[0].any()) == calibrates
    assert torch.equal(found.reads[1], row.reads)


def test_reports_and_card_say_what_the_record_says(adapted) -> None:
    out, record = adapted
    before, after = (load_report(out / "reports" / f"{name}.json") for name in ("before", "after"))
    for name, row in record["attributes"].items():
        assert (before.attributes[name].map, after.attributes[name].map) == (row["map_before"], row["map_after"])
    assert after.weights["digest"] == load(out).digest
    assert before.weights["digest"] == record["base"]["digest"]
    assert json.loads((out / "training.json").read_text()) == record
    assert f"{after.overall['map_plain']:.2f}" in (out / "README.md").read_text()


def test_adapted_weights_are_adapted_again(adapted, shop: Catalog, tmp_path: Path) -> None:
    plan = Plan(("pattern",), labels_per_value=5, steps=(12, 2), blocks=1)
    record = adapt(shop, adapted[0], tmp_path / "again", plan, say=lambda line: None)
    again = load(tmp_path / "again")
    assert again.config.adapted == ["color", "pattern"]
    assert record["others"]["attributes"] == 2 and 0.9 < record["others"]["least_cosine"] <= 1


def test_what_learning_does_not_help_is_left_as_it_was(base: Path, shop: Catalog, tmp_path: Path) -> None:
    plan = Plan(("color",), labels_per_value=5, steps=(0, 0))
    record = adapt(shop, base, tmp_path / "same", plan, say=lambda line: None)
    assert record["attributes"]["color"]["way"] == "left as it was"
    few = part(shop, np.arange(4))
    assert (embeddings(tmp_path / "same", few, "color") == embeddings(base, few, "color")).all()


def test_beta_moves_only_for_a_clear_gain() -> None:
    flat, peak = np.linspace(50, 50.4, 11), np.eye(11)[4] * 10 + 50
    learnt = Way(learns=True, calibrates=False)
    assert LeftOut({AS_IT_WAS: flat - 1, learnt: flat}).beta(0.3) == 0.3
    found = LeftOut({AS_IT_WAS: flat, learnt: peak})
    assert found.beta(0.3) == 0.4 and found.best == learnt
    found = LeftOut({learnt: flat, AS_IT_WAS: peak})
    assert found.beta(0.9) == 0.4 and found.best == AS_IT_WAS
    assert LeftOut({learnt: peak, AS_IT_WAS: peak}).best == AS_IT_WAS


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (Plan(labels_per_value=4), "at least 5"),
        (Plan(attributes=("collar",)), "it has: color, pattern"),
        (Plan(blocks=2), "between 0 and 1"),
    ],
)
def test_what_cannot_be_done_is_refused(plan: Plan, message: str, shop: Catalog, base: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=message):
        adapt(shop, base, tmp_path, plan, say=lambda line: None)
    assert not list(tmp_path.iterdir())


def test_too_little_to_measure_is_refused(
    shop: Catalog, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = [item for item in shop if item.split == "train" or int(item.id) > 86]
    (tmp_path / "few").mkdir()
    for item in few:
        (tmp_path / "few" / item.image).symlink_to(shop.path(item))
    lines = [f"{item.id},{item.image},{item.split},{item.labels.get('color', '')}" for item in few]
    (tmp_path / "few" / "catalog.csv").write_text("\n".join(["id,image,split,color", *lines]))
    asked = ["adapt", "--catalog", str(tmp_path / "few"), "--weights", str(base), "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", ["training", *asked])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2 and not (tmp_path / "out").exists()
    said = capsys.readouterr()
    assert said.out == "" and "error: too few labels (held out: split test): 'color' needs two" in said.err


def test_weights_are_never_overwritten(shop: Catalog, base: Path) -> None:
    with pytest.raises(TrainingError, match="holds weights already"):
        adapt(shop, base, base, QUICK)


def test_weights_without_patch_branch_are_refused(shop: Catalog, tmp_path: Path) -> None:
    save(RPF(replace(small({"color": ["red"]}), patch_trunk=None)), tmp_path / "region")
    with pytest.raises(TrainingError, match="baseline"):
        adapt(shop, tmp_path / "region", tmp_path / "out", QUICK)


def test_the_held_out_part(shop: Catalog) -> None:
    splits = np.array([item.split for item in shop])
    names = ["color", "pattern"]
    assert (splits[divide(shop, names, 50).held] == "test").all()
    whole = replace(shop, items=tuple(replace(item, split=None) for item in shop))
    division = divide(whole, names, 50)
    assert division.how == "a third drawn by seed"
    for name in names:
        assert not np.intersect1d(division.trained[name], division.held).size
        for trained, held in label_counts(whole, division, name).values():
            assert trained == pytest.approx(2 * held, abs=4)
        assert not shortage(whole, division, name)
    fewer = divide(whole, names, 6)
    assert all(trained == 6 for trained, _ in label_counts(whole, fewer, "color").values())
    assert set(fewer.trained["color"]) < set(division.trained["color"])
    assert np.sort(thirds([np.repeat([0, 1], 6)]).reshape(2, 6)).tolist() == [[0, 0, 1, 1, 2, 2]] * 2


def test_unreadable_images_are_left_out(shop: Catalog) -> None:
    broken = shop.items[1]
    items = tuple(replace(item, image="missing.png") if item is broken else item for item in shop)
    division = divide(replace(shop, items=items), ["color"], 50)
    assert division.unreadable == 1 and 1 not in division.trained["color"]


def test_batches_are_spread_over_the_values() -> None:
    labels = np.repeat([0, 1, 2], [3, 40, 40])
    rows = balanced(labels, np.random.default_rng(0))
    assert np.bincount(labels[rows]).tolist() == [3, 21, 21] and len(set(rows)) == len(rows)

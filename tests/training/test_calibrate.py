"""Calibration: what it solves, that it is stored, and that it leaves alone what it was not asked for."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from catalog import Catalog
from eval.metrics import average_precision, cosine, ranked_relevance
from model import CROP, REGION, RPF, load, save
from retrieval import Embedder
from tests.training.conftest import small
from training import calibrate as calibrating
from training.calibrate import rows_of, sample, solve, with_rows, without
from training.data import Material, read
from training.errors import TrainingError
from training.fit import Plan, Recalibration, fit, recalibrate


def sample_of(rng: np.random.Generator, count: int) -> tuple[torch.Tensor, np.ndarray]:
    """Unit embeddings (count, 16): a mean that all share, a little of their value, more of something else."""
    values = rng.integers(0, 3, count)
    own = np.zeros((count, 16))
    own[:, 0] = 5
    own[np.arange(count), 1 + values] += 0.6
    own[:, 6:] += rng.normal(0, 0.6, (count, 10))
    return F.normalize(torch.from_numpy(own).float(), dim=-1), values


def precision(embeddings: torch.Tensor, values: np.ndarray) -> float:
    scores = cosine(embeddings.numpy(), embeddings.numpy())
    return average_precision(ranked_relevance(scores, values[:, None] == values[None], np.eye(len(values), dtype=bool)))


def test_values_are_told_apart_better_on_items_that_were_not_seen() -> None:
    rng = np.random.default_rng(0)
    row = solve([sample_of(rng, 300)])
    before, values = sample_of(rng, 200)
    after = row.apply(before)
    assert precision(after, values) > precision(before, values) + 0.2
    assert (before.mean(0) - row.centre).abs().max() < 0.05


def test_only_differences_within_a_catalog_count() -> None:
    rng = np.random.default_rng(1)
    one, two = sample_of(rng, 200), sample_of(rng, 200)
    shifted = (F.normalize(two[0] + torch.eye(16)[15] * 3, dim=-1), two[1])
    row = solve([one, shifted])
    between = F.normalize(shifted[0].mean(0) - one[0].mean(0), dim=-1)
    assert (row.axes.T @ between).abs().max() < 0.5
    assert (row.axes.norm(dim=0) > 0.5).sum() == 4  # (3 - 1) values of either


def test_unknown_values_do_not_count() -> None:
    pairs, values = sample_of(np.random.default_rng(2), 100)
    hidden = np.where(np.arange(100) < 20, -1, values)
    assert torch.allclose(solve([(pairs, hidden)]).centre, solve([(pairs[20:], values[20:])]).centre)


@pytest.fixture(scope="module")
def network() -> RPF:
    torch.manual_seed(0)
    plain = RPF(small({"color": ["red", "blue"], "pattern": ["solid"]})).eval()
    torch.manual_seed(3)
    pairs, values = F.normalize(torch.randn(60, 2, 256), dim=-1), np.arange(60) % 4
    return with_rows(plain, {(1, view): solve([(pairs[:, i], values)]) for i, view in enumerate((REGION, CROP))})


def test_calibrations_are_stored_applied_and_taken_off(network: RPF, tmp_path: Path) -> None:
    save(network, tmp_path)
    image, asked = torch.randint(0, 256, (3, 64, 64), dtype=torch.uint8), torch.tensor([1, 0])
    picture = [Image.fromarray(image.permute(1, 2, 0).numpy())]
    with torch.inference_mode():
        plain, stored = without(network)([image], asked), load(tmp_path)([image], asked)
        expected = [network.calibration.row(1, i).apply(own[:, 0]) for i, own in enumerate((plain.region, plain.patch))]
    found = Embedder(load(tmp_path), "cpu", precision="float32").vectors(picture)
    assert load(tmp_path).digest == network.digest != without(network).digest
    assert load(tmp_path).embedding_digest == network.embedding_digest == without(network).embedding_digest
    assert torch.allclose(stored.region, plain.region, rtol=1e-2, atol=1e-2)  # what is raw stays as it is
    assert torch.allclose(torch.from_numpy(found["pattern"]).float(), torch.cat(expected, 1), atol=1e-2)
    raw = torch.cat([F.normalize(own[:, 1], dim=-1) for own in (plain.region, plain.patch)], 1)
    assert torch.allclose(torch.from_numpy(found["color"]).float(), raw, atol=2e-3)  # not calibrated
    assert torch.equal(with_rows(without(network), rows_of(network)).calibration.reads, network.calibration.reads)


def test_fit_calibrates_unless_told_not_to_and_the_recipe_of_the_paper_does_not(
    shop: Catalog, trunks: Path, tmp_path: Path
) -> None:
    plan = Plan(config="small", steps=(1, 0), bfloat16=False)
    changes = {"lapel": {}, "without": {"calibrate": False}, "paper": {"recipe": "paper"}}
    for name, change in changes.items():
        fit([shop], tmp_path / name, trunks, replace(plan, **change), "cpu", lambda line: None)
    axes = [load(tmp_path / name).config.calibration_axes for name in changes]
    assert axes[0] and axes[1:] == [None, None]
    again = replace(
        plan, steps=(1, 0), seed=1
    )  # starts from calibrated weights, and trains what is under the calibration
    fit([shop], tmp_path / "again", tmp_path / "lapel", again, "cpu", lambda line: None)
    assert load(tmp_path / "again").config.calibration_axes


def test_weights_are_calibrated_anew(shop: Catalog, trunks: Path, tmp_path: Path) -> None:
    fit([shop], tmp_path / "one", trunks, Plan(config="small", steps=(1, 1), bfloat16=False), "cpu", lambda line: None)
    record = recalibrate([shop], tmp_path / "one", tmp_path / "two", device="cpu")
    assert record["calibrated_on"] == [shop.digest] and record["plan"]["steps"] == [1, 1]
    kept = torch.cosine_similarity(
        load(tmp_path / "one").calibration.centre, load(tmp_path / "two").calibration.centre, -1
    )
    assert kept.min() > 0.99
    with pytest.raises(TrainingError, match="holds weights already"):
        recalibrate([shop], tmp_path / "one", tmp_path / "two", device="cpu")
    unknown = replace(shop, attributes=tuple(replace(a, name=f"other {a.name}") for a in shop.attributes))
    with pytest.raises(TrainingError, match="teach them with `teach`"):
        recalibrate([unknown], tmp_path / "one", tmp_path / "three", device="cpu")


def test_weights_are_averaged_before(shop: Catalog, trunks: Path, tmp_path: Path) -> None:
    plan = Plan(config="small", steps=(1, 0), bfloat16=False, calibrate=False)
    for seed in (0, 1):
        fit([shop], tmp_path / f"{seed}", trunks, replace(plan, seed=seed), "cpu", lambda line: None)
    both = [tmp_path / "0", tmp_path / "1"]
    record = recalibrate([shop], both[0], tmp_path / "mean", Recalibration((str(both[1]),)), "cpu")
    assert record["averaged"] == [load(one).digest for one in both]
    found = load(tmp_path / "mean")
    states = [load(one).state_dict() for one in both]
    for name, value in states[0].items():
        assert torch.allclose(found.state_dict()[name].double(), (value + states[1][name]).double() / 2, atol=1e-3), (
            name
        )
    assert not torch.equal(states[0]["attributes.weight"], states[1]["attributes.weight"])
    assert found.config.calibration_axes

    torch.manual_seed(0)
    save(RPF(small({"shade": ["dark", "light"]})), tmp_path / "other")
    with pytest.raises(TrainingError, match="differ in attributes or shape"):
        recalibrate([shop], both[0], tmp_path / "mixed", Recalibration((str(tmp_path / "other"),)), "cpu")


def test_rare_values_do_not_fall_out_of_the_sample() -> None:
    labels = np.full((3000, 3), -1)
    labels[:, 0] = np.arange(3000) % 2
    labels[[5, 2900], 1] = 0, 1  # two images in three thousand
    labels[100:120, 2], labels[2500, 2] = 0, 1
    material = Material("shop", [torch.empty(0)] * 3000, labels)
    for seed in range(5):
        rows = sample(material, 100, seed)
        assert len(rows) == len(set(rows)) == 100
        assert {5, 2900, 2500} <= set(rows) and (labels[rows, 2] == 0).sum() >= 8
        assert 30 < (labels[rows, 0] == 0).sum() < 70


def test_what_cannot_be_solved_changes_nothing() -> None:
    own, _ = sample_of(np.random.default_rng(0), 20)
    for values in (np.full(20, -1), np.zeros(20, int)):
        row = solve([(own, values)])
        assert torch.equal(row.apply(own), F.normalize(F.normalize(own, dim=-1), dim=-1))  # only made unit, twice
    known = sample_of(np.random.default_rng(1), 50)
    without_it, with_it = solve([known]), solve([known, (own, np.full(20, -1))])
    assert torch.equal(without_it.centre, with_it.centre) and bool(with_it.centre.isfinite().all())


def test_rare_labels_survive_a_whole_calibration(shop: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibrating, "MOST", 4)
    monkeypatch.setattr(calibrating, "LEAST", 1)
    material = read(shop.split("train"), ["color", "pattern"])
    rare = material.labels.copy()
    rare[:, 1] = -1
    rare[[3, 40], 1] = 0, 1
    torch.manual_seed(0)
    plain = RPF(replace(small({"color": ["a", "b", "c"], "pattern": ["a", "b"]}), patch_trunk=None))
    for seed in range(3):
        found = calibrating.calibrate(plain, [replace(material, labels=rare)], torch.device("cpu"), seed)
        assert bool(found.calibration.centre.isfinite().all()) and bool(found.calibration.reads[1, 0].any())


def test_calibrated_weights_say_nothing_that_was_measured_of_the_old(
    shop: Catalog, trunks: Path, tmp_path: Path
) -> None:
    fit([shop], tmp_path / "old", trunks, Plan(config="small", steps=(1, 0), bfloat16=False), "cpu", lambda line: None)
    record = json.loads((tmp_path / "old" / "training.json").read_text())
    figures = {"split": "test", "map_plain": 77.7, "map_region": 70.0, "map_patch": None, "chance_map": 30.0}
    measured = {"results": {"shop": figures}, "distilled": {"kept": 1}, "attributes": {"color": {"map_after": 77.7}}}
    kept = {"name": "Shop weights", "terms": "For the shop.", "data": [dict.fromkeys(("name", "source", "terms"), "s")]}
    kept["data"][0]["images"] = 54
    (tmp_path / "old" / "training.json").write_text(json.dumps(record | measured | kept))
    recalibrate([shop], tmp_path / "old", tmp_path / "new", device="cpu", say=lambda line: None)
    found = json.loads((tmp_path / "new" / "training.json").read_text())
    assert not set(measured) & set(found) and {key: found[key] for key in kept} == kept
    assert found["plan"] == record["plan"] and found["valid"] != {}
    card = (tmp_path / "new" / "README.md").read_text()
    assert "77.7" not in card and "license: other" in card and "For the shop." in card

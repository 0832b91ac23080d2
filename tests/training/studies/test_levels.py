"""What stated chances are worth: the same chances as the app states, and what the report says of them."""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from catalog import Attribute, Catalog, Item, load_catalog
from eval import brier
from model import APPLICABILITY, FIRST, GENERAL, REGION, RPF, MatchMap, derivation, load, save
from retrieval import Embedder, EngineOptions, ItemSource, Query, Term, open_engine
from tests.training.conftest import small
from training.__main__ import main
from training.parts import PARTS
from training.studies.levels import (
    Hits,
    first_hits,
    first_hits_by_labels,
    levels_summary,
    measure_levels,
    untaught,
    worth,
)

MIX = (0.5, 0.0, 0.2, 0.3)
HOME = (0.3, 0.6)
MAP = MatchMap((-0.5, 0.2, 0.6), (0.05, 0.5, 0.9), HOME, (0.45, 0.18, 0.27, 0.1), 0.5)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn by lot: color has a reading and a map, coat_length can be hidden, pattern has neither."""
    torch.manual_seed(4)
    config = small(
        {"color": ["red", "blue", "green"], "pattern": ["solid", "stripe"], "coat_length": ["long", "short"]}
    )
    config = replace(config, region_trunk="test_resnet", dim=192, general_trunk="test_vit", general_size=160)
    config = replace(config, views=(REGION, "whole"), calibration_axes=2, mix=MIX, reading=0.1, applicability=0.4)
    network = RPF(replace(config, matches={"color": MAP.to_json()})).eval()
    for part in (network.calibration, network.general_calibration, network.readout, network.applicability):
        for buffer in part.buffers():
            buffer.copy_(torch.randn_like(buffer) / 8)
    network.applicability.weight[:2], network.applicability.bias[:2] = 0, 0
    network.applicability.bias[2] = 0.1
    folder = tmp_path_factory.mktemp("weights")
    save(network, folder)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def test_chances_are_those_that_the_app_states(shop: Catalog, weights: Path, home: Path) -> None:
    """Of a catalog that holds the same pictures alone; every labelled item asks, and counts its first labelled hits."""
    embedder = Embedder(load(weights), "cpu")
    unlabelled = replace(shop, attributes=(), items=tuple(replace(item, labels={}) for item in shop))
    engine = open_engine(unlabelled, embedder, home, ["color"])
    values = shop.labels("color")
    own = derivation(embedder.model, "color")
    found = first_hits(own, [np.asarray(engine.table.column(column)) for column in own.needs], values)
    assert found is not None and found.queries == (values >= 0).sum() == 80
    stated, shared = [], []
    for item in shop:
        if "color" not in item.labels:
            continue
        hits = engine.search(Query((Term("color", ItemSource(item.id)),)), len(shop), exclude=[item.id])
        known = [hit for hit in hits if "color" in shop.item(hit.id).labels][:FIRST]
        stated += [hit.chances["color"] for hit in known]
        shared += [shop.item(hit.id).labels["color"] == item.labels["color"] for hit in known]
    engine.close()
    assert len(stated) == len(found.chances) == 80 * FIRST and np.std(stated) > 0.05
    np.testing.assert_allclose(found.chances, stated, atol=2e-3)
    assert np.mean(found.shared == shared) > 0.99, "hits of about the same score may change places"


def test_without_a_map_of_its_mix_or_anybody_who_asks_nothing_is_measured(weights: Path) -> None:
    network = load(weights)
    own, bare = derivation(network, "color"), derivation(network, "pattern")
    rng = np.random.default_rng(0)
    raw = [rng.normal(size=(6, 64 if column.view == GENERAL else 192)) for column in own.needs]
    labels = np.array([0, 1, 0, 1, -1, 0])
    assert first_hits(own, raw, labels) is not None
    assert first_hits(bare, raw, labels) is None
    assert first_hits(replace(own, mix={**own.mix, REGION: 0.1}), raw, labels) is None
    assert first_hits(own, raw, np.array([0, -1, -1, -1, -1, -1])) is None


def test_worth_is_against_each_attributes_own_rate() -> None:
    """Chances that are the rate of their attribute have no skill, though they tell attributes apart."""
    rng = np.random.default_rng(0)
    shared = [rng.random(400) < 0.2, rng.random(600) < 0.7]
    flat = [Hits(np.full(len(own), own.mean()), own, 8) for own in shared]
    found = worth(flat)
    assert found["skill"] == 0 and found["ece"] < 1e-3 and found["queries"] == 16 and found["pairs"] == 1000
    together = np.concatenate(shared)
    assert found["base_rate"] == pytest.approx(together.mean(), abs=1e-4)
    sharp = [Hits(np.where(own, 0.9, 0.3), own, 8) for own in shared]
    chances = np.concatenate([one.chances for one in sharp])
    constant = brier(np.concatenate([one.chances for one in flat]), together)
    assert worth(sharp)["skill"] == pytest.approx(1 - brier(chances, together) / constant, abs=1e-4)
    assert worth(sharp)["ece"] == pytest.approx(np.abs(chances - together).mean(), abs=2e-3)


def test_pictures_that_were_trained_on_are_not_judged(tmp_path: Path) -> None:
    for name, shade in {"a": 10, "b": 10, "c": 200, "d": 90}.items():
        Image.new("L", (4, 4), shade).save(tmp_path / f"{name}.png")
    splits = {"a": "train", "b": "test", "c": "test", "d": "train"}
    items = tuple(Item(id, f"{id}.png", split) for id, split in splits.items())
    verdicts: Mapping[str, dict[str, bool]] = {id: {"coat": True} for id in "bcd"}
    assert set(untaught(Catalog(tmp_path, "m", items), verdicts)) == {"c"}


def worn(shop: Catalog, root: Path) -> Catalog:
    """The shop with coats on blue squares, pixel masks that say the same, and a file of verdicts."""
    items = []
    for item in shop:
        blue = item.labels.get("color") == "blue"
        Image.fromarray(np.full((8, 8), 1 if blue else 2, np.uint8)).save(root / f"{item.id}.mask.png")
        labels = {**item.labels, "coat_length": "long" if blue else "invisible"}
        items.append(replace(item, labels=labels, columns={"mask": str(root / f"{item.id}.mask.png")}))
    (shop.root / "labels.json").write_text(json.dumps(["null", "coat", "jeans"]))
    rows = [f"street,{item.id},{int(item.labels.get('color') == 'blue')}" for item in shop.split("test")]
    (root / "judged.csv").write_text(
        "\n".join(
            [
                "catalog,id,coat," + ",".join(p for p in PARTS if p != "coat"),
                *(row + "," * (len(PARTS) - 1) for row in rows),
            ]
        )
    )
    attributes = (*shop.attributes, Attribute("coat_length", ("invisible", "long")))
    return replace(shop, items=tuple(items), attributes=attributes)


def test_the_report_of_two_catalogs(shop: Catalog, weights: Path, home: Path, tmp_path: Path) -> None:
    catalog = worn(shop, tmp_path)
    given = {"street": catalog, "masks": catalog}
    report = measure_levels(given, tmp_path / "judged.csv", weights, home, "cpu")
    assert list(report["match"]) == ["street"] and list(report["match"]["street"]["attributes"]) == ["color"]
    row = report["match"]["street"]["all"]
    asked = sum("color" in item.labels for item in shop.split("test"))
    assert row["queries"] == asked and row["pairs"] == asked * (asked - 1)
    assert row == report["match"]["street"]["attributes"]["color"]
    seen = report["applicability"]["seen"]
    assert report["applicability"]["threshold"] == 0.4 and list(seen) == ["judged, street", "judged", "masks"]
    assert seen["judged"] == seen["judged, street"] and seen["judged"]["pictures"] == 12
    blue = sum(item.labels.get("color") == "blue" for item in shop)
    assert seen["masks"]["parts"]["coat"][1:] == [blue, 90 - blue] and seen["masks"]["pictures"] == 90
    assert seen["masks"]["base_rate"] == 0.5 and seen["masks"]["parts"]["coat"][0] == seen["masks"]["pooled"]
    embedder = Embedder(load(weights), "cpu")
    table = open_engine(catalog, embedder, home, [], options=EngineOptions(columns=APPLICABILITY)).table
    own = embedder.derivation("coat_length").seen
    assert own is not None
    chance = own.chance(*(table.column(column) for column in APPLICABILITY))
    there = np.array([item.labels.get("color") == "blue" for item in catalog])
    ahead = chance[there][:, None] > chance[~there]
    assert seen["masks"]["pooled"] == pytest.approx(ahead.mean(), abs=1e-3)
    assert seen["masks"]["missed"] == pytest.approx((chance[there] < 0.4).mean(), abs=1e-4)
    lines = levels_summary(report).splitlines()
    assert lines[1].startswith("street color") and lines[2].startswith("street all") and len(lines) == 10


def test_the_command_writes_the_report(
    shop: Catalog,
    weights: Path,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of weights that say nothing of what can be seen: match levels alone."""
    network = load(weights)
    network.config = replace(network.config, applicability=None)
    bare = RPF(network.config)
    bare.load_state_dict({key: value for key, value in network.state_dict().items() if not key.startswith("applic")})
    save(bare, tmp_path / "weights")
    flags = {"weights": tmp_path / "weights", "field": shop.root, "home": home, "out": tmp_path / "report.json"}
    command = ["training", "levels", "--device", "cpu", *(str(x) for k, v in flags.items() for x in (f"--{k}", v))]
    monkeypatch.setattr(sys, "argv", command)
    main()
    report = json.loads((tmp_path / "report.json").read_text())
    assert set(report["match"]) == {"field"} and report["applicability"] == {"threshold": None, "seen": {}}
    assert report["catalogs"] == {"field": load_catalog(shop.root).digest}
    assert capsys.readouterr().out.splitlines() == levels_summary(report).splitlines()


def test_a_map_of_half_of_the_labels_holds_on_the_other_half(shop: Catalog, weights: Path) -> None:
    """Colours that the first column tells apart, with as many pictures as it takes."""
    own = derivation(load(weights), "color")
    rng = np.random.default_rng(0)
    values = rng.integers(0, 3, 260)
    raw = []
    for width in [section.width for section in own.sections if section.unit]:
        part = rng.normal(0, 0.3, (260, width)).astype(np.float32)
        part[np.arange(260), values] += 1
        raw.append(part / np.linalg.norm(part, axis=1, keepdims=True))
    assert len(raw) == len(own.needs)
    found = first_hits_by_labels(own, raw, values)
    assert found is not None and found.queries == 130 and len(found.shared) == 130 * FIRST
    assert abs(found.chances.mean() - found.shared.mean()) < 0.06
    assert first_hits_by_labels(own, raw, np.where(np.arange(260) < 150, values, -1)) is None

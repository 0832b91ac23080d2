"""Teaching from a catalog's own column, and what app and commands make of the file."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import timm
import torch

from catalog import Catalog, load_catalog
from eval.__main__ import main as evaluate
from model import GENERAL, RPF, Column, load, save
from retrieval import Embedder, EngineOptions, ItemSource, Query, Term, open_engine, taught_folders, with_taught
from retrieval.__main__ import main as retrieve
from tests.training.conftest import small
from training.__main__ import main as train
from training.adapt import Asked, Given, Need, Pair, bank, build_bank, teach_catalog, teach_given
from training.adapt.given import learnt_from, own_labels
from training.errors import TrainingError


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn by lot; they know color and shade, and have a general view."""
    torch.manual_seed(0)
    config = small({"color": ["red", "blue", "green"], "shade": ["dark", "light"]})
    network = RPF(replace(config, general_trunk="vit_tiny_patch16_224", general_size=224))
    network.general.load_state_dict(timm.create_model("vit_tiny_patch16_224", num_classes=0).state_dict())
    folder = tmp_path_factory.mktemp("weights")
    save(network, folder)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def embedder(weights: Path) -> Embedder:
    return Embedder(load(weights), "cpu")


@pytest.fixture
def own_shop(shop: Catalog, tmp_path: Path) -> Catalog:
    """A copy, so that what is kept beside it is forgotten."""
    shutil.copytree(shop.root, tmp_path / "shop")
    return load_catalog(tmp_path / "shop")


@pytest.fixture
def run(own_shop: Catalog, weights: Path, home: Path, monkeypatch, capsys):
    """Runs a command on the shop; gives what it printed."""
    for name, value in {"HOME": home, "WEIGHTS": weights, "DEVICE": "cpu"}.items():
        monkeypatch.setenv(f"LAPEL_{name}", str(value))

    def call(main, command: str, *arguments: str) -> tuple[str, str]:
        monkeypatch.setattr(sys, "argv", ["lapel", command, "--catalog", str(own_shop.root), *arguments])
        capsys.readouterr()
        main()
        printed = capsys.readouterr()
        return printed.out, printed.err

    return call


def test_taught_then_searched_by_and_measured(run, own_shop: Catalog) -> None:
    record = json.loads(run(train, "teach", "--attribute", "Pattern", "--json")[0])
    path = own_shop.root / "taught" / "pattern.safetensors"
    assert record["file"] == str(path) and path.stat().st_size < 50_000
    learnt = [item for item in own_shop if item.split != "test" and "pattern" in item.labels]
    assert sum(record["labels"].values()) == len(learnt) == record["queries"]
    assert record["bank"] == 4 and record["bytes_per_item"] == 2 * (192 + 4 * 256)
    assert record["gain"]["low"] <= record["gain"]["mean"] <= record["gain"]["high"] and record["map"] > 60
    hits = json.loads(run(retrieve, "search", "--attribute", "pattern", "--item", "80", "--json")[0])["hits"]
    assert hits[0]["score"] > 0.5
    out, err = run(lambda: evaluate(sys.argv[1:]), "run", "--attributes", "pattern", "--split", "test", "--json")
    figures = json.loads(out)["attributes"]["pattern"]
    assert figures["map"] > figures["chance_map"] + 5 and "left out a taught" not in err
    assert not load_catalog(own_shop.root).warnings


def test_the_summary_says_what_it_is_worth_and_costs(run) -> None:
    out, _ = run(train, "teach", "--attribute", "color", "--labels-per-value", "4")
    assert out.startswith("12 labels of 3 values, read from: ")
    for said in ("global similarity", "P@12", "gain ", "bytes an item", "taught in", "kept in"):
        assert said in out


def test_an_embedder_with_a_reading_of_a_known_name(own_shop: Catalog, embedder: Embedder, home: Path) -> None:
    before = embedder.derivation("color").digest
    reading, _ = teach_catalog(own_shop, embedder, "color", home, Asked(8))
    said: list[str] = []
    taught = with_taught(embedder, own_shop, home, said.append)
    assert taught.attributes == ["color", "shade"] and taught.derivation("color").digest == reading.digest != before
    assert embedder.derivation("color").digest == before and not said
    assert taught.values["color"] == reading.values and taught.digest == embedder.digest
    engine = open_engine(own_shop, taught, home)
    assert engine.attributes == ["color"] or "color" in engine.attributes
    hits = engine.search(Query((Term("color", ItemSource("60")),)), 5, exclude=["60"])
    assert len(hits) == 5 and reading.match is not None and all("color" in hit.chances for hit in hits)
    picture = own_shop.open(own_shop.item("60"))
    assert taught.explain(picture, "color").attention.shape == (7, 7)


def test_no_image_is_embedded_again_once_the_bank_is_there(
    own_shop: Catalog, embedder: Embedder, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(own_shop, embedder, home, ["color"], options=EngineOptions(columns=bank(embedder)[:1]))
    build_bank(engine, embedder)
    monkeypatch.setattr(embedder, "embed", lambda *arguments: pytest.fail("the network was asked"))
    assert build_bank(engine, embedder) < 1
    readings = []
    for name in ("color", "pattern"):
        found = teach_given(engine, embedder, name, own_labels(own_shop, name), home, Asked(6))
        assert found.reading is not None
        readings.append(found.reading)
    taught = embedder.with_readings(readings)
    again = open_engine(own_shop, taught, home, ["pattern", "color"])
    assert again.search(Query((Term("pattern", ItemSource("3")),)))[0].id
    again.update(own_shop, look=True)
    again.embed()
    assert again.table.has(bank(embedder))


def test_teaching_begins_before_the_bank_is_there(own_shop: Catalog, embedder: Embedder, tmp_path: Path) -> None:
    reading, _ = teach_catalog(own_shop, embedder, "pattern", tmp_path / "home", Asked(8, general_only=True))
    assert reading.parts == (Column("", GENERAL),) and reading.record["bytes_per_item"] == 2 * 192
    with pytest.raises(ValueError, match="as a whole; there is no part"):
        embedder.with_readings([reading]).explain(own_shop.open(own_shop.items[0]), "pattern")


def test_labels_given_by_hand_teach_an_attribute_that_the_catalog_does_not_have(
    own_shop: Catalog, embedder: Embedder, home: Path
) -> None:
    engine = open_engine(own_shop, embedder, home, ["color"])
    shown = [item for item in own_shop if item.split != "test" and "color" in item.labels]
    labels = {item.id: "warm" if item.labels["color"] == "red" else "cold" for item in shown[:50]}
    at_random = [item.id for item in shown[20:50]]
    pairs = [Pair(shown[0].id, shown[60].id, True), Pair(shown[60].id, shown[0].id, False)]
    pairs += [Pair(shown[1].id, shown[62].id, True), Pair(shown[1].id, "gone", True)]
    given = Given({**labels, "gone too": "warm"}, ("cold", "warm"), pairs, at_random)
    steps: list[tuple[int, int]] = []
    taught = teach_given(engine, embedder, "warmth", given, home, progress=lambda *step: steps.append(step))
    assert taught.values == ("cold", "warm") and sum(taught.labels.values()) == 51 and taught.contradicting == 2
    assert taught.quality is not None and taught.unmeasured == 0
    assert taught.quality.queries == 30 and taught.quality.low <= taught.quality.map <= taught.quality.high
    assert taught.quality.map > taught.quality.chance
    found = with_taught(embedder, own_shop, home, pytest.fail)
    assert "warmth" in found.attributes and taught.path == own_shop.root / "taught" / "warmth.safetensors"
    again = open_engine(own_shop, found, home, ["warmth"])
    assert again.search(Query((Term("warmth", ItemSource(shown[0].id)),)), 3)
    few = teach_given(engine, embedder, "warmth", replace(given, at_random=at_random[:5]), home)
    assert few.quality is None and few.unmeasured == 16 and few.reading is not None


def test_too_few_labels_are_told_and_keep_nothing(own_shop: Catalog, embedder: Embedder, home: Path) -> None:
    engine = open_engine(own_shop, embedder, home, ["color"])
    taught = teach_given(engine, embedder, "fit", Given({"0": "slim", "1": "slim", "2": "wide"}), home)
    assert taught.reading is None and taught.path is None and taught.quality is None and taught.unmeasured == 20
    assert taught.needs == (Need("wide", 4), Need("slim", 3))
    none = teach_given(engine, embedder, "fit", Given({"0": "slim"}), home)
    assert none.needs == (Need("", 5), Need("slim", 4))
    assert not (own_shop.root / "taught").exists()


def test_nothing_is_learnt_from_test_unless_it_is_all_there_is(shop: Catalog) -> None:
    labels = shop.labels("color")
    given = learnt_from(shop, labels, 5, 0)
    assert np.bincount(given[given >= 0]).tolist() == [5, 5, 5]
    assert (given[[item.split == "test" for item in shop]] == -1).all()
    assert np.array_equal(learnt_from(shop, labels, 5, 0), given)
    last = shop.split("test")
    assert (learnt_from(last, last.labels("color"), None, 0) == last.labels("color")).all()
    with pytest.raises(TrainingError, match="labels-per-value 1 is too little"):
        learnt_from(shop, labels, 1, 0)


def test_of_other_weights_or_no_file_of_ours(own_shop: Catalog, embedder: Embedder, home: Path) -> None:
    reading, path = teach_catalog(own_shop, embedder, "color", home, Asked(8))
    replace(reading, record={**reading.record, "weights": "others"}).save(path)
    path.with_name("damaged.safetensors").write_bytes(b"nothing")
    said: list[str] = []
    assert with_taught(embedder, own_shop, home, said.append) is embedder
    assert [line.count("\n") for line in said] == [0, 0]
    assert "'color' was taught with other weights" in said[0] and "damaged.safetensors is no taught" in said[1]


def test_a_catalog_that_cannot_be_written_has_its_files_at_home(
    own_shop: Catalog, embedder: Embedder, home: Path, tmp_path: Path
) -> None:
    (own_shop.root / "taught").write_text("in the way")
    _, path = teach_catalog(own_shop, embedder, "color", home, Asked(8))
    assert path.is_relative_to(home / "taught") and path.parent == taught_folders(own_shop, home)[1]
    assert with_taught(embedder, own_shop, home, pytest.fail).readings
    unpacked = replace(own_shop, root=home / "catalogs" / "shop")
    assert [folder.is_relative_to(home / "taught") for folder in taught_folders(unpacked, home)] == [True]
    _, chosen = teach_catalog(own_shop, embedder, "color", home, Asked(8), tmp_path / "mine.safetensors")
    assert chosen.exists() and chosen.parent == tmp_path


def test_weights_without_a_general_view_are_refused() -> None:
    with pytest.raises(TrainingError, match="no general view"):
        bank(Embedder(RPF(small({"color": []})), "cpu"))

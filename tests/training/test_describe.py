"""Sources and terms in the record and the model card; what cannot be completed is refused in one line."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from catalog import Catalog
from eval import Features, evaluate_global, load_report, save_report
from model import RPF, load, save
from tests.training.conftest import small
from training.describe import describe
from training.errors import TrainingError


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    file = tmp_path / "sources.json"
    known = {"shop": {"source": "our own photographs", "terms": "ours"}}
    file.write_text(json.dumps({"name": "Shop weights", "terms": "For the shop.", "catalogs": known}))
    return file


def weights(folder: Path, record: dict[str, Any]) -> Path:
    torch.manual_seed(0)
    save(RPF(small({"color": ["blue", "red"]})), folder, record)
    return folder


def test_sources_and_terms_are_added(tmp_path: Path, sources: Path) -> None:
    folder = weights(tmp_path / "weights", {"catalogs": [{"name": "shop", "train_images": 54}]})
    describe(folder, sources, [])
    record = json.loads((folder / "training.json").read_text())
    assert record["name"] == "Shop weights" and record["data"][0]["terms"] == "ours"
    card = (folder / "README.md").read_text()
    assert "| shop | 54 | our own photographs | ours |" in card and "For the shop." in card


def reports_of(folder: Path, catalog: Catalog, digest: str) -> list[Path]:
    """A report of weights with this digest, and that of global similarity on the same queries, as files."""
    vectors = np.random.default_rng(0).standard_normal((len(catalog), 5))
    flat = evaluate_global(catalog, Features(vectors), ["color"])
    own = replace(flat, method="RPF", weights={"digest": digest}, protocol={**flat.protocol, "twins_left_out": 3})
    own = replace(own, overall={**own.overall, "map_plain": 51.5, "map_by_view_plain": {"whole": 50.5}})
    paths = [folder / "own.json", folder / "global.json"]
    for report, path in zip((own, flat), paths, strict=True):
        save_report(report, path)
    return paths


def test_results_stand_beside_global_similarity_on_the_same_queries(
    tmp_path: Path, sources: Path, shop: Catalog
) -> None:
    folder = weights(tmp_path / "weights", {"catalogs": [{"name": "shop", "train_images": 54}]})
    paths = reports_of(tmp_path, replace(shop.split("test"), name="stranger"), load(folder).digest)
    record = describe(folder, sources, paths)
    flat = load_report(paths[1])
    found = record["results"]["stranger"]
    assert (found["map_plain"], found["map_global"], found["map_by_view"]) == (
        51.5,
        flat.overall["map_plain"],
        {"whole": 50.5},
    )
    assert found["p12_global"] == found["p12"] == flat.overall["p12_plain"] and found["twins_left_out"] == 3
    card = (folder / "README.md").read_text()
    assert "No image of these was trained on: stranger." in card and "3 of stranger" in card
    assert f"| stranger | test | 51.50 | {flat.overall['map_plain']:.2f} | 50.50 |" in card


def test_reports_of_others_and_without_a_baseline_are_refused(tmp_path: Path, sources: Path, shop: Catalog) -> None:
    folder = weights(tmp_path / "weights", {"catalogs": [{"name": "shop", "train_images": 54}]})
    own, flat = reports_of(tmp_path, shop.split("test"), load(folder).digest)
    with pytest.raises(TrainingError, match="no report of global similarity asks what"):
        describe(folder, sources, [own])
    save_report(replace(load_report(flat), seed=9), flat)
    with pytest.raises(TrainingError, match="no report of global similarity asks what"):
        describe(folder, sources, [own, flat])
    reports_of(tmp_path, shop.split("test"), "0" * 64)
    with pytest.raises(TrainingError, match="a report of other weights"):
        describe(folder, sources, [own, flat])


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({}, "does not say which catalogs"),
        ({"catalogs": [{"name": "street", "train_images": 2}]}, "says nothing of the catalog 'street'"),
    ],
)
def test_what_is_not_known_is_refused(record: dict[str, Any], reason: str, tmp_path: Path, sources: Path) -> None:
    folder = weights(tmp_path / "weights", record)
    with pytest.raises(TrainingError, match=reason):
        describe(folder, sources, [])

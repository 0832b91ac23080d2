"""Sources and terms in the record and the model card; what cannot be completed is refused in one line."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from model import RPF, save
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

"""The model card: front matter that the Hub can read, whatever a catalog is called."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import ModelCard

from model import CONFIGS
from model.card import card
from model.config import Config

FIGURES = {"map_plain": 71.234, "map_region": 70.0, "map_patch": None, "chance_map": 30.0}
CONFIG = CONFIGS["tiny"]({"color": ["red", "blue"]})
EMBEDDED = Path(__file__).parents[2] / "assets" / "weights" / "rpf-tiny"


def read(config: Config, record: dict[str, Any], folder: Path) -> ModelCard:
    """The card as the Hub's own library reads it from a file."""
    (folder / "README.md").write_text(card(config, record), encoding="utf-8")
    return ModelCard.load(folder / "README.md")


@pytest.mark.parametrize("name", ["coats, winter: 2026", "no", "2026", "冬のコート", 'a "quoted" | # name', "- x"])
def test_results_become_a_model_index_of_any_name(name: str, tmp_path: Path) -> None:
    record = {"name": name, "results": {name: {"split": "held out (a third)", **FIGURES}}, "terms": "research"}
    found = read(CONFIG, record, tmp_path)
    (result,) = found.data.eval_results
    assert (result.dataset_name, result.dataset_split) == (name, "held out (a third)")
    assert re.fullmatch(r"[\w.-]+", result.dataset_type, re.ASCII)
    assert (result.task_type, result.metric_type, result.metric_value) == ("image-retrieval", "map", 71.23)
    assert (found.data.model_name, found.data.license, found.data.library_name) == (name, "other", "lapel")
    cell = name.replace("|", "\\|")
    assert f"| {cell} | held out (a third) | 71.23 | 70.00 | – | 30.00 |" in found.text


def test_without_results_there_is_no_model_index(tmp_path: Path) -> None:
    found = read(CONFIG, {}, tmp_path)
    assert found.data.eval_results is None and "model-index" not in found.content
    assert found.data.license == "apache-2.0" and found.data.tags[0] == "fashion-retrieval"
    assert "## Results" not in found.text and "| color | 0.3 | red, blue |" in found.text


def test_the_text_says_what_the_weights_are() -> None:
    assert "embeddings of 2 x 256, β 0.3" in card(CONFIG)
    assert "Calibrated" not in card(CONFIG) and "Calibrated" in card(replace(CONFIG, calibration_axes=32))
    region = card(replace(CONFIG, patch_trunk=None))
    assert "embeddings of 256, of the region branch alone" in region and "| color | 1 | red, blue |" in region


def test_the_card_of_the_embedded_weights_is_what_its_record_gives() -> None:
    record = json.loads((EMBEDDED / "training.json").read_text(encoding="utf-8"))
    config = Config(**json.loads((EMBEDDED / "config.json").read_text(encoding="utf-8")))
    text = (EMBEDDED / "README.md").read_text(encoding="utf-8")
    assert text == card(config, record)
    figures = {r.dataset_name: r.metric_value for r in ModelCard(text).data.eval_results}
    assert figures == {name: round(result["map_plain"], 2) for name, result in record["results"].items()}

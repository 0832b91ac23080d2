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
    assert f"| {cell} | held out (a third) | 71.23 | 70.00 | 30.00 |" in found.text


NEW = {
    "split": "test",
    "map_plain": 60.0,
    "map_global": 62.0,
    "chance_map": 14.8,
    "map_by_view": {"region": 33.0, "whole": 61.9},
    "p12": 70.5,
    "ceiling_p12": 98.0,
    "twins_left_out": 0,
}


def test_results_stand_beside_global_similarity_and_a_mixture_below_it_or_a_view_says_so(tmp_path: Path) -> None:
    home = {**NEW, "map_plain": 80.0, "map_by_view": {"region": 77.0}, "twins_left_out": 7}
    record = {
        "results": {"street": home, "field": NEW},
        "data": [{"name": "street", "images": 2, "source": "s", "terms": "t"}],
    }
    text = read(CONFIG, record, tmp_path).text
    head = (
        "| catalog | split | MAP % (plain mean) | global similarity | region | whole | chance | P@12 | P@12 at most |"
    )
    assert head in text
    assert "| street | test | 80.00 | 62.00 | 77.00 | – | 14.80 | 70.50 | 98.00 |" in text
    assert "| field | test | 60.00 | 62.00 | 33.00 | 61.90 | 14.80 | 70.50 | 98.00 |" in text
    assert "No image of these was trained on: field." in text
    assert "On field, MAP is below that of global similarity (62.00), whole (61.90)." in text
    assert "On street" not in text
    assert "Images with a byte-identical twin in another split, left out: 7 of street." in text


def test_a_record_from_before_has_figures_of_region_and_patch(tmp_path: Path) -> None:
    former = {"split": "test", "map_plain": 71.0, "map_region": 70.0, "map_patch": 69.0, "chance_map": 30.0}
    text = read(CONFIG, {"results": {"shop": former}}, tmp_path).text
    assert "| catalog | split | MAP % (plain mean) | region | patch | chance |" in text
    assert "| shop | test | 71.00 | 70.00 | 69.00 | 30.00 |" in text
    assert "trained on" not in text and "below" not in text


def test_without_results_there_is_no_model_index(tmp_path: Path) -> None:
    found = read(CONFIG, {}, tmp_path)
    assert found.data.eval_results is None and "model-index" not in found.content
    assert found.data.license == "apache-2.0" and found.data.tags[0] == "fashion-retrieval"
    assert "## Results" not in found.text and "| color | region 0.3, crop 0.7 | red, blue |" in found.text


def test_the_text_says_what_the_weights_are() -> None:
    assert "embeddings of 2 x 256, β 0.3" in card(CONFIG)
    assert "Calibrated" not in card(CONFIG) and "Calibrated" in card(replace(CONFIG, calibration_axes=32))
    region = card(replace(CONFIG, patch_trunk=None))
    assert "embeddings of 256, of the region branch alone" in region and "| color | region 1 | red, blue |" in region


def test_the_card_of_the_embedded_weights_is_what_its_record_gives() -> None:
    record = json.loads((EMBEDDED / "training.json").read_text(encoding="utf-8"))
    config = Config(**json.loads((EMBEDDED / "config.json").read_text(encoding="utf-8")))
    text = (EMBEDDED / "README.md").read_text(encoding="utf-8")
    assert text == card(config, record)
    figures = {r.dataset_name: r.metric_value for r in ModelCard(text).data.eval_results}
    assert figures == {name: round(result["map_plain"], 2) for name, result in record["results"].items()}

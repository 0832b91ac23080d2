"""The model card: front matter that the Hub can read, whatever a catalog is called."""

from dataclasses import replace

from huggingface_hub import ModelCard

from model import CONFIGS
from model.card import card


def test_results_become_a_model_index_of_any_name() -> None:
    figures = {"map_plain": 71.234, "map_region": 70.0, "map_patch": None, "chance_map": 30.0}
    record = {"results": {"coats, winter: 2026": {"split": "held out (a third)", **figures}}, "terms": "research"}
    config = CONFIGS["tiny"]({"color": ["red", "blue"]})
    text = card(config, record)
    results = ModelCard(text).data.eval_results
    assert [(r.dataset_name, r.metric_value) for r in results] == [("coats, winter: 2026", 71.23)]
    assert "| coats, winter: 2026 | held out (a third) | 71.23 | 70.00 | – | 30.00 |" in text
    assert "Calibrated" not in text and "Calibrated" in card(replace(config, calibration_axes=32), record)
    assert "| color | 0.3 | red, blue |" in text

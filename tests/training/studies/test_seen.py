import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from catalog import Catalog, Item
from training.applicability import as_rows, auc
from training.parts import PARTS
from training.studies.seen import base_rates, measure, of_masks

NAMES = ["coat_length", "color", "pant_length"]


def _row(**parts: bool) -> dict[str, bool]:
    return parts


def test_measure_against_the_base_rate() -> None:
    parts = as_rows([_row(coat=True, trousers=False), _row(coat=False, trousers=True), _row(coat=False)])
    chance = np.array([[0.9, 1, 0.3], [0.4, 1, 0.8], [0.6, 1, 0.1]], np.float32)
    rates = np.full(len(PARTS), 0.5)
    rates[list(PARTS).index("trousers")] = 0.7
    seen = measure(chance, parts, NAMES, rates, threshold=0.5)
    there = np.array([True, False, False, True, False])
    assert seen.pooled == auc(np.array([0.9, 0.3, 0.4, 0.8, 0.6]), there) == 1
    assert seen.base_rate == auc(np.array([0.5, 0.7, 0.5, 0.7, 0.5]), there)
    assert seen.parts == {"coat": (1.0, 1, 2), "trousers": (1.0, 1, 1)}
    assert (
        seen.mean == seen.parts_mean == 1
        and seen.pictures == 3
        and seen.missed == 0
        and seen.hidden == pytest.approx(2 / 3)
    )


def test_interval_holds_the_figure_and_is_the_same_again() -> None:
    rng = np.random.default_rng(0)
    there = rng.random(60) < 0.5
    parts = as_rows([_row(coat=bool(one)) for one in there])
    chance = np.clip(there[:, None] * 0.3 + rng.random((60, 3)) * 0.7, 0, 1).astype(np.float32)
    rates = np.full(len(PARTS), 0.5)
    seen = measure(chance, parts, NAMES, rates, 0.5)
    low, high = seen.interval
    assert 0.5 < low < seen.pooled < high <= 1
    assert seen.base_rate == 0.5
    assert measure(chance, parts, NAMES, rates, 0.5) == seen


def test_base_rates_are_the_mean_over_catalogs_that_know() -> None:
    one = as_rows([_row(coat=True), _row(coat=False), _row()])
    two = as_rows([_row(coat=True, skirt=False)])
    rates = base_rates([one, two])
    order = list(PARTS)
    assert rates[order.index("coat")] == 0.75 and rates[order.index("skirt")] == 0
    assert rates[order.index("neck")] == 1


def test_masks_are_read_by_their_list_of_names(tmp_path: Path) -> None:
    values = np.zeros((20, 10), np.uint8)
    values[:10] = 1
    Image.fromarray(values).save(tmp_path / "a.png")
    (tmp_path / "labels.json").write_text(json.dumps(["null", "jeans", "coat"]))
    found = of_masks(Catalog(tmp_path, "m", (Item("a", "a.jpg", columns={"mask": "a.png"}),)))
    assert found == {"a": {"trousers": True, "skirt": False, "coat": False}}

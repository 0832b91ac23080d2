"""The shipped demo catalog: what stands in assets/catalog."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

HOME = Path(__file__).parents[2] / "assets" / "catalog"
with (HOME / "catalog.csv").open(newline="", encoding="utf-8") as _file:
    ROWS = list(csv.DictReader(_file))
VALUES = json.loads((HOME / "attributes.json").read_text(encoding="utf-8"))


def test_every_row_has_its_image_and_no_image_is_left_over():
    assert len(ROWS) >= 1200
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert {row["image"] for row in ROWS} == {f"images/{path.name}" for path in (HOME / "images").iterdir()}


def test_images_are_small_webp_of_one_size():
    total = 0
    for row in ROWS:
        path = HOME / row["image"]
        total += path.stat().st_size
        with Image.open(path) as image:
            assert (image.format, image.size) == ("WEBP", (256, 320)), path.name
    assert total <= 20e6


def test_every_value_has_at_least_twenty_items():
    for name, values in VALUES.items():
        counts = Counter(row[name] for row in ROWS)
        assert set(counts) - {""} == set(values), name
        assert min(counts[value] for value in values) >= 20, (name, counts)


def test_splits_hold_every_value():
    sizes = Counter(row["split"] for row in ROWS)
    assert set(sizes) == {"train", "valid", "test"}
    assert sizes["train"] > sizes["test"] > sizes["valid"] > 100
    for name, values in VALUES.items():
        for split in ("train", "test"):
            assert set(values) == {row[name] for row in ROWS if row["split"] == split} - {""}, (name, split)


@pytest.mark.parametrize("position", [0, 371, 1234])
def test_the_code_draws_what_is_shipped(position: int):
    pytest.importorskip("skia", reason="drawing needs skia-python (requirements-dev.txt)")
    from atelier import render, sample
    from atelier.make import QUALITY, row_of

    row = ROWS[position]
    spec = sample(0, position)
    assert row_of(spec, row["split"]) == row
    drawn = io.BytesIO()
    render(spec).image.save(drawn, "WEBP", quality=QUALITY, method=4)
    with Image.open(drawn) as one, Image.open(HOME / row["image"]) as two:
        difference = np.abs(np.asarray(one.convert("RGB"), float) - np.asarray(two.convert("RGB"), float))
    assert difference.mean() < 2  # other processors may round anti-aliasing differently

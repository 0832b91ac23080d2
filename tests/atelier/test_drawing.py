"""The drawing of the demo catalog: determinism, independence of the labels, masks."""

from __future__ import annotations

import csv
import itertools
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("skia", reason="drawing needs skia-python (requirements-dev.txt)")

from atelier import ATTRIBUTES, BACKGROUNDS, render, sample
from atelier.make import write_images, write_labels
from atelier.spec import GARMENTS, split_of

SPECS = [sample(0, index) for index in range(6000)]


def first(**wanted: str):
    return next(s for s in SPECS if all(s.labels.get(k, getattr(s, k, None)) == v for k, v in wanted.items()))


def test_an_item_depends_on_seed_and_index_only():
    assert sample(0, 77) == sample(0, 77) == SPECS[77]
    assert sample(1, 77) != sample(0, 77)
    assert len({str(sorted(sample(seed, 5).labels.items())) for seed in range(20)}) > 10


def test_labels_come_from_the_vocabulary_and_fit_the_garment():
    for spec in SPECS:
        assert {"pattern", "color"} <= set(spec.labels) <= set(ATTRIBUTES)
        assert all(value in ATTRIBUTES[name] for name, value in spec.labels.items())
        assert ("pant_length" in spec.labels) == (spec.garment == "pants")
        assert ("coat_length" in spec.labels) == (spec.garment == "coat")
        assert ("skirt_length" in spec.labels) == (spec.garment in ("dress", "skirt"))
        edges = {"neckline_design", "collar_design", "neck_design", "lapel_design"} & set(spec.labels)
        assert len(edges) == (0 if spec.garment in ("skirt", "pants") else 1)
    assert {spec.garment for spec in SPECS} == set(GARMENTS)


def surprise(a: list[str], b: list[str]) -> float:
    """How many standard deviations Pearson's chi-squared of two labels lies above what independence gives."""
    rows, row = np.unique(a, return_inverse=True)
    columns, column = np.unique(b, return_inverse=True)
    table = np.zeros((len(rows), len(columns)))
    np.add.at(table, (row, column), 1)
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / table.sum()
    freedom = (len(rows) - 1) * (len(columns) - 1)
    return float((((table - expected) ** 2 / expected).sum() - freedom) / np.sqrt(2 * freedom))


def test_surprise_sees_a_dependence():
    rng = np.random.default_rng(0)
    one, two = rng.choice(["a", "b", "c"], 500).tolist(), rng.choice(["x", "y"], 500).tolist()
    leaning = ["x" if a == "a" and rng.random() < 0.5 else b for a, b in zip(one, two, strict=True)]
    assert surprise(one, two) < 4 < surprise(one, leaning)


def test_attributes_are_independent_of_each_other():
    for one, two in itertools.combinations(ATTRIBUTES, 2):
        both = [s for s in SPECS if {one, two} <= set(s.labels) and s.labels.get("neckline_design") != "off shoulder"]
        if len(both) > 200:
            assert surprise([s.labels[one] for s in both], [s.labels[two] for s in both]) < 4, (one, two)


@pytest.mark.parametrize("setting", ["background", "presentation"])
def test_the_setting_tells_nothing_about_a_label(setting: str):
    for name in ATTRIBUTES:
        having = [s for s in SPECS if name in s.labels]
        assert surprise([s.labels[name] for s in having], [getattr(s, setting) for s in having]) < 4, name


def test_values_are_balanced():
    for name, values in ATTRIBUTES.items():
        counts = np.array([sum(s.labels.get(name) == value for s in SPECS) for value in values])
        assert counts.min() > 0.6 * counts.mean(), (name, counts)


def test_rendering_is_deterministic_and_sized():
    spec = first(garment="coat", lapel_design="notched", presentation="figure")
    one, two = render(spec), render(spec)
    assert one.image.size == (256, 320)
    assert one.image.mode == "RGB"
    assert one.image.tobytes() == two.image.tobytes()
    assert np.array_equal(one.mask, two.mask)


@pytest.mark.parametrize("garment", sorted(GARMENTS))
def test_mask_covers_the_garment(garment: str):
    """Where the mask is full, a change of background leaves the picture alone; where nothing of the subject is, it changes."""
    spec = first(garment=garment)
    black = np.zeros((640, 512, 3), np.uint8)
    white = np.full((640, 512, 3), 255, np.uint8)
    dark, light = render(spec, black), render(spec, white)
    mask = dark.mask
    assert mask.shape == (320, 256)
    assert mask.dtype == np.float32
    assert mask.min() >= 0
    assert mask.max() == 1
    assert 0.04 < mask.mean() < 0.7
    assert np.array_equal(mask, light.mask)
    change = np.abs(np.asarray(dark.image, dtype=float) - np.asarray(light.image, dtype=float)).max(axis=2)
    assert np.quantile(change[mask == 1], 0.999) <= 16  # seams let through a trace
    assert (change > 100).sum() > 5000
    assert (dark.subject > mask - 0.3).all()  # edges of the two are smoothed apart
    assert np.quantile(change[dark.subject == 1], 0.999) <= 20
    assert change[dark.subject == 0].min() > 100


def test_longer_sleeves_cover_more():
    spec = first(garment="blouse", neckline_design="round", presentation="figure")
    areas = [
        render(replace(spec, labels={**spec.labels, "sleeve_length": v})).mask.sum() for v in ("cup", "elbow", "long")
    ]
    assert areas[0] < areas[1] < areas[2]


def test_background_swap():
    spec, other = first(garment="dress", background="wall"), first(garment="shirt", background="street")
    own = np.asarray(render(spec).image, dtype=float)
    for background in (*BACKGROUNDS, other):
        swapped = render(spec, background)
        difference = np.abs(np.asarray(swapped.image, dtype=float) - own).mean(axis=2)
        assert np.quantile(difference[swapped.mask == 1], 0.999) <= 6
        assert (difference[swapped.mask == 0].mean() > 4) == (background != "wall")
    with pytest.raises(ValueError, match="640, 512, 3"):
        render(spec, np.zeros((10, 10, 3), np.uint8))


def test_splits_partition_the_catalog():
    splits = split_of(0, 1260)
    assert {name: splits.count(name) for name in set(splits)} == {"train": 900, "valid": 120, "test": 240}
    assert splits == split_of(0, 1260)
    assert len(split_of(3, 7)) == 7


def test_writes_a_catalog(tmp_path: Path):
    specs = write_labels(tmp_path, seed=4, items=3)
    assert sum(write_images(tmp_path, specs)) == sum(f.stat().st_size for f in (tmp_path / "images").iterdir())
    with (tmp_path / "catalog.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["a0000", "a0001", "a0002"]
    for row, spec in zip(rows, specs, strict=True):
        assert {k: v for k, v in row.items() if k in ATTRIBUTES and v} == spec.labels
        assert (tmp_path / row["image"]).is_file()
    assert json.loads((tmp_path / "attributes.json").read_text()) == {k: list(v) for k, v in ATTRIBUTES.items()}


def test_draws_only_what_shows_an_attribute(tmp_path: Path):
    specs = write_labels(tmp_path, seed=4, items=5, showing="lapel_design")
    assert len({spec.id for spec in specs}) == 5
    assert all("lapel_design" in spec.labels for spec in specs)
    everything = [sample(4, index) for index in range(specs[-1].index + 1)]
    assert [spec for spec in everything if "lapel_design" in spec.labels] == specs


def test_command_refuses_nonsense(tmp_path: Path):
    run = subprocess.run(
        [sys.executable, "-m", "atelier", "--out", str(tmp_path), "--items", "0"],
        capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert "--items" in run.stderr
    assert not list(tmp_path.iterdir())
    run = subprocess.run(
        [sys.executable, "-m", "atelier", "--out", str(tmp_path), "--showing", "hood"],
        capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False,
    )  # fmt: skip
    assert run.returncode == 2 and "lapel_design" in run.stderr

"""Garment kinds read off pixel masks."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from catalog import Catalog, load_catalog
from eval import EvalError
from eval.garments import GROUPS, garments, labels_of
from tests.catalog.support import write_catalog

NAMES = ["null", "skin", *dict.fromkeys(kind for kinds in GROUPS.values() for kind in kinds)]


def masked(folder: Path, pictures: list[dict[str, int]], names: object = NAMES) -> Catalog:
    """A catalog of pictures of 10 by 10 pixels, each garment on as many of them as are stated."""
    rows = [{"id": f"i{at}", "image": f"{at}.png", "mask": f"masks/{at}.png"} for at in range(len(pictures))]
    write_catalog(folder, rows)
    (folder / "masks").mkdir()
    for row, shown in zip(rows, pictures, strict=True):
        pixels = np.zeros(100, np.uint8)
        start = 0
        for kind, count in shown.items():
            pixels[start : start + count] = NAMES.index(kind) if isinstance(kind, str) else kind
            start += count
        Image.fromarray(pixels.reshape(10, 10)).save(folder / row["mask"])
    (folder / "labels.json").write_text(json.dumps(names))
    return load_catalog(folder)


def test_the_largest_of_its_group_above_one_percent_is_the_label(tmp_path: Path) -> None:
    shown = [
        {"pants": 20, "shirt": 10, "coat": 40},
        {"dress": 30, "skirt": 29, "jacket": 1},
        {"skin": 50, "shorts": 2, "blouse": 5, "sweater": 6},
        {"skin": 90},
    ]
    catalog = garments(masked(tmp_path / "shop", shown))
    assert [item.labels for item in catalog] == [
        {"bottom": "pants", "outer": "coat", "top": "shirt"},
        {"bottom": "dress", "top": "dress"},
        {"bottom": "shorts", "top": "sweater"},
        {},
    ]
    values = {attribute.name: attribute.values for attribute in catalog.attributes}
    assert values == {"bottom": ("dress", "pants", "shorts"), "outer": ("coat",), "top": ("shirt", "sweater", "dress")}
    assert catalog.warnings[0] == (
        "attributes read off pixel masks: bottom 3 of 4 (dress 1, pants 1, shorts 1); outer 1 of 4 (coat 1); "
        "top 3 of 4 (shirt 1, sweater 1, dress 1)"
    )


def test_equal_garments_and_exactly_one_percent() -> None:
    shares = np.zeros(len(NAMES))
    shares[[NAMES.index("pants"), NAMES.index("skirt"), NAMES.index("coat")]] = (0.2, 0.2, 0.01)
    assert labels_of(shares, NAMES) == {"bottom": "pants"}


def test_the_view_is_another_catalog_of_the_same_files(tmp_path: Path) -> None:
    plain = masked(tmp_path / "shop", [{"pants": 20}, {"skirt": 20}])
    before = sorted(plain.root.rglob("*"))
    view = garments(plain)
    assert (view.root, view.name, len(view)) == (plain.root, plain.name, len(plain))
    assert view.digest != plain.digest and sorted(plain.root.rglob("*")) == before


def test_a_mask_that_cannot_be_read_gives_no_label(tmp_path: Path) -> None:
    catalog = masked(tmp_path / "shop", [{"pants": 20}, {"pants": 20}, {"pants": 20}])
    (catalog.root / "masks" / "0.png").write_text("none")
    (catalog.root / "masks" / "1.png").unlink()
    assert [item.labels for item in garments(catalog)] == [{}, {}, {"bottom": "pants"}]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"0": "null"}, "no list of different names"),
        (["null", "null"], "no list of different names"),
        (["null", "skin"], "does not name blazer, blouse"),
        ([*NAMES[2:]], "holds the value"),
    ],
)
def test_names_that_do_not_fit_the_masks(tmp_path: Path, names: object, words: str) -> None:
    catalog = masked(tmp_path / "shop", [{NAMES[-1]: 50}], names)
    with pytest.raises(EvalError, match=words):
        garments(catalog)


def test_without_masks_or_names_there_is_no_view(tmp_path: Path) -> None:
    catalog = masked(tmp_path / "shop", [{"pants": 20}])
    (catalog.root / "labels.json").unlink()
    with pytest.raises(EvalError, match=r"labels\.json.*cannot be read"):
        garments(catalog)
    (catalog.root / "labels.json").write_text(json.dumps(NAMES))
    bare = load_catalog(write_catalog(tmp_path / "bare", [{"id": "a", "image": "a.png", "split": "test"}]))
    (bare.root / "labels.json").write_text(json.dumps(NAMES))
    with pytest.raises(EvalError, match="names a mask"):
        garments(bare)


@pytest.mark.data
def test_the_photographs_with_masks_have_the_counts_of_their_note() -> None:
    folder = Path(os.environ.get("LAPEL_DATA", "../shared/data")) / "masks"
    if not folder.is_dir():
        pytest.skip("no photographs with masks")
    view = garments(load_catalog(folder))
    assert "bottom 323 of 351 (dress 98, pants 97, jeans 60, skirt 48, shorts 20)" in view.warnings[0]
    assert "outer 134 of 351" in view.warnings[0] and "top 250 of 351" in view.warnings[0]

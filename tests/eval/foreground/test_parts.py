"""The table of garment parts against the names that `masks` has, and reading of names."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from eval.errors import EvalError
from eval.foreground.parts import BODY, CARRIED, PARTS, garments, part_of, plane, read_names

MASKS = Path(os.environ.get("LAPEL_DATA", "../shared/data")) / "masks"


def test_names_are_read_where_there_are_any(tmp_path: Path) -> None:
    assert read_names(tmp_path) == ()
    (tmp_path / "labels.json").write_text(json.dumps(["null", "tie"]))
    assert read_names(tmp_path) == ("null", "tie")
    for wrong in ("{", '{"tie": 1}', "[1]"):
        (tmp_path / "labels.json").write_text(wrong)
        with pytest.raises(EvalError, match="labels"):
            read_names(tmp_path)


def test_an_attribute_is_about_its_part_or_about_garments() -> None:
    names = ("null", "skin", "bag", "tie", "coat", "shorts")
    assert garments(names) == ("tie", "coat", "shorts")
    assert part_of("necktie", names) == ("tie",) and part_of("skin_exposure", names) == ("skin",)
    assert part_of("lapel_design", names) == part_of("collar", names) == ("coat",)
    assert part_of("pant_length", names) == () and part_of("category", names) == garments(names)


def test_a_plane_has_the_wanted_values() -> None:
    values = np.array([[0, 1], [2, 3]], np.uint8)
    assert plane(values, ("null", "skin", "tie", "coat"), ("tie", "coat")).tolist() == [[0, 0], [1, 1]]
    assert plane(values, ("null", "skin"), ("scarf",)).tolist() == [[0, 0], [0, 0]]


@pytest.mark.data
def test_every_name_of_the_table_is_one_of_the_masks() -> None:
    if not MASKS.is_dir():
        pytest.skip(f"no real images: {MASKS} is missing (LAPEL_DATA)")
    known = set(read_names(MASKS))
    assert {*BODY, *CARRIED, *(name for names in PARTS.values() for name in names)} <= known

"""Where the shipped weights look, read back from the files that say it."""

import json
from pathlib import Path

from eval import load_foreground

FOLDER = Path("assets/reports/foreground")


def test_what_was_measured_of_the_shipped_weights_is_read(tmp_path: Path) -> None:
    kept = json.loads((FOLDER / "attention.json").read_text("utf-8"))
    found = load_foreground(FOLDER, kept["weights"]["digest"])
    row, color = kept["attributes"]["color"], found["color"]
    seen = color.attention
    assert seen is not None and (seen.foreground, seen.part) == (row["shown"], row["part_shown"])
    assert [seen.low, seen.high] == kept["intervals"]["color"]["part_shown"] and seen.masks == "masks"
    assert [swap.pictures for swap in color.swaps] == ["masks", "drawn"]
    drawn = json.loads((FOLDER / "swap-drawn.json").read_text("utf-8"))["attributes"]["color"]
    assert (color.swaps[1].kept, color.swaps[1].kept_global) == (drawn["overlap"], drawn["overlap_global"])
    assert len(found["category"].swaps) == 1, "the drawn ones have no categories"


def test_other_weights_have_none_and_a_damaged_file_is_passed_over(tmp_path: Path) -> None:
    assert load_foreground(FOLDER, "another") == {} == load_foreground(FOLDER, "") == load_foreground(tmp_path, "a")
    (tmp_path / "attention.json").write_text("[1")
    old = {"format": "lapel-attention/1", "weights": {"digest": "a"}, "attributes": {"color": {}}}
    (tmp_path / "older.json").write_text(json.dumps(old))
    assert load_foreground(tmp_path, "a")["color"].attention is None

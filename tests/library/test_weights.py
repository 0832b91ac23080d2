"""Which network an installation computes with, and how."""

import json
from pathlib import Path

from library import Settings, Weights


def test_the_precision_that_was_found_first_stays(tmp_path: Path) -> None:
    weights = Weights(Settings(tmp_path, device="cpu"))
    found = weights.load().precision
    kept = tmp_path / "library" / "weights.json"
    assert json.loads(kept.read_text())["precisions"] == {"cpu": found}
    other = {"float32": "bfloat16", "bfloat16": "float32"}[found]
    kept.write_text(kept.read_text().replace(f'"{found}"', f'"{other}"'))
    again = Weights(Settings(tmp_path, device="cpu"))
    assert again.load().precision == other, "vectors of two precisions do not belong together"
    assert [one.source for one in again.tried] == [""]

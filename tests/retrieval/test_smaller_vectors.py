"""The benchmark of smaller vectors runs, in small, and says how many bytes each takes."""

from pathlib import Path

from benchmarks.vectors import Smaller, smaller_vectors
from model import GENERAL, REGION
from tests.retrieval.support import noise_catalog
from tests.retrieval.test_derived import CalibratedEmbedder


def test_smaller_vectors_are_compared_with_those_in_float16(tmp_path: Path) -> None:
    noise_catalog(tmp_path / "shop", 100)
    embedder = CalibratedEmbedder(dim=32, mixes={"color": {REGION: 0.5, GENERAL: 0.5}})
    wanted = Smaller(("shop",), alone=100, dims=(4, 63), depths=(20, 299), items=300, queries=10)
    found = {result.name: result for result in smaller_vectors(tmp_path, embedder, tmp_path / "home", wanted)}
    bytes_ = {name: result.more["bytes"] for name, result in found.items() if "bytes" in result.more}
    assert bytes_ == {
        "shop, float16": 126,
        "shop, int8": 67,
        "shop, int8, sections not stretched": 67,
        "shop, int8 after a random rotation": 67,
        "shop, int8, general view once": 42,  # 32 and a scale, a length, an eighth of 31 and a scale
        "shop, 4 dimensions": 8,
        "shop, 4 dimensions, int8": 8,
        "shop, 63 dimensions": 126,
        "shop, 63 dimensions, int8": 67,
    }
    exact = found["shop, float16"]
    assert exact.runs == 40 and 0 < exact.more["MAP"] < 100 and 0 < exact.more["chance"] < 100
    assert abs(found["shop, 63 dimensions"].more["cost"]) < 1
    for name in ("int8", "int8 after a random rotation", "int8, general view once"):
        more = found[f"shop, {name}"].more
        assert abs(more["cost"]) < 5 and more["from"] <= more["cost"] <= more["to"]
    few, many, whole = (
        found[f"shop, 300 resampled, {label}int8"].more for label in ("4 dimensions, ", "63 dimensions, ", "")
    )
    for more in (few, many, whole):
        assert 0 <= more["in 10"] <= more["in 20"] <= more["in 299"] == more["least 299"] == 100
    assert few["in 10"] < 90 < many["in 10"] and whole["in 10"] > 90

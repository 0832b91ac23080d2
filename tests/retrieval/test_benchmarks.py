"""The benchmarks run, in small, and report what they say they do; what they measure is not judged here."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import search
from benchmarks.changes import changes
from benchmarks.composed import composed, resampled
from benchmarks.embed import embedding
from benchmarks.index import growth, indexes
from benchmarks.measure import Result, as_json, as_table, timed
from benchmarks.passes import How, passes
from benchmarks.search import searches
from model import REGION, RPF, Column
from model.config import tiny
from retrieval import open_engine
from tests.retrieval.support import HashEmbedder, noise_catalog


@pytest.fixture(autouse=True)
def smaller_photographs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "BIG", (80, 60))


def test_percentiles_leave_the_warm_up_out() -> None:
    calls: list[int] = []
    result = timed("five", [lambda: calls.append(1)] * 5, note="x")
    assert len(calls) == 5
    assert (result.name, result.runs, result.more) == ("five", 4, {"note": "x"})
    assert 0 <= result.p50_ms <= result.p95_ms
    assert timed("one", [lambda: None]).runs == 1


def test_results_as_json_and_as_a_table() -> None:
    results = [Result("scan", 3, 1.5, 2.25, {"recall": 1.0})]
    assert json.loads(as_json(results))["results"] == [
        {"name": "scan", "runs": 3, "p50_ms": 1.5, "p95_ms": 2.25, "more": {"recall": 1.0}}
    ]
    assert as_table(results).splitlines()[1].split() == ["scan", "3", "1.50", "2.25", "recall", "1.0"]


def test_the_index_is_compared_with_the_scan(tmp_path: Path) -> None:
    results = {result.name: result for result in indexes(600, 8, 4, tmp_path)}
    assert results["build an index of 600 items"].runs == 2
    for label in ("1 term", "1 term, half filtered out", "2 terms of two items"):
        assert results[f"{label}, scan"].runs == 3
        assert 0.9 <= results[f"{label}, index"].more["recall"] <= 1


def test_composed_queries_are_compared_with_the_scan_on_resampled_vectors(tmp_path: Path) -> None:
    engine = open_engine(noise_catalog(tmp_path / "catalog", 12), HashEmbedder(), tmp_path / "home", ["color", "neck"])
    results = {result.name: result for result in composed(engine, ["color", "neck"], 600, 4, tmp_path / "resampled")}
    for label, way in (("1 term", "lists"), ("2 terms of 2 items", "proven"), ("1 term, negative", "proven")):
        assert results[f"{label}, scan"].runs == 3
        found = results[f"{label}, engine"].more
        assert found["recall@10"] >= (1 if way == "proven" else 0.9) and found[way] == 4
    assert not any("3 terms" in name for name in results)
    items = resampled(engine.table, [Column("color", REGION)], 50)
    assert np.linalg.norm(items.column(Column("color", REGION)).astype(float), axis=1) == pytest.approx(1, abs=1e-2)


def test_an_index_grows_and_shrinks(tmp_path: Path) -> None:
    results = {result.name: result for result in growth(300, 8, 5, tmp_path)}
    assert results["insert 1 into an index of 300"].runs == results["remove 1 from it"].runs == 29
    for label in ("best 12, after", "best 12, built afresh"):
        assert 0.9 <= results[label].more["recall"] <= 1


def test_searches_by_image_are_all_new(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    engine = open_engine(noise_catalog(tmp_path / "catalog", 5), embedder, tmp_path / "home", ["color", "neck"])
    embedder.embedded.clear()
    results = searches(engine, repeat=10)
    assert [result.name for result in results if result.name.startswith("item")]
    images = sum(result.runs + 1 for result in results if result.name in ("image, 1 attribute",))
    assert images == 4
    assert len(embedder.embedded) == len(set(embedder.embedded)) == 4 * (1 + 2 + 2 + 1)


def test_embedding_is_measured_for_each_batch_size(tmp_path: Path) -> None:
    torch.manual_seed(0)
    catalog = noise_catalog(tmp_path / "catalog", 3)
    results = embedding(catalog, RPF(tiny({"neck": ["v"]})), "cpu", ["neck"], 3, (1, 2))
    assert {result.name.rsplit(" ", 1)[1] for result in results} == {"1", "2"}
    assert all(result.more["items/s"] > 0 for result in results)


def test_embedding_is_held_against_bare_passes(tmp_path: Path) -> None:
    torch.manual_seed(0)
    options = {"embed_dim": 48, "depth": 1, "num_heads": 3}
    config = replace(tiny({"neck": ["v"], "color": ["red"]}), patch_options=options, input_size=112, threshold=0.8)
    how = How(compared=3, copies=2, repeat=2)
    results = passes(noise_catalog(tmp_path / "catalog", 4), RPF(config), "cpu", ["neck", "color"], how)
    rows = {result.name.partition(",")[0]: result for result in results}
    bare, files = rows["bare passes in bfloat16"].more, rows["files"].more
    assert bare["trunk passes an image"] == 1 and 1 <= bare["ViT passes an image"] <= 2
    assert rows["files"].runs == 2 and files["images/s"] > 0
    assert files["of bare bfloat16"] == pytest.approx(files["images/s"] / bare["images/s"], rel=0.05)
    same = rows["float32 against the CPU"].more
    assert same["largest difference"] == 0 and same["least cosine"] == 1 and same["nearest 10 shared"] == 1


@pytest.mark.parametrize("repeat", [1, 2])
def test_few_repeats_are_enough(tmp_path: Path, repeat: int) -> None:
    engine = open_engine(noise_catalog(tmp_path / "catalog", 2), HashEmbedder(), tmp_path / "home", ["color"])
    results = searches(engine, repeat)
    assert len(results) == 6
    assert {result.runs for result in results if result.name.startswith("item")} == {1}


def test_changes_of_a_catalog_are_timed(tmp_path: Path) -> None:
    results = changes(100, 8, tmp_path)
    assert [result.runs for result in results] == [20, 20, 5, 5, 5, 2]
    assert all(0 < result.p50_ms <= result.p95_ms for result in results)

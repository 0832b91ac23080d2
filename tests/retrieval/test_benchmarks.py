"""The benchmarks run, in small, and report what they say they do; what they measure is not judged here."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import kept, search
from benchmarks.aims import Aim, Suite
from benchmarks.changes import changes
from benchmarks.clients import KINDS, Clients, in_process
from benchmarks.curves import DEPTHS, GRAPHS, graphs, sizes
from benchmarks.embed import embedding
from benchmarks.index import growth
from benchmarks.measure import PACE, Result, against, as_json, as_table, machine, paced, referred, timed
from benchmarks.million import million
from benchmarks.passes import How, passes
from benchmarks.search import by_picture
from benchmarks.suites import SUITES
from model import REGION, RPF, Column, load
from model.config import tiny
from retrieval import Embedder, open_engine, resampled
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
    (told,) = json.loads(as_json(results))["results"]
    assert told == {
        "name": "scan", "runs": 3, "p50_ms": 1.5, "p95_ms": 2.25, "more": {"recall": 1.0}, "reference": "", "ratio": None
    }  # fmt: skip
    assert as_table(results).splitlines()[1].split() == ["scan", "3", "1.50", "2.25", "recall", "1.0"]
    assert {"processor", "has", "cores", "memory_gib", "load"} <= set(machine())


def test_a_ratio_is_that_of_the_reference_to_the_line() -> None:
    scan, index, lone = Result("a, scan", 3, 6.0, 7), Result("a, index", 3, 1.5, 2), Result("b, index", 3, 1.0, 2)
    found = {one.name: one for one in referred([scan, index, lone, Result("count", 0, 0, 0)], ", index", ", scan")}
    assert (found["a, index"].reference, found["a, index"].ratio) == ("a, scan", 4.0)
    assert found["a, scan"] == scan and found["b, index"] == lone
    lines = {one.name: one for one in paced(lambda: list(found.values()))}
    pace = lines[PACE].p50_ms
    assert lines["b, index"].reference == PACE and lines["b, index"].ratio == pytest.approx(pace, rel=0.01)
    assert lines["a, index"] == found["a, index"] and lines["a, scan"] == scan, "nearer references stay"
    assert lines["count"].ratio is None and against(lone, lines["count"]) == lone, "what has no time has no ratio"


def test_what_is_kept_is_what_the_page_of_speed_says(tmp_path: Path) -> None:
    """The page in docs is made of the files beside it, and of nothing else."""
    assert kept.PAGE.read_text("utf-8") == kept.page(kept.read())
    one = next(one for one in SUITES if one.name == "clients")
    line = Result("1 term, 1 at once", 9, 4.0, 5.0, {"recall@10": 0.98}, "1 term, exact scan", 2.5)
    other = Result("1 term, 8 at once", 9, 40.0, 50.0, {"recall@10": 1.0})
    words = [
        "clients",
        "--items",
        "10",
        "--keep",
        str(tmp_path),
        "--home=/nowhere",
        "--catalog",
        str(kept.ROOT / "assets"),
    ]
    path = kept.keep(tmp_path, one, [line, other], 1.5, words, "second")
    assert path.name == "clients-second.json"
    stored = json.loads(path.read_text("utf-8"))
    assert stored["command"] == "python -m benchmarks clients --items 10 --catalog assets" and stored["load"][0] == 1.5
    page = kept.page(kept.read(tmp_path))
    assert "| 1 term, 1 at once | 9 | 4 | 5 | 2.5 | 1 term, exact scan | recall@10 0.98 |" in page
    assert "one term, one client, ms | at most 5 | 4 | met |" in page
    assert "hits of the scan that are found | at least 0.99 | 0.98 | **missed** |" in page, "the worst line counts"
    assert one.told in page and str(machine()["processor"]) in page
    (tmp_path / "clients-second.json").write_text('{"suite": "gone"}')
    with pytest.raises(ValueError, match=r"clients-second\.json is no result of a suite"):
        kept.read(tmp_path)


def test_suites_are_named_once_and_each_aim_has_a_bound() -> None:
    assert len({one.name for one in SUITES}) == len(SUITES)
    assert all(one.told.endswith(".") for one in SUITES)
    aims: list[Aim] = [aim for one in SUITES for aim in one.aims]
    assert all((aim.least is None) != (aim.most is None) for aim in aims)
    assert aims and not aims[0].met((aims[0].least or 0) - 0.001)


def test_the_command_measures_what_is_named_and_refuses_what_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks.__main__ import run
    from benchmarks.bench import Options

    quick = Suite("quick", "Nothing.", lambda bench: [timed(bench.options.device, [lambda: None] * 3)])
    monkeypatch.setattr("benchmarks.suites.SUITES", (quick,))
    results = run(Options(("quick",), device="cpu", keep=tmp_path))
    assert [one.name for one in results] == [PACE, "cpu"] and (tmp_path / "quick.json").is_file()
    with pytest.raises(ValueError, match="no suite 'slow'; there are: quick"):
        run(Options(("slow",)))


def test_clients_at_once_are_held_against_the_exact_scan(tmp_path: Path) -> None:
    engine = open_engine(
        noise_catalog(tmp_path / "catalog", 12), HashEmbedder(), tmp_path / "home", ["color", "neck", "pattern"]
    )
    names = engine.attributes
    results = {one.name: one for one in in_process(engine, names, 600, Clients((1, 4), 0.02, 3), tmp_path / "made")}
    assert len(results) == 3 * len(KINDS)
    for kind in KINDS:
        alone, several = (results[f"{kind.name}, {clients} at once"] for clients in (1, 4))
        assert alone.reference == several.reference == f"{kind.name}, exact scan"
        assert alone.more["recall@10"] == 1 and several.runs >= 4
        rate = several.more["per_second"] / alone.more["per_second"]  # type: ignore[operator]
        assert several.more["times the first a second"] == pytest.approx(rate, abs=0.01)


def test_ways_of_searching_are_compared_at_several_sizes(tmp_path: Path) -> None:
    engine = open_engine(noise_catalog(tmp_path / "catalog", 12), HashEmbedder(), tmp_path / "home", ["color", "neck"])
    results = {result.name: result for result in sizes(engine, ["color", "neck"], [400], 4, tmp_path / "sizes")}
    assert results["400 items, 1 term, scan"].runs == 3 and results["400 items, 2 terms, sketches"].runs == 3
    assert all(result.more["recall@10"] >= 0.9 for result in results.values())
    built = graphs(engine, "color", 400, 3, tmp_path / "graphs")
    assert len(built) == len(GRAPHS) * (1 + len(DEPTHS)) and built[-1].more["recall@10"] >= 0.9
    items = resampled(engine.table, [Column("color", REGION)], 50)
    assert np.linalg.norm(items.column(Column("color", REGION)).astype(float), axis=1) == pytest.approx(1, abs=1e-2)


def test_many_items_are_made_once_and_searched_by_a_fresh_process(tmp_path: Path) -> None:
    weights, data = "assets/weights/rpf-tiny", tmp_path / "data"
    embedder = Embedder(load(weights), "cpu")
    engine = open_engine(noise_catalog(tmp_path / "catalog", 6), embedder, tmp_path / "home", ["color", "neckline"])
    lines = {one.name: one for one in million(engine, weights, ["color", "neckline"], 4500, 3, 1, data)}
    assert lines["load 4500 items, 2 attributes"].more["MB"] > 100
    assert lines["1 term"].more["index"] == 3 and lines["2 terms of 2 items"].more["sketches"] == 3
    assert lines["1 term, scan"].more["recall@10"] >= 0.9 and lines["raw on the disk"].more["MB"] > 1


def test_an_index_grows_and_shrinks(tmp_path: Path) -> None:
    results = {result.name: result for result in growth(300, 8, 5, tmp_path)}
    assert results["insert 1 into an index of 300"].runs == results["remove 1 from it"].runs == 29
    for label in ("best 12, after", "best 12, built afresh"):
        assert 0.9 <= results[label].more["recall"] <= 1


def test_searches_by_picture_are_all_new_and_held_against_embedding(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    engine = open_engine(noise_catalog(tmp_path / "catalog", 5), embedder, tmp_path / "home", ["color", "neck"])
    embedder.embedded.clear()
    results = by_picture(engine, repeat=10)
    searched = [result for result in results if result.name.startswith("search")]
    assert [result.runs for result in searched] == [3, 3, 3] and all(result.ratio for result in searched)
    assert len(embedder.embedded) == len(set(embedder.embedded)) == 2 * 4 * (1 + 2 + 1)


def test_embedding_is_held_against_bare_passes_and_the_straightforward_pipeline(tmp_path: Path) -> None:
    torch.manual_seed(0)
    options = {"embed_dim": 48, "depth": 1, "num_heads": 3}
    config = replace(tiny({"neck": ["v"], "color": ["red"]}), patch_options=options, input_size=112, threshold=0.8)
    catalog = noise_catalog(tmp_path / "catalog", 3)
    results = {
        result.name.partition(",")[0]: result
        for result in embedding(catalog, RPF(config), "cpu", ["neck"], 3, (1, 2), turns=2)
    }
    bare = results["bare passes"].more
    assert bare["trunk passes an image"] == 1 and 1 <= bare["ViT passes an image"] <= 2
    for way in ("decoded pictures", "files", "one at a time"):
        assert results[way].runs == 2 and results[way].more["images/s"] > 0
        assert results[way].more["of bare passes"] > 0 and results[way].more["times straightforward"] > 0
    assert results["straightforward in float32"].more["times straightforward"] == 1
    assert {"part: decoding", "part: crops", "part: patch branch"} <= results.keys()


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


def test_changes_of_a_catalog_are_timed(tmp_path: Path) -> None:
    results = changes(100, 8, tmp_path)
    assert [result.runs for result in results] == [20, 20, 5, 5, 5, 2]
    assert all(0 < result.p50_ms <= result.p95_ms for result in results)

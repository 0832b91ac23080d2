"""What is different about an index in a Milvus: it is elsewhere, can be gone, be another's, or not answer."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.milvus import milvus_index
from retrieval import ItemSource, Milvus, Query, RetrievalError, Rows, SearchEngine, Shelf, TableHolding, Term, Tuning
from retrieval.index_files import IndexFiles
from retrieval.milvus_index import MilvusIndex
from retrieval.milvus_server import server
from tests.extras import needs
from tests.retrieval.flat_index import FlatIndex
from tests.retrieval.support import HashEmbedder, made_up_catalog, table_of, unit_rows

needs("pymilvus", "milvus_lite")

WIDTH, ITEMS = 16, 400
VECTORS = unit_rows(np.random.default_rng(0).standard_normal((ITEMS + 50, WIDTH))).astype(np.float16)
ASKED = np.random.default_rng(1).standard_normal((5, WIDTH)).astype(np.float32)


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Milvus:
    """It compares all vectors: a graph would miss one now and then."""
    return Milvus(str(tmp_path_factory.mktemp("milvus") / "indexes.db"), "FLAT")


def built(backend: Milvus, count: int = ITEMS, sign: int = 1) -> MilvusIndex:
    index = backend.build(sign * VECTORS, np.arange(count))
    assert index is not None
    return index


def collections(backend: Milvus) -> set[str]:
    return {*server(backend.address).ask("list_collections")}


def shelf_of(folder: Path, backend: Milvus, count: int = ITEMS, dead: tuple[int, ...] = ()) -> Shelf:
    alive = ~np.isin(np.arange(count), dead)
    return Shelf(folder, Rows(lambda attribute: alive, lambda attribute: ("as it is", VECTORS[:count])), backend)


def ranks_as_the_scan(index: object, rows: np.ndarray) -> bool:
    exact = FlatIndex(VECTORS[rows], rows)
    return all(np.array_equal(index.search(v, 300)[0], exact.search(v, 300)[0]) for v in ASKED)  # type: ignore[attr-defined]


def test_an_index_is_found_again_by_another_process_and_led_on(backend: Milvus, tmp_path: Path) -> None:
    from milvus_lite.server_manager import server_manager_instance

    assert shelf_of(tmp_path, backend).prepare("neck") is not None
    there = collections(backend)
    server_manager_instance.release_server(backend.address)  # as when a process ends
    server.cache_clear()
    index = shelf_of(tmp_path, backend, ITEMS + 50, (3, 410)).prepare("neck")
    assert index is not None and ranks_as_the_scan(index, np.delete(np.arange(ITEMS + 50), [3, 410]))
    assert collections(backend) == there, "built again"


def test_an_index_that_is_gone_or_of_something_else_is_built_again(
    backend: Milvus, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder, lost, other = tmp_path / "saved", built(backend), built(backend, sign=-1)
    at, name = server(backend.address), lost.collection
    folder.mkdir()
    lost.save(folder)
    with pytest.raises(ValueError, match="16 wide, not 8"):
        backend.load(folder, 8)
    at.drop(name)
    with pytest.raises(ValueError, match=f"has no collection {name} any more"):
        backend.load(folder, WIDTH)
    at.ask("rename_collection", other.collection, name)
    with pytest.raises(ValueError, match="holds other vectors"):
        backend.load(folder, WIDTH)
    at.ask("delete", name, filter="key >= 0")
    with pytest.raises(ValueError, match="has 0 vectors, not 400"):
        backend.load(folder, WIDTH)
    assert shelf_of(tmp_path / "shelf", backend).prepare("neck") is not None
    (new,) = collections(backend) - {name} - before(backend, tmp_path / "shelf")
    at.drop(new)
    again = shelf_of(tmp_path / "shelf", backend).prepare("neck")
    assert again is not None and ranks_as_the_scan(again, np.arange(ITEMS))
    assert "building it again" in caplog.text


def test_an_index_that_is_replaced_leaves_the_server(backend: Milvus, tmp_path: Path) -> None:
    others = collections(backend)
    assert shelf_of(tmp_path, backend).prepare("neck") is not None
    files, held = IndexFiles(tmp_path, backend), built(backend)
    for _ in range(2):  # in the place of the first, and once more
        files.save("neck", "as it is", held)
        assert collections(backend) - others == {held.collection}


def before(backend: Milvus, shelf: Path) -> set[str]:
    """The collections that a shelf does not name."""
    named = {path.read_text("utf-8").split('"')[3] for path in shelf.glob("*/milvus.json")}
    return collections(backend) - named


def test_what_is_removed_leaves_the_server_when_nothing_saved_names_it(backend: Milvus, tmp_path: Path) -> None:
    index, at = built(backend), server(backend.address)
    index.remove(np.arange(100))
    for step, there in enumerate((ITEMS, ITEMS - 100)):
        folder = tmp_path / str(step)
        folder.mkdir()
        index.save(folder)
        assert at.count(index.collection) == there
        assert len(backend.load(folder, WIDTH)) == ITEMS - 100
    backend.forget(tmp_path)  # not one of its own
    backend.forget(folder, [tmp_path / "0"])  # of the same index
    assert index.collection in collections(backend)
    backend.forget(folder)
    assert index.collection not in collections(backend)


def test_a_build_that_fails_or_is_stopped_leaves_nothing(backend: Milvus, monkeypatch: pytest.MonkeyPatch) -> None:
    there = collections(backend)
    monkeypatch.setattr(MilvusIndex, "put", lambda *given: (_ for _ in ()).throw(RetrievalError("the disk is full")))
    with pytest.raises(RetrievalError, match="the disk is full"):
        built(backend)
    assert collections(backend) == there


@pytest.fixture
def at_a_port(tmp_path: Path) -> Iterator[tuple[Milvus, object]]:
    """A Milvus by an address, and what stops it."""
    from milvus_lite.adapter.grpc.server import start_server_in_thread

    running, files, port = start_server_in_thread(str(tmp_path / "server"))
    yield Milvus(f"http://127.0.0.1:{port}", "FLAT"), lambda: running.stop(0).wait()
    running.stop(0)
    files.close()


def test_an_engine_answers_as_the_scan_does_with_a_server_and_when_it_is_away(
    at_a_port: tuple[Milvus, object], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    backend, stop = at_a_port
    catalog, embedder = made_up_catalog(ITEMS), HashEmbedder(dim=8)
    vectors = unit_rows(np.random.default_rng(2).standard_normal((ITEMS, 1, 2, 8)))
    table = table_of(catalog, embedder, vectors, ["color"])
    fast = Tuning(exact_below=0, backend=backend)
    engine = SearchEngine(catalog, TableHolding(table, tmp_path / "fast"), embedder, fast)
    scan = SearchEngine(catalog, TableHolding(table, tmp_path / "scan"), embedder, Tuning(exact_below=ITEMS))
    engine.prepare()
    query = Query((Term("color", ItemSource("item-7")),))

    def asked(filters: dict[str, list[str]]) -> list[str]:
        """Which way answers, as the scan does."""
        found = engine.found(query, 9, filters)
        assert [hit.id for hit in found.hits] == [hit.id for hit in scan.search(query, 9, filters)]
        return [way.by for way in found.ways]

    assert asked({}) == asked({"split": ["test"]}) == ["index"]
    stop()  # type: ignore[operator]
    begun = time.perf_counter()
    with caplog.at_level(logging.WARNING, "lapel.retrieval"):
        assert asked({}) == asked({"split": ["test"]}) == asked({}) == ["sketches"]
    assert time.perf_counter() - begun < 25, "each search waits"
    (said,) = caplog.messages  # once for all three
    assert said.startswith(f"the Milvus {backend.address} cannot search: ") and said.endswith("; searching without it")
    assert "\n" not in said


def test_rows_that_a_server_does_not_take_are_not_held(backend: Milvus, monkeypatch: pytest.MonkeyPatch) -> None:
    index = built(backend)
    with monkeypatch.context() as patch:
        patch.setattr(index._at, "_again", time.monotonic() + 60)
        index.add(VECTORS[ITEMS:], np.arange(ITEMS, ITEMS + 50))
        index.remove(np.array([3]))
        assert len(index.search(ASKED[0], 5)[0]) == 0
    assert index.held(ITEMS + 50).nonzero()[0].tolist() == [row for row in range(ITEMS) if row != 3]
    index.add(VECTORS[ITEMS:], np.arange(ITEMS, ITEMS + 50))
    assert ranks_as_the_scan(index, np.delete(np.arange(ITEMS + 50), 3))


@pytest.mark.parametrize("kind", ["HNSW", "IVF_SQ8"])
def test_what_is_approximate_finds_nearly_all(backend: Milvus, kind: str) -> None:
    index, found = built(replace(backend, kind=kind)), 0
    index.settle()
    exact = FlatIndex(VECTORS[:ITEMS], np.arange(ITEMS))
    for vector in VECTORS[:40].astype(np.float32):
        rows, scores = index.search(vector, 20)
        assert len({*rows}) == len(rows) == 20 and scores.tolist() == sorted(scores.tolist(), reverse=True)
        found += len({*rows} & {*exact.search(vector, 20)[0]})
    assert found / 800 > 0.97


def test_a_server_that_is_away_is_said_in_one_line() -> None:
    begun = time.perf_counter()
    for said in ("does not answer: ", "did not answer; it is asked again in 30 s at most"):
        with pytest.raises(RetrievalError, match=f"^the Milvus http://127.0.0.1:9 {said}") as told:
            Milvus("http://127.0.0.1:9").build(VECTORS, np.arange(5))
        assert "\n" not in str(told.value)
    assert time.perf_counter() - begun < 20


def test_the_benchmark_measures_insertion_searches_and_recall(tmp_path: Path) -> None:
    results = {result.name: result for result in milvus_index(600, 32, 5, tmp_path, widths=(64, 600))}
    assert results["take in 600 vectors"].more["vectors/s"] > 0
    assert results["take in 600 vectors"].more["bytes a vector on disk"] > 4 * 32
    for name in ("100 % live, HNSW 64", "50 % live, HNSW 64", "5 % live, HNSW 64", "0.5 % live, HNSW 64"):
        assert results[f"best 10, {name}"].runs == 4 and results[f"best 10, {name}"].more["recall@10"] > 0.9
    assert results["best 10, 100 % live, HNSW 600"].more["recall@10"] > 0.97
    assert not collections(Milvus(str(tmp_path / "benchmark.db")))

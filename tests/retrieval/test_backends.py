"""What every index has to do, whichever library is behind it (`retrieval.backend`), held against the exact ranking.

Milvus compares all vectors here (kind FLAT), so that it has no excuse; what its graphs find is in `test_milvus`.
"""

import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from retrieval import Hnsw, Milvus, RetrievalError, backend_of
from retrieval.backend import Backend, Index
from tests.extras import needs
from tests.retrieval.flat_index import Flat, FlatIndex

WIDTH, ITEMS = 16, 400
RNG = np.random.default_rng(0)
VECTORS = (RNG.standard_normal((1000, WIDTH)) * RNG.uniform(0.5, 1, (1000, 1)) / WIDTH**0.5).astype(np.float16)
"""Of different lengths, as posteriors are."""
ASKED = RNG.standard_normal((6, WIDTH)).astype(np.float32)


@pytest.fixture(scope="module")
def milvus_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("milvus") / "indexes.db"


@pytest.fixture(params=["hnsw", "flat", "milvus"])
def backend(request: pytest.FixtureRequest, milvus_file: Path) -> Backend:
    if request.param == "milvus":
        needs("pymilvus", "milvus_lite")
        return Milvus(str(milvus_file), "FLAT")
    return Hnsw(build_width=200) if request.param == "hnsw" else Flat()


def built(backend: Backend, rows: np.ndarray, vectors: np.ndarray = VECTORS) -> Index:
    index = backend.build(vectors, rows)
    assert index is not None
    return index


def ranks_as_the_scan(index: Index, rows: np.ndarray, vectors: np.ndarray = VECTORS, depth: int = 20) -> None:
    exact = FlatIndex(vectors[rows], rows)
    for vector in ASKED:
        found, scores = index.search(vector, depth)
        assert found.tolist() == exact.search(vector, depth)[0].tolist()
        assert scores == pytest.approx(vectors[found].astype(float) @ vector, abs=1e-4)


def test_an_index_ranks_as_the_scan_does_at_any_depth(backend: Backend) -> None:
    rows = np.delete(np.arange(ITEMS), [3, 40])
    index = built(backend, rows)
    assert len(index) == ITEMS - 2 and not index.worn
    for depth in (1, 20, ITEMS - 2, 10 * ITEMS):
        ranks_as_the_scan(index, rows, depth=depth)
    assert index.held(ITEMS + 9).nonzero()[0].tolist() == rows.tolist()
    assert np.array_equal(index.get(5), VECTORS[5].astype(np.float32))
    for row in (3, ITEMS):
        with pytest.raises(KeyError):
            index.get(row)


def test_what_is_live_is_found_to_the_depth_asked(backend: Backend) -> None:
    index, rows, vector = built(backend, np.arange(1000)), np.arange(1000), ASKED[0]
    exact = FlatIndex(VECTORS, rows)
    for name, live in {
        "most": rows % 10 != 0,
        "every third": rows % 3 == 0,
        "far away": np.isin(rows, np.argsort(VECTORS @ vector)[:500]),
        "few": rows % 99 == 0,
        "one": rows == 7,
        "none": rows < 0,
        "fewer than there are rows": np.ones(600, bool),
    }.items():
        best, own = exact.search(vector, 30, live)
        found, scores = index.search(vector, 30, live)
        assert found.tolist() == best.tolist() and scores == pytest.approx(own, abs=1e-4), name


def test_equal_vectors_are_all_found(backend: Backend, tmp_path: Path) -> None:
    vectors = np.concatenate([VECTORS[:300], np.repeat(VECTORS[300:301], 500, 0)])
    index = built(backend, np.arange(800), vectors)
    index.add(VECTORS[300:301], np.array([800]))
    index.remove(np.array([300]))
    index.save(tmp_path)
    for one in (index, backend.load(tmp_path, WIDTH)):
        assert {*one.search(VECTORS[300] / np.float16(0.1), 500)[0]} == {*range(301, 801)}
        assert {*one.search(ASKED[0], 2000)[0]} == {*range(801)} - {300}


def test_an_empty_index_finds_nothing_and_takes_rows(backend: Backend, tmp_path: Path) -> None:
    index = built(backend, np.arange(0))
    assert len(index.search(ASKED[0], 5)[0]) == len(index) == 0 and not index.worn
    index.save(tmp_path)
    index = backend.load(tmp_path, WIDTH)
    index.add(VECTORS[:9], np.arange(9))
    ranks_as_the_scan(index, np.arange(9))


def test_rows_come_and_go(backend: Backend, tmp_path: Path) -> None:
    index = built(backend, np.arange(ITEMS))
    index.add(VECTORS[ITEMS:600], np.arange(ITEMS, 600))
    index.remove(np.arange(0, 600, 5))
    index.remove(np.array([0, 999]))  # not there any more, and never there
    left = np.delete(np.arange(600), np.arange(0, 600, 5))
    ranks_as_the_scan(index, left)
    changed = VECTORS.copy()
    changed[5] = VECTORS[999]
    index.add(changed[5:6], np.array([5]))  # back with another vector
    index.add(VECTORS[10:11], np.array([10]))  # and with its own
    left = np.union1d(left, [5, 10])
    for step in range(3):
        assert index.held(600).nonzero()[0].tolist() == left.tolist() and len(index) == len(left)
        ranks_as_the_scan(index, left, changed)
        folder = tmp_path / str(step)
        folder.mkdir()
        index.save(folder)
        if step:  # what was saved, and what was saved and loaded
            index = backend.load(folder, WIDTH)


def test_longer_vectors_than_there_were_are_found(backend: Backend, tmp_path: Path) -> None:
    index = built(backend, np.arange(ITEMS))
    vectors = np.concatenate([VECTORS[:ITEMS], 3 * VECTORS[ITEMS:500]])
    index.add(vectors[ITEMS:], np.arange(ITEMS, 500))
    index.save(tmp_path)
    for one in (index, backend.load(tmp_path, WIDTH)):
        ranks_as_the_scan(one, np.arange(500), vectors)
        ranks_as_the_scan(one, np.arange(500), vectors, 1000)
        assert np.array_equal(one.get(450), vectors[450].astype(np.float32))


def test_an_index_of_which_much_was_removed_is_worn_or_as_good_as_before(backend: Backend) -> None:
    index = built(backend, np.arange(ITEMS))
    index.remove(np.arange(0, ITEMS, 2))
    ranks_as_the_scan(index, np.arange(1, ITEMS, 2))
    ranks_as_the_scan(index, np.arange(1, ITEMS, 2), depth=ITEMS)


def test_searches_go_on_while_rows_come_and_go(backend: Backend) -> None:
    index, wrong, done = built(backend, np.arange(ITEMS)), list[str](), threading.Event()
    always = np.arange(100, 150)
    exact = FlatIndex(VECTORS[always], always)

    def search() -> None:
        while not done.is_set():
            for vector in ASKED[:2]:
                rows, scores = index.search(vector, 400)
                if scores.tolist() != sorted(scores.tolist(), reverse=True) or len({*rows}) != len(rows):
                    wrong.append("order")
                some = index.search(vector, 10, np.isin(np.arange(ITEMS), always))[0]
                if some.tolist() != exact.search(vector, 10)[0].tolist():
                    wrong.append("rows")

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for start in range(ITEMS, 700, 50):
        index.add(VECTORS[start : start + 50], np.arange(start, start + 50))
        index.remove(np.arange(start - ITEMS, start - ITEMS + 10) // 5)
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong
    ranks_as_the_scan(index, index.held(700).nonzero()[0])


def test_a_build_that_is_stopped_gives_nothing(backend: Backend) -> None:
    stop = threading.Event()
    stop.set()
    assert backend.build(VECTORS, np.arange(5), 1, stop) is None


def test_it_says_what_it_can(backend: Backend) -> None:
    can = backend.abilities
    assert can.add and can.remove and can.can(100)
    assert can.can(16_385) == (can.largest_k is None)


def test_an_address_names_a_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAPEL_MILVUS_TOKEN", "root:secret")
    assert backend_of("") == backend_of("hnsw") == Hnsw()
    for address in ("indexes.db", "http://milvus.example:19530", "https://milvus.example"):
        named = backend_of(address)
        assert named == Milvus(address) and isinstance(named, Milvus) and named.token == "root:secret"
        assert "secret" not in repr(named) + str(named.parameters)
    with pytest.raises(RetrievalError, match=r"^'faiss' is no index: hnsw, .* of a Milvus$"):
        backend_of("faiss")
    with pytest.raises(RetrievalError, match="'HSNW' is no kind"):
        Milvus("indexes.db", "HSNW")


def test_a_package_that_is_missing_is_named_with_what_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(RetrievalError, match=r"^pymilvus is not installed: make scale, or pip install -r req"):
        Milvus(str(tmp_path / "missing.db")).build(VECTORS, np.arange(5))

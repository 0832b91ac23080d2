"""What hnswlib's indexes find, before and after rows are added and removed, against the exact ranking."""

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index import Hnsw, HnswIndex
from tests.retrieval.flat_index import FlatIndex
from tests.retrieval.support import unit_rows


def noise(items: int, width: int = 16, seed: int = 0) -> np.ndarray:
    return unit_rows(np.random.default_rng(seed).standard_normal((items, width))).astype(np.float16)


def built(vectors: np.ndarray, rows: np.ndarray | None = None, parameters: Hnsw | None = None) -> HnswIndex:
    index = (parameters or Hnsw()).build(vectors, np.arange(len(vectors)) if rows is None else rows)
    assert index is not None
    return index


def recall(index: HnswIndex, vectors: np.ndarray, rows: np.ndarray, depth: int = 20) -> float:
    """Share of the best `depth` rows that are found, by 40 of the vectors."""
    exact, found = FlatIndex(vectors[rows], rows), 0
    for vector in vectors[:: max(1, len(vectors) // 40)].astype(np.float32):
        found += len({*index.search(vector, depth)[0]} & {*exact.search(vector, depth)[0]})
    return found / depth / len(vectors[:: max(1, len(vectors) // 40)])


def kept_again(index: HnswIndex, folder: Path, width: int = 16) -> HnswIndex:
    folder.mkdir(parents=True, exist_ok=True)
    index.save(folder)
    return Hnsw().load(folder, width)


def test_scores_are_inner_products() -> None:
    vectors, vector = noise(300), np.random.default_rng(1).standard_normal(16)
    rows, scores = built(vectors).search(vector, 7)
    assert scores == pytest.approx(vectors[rows].astype(float) @ vector, abs=1e-5)
    assert list(scores) == sorted(scores, reverse=True)


def test_only_rows_that_are_held_are_found() -> None:
    rows = np.delete(np.arange(90), [3, 40])
    index = built(noise(90), rows)
    assert len(index) == 88
    assert index.held(100).nonzero()[0].tolist() == rows.tolist() and not index.held(100)[90:].any()
    assert sorted(index.search(np.ones(16), 90)[0]) == rows.tolist()
    assert np.array_equal(index.get(5), noise(90)[5].astype(np.float32))
    for row in (3, 90):
        with pytest.raises(KeyError):
            index.get(row)


def test_an_empty_index_finds_nothing_and_takes_rows(tmp_path: Path) -> None:
    index = built(noise(0))
    assert len(index.search(np.ones(16), 5)[0]) == len(index) == 0 and not index.worn
    index = kept_again(index, tmp_path)
    index.add(noise(9), np.arange(9))
    assert sorted(index.search(np.ones(16), 20)[0]) == list(range(9))


def test_rows_are_added_and_removed() -> None:
    """From 1,000 rows to 1,600, in pieces, with every third of the first ones removed."""
    vectors = noise(1600)
    index = built(vectors[:1000])
    gone = np.arange(0, 1000, 3)
    for start in range(1000, 1600, 50):
        rows = np.arange(start, start + 50)
        index.add(vectors[rows], rows)
        index.remove(gone[(gone >= start - 1000) & (gone < start - 900)])
    index.remove(gone)
    left = np.setdiff1d(np.arange(1600), gone)
    assert len(index) == len(left) and not index.worn
    assert {*index.search(vectors[0], 1600)[0]} <= {*left}
    assert recall(index, vectors, left) > 0.99


def test_an_index_of_which_much_was_removed_is_worn() -> None:
    index = built(noise(400))
    index.remove(np.arange(100))
    assert not index.worn
    index.remove(np.arange(100, 200))
    assert index.worn and recall(index, noise(400), np.arange(200, 400)) > 0.99


def test_a_removed_row_comes_back() -> None:
    index = built(noise(50))
    index.remove(np.array([7]))
    index.add(noise(50, seed=1)[7:8], np.array([7]))
    assert np.array_equal(index.get(7), noise(50, seed=1)[7].astype(np.float32))
    assert sorted(index.search(np.ones(16), 50)[0]) == list(range(50))


def test_what_is_live_is_found_to_the_depth_asked() -> None:
    vectors = noise(900)
    index, live = built(vectors), np.arange(900) % 9 == 4
    rows, scores = index.search(vectors[0], 30, live)
    exact = FlatIndex(vectors, np.arange(900)).search(vectors[0], 30, live)
    assert rows.tolist() == exact[0].tolist() and scores == pytest.approx(exact[1], abs=1e-5)
    assert len(index.search(vectors[0], 500, live)[0]) == 100
    assert index.search(vectors[0], 500, live[:90])[0].max() < 90


@pytest.mark.parametrize("copies", [2000, 40])
def test_equal_vectors_are_all_found(copies: int, tmp_path: Path) -> None:
    """A graph of many equal vectors falls to pieces: of 2,000, hnswlib finds a few hundred."""
    others = noise(300)
    vectors = np.concatenate([others[:150], np.repeat(noise(1, seed=2), copies, 0), others[150:]])
    index = built(vectors)
    index.add(noise(1, seed=2), np.array([len(vectors)]))
    every = {*range(len(vectors) + 1)}
    for index_ in (index, kept_again(index, tmp_path)):
        assert index_.beside == 0
        assert {*index_.search(np.ones(16), len(every))[0]} == every
        assert {*index_.search(vectors[150], copies + 1)[0]} == {*range(150, 150 + copies), len(vectors)}
    index.remove(np.array([150]))  # the row that the node is named after
    assert {*index.search(vectors[151], copies)[0]} == {*range(151, 150 + copies), len(vectors)}


def test_nodes_that_are_not_reached_are_ranked_beside_the_graph(tmp_path: Path) -> None:
    """With two links a node, of crowds that differ in the last digit, many cannot be reached."""
    rng = np.random.default_rng(0)
    crowds = np.repeat(noise(4), 300, 0) + 1e-3 * rng.standard_normal((1200, 16))
    vectors = crowds.astype(np.float16)
    index = built(vectors, parameters=Hnsw(links=2, build_width=4))
    assert 0 < index.beside < 600
    for index_ in (index, kept_again(index, tmp_path)):
        assert sorted(index_.search(np.ones(16), 1200)[0]) == list(range(1200))
        rows, scores = index_.search(vectors[0], 20)
        assert len(set(rows)) == 20 and list(scores) == sorted(scores, reverse=True)
        assert scores == pytest.approx(vectors[rows].astype(np.float32) @ vectors[0].astype(np.float32), abs=1e-5)


@pytest.mark.parametrize("values, sharpness", [(4, 1.0), (10, 3.0), (3, 60.0)])
def test_vectors_of_different_lengths_are_reached_and_ranked(values: int, sharpness: float, tmp_path: Path) -> None:
    """As posteriors of taught attributes are, between 1 / √values and 1 long; very sure ones are often equal."""
    logits = sharpness * np.random.default_rng(0).standard_normal((3000, values))
    logits -= logits.max(1, keepdims=True)
    chances = (np.exp(logits) / np.exp(logits).sum(1, keepdims=True)).astype(np.float16)
    rows = np.arange(10, 3000)
    index, exact = built(chances, rows), FlatIndex(chances[rows], rows)
    assert index.beside < 5
    again = kept_again(index, tmp_path, values)
    for asked in chances[:20].astype(np.float32):
        found, scores = again.search(asked, 50)
        assert scores == pytest.approx(exact.search(asked, 50)[1], abs=2e-3)
        assert scores == pytest.approx(chances[found].astype(np.float32) @ asked, abs=1e-5)
    assert len(again.search(np.ones(values), 2990)[0]) == 2990


def test_longer_vectors_than_any_before_are_ranked_beside_the_graph(tmp_path: Path) -> None:
    vectors = noise(500).astype(np.float32)
    vectors[450:] *= np.linspace(1.01, 3, 50)[:, None]
    index = built(vectors[:450])
    index.add(vectors[450:], np.arange(450, 500))
    assert 40 < index.beside < 50  # a tenth longer fits
    for index_ in (index, kept_again(index, tmp_path)):
        assert np.array_equal(index_.get(499), vectors[499])
        for vector in vectors[::25]:
            expected = np.argsort(-(vectors @ vector))
            assert index_.search(vector, 40)[0].tolist() == expected[:40].tolist()
        assert sorted(index_.search(np.ones(16), 500)[0]) == list(range(500))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_changes_leave_what_a_plain_list_has(data: st.DataObject) -> None:
    """Rows with few distinct vectors, of different lengths, added and removed at random."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    vectors = rng.integers(-2, 3, (200, 3)).astype(np.float16)
    index = built(vectors, np.arange(0))
    exact = FlatIndex(vectors[:0], np.arange(0))
    for _ in range(data.draw(st.integers(1, 8))):
        rows = np.unique(rng.integers(0, 200, data.draw(st.integers(1, 60))))
        if data.draw(st.booleans()):
            rows = rows[~index.held(200)[rows]]
            for one in (index, exact):
                one.add(vectors[rows], rows)
        else:
            for one in (index, exact):
                one.remove(rows)
    assert np.array_equal(index.held(200), exact.held(200))
    vector, live = rng.standard_normal(3), rng.random(200) < 0.6
    for mask in (None, live):
        found, expected = index.search(vector, 200, mask), exact.search(vector, 200, mask)
        assert sorted(found[0]) == sorted(expected[0])
        assert found[1] == pytest.approx(expected[1], abs=1e-5)


def test_searches_go_on_while_rows_are_added() -> None:
    vectors = noise(1500)
    index, wrong = built(vectors[:500]), []
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            rows, scores = index.search(vectors[3], 40)
            if len({*rows}) < 40 or rows[0] != 3 or (np.diff(scores) > 0).any():
                wrong.append(rows)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for start in range(500, 1500, 100):
        index.add(vectors[start : start + 100], np.arange(start, start + 100))
        index.remove(np.arange(start - 490, start - 450))
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong and len(index) == 1500 - 10 * 40


def test_a_build_that_is_stopped_gives_nothing() -> None:
    stop = threading.Event()
    stop.set()
    assert Hnsw().build(noise(5), np.arange(5), 1, stop) is None


def test_vectors_of_another_width_are_not_loaded(tmp_path: Path) -> None:
    built(noise(20)).save(tmp_path)
    with pytest.raises(ValueError, match="16 wide, not 8"):
        Hnsw().load(tmp_path, 8)

"""Sketches never understate their error, and what is refined from them holds the best where it is said to be proven."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import refine, sketch
from retrieval.scan import SLACK, Quick
from retrieval.sketch import Basis, Sketch, products
from retrieval.sketches import KEPT, Sketches, Wanted


def wanted(vectors: np.ndarray, there: np.ndarray | None = None, shares: np.ndarray | None = None) -> Wanted:
    there = np.ones(len(vectors), bool) if there is None else there
    shares = np.full(vectors.shape[1], 0.5) if shares is None else shares
    return Wanted("one", lambda: vectors, there, shares)


def sketch_of(vectors: np.ndarray, shares: np.ndarray | None = None) -> Sketch:
    found = Sketches().get(wanted(vectors, shares=shares), wait=True)
    assert found is not None
    return found


def draw(rng: np.random.Generator, rows: int, width: int) -> np.ndarray:
    """Vectors around a few centres, float16 (rows, width), of length 1."""
    vectors = rng.standard_normal((5, width))[rng.integers(0, 5, rows)] + 0.5 * rng.standard_normal((rows, width))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), width=st.sampled_from((3, 70, 130)), shares=st.sampled_from((0.0, 0.3, 1.0)))
def test_a_score_is_within_the_error_that_a_sketch_admits(seed: int, width: int, shares: float) -> None:
    rng = np.random.default_rng(seed)
    vectors, query = draw(rng, 90, width), rng.standard_normal(width) / width**0.5
    own = np.where(np.arange(width) < width // 2, shares, 1 - shares)
    about, error = sketch_of(vectors, own).scores(query, 90)
    exact = vectors.astype(np.float64) @ query
    assert (np.abs(about - exact) <= error + SLACK).all()
    if width <= sketch.DIM:
        assert error.max() < 0.02 * np.linalg.norm(query / sketch_of(vectors, own).basis.scale)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_best_are_among_the_candidates_that_are_proven(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    rows, count, width = data.draw(st.integers(1, 200)), data.draw(st.integers(1, 3)), 100
    tables = [draw(rng, rows, width) for _ in range(count)]
    queries = [rng.standard_normal(width) / width**0.5 for _ in range(count)]
    sketches = [sketch_of(table) for table in tables]
    for one in sketches:  # some are not sketched yet
        one.done[:] = rng.random(len(one.done)) < data.draw(st.sampled_from((0.9, 1.0)))
    total = np.sum([table.astype(np.float64) @ query for table, query in zip(tables, queries, strict=True)], axis=0)
    live = rng.random(rows) < data.draw(st.sampled_from((0.3, 1.0)))
    live[data.draw(st.integers(0, rows - 1))] = True
    k, most = data.draw(st.integers(1, int(live.sum()))), data.draw(st.sampled_from((0, 5, 1000)))
    exact = data.draw(st.booleans())
    found = refine.candidates(
        sketches, queries, lambda places: Quick(total[places].astype(np.float32)), live, k, most, exact
    )
    if found is None:
        assert exact or most < 1000
        return
    assert live[found.rows].all() and len(set(found.rows.tolist())) == len(found.rows) >= k
    assert found.proven or not exact
    if found.proven:
        best = sorted(np.flatnonzero(live), key=lambda row: (-total[row], row))[:k]
        assert set(best) <= set(found.rows.tolist())


def test_few_are_scored_in_full_where_sketches_tell_much() -> None:
    rng = np.random.default_rng(0)
    vectors = draw(rng, 5000, sketch.DIM)
    query, live = vectors[7].astype(np.float64), np.ones(5000, bool)
    full = (vectors.astype(np.float64) @ query).astype(np.float32)
    found = refine.candidates([sketch_of(vectors)], [query], lambda rows: Quick(full[rows]), live, 10, 4000, exact=True)
    assert found is not None and found.proven and found.scored <= refine.FIRST
    assert set(np.argsort(-full)[:10]) <= set(found.rows.tolist())


def test_a_sketch_grows_with_its_catalog_and_is_right_for_every_row() -> None:
    rng = np.random.default_rng(0)
    vectors = draw(rng, 300, 80)
    sketches = Sketches()
    small = sketches.get(wanted(vectors[:100]), wait=True)
    assert small is not None and small.done[:100].all()
    large = sketches.get(wanted(vectors, np.arange(300) % 7 != 0))  # a few more are not waited for in the background
    assert large is not None and large.done[:300].sum() == 300 - len(range(105, 300, 7))
    about, left = large.basis.of_vectors(vectors)
    done = np.flatnonzero(large.done[:300])
    assert np.allclose(large[done], about[done], atol=large.steps[done].max() / 2 + 1e-6)
    assert np.allclose(large.off[done], np.linalg.norm(large[done] - about[done], axis=1), atol=1e-6)
    assert np.allclose(large.left[done], left[done], atol=1e-6)
    assert large.basis is small.basis


def test_a_basis_of_few_vectors_is_fitted_anew_when_there_are_many() -> None:
    rng = np.random.default_rng(0)
    vectors = np.concatenate([np.eye(80)[rng.integers(0, 4, 40)], draw(rng, 160, 80)]).astype(np.float16)
    sketches = Sketches()
    few, more, many = (sketches.get(wanted(vectors[:count]), wait=True) for count in (40, 160, 200))
    assert few is not None and more is not None and many is not None
    assert few.basis is more.basis is not many.basis and many.done[:200].all()
    assert many.left[:200].mean() < more.left[:160].mean()


def test_what_is_not_waited_for_is_made_in_the_background() -> None:
    vectors, sketches = draw(np.random.default_rng(0), 100, 20), Sketches()
    assert sketches.get(wanted(vectors)) is None
    for thread in list(sketches._working.values()):
        thread.join(30)
    assert sketches.get(wanted(vectors)) is not None
    sketches.only([])
    assert sketches.get(wanted(vectors)) is None


def test_axes_are_orthonormal_and_the_scale_is_taken_back() -> None:
    vectors = draw(np.random.default_rng(0), 500, 90)
    basis = Basis.fit(vectors, np.r_[np.full(60, 0.9), np.zeros(30)])
    assert basis.axes.shape == (90, sketch.DIM)
    assert basis.axes.T @ basis.axes == pytest.approx(np.eye(sketch.DIM), abs=1e-4)


@pytest.mark.parametrize(("rows", "width"), [(1, 1), (2, 48), (17, 3), (4097, 64)])
def test_products_of_bytes_are_whole_numbers(rows: int, width: int) -> None:
    rng = np.random.default_rng(0)
    some, query = (rng.integers(-127, 128, shape).astype(np.int8) for shape in ((rows, width), width))
    assert np.array_equal(products(some, query).numpy(), some.astype(np.int32) @ query.astype(np.int32))
    assert len(products(some[:0], query)) == 0


def test_a_large_sketch_is_kept_and_led_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = draw(np.random.default_rng(0), KEPT + 50, 8)
    made = Sketches(tmp_path).get(wanted(vectors[:KEPT]), wait=True)
    assert made is not None and len(list(tmp_path.iterdir())) == 1
    monkeypatch.setattr(Basis, "fit", None)  # what is kept needs none
    again = Sketches(tmp_path).get(wanted(vectors), wait=True)
    assert again is not None and again.basis.digest == made.basis.digest and again.done[: len(vectors)].all()
    assert np.array_equal(again.rows[:KEPT], made.rows[:KEPT]) and again.longest[0] >= made.longest[0]
    query = vectors[0].astype(np.float64)
    for found, count in ((made, KEPT), (again, len(vectors))):
        about, error = found.scores(query, count)
        assert (np.abs(about - vectors[:count].astype(np.float64) @ query) <= error + SLACK).all()


def test_a_damaged_sketch_is_made_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    vectors = draw(np.random.default_rng(0), KEPT, 8)
    made = Sketches(tmp_path).get(wanted(vectors), wait=True)
    (path,) = tmp_path.iterdir()
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    again = Sketches(tmp_path).get(wanted(vectors), wait=True)
    assert again is not None and made is not None and np.array_equal(again.rows, made.rows)
    assert "is damaged" in caplog.text


def test_the_best_are_found_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of neighbours stand for their best one; equal scores do not make that endless."""
    rng = np.random.default_rng(0)
    for scores in (rng.standard_normal(70_001), np.zeros(70_001), np.r_[np.full(70_000, -np.inf), 1]):
        scores = scores.astype(np.float32)
        best = refine._best(scores, 200)
        assert len(set(best.tolist())) == 200
        assert np.array_equal(np.sort(scores[best]), np.sort(scores)[-200:])

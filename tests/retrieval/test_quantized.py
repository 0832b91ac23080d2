"""Vectors of 8 bits a number: scores are right to what is stated, and the files are those of several who write them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays

from model import Section, repeated
from retrieval import derived, quantized
from retrieval.derived import Derived
from retrieval.quantized import CHUNK, Quantized, stretch_of
from tests.retrieval.support import unit_rows

SECTIONS = (Section("region", 256), Section("general", 192), Section("reading", 7, False))
MIX = {"region": 0.5, "general": 0.3, "reading": 0.2}
THERE = np.arange(60) % 7 != 3


@pytest.fixture(params=[True, False], ids=["whole numbers", "floats"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantized, "_WHOLE", request.param)


def vectors_of(count: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    chances = np.exp(3 * rng.standard_normal((count, 7)))
    units = [unit_rows(rng.standard_normal((count, width))) for width in (256, 192)]
    return np.hstack([*units, chances / chances.sum(1, keepdims=True)]).astype(np.float16)


def test_scores_of_derived_vectors_are_right_to_what_is_stated(way: None) -> None:
    vectors = vectors_of(CHUNK + 100)
    asked = vectors[:5].astype(np.float64) * repeated(SECTIONS, MIX)
    kept, plain = Quantized.of(vectors, stretch_of(SECTIONS)), Quantized.of(vectors)
    for vector in asked:
        off = np.abs(kept.scores(vector) - vectors.astype(np.float64) @ vector)
        stated = kept.error(vector)
        assert (off <= stated).all() and stated.max() < 0.02
        assert off.max() < 0.3 * stated.min()  # as a rule far less
        assert off.mean() < 0.7 * np.abs(plain.scores(vector) - vectors.astype(np.float64) @ vector).mean()
        rows = np.random.default_rng(1).permutation(len(vectors))[: CHUNK + 3]
        for part in (rows, slice(7, 20), slice(3, None, 2), rows[:0]):
            assert np.allclose(kept.scores(vector, part), kept.scores(vector)[part], atol=1e-6)
            assert np.array_equal(kept.error(vector, part), stated[part])


@settings(max_examples=60, deadline=None)
@given(some.data())
def test_scores_of_any_vectors_are_right_to_what_is_stated(data: some.DataObject) -> None:
    width = data.draw(some.integers(1, 40))
    size = some.floats(-1000, 1000, width=16)
    vectors = data.draw(arrays(np.float16, (data.draw(some.integers(1, 5)), width), elements=size))
    vector = data.draw(arrays(np.float64, width, elements=some.floats(-1000, 1000)))
    stretch = data.draw(arrays(np.float32, width, elements=some.floats(0.5, 64, width=32)))
    kept = Quantized.of(vectors, stretch)
    exact = vectors.astype(np.float64) @ vector
    for whole in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(quantized, "_WHOLE", whole)
            assert (np.abs(kept.scores(vector) - exact) <= kept.error(vector) + 1e-25).all()


def test_they_are_read_as_an_array_of_float16() -> None:
    vectors, stretch = vectors_of(50), stretch_of(SECTIONS)
    vectors[4] = 0
    kept = Quantized.of(vectors, stretch)
    assert (len(kept), kept.shape, kept.dtype, kept.ndim) == (50, (50, 455), np.float16, 2)
    assert kept.nbytes == 50 * (455 + 4) and kept.size * kept.itemsize == 50 * 455
    assert np.abs(kept.codes).max(1).tolist() == [0 if row == 4 else 127 for row in range(50)]
    read = np.asarray(kept)
    assert read.dtype == np.float16 and not read[4].any()
    step = kept.scales[:, None] / stretch / 2
    assert (np.abs(read.astype(np.float64) - vectors) <= step + np.abs(vectors.astype(np.float64)) * 2**-10).all()
    rows = np.array([7, 4, 7])
    assert np.array_equal(kept[rows], read[rows]) and np.array_equal(kept[9], read[9])
    assert np.array_equal(kept[3:20:2], read[3:20:2]) and np.array_equal(kept.head(8)[:], read[:8])
    assert np.asarray(kept, np.float32).dtype == np.float32
    again = Quantized.of(read, stretch)
    assert np.abs(again.codes.astype(int) - kept.codes).max() <= 1


class Making:
    """Makes vectors of slots, and notes of which."""

    def __init__(self) -> None:
        self.vectors, self.made = vectors_of(len(THERE)), list[int]()

    def __call__(self, slots: np.ndarray) -> np.ndarray:
        self.made += slots.tolist()
        return self.vectors[slots]


@pytest.mark.parametrize("large", [False, True])
def test_a_growing_catalog_keeps_what_was_made(large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derived, "KEPT", 0 if large else 10**9)
    monkeypatch.setattr(derived, "CHUNK", 7)
    stretch, making, kept = stretch_of(SECTIONS), Making(), Derived(tmp_path)
    kept.quantized("digest", stretch, THERE[:20], making)
    found = kept.quantized("digest", stretch, THERE, making)
    assert sorted(making.made) == np.flatnonzero(THERE).tolist()
    whole = Quantized.of(making.vectors, stretch)
    assert len(found) == len(THERE) and np.array_equal(found.codes[THERE], whole.codes[THERE])
    assert np.array_equal(found[:][THERE], whole[:][THERE])
    assert np.array_equal(kept.vectors("digest", 455, THERE, making)[THERE], making.vectors[THERE])  # beside them
    assert np.array_equal(kept.quantized("digest", stretch, THERE, making).codes[THERE], whole.codes[THERE])
    assert {path.suffix for path in tmp_path.iterdir()} == ({".i8", ".f16", ".done"} if large else set())
    if large:
        (path,) = tmp_path.glob("*.i8")
        assert path.stat().st_size == len(THERE) * (455 + 4)
        making.made.clear()
        again = Derived(tmp_path).quantized("digest", stretch, THERE, making)
        assert making.made == [] and np.array_equal(again.codes[THERE], whole.codes[THERE])
        kept.only([])
        assert len(list(tmp_path.glob("*.i8"))) == 1 and not kept._found


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def no_marks(path: Path) -> None:
    path.with_suffix(".done").unlink()


@pytest.mark.parametrize("damage", [cut, no_marks])
def test_a_damaged_file_is_made_again(
    damage: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derived, "KEPT", 0)
    stretch, making = stretch_of(SECTIONS), Making()
    Derived(tmp_path).quantized("digest", stretch, THERE, making)
    (path,) = tmp_path.glob("*.i8")
    stored = path.read_bytes()
    damage(path)
    found = Derived(tmp_path).quantized("digest", stretch, THERE, making)
    assert np.array_equal(found.codes[THERE], Quantized.of(making.vectors, stretch).codes[THERE])
    assert path.read_bytes() == stored


def test_what_a_kill_left_half_written_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derived, "KEPT", 0)
    monkeypatch.setattr(derived, "CHUNK", 7)
    stretch, making, fill = stretch_of(SECTIONS), Making(), derived.fill
    calls = iter(range(100))

    def killed(path: Path, rows: np.ndarray, content: np.ndarray) -> None:
        last = 3 if next(calls) == 4 else len(rows)
        fill(path, rows[:last], content[:last])
        if last < len(rows):
            raise KeyboardInterrupt

    monkeypatch.setattr(derived, "fill", killed)
    with pytest.raises(KeyboardInterrupt):
        Derived(tmp_path).quantized("digest", stretch, THERE, making)
    monkeypatch.setattr(derived, "fill", fill)
    before = len(making.made)
    found = Derived(tmp_path).quantized("digest", stretch, THERE, making)
    assert np.array_equal(found.codes[THERE], Quantized.of(making.vectors, stretch).codes[THERE])
    assert before == 21 and len(making.made) == before + int(THERE.sum()) - 14  # two parts were whole


def test_two_who_write_the_same_see_what_the_other_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derived, "KEPT", 0)
    stretch, making, other = stretch_of(SECTIONS), Making(), Making()
    one, two = Derived(tmp_path), Derived(tmp_path)
    one.quantized("digest", stretch, THERE[:20], making)
    two.quantized("digest", stretch, THERE, other)
    found = one.quantized("digest", stretch, THERE, making)
    assert sorted(making.made) == np.flatnonzero(THERE[:20]).tolist()  # the rest was there
    assert sorted(making.made + other.made) == np.flatnonzero(THERE).tolist()
    assert np.array_equal(found.codes[THERE], Quantized.of(making.vectors, stretch).codes[THERE])

"""The general view kept once: scores are those of whole derived vectors, to within what is stated."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from benchmarks.general_once import GeneralOnce, Once, unit_rows
from model import GENERAL, REGION, Calibrated, CalibrationRow, Column, Section
from retrieval.derived import derived

WIDE, DEEP, COUNT = 48, 32, 500
SECTIONS = (Section(REGION, WIDE), Section(GENERAL, DEEP), Section("reading", 5, False))


@pytest.fixture
def derivation() -> Calibrated:
    lots = torch.Generator().manual_seed(0)

    def row(width: int) -> CalibrationRow:
        return CalibrationRow(*(torch.randn(shape, generator=lots) / 5 for shape in ((width,), (width, 6), (width, 6))))

    needs = (Column("neck", REGION), Column("", GENERAL))
    return Calibrated(needs, SECTIONS[:2], {REGION: 0.4, GENERAL: 0.6}, (row(WIDE), row(DEEP)), "digest")


def raw_of(seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    raw = [unit_rows(rng.standard_normal((COUNT, width))).astype(np.float16) for width in (WIDE, DEEP)]
    for part in raw:
        part[3] = 0
    return raw


def kept(derivation: Calibrated, raw: list[np.ndarray], vectors: np.ndarray) -> GeneralOnce:
    found = GeneralOnce.of(derivation, vectors, raw[1])
    assert found is not None
    return found


def test_scores_are_those_of_derived_vectors_to_within_what_is_stated(derivation: Calibrated) -> None:
    raw = raw_of()
    exact = derivation.apply(raw).astype(np.float64) * raw[0].any(1, keepdims=True)
    found = kept(derivation, raw, derived(derivation, lambda column: raw[derivation.needs.index(column)]))
    assert found.shape == exact.shape and len(found) == COUNT
    rows = np.random.default_rng(1).permutation(COUNT)[:70]
    for vector in (exact[0], -exact[7], np.random.default_rng(2).standard_normal(exact.shape[1])):
        off, stated = np.abs(found.scores(vector) - exact @ vector), found.error(vector)
        assert (off <= stated).all() and off.max() < 0.5 * stated.max()
        assert stated.max() < 0.15 * np.linalg.norm(vector)
        assert np.allclose(found.scores(vector, rows), found.scores(vector)[rows], atol=1e-6)
        assert np.array_equal(found.error(vector, rows), stated[rows])
    assert found.scores(exact[0])[3] == 0 and not found[3].any()


def test_they_are_read_as_derived_vectors(derivation: Calibrated) -> None:
    raw = raw_of()
    vectors = derived(derivation, lambda column: raw[derivation.needs.index(column)])
    found = kept(derivation, raw, vectors)
    assert found[:].dtype == np.float16 and np.abs(found[:].astype(float) - vectors).max() < 0.02
    assert np.array_equal(found[np.array([5, 2])], found[:][[5, 2]]) and np.array_equal(found[8], found[:][8])


def test_the_section_may_lie_between_others_and_need_not_be_there(derivation: Calibrated) -> None:
    between = replace(derivation, sections=SECTIONS)
    once = Once.of(between)
    assert once is not None and once.place == slice(WIDE, WIDE + DEEP) and len(once.rest) == WIDE + 5
    numbers = np.arange(WIDE + DEEP + 5)[None]
    assert once.shortened(numbers)[0].tolist() == [*range(WIDE), *range(WIDE + DEEP, WIDE + DEEP + 5)]
    assert Once.of(replace(derivation, rows=None)) is None
    assert Once.of(replace(derivation, sections=SECTIONS[:1])) is None

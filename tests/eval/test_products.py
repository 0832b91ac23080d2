"""Inner products in blocks against those in one piece."""

import numpy as np
import pytest

from eval import metrics, products
from eval.products import Products, mean_of

ROWS, QUERIES, CANDIDATES = np.random.default_rng(0).standard_normal((50, 7)), np.arange(9), np.arange(4, 50)


@pytest.mark.parametrize("kept", [0, 10**6])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_cosines_and_inner_products_are_those_in_one_piece(monkeypatch, kept, dtype):
    monkeypatch.setattr(products, "_KEPT", kept)
    monkeypatch.setattr(products, "_ROWS", 30)
    rows = ROWS.astype(dtype)
    rows[11] = 0
    wide = rows.astype(np.float64)
    for of in (Products(rows), Products(rows)):
        for _ in range(2):
            assert of(QUERIES, CANDIDATES) == pytest.approx(metrics.cosine(wide[:9], wide[4:]), abs=1e-14)
    plain = Products(rows, unit=False)
    assert plain(QUERIES, CANDIDATES) == pytest.approx(wide[:9] @ wide[4:].T, abs=1e-13)
    other = CANDIDATES[::3].copy()
    assert plain(QUERIES, other) == pytest.approx(wide[:9] @ wide[other].T, abs=1e-13)
    centre = mean_of(rows)
    assert centre == pytest.approx(wide.mean(axis=0), abs=1e-14)
    expected = metrics.cosine(wide[:9] - centre, wide[4:] - centre)
    assert Products(rows, centre=centre)(QUERIES, CANDIDATES) == pytest.approx(expected, abs=1e-14)


def test_the_mean_is_of_the_rows_that_count(monkeypatch):
    monkeypatch.setattr(products, "_ROWS", 21)
    usable = np.arange(50) % 3 > 0
    assert mean_of(ROWS, usable) == pytest.approx(ROWS[usable].mean(axis=0), abs=1e-14)
    assert mean_of(ROWS, np.zeros(50, bool)).tolist() == [0] * 7

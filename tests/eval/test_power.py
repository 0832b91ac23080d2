"""How many queries would decide: against simulated studies of that size, and by hand."""

import numpy as np
import pytest

from eval.intervals import difference_interval
from eval.power import needed


def decided(points: float, scatter: float, queries: int, margin: float) -> float:
    """Share of 300 simulated comparisons with so many queries that decide."""
    rng = np.random.default_rng(0)
    samples = rng.normal(points, scatter, (300, queries))
    found = [difference_interval(sample, np.zeros(queries), resamples=300) for sample in samples]
    return float(np.mean([each.excludes() or each.within(margin) for each in found]))


def test_so_many_queries_decide_in_four_of_five_comparisons() -> None:
    better = needed(points=4.0, error=20 / 45**0.5, queries=45, margin=1.0)
    assert better == 200  # (1.960 + 0.842)² · 20² / 4² = 196.2
    assert 0.74 < decided(4.0, 20.0, better, 1.0) < 0.88


def test_a_difference_within_the_margin_is_decided_as_level() -> None:
    level = needed(points=0.0, error=5 / 50**0.5, queries=50, margin=1.0)
    assert level == 200  # (1.960 + 0.842)² · 5² / 1² = 196.2; a true difference of 0 has less than that to reach
    assert decided(0.3, 5.0, needed(0.3, 5 / 50**0.5, 50, 1.0) or 0, 1.0) > 0.74


def test_more_attributes_at_once_need_more_queries() -> None:
    few, many = (needed(4.0, 3.0, 45, 1.0, compared) for compared in (1, 7))
    assert few is not None and many is not None and 1.3 < many / few < 1.7


def test_clustered_queries_count_by_their_error() -> None:
    assert needed(4.0, 3.0, 45, 1.0) == 200 and needed(4.0, 6.0, 45, 1.0) == 800


def test_what_cannot_be_said_is_not_said() -> None:
    assert needed(3.0, float("inf"), 1, 1.0) is None
    assert needed(3.0, 0.0, 9, 1.0) is None
    assert needed(1.0, 1.0, 9, 1.0) == needed(1.0, 1.0, 9, 0.5)


@pytest.mark.parametrize("margin", [0.5, 1.0])
def test_queries_that_all_agree_need_as_many_as_put_level_within_the_margin(margin: float) -> None:
    enough = needed(0.0, 0.0, 40, margin)
    assert enough is not None
    alike = np.full(enough, 50.0)
    assert difference_interval(alike, alike, span=(-100, 100)).within(margin)
    fewer = alike[: int(enough * 0.9)]
    assert not difference_interval(fewer, fewer, span=(-100, 100)).within(margin)

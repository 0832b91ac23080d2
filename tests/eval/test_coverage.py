"""Intervals hold the mean as often as they say: simulated where the mean is known."""

import json

import numpy as np
import pytest

from benchmarks.coverage import summary
from common.assets import REPORTS
from eval.coverage import coverage
from eval.errors import EvalError

RNG = np.random.default_rng(11)
SHARES = RNG.binomial(12, RNG.beta(3, 1, 2000)) / 12 * 100
"""P@12 of 2,000 queries, most of them near the ceiling."""
RIGHT = np.where(RNG.random(2000) < 0.96, 100.0, 0.0)
"""Top-1 of 2,000 queries, 96 % right."""
CLOSE = RNG.choice([-100.0, 0.0, 100.0], 2000, p=[0.02, 0.92, 0.06])
"""Difference of Top-1 between two methods that seldom disagree."""
ONE = (0.0, 100.0)


@pytest.mark.parametrize(
    "population, span",
    [(SHARES, ONE), (RIGHT, ONE), (CLOSE, (-100.0, 100.0))],
    ids=["p12", "top1", "difference of top1"],
)
def test_of_200_queries_the_interval_that_is_chosen_covers_in_92_to_98_of_100(population, span) -> None:
    found = coverage(population, 200, [None], span, simulations=300, resamples=500)[None]
    assert 92 <= found.covers <= 98
    assert found.covers + found.below + found.above == pytest.approx(100)


@pytest.mark.parametrize("population", [SHARES, RIGHT], ids=["p12", "top1"])
def test_of_50_queries_it_covers_hardly_less(population) -> None:
    found = coverage(population, 50, [None], ONE, simulations=200, resamples=300)[None]
    assert 90 <= found.covers <= 99


def test_queries_of_one_garment_cover_only_when_they_are_drawn_together() -> None:
    rng = np.random.default_rng(0)
    garments = np.repeat(np.arange(300), rng.integers(1, 6, 300))
    shares = (rng.normal(60, 15, 300)[garments] + rng.normal(0, 4, len(garments))).clip(0, 100)
    together = coverage(shares, 200, [None], ONE, 200, clusters=garments, resamples=300)[None]
    careless = [shares[np.concatenate(chosen)] for chosen in _draws(garments, 200)]
    held = [abs(one.mean() - shares.mean()) < 1.96 * one.std() / len(one) ** 0.5 for one in careless]
    assert 91 <= together.covers <= 99
    assert np.mean(held) < 0.85


def _draws(garments: np.ndarray, simulations: int) -> list[list[np.ndarray]]:
    rng = np.random.default_rng(1)
    return [[np.flatnonzero(garments == each) for each in rng.integers(0, 300, 66)] for _ in range(simulations)]


def test_a_mean_outside_is_counted_on_its_side() -> None:
    skewed = np.array([0.0] * 5 + [100.0] * 995)
    found = coverage(skewed, 50, ["percentile"], simulations=100, resamples=200)["percentile"]
    assert found.below > 50 and found.above == 0  # five in a thousand are seldom drawn: all right is what is seen


def test_the_same_seed_gives_the_same_result() -> None:
    first, second, other = (coverage(SHARES, 30, [None], ONE, 40, seed, resamples=100) for seed in (0, 0, 1))
    assert first == second != other


def test_nothing_to_draw_from_is_refused() -> None:
    with pytest.raises(EvalError, match="coverage needs a population"):
        coverage(np.zeros(0), 50)


def test_a_summary_counts_the_populations_within_three_points() -> None:
    about = {"method": "default", "queries": 200, "figure": "p12", "of": "weights", "width": 8.0}
    rows = [{**about, "covers": covers} for covers in (95.0, 98.0, 91.9)]
    (made,) = summary(rows)
    assert (made["populations"], made["within"], made["least"], made["most"]) == (3, 2, 91.9, 98.0)
    assert made["covers"] == pytest.approx(94.97, abs=0.01) and made["width"] == 8.0


def test_on_real_figures_200_queries_cover_95_of_100_within_three() -> None:
    """The record that `python -m benchmarks.coverage` has written, of 300 simulations a row."""
    kept = json.loads((REPORTS / "coverage" / "coverage.json").read_text(encoding="utf-8"))
    assert kept["level"] == 0.95 and kept["simulations"] == 300
    rows = [row for row in kept["rows"] if row["queries"] == 200]
    assert {(row["of"], row["figure"]) for row in rows} >= {
        ("difference", "p12"),
        ("weights", "map"),
        ("weights", "top1"),
    }
    covers = np.array([row["covers"] for row in rows])
    assert abs(covers.mean() - 95) < 0.5 and covers.min() > 91
    assert (np.abs(covers - 95) <= 3).mean() >= 0.95

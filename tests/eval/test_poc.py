"""Arithmetic of a proof of concept: least labels, forecasts, hours, minutes, months."""

import numpy as np
import pytest

from eval import Interval, forecast, label_hours, least_labels, machines_needed, mean_of, minutes_to_find, months_to_pay
from eval.errors import EvalError


def queries(means: list[float], noise: float = 0.5, count: int = 200, seed: int = 0) -> np.ndarray:
    """P@12 at steps of the same queries, which vary much among each other and little between steps."""
    rng = np.random.default_rng(seed)
    hard = rng.normal(0, 15, count)
    return np.stack([mean + hard + rng.normal(0, noise, count) for mean in means])


def test_the_least_is_the_first_within_a_point_of_the_best() -> None:
    found = least_labels([2, 5, 10, 20], queries([60, 70, 79.7, 80]), np.arange(200))
    assert (found.n, found.best, found.undecided) == (10, 20, ()) and found.decided
    assert found.behind[2].low > 15 and found.behind[20] == Interval(0, 0, 0)


def test_wide_intervals_are_not_decided() -> None:
    swings = np.tile([-8.0, 8.0], 20)
    p12 = np.stack([np.full(40, 60.0), 79 + swings, np.full(40, 80.0)])
    found = least_labels([2, 5, 10], p12, np.arange(40))
    assert found.n is None and not found.decided and found.undecided == (5,) and found.best == 10
    assert found.behind[5].low < 1 < found.behind[5].high
    assert least_labels([2, 5, 10], p12 + np.array([[0], [0.9], [0]]), np.arange(40), point=4).n == 5


def test_where_fewer_are_worse_all_are_needed() -> None:
    found = least_labels([2, 5], queries([60, 80]), np.arange(200))
    assert (found.n, found.best) == (5, 5)


def test_what_asks_in_several_draws_counts_once() -> None:
    once = queries([78.6, 80], noise=6, count=60)
    four = np.concatenate([once] * 4, axis=1)
    alone = least_labels([5, 10], four, np.arange(240)).behind[5]
    together = least_labels([5, 10], four, np.tile(np.arange(60), 4)).behind[5]
    assert together.high - together.low > 1.7 * (alone.high - alone.low)


def test_a_forecast_holds_the_curve_that_it_comes_from_and_no_more_than_needed() -> None:
    rng = np.random.default_rng(1)
    steps = np.array([2, 3, 5, 10])

    def curve(labels: np.ndarray) -> np.ndarray:
        return 80 - 40 * labels**-0.5

    kept = {"step": 0, "saturating": 0, "level": 0}
    for _ in range(200):
        maps = curve(steps) + rng.normal(0, 1, (5, 4))
        later = curve(np.array([20.0]))[0] + rng.normal(0, 1)
        for method in kept:
            interval = forecast(steps.tolist(), maps, 20, method)  # type: ignore[arg-type]
            kept[method] += interval.low <= later <= interval.high
    assert kept["step"] >= 180
    assert kept["level"] < 120, "that nothing will change is not kept on a curve that rises"


def test_a_forecast_does_not_go_further_than_twice() -> None:
    with pytest.raises(EvalError, match="no further than 2 times"):
        forecast([2, 5], np.ones((5, 2)), 11)
    with pytest.raises(EvalError, match="two draws"):
        forecast([2, 5], np.ones((1, 2)), 10)
    assert forecast([2, 5], np.full((5, 2), 99.9), 10).high <= 100


def test_hours_minutes_and_months() -> None:
    assert label_hours(120, 0.5) == 1
    assert minutes_to_find(3, 50, 10) == pytest.approx(1)
    assert months_to_pay(100, 25) == 4 and months_to_pay(100, -1) is None and months_to_pay(0, 0) == 0
    assert machines_needed(1, 0.1) == 1 and machines_needed(10, 0.5) == 10
    both = mean_of([Interval(2, 1, 3), Interval(4, 3, 5)])
    assert (both.mean, both.high - both.mean) == (3, pytest.approx(0.5**0.5))

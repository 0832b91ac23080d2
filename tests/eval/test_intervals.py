"""Bootstrap intervals: coverage by simulation, pairing, clusters, and what is refused."""

import numpy as np
import pytest

from eval.errors import EvalError
from eval.intervals import difference_interval, mean_interval


def test_the_interval_is_that_of_resampled_means_drawn_one_by_one() -> None:
    values = np.array([0.1, 0.9, 0.4, 0.4, 1.0, 0.0])
    found = mean_interval(values, seed=3, resamples=500)
    rng = np.random.default_rng(3)
    places = rng.integers(0, 6, (500, 6))
    means = sorted(sum(values[place] for place in row) / 6 for row in places)
    assert found.mean == pytest.approx(values.mean())
    assert found.low == pytest.approx(np.quantile(means, 0.025))
    assert found.high == pytest.approx(np.quantile(means, 0.975))


def test_95_of_100_intervals_hold_the_mean_that_was_drawn_from() -> None:
    rng = np.random.default_rng(0)
    samples = rng.beta(2, 1, (300, 60))  # mean 2 / 3
    held = [mean_interval(sample, resamples=400) for sample in samples]
    share = np.mean([one.low <= 2 / 3 <= one.high for one in held])
    assert 0.9 < share < 0.98


def test_the_same_seed_gives_the_same_interval_and_another_another() -> None:
    values = np.random.default_rng(0).random(50)
    assert mean_interval(values, seed=1) == mean_interval(values, seed=1)
    assert mean_interval(values, seed=1) != mean_interval(values, seed=2)


def test_a_paired_difference_is_narrower_than_the_queries_vary() -> None:
    rng = np.random.default_rng(0)
    hard = rng.random(80)
    new, old = hard + 0.05 + rng.normal(0, 0.01, 80), hard
    gain = difference_interval(new, old)
    assert 0.04 < gain.low < gain.mean < gain.high < 0.06
    assert gain.excludes() and not gain.excludes(0.05)
    alone = mean_interval(new)
    assert alone.high - alone.low > 10 * (gain.high - gain.low)


def test_copies_of_a_query_do_not_narrow_the_interval_when_they_are_one_cluster() -> None:
    values = np.random.default_rng(0).random(40)
    copied, clusters = np.repeat(values, 9), np.repeat(np.arange(40), 9)
    once, careless = mean_interval(values), mean_interval(copied)
    clustered = mean_interval(copied, clusters)
    assert clustered.low == pytest.approx(once.low) and clustered.high == pytest.approx(once.high)
    assert careless.high - careless.low < 0.5 * (once.high - once.low)


def test_clusters_count_by_their_queries_and_may_be_named() -> None:
    found = mean_interval(np.array([1.0, 1.0, 1.0, 0.0]), np.array(["coat", "coat", "coat", "hat"]))
    assert found.mean == 0.75 and found.low == 0.0 and found.high == 1.0


def test_many_queries_are_drawn_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).random(30)
    whole = mean_interval(values, resamples=100)
    monkeypatch.setattr("eval.intervals._CHUNK", 90)
    assert mean_interval(values, resamples=100) == whole


@pytest.mark.parametrize(
    "values, options, said",
    [
        ([], {}, "one query at least"),
        ([0.1, np.nan], {}, "finite"),
        ([0.1, 0.2], {"clusters": np.array([1])}, "1 clusters are given for 2"),
        ([0.1], {"level": 1.0}, "level"),
        ([0.1], {"resamples": 0}, "resamples"),
    ],
)
def test_what_makes_no_interval_is_refused(values: list[float], options: dict, said: str) -> None:
    with pytest.raises(EvalError, match=said):
        mean_interval(np.array(values), **options)


def test_figures_of_other_queries_are_not_paired() -> None:
    with pytest.raises(EvalError, match="cannot be paired"):
        difference_interval(np.ones(3), np.ones(2))

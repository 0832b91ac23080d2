"""Intervals: each method against an independent computation, pairing, clusters, degenerate values, what is refused."""

import time
from itertools import product

import numpy as np
import pytest

from eval.errors import EvalError
from eval.intervals import Interval, Method, difference_interval, drawn, mean_interval

METHODS: tuple[Method, ...] = ("percentile", "bca", "studentised")
VALUES = np.array([0.1, 0.9, 0.4, 0.5, 1.0, 0.0, 0.7, 0.2])


def redrawn(values: np.ndarray, resamples: int, seed: int) -> list[np.ndarray]:
    """What is drawn, query by query."""
    places = np.random.default_rng(seed).integers(0, len(values), (resamples, len(values)))
    return [values[row] for row in places]


def test_percentile_is_the_middle_of_the_resampled_means() -> None:
    found = mean_interval(VALUES, seed=3, resamples=500, method="percentile")
    means = [draw.mean() for draw in redrawn(VALUES, 500, 3)]
    assert found.mean == pytest.approx(VALUES.mean())
    assert found.low == pytest.approx(np.quantile(means, 0.025))
    assert found.high == pytest.approx(np.quantile(means, 0.975))


def test_studentised_is_that_of_ratios_drawn_one_by_one() -> None:
    found = mean_interval(VALUES, seed=3, resamples=500, method="studentised")
    draws, root = redrawn(VALUES, 500, 3), len(VALUES) ** 0.5
    ratios = [(draw.mean() - VALUES.mean()) / (draw.std(ddof=1) / root) for draw in draws]
    error = VALUES.std(ddof=1) / root
    assert found.low == pytest.approx(VALUES.mean() - np.quantile(ratios, 0.975) * error)
    assert found.high == pytest.approx(VALUES.mean() - np.quantile(ratios, 0.025) * error)


def test_bca_moves_both_bounds_as_its_formula_says() -> None:
    """Of Efron and Tibshirani's mouse data (1993, table 2.1): the treated group's mean, 86.86, skewed to the right."""
    treated = np.array([94.0, 197, 16, 38, 99, 141, 23])
    found = mean_interval(treated, resamples=40_000, level=0.9, method="bca")
    plain = mean_interval(treated, resamples=40_000, level=0.9, method="percentile")
    assert found.mean == pytest.approx(86.857, abs=1e-3)
    # bias correction near 0, acceleration Σd³ / 6(Σd²)^1.5 = 0.0291: both places move up by that formula
    away = treated - treated.mean()
    assert (away**3).sum() / (6 * (away**2).sum() ** 1.5) == pytest.approx(0.02912, abs=1e-5)
    means = np.sort([draw.mean() for draw in redrawn(treated, 40_000, 0)])
    bias = normal_place(float((means < treated.mean() - 1e-9).mean() + 0.5 * np.isclose(means, treated.mean()).mean()))
    for bound, z in ((found.low, -1.644854), (found.high, 1.644854)):
        at = bias + z
        share = normal_share(bias + at / (1 - 0.02912 * at))
        assert bound == pytest.approx(np.quantile(means, share), rel=0.01)
    assert found.low > plain.low and found.high > plain.high


def normal_share(z: float) -> float:
    """Φ(z) by adding up the density."""
    grid = np.linspace(-8, z, 20_001)
    density = np.exp(-(grid**2) / 2) / np.sqrt(2 * np.pi)
    return float(((density[1:] + density[:-1]) / 2 * np.diff(grid)).sum())


def normal_place(share: float) -> float:
    grid = np.linspace(-4, 4, 2_001)
    return float(np.interp(share, [normal_share(z) for z in grid], grid))


def test_score_of_right_and_wrong_is_wilsons() -> None:
    """81 of 263: 0.2553 to 0.3662 (R. Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I)."""
    right = np.repeat([100.0, 0.0], [81, 182])
    found = mean_interval(right, span=(0, 100))
    assert (found.low, found.high) == (pytest.approx(25.53, abs=0.01), pytest.approx(36.62, abs=0.01))
    assert found == mean_interval(right, span=(0, 100), method="score", seed=5)
    no_failure = mean_interval(np.full(20, 100.0), span=(0, 100))
    assert no_failure.low == pytest.approx(83.89, abs=0.01) and no_failure.high == 100  # 0 of 20: 0.0000 to 0.1611


def test_score_of_differences_is_agrestis_and_mins() -> None:
    """b = 12 better, c = 4 worse, of n = 100: (b - c) / (n + 2) ± z √(b + c + 1 - (b - c)² / (n + 2)) / (n + 2)."""
    new = np.repeat([100.0, 0.0, 100.0], [12, 4, 84])
    old = np.repeat([0.0, 100.0, 100.0], [12, 4, 84])
    found = difference_interval(new, old, span=(-100, 100))
    half = 1.959964 * np.sqrt(17 - 64 / 102) / 102
    assert found.mean == 8
    assert (found.low, found.high) == (pytest.approx(100 * (8 / 102 - half)), pytest.approx(100 * (8 / 102 + half)))


def test_score_is_narrower_for_no_values_with_the_same_mean() -> None:
    shares = np.random.default_rng(0).beta(2, 1, 60) * 100
    score, bootstrap = (mean_interval(shares, span=(0, 100), method=method) for method in ("score", "studentised"))
    assert score.low < bootstrap.low and bootstrap.high < score.high


@pytest.mark.parametrize("method", METHODS)
def test_about_95_of_100_intervals_hold_the_mean_that_was_drawn_from(method: Method) -> None:
    samples = np.random.default_rng(0).beta(2, 1, (300, 60))  # mean 2 / 3
    held = [mean_interval(sample, resamples=400, method=method) for sample in samples]
    share = np.mean([one.low <= 2 / 3 <= one.high for one in held])
    assert 0.91 < share < 0.98


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
    assert gain.within(0.06) and not gain.within(0.05)
    alone = mean_interval(new)
    assert alone.high - alone.low > 10 * (gain.high - gain.low)


@pytest.mark.parametrize("method", METHODS)
def test_copies_of_a_query_do_not_narrow_the_interval_when_they_are_one_cluster(method: Method) -> None:
    values = np.random.default_rng(0).random(40)
    copied, clusters = np.repeat(values, 9), np.repeat(np.arange(40), 9)
    once, careless = mean_interval(values, method=method), mean_interval(copied, method=method)
    clustered = mean_interval(copied, clusters, method=method)
    assert clustered.low == pytest.approx(once.low) and clustered.high == pytest.approx(once.high)
    assert careless.high - careless.low < 0.5 * (once.high - once.low)


@pytest.mark.parametrize("span", [(0.0, 100.0), (-100.0, 100.0)])
def test_copies_of_right_and_wrong_answers_count_once_in_score_too(span: tuple[float, float]) -> None:
    values = np.repeat([100.0, 0.0], [30, 10])
    clustered = mean_interval(np.repeat(values, 5), np.repeat(np.arange(40), 5), span=span)
    once = mean_interval(values, span=span)
    assert clustered.low == pytest.approx(once.low, abs=0.5) and clustered.high == pytest.approx(once.high, abs=0.5)


def test_clusters_may_be_named_and_count_by_their_queries() -> None:
    values = np.array([1.0, 1.0, 1.0, 0.0, 0.5, 0.5])
    names = np.array(["coat", "coat", "coat", "hat", "belt", "belt"])
    found = mean_interval(values, names, resamples=3000, method="percentile")
    sums, counts = np.array([3.0, 0.0, 1.0]), np.array([3, 1, 2])
    means = [sums[list(row)].sum() / counts[list(row)].sum() for row in product(range(3), repeat=3)]
    assert found.mean == pytest.approx(values.mean())
    assert found.low == pytest.approx(min(means)) and found.high == pytest.approx(max(means))


@pytest.mark.parametrize("clusters", [None, np.zeros(1)])
def test_one_query_says_nothing_of_others(clusters: np.ndarray | None) -> None:
    alone = mean_interval(np.array([80.0]), clusters, span=(0, 100))
    assert alone == Interval(80.0, -np.inf, np.inf)
    assert not alone.known and not alone.excludes(0) and not alone.within(1)


def test_one_cluster_says_nothing_of_others_and_two_or_three_queries_hardly_more() -> None:
    assert not mean_interval(VALUES, np.zeros(8)).known
    assert not mean_interval(VALUES[:2]).known and not mean_interval(VALUES[:3]).known
    told = mean_interval(np.array([10.0, 90.0, 40.0]), span=(0, 100))
    assert told.low < 15 and told.high > 80
    assert mean_interval(VALUES[:5]).known


def test_equal_values_are_the_interval_only_where_their_span_is_not_known() -> None:
    assert mean_interval(np.full(50, 40.0)) == Interval(40.0, 40.0, 40.0)
    level = difference_interval(np.full(50, 40.0), np.full(50, 40.0), span=(-100, 100))
    assert level.mean == 0 and -4 < level.low < -3 and 3 < level.high < 4
    longer = difference_interval(np.full(500, 40.0), np.full(500, 40.0), span=(-100, 100))
    assert longer.within(0.5)


@pytest.mark.parametrize("method", METHODS)
def test_a_single_miss_among_many_gives_bounds_within_the_span(method: Method) -> None:
    found = mean_interval(np.array([100.0] * 49 + [90.0]), span=(0, 100), method=method)
    assert 0 < found.low <= found.mean == 99.8 <= found.high <= 100
    if method == "studentised":  # a third of the draws has no miss at all: no bootstrap tells how rare it is
        assert found.low < 98


@pytest.mark.parametrize("method", METHODS)
def test_the_error_level_at_which_0_is_left_out_is_that_of_the_interval(method: Method) -> None:
    made = drawn(np.random.default_rng(2).normal(0.3, 1, 40))
    chance = made.p(method=method)
    assert 0.005 < chance < 0.5
    assert made.interval(1 - chance * 1.01, method).excludes(0)
    assert not made.interval(1 - chance * 0.99, method).excludes(0)
    assert drawn(np.random.default_rng(2).normal(9, 1, 40)).p(method=method) == 1 / 2000
    assert drawn(np.array([3.0])).p(method=method) == 1 and drawn(np.zeros(9)).p(method=method) == 1


def test_two_thousand_queries_take_a_fraction_of_a_second() -> None:
    values = np.random.default_rng(0).random(2000)
    mean_interval(values)
    start = time.process_time()
    mean_interval(values, np.arange(2000) // 2)
    assert time.process_time() - start < 0.2


def test_values_of_few_kinds_are_drawn_by_kind_and_scatter_the_same() -> None:
    twelfths = np.random.default_rng(0).integers(3, 13, 90) / 12
    hardly = twelfths + np.random.default_rng(1).normal(0, 1e-9, 90)
    for clusters in (None, np.arange(90) // 2):
        for method in METHODS:
            kinds, each = (mean_interval(v, clusters, resamples=20_000, method=method) for v in (twelfths, hardly))
            width = each.high - each.low
            assert kinds.low == pytest.approx(each.low, abs=0.03 * width)
            assert kinds.high == pytest.approx(each.high, abs=0.03 * width)


def test_many_queries_are_drawn_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).random(30)
    whole = mean_interval(values, resamples=100)
    monkeypatch.setattr("eval.resampling._CHUNK", 90)
    chunked = mean_interval(values, resamples=100)
    assert (chunked.low, chunked.high) == (pytest.approx(whole.low), pytest.approx(whole.high))


@pytest.mark.parametrize(
    "values, options, said",
    [
        ([], {}, "one query at least"),
        ([0.1, np.nan], {}, "finite"),
        ([0.1, 0.2], {"clusters": np.array([1])}, "1 clusters are given for 2"),
        ([0.1], {"level": 1.0}, "level"),
        ([0.1], {"resamples": 0}, "resamples"),
        ([0.1, 0.2], {"method": "guess"}, "choose one of percentile"),
        ([0.1, 0.2], {"method": "score"}, "give a span"),
        ([0.1, 1.2], {"span": (0, 1)}, "not within 0 to 1"),
    ],
)
def test_what_makes_no_interval_is_refused(values: list[float], options: dict, said: str) -> None:
    with pytest.raises(EvalError, match=said):
        mean_interval(np.array(values), **options)


def test_figures_of_other_queries_are_not_paired() -> None:
    with pytest.raises(EvalError, match="cannot be paired"):
        difference_interval(np.ones(3), np.ones(2))

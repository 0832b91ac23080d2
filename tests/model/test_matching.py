from itertools import pairwise

import numpy as np
import pytest

from eval.calibration import brier_skill, expected_calibration_error
from model import MatchMap
from model.matching import BINS, FIRST, LEAN, LEAST_QUERIES, TAIL, Pairs, among, fit_match, monotone, pairs


def fit_from_pairs(scores: np.ndarray, shared: np.ndarray) -> MatchMap | None:
    """The map of pairs (n,) of which all are first hits."""
    none = np.zeros(0)
    return fit_match([Pairs(scores, shared, none, none.astype(bool), LEAST_QUERIES)])


def world(seed: int, items: int = 300, values: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Scores (items, items) of noisy unit vectors around one direction a value, and their values."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, values, items)
    vectors = np.eye(values, 16)[labels] + random.normal(0, 0.35, (items, 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors @ vectors.T, labels


def closest(shares: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Isotonic regression by its min-max formula (Barlow et al. 1972)."""

    def mean(first: int, last: int) -> float:
        return float(np.average(shares[first : last + 1], weights=weights[first : last + 1]))

    size = range(len(shares))
    return np.array([max(min(mean(a, b) for b in size if b >= at) for a in range(at + 1)) for at in size])


@pytest.mark.parametrize("seed", range(5))
def test_monotone_is_the_min_max_formula(seed: int) -> None:
    random = np.random.default_rng(seed)
    shares, weights = random.uniform(0, 1, 12), random.uniform(0.1, 3, 12)
    np.testing.assert_allclose(monotone(shares, weights), closest(shares, weights))


def test_pairs_are_each_querys_first_hits_without_itself() -> None:
    random = np.random.default_rng(0)
    scores, shared = random.uniform(0, 1, (4, FIRST + 3)), random.uniform(0, 1, (4, FIRST + 3)) < 0.5
    own = np.eye(4, FIRST + 3, dtype=bool)
    found = pairs(scores, shared, own, lean=0)
    assert found.queries == 4
    head, later, right = [], [], 0
    for query in range(4):
        ranked = sorted((hit for hit in range(FIRST + 3) if hit != query), key=lambda hit: -scores[query, hit])
        head += scores[query, ranked[:FIRST]].tolist()
        later += scores[query, ranked[FIRST:]].tolist()
        right += int(shared[query, ranked[:FIRST]].sum())
    assert sorted(found.scores.tolist()) == sorted(head)
    assert sorted(found.later_scores.tolist()) == sorted(later)
    assert found.shared.sum() == right


def test_scores_are_measured_by_the_third_hit() -> None:
    found = among(np.array([[1, 0.9, 0.8, 0.6], [0.9, 1, 0, 0], [0.8, 0, 1, 0], [0.6, 0, 0, 1]]), np.zeros(4, int))
    first = found.scores.reshape(4, 3)[0]
    np.testing.assert_allclose(first, np.array([0.9, 0.8, 0.6]) - LEAN * 0.6)
    assert found.lean == LEAN


def test_unknown_values_neither_ask_nor_answer() -> None:
    found = among(np.eye(4), np.array([0, -1, 0, 1]))
    assert found.queries == 3
    assert len(found.scores) == 6
    assert found.shared.sum() == 2


def test_a_map_holds_on_another_catalog_of_the_kind_whatever_its_size() -> None:
    found = fit_match([among(*world(0), lean=0)], (0.5, 0.5))
    assert found is not None
    assert found.mix == (0.5, 0.5)
    for seed, items in ((1, 120), (2, 300), (3, 900)):
        asked = among(*world(seed, items), lean=0)
        chances = found.chance(asked.scores)
        assert expected_calibration_error(chances, asked.shared) < 0.05
        assert brier_skill(chances, asked.shared) > 0.05


def test_a_map_is_small_and_never_falls() -> None:
    found = fit_match([among(*world(0)), among(*world(1, 80))])
    assert found is not None
    assert 2 <= len(found.scores) <= BINS + TAIL
    assert all(low <= high for low, high in pairwise(found.chances))


def test_hits_after_the_first_carry_it_down() -> None:
    scores, labels = world(0)
    asked = among(scores, labels)
    none = np.zeros(0)
    headless = fit_match([Pairs(asked.scores, asked.shared, none, none.astype(bool), asked.queries, asked.lean)])
    found = fit_match([asked])
    assert found is not None
    assert headless is not None
    lowest = np.quantile(asked.later_scores, 0.1)
    rate = asked.later_shared[asked.later_scores < lowest].mean()
    assert abs(found.chance(np.array(lowest)) - rate) < 0.05
    assert headless.chance(np.array(lowest)) > rate + 0.05


def test_scores_that_say_nothing_get_the_overall_share() -> None:
    random = np.random.default_rng(0)
    scores, shared = random.uniform(0, 1, 20000), random.uniform(0, 1, 20000) < 0.3
    found = fit_from_pairs(scores, shared)
    assert found is not None
    np.testing.assert_allclose(found.chance(np.linspace(0, 1, 9)), 0.3, atol=0.05)


def test_a_score_that_misleads_is_not_followed_down() -> None:
    scores = np.linspace(0, 1, 2000)
    found = fit_from_pairs(scores, scores < 0.25)
    assert found is not None
    assert found.chances == pytest.approx((0.25, 0.25), abs=1e-3)


def test_few_pairs_say_nothing_extreme() -> None:
    scores = np.linspace(0, 1, 120)
    found = fit_from_pairs(scores, scores > 0.5)
    assert found is not None
    assert 0.05 < found.chances[0] < found.chances[-1] < 0.95


def test_too_few_pairs_or_queries_give_no_map() -> None:
    assert fit_match([]) is None
    assert fit_from_pairs(np.linspace(0, 1, 99), np.arange(99) > 50) is None
    assert fit_match([among(*world(0, 9))]) is None


def test_a_large_catalog_does_not_speak_for_all() -> None:
    random = np.random.default_rng(0)
    none = np.zeros(0)

    def flat(size: int, share: float) -> Pairs:
        shared = random.uniform(0, 1, size) < share
        return Pairs(random.uniform(0, 1, size), shared, none, none.astype(bool), size)

    found = fit_match([flat(90000, 0.2), flat(10000, 0.6)])
    assert found is not None
    assert found.chance(np.array(0.5)) == pytest.approx(0.2 * 0.75 + 0.6 * 0.25, abs=0.04)


def test_a_map_follows_a_catalog_with_fewer_values() -> None:
    """Values are shared by a half instead of a fifth of the pairs: moved, the map holds better."""
    found = fit_match([among(*world(0, values=5))])
    assert found is not None
    scores, labels = world(1, values=2)
    asked = among(scores, labels)
    moved = found.of_catalog(scores)
    assert found.shares[0] == found.shares[1] < 0.25
    assert found.shares[1] + 0.05 < moved.shares[0] < 0.6
    plain, better = (expected_calibration_error(m.chance(asked.scores), asked.shared) for m in (found, moved))
    assert better < 0.75 * plain
    np.testing.assert_allclose(found.of_catalog(world(2)[0]).shares, found.shares, atol=0.1)


def test_a_map_knows_how_often_values_are_shared_where_it_was_fitted() -> None:
    worlds = world(1, values=8)[0], world(0, values=2)[0]
    few, many = among(*world(0, values=2)), among(*world(1, values=8))
    found = fit_match([few, many])
    assert found is not None
    means = [found.chance(np.append(each.scores, each.later_scores)).mean() for each in (many, few)]
    assert found.shares == pytest.approx(means)
    for scores in worlds:
        assert found.of_catalog(scores).chances == pytest.approx(found.chances, abs=1e-6)

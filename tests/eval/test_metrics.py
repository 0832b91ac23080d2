"""Metrics against loops written from their definitions, against simulation, and against the golden file."""

import os
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval import metrics

GOLDEN = Path(os.environ.get("RPF_GOLDEN", "../shared/golden/rpf_tiny.npz"))


def naive_order(scores, excluded):
    kept = [place for place in range(len(scores)) if not excluded[place]]
    return sorted(kept, key=lambda place: (-scores[place], place))


def naive_average_precision(scores, relevant, excluded):
    hits, precisions = 0, []
    for rank, place in enumerate(naive_order(scores, excluded), 1):
        if relevant[place]:
            hits += 1
            precisions.append(hits / rank)
    return sum(precisions) / len(precisions) if precisions else 0.0


def naive_first(scores, relevant, excluded):
    for rank, place in enumerate(naive_order(scores, excluded), 1):
        if relevant[place]:
            return rank
    return 0


@st.composite
def problems(draw):
    queries, candidates = draw(st.integers(1, 5)), draw(st.integers(1, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    scores = rng.integers(0, draw(st.integers(1, 20)), (queries, candidates)) / 7  # many ties
    relevant = rng.random((queries, candidates)) < draw(st.floats(0, 1))
    excluded = rng.random((queries, candidates)) < draw(st.sampled_from([0.0, 0.2, 1.0]))
    return scores, relevant, excluded


@settings(max_examples=200, deadline=None)
@given(problems())
def test_average_precision_and_first_rank_are_those_of_the_definition(problem):
    ranked = metrics.ranked_relevance(*problem)
    values = metrics.average_precision(ranked, reduce=False)
    expected = [naive_average_precision(*row) for row in zip(*problem, strict=True)]
    assert values == pytest.approx(expected, abs=1e-12)
    assert metrics.average_precision(ranked) == pytest.approx(np.mean(expected), abs=1e-12)
    first = metrics.first_relevant(ranked)
    assert first.tolist() == [naive_first(*row) for row in zip(*problem, strict=True)]


@settings(max_examples=50, deadline=None)
@given(problems(), st.integers(1, 15))
def test_top_k_is_the_share_of_queries_with_a_relevant_candidate_among_the_first_k(problem, k):
    expected = []
    for scores, relevant, excluded in zip(*problem, strict=True):
        expected.append(float(any(relevant[place] for place in naive_order(scores, excluded)[:k])))
    first = metrics.first_relevant(metrics.ranked_relevance(*problem))
    assert metrics.top_k(first, k, reduce=False).tolist() == expected
    assert metrics.top_k(first, k) == pytest.approx(np.mean(expected))


@settings(max_examples=50, deadline=None)
@given(problems(), st.integers(1, 15))
def test_precision_at_k_is_the_share_of_the_first_k_that_is_relevant_and_never_above_its_ceiling(problem, k):
    expected, counts = [], []
    for scores, relevant, excluded in zip(*problem, strict=True):
        expected.append(sum(relevant[place] for place in naive_order(scores, excluded)[:k]) / k)
        counts.append(sum(relevant[place] for place in naive_order(scores, excluded)))
    ranked = metrics.ranked_relevance(*problem)
    values = metrics.precision_at_k(ranked, k, reduce=False)
    assert values == pytest.approx(expected)
    assert metrics.precision_at_k(ranked, k) == pytest.approx(np.mean(expected))
    ceiling = metrics.ceiling_precision_at_k(np.array(counts), k, reduce=False)
    best = metrics.precision_at_k(-np.sort(-ranked.astype(int), axis=1) > 0, k, reduce=False)
    assert ceiling == pytest.approx(best) and (values <= ceiling + 1e-12).all()


def test_precision_needs_a_place_to_look_at():
    with pytest.raises(ValueError, match="at least 1"):
        metrics.precision_at_k(np.ones((1, 3), bool), 0)
    assert metrics.precision_at_k(np.zeros((2, 0), bool), 8, reduce=False).tolist() == [0, 0]


def test_by_hand():
    ranked = np.array([[True, False, True, False], [False, False, False, True], [False] * 4])
    assert metrics.average_precision(ranked, reduce=False).tolist() == pytest.approx([(1 + 2 / 3) / 2, 1 / 4, 0])
    assert metrics.first_relevant(ranked).tolist() == [1, 4, 0]
    assert [metrics.top_k(metrics.first_relevant(ranked), k) for k in (1, 3, 4)] == pytest.approx([1 / 3, 1 / 3, 2 / 3])


def test_ties_rank_in_candidate_order_also_when_rounding_differs():
    scores = np.array([[0.3, 0.1 + 0.2, 0.3]])
    relevant = np.array([[False, True, False]])
    assert metrics.ranked_relevance(scores, relevant).tolist() == [[False, True, False]]


@pytest.mark.parametrize(("relevant", "total"), [(0, 5), (1, 1), (1, 6), (3, 6), (6, 6), (2, 7)])
def test_chance_is_the_mean_over_all_orders(relevant, total):
    orders = sorted(set(permutations([True] * relevant + [False] * (total - relevant))))
    ranked = np.array(orders)
    found = np.array([relevant])
    assert metrics.chance_average_precision(found, total) == pytest.approx(metrics.average_precision(ranked), abs=1e-12)
    for k in range(1, total + 3):
        expected = metrics.top_k(metrics.first_relevant(ranked), k)
        assert metrics.chance_top_k(found, total, k) == pytest.approx(expected, abs=1e-12)
        expected = metrics.precision_at_k(ranked, k)
        assert metrics.chance_precision_at_k(found, total, k) == pytest.approx(expected, abs=1e-12)


def test_chance_is_what_random_rankings_reach():
    rng = np.random.default_rng(0)
    counts = np.array([3, 40, 0, 110])
    relevant = np.arange(150)[None, :] < counts[:, None]
    drawn = [metrics.ranked_relevance(rng.random(relevant.shape), relevant) for _ in range(1500)]
    simulated = np.mean([metrics.average_precision(ranked, reduce=False) for ranked in drawn], axis=0)
    assert metrics.chance_average_precision(counts, 150, reduce=False) == pytest.approx(simulated, abs=4e-3)
    top8 = np.mean([metrics.top_k(metrics.first_relevant(ranked), 8, reduce=False) for ranked in drawn], axis=0)
    assert metrics.chance_top_k(counts, 150, 8, reduce=False) == pytest.approx(top8, abs=2.5e-2)


def test_nothing_to_rank():
    empty = np.zeros((2, 0), bool)
    assert metrics.average_precision(empty, reduce=False).tolist() == [0, 0]
    assert metrics.first_relevant(empty).tolist() == [0, 0]
    assert metrics.average_precision(np.zeros((0, 3), bool)) == 0


def test_cosine_of_half_precision_rows_and_of_zero():
    rows = np.array([[3, 4], [0, 0], [1, 0]], np.float16)
    assert metrics.cosine(rows[:2], rows) == pytest.approx(np.array([[1, 0, 0.6], [0, 0, 0]]))


def test_map_of_the_golden_file():
    if not GOLDEN.is_file():
        pytest.skip(f"no golden file: {GOLDEN} is missing (RPF_GOLDEN)")
    with np.load(GOLDEN) as golden:
        arrays = [golden[f"map_{name}"] for name in ("queries", "candidates", "query_values", "candidate_values")]
        assert metrics.mean_average_precision(*arrays) == pytest.approx(float(golden["map"]), abs=1e-9)

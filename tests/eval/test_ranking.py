"""The fast order of candidates against the plain one, and what is read off it against loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval import metrics, ranking
from eval.protocol import Trial, rank, sections_scorer
from eval.ranking import Candidates, codes, in_order, ranked
from model import Section


@st.composite
def askings(draw):
    """Scores with many ties, queries of which some are candidates themselves, and values."""
    queries, candidates = draw(st.integers(1, 6)), draw(st.integers(1, 70))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    scores = rng.integers(0, draw(st.integers(1, 90)), (queries, candidates)) / 7 - 2
    positions = rng.permutation(100)[:candidates]
    values = rng.integers(0, draw(st.integers(1, 5)), candidates)
    return scores, Candidates(positions, values), rng.permutation(100)[:queries], rng.integers(0, 5, queries)


def by_loop(scores, candidates, query):
    """Places of the candidates, best first, ties in their order, the query itself left out."""
    kept = [place for place, position in enumerate(candidates.positions) if position != query]
    return sorted(kept, key=lambda place: (-round(scores[place], 9), place))


@settings(max_examples=200, deadline=None)
@given(askings(), st.integers(0, 4), st.sampled_from([1, 200, 1 << 17]))
def test_a_ranking_is_that_of_a_loop(asking, keep, block):
    scores, candidates, queries, values = asking
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "_BLOCK", block)
        found = ranked(scores, candidates, queries, values, keep)
        short = ranked(scores, candidates, queries, values)
    for name in ("precision", "first", "head"):
        assert getattr(short, name).tolist() == getattr(found, name).tolist()
    assert short.hits.size == short.ranks.size == 0
    assert found.counts.sum() == len(found.ranks) and found.ranks.dtype == np.int32
    ranks = np.split(found.ranks, np.cumsum(found.counts)[:-1])
    for row, (query, value) in enumerate(zip(queries, values, strict=True)):
        order = by_loop(scores[row], candidates, query)
        right = [candidates.values[place] == value for place in order]
        places = [rank for rank, is_right in enumerate(right, 1) if is_right]
        precisions = [(nth + 1) / rank for nth, rank in enumerate(places)]
        assert found.precision[row] == pytest.approx(np.mean(precisions) if places else 0.0, abs=1e-12)
        assert found.first[row] == (places[0] if places else 0)
        assert found.head[row, : len(order)].tolist() == right[:50]
        hits = [candidates.positions[place] for place in order][:50]
        assert found.hits[row].tolist() == hits + [-1] * (found.hits.shape[1] - len(hits))
        wrong = [rank for rank, is_right in enumerate(right, 1) if not is_right]
        assert found.miss_rank[row] == (wrong[0] if wrong else 0)
        assert found.miss[row] == (candidates.positions[order[wrong[0] - 1]] if wrong else -1)
        assert ranks[row].tolist() == places[:keep]


@pytest.mark.parametrize("scale", [1.0, 1e-8, 1e6, 1e12, np.inf, np.nan])
def test_scores_of_any_size_and_those_that_are_no_numbers_are_ordered_as_the_plain_way_does(scale):
    rng = np.random.default_rng(0)
    scores = rng.standard_normal((4, 30)).round(1)
    scores[:, 3] *= scale
    scores[2] *= scale if np.isfinite(scale) else 1
    relevant, excluded = rng.random((4, 30)) < 0.3, rng.random((4, 30)) < 0.1
    found, bits = codes(scores, relevant & ~excluded, excluded)
    expected = metrics.ranked_relevance(scores, relevant, excluded)
    assert in_order(scores, relevant & ~excluded, excluded).tolist() == expected.tolist()
    assert (found & 1).astype(bool).tolist() == expected.tolist()
    places = (found & ((1 << bits) - 1)) >> 1
    assert np.sort(places, axis=1).tolist() == [list(range(30))] * 4
    assert scores.shape == (4, 30) and np.isnan(scores).any() == np.isnan(scale)


def test_nobody_asks_and_nobody_answers():
    none = np.zeros(0, np.int64)
    alone = ranked(np.zeros((2, 0)), Candidates(none, none), np.arange(2), np.zeros(2, np.int64), 3)
    assert alone.precision.tolist() == [0, 0] and alone.hits.shape == (2, 0) and alone.miss.tolist() == [-1, -1]
    assert ranked(np.zeros((2, 0)), Candidates(none, none), np.arange(2), np.zeros(2, np.int64)).first.tolist() == [
        0,
        0,
    ]
    found = ranked(np.zeros((0, 2)), Candidates(np.arange(2), np.zeros(2, np.int64)), none, none, 3)
    assert found.precision.shape == (0,) and found.head.shape == (0, 2)


def test_rankings_of_half_precision_vectors_with_twins_are_those_of_the_plain_way_to_1e_9():
    rng = np.random.default_rng(3)
    rows = rng.standard_normal((400, 24)).astype(np.float16)
    rows[::7] = rows[1]  # many candidates that are the same, bit by bit
    values = rng.integers(0, 6, 400)
    trial = Trial("fit", tuple("abcdef"), np.arange(90), values[:90], np.arange(60, 400), values[60:])
    sections = [Section("region", 16), Section("general", 5), Section("taught", 3, unit=False)]
    mix = {"region": 0.5, "general": 0.3, "taught": 0.2}
    found = rank(trial, sections_scorer(rows, sections, mix), keep=1000)
    wide = rows.astype(np.float64)
    region, general = (metrics.cosine(wide[:90, part], wide[60:, part]) for part in (slice(16), slice(16, 21)))
    parts = {"region": region, "general": general, "taught": wide[:90, 21:] @ wide[60:, 21:].T}
    parts["fused"] = 0.5 * parts["region"] + 0.3 * parts["general"] + 0.2 * parts["taught"]
    relevant = values[:90, None] == values[None, 60:]
    own = np.arange(90)[:, None] == np.arange(60, 400)[None, :]
    assert set(found) == set(parts)
    for name, scores in parts.items():
        plain = metrics.ranked_relevance(scores, relevant, own)
        assert found[name].precision == pytest.approx(metrics.average_precision(plain, reduce=False), abs=1e-9)
        assert found[name].first.tolist() == metrics.first_relevant(plain).tolist()
        assert found[name].head.tolist() == plain[:, :50].tolist()
    assert found["fused"].counts.tolist() == (relevant & ~own).sum(axis=1).tolist()

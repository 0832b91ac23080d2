import json

import numpy as np
import pytest

from model import AT_LEAST, Level, MatchMap, NoMatch, WeightsError, level, no_match

MIX = (0.2, 0.0, 0.5, 0.3)
MAP = MatchMap((-0.5, 0.0, 0.5, 0.8), (0.1, 0.1, 0.6, 0.9), MIX)


def test_a_chance_is_read_between_the_knots_and_is_flat_outside() -> None:
    scores = np.array([[-9.0, -0.5, -0.25], [0.25, 0.65, 9.0]])
    np.testing.assert_allclose(MAP.chance(scores), [[0.1, 0.1, 0.1], [0.35, 0.75, 0.9]])


def test_chances_keep_the_order_of_scores() -> None:
    scores = np.sort(np.random.default_rng(0).uniform(-1, 1, 500))
    assert (np.diff(MAP.chance(scores)) >= 0).all()


def test_a_cut_is_the_least_score_with_the_chance() -> None:
    for chance in (0.11, 0.35, 0.6, 0.75, 0.9):
        cut = MAP.cut(chance)
        assert cut is not None
        assert MAP.chance(np.array(cut)) == pytest.approx(chance)
        assert MAP.chance(np.array(cut - 0.01)) < chance
    assert MAP.cut(0.1) == float("-inf")
    assert MAP.cut(0.91) is None


def test_a_cut_at_a_step_is_where_it_begins() -> None:
    step = MatchMap((0.0, 0.5, 1.0), (0.2, 0.7, 0.7))
    assert step.cut(0.7) == pytest.approx(0.5)


def test_it_goes_through_json() -> None:
    assert MatchMap.from_json(json.loads(json.dumps(MAP.to_json()))) == MAP


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"scores": [0.1], "chances": [0.5]},
        {"scores": [], "chances": [], "mix": []},
        {"scores": [0.1, 0.1], "chances": [0.1, 0.2], "mix": []},
        {"scores": [0.1, 0.2], "chances": [0.2, 0.1], "mix": []},
        {"scores": [0.1, 0.2], "chances": [0.1], "mix": []},
        {"scores": [0.1, 0.2], "chances": [0.1, 1.2], "mix": []},
        {"scores": [0.1, float("nan")], "chances": [0.1, 0.2], "mix": []},
        {"scores": [0.1, 0.2], "chances": [0.1, float("nan")], "mix": []},
        {"scores": "ab", "chances": [0.1, 0.2], "mix": []},
        {"scores": 3, "chances": [0.1, 0.2], "mix": []},
    ],
)
def test_anything_else_is_refused(found: dict) -> None:
    with pytest.raises(WeightsError):
        MatchMap.from_json(found)


def test_levels_cover_all_chances() -> None:
    assert [level(chance) for chance in (0.0, 0.49, 0.5, 0.79, 0.8, 1.0)] == [
        Level.UNLIKELY,
        Level.UNLIKELY,
        Level.LIKELY,
        Level.LIKELY,
        Level.VERY_LIKELY,
        Level.VERY_LIKELY,
    ]
    assert list(AT_LEAST) == list(Level)
    assert list(AT_LEAST.values()) == sorted(AT_LEAST.values(), reverse=True)


def test_why_there_is_no_level() -> None:
    assert no_match(MAP, MIX) is None
    assert no_match(MAP, (0.2, 0.0, 0.50001, 0.29999)) is None
    assert no_match(MAP, (0.3, 0.0, 0.4, 0.3)) is NoMatch.MIX_CHANGED
    assert no_match(MAP, (0.3, 0.7)) is NoMatch.MIX_CHANGED
    assert no_match(None, MIX) is NoMatch.NOT_FITTED
    assert no_match(MAP, MIX, value_query=True) is NoMatch.VALUE_QUERY

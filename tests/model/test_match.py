import json

import numpy as np
import pytest

from model import AT_LEAST, Level, MatchMap, NoMatch, WeightsError, level, no_match

MIX = (0.2, 0.0, 0.5, 0.3)
MAP = MatchMap((-0.5, 0.0, 0.5, 0.8), (0.1, 0.1, 0.6, 0.9), 0.3, MIX)


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
    step = MatchMap((0.0, 0.5, 1.0), (0.2, 0.7, 0.7), 0.3)
    assert step.cut(0.7) == pytest.approx(0.5)


def test_it_goes_through_json() -> None:
    assert MatchMap.from_json(json.loads(json.dumps(MAP.to_json()))) == MAP


@pytest.mark.parametrize(
    "wrong",
    [
        {"scores": None},
        {"mix": None},
        {"share": None},
        {"scores": [], "chances": []},
        {"scores": [0.1, 0.1]},
        {"chances": [0.2, 0.1]},
        {"chances": [0.1]},
        {"chances": [0.1, 1.2]},
        {"chances": [0.1, float("nan")]},
        {"scores": [0.1, float("nan")]},
        {"scores": "ab"},
        {"share": 0.0},
        {"share": 1.0},
        {"share": [0.3]},
        {"mix": [float("inf")]},
    ],
)
def test_anything_else_is_refused(wrong: dict) -> None:
    sound = {"scores": [0.1, 0.2], "chances": [0.1, 0.2], "share": 0.3, "mix": [1.0]}
    assert MatchMap.from_json(sound).share == 0.3
    with pytest.raises(WeightsError):
        MatchMap.from_json(sound | wrong)


def test_a_key_that_is_missing_is_refused() -> None:
    with pytest.raises(WeightsError, match="share"):
        MatchMap.from_json({"scores": [0.1], "chances": [0.5]})


def test_a_catalog_of_higher_chances_has_its_odds_raised() -> None:
    flat = MatchMap((0.0, 1.0), (0.0, 1.0), 0.25)
    found = flat.of_catalog(np.array([0.4, 0.5, 0.6]))  # mean 0.5: odds 1 instead of 1/3
    assert found.share == pytest.approx(0.5)
    assert found.chances == pytest.approx((0.003 / 1.002, 0.999 * 3 / (0.999 * 3 + 0.001)))
    assert (found.scores, found.mix) == (flat.scores, flat.mix)


def test_a_catalog_as_at_home_changes_nothing() -> None:
    scores = np.random.default_rng(0).uniform(-1, 1, 500)
    home = MatchMap(MAP.scores, MAP.chances, float(MAP.chance(scores).mean()), MIX)
    np.testing.assert_allclose(home.of_catalog(scores).chances, home.chances)
    assert home.of_catalog(np.zeros(0)) is home


def test_a_catalog_of_one_score_moves_no_chance_out_of_its_bounds() -> None:
    for score in (-1.0, 0.3, 1.0):
        found = MAP.of_catalog(np.full(50, score))
        assert 0 < found.chances[0] <= found.chances[-1] < 1


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

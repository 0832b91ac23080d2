import json

import numpy as np
import pytest

from model import AT_LEAST, Level, MatchMap, NoMatch, WeightsError, level, near, no_match

MIX = (0.2, 0.0, 0.5, 0.3)
MAP = MatchMap((-0.5, 0.0, 0.5, 0.8), (0.1, 0.1, 0.6, 0.9), (0.2, 0.3), MIX, 0.5)


def test_a_chance_is_read_between_the_knots_and_is_flat_outside() -> None:
    scores = np.array([[-9.0, -0.5, -0.25], [0.25, 0.65, 9.0]])
    np.testing.assert_allclose(MAP.chance(scores, 0.0), [[0.1, 0.1, 0.1], [0.35, 0.75, 0.9]])


def test_chances_keep_the_order_of_scores() -> None:
    scores = np.sort(np.random.default_rng(0).uniform(-1, 1, 500))
    assert (np.diff(MAP.chance(scores, 0.0)) >= 0).all()


def test_a_cut_is_the_least_score_with_the_chance() -> None:
    for chance in (0.11, 0.35, 0.6, 0.75, 0.9):
        cut = MAP.cut(chance, 0.4)
        assert cut is not None
        assert MAP.chance(np.array(cut), 0.4) == pytest.approx(chance)
        assert MAP.chance(np.array(cut - 0.01), 0.4) < chance
    assert MAP.cut(0.1) == float("-inf")
    assert MAP.cut(0.91) is None


def test_a_cut_at_a_step_is_where_it_begins() -> None:
    step = MatchMap((0.0, 0.5, 1.0), (0.2, 0.7, 0.7), (0.3, 0.3))
    assert step.cut(0.7) == pytest.approx(0.5)


def test_it_goes_through_json() -> None:
    assert MatchMap.from_json(json.loads(json.dumps(MAP.to_json()))) == MAP


@pytest.mark.parametrize(
    "wrong",
    [
        {"scores": None},
        {"mix": None},
        {"shares": None},
        {"scores": [], "chances": []},
        {"scores": [0.1, 0.1]},
        {"chances": [0.2, 0.1]},
        {"chances": [0.1]},
        {"chances": [0.1, 1.2]},
        {"chances": [0.1, float("nan")]},
        {"scores": [0.1, float("nan")]},
        {"scores": "ab"},
        {"shares": [0.0, 0.3]},
        {"shares": [0.3, 1.0]},
        {"shares": [0.3]},
        {"shares": [0.3, 0.2]},
        {"shares": 0.3},
        {"mix": [float("inf")]},
        {"lean": [1.0]},
        {"lean": []},
    ],
)
def test_anything_else_is_refused(wrong: dict) -> None:
    sound = {"scores": [0.1, 0.2], "chances": [0.1, 0.2], "shares": [0.3, 0.3], "mix": [1.0], "lean": [0.5]}
    assert MatchMap.from_json(sound).shares == (0.3, 0.3)
    with pytest.raises(WeightsError):
        MatchMap.from_json(sound | wrong)


def test_a_key_that_is_missing_is_refused() -> None:
    with pytest.raises(WeightsError, match="shares"):
        MatchMap.from_json({"scores": [0.1], "chances": [0.5]})


def square(scores: list[float]) -> np.ndarray:
    """Three items, of which two score one another by each of these; themselves by 1."""
    found = np.ones((3, 3))
    found[[0, 0, 1], [1, 2, 2]] = scores
    return np.minimum(found, found.T)


@pytest.mark.parametrize("shares, scores", [((0.1, 0.25), [0.4, 0.5, 0.6]), ((0.75, 0.9), [0.3, 0.5, 0.7])])
def test_a_catalog_beyond_those_fitted_on_moves_the_odds(shares: tuple[float, float], scores: list[float]) -> None:
    found = MatchMap((0.0, 1.0), (0.0, 1.0), shares, MIX).of_catalog(square(scores))
    by = 3 if shares[1] < 0.5 else 1 / 3  # of mean chance 0.5, whose odds are 1
    assert found.shares == pytest.approx((0.5, 0.5))
    odds = [0.001 / 0.999 * by, 999 * by]
    assert found.chances == pytest.approx([each / (1 + each) for each in odds])
    assert (found.scores, found.mix) == ((0.0, 1.0), MIX)


def test_a_catalog_among_those_fitted_on_changes_nothing() -> None:
    home = MatchMap((0.0, 1.0), (0.0, 1.0), (0.4, 0.6))
    assert home.of_catalog(square([0.4, 0.5, 0.6])) is home
    assert home.of_catalog(np.ones((1, 1))) is home


def test_a_catalog_is_read_with_the_lean() -> None:
    """Nearest at place 3, or the last of two: 0.4, 0.4 and 0.5, so that 0.2 to 0.4 are left."""
    leaning = MatchMap((0.0, 1.0), (0.0, 1.0), (0.9, 0.9), lean=0.5)
    rows = [0.4 - 0.2, 0.5 - 0.2, 0.4 - 0.2, 0.6 - 0.2, 0.5 - 0.25, 0.6 - 0.25]
    assert leaning.of_catalog(square([0.4, 0.5, 0.6])).shares[0] == pytest.approx(np.mean(rows))


def test_a_catalog_of_one_score_moves_no_chance_out_of_its_bounds() -> None:
    for score in (-1.0, 0.3, 1.0):
        found = MAP.of_catalog(np.full((8, 8), score))
        assert 0 < found.chances[0] <= found.chances[-1] < 1


def test_near_is_the_third_best_or_the_last() -> None:
    assert near(np.array([[0.1, 0.9, 0.5, 0.7], [0.4, 0.3, 0.2, 0.1]])).tolist() == [0.5, 0.2]
    assert near(np.array([0.1, 0.9])) == 0.1


def test_a_lean_keeps_a_querys_order_and_shifts_it_as_a_whole() -> None:
    scores = np.array([0.7, 0.5, 0.3])
    np.testing.assert_allclose(MAP.chance(scores, 0.4), MAP.chance(scores - 0.2))


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


def test_a_level_says_more_than_any_two_pictures_do() -> None:
    halves = [level(chance, 0.5) for chance in (0.5, 0.52, 0.66, 0.67, 0.8, 0.84)]
    assert halves == [Level.UNLIKELY] * 3 + [Level.LIKELY] * 2 + [Level.VERY_LIKELY]
    assert level(0.9, 0.9) is level(0.92, 0.9) is Level.UNLIKELY and level(1.0, 0.9) is Level.VERY_LIKELY
    many = [level(chance, 0.1) for chance in (0.49, 0.5, 0.8)]
    assert many == [Level.UNLIKELY, Level.LIKELY, Level.VERY_LIKELY], "with many values nothing changes"


def test_why_there_is_no_level() -> None:
    assert no_match(MAP, MIX) is None
    assert no_match(MAP, (0.2, 0.0, 0.50001, 0.29999)) is None
    assert no_match(MAP, (0.3, 0.0, 0.4, 0.3)) is NoMatch.MIX_CHANGED
    assert no_match(MAP, (0.3, 0.7)) is NoMatch.MIX_CHANGED
    assert no_match(None, MIX) is NoMatch.NOT_FITTED
    assert no_match(MAP, MIX, value_query=True) is NoMatch.VALUE_QUERY

import numpy as np
import pytest

from eval.calibration import bins, brier, brier_skill, expected_calibration_error


def test_error_by_hand() -> None:
    chances = np.array([0.9, 0.1, 0.2, 0.8])
    shared = np.array([True, False, False, False])
    found = bins(chances, shared, 2)
    assert [(b.count, b.share) for b in found] == [(2, 0.0), (2, 0.5)]
    assert [b.chance for b in found] == pytest.approx([0.15, 0.85])
    assert expected_calibration_error(chances, shared, 2) == pytest.approx((0.15 + 0.35) / 2)


def test_bins_hold_equal_mass_and_rise() -> None:
    random = np.random.default_rng(0)
    found = bins(random.uniform(0, 1, 1003), random.uniform(0, 1, 1003) < 0.5)
    assert len(found) == 10
    assert {b.count for b in found} == {100, 101}
    assert [b.chance for b in found] == sorted(b.chance for b in found)


def test_true_chances_have_no_error_and_wrong_ones_theirs() -> None:
    random = np.random.default_rng(0)
    chances = random.uniform(0, 0.5, 200_000)
    shared = random.uniform(0, 1, 200_000) < chances
    assert expected_calibration_error(chances, shared) < 0.005
    assert expected_calibration_error(chances + 0.2, shared) == pytest.approx(0.2, abs=0.005)


def test_equal_chances_do_not_depend_on_their_order() -> None:
    chances = np.full(100, 0.3)
    shared = np.arange(100) < 30
    assert expected_calibration_error(chances, shared) == pytest.approx(0)
    assert expected_calibration_error(chances, shared[::-1]) == pytest.approx(0)


def test_fewer_bins_for_fewer_pairs() -> None:
    assert len(bins(np.array([0.2, 0.4, 0.9]), np.array([True, False, True]))) == 3


def test_brier_and_skill_by_hand() -> None:
    chances = np.array([1.0, 0.5, 0.0, 0.5])
    shared = np.array([True, False, False, True])
    assert brier(chances, shared) == pytest.approx(0.125)
    assert brier_skill(chances, shared) == pytest.approx(0.5)
    assert brier_skill(chances, shared, 0.5) == pytest.approx(0.5)
    assert brier_skill(chances, shared, np.array([0.5, 1.0, 0.0, 0.5])) == pytest.approx(1 - 0.5 / 1.5)


def test_the_base_rate_has_no_skill() -> None:
    shared = np.arange(10) < 3
    assert brier_skill(np.full(10, 0.3), shared) == pytest.approx(0)
    assert brier_skill(np.full(10, 0.9), shared) < 0
    assert np.isnan(brier_skill(np.ones(4), np.ones(4, bool)))


@pytest.mark.parametrize(
    "chances, shared",
    [(np.zeros(0), np.zeros(0, bool)), (np.zeros(3), np.zeros(2, bool)), (np.zeros((2, 2)), np.zeros((2, 2), bool))],
)
def test_what_is_no_row_of_pairs_is_refused(chances: np.ndarray, shared: np.ndarray) -> None:
    with pytest.raises(ValueError, match="one row"):
        expected_calibration_error(chances, shared)

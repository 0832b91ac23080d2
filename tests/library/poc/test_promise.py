"""The study of the promise: what it counts, and that it can fail."""

import numpy as np

from benchmarks.promise import Study, drawn, held
from tests.training.adapt.test_proof import looked
from tests.training.adapt.test_teach import shop

STEPS = [2, 3, 4, 5, 6, 10, 20]


def maps(doubling: float, noise: float, draws: int = 15) -> np.ndarray:
    """A curve that gains so many points a doubling, and draws that differ by so much."""
    rng = np.random.default_rng(0)
    return 50 + doubling * np.log2(STEPS) + rng.normal(0, noise, (draws, len(STEPS)))


def test_each_sheet_is_held_against_the_draws_that_it_was_not_made_from() -> None:
    found = held(STEPS, maps(3, 1), "step")
    assert [n for _, _, n in found] == [2, 2, 2, 3, 3, 3, 5, 5, 5, 10, 10, 10], (
        "three sheets each, where twice was drawn"
    )
    later = [share for share, _, n in found if n > 2]
    assert np.mean(later) > 0.85 and all(width > 0 for _, width, _ in found)


def test_a_curve_that_rises_faster_than_a_sheet_can_know_breaks_it() -> None:
    steep = maps(0, 0.2)
    steep[:, STEPS.index(20)] += 15
    assert np.mean([share for share, _, n in held(STEPS, steep, "step") if n == 10]) < 0.1
    rising = maps(6, 0.3)
    level = np.mean([share for share, _, _ in held(STEPS, rising, "level")])
    assert level < 0.1 < 0.7 < np.mean([share for share, _, n in held(STEPS, rising, "step") if n > 2])


def test_draws_are_of_a_catalogs_labels_and_of_their_doubles() -> None:
    truth, raw = shop(items=96)
    steps, found = drawn(looked(truth, raw), Study(draws=6, top=12))
    assert steps == [2, 3, 4, 5, 6, 10] and found.shape == (6, 6) and len(held(steps, found, "step")) == 3
    assert found[:, -1].mean() > found[:, 0].mean()

import pytest

from common.pace import Pace


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_time_left_follows_the_speed_of_the_last_part() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.left(1000) is None
    pace.mark(400)  # found done: counts for nothing
    assert pace.left(1000) is None
    clock.now = 10
    pace.mark(420)
    assert pace.speed == pytest.approx(2)
    assert pace.left(1000) == pytest.approx(290)
    for second in range(11, 100):  # five times as fast from here on
        clock.now = second
        pace.mark(420 + 10 * (second - 10))
    assert pace.speed == pytest.approx(10, rel=0.05)


def test_nothing_is_said_too_early_or_without_movement() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.mark(0)
    clock.now = 0.1
    pace.mark(5)
    assert pace.left(10) is None
    clock.now = 60
    stalled = Pace(clock)
    stalled.mark(3)
    clock.now = 70
    stalled.mark(3)
    assert stalled.left(10) is None

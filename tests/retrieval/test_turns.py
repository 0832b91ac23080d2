"""Turns of a few at once, in the order in which they were asked for."""

import threading
import time
from collections.abc import Callable

import pytest

from retrieval.turns import AtOnce


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.001)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_more_than_so_many_have_a_turn_and_who_came_first_is_the_next(most: int) -> None:
    gate, go_on = AtOnce(most), [threading.Event() for _ in range(7)]
    began: list[int] = []

    def take(number: int) -> None:
        with gate.turn():
            began.append(number)
            assert go_on[number].wait(20)

    threads = [threading.Thread(target=take, args=[number]) for number in range(7)]
    for number, thread in enumerate(threads):
        thread.start()
        until(lambda number=number: len(began) + len(gate._waiting) > number)  # type: ignore[misc]
    assert began == list(range(most))
    for number, thread in enumerate(threads):
        go_on[number].set()
        thread.join(20)
        until(lambda number=number: len(began) == min(7, most + number + 1))  # type: ignore[misc]
    assert began == list(range(7)) and gate._free == most


def test_a_turn_ends_with_an_error_too() -> None:
    gate = AtOnce(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="no"), gate.turn():
            raise ValueError("no")
    with gate.turn():
        assert gate._free == 0

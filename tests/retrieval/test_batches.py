"""Reading ahead: in order, by several threads, and no further than was asked for."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from retrieval.batches import LARGEST, in_order, shrunk, to_tensor


def test_results_come_in_order_whoever_is_done_first() -> None:
    turns = [threading.Event() for _ in range(3)]
    turns[2].set()

    def work(place: int) -> int:
        assert turns[place].wait(10)
        if place:
            turns[place - 1].set()  # the last one is done first
        return place

    assert list(in_order(work, range(3), 3)) == [0, 1, 2]


@pytest.mark.parametrize(("workers", "ahead", "most"), [(1, None, 1), (2, None, 3), (2, 5, 6)])
def test_no_more_is_taken_than_may_be_ahead(workers: int, ahead: int | None, most: int) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(20):
            taken.append(number)
            yield number

    for place, found in enumerate(in_order(abs, items(), workers, ahead)):
        assert found == place and len(taken) <= place + most


def test_one_worker_is_the_caller() -> None:
    assert set(in_order(lambda _: threading.current_thread(), range(3), 1)) == {threading.current_thread()}


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_comes_where_its_result_would_have_come(workers: int) -> None:
    results = in_order(lambda number: 1 // (3 - number), range(9), workers)
    assert [next(results) for _ in range(3)] == [0, 0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_an_image_is_shrunk_once() -> None:
    large = Image.effect_noise((LARGEST + 300, LARGEST + 100), 60).convert("RGB")
    once = shrunk(large)
    assert min(once.size) == LARGEST and shrunk(once) is once
    assert np.array_equal(to_tensor(once), to_tensor(large))
    assert shrunk(Image.new("L", (5, 4))).mode == "RGB"

"""Sketches that are made in the background end when their engine or the program does."""

import threading
from collections.abc import Callable

import numpy as np
import pytest

from retrieval import sketches
from retrieval.sketches import Sketches, Wanted


class Slow:
    """Vectors (rows, 8), of which the first part comes when it is let go."""

    def __init__(self, rows: int) -> None:
        self.vectors = np.random.default_rng(0).standard_normal((rows, 8)).astype(np.float16)
        self.asked, self.go_on = threading.Event(), threading.Event()

    def __call__(self) -> np.ndarray:
        self.asked.set()
        assert self.go_on.wait(20)
        return self.vectors


@pytest.mark.parametrize("close", [Sketches.close, lambda own: sketches._close_all()], ids=["engine", "program"])
def test_a_sketch_that_is_being_made_is_given_up(close: Callable[[Sketches], None]) -> None:
    slow, own = Slow(200), Sketches()
    wanted = Wanted("digest", slow, np.ones(200, bool), np.full(8, 1 / 8, np.float32))
    assert own.get(wanted) is None and slow.asked.wait(20)
    (thread,) = own._working.values()
    ending = threading.Thread(target=close, args=[own])
    ending.start()
    assert own._stop.wait(20) and thread.is_alive()
    slow.go_on.set()
    ending.join(20)
    assert not ending.is_alive() and not thread.is_alive() and not own._made
    other = Wanted("other", slow, np.ones(200, bool), np.full(8, 1 / 8, np.float32))
    assert own.get(other) is None and "other" not in own._working
    found = own.get(other, wait=True)
    assert found is not None and found.done[:200].all(), "what is waited for is made all the same"

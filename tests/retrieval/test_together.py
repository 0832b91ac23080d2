"""Pictures of several visitors that wait at once are embedded in one pass, and come out as alone."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
import torch
from torch import Tensor

from model import CROP, REGION, RPF
from model.config import tiny
from retrieval.errors import RetrievalError
from retrieval.executor import Placed, answer, raw
from retrieval.together import Together

COLUMNS, OTHERS = [(0, REGION), (0, CROP)], [(0, REGION)]


@pytest.fixture(scope="module")
def placed() -> Placed:
    torch.manual_seed(0)
    return Placed(RPF(tiny({"color": ["blue", "red"]})).eval(), torch.device("cpu"), "float32")


@pytest.fixture(scope="module")
def pictures() -> list[Tensor]:
    generator = torch.Generator().manual_seed(1)
    return [torch.randint(0, 256, (3, 30 + row, 40), generator=generator, dtype=torch.uint8) for row in range(5)]


class Slow:
    """Passes of a network, of which the first goes on until it is let go."""

    def __init__(self, placed: Placed) -> None:
        self.sizes: list[int] = []
        self.began, self.go_on = threading.Event(), threading.Event()
        self._placed = placed

    def __call__(self, images, columns) -> np.ndarray:
        self.sizes.append(len(images))
        if not self.began.is_set():
            self.began.set()
            assert self.go_on.wait(20)
        if any(image.shape[2] == 1 for image in images):
            raise RetrievalError("no picture")
        return raw(self._placed, images, columns)


def asked_at_once(run: Slow, together: Together, asked: list[tuple[list[Tensor], list]]) -> list[Future[np.ndarray]]:
    """The first is being answered when the others come, who are all there before it is done."""
    with ThreadPoolExecutor(len(asked)) as pool:
        found = [pool.submit(together.ask, run, *asked[0])]
        assert run.began.wait(20)
        found += [pool.submit(together.ask, run, *one) for one in asked[1:]]
        while len(together._waiting) < len(asked) - 1:
            threading.Event().wait(0.005)
        run.go_on.set()
    return found


def test_who_waits_at_once_shares_a_pass_with_the_rows_of_each_alone(placed: Placed, pictures: list[Tensor]) -> None:
    run, together = Slow(placed), Together()
    asked = [([pictures[0]], COLUMNS), (pictures[1:3], COLUMNS), ([pictures[3]], OTHERS), ([pictures[4]], COLUMNS)]
    found = asked_at_once(run, together, asked)
    assert sorted(run.sizes) == [1, 1, 3]
    for (images, columns), rows in zip(asked, found, strict=True):
        np.testing.assert_allclose(rows.result().astype(float), raw(placed, images, columns).astype(float), atol=2e-3)


def test_a_pass_has_room_for_so_many(placed: Placed, pictures: list[Tensor]) -> None:
    run = Slow(placed)
    asked_at_once(run, Together(most=2), [([picture], OTHERS) for picture in pictures])
    assert sorted(run.sizes) == [1, 2, 2]


def test_an_error_belongs_to_whose_picture_it_is(placed: Placed, pictures: list[Tensor]) -> None:
    run, bad = Slow(placed), torch.zeros(3, 8, 1, dtype=torch.uint8)
    first, good, wrong = asked_at_once(run, Together(), [([one], OTHERS) for one in (pictures[0], pictures[1], bad)])
    assert isinstance(wrong.exception(), RetrievalError)
    np.testing.assert_array_equal(good.result(), raw(placed, [pictures[1]], OTHERS))
    assert first.exception() is None


def test_who_is_alone_waits_for_nobody(placed: Placed, pictures: list[Tensor]) -> None:
    alone = raw(placed, pictures[:1], COLUMNS)
    np.testing.assert_array_equal(placed.together.ask(partial(raw, placed), pictures[:1], COLUMNS), alone)
    np.testing.assert_array_equal(answer(placed, pictures[:1], COLUMNS), alone)
    with pytest.raises(RetrievalError):
        Together().ask(_failing, pictures[:1], COLUMNS)


def _failing(images, columns) -> np.ndarray:
    raise RetrievalError("no")

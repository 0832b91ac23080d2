"""Passes in pieces of fixed sizes, recorded when a stream sees one again; what a GPU records, `test_device.py` plays."""

import pytest
import torch
from torch import Tensor

from retrieval import recorded
from retrieval.recorded import FULL, SIZES, TRIES, Recorded, pieces


@pytest.mark.parametrize("count", [1, 47, 48, 64, 65, 111, 112, 127, 128, 200, 498, 512])
def test_squares_are_shared_out_to_passes_of_few_sizes(count: int) -> None:
    shared = list(pieces(count))
    assert sum(each for each, _ in shared) == count
    assert all(each == size for each, size in shared[:-1])
    last, size = shared[-1]
    assert last == size or (size == SIZES[-1] and FULL * size <= last < size) or (not size and last < FULL * SIZES[-1])


class Playing:
    """Stands for what a GPU has recorded."""

    def __init__(self, run, size: int) -> None:
        self.run, self.size = run, size

    def __call__(self, piece: Tensor) -> Tensor:
        padded = torch.cat((piece, piece.new_zeros(self.size - len(piece), *piece.shape[1:])))
        return self.run(padded)[: len(piece)]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes that were recorded; a size of 64 fails at first."""
    sizes: list[int] = []

    def record(run, piece: Tensor, size: int) -> Playing | None:
        sizes.append(size)
        return Playing(run, size) if size != 64 or sizes.count(64) > 1 else None

    monkeypatch.setattr(recorded, "_recorded", record)
    monkeypatch.setattr(recorded, "_Pass", Playing)
    return sizes


def test_a_stream_records_what_it_sees_again_and_gets_the_same_rows(made: list[int]) -> None:
    seen: list[int] = []

    def run(squares: Tensor) -> Tensor:
        seen.append(len(squares))
        return 2 * squares.float().flatten(1).sum(1, keepdim=True)

    own, squares = (
        Recorded(run),
        torch.arange(250 * 12, dtype=torch.uint8).reshape(250, 3, 2, 2),
    )  # 128, 64, and 58 of 64
    for turn, expected in enumerate(([64], [64, 128, 64], [64, 128, 64])):
        assert torch.equal(own.on(7, squares), 2 * squares.float().flatten(1).sum(1, keepdim=True))
        assert made == expected, turn
    assert seen == [128, 64, 58, *[128, 64, 64] * 2]
    own.on(8, squares)
    assert len(made) == 4, "another stream has its own"
    assert len(own(squares)) == 250 and seen[-1] == 250, "off a GPU nothing is shared out"


def test_what_cannot_be_recorded_is_tried_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    monkeypatch.setattr(recorded, "_recorded", lambda run, piece, size: tried.append(size))
    own = Recorded(lambda squares: squares + 1)
    for _ in range(8):
        assert torch.equal(own.on(1, torch.zeros(64, 1)), torch.ones(64, 1))
    assert tried == [64] * TRIES

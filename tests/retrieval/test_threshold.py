import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.threshold import candidates
from tests.retrieval.flat_index import FlatIndex


class Counted(FlatIndex):
    """Notes how deep it was read, and may stop short."""

    longest: int | None = None

    def __init__(self, vectors: np.ndarray, rows: np.ndarray) -> None:
        super().__init__(vectors, rows)
        self.depths: list[int] = []

    def search(self, vector, depth, live=None):
        self.depths.append(depth)
        rows, scores = super().search(vector, depth, live)
        return rows[: self.longest], scores[: self.longest]


def lists(scores: np.ndarray, held: np.ndarray | None = None) -> tuple[list[Counted], list[np.ndarray]]:
    """scores: (lists, items), as indexes over one dimension of the rows that each holds, bool (lists, items)."""
    held = np.ones(scores.shape, bool) if held is None else held
    each = [Counted(row[rows, None], np.flatnonzero(rows)) for row, rows in zip(scores, held, strict=True)]
    return each, [np.ones(1)] * len(scores)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_the_best_are_always_among_the_candidates(data: st.DataObject) -> None:
    count, items = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 60))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    scores = rng.integers(-4, 5, (count, items)) / 4 if data.draw(st.booleans()) else rng.uniform(-1, 1, (count, items))
    scores = scores.astype(np.float32)
    live = rng.random(items) < data.draw(st.sampled_from((0.2, 0.7, 1.0)))
    live[data.draw(st.integers(0, items - 1))] = True
    k = data.draw(st.integers(1, int(live.sum())))
    held = rng.random(scores.shape) < data.draw(st.sampled_from((0.5, 0.95, 1.0)))
    rankings, vectors = lists(scores, held)
    found = candidates(
        rankings, vectors, lambda rows: scores[:, rows].sum(0), live, k, data.draw(st.integers(1, 9)), items
    )
    assert found is not None
    total = scores.sum(0)
    best = sorted(np.flatnonzero(live), key=lambda row: (-total[row], row))[:k]
    assert set(best) <= set(found)
    assert live[found].all()
    assert len(set(found)) == len(found)


def test_reading_stops_as_soon_as_nothing_unseen_can_win() -> None:
    falling = np.linspace(1, -1, 1000)
    rankings, vectors = lists(np.stack((falling, falling)))
    found = candidates(rankings, vectors, lambda rows: 2 * falling[rows], np.ones(1000, bool), 5, 4, 1000)
    assert rankings[0].depths == rankings[1].depths == [5, 10]
    assert found is not None and found.tolist() == list(range(10))


def test_equal_scores_are_read_to_the_end() -> None:
    rankings, vectors = lists(np.zeros((2, 64)))
    found = candidates(rankings, vectors, lambda rows: np.zeros(len(rows)), np.ones(64, bool), 3, 8, 64)
    assert found is not None and found.tolist() == list(range(64))


@pytest.mark.parametrize(("longest", "deepest"), [(6, 1000), (None, 16)])
def test_no_answer_without_proof(longest: int | None, deepest: int) -> None:
    opposed = np.linspace(1, -1, 1000)
    rankings, vectors = lists(np.stack((opposed, -opposed)))
    rankings[0].longest = longest
    found = candidates(rankings, vectors, lambda rows: np.zeros(len(rows)), np.ones(1000, bool), 3, 8, deepest)
    assert found is None
    assert max(rankings[0].depths) <= 16

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.threshold import candidates
from tests.retrieval.flat_index import FlatIndex


class Counted:
    """A ranking that notes how deep it was read, and may stop short."""

    def __init__(self, ranking: FlatIndex, longest: int | None = None) -> None:
        self.ranking, self.longest, self.depths = ranking, longest, []

    def __len__(self) -> int:
        return len(self.ranking)

    def search(self, vector, depth):
        self.depths.append(depth)
        positions, scores = self.ranking.search(vector, depth)
        return positions[: self.longest], scores[: self.longest]


def lists(scores: np.ndarray) -> tuple[list[Counted], list[np.ndarray]]:
    """scores: (lists, items), as rankings over one dimension."""
    positions = np.arange(scores.shape[1])
    return [Counted(FlatIndex(row[:, None], positions)) for row in scores], [np.ones(1)] * len(scores)


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
    rankings, vectors = lists(scores)
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

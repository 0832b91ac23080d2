import numpy as np
import pytest

from eval import GlobalSimilarity
from eval.products import mean_of
from eval.protocol import global_scorer


@pytest.fixture
def vectors() -> np.ndarray:
    found = np.random.default_rng(0).normal(1.0, 1.0, (40, 6)).astype(np.float32)
    found[7] = found[3]
    return found


def test_it_ranks_as_global_similarity_is_measured(vectors: np.ndarray) -> None:
    usable = np.arange(40) % 5 != 4
    candidates = np.flatnonzero(usable)
    measured = global_scorer(vectors, mean_of(vectors, usable))
    similarity = GlobalSimilarity(vectors, usable)
    for position in (0, 3, 12):
        scores = measured(np.array([position]), candidates)["fused"][0]
        expected = candidates[np.argsort(-scores.round(9), kind="stable")]
        assert similarity.ranked(similarity.vector(position)[None]).tolist() == expected.tolist()


def test_an_item_finds_itself_first_and_equal_ones_in_their_order(vectors: np.ndarray) -> None:
    similarity = GlobalSimilarity(vectors, np.ones(40, bool))
    assert similarity.ranked(vectors[7][None])[:2].tolist() == [3, 7]


def test_several_pictures_ask_together(vectors: np.ndarray) -> None:
    similarity = GlobalSimilarity(vectors, np.ones(40, bool))
    centred = vectors.astype(float) - vectors.astype(float).mean(0)
    units = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    both = (units[[1, 2]] @ units.T).mean(0)
    assert similarity.ranked(vectors[[1, 2]]).tolist() == np.argsort(-both.round(9), kind="stable").tolist()

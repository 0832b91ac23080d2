"""Groups of near-duplicates: unions of pairs, chunks, digests, and real copies of real pictures."""

import numpy as np
import pytest

from eval.clusters import item_clusters, near_duplicates
from eval.errors import EvalError


def at(*degrees: float) -> np.ndarray:
    """Directions in the plane."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_pairs_above_the_threshold_are_joined_and_so_are_chains_of_them() -> None:
    threshold = float(np.cos(np.radians(10.5)))
    assert near_duplicates(at(0, 90, 10, 20, 97), threshold).tolist() == [0, 1, 0, 0, 1]
    assert near_duplicates(at(0, 90, 11, 22, 101), threshold).tolist() == [0, 1, 2, 3, 4]


def test_length_does_not_count_and_a_picture_without_embedding_is_like_none() -> None:
    vectors = np.concatenate([at(0, 0, 90) * [[1], [30], [2]], np.zeros((2, 2))])
    assert near_duplicates(vectors, 0.99).tolist() == [0, 0, 1, 2, 3]


def test_the_same_file_is_one_group_whatever_its_embedding() -> None:
    assert near_duplicates(at(0, 90, 180, 91), 0.99, ["a", "b", "a", "c"]).tolist() == [0, 1, 0, 1]
    assert item_clusters(["x", "y", "z"], digests=["d", "e", "d"]) == {"x": 0, "y": 1, "z": 0}


def test_chunks_find_what_one_table_of_all_cosines_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    vectors = np.repeat(rng.standard_normal((60, 4)), 2, axis=0) + 0.05 * rng.standard_normal((120, 4))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    near = unit @ unit.T >= 0.97
    reached = near
    for _ in range(7):  # chains of up to 128 pairs
        reached = reached.astype(int) @ reached.astype(int) > 0
    monkeypatch.setattr("eval.clusters._CHUNK", 700)
    found = near_duplicates(vectors, 0.97)
    assert ((found[:, None] == found[None, :]) == reached).all()
    assert 1 < len(set(found.tolist())) < 70


def test_a_catalog_of_one_picture_is_one_group_and_chains_may_be_long() -> None:
    assert set(near_duplicates(np.ones((3000, 3))).tolist()) == {0}
    chain = at(*np.random.default_rng(0).permutation(359))
    assert set(near_duplicates(chain, float(np.cos(np.radians(1.2)))).tolist()) == {0}


@pytest.mark.parametrize(
    "given, said",
    [
        ({"threshold": 0.0}, "threshold above 0"),
        ({"digests": ["a"]}, "1 digests are given for 2"),
    ],
)
def test_what_cannot_be_grouped_is_refused(given: dict, said: str) -> None:
    with pytest.raises(EvalError, match=said):
        near_duplicates(at(0, 1), **given)


def test_embeddings_of_another_catalog_are_refused() -> None:
    with pytest.raises(EvalError, match="embed the catalog again"):
        item_clusters(["x"], at(0, 1))

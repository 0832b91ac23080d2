"""Which items of a catalog say nearly the same, because they show nearly the same picture."""

from collections.abc import Hashable, Sequence

import numpy as np

from eval.errors import EvalError

NEAR = 0.95
"""Cosine of the general embedding from which two pictures count as one."""
_CHUNK = 4_000_000
"""Cosines that are held at once."""


def near_duplicates(
    vectors: np.ndarray, threshold: float = NEAR, digests: Sequence[Hashable] | None = None
) -> np.ndarray:
    """Group of each item, int64 (items,), numbered from 0 in the order in which they appear.

    vectors: general embeddings (items, width); rows of zeros are like none. Two items are of one group
    where their cosine is at least `threshold`, where they share a digest, or where a chain of such
    pairs joins them. digests: what is the same for the same file, (items,). A chunk of cosines is in
    memory at once. EvalError for a threshold outside 0 to 1, and for digests of another number.
    """
    if not 0 < threshold <= 1:
        raise EvalError(f"a cosine of {threshold} tells no pictures apart; give a threshold above 0, at most 1")
    if digests is not None and len(digests) != len(vectors):
        raise EvalError(f"{len(digests)} digests are given for {len(vectors)} items; give one an item")
    groups = _Groups(len(vectors))
    if digests is not None:
        first: dict[Hashable, int] = {}
        for place, digest in enumerate(digests):
            groups.join(place, first.setdefault(digest, place))
    for left, right in _pairs(_unit(vectors), threshold):
        groups.join(left, right)
    return groups.numbers()


def item_clusters(
    ids: Sequence[str],
    vectors: np.ndarray | None = None,
    digests: Sequence[Hashable] | None = None,
    threshold: float = NEAR,
) -> dict[str, int]:
    """Item id → number of its group, as `differences` and `figure_intervals` take them; without vectors only equal files are grouped.

    ids, vectors, digests: of the items of a catalog, in the same order; errors as for `near_duplicates`.
    """
    rows = np.zeros((len(ids), 1), np.float32) if vectors is None else vectors
    if len(rows) != len(ids):
        raise EvalError(f"{len(rows)} embeddings are given for {len(ids)} items; embed the catalog again")
    return dict(zip(ids, near_duplicates(rows, threshold, digests).tolist(), strict=True))


def _unit(vectors: np.ndarray) -> np.ndarray:
    rows: np.ndarray = np.asarray(vectors, np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def _pairs(rows: np.ndarray, threshold: float) -> list[tuple[int, int]]:
    """Pairs of rows, the earlier one second, whose inner product reaches the threshold (float32, to 1e-6)."""
    found: list[tuple[int, int]] = []
    step = max(1, _CHUNK // max(1, len(rows)))
    for start in range(0, len(rows), step):
        near = rows[start : start + step] @ rows[: start + step].T >= threshold - 1e-6
        left, right = np.nonzero(near)
        earlier = right < left + start
        found += zip((left[earlier] + start).tolist(), right[earlier].tolist(), strict=True)
    return found


class _Groups:
    """Disjoint sets, joined in pairs."""

    def __init__(self, items: int) -> None:
        self._parent = list(range(items))

    def first(self, item: int) -> int:
        while self._parent[item] != item:
            self._parent[item] = self._parent[self._parent[item]]
            item = self._parent[item]
        return item

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.first(one), self.first(other)))
        self._parent[high] = low

    def numbers(self) -> np.ndarray:
        firsts = np.array([self.first(item) for item in range(len(self._parent))], np.int64)
        return np.unique(firsts, return_inverse=True)[1].astype(np.int64)

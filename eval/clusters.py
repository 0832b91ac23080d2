"""Which items of a catalog say nearly the same, because they show nearly the same picture."""

from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from eval.errors import EvalError

NEAR = 0.95
"""Cosine of the general embedding from which two pictures count as one.

Measured by `python -m benchmarks.duplicates` on the test splits of street and studio: of pictures
that were saved again as JPEG 50 it finds 99 and 100 %, mirrored ones all, 2 % cut off each side 82
and 98 %, 5 % cut off 20 and 58 %, half the size 1 %. Of pictures that are not the same file it
joins none of 223 and 71 of 1,150: the same person in the same pose with hardly another garment, and
28 pairs of sunglasses. At 0.93 two to three times as many are joined, of which most show different
garments; at 0.97 the copies go missing. What is missed makes intervals narrower than they should be
by what those few queries weigh, what is joined too much makes them wider.
"""
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
    first = np.arange(len(vectors))
    if digests is not None:
        places: dict[Hashable, int] = {}
        same = np.array([places.setdefault(digest, place) for place, digest in enumerate(digests)], np.int64)
        first = _joined(first, np.arange(len(same)), same)
    for left, right in _pairs(_unit(vectors), threshold):
        first = _joined(first, left, right)
    return np.unique(first, return_inverse=True)[1].astype(np.int64)


def item_clusters(
    ids: Sequence[str],
    vectors: np.ndarray | None = None,
    digests: Sequence[Hashable] | None = None,
    threshold: float = NEAR,
) -> dict[str, int]:
    """Item id → number of its group, as `differences` and `figure_intervals` take them; without
    vectors only equal files are grouped.

    ids, vectors, digests: of the items of a catalog, in the same order; errors as for
    `near_duplicates`.
    """
    rows = np.zeros((len(ids), 1), np.float32) if vectors is None else vectors
    if len(rows) != len(ids):
        raise EvalError(f"{len(rows)} embeddings are given for {len(ids)} items; embed the catalog again")
    return dict(zip(ids, near_duplicates(rows, threshold, digests).tolist(), strict=True))


def _unit(vectors: np.ndarray) -> np.ndarray:
    rows: np.ndarray = np.asarray(vectors, np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def _pairs(rows: np.ndarray, threshold: float) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs of rows, the earlier one second, whose inner product reaches the threshold (float32, to
    1e-6), chunk by chunk."""
    step = max(1, _CHUNK // max(1, len(rows)))
    for start in range(0, len(rows), step):
        left, right = np.nonzero(rows[start : start + step] @ rows[: start + step].T >= threshold - 1e-6)
        earlier = right < left + start
        yield left[earlier] + start, right[earlier]


def _joined(first: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The first item of each item's group, (items,), after the groups of pairs are joined.

    Each round hangs groups under the earliest that a pair joins them to, and shortens the chains
    that this makes, as Y. Shiloach and U. Vishkin do (An O(log n) parallel connectivity algorithm,
    1982).
    """
    while True:
        ours, theirs = first[left], first[right]
        apart = ours != theirs
        if not apart.any():
            return first
        ours, theirs = ours[apart], theirs[apart]
        first = first.copy()
        np.minimum.at(first, np.maximum(ours, theirs), np.minimum(ours, theirs))
        while not np.array_equal(shorter := first[first], first):
            first = shorter

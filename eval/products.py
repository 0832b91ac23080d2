"""Inner products of many vectors in float64, however they are kept, and in bounded memory."""

import numpy as np

_KEPT = 8_000_000
"""Numbers of candidates' vectors that are kept prepared from one chunk of queries to the next: 64 MB."""
_ROWS = 1 << 21
"""Numbers that are prepared at once where the candidates are more."""


class Products:
    """Cosines, or inner products, of rows of one table."""

    def __init__(self, vectors: np.ndarray, unit: bool = True, centre: np.ndarray | float = 0.0) -> None:
        """vectors: (items, D), of any kind of number. unit: whether a row's length counts for nothing; the
        cosine with a row of zeros is 0. centre: (D,), is taken off every row first."""
        self._vectors, self._unit, self._centre = vectors, unit, centre
        self._kept: tuple[np.ndarray | None, np.ndarray | None] = (None, None)

    def __call__(self, queries: np.ndarray, candidates: np.ndarray) -> np.ndarray:
        """float64 (Q, C) of rows at positions (Q,) and (C,). Safe to call from several threads.

        The candidates are prepared once where they are few and the same array is given again.
        """
        return self.by(self._vectors[queries], candidates)

    def by(self, asking: np.ndarray, candidates: np.ndarray) -> np.ndarray:
        """The same for any vectors that ask, (Q, D), whether the table holds them or not."""
        asking = self._prepared(asking)
        width = max(1, self._vectors.shape[1])
        of, kept = self._kept
        if candidates is not of:
            kept = self._rows(candidates) if len(candidates) * width <= _KEPT else None
            self._kept = candidates, kept
        if kept is not None:
            return asking @ kept.T
        out: np.ndarray = np.empty((len(asking), len(candidates)))
        step = max(1, _ROWS // width)
        for start in range(0, len(candidates), step):
            out[:, start : start + step] = asking @ self._rows(candidates[start : start + step]).T
        return out

    def _rows(self, positions: np.ndarray) -> np.ndarray:
        return self._prepared(self._vectors[positions])

    def _prepared(self, vectors: np.ndarray) -> np.ndarray:
        rows: np.ndarray = vectors.astype(np.float64)
        rows -= self._centre
        if self._unit:
            rows /= np.maximum(np.sqrt(np.einsum("ij,ij->i", rows, rows)), 1e-12)[:, None]
        return rows


def mean_of(vectors: np.ndarray, usable: np.ndarray | None = None) -> np.ndarray:
    """The mean of the rows, float64 (D,), a block of them at a time. usable: bool (items,), which rows count."""
    step = max(1, _ROWS // max(1, vectors.shape[1]))
    total, count = np.zeros(vectors.shape[1]), 0
    for start in range(0, len(vectors), step):
        rows = vectors[start : start + step]
        if usable is not None:
            rows = rows[usable[start : start + step]]
        total += rows.sum(axis=0, dtype=np.float64)
        count += len(rows)
    return total / max(count, 1)

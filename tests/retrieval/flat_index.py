"""The exact ranking that indexes are compared with."""

import numpy as np


class FlatIndex:
    """Exact: every inner product, sorted. Implements `retrieval.threshold.Ranking`."""

    def __init__(self, vectors: np.ndarray, positions: np.ndarray) -> None:
        """vectors: (n, width), derived vectors of one attribute; positions: int64 (n,) their places in the catalog."""
        self._vectors = vectors.astype(np.float32)
        self._positions = positions

    def __len__(self) -> int:
        return len(self._positions)

    def search(self, vector: np.ndarray, depth: int) -> tuple[np.ndarray, np.ndarray]:
        scores = self._vectors @ vector.astype(np.float32)
        order = np.argsort(-scores, kind="stable")[:depth]
        return self._positions[order], scores[order]

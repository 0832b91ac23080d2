"""Indexes: ranked lists of one attribute, approximate, by hnswlib."""

import threading
from dataclasses import dataclass
from pathlib import Path

import hnswlib
import numpy as np

CHUNK = 1024
EQUAL = 0.99
"""Vectors of which the shortest is so much of the longest count as equally long."""


@dataclass(frozen=True)
class HnswParameters:
    """Links an item, width of the search while building and while searching, seed of the levels."""

    links: int = 16
    build_width: int = 200
    search_width: int = 128
    seed: int = 0


class HnswIndex:
    """Approximate, by hnswlib (Malkov and Yashunin 2016), inner product. Implements `retrieval.threshold.Ranking`.

    Vectors of different lengths, as posteriors are, get one more number that makes them equally long; a query has 0 there, so
    that no inner product changes (Bachrach et al., RecSys 2014). Without it most of them cannot be reached.
    A lock keeps queries apart: the search width belongs to the index, not to a query.
    """

    def __init__(self, index: hnswlib.Index, parameters: HnswParameters, padded: bool = False) -> None:
        self.padded = padded
        self._index = index
        self._parameters = parameters
        self._lock = threading.Lock()

    @classmethod
    def build(
        cls,
        vectors: np.ndarray,
        positions: np.ndarray,
        parameters: HnswParameters | None = None,
        threads: int = 1,
        stop: threading.Event | None = None,
    ) -> "HnswIndex | None":
        """Index the rows `positions` of vectors (items, width); None when `stop` was set."""
        parameters = parameters or HnswParameters()
        shortest, longest = _lengths(vectors, positions)
        padded = shortest < EQUAL * longest
        index = hnswlib.Index(space="ip", dim=vectors.shape[1] + padded)
        index.init_index(
            max(len(positions), 1),
            M=parameters.links,
            ef_construction=parameters.build_width,
            random_seed=parameters.seed,
        )
        for start in range(0, len(positions), CHUNK):
            if stop is not None and stop.is_set():
                return None
            rows = positions[start : start + CHUNK]
            some = vectors[rows].astype(np.float32)
            if padded:
                missing = longest**2 - (some**2).sum(1, keepdims=True)
                some = np.hstack([some, np.sqrt(np.maximum(missing, 0))])
            index.add_items(some, rows, num_threads=threads)
        return cls(index, parameters, padded)

    @classmethod
    def load(cls, path: Path, dim: int, parameters: HnswParameters | None = None, padded: bool = False) -> "HnswIndex":
        """Read a file that `save` wrote; only for files whose digest was checked: hnswlib trusts what it reads."""
        index = hnswlib.Index(space="ip", dim=dim + padded)
        index.load_index(str(path))
        return cls(index, parameters or HnswParameters(), padded)

    def save(self, path: Path) -> None:
        self._index.save_index(str(path))

    def __len__(self) -> int:
        return int(self._index.element_count)

    def complete(self) -> bool:
        """Whether a search reaches every item: many equal items can cut an hnsw graph in pieces."""
        probe = np.zeros(self._index.dim, np.float32)
        return len(self.search(probe, len(self))[0]) == len(self)

    def search(self, vector: np.ndarray, depth: int) -> tuple[np.ndarray, np.ndarray]:
        depth = min(depth, len(self))
        vector = np.append(vector, 0) if self.padded and len(vector) < self._index.dim else vector
        with self._lock:
            self._index.set_ef(max(self._parameters.search_width, 2 * depth))
            try:
                labels, distances = self._index.knn_query(vector.astype(np.float32), k=depth, num_threads=1)
            except RuntimeError:  # fewer than depth items can be reached
                return np.empty(0, np.int64), np.empty(0, np.float32)
        return labels[0].astype(np.int64), 1 - distances[0]


def _lengths(vectors: np.ndarray, positions: np.ndarray) -> tuple[float, float]:
    """The shortest and the longest of some rows."""
    lengths = [
        np.linalg.norm(vectors[positions[start : start + CHUNK]].astype(np.float32), axis=1)
        for start in range(0, len(positions), CHUNK)
    ]
    every = np.concatenate([np.zeros(0), *lengths])
    return (float(every.min()), float(every.max())) if len(every) else (0.0, 0.0)

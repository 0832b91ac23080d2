"""The exact index that others are compared with, and a backend of it: all that an engine needs from one."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from retrieval.backend import Abilities, Vectors


class FlatIndex:
    """Exact: every inner product, sorted. Implements `retrieval.backend.Index`."""

    worn = False

    def __init__(self, vectors: np.ndarray, rows: np.ndarray) -> None:
        """vectors: (n, width), derived vectors of one attribute; rows: int64 (n,) their places in the catalog."""
        self._vectors = vectors.astype(np.float32)
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def held(self, count: int) -> np.ndarray:
        return np.isin(np.arange(count), self._rows)

    def add(self, vectors: np.ndarray, rows: np.ndarray) -> None:
        self._vectors = np.concatenate([self._vectors, vectors.astype(np.float32)])
        self._rows = np.concatenate([self._rows, rows])

    def remove(self, rows: np.ndarray) -> None:
        kept = ~np.isin(self._rows, rows)
        self._vectors, self._rows = self._vectors[kept], self._rows[kept]

    def search(self, vector: np.ndarray, depth: int, live: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        scores = self._vectors @ vector.astype(np.float32)
        order = np.argsort(-scores, kind="stable")
        if live is not None:
            order = order[np.isin(self._rows[order], np.flatnonzero(live))]
        return self._rows[order][:depth], scores[order][:depth]

    def get(self, row: int) -> np.ndarray:
        return self._vectors[list(self._rows).index(row)]

    def save(self, folder: Path) -> None:
        np.savez(folder / "flat.npz", vectors=self._vectors, rows=self._rows)


@dataclass(frozen=True)
class Flat:
    """A backend of exact indexes, of the class given."""

    made: type[FlatIndex] = FlatIndex

    name: ClassVar[str] = "flat"
    abilities: ClassVar[Abilities] = Abilities()

    @property
    def parameters(self) -> dict[str, Any]:
        return {"made": self.made.__name__}

    def build(
        self, vectors: Vectors, rows: np.ndarray, threads: int = 1, stop: threading.Event | None = None
    ) -> FlatIndex | None:
        return None if stop is not None and stop.is_set() else self.made(vectors[rows], rows)

    def load(self, folder: Path, width: int) -> FlatIndex:
        with np.load(folder / "flat.npz", allow_pickle=False) as kept:
            return self.made(kept["vectors"], kept["rows"])

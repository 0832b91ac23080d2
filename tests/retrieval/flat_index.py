"""The exact index that others are compared with, and a backend of it: all that an engine needs from one."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from retrieval.backend import Abilities, Vectors


class FlatIndex:
    """Exact: every inner product, sorted. Implements `retrieval.backend.Index`; a search sees one state of it."""

    worn = False

    def __init__(self, vectors: np.ndarray, rows: np.ndarray) -> None:
        """vectors: (n, width), derived vectors of one attribute; rows: int64 (n,) their places in the catalog."""
        self._state = vectors.astype(np.float32), rows
        self._change = threading.Lock()

    def __len__(self) -> int:
        return len(self._state[1])

    def held(self, count: int) -> np.ndarray:
        return np.isin(np.arange(count), self._state[1])

    def add(self, vectors: np.ndarray, rows: np.ndarray) -> None:
        with self._change:
            own, held = self._state
            self._state = np.concatenate([own, vectors.astype(np.float32)]), np.concatenate([held, rows])

    def remove(self, rows: np.ndarray) -> None:
        with self._change:
            vectors, held = self._state
            kept = ~np.isin(held, rows)
            self._state = vectors[kept], held[kept]

    def search(self, vector: np.ndarray, depth: int, live: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        vectors, rows = self._state
        scores = vectors @ vector.astype(np.float32)
        order = np.argsort(-scores, kind="stable")
        if live is not None:
            order = order[np.isin(rows[order], np.flatnonzero(live))]
        return rows[order][:depth], scores[order][:depth]

    def get(self, row: int) -> np.ndarray:
        vectors, rows = self._state
        places = np.flatnonzero(rows == row)
        if not len(places):
            raise KeyError(row)
        return vectors[places[0]]

    def save(self, folder: Path) -> None:
        vectors, rows = self._state
        np.savez(folder / "flat.npz", vectors=vectors, rows=rows)


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

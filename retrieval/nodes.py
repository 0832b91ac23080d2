"""Which rows of a catalog have the vector of which node of a graph, and which nodes are ranked beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np


def _none() -> np.ndarray:
    return np.empty(0, np.int64)


@dataclass(frozen=True)
class Nodes:
    """Never changed in place, so that whoever holds one sees one state.

    of and rows: int64 (n,), nodes in ascending order and the row that each stands for here; a node
    has a row, several of equal vectors, or none any more. beside: int64 (b,), ascending, nodes that
    are not to be taken from the graph, and vectors: float32 (b, width), theirs.
    """

    vectors: np.ndarray
    of: np.ndarray = field(default_factory=_none)
    rows: np.ndarray = field(default_factory=_none)
    beside: np.ndarray = field(default_factory=_none)

    @classmethod
    def empty(cls, width: int) -> "Nodes":
        return cls(np.empty((0, width), np.float32))

    @classmethod
    def of_arrays(cls, kept: Mapping[str, np.ndarray]) -> "Nodes":
        return cls(kept["vectors"], kept["of"], kept["rows"], kept["beside"])

    def arrays(self) -> dict[str, np.ndarray]:
        """All of it, for `of_arrays`."""
        return {"vectors": self.vectors, "of": self.of, "rows": self.rows, "beside": self.beside}

    @cached_property
    def used(self) -> int:
        """How many nodes have a row."""
        return int((np.diff(self.of, prepend=-1) != 0).sum())

    @cached_property
    def _held(self) -> np.ndarray:
        held = np.zeros(int(self.rows.max(initial=-1)) + 1, bool)
        held[self.rows] = True
        return held

    @cached_property
    def _plain(self) -> bool:
        """Whether each node has one row."""
        return len(self.of) == 0 or (bool((np.diff(self.of) == 1).all()) and int(self.of[0]) == 0)

    def is_beside(self, nodes: np.ndarray) -> np.ndarray:
        """Which of some nodes are ranked beside the graph, bool."""
        if not len(self.beside):
            return np.zeros(len(nodes), bool)
        places = np.minimum(np.searchsorted(self.beside, nodes), len(self.beside) - 1)
        found: np.ndarray = self.beside[places] == nodes
        return found

    def held(self, count: int) -> np.ndarray:
        """Which of the first `count` rows have a node, bool (count,)."""
        short = count - len(self._held)
        return np.pad(self._held, (0, short)) if short > 0 else self._held[:count]

    def node_of(self, row: int) -> int:
        """KeyError for a row without one."""
        places = np.flatnonzero(self.rows == row)
        if not len(places):
            raise KeyError(row)
        return int(self.of[places[0]])

    def more(self, nodes: np.ndarray, rows: np.ndarray) -> "Nodes":
        """With rows int64 (m,) for nodes int64 (m,)."""
        order = np.argsort(nodes, kind="stable")
        places = np.searchsorted(self.of, nodes[order], "right")
        return replace(
            self, of=np.insert(self.of, places, nodes[order]), rows=np.insert(self.rows, places, rows[order])
        )

    def without(self, rows: np.ndarray) -> "Nodes":
        kept = ~np.isin(self.rows, rows)
        return replace(self, of=self.of[kept], rows=self.rows[kept])

    def put_beside(self, nodes: np.ndarray, vectors: np.ndarray) -> "Nodes":
        """With nodes int64 (m,), each once and none beside already, and their vectors (m, width)."""
        order = np.argsort(nodes)
        places = np.searchsorted(self.beside, nodes[order])
        return replace(
            self,
            beside=np.insert(self.beside, places, nodes[order]),
            vectors=np.insert(self.vectors, places, vectors[order], axis=0),
        )

    def completed(
        self, found: np.ndarray, scores: np.ndarray, query: np.ndarray, everything: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """What the graph found, nodes int64 (m,) and scores (m,) descending, with those beside it.

        Unless the graph gave `everything`, those that are worse than its last are left out: others
        that it has not given can be better.
        """
        if not len(self.beside):
            return found, scores
        beside = self.vectors @ query
        near = np.full(len(beside), True) if everything else beside >= scores[-1]
        found = np.concatenate([found, self.beside[near]])
        scores = np.concatenate([scores, beside[near]])
        order = np.argsort(-scores, kind="stable")
        return found[order], scores[order]

    def expanded(self, found: np.ndarray, scores: np.ndarray, live: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """The rows of nodes, of which `live` lets through, and their scores."""
        if self._plain:
            there = found < len(self.rows)
            rows, scores = self.rows[found[there]], scores[there]
        else:
            start = np.searchsorted(self.of, found, "left")
            counts = np.searchsorted(self.of, found, "right") - start
            before = np.cumsum(counts) - counts
            rows = self.rows[np.repeat(start - before, counts) + np.arange(counts.sum())]
            scores = np.repeat(scores, counts)
        if live is not None:
            kept = rows < len(live)
            kept[kept] = live[rows[kept]]
            rows, scores = rows[kept], scores[kept]
        return rows, scores


def distinct(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first place of each distinct row of float32 (n, width), in their order, and which of them each row is."""
    raw = np.ascontiguousarray(vectors).view(f"V{vectors.shape[1] * vectors.itemsize}").ravel()
    _, first, inverse = np.unique(raw, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return first[order], np.argsort(order)[inverse]

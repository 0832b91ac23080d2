"""Indexes by hnswlib: ranked lists of one attribute, approximate."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

import hnswlib
import numpy as np

from retrieval.backend import Abilities, Vectors
from retrieval.nodes import Nodes, distinct

CHUNK = 1024
"""Vectors that are inserted at once while building."""
FEW = 32
"""Vectors that are added at once to an index in use: queries wait that long."""
ROOM = 1.25
"""Capacity grows by this factor."""
LONGER = 1.1
"""Vectors up to so much longer than the longest at the time of building fit into the graph."""
FURTHER = 4
"""How many times as deep as live rows should lie, if they lay evenly, a search reads for them."""
EQUAL = 1e-5
"""Inner products that differ by less of the squared length may be those of equal vectors."""
WORN, LEAST_WORN = 1 / 3, 64
"""Share and number of nodes above which useless ones say that an index should be built again."""
GRAPH, ROWS = "graph.hnsw", "rows.npz"


@dataclass(frozen=True)
class Hnsw:
    """The backend hnswlib (Malkov and Yashunin 2016). Links of a node, width of the search while
    building and while searching, seed of the levels."""

    links: int = 16
    build_width: int = 100
    search_width: int = 128
    seed: int = 0

    name: ClassVar[str] = "hnsw"
    abilities: ClassVar[Abilities] = Abilities()

    @property
    def parameters(self) -> dict[str, Any]:
        return asdict(self)

    def build(
        self, vectors: Vectors, rows: np.ndarray, threads: int = 1, stop: threading.Event | None = None
    ) -> "HnswIndex | None":
        """See `Backend.build`."""
        graph = hnswlib.Index(space="ip", dim=vectors.shape[1] + 1)
        graph.init_index(_room(len(rows)), M=self.links, ef_construction=self.build_width, random_seed=self.seed)
        lengths = [np.linalg.norm(_wide(vectors[rows[part]]), axis=1).max() for part in _parts(len(rows), CHUNK)]
        length = LONGER * float(max(lengths, default=0.0) or 1.0)
        index = HnswIndex(graph, self, Nodes.empty(vectors.shape[1]), length)
        for part in _parts(len(rows), CHUNK):
            if stop is not None and stop.is_set():
                return None
            index.insert(vectors[rows[part]], rows[part], threads)
        index.check()
        return index

    def load(self, folder: Path, width: int) -> "HnswIndex":
        """See `Backend.load`; hnswlib trusts the file that it reads."""
        with np.load(folder / ROWS, allow_pickle=False) as kept:
            length, count = float(kept["length"]), int(kept["count"])
            nodes = Nodes.of_arrays(kept)
        if nodes.vectors.shape[1] != width:
            raise ValueError(f"its vectors are {nodes.vectors.shape[1]} wide, not {width}")
        graph = hnswlib.Index(space="ip", dim=width + 1)
        graph.load_index(str(folder / GRAPH), max_elements=_room(count))
        return HnswIndex(graph, self, nodes, length)


class HnswIndex:
    """A graph of distinct vectors, its nodes, and the rows that have them. Implements `Index`.

    Equal vectors are one node: a graph of many equal ones falls to pieces. Each vector gets one more
    number that makes all of them `length` long; a query has 0 there, so that no inner product
    changes (Bachrach et al., RecSys 2014). Without it most of the vectors of different lengths, as
    posteriors are, could not be reached. Nodes that a search does not reach, and vectors longer than
    `length`, are ranked beside the graph, each by itself. A row that is removed leaves its node, and
    searches go on over it: what lies behind nodes that hnswlib itself deletes can be cut off.

    One lock keeps queries apart, since the search width belongs to the graph, and keeps them from
    insertions; the other keeps changes from each other and from saving, beside which queries go on.
    """

    def __init__(self, graph: hnswlib.Index, parameters: Hnsw, nodes: Nodes, length: float) -> None:
        self._graph = graph
        self._parameters = parameters
        self._nodes = nodes
        self._length = length
        self._checked = int(graph.element_count)
        self._query = threading.Lock()
        self._change = threading.RLock()

    def __len__(self) -> int:
        return len(self._nodes.rows)

    @property
    def worn(self) -> bool:
        useless = self._graph.element_count - self._nodes.used + len(self._nodes.beside)
        return bool(useless > max(WORN * self._graph.element_count, LEAST_WORN))

    @property
    def beside(self) -> int:
        """How many nodes are ranked beside the graph."""
        return len(self._nodes.beside)

    def held(self, count: int) -> np.ndarray:
        return self._nodes.held(count)

    def add(self, vectors: np.ndarray, rows: np.ndarray) -> None:
        with self._change:
            for part in _parts(len(rows), FEW):
                self.insert(vectors[part], rows[part], check=True)

    def insert(self, vectors: np.ndarray, rows: np.ndarray, threads: int = 1, check: bool = False) -> None:
        """As `add`, in one go. check: look whether each new node is reached; otherwise `check` has to."""
        wide = _wide(vectors)
        lengths = np.linalg.norm(wide, axis=1, keepdims=True)
        scaled = wide * np.minimum(1, self._length / np.maximum(lengths, 1e-12))
        missing = self._length**2 - (scaled**2).sum(1, keepdims=True)
        padded = np.hstack([scaled, np.sqrt(np.maximum(missing, 0))])
        first, inverse = distinct(wide)
        with self._change, self._query:
            nodes = self._equal(wide[first], padded[first], threads)
            new = nodes < 0
            nodes[new] = np.arange(new.sum()) + self._graph.element_count
            own, added = first[new], nodes[new]
            aside = lengths[own, 0] > self._length
            if len(added):
                self._make_room(len(added))
                self._graph.add_items(padded[own], added, num_threads=threads)
                if check:
                    aside |= self._nearest(padded[own], 1, self._parameters.search_width)[0][:, 0] != added
            self._nodes = self._nodes.more(nodes[inverse], rows).put_beside(added[aside], wide[own[aside]])

    def remove(self, rows: np.ndarray) -> None:
        with self._change:
            self._nodes = self._nodes.without(rows)

    def search(self, vector: np.ndarray, depth: int, live: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        query = _wide(np.append(vector, 0))
        with self._query:
            nodes = self._nodes
            there = len(nodes.rows) if live is None else int(np.count_nonzero(nodes.held(len(live)) & live))
            depth = min(depth, there)
            most = self._graph.element_count - len(nodes.beside)
            asked = min(most, -(-depth * len(nodes.rows) // max(there, 1)))
            last = max(FURTHER * asked, CHUNK)
            while depth:
                try:
                    found, scores = self._read(query, asked)
                except RuntimeError:  # fewer than asked are reached from where this search began
                    break
                found, scores = nodes.completed(found, scores, query[:-1], asked == most)
                rows, scores = nodes.expanded(found, scores, live)
                if len(rows) >= depth:
                    return rows[:depth], scores[:depth]
                if asked == most or asked >= last:
                    break
                asked = min(most, 2 * asked)
        return np.empty(0, np.int64), np.empty(0, np.float32)

    def get(self, row: int) -> np.ndarray:
        with self._query:
            nodes = self._nodes
            node = nodes.node_of(row)
            aside = np.flatnonzero(nodes.beside == node)
            if len(aside):
                return np.array(nodes.vectors[aside[0]])
            return self._stored([node])[0]

    def save(self, folder: Path) -> None:
        with self._change:
            if self._checked < self._graph.element_count:
                self.check()
            self._graph.save_index(str(folder / GRAPH))
            kept: dict[str, Any] = self._nodes.arrays()
            np.savez(folder / ROWS, length=self._length, count=self._graph.element_count, **kept)

    def check(self) -> None:
        """Find the nodes that a search does not reach; from now on they are ranked beside the graph."""
        with self._change, self._query:
            count, reached = self._graph.element_count, list[int]()
            # Nothing passes the filter, so that hnswlib looks at all that it can reach, and then complains.
            with contextlib.suppress(RuntimeError):
                self._graph.knn_query(np.zeros(self._graph.dim, np.float32), 1, num_threads=1, filter=reached.append)
            lost = np.ones(count, bool)
            lost[reached] = False
            lost[self._nodes.beside] = False
            nodes = np.flatnonzero(lost)
            if len(nodes):
                self._nodes = self._nodes.put_beside(nodes, self._stored(nodes))
            self._checked = count

    def _read(self, query: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """The best `count` of the nodes that are not beside the graph; RuntimeError when fewer are reached."""
        asked = count
        while True:
            found, scores = self._nearest(query[None], asked, max(self._parameters.search_width, asked))
            if not len(self._nodes.beside):
                return found[0], scores[0]
            own = np.flatnonzero(~self._nodes.is_beside(found[0]))[:count]
            if len(own) == count:
                return found[0][own], scores[0][own]
            asked += count - len(own)

    def _nearest(self, queries: np.ndarray, k: int, width: int, threads: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """Nodes int64 (queries, k) and their inner products; RuntimeError when fewer are reached."""
        if k == 0:
            return np.empty((len(queries), 0), np.int64), np.empty((len(queries), 0), np.float32)
        self._graph.set_ef(width)
        nodes, distances = self._graph.knn_query(queries, k=k, num_threads=threads)
        return nodes.astype(np.int64), 1 - distances

    def _equal(self, vectors: np.ndarray, padded: np.ndarray, threads: int) -> np.ndarray:
        """The node of each vector where one is found that is equal to it, otherwise -1."""
        nodes = np.full(len(vectors), -1)
        if self._graph.element_count:
            found, scores = (got[:, 0] for got in self._nearest(padded, 1, self._parameters.links, threads))
            near = (scores >= (1 - EQUAL) * self._length**2) & ~self._nodes.is_beside(found)
            if near.any():
                near[near] = (self._stored(found[near]) == vectors[near]).all(1)
            nodes[near] = found[near]
        return nodes

    def _stored(self, nodes: np.ndarray | list[int]) -> np.ndarray:
        return np.array(self._graph.get_items(nodes), np.float32)[:, :-1]

    def _make_room(self, more: int) -> None:
        needed = self._graph.element_count + more
        if needed > self._graph.max_elements:
            self._graph.resize_index(_room(needed))


def _wide(vectors: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(vectors, np.float32)


def _parts(count: int, size: int) -> Iterator[slice]:
    return (slice(start, min(start + size, count)) for start in range(0, count, size))


def _room(count: int) -> int:
    """Capacity for `count` nodes and some more."""
    return int(ROOM * count) + FEW

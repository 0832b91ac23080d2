"""An index of one attribute in a Milvus: ranked lists, approximate."""

import hashlib
import json
import logging
import math
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.errors import RetrievalError
from retrieval.milvus_server import WORK, Away, Server
from retrieval.nodes import Nodes, distinct

_log = logging.getLogger("lapel.retrieval")

DEEPEST = 16_384
"""Most vectors that one search gives (milvus.io/docs/limitations.md), and most that one may be confined to here."""
FEW = 256
"""Live vectors that are sooner fetched and compared here than searched for."""
SURE = 2
"""Times as deep as live rows should lie, if they lay evenly, a search reads first."""
CHUNK = 4096
"""Vectors that are looked at and sent at once."""
CHECKED = 64
"""Vectors of a collection that are asked for before it is taken for the one that was saved."""
WORN, LEAST_WORN = 1 / 3, 64
"""Share and number of vectors beside a collection above which it should be built again."""
ABOUT, ROWS = "milvus.json", "rows.npz"


class MilvusIndex:
    """A collection of distinct vectors in a Milvus, and the rows that have them, here. Implements `Index`.

    A vector's key is a digest of its numbers, so that equal ones are one and what is sent twice is there once. Each
    gets one more number that makes all equally long, as in `HnswIndex`. Rows are removed here at once, and from the
    server when the index is saved for the second time since: what was saved never names a vector that is not there.

    A server that does not answer breaks nothing: `search` gives nothing, so that the caller scans, and rows that `add`
    could not bring over are not held. One log line says it.
    """

    def __init__(
        self,
        at: Server,
        collection: str,
        looks: Callable[[int], dict[str, int]],
        nodes: Nodes,
        length: float,
        removed: np.ndarray | None = None,
    ) -> None:
        """looks: what a search for so many vectors is asked with. removed: keys int64 (n,) of vectors without rows."""
        self.collection = collection
        self._at = at
        self._looks = looks
        self._nodes = nodes
        self._length = length
        self._removed: set[int] = set() if removed is None else set(removed.tolist())
        self._saved = set(self._removed)
        self._change = threading.RLock()

    def __len__(self) -> int:
        return len(self._nodes.rows)

    @property
    def worn(self) -> bool:
        return len(self._nodes.beside) > max(WORN * self._nodes.used, LEAST_WORN)

    def held(self, count: int) -> np.ndarray:
        return self._nodes.held(count)

    def add(self, vectors: np.ndarray, rows: np.ndarray) -> None:
        for part in parts(len(rows)):
            new = wide(vectors[part])
            keys, first = keys_of(new), distinct(new)[0]
            try:
                with self._change:
                    first = first[~np.isin(keys[first], self._nodes.of)]
                    self.put(keys[first], new[first])
                    self.name_rows(keys, rows[part])
            except RetrievalError as error:
                _log.warning("%s; %d new rows are compared without an index", error, len(rows) - part.start)
                return

    def put(self, keys: np.ndarray, vectors: np.ndarray) -> None:
        """Send distinct vectors float32 (n, width) under their keys int64 (n,); those that are too long stay here."""
        lengths = np.linalg.norm(vectors, axis=1)
        with self._change:
            fits = lengths <= self._length
            missing = np.sqrt(np.maximum(self._length**2 - lengths[fits, None] ** 2, 0)).astype(np.float32)
            self._at.put(self.collection, keys[fits], np.hstack([vectors[fits], missing]))
            new = ~fits & ~np.isin(keys, self._nodes.beside)
            self._nodes = self._nodes.put_beside(keys[new], vectors[new])

    def name_rows(self, keys: np.ndarray, rows: np.ndarray) -> None:
        """Rows int64 (n,) have the vectors of keys int64 (n,), which were sent."""
        with self._change:
            self._removed.difference_update(keys.tolist())
            self._saved.difference_update(keys.tolist())
            self._nodes = self._nodes.more(keys, rows)

    def remove(self, rows: np.ndarray) -> None:
        with self._change:
            before = self._nodes
            self._nodes = before.without(rows)
            gone = np.setdiff1d(before.of[np.isin(before.rows, rows)], self._nodes.of)
            self._removed.update(gone[~np.isin(gone, before.beside)].tolist())

    def search(self, vector: np.ndarray, depth: int, live: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        try:
            return self._found(np.append(wide(vector), np.float32(0)), self._nodes, depth, live)
        except RetrievalError as error:
            _log.log(logging.DEBUG if isinstance(error, Away) else logging.WARNING, "%s; searching without it", error)
            return nothing()

    def get(self, row: int) -> np.ndarray:
        nodes = self._nodes
        key = nodes.node_of(row)
        aside = np.flatnonzero(nodes.beside == key)
        if len(aside):
            return np.array(nodes.vectors[aside[0]])
        vectors = self._at.vectors(self.collection, np.array([key]))[1]
        if not len(vectors):
            raise KeyError(row)
        return np.array(vectors[0, :-1])

    def save(self, folder: Path) -> None:
        with self._change:
            kept: dict[str, Any] = self._nodes.arrays()
            removed: np.ndarray = np.array(sorted(self._removed), np.int64)
            np.savez(folder / ROWS, removed=removed, **kept)
            about = {"collection": self.collection, "length": self._length}
            (folder / ABOUT).write_text(json.dumps(about, indent=1), "utf-8")
            due = sorted(self._saved & self._removed)
            try:
                for start in range(0, len(due), DEEPEST):
                    self._at.ask("delete", self.collection, ids=due[start : start + DEEPEST], timeout=WORK)
                self._removed -= set(due)
            except RetrievalError as error:
                _log.warning("%s; what was removed stays there until the next time", error)
            self._saved = set(self._removed)

    def settle(self) -> None:
        """Wait until the server has built what it searches by; it compares all vectors until then. For measurements."""
        self._at.ask("release_collection", self.collection, timeout=WORK)
        self._at.ask("load_collection", self.collection, timeout=WORK)

    def check(self, width: int) -> None:
        """ValueError unless the collection has vectors of `width` numbers, as many as are named here, and those asked for."""
        if self._nodes.vectors.shape[1] != width:
            raise ValueError(f"its vectors are {self._nodes.vectors.shape[1]} wide, not {width}")
        keys = _inside(self._nodes)
        there = self._at.count(self.collection)
        if there < len(keys):
            raise ValueError(f"the collection {self.collection} has {there} vectors, not {len(keys)}")
        some = keys[np.unique(np.linspace(0, len(keys) - 1, min(CHECKED, len(keys))).astype(int))]
        if len(some):
            found, vectors = self._at.vectors(self.collection, some)
            if not np.array_equal(found, some) or not np.array_equal(keys_of(vectors[:, :-1]), found):
                raise ValueError(f"the collection {self.collection} holds other vectors")

    def _found(
        self, query: np.ndarray, nodes: Nodes, depth: int, live: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """See `Index.search`. query: float32 (width + 1,), 0 at its end."""
        may = None if live is None else _in(live, nodes.rows)
        count = len(nodes.rows) if may is None else int(may.sum())
        depth = min(depth, count)
        if not depth:
            return nothing()
        if count <= FEW:
            return self._compared(query, nodes, _inside(nodes, may), depth, live)
        sure = 1 if may is None and not self._removed else SURE
        asked = sure * math.ceil(depth * (len(nodes.rows) + len(self._removed)) / count)
        while asked <= DEEPEST:
            found, scores = self._at.search(self.collection, query, asked, self._looks(asked))
            everything = len(found) < asked and len(np.intersect1d(found, nodes.of)) == len(_inside(nodes))
            rows, scores = _expanded(nodes, found, scores, query, everything, live)
            if len(rows) >= depth:
                return rows[:depth], scores[:depth]
            if len(found) < asked:
                break
            asked = 2 * asked
        return self._confined(query, nodes, _inside(nodes, may), depth, live)

    def _confined(
        self, query: np.ndarray, nodes: Nodes, keys: np.ndarray, depth: int, live: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """By a search among live vectors alone, where they are not too many."""
        asked = min(depth, len(keys))
        if not 0 < len(keys) <= DEEPEST:
            return nothing()
        found, scores = self._at.search(self.collection, query, asked, self._looks(asked), keys)
        rows, scores = _expanded(nodes, found, scores, query, len(found) == len(keys), live)
        return (rows[:depth], scores[:depth]) if len(rows) >= depth else nothing()

    def _compared(
        self, query: np.ndarray, nodes: Nodes, keys: np.ndarray, depth: int, live: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """By the vectors of few keys, fetched: exact."""
        there, vectors = self._at.vectors(self.collection, keys) if len(keys) else (keys, np.empty((0, len(query))))
        if len(there) < len(keys):
            return nothing()
        scores = (vectors @ query).astype(np.float32)
        order = np.argsort(-scores, kind="stable")
        rows, scores = _expanded(nodes, there[order], scores[order], query, True, live)
        return rows[:depth], scores[:depth]


def keys_of(wide: np.ndarray) -> np.ndarray:
    """Whole numbers int64 (n,) from 0 for vectors float32 (n, width), 63 bits of a digest of their numbers: among 100 million
    vectors two different ones meet with a chance of 1 in 1,800."""
    digests = (hashlib.blake2b(row.tobytes(), digest_size=8).digest() for row in np.ascontiguousarray(wide))
    numbers: np.ndarray = np.frombuffer(b"".join(digests), np.int64)
    return np.asarray(numbers & np.int64(2**63 - 1))


def _expanded(
    nodes: Nodes, found: np.ndarray, scores: np.ndarray, query: np.ndarray, everything: bool, live: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the vectors that were found, with those beside the collection, and their scores."""
    if not len(found) and not everything:
        return nothing()
    return nodes.expanded(*nodes.completed(found, scores, query[:-1], everything), live)


def _inside(nodes: Nodes, may: np.ndarray | None = None) -> np.ndarray:
    """Keys int64 (n,), ascending, of vectors in the collection that have a row. may: bool, which of `nodes.rows` count."""
    keys = nodes.of if may is None else nodes.of[may]
    keys = keys[np.diff(keys, prepend=-1) != 0]
    return keys[~np.isin(keys, nodes.beside)] if len(nodes.beside) else keys


def _in(live: np.ndarray, rows: np.ndarray) -> np.ndarray:
    inside = rows < len(live)
    inside[inside] = live[rows[inside]]
    return inside


def nothing() -> tuple[np.ndarray, np.ndarray]:
    return np.empty(0, np.int64), np.empty(0, np.float32)


def wide(vectors: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(vectors, np.float32)


def parts(count: int) -> Iterator[slice]:
    return (slice(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK))

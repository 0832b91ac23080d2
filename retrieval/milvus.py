"""Indexes in a Milvus, of this process or on other machines: made, found again and removed."""

import hashlib
import json
import logging
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from common import environment
from retrieval.backend import Abilities, Backend, Vectors
from retrieval.errors import RetrievalError
from retrieval.index import Hnsw
from retrieval.milvus_index import ABOUT, DEEPEST, ROWS, MilvusIndex, keys_of, parts, wide
from retrieval.milvus_server import WORK, Server, server
from retrieval.nodes import Nodes

_log = logging.getLogger("lapel.retrieval")

LONGER = 1.1
"""Vectors up to so much longer than the longest at the time of building have a place in a collection."""


@dataclass(frozen=True)
class Kind:
    """A kind of index of Milvus: what it is built with; by what name and up to what number (0: any) a search says how
    far to look; whether that is at least as far as the vectors that are asked for."""

    built: dict[str, int]
    named: str = ""
    most: int = 0

    def looks(self, width: int, count: int) -> dict[str, int]:
        """The parameters of a search of `width` for `count` vectors."""
        if not self.named:
            return {}
        return {self.named: min(width, self.most) if self.most else max(width, count)}


KINDS = {
    "HNSW": Kind({"M": 16, "efConstruction": 200}, "ef"),
    "FLAT": Kind({}),
    "IVF_SQ8": Kind({"nlist": 1024}, "nprobe", 1024),
    "DISKANN": Kind({}, "search_list"),
}
"""What Milvus calls them. milvus-lite has no DISKANN, and builds with its own defaults (the same links, 128 cells)."""


@dataclass(frozen=True)
class Milvus:
    """The backend Milvus (Wang et al., SIGMOD 2021), through pymilvus.

    address: a path that ends in .db, of milvus-lite, or http(s)://host:port. kind: of index, one of
    `KINDS`. search_width: how far a search looks. token: of the server; it is not kept anywhere.
    """

    address: str
    kind: str = "HNSW"
    search_width: int = 128
    token: str = field(default="", repr=False, compare=False)

    name: ClassVar[str] = "milvus"
    abilities: ClassVar[Abilities] = Abilities(whole=True, largest_k=DEEPEST)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise RetrievalError(f"'{self.kind}' is no kind of index of Milvus that is known here: {', '.join(KINDS)}")

    @property
    def parameters(self) -> dict[str, Any]:
        made = {"address": self.address, "kind": self.kind, "search_width": self.search_width}
        return made | {"built": KINDS[self.kind].built}

    def build(
        self, vectors: Vectors, rows: np.ndarray, threads: int = 1, stop: threading.Event | None = None
    ) -> MilvusIndex | None:
        """See `Backend.build`. RetrievalError when the server does not take them; then nothing is left of it there."""
        at = server(self.address, self.token)
        keys, length = _looked_at(vectors, rows)
        name, width = _name(self, keys, rows), vectors.shape[1]
        index = MilvusIndex(at, name, self._looks, Nodes.empty(width), length)
        at.make(name, width + 1, {"index_type": self.kind, "params": KINDS[self.kind].built})
        try:
            first = np.zeros(len(rows), bool)
            first[np.unique(keys, return_index=True)[1]] = True
            for part in parts(len(rows)):
                if stop is not None and stop.is_set():
                    _dropped(at, name)
                    return None
                index.put(keys[part][first[part]], wide(vectors[rows[part][first[part]]]))
            at.ask("flush", name, timeout=WORK)
        except BaseException:
            _dropped(at, name)
            raise
        index.name_rows(keys, rows)
        return index

    def load(self, folder: Path, width: int) -> MilvusIndex:
        """See `Backend.load`. ValueError when the collection is gone, or is not the one that was saved."""
        saved = json.loads((folder / ABOUT).read_text("utf-8"))
        with np.load(folder / ROWS, allow_pickle=False) as kept:
            nodes, removed = Nodes.of_arrays(kept), kept["removed"]
        at, name = server(self.address, self.token), str(saved["collection"])
        if not at.ask("has_collection", name):
            raise ValueError(f"the Milvus {self.address} has no collection {name} any more")
        at.ask("load_collection", name, timeout=WORK)
        index = MilvusIndex(at, name, self._looks, nodes, float(saved["length"]), removed)
        index.check(width)
        return index

    def forget(self, folder: Path, kept: Iterable[Path] = ()) -> None:
        """Remove from the server what the index that was saved in `folder` has there, unless one of the folders that are `kept`
        names it too. Nothing for a folder of others."""
        name = _saved_in(folder)
        if name and name not in map(_saved_in, kept):
            _dropped(server(self.address, self.token), name)

    def _looks(self, count: int) -> dict[str, int]:
        return KINDS[self.kind].looks(self.search_width, count)


def backend_of(address: str) -> Backend:
    """The backend that an address names: "" or "hnsw", in this process; a file that ends in .db, or http(s)://host:port, a
    Milvus (its token from `LAPEL_MILVUS_TOKEN`). RetrievalError for anything else."""
    asked = address.strip()
    if asked.lower() in ("", "hnsw"):
        return Hnsw()
    if asked.endswith(".db") or asked.startswith(("http://", "https://")):
        return Milvus(asked, token=environment.milvus_token())
    raise RetrievalError(f"'{address}' is no index: hnsw, a file that ends in .db, or http(s)://host:port of a Milvus")


def _looked_at(vectors: Vectors, rows: np.ndarray) -> tuple[np.ndarray, float]:
    """The keys int64 (n,) of rows int64 (n,) of vectors (rows, width), and how long those in a collection are made."""
    keys, longest = np.empty(len(rows), np.int64), 0.0
    for part in parts(len(rows)):
        numbers = wide(vectors[rows[part]])
        keys[part] = keys_of(numbers)
        longest = max(longest, float(np.linalg.norm(numbers, axis=1).max()))
    return keys, LONGER * (longest or 1.0)


def _name(backend: Milvus, keys: np.ndarray, rows: np.ndarray) -> str:
    """Of a new collection: by digests of how and of what it is made, and by lot, so that no two indexes share one."""
    made = hashlib.sha256(json.dumps(backend.parameters, sort_keys=True).encode()).hexdigest()
    held = hashlib.sha256(keys.tobytes() + rows.astype(np.int64).tobytes()).hexdigest()
    return f"lapel_{made[:12]}_{held[:20]}_{os.urandom(4).hex()}"


def _saved_in(folder: Path) -> str:
    """The collection of the index that was saved in a folder; "" where there is none."""
    try:
        return str(json.loads((folder / ABOUT).read_text("utf-8"))["collection"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _dropped(at: Server, collection: str) -> None:
    try:
        at.drop(collection)
    except RetrievalError as error:
        _log.warning("%s; the collection %s is left there", error, collection)

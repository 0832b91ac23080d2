"""Keeps the indexes of one embedding table: loaded or built when first asked for, saved with their digests."""

import atexit
import json
import logging
import os
import threading
import weakref
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from common.files import beside as free_name
from common.files import sha256_of, write_in_one_step
from retrieval.index import HnswIndex, HnswParameters
from retrieval.table import EmbeddingTable

_log = logging.getLogger("lapel.retrieval")


class Shelf:
    """One hnswlib index for each attribute of a table, of its derived vectors.

    `folder` is written by this installation alone and belongs to the digest of the table: a file is loaded only when
    its SHA-256 stands in `indexes.json` there, since hnswlib trusts what it reads. Any mismatch means building again.
    """

    def __init__(
        self,
        table: EmbeddingTable,
        vectors: Callable[[str], tuple[str, np.ndarray]],
        folder: Path,
        parameters: HnswParameters | None = None,
    ) -> None:
        """vectors: attribute → what its vectors are named by, and they themselves (items, width)."""
        self._table = table
        self._vectors = vectors
        self._folder = folder / table.manifest.sha256[:16]
        self._parameters = parameters or HnswParameters()
        self._ready: dict[str, HnswIndex | None] = {}  # None: the graph does not reach every item, so it is not used
        self._waiting: list[str] = []
        self._lock = threading.Lock()
        self._work = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        _open_shelves.add(self)

    def get(self, attribute: str) -> HnswIndex | None:
        """The index of an attribute if it is ready; otherwise None, and it is made in the background."""
        with self._lock:
            if attribute in self._ready:
                return self._ready[attribute]
            if attribute not in self._waiting and not self._stop.is_set():
                self._waiting.append(attribute)
                if self._thread is None:
                    self._thread = threading.Thread(target=self._serve, name="lapel-indexes", daemon=True)
                    self._thread.start()
        return None

    def ready(self, attribute: str) -> HnswIndex | None:
        """The index of an attribute if it is there; it is not made."""
        with self._lock:
            return self._ready.get(attribute)

    def prepare(self, attribute: str, threads: int = -1) -> HnswIndex | None:
        """Load or build an index now; None when its graph does not reach every item, or after `close`."""
        with self._work:
            with self._lock:
                if attribute in self._ready:
                    return self._ready[attribute]
            index = self._load(attribute) or self._build(attribute, threads)
            if index is None:
                return None
            whole = index if index.complete() else None
            if whole is None:
                _log.warning("the index of '%s' does not reach every item; searches scan the table", attribute)
            with self._lock:
                self._ready[attribute] = whole
            return whole

    def close(self) -> None:
        """Stop building; indexes that are ready go on serving."""
        self._stop.set()
        with self._lock:  # a thread that is there has been started
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _serve(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                attribute = self._waiting[0]
            try:
                self.prepare(attribute, threads=max(1, (os.cpu_count() or 2) - 1))
            except Exception:
                _log.exception("the index of '%s' cannot be built; searches scan the table", attribute)
                with self._lock:
                    self._ready[attribute] = None
            with self._lock:
                self._waiting.remove(attribute)

    def _build(self, attribute: str, threads: int) -> HnswIndex | None:
        positions = np.flatnonzero(self._table.readable)
        vectors = self._vectors(attribute)[1]
        index = HnswIndex.build(vectors, positions, self._parameters, threads, self._stop)
        if index is not None:
            try:
                self._save(attribute, index)
            except OSError as error:
                _log.warning("the index of '%s' cannot be kept: %s", attribute, error)
        return index

    def _save(self, attribute: str, index: HnswIndex) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = free_name(self._folder / "building.hnsw")
        index.save(beside)
        digest = sha256_of(beside)
        file = f"{digest[:16]}.hnsw"
        beside.replace(self._folder / file)
        entries = self._entries()
        made = {"vectors": self._vectors(attribute)[0], "parameters": asdict(self._parameters)}
        entries[attribute] = {"file": file, "sha256": digest, "padded": index.padded, **made}
        write_in_one_step(self._folder / "indexes.json", json.dumps(entries, indent=1, ensure_ascii=False))

    def _load(self, attribute: str) -> HnswIndex | None:
        entry = self._entries().get(attribute)
        try:
            digest, vectors = self._vectors(attribute)
            if not isinstance(entry, dict) or entry["parameters"] != asdict(self._parameters):
                return None
            if entry["vectors"] != digest:
                return None
            path = self._folder / Path(entry["file"]).name
            if sha256_of(path) != entry["sha256"]:
                raise ValueError("its digest is not the one in indexes.json")
            padded = bool(entry.get("padded"))
            index = HnswIndex.load(path, vectors.shape[1], self._parameters, padded)
            if len(index) != int(self._table.readable.sum()):
                raise ValueError("it is of another length than the table")
        except (OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
            _log.warning("the index of '%s' is damaged (%s); building it again", attribute, error)
            return None
        return index

    def _entries(self) -> dict[str, Any]:
        try:
            entries = json.loads((self._folder / "indexes.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return entries if isinstance(entries, dict) else {}


_open_shelves: "weakref.WeakSet[Shelf]" = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for shelf in list(_open_shelves):
        shelf.close()

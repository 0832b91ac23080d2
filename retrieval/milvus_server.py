"""Requests to a Milvus: a file of milvus-lite, or a server by its address. pymilvus is loaded when the first one is made."""

import logging
import threading
import time
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.errors import RetrievalError

_log = logging.getLogger("lapel.retrieval")

ANSWER = 10.0
"""Seconds that a search may take before it is given up."""
WORK = 600.0
"""Seconds that making, loading and emptying a collection may take."""
PAUSE = 30.0
"""Seconds without a request to a server that did not answer: nobody waits for it again and again."""
PART = 4 << 20
"""Bytes of vectors that are sent at once; Milvus takes 64 MB (milvus.io/docs/limitations.md)."""
GONE = 2
"""The code of pymilvus for a server that cannot be reached."""
KEY, VECTOR = "key", "vector"


class Away(RetrievalError):  # noqa: N818 - reads as what it says
    """The server is not asked, since it did not answer a moment ago; who waited for that answer has said so."""


class Server:
    """One Milvus. Thread-safe, but that milvus-lite wants the writers of one collection to take turns.

    Every request fails with a `RetrievalError` of one line.
    """

    def __init__(self, address: str, token: str = "") -> None:
        """address: a path that ends in .db, or http(s)://host:port. token: of a server, "user:password" or a key."""
        self.address = address
        self._token = token
        self._lock = threading.Lock()
        self._connected: Any = None
        self._again = 0.0

    def ask(self, what: str, *given: Any, timeout: float = ANSWER, **named: Any) -> Any:
        """What a method of `pymilvus.MilvusClient` answers."""
        try:
            return getattr(self._client(), what)(*given, timeout=timeout, **named)
        except RetrievalError:
            raise
        except Exception as error:  # pymilvus lets errors of gRPC through too
            raise self._failed(what, error) from error

    def make(self, name: str, width: int, index: dict[str, Any]) -> None:
        """A new collection of vectors of `width` numbers under whole-number keys, compared by inner products."""
        self._client()  # says what is not installed
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(KEY, DataType.INT64, is_primary=True)
        schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=width)
        params = MilvusClient.prepare_index_params()
        params.add_index(VECTOR, metric_type="IP", **index)
        self.ask(
            "create_collection", name, schema=schema, index_params=params, consistency_level="Strong", timeout=WORK
        )

    def put(self, name: str, keys: np.ndarray, vectors: np.ndarray) -> None:
        """Vectors float32 (n, width) under keys int64 (n,), in place of what is there under them."""
        part = max(1, PART // (4 * vectors.shape[1]))
        for start in range(0, len(keys), part):
            rows = zip(keys[start : start + part].tolist(), vectors[start : start + part], strict=True)
            self.ask("upsert", name, [{KEY: key, VECTOR: vector} for key, vector in rows], timeout=WORK)

    def drop(self, name: str) -> None:
        """Remove a collection, whether it is there or not."""
        self.ask("drop_collection", name, timeout=WORK)

    def search(
        self, name: str, vector: np.ndarray, count: int, params: dict[str, Any], among: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Keys int64 (m,) and inner products float32 (m,), descending. among: keys int64 (n,) that may be found."""
        found = self.ask(
            "search",
            name,
            [vector.tolist()],
            filter="" if among is None else f"{KEY} in [{','.join(map(str, among.tolist()))}]",
            limit=count,
            output_fields=[KEY],
            search_params={"metric_type": "IP", "params": params},
            consistency_level="Strong",
        )[0]
        keys: np.ndarray = np.fromiter((hit[KEY] for hit in found), np.int64, len(found))
        scores: np.ndarray = np.fromiter((hit["distance"] for hit in found), np.float32, len(found))
        order = np.argsort(-scores, kind="stable")
        return keys[order], scores[order]

    def vectors(self, name: str, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Those of keys int64 (n,) that are there, ascending, and their vectors float32 (m, width)."""
        found = self.ask("get", name, keys.tolist(), output_fields=[VECTOR], consistency_level="Strong")
        there: np.ndarray = np.array([row[KEY] for row in found], np.int64)
        order = np.argsort(there)
        vectors: np.ndarray = np.array([row[VECTOR] for row in found], np.float32)
        return there[order], vectors[order] if len(order) else np.empty((0, 0), np.float32)

    def count(self, name: str) -> int:
        """How many vectors a collection holds."""
        counted = self.ask("query", name, filter="", output_fields=["count(*)"], consistency_level="Strong")
        return int(counted[0]["count(*)"])

    def _client(self) -> Any:
        with self._lock:
            if time.monotonic() < self._again:
                raise Away(f"the Milvus {self.address} did not answer; it is asked again in {PAUSE:.0f} s at most")
            if self._connected is None:
                self._connected = self._connect()
            return self._connected

    def _connect(self) -> Any:
        try:
            from pymilvus import MilvusClient

            if self.address.endswith(".db") and find_spec("milvus_lite") is None:  # pymilvus would not say so
                raise ModuleNotFoundError(name="milvus_lite")
        except ImportError as error:
            raise RetrievalError(
                f"{error.name} is not installed: make scale, or pip install -r requirements-scale.txt"
            ) from error
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it logs a traceback of what it raises
        logging.getLogger("grpc._server").setLevel(logging.CRITICAL)  # milvus-lite's, of requests that it does not know
        address, failed = self.address, f"the Milvus {self.address} does not answer"
        try:
            if address.endswith(".db"):
                failed = f"the Milvus {address} cannot be opened (one process at a time may have it)"
                address = str(Path(address).expanduser().absolute())
                Path(address).parent.mkdir(parents=True, exist_ok=True)
            return MilvusClient(address, token=self._token, timeout=ANSWER)
        except Exception as error:
            self._again = time.monotonic() + PAUSE
            raise RetrievalError(f"{failed}: {_said(error)}") from error

    def _failed(self, what: str, error: Exception) -> RetrievalError:
        code = getattr(error, "code", None)
        if code == GONE or not isinstance(code, int) or "deadline" in _said(error).lower():
            with self._lock:
                self._again = time.monotonic() + PAUSE
                self._connected = None
        return RetrievalError(f"the Milvus {self.address} cannot {what.replace('_', ' ')}: {_said(error)}")


@lru_cache(maxsize=16)
def server(address: str, token: str = "") -> Server:
    """The one `Server` of this process for an address."""
    return Server(address, token)


def _said(error: Exception) -> str:
    details = getattr(error, "details", None)  # of an error of gRPC
    said = getattr(error, "message", "") or (details() if callable(details) else "") or error
    return " ".join(str(said).split())[:200]

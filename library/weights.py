"""The networks of an installation: the one in use, loaded once in the background, and those that were used before."""

import json
import logging
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from common.assets import EMBEDDED_WEIGHTS
from common.files import write_in_one_step
from library.errors import LibraryError
from library.settings import Settings
from model import RPF, WeightsError, load
from retrieval import Embedder, RetrievalError

KEPT = "weights.json"

_log = logging.getLogger("lapel.library")


@dataclass(frozen=True)
class Fallback:
    """The weights that were asked for and why they could not be loaded."""

    weights: str
    error: str


@dataclass(frozen=True)
class Tried:
    """Weights that were used here. source: folder or Hub repository, '' for the embedded ones. digest: what reports and taught
    attributes name them by. at: when they were first used, in seconds since the epoch."""

    source: str
    digest: str
    at: float


class Weights:
    """An embedder for all catalogs. `load` may be called from several threads and loads once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.fallback: Fallback | None = None
        self._path = Path(settings.home) / "library" / KEPT
        self._embedder: Embedder | None = None
        self._lock = threading.Lock()
        self.source = settings.weights or self._kept()[0]

    def load(self) -> Embedder:
        """The embedder in use, loaded when first asked for; WeightsError or ValueError where none can be."""
        with self._lock:
            if self._embedder is None:
                self._embedder = Embedder(self._network(), self.settings.device)
                self._keep(self._embedder)
            return self._embedder

    def switch(self, source: str) -> Embedder:
        """Use other weights from now on, '' for the embedded ones; those that are in use stay until these are loaded.

        WeightsError where they cannot be. What was embedded with the old ones is kept, so that going back costs nothing.
        """
        embedder = Embedder(load(source or EMBEDDED_WEIGHTS), self.settings.device)
        with self._lock:
            self.source, self._embedder, self.fallback = source, embedder, None
            self._keep(embedder)
        return embedder

    @property
    def tried(self) -> list[Tried]:
        """All weights that were used here, the oldest first."""
        return self._kept()[1]

    @property
    def embedder(self) -> Embedder:
        """RetrievalError until the weights are loaded."""
        if self._embedder is None:
            raise RetrievalError("Lapel has not loaded the weights yet; try again soon")
        return self._embedder

    def _network(self) -> RPF:
        if self.source:
            try:
                return load(self.source)
            except WeightsError as error:
                self.fallback = Fallback(self.source, str(error))
                _log.warning("cannot load the weights '%s', using the embedded ones: %s", self.source, error)
                self.source = ""
        return load(EMBEDDED_WEIGHTS)

    def _kept(self) -> tuple[str, list[Tried]]:
        """The source of what was last switched to, and all that were used."""
        try:
            kept = json.loads(self._path.read_text("utf-8"))
            return str(kept["source"]), [Tried(**one) for one in kept["tried"]]
        except (OSError, ValueError, KeyError, TypeError):
            return "", []

    def _keep(self, embedder: Embedder) -> None:
        digest = embedder.weights_digest
        tried = [one for one in self.tried if (one.source, one.digest) != (self.source, digest)]
        known = next((one for one in self.tried if (one.source, one.digest) == (self.source, digest)), None)
        tried.append(known or Tried(self.source, digest, time.time()))
        kept = {"source": self.source, "tried": [asdict(one) for one in sorted(tried, key=lambda one: one.at)]}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_in_one_step(self._path, json.dumps(kept, indent=1, ensure_ascii=False))
        except OSError as error:
            raise LibraryError(f"'{self._path.parent}' cannot be written ({error.strerror or error})") from error

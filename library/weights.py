"""The networks of an installation: the one in use, loaded once in the background, and those that were used before."""

import json
import logging
import threading
import time
from dataclasses import asdict, dataclass, field
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


@dataclass(frozen=True)
class _Kept:
    """precisions: device → the precision that the network runs in there."""

    source: str = ""
    tried: tuple[Tried, ...] = ()
    precisions: dict[str, str] = field(default_factory=dict)


class Weights:
    """An embedder for all catalogs. `load` may be called from several threads and loads once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.fallback: Fallback | None = None
        self._path = Path(settings.home) / "library" / KEPT
        self._embedder: Embedder | None = None
        self._lock = threading.Lock()
        self.source = settings.weights or self._kept().source

    def load(self) -> Embedder:
        """The embedder in use, loaded when first asked for; WeightsError or ValueError where none can be."""
        with self._lock:
            if self._embedder is None:
                self._embedder = self._made(self._network())
                self._keep(self._embedder)
            return self._embedder

    def switch(self, source: str) -> Embedder:
        """Use other weights from now on, '' for the embedded ones; those that are in use stay until these are loaded.

        WeightsError where they cannot be. What was embedded with the old ones is kept, so that going back costs nothing.
        """
        embedder = self._made(load(source or EMBEDDED_WEIGHTS))
        with self._lock:
            self.source, self._embedder, self.fallback = source, embedder, None
            self._keep(embedder)
        return embedder

    @property
    def tried(self) -> list[Tried]:
        """All weights that were used here, the oldest first."""
        return list(self._kept().tried)

    def beside(self, source: str) -> "Weights":
        """Weights that were used here before, to measure with while those in use stay; LibraryError for others."""
        if source not in {one.source for one in self.tried}:
            raise LibraryError(f"the weights '{source}' were not used here yet; load them in Catalogs first")
        return _Beside(self.settings, source)

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

    def _made(self, network: RPF) -> Embedder:
        """An embedder in the precision that was found to be faster here before, since a busy processor may find another one,
        and vectors of two precisions do not belong together."""
        return Embedder(
            network, self.settings.device, precision=self._kept().precisions.get(self.settings.device, "auto")
        )

    def _kept(self) -> "_Kept":
        """What was written here last; nothing where it cannot be read."""
        try:
            kept = json.loads(self._path.read_text("utf-8"))
            tried = tuple(Tried(**one) for one in kept["tried"])
            return _Kept(str(kept["source"]), tried, dict(kept.get("precisions", {})))
        except (OSError, ValueError, KeyError, TypeError):
            return _Kept()

    def _keep(self, embedder: Embedder) -> None:
        digest, kept = embedder.weights_digest, self._kept()
        others = [one for one in kept.tried if (one.source, one.digest) != (self.source, digest)]
        known = next((one for one in kept.tried if (one.source, one.digest) == (self.source, digest)), None)
        tried = sorted([*others, known or Tried(self.source, digest, time.time())], key=lambda one: one.at)
        precisions = {**kept.precisions, self.settings.device: embedder.precision}
        now = {"source": self.source, "tried": [asdict(one) for one in tried], "precisions": precisions}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_in_one_step(self._path, json.dumps(now, indent=1, ensure_ascii=False))
        except OSError as error:
            raise LibraryError(f"'{self._path.parent}' cannot be written ({error.strerror or error})") from error


class _Beside(Weights):
    """Weights that are not in use: nothing is written down, and others never take their place."""

    def __init__(self, settings: Settings, source: str) -> None:
        super().__init__(settings)
        self.source = source

    def _network(self) -> RPF:
        return load(self.source or EMBEDDED_WEIGHTS)

    def _keep(self, embedder: Embedder) -> None:
        return None

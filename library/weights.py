"""The network of an installation, loaded once, in the background."""

import logging
import threading
from dataclasses import dataclass

from common.assets import EMBEDDED_WEIGHTS
from library.settings import Settings
from model import RPF, WeightsError, load
from retrieval import Embedder, RetrievalError

_log = logging.getLogger("lapel.library")


@dataclass(frozen=True)
class Fallback:
    """The weights that were asked for and why they could not be loaded."""

    weights: str
    error: str


class Weights:
    """An embedder for all catalogs; `load` may be called from several threads and loads once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.fallback: Fallback | None = None
        self._embedder: Embedder | None = None
        self._lock = threading.Lock()

    def load(self) -> Embedder:
        """The embedder, loaded when first asked for; WeightsError or ValueError where none can be."""
        with self._lock:
            if self._embedder is None:
                self._embedder = Embedder(self._network(), self.settings.device)
            return self._embedder

    @property
    def embedder(self) -> Embedder:
        """RetrievalError until the weights are loaded."""
        if self._embedder is None:
            raise RetrievalError("Lapel has not loaded the weights yet; try again soon")
        return self._embedder

    def _network(self) -> RPF:
        asked = self.settings.weights
        if asked is not None:
            try:
                return load(asked)
            except WeightsError as error:
                self.fallback = Fallback(asked, str(error))
                _log.warning("cannot load the weights '%s', using the embedded ones: %s", asked, error)
        return load(EMBEDDED_WEIGHTS)

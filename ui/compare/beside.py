"""A catalog as other weights of the library search it, made in the background and kept while the catalog is open."""

import logging
import threading
from weakref import WeakKeyDictionary

from library import Library, Opened, Stage
from retrieval import RetrievalError

_log = logging.getLogger("lapel.ui")


class Preparing(ValueError):  # noqa: N818 - nothing went wrong
    """The weights are still being loaded, or the catalog embedded with them; `stage` says how far that is."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.name)
        self.stage = stage


class OtherWeights:
    """Catalogs opened with weights that are not in use. Thread-safe; nothing of what is in use changes."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._opened: WeakKeyDictionary[Opened, dict[str, Opened]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def __call__(self, opened: Opened, source: str) -> Opened:
        """The catalog by weights that were used here before, once all of it is embedded. Preparing until then; LibraryError
        for other weights, RetrievalError where they cannot be used."""
        with self._lock:
            kept = self._opened.setdefault(opened, {})
            if source not in kept:
                kept[source] = self._begun(opened, source)
            other = kept[source]
        if other.stage.name == "failed":
            with self._lock:
                kept.pop(source, None)  # the next wish tries again
            raise RetrievalError(other.stage.error)
        if other.stage.name != "ready" or other.pending:
            raise Preparing(self._stage(other))
        if other.catalog.digest != opened.catalog.digest:
            other.update(opened.catalog)
            if other.pending:
                self._embed(other)
                raise Preparing(self._stage(other))
        return other

    def _begun(self, opened: Opened, source: str) -> Opened:
        weights = self.library.weights.beside(source)
        other = Opened(opened.id, opened.catalog, weights, self.library.settings, opened.thumbnails)

        def work() -> None:
            other.open()
            if other.pending:
                other.engine.embed()

        threading.Thread(target=work, name="lapel-compare", daemon=True).start()
        return other

    def _embed(self, other: Opened) -> None:
        threading.Thread(target=other.engine.embed, name="lapel-compare", daemon=True).start()

    def _stage(self, other: Opened) -> Stage:
        if other.stage.name != "ready":
            return other.stage
        total = len(other.catalog)
        return Stage("table", total - other.pending, total)

"""What one running app searches with: catalog, weights and engine, opened in the background, with progress to see."""

import gc
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from catalog import Catalog, Item
from common.assets import DEMO_TABLE, EMBEDDED_WEIGHTS, REPORTS
from common.progress import ProgressBar
from model import RPF, WeightsError, load
from retrieval import Embedder, EngineOptions, RetrievalError, SearchEngine, open_engine, with_taught
from ui.pace import Pace
from ui.thumbnails import Thumbnails

SHOWY = ("lapel design", "lapel_design", "neckline design", "category", "article_type")
"""Attributes that make a good first query, best first."""

PROBED = 6
"""Items that the speed of the network is measured on."""

_log = logging.getLogger("lapel.ui")


@dataclass(frozen=True)
class Settings:
    """weights: folder or Hub repository, None for the embedded ones. home: caches. device: auto, cuda, mps or cpu.

    embed_on_request: whether a program may have the catalog embedded for an attribute by naming it.
    """

    home: Path
    weights: str | None = None
    device: str = "auto"
    lang: str | None = None
    reports: Path = REPORTS
    embed_on_request: bool = False


@dataclass(frozen=True)
class Stage:
    """How far the opening is: waiting, weights, table (items done and in all), ready, or failed (with the error).

    left: seconds that it will still take, as far as that was measured.
    """

    name: str = "waiting"
    done: int = 0
    total: int = 0
    error: str = ""
    left: float | None = None


@dataclass(frozen=True)
class Unreadable:
    """An item that cannot be found, since its image cannot be read: its id, the name of its file, and why."""

    id: str
    file: str
    reason: str


@dataclass(frozen=True)
class Fallback:
    """The weights that were asked for and why they could not be loaded."""

    weights: str
    error: str


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """Raised inside a progress call to stop an embedding that nobody waits for any longer."""


@dataclass
class Service:
    """One catalog and one network. `start` opens them in a thread; `engine` is there once `stage` is ready."""

    catalog: Catalog
    settings: Settings
    stage: Stage = field(default_factory=Stage)
    fallback: Fallback | None = None

    def __post_init__(self) -> None:
        self.thumbnails = Thumbnails(self.catalog, self.settings.home)
        self._embedder: Embedder | None = None
        self._engine: SearchEngine | None = None
        self._settled = threading.Event()
        self._speeds: dict[int, float] = {}

    def start(self) -> None:
        threading.Thread(target=self._open_for_good, name="lapel-open", daemon=True).start()

    def open(self) -> None:
        """Load the weights and open the engine; whatever goes wrong ends up in `stage`."""
        try:
            self.stage = Stage("weights")
            own = Embedder(self._load(), self.settings.device)
            self._embedder = embedder = with_taught(own, self.catalog, self.settings.home, _log.warning)
            self.catalog = self.catalog.respelled(embedder.attributes)
            self.stage = Stage("table", 0, len(self.catalog))
            with ProgressBar("embedding the catalog", unit="items") as bar:
                self._engine = self._open_engine(embedder, bar)
            self.stage = Stage("ready")
        except Exception as error:  # nobody else would hear of it in a thread
            self.stage = Stage("failed", error=str(error))
            _log.log(logging.WARNING, "cannot start: %s", error, exc_info=not isinstance(error, ValueError))
        finally:
            self._settled.set()

    def _open_for_good(self) -> None:
        self.open()
        gc.collect()
        gc.freeze()  # a million objects that stay: later collections need not go through them in the midst of a search

    @property
    def engine(self) -> SearchEngine:
        """RetrievalError until the service is ready, saying what it is doing or why it failed."""
        if self._engine is None:
            stage = self.stage
            detail = (
                f"it could not start: {stage.error}"
                if stage.name == "failed"
                else "it is still starting; try again soon"
            )
            raise RetrievalError(f"Lapel cannot search: {detail}")
        return self._engine

    @property
    def embedder(self) -> Embedder:
        """RetrievalError until the weights are loaded."""
        if self._embedder is None:
            raise RetrievalError("Lapel has not loaded the weights yet; try again soon")
        return self._embedder

    @property
    def known_attributes(self) -> dict[str, list[str]]:
        """Attributes that the weights know or that were taught, each with its values there, in order."""
        return {name: list(values) for name, values in self.embedder.values.items()}

    @property
    def taught(self) -> list[str]:
        """Attributes that were taught on the catalog."""
        return list(self.embedder.readings)

    def wait(self, timeout: float | None = None) -> bool:
        """Whether the service was ready or had failed within `timeout` seconds."""
        return self._settled.wait(timeout)

    @property
    def labelled(self) -> list[str]:
        """Attributes that the weights know and the catalog is labelled with, in catalog order."""
        known = set(self.embedder.attributes)
        return [attribute.name for attribute in self.catalog.attributes if attribute.name in known]

    @property
    def unlabelled(self) -> list[str]:
        """Attributes that the weights know and the catalog has no labels for."""
        labelled = set(self.labelled)
        return [name for name in self.embedder.attributes if name not in labelled]

    @property
    def readable(self) -> list[Item]:
        """Items that can be found and searched with, in catalog order."""
        unreadable = self.engine.unreadable
        return [item for item in self.catalog.items if item.id not in unreadable]

    @property
    def unreadable(self) -> list[Unreadable]:
        """Items whose images cannot be read, in catalog order."""
        unreadable = self.engine.unreadable
        return [
            Unreadable(item.id, Path(item.image).name, unreadable[item.id])
            for item in self.catalog.items
            if item.id in unreadable
        ]

    def example(self) -> tuple[Item | None, str]:
        """A first query: an attribute that shows well, and a readable item that is labelled with a visible value of it;
        None where no item is readable.
        """
        names, items = self.labelled, self.readable
        attribute = next((name for name in [*SHOWY, *names] if name in names), self.embedder.attributes[0])
        labelled = [item for item in items if item.labels.get(attribute, "invisible") != "invisible"]
        held_out = [item for item in labelled if item.split == "test"]
        return next(iter(held_out or labelled or items), None), attribute

    def measured(self, attributes: int, speed: float | None) -> None:
        """Remember how many items a second were embedded for so many attributes at once."""
        if speed:
            self._speeds[attributes] = speed

    def seconds_to_embed(self, attributes: Sequence[str]) -> float | None:
        """How long the catalog takes for attributes that the table lacks, from the speed measured last, or else now on
        a few items. None where no item is readable.
        """
        count = len(attributes)
        if count not in self._speeds:
            images = [self.catalog.open(item) for item in self.readable[:PROBED]]
            if not images:
                return None
            self.embedder.vectors(images[:1], attributes)  # the first pass is slower than all others
            start = time.perf_counter()
            self.embedder.vectors(images, attributes)
            self._speeds[count] = len(images) / max(time.perf_counter() - start, 1e-6)
        return len(self.readable) / self._speeds[count]

    def embed(self, attributes: Sequence[str]) -> Iterator[Stage]:
        """Embed the catalog for attributes that the table lacks, giving the progress; closing the iterator stops it.

        RetrievalError as `SearchEngine.ensure` raises it.
        """
        stage, pace = Stage("table", 0, len(self.catalog)), Pace()
        failed: list[Exception] = []
        stop, finished = threading.Event(), threading.Event()

        def progress(done: int, total: int) -> None:
            nonlocal stage
            if stop.is_set():
                raise Stopped
            pace.mark(done)
            stage = Stage("table", done, total, left=pace.left(total))

        def work() -> None:
            try:
                self.engine.ensure(attributes, progress)
            except Stopped:
                _log.info("stopped embedding %s", ", ".join(attributes))
            except Exception as error:  # handed to the one who iterates
                failed.append(error)
            finally:
                finished.set()

        threading.Thread(target=work, name="lapel-embed", daemon=True).start()
        try:
            while not finished.wait(0.4):
                yield stage
        finally:
            stop.set()
        if failed:
            raise failed[0]

    def _open_engine(self, embedder: Embedder, bar: ProgressBar) -> SearchEngine:
        pace = Pace()

        def progress(done: int, total: int) -> None:
            pace.mark(done)
            self.stage = Stage("table", done, total, left=pace.left(total))
            bar(done, total)

        options = EngineOptions(shipped=[DEMO_TABLE])
        return open_engine(self.catalog, embedder, self.settings.home, None, progress, options)

    def _load(self) -> RPF:
        asked = self.settings.weights
        if asked is not None:
            try:
                return load(asked)
            except WeightsError as error:
                self.fallback = Fallback(asked, str(error))
                _log.warning("cannot load the weights '%s', using the embedded ones: %s", asked, error)
        return load(EMBEDDED_WEIGHTS)

"""One catalog as it is searched: its engine, opened in the background, and what can be asked of it."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from catalog import Catalog, Columns, Item
from common.assets import DEMO_TABLE
from common.pace import Pace
from common.progress import ProgressBar
from library.settings import Settings
from library.stages import Stage, Stopped, Unreadable, followed
from library.thumbnails import Thumbnails
from library.typical import prepare
from library.weights import Weights
from retrieval import (
    LARGEST,
    Embedder,
    EngineOptions,
    RetrievalError,
    SearchEngine,
    Tuning,
    backend_of,
    open_engine,
    with_taught,
)
from training.adapt import bank

SHOWY = ("lapel design", "lapel_design", "neckline design", "category", "article_type")
"""Attributes that make a good first query, best first."""

PROBED = 6
"""Items that the speed of the network is measured on."""

FEW = 64
"""Pictures that are embedded while a catalog is opened; more are left to a job."""

MOST_BANKED = 20_000
"""Items up to which a catalog is embedded for all attributes and for teaching. It costs no further pass of the network, but
some 20 KB a picture instead of 5."""

__all__ = ["Opened", "Stage", "Stopped", "Unreadable"]

_log = logging.getLogger("lapel.library")


class Opened:
    """A catalog and its engine. `open` makes the engine; it is there once `stage` is ready.

    id: what the library knows the catalog by. It is ready as soon as some of it can be searched; `pending` pictures are then
    still to be embedded.
    """

    def __init__(
        self,
        id: str,
        catalog: Catalog,
        weights: Weights,
        settings: Settings,
        thumbnails: Thumbnails,
        lacking: Callable[[str], object] = lambda id: None,
        teachable: bool = False,
    ) -> None:
        """lacking: told the id when many pictures are pending. teachable: whether it is embedded for all attributes and for
        teaching, so that neither has to be waited for."""
        self.id = id
        self.weights = weights
        self.settings = settings
        self.stage = Stage()
        self.changing = threading.Lock()
        self.seen: Catalog | None = None  # the ledger's, which this one was made from
        self.thumbnails = thumbnails
        self._lacking = lacking
        self._teachable = teachable
        self._catalog = catalog
        self._embedder: Embedder | None = None
        self._engine: SearchEngine | None = None
        self._settled = threading.Event()
        self._speeds: dict[int, float] = {}
        self._columns: Columns | None = None

    def start(self) -> None:
        """Open in a thread, and find the values to ask for there too where pages will ask for them."""
        threading.Thread(target=self._begin, name="lapel-open", daemon=True).start()

    def _begin(self) -> None:
        self.open()
        try:
            if self.stage.name == "ready" and self.settings.warm:
                prepare(self)
        except Exception as error:  # whoever asks for the values hears of it
            _log.warning("cannot prepare the values of attributes: %s", error)

    def open(self) -> None:
        """Load the weights and open the engine; whatever goes wrong ends up in `stage`."""
        try:
            self.stage = Stage("weights")
            own, catalog = self.weights.load(), self._catalog
            self._embedder = embedder = with_taught(own, catalog, self.settings.home, _log.warning)
            self.stage = Stage("table", 0, len(catalog))
            with ProgressBar("embedding the catalog", unit="items") as bar:
                self._engine = self._open_engine(catalog, embedder, bar)
            if self._catalog is not catalog:  # it was changed meanwhile
                self._engine.update(self._catalog)
            self.stage = Stage("ready")
            if self._engine.pending:
                self._lacking(self.id)
        except Exception as error:  # nobody else would hear of it in a thread
            self.stage = Stage("failed", error=str(error))
            _log.log(logging.WARNING, "cannot start: %s", error, exc_info=not isinstance(error, ValueError))
        finally:
            self._settled.set()

    @property
    def catalog(self) -> Catalog:
        return self._catalog if self._engine is None else self._engine.catalog

    @property
    def columns(self) -> Columns:
        """What the catalog as it is now can be filtered by."""
        if self._columns is None or self._columns.catalog is not self.catalog:
            self._columns = Columns(self.catalog)
        return self._columns

    @property
    def engine(self) -> SearchEngine:
        """RetrievalError until it is ready, saying what it is doing or why it failed."""
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
        """With the attributes that were taught on the catalog; RetrievalError until the weights are loaded."""
        if self._embedder is None:
            return self.weights.embedder
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
        """Whether it was ready or had failed within `timeout` seconds."""
        return self._settled.wait(timeout)

    @property
    def pending(self) -> int:
        """Pictures that are still to be embedded; they cannot be found yet."""
        return self._engine.pending if self._engine is not None else 0

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
        """Items that can be found and searched with, in catalog order; those that are still to be embedded cannot yet."""
        items = self.engine.table
        return [item for item, there in zip(items.catalog.items, items.readable, strict=True) if there]

    @property
    def searchable(self) -> int:
        """How many items can be found once all is embedded."""
        engine = self.engine
        return len(engine.catalog) - len(engine.unreadable)

    @property
    def unreadable(self) -> list[Unreadable]:
        """Items whose images cannot be read, in catalog order."""
        unreadable = self.engine.unreadable
        return [
            Unreadable(item.id, Path(item.image).name, unreadable[item.id])
            for item in self.catalog.items
            if item.id in unreadable
        ]

    @property
    def first_attribute(self) -> str:
        """An attribute that shows well."""
        names = self.labelled
        return next((name for name in [*SHOWY, *names] if name in names), self.embedder.attributes[0])

    def example(self) -> tuple[Item | None, str]:
        """A first query: an attribute that shows well, and a readable item that is labelled with a visible value of it;
        None where no item is readable.
        """
        items, attribute = self.readable, self.first_attribute
        labelled = [item for item in items if item.labels.get(attribute, "invisible") != "invisible"]
        held_out = [item for item in labelled if item.split == "test"]
        return next(iter(held_out or labelled or items), None), attribute

    def measured(self, attributes: int, speed: float | None) -> None:
        """Remember how many items a second were embedded for so many attributes at once."""
        if speed:
            self._speeds[attributes] = speed

    def seconds_known(self, attributes: int) -> float | None:
        """How long the catalog takes for so many attributes at once, where that was measured already; None otherwise."""
        speed = self._speeds.get(attributes)
        return None if speed is None else self.searchable / speed

    def seconds_to_embed(self, attributes: Sequence[str]) -> float | None:
        """How long the catalog takes for attributes that the catalog is not embedded for, from the speed measured last, or else now on
        a few items. None where no item is readable.
        """
        count = len(attributes)
        if count not in self._speeds:
            images = [self.catalog.open(item, LARGEST) for item in self.readable[:PROBED]]
            if not images:
                return None
            self.embedder.vectors(images[:1], attributes)  # the first pass is slower than all others
            start = time.perf_counter()
            self.embedder.vectors(images, attributes)
            self._speeds[count] = len(images) / max(time.perf_counter() - start, 1e-6)
        return self.searchable / self._speeds[count]

    def embed(self, attributes: Sequence[str]) -> Iterator[Stage]:
        """Embed the catalog for attributes that the catalog is not embedded for, giving the progress; closing the iterator stops it.

        RetrievalError as `SearchEngine.ensure` raises it.
        """
        return followed(
            lambda progress: self.engine.ensure(attributes, progress), len(self.catalog), ", ".join(attributes)
        )

    def update(self, catalog: Catalog, look: bool = False) -> None:
        """Go over to a changed catalog; searches under way see the one before. look: look at every file again."""
        self._catalog = catalog
        if self._engine is not None:
            self._engine.update(catalog, look)
            if self._engine.pending:
                self._lacking(self.id)

    def close(self) -> None:
        """Stop what goes on in the background; searches that are under way end as usual."""
        if self._engine is not None:
            self._engine.close()

    def _open_engine(self, catalog: Catalog, embedder: Embedder, bar: ProgressBar) -> SearchEngine:
        """On what is embedded already; a small rest is embedded now, of a large one as much as a first search needs.

        RetrievalError where no picture can be read.
        """
        pace = Pace()

        def progress(done: int, total: int) -> None:
            pace.mark(done)
            self.stage = Stage("table", done, total, left=pace.left(total))
            bar(done, total)

        can_teach = embedder.model.config.general_trunk is not None and len(catalog) <= MOST_BANKED
        columns = bank(embedder) if self._teachable and can_teach else []
        tuning = Tuning(backend=backend_of(self.settings.milvus))
        options = EngineOptions([DEMO_TABLE], columns, tuning, self.id or None, pending=True)
        engine = open_engine(catalog, embedder, self.settings.home, None, progress, options)
        few = engine.pending <= FEW
        while engine.pending and (few or not engine.readable.any()):
            if engine.embed(progress, None if few else lambda: bool(engine.readable.any())):
                break
        if not engine.readable.any():
            reasons = "; ".join([*engine.unreadable.values()][:3]) or "it has no items"
            raise RetrievalError(f"no image of the catalog can be read: {reasons}")
        return engine

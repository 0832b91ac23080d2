"""Keeps the view of an engine up to date while its catalog changes and is embedded."""

import itertools
import secrets
import shutil
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from catalog import Catalog
from model import Column
from retrieval.derived import Derived
from retrieval.errors import RetrievalError
from retrieval.interfaces import Embeds, Picture, Raw
from retrieval.layout import Layout
from retrieval.part import is_whole, part_of
from retrieval.pictures import Kept, Pictures
from retrieval.plan import EmbeddingPlan, Executor, File, LocalExecutor, Outcome, Part
from retrieval.ranking import Tuning
from retrieval.shelf import Rows, Shelf
from retrieval.sketches import Sketches
from retrieval.table import EmbeddingTable
from retrieval.turns import Turns
from retrieval.view import View

Progress = Callable[[int, int], None]
"""Called with pictures done and pictures in all; what it raises stops the work, and what was embedded is kept."""
Stop = Callable[[], bool]
"""Asked between batches whether to stop; what was embedded is kept."""


class Holds(Protocol):
    """Where the slots and raw vectors of one catalog come from: `holding.Holding`, or `fixed.TableHolding`."""

    folder: Path

    def locked(self) -> AbstractContextManager[None]: ...

    def kept(self) -> list[Column]: ...

    def keep(self, columns: Iterable[Column]) -> None: ...

    def layout(self, catalog: Catalog, before: tuple[Catalog, Layout] | None = None) -> Layout: ...

    def raw(self, layout: Layout, before: Raw | None = None) -> Raw: ...

    def lacks(self, layout: Layout, columns: Sequence[Column], raw: Raw) -> EmbeddingPlan: ...

    def open(self, catalog: Catalog, layout: Layout, slot: int) -> Picture: ...

    def put(self, catalog: Catalog, layout: Layout, outcome: Outcome) -> None: ...

    def take(self, layout: Layout, tables: Iterable[EmbeddingTable], columns: Sequence[Column]) -> None: ...

    def unreadable(self, catalog: Catalog, layout: Layout) -> dict[str, str]: ...

    def prune(self, layout: Layout) -> None: ...


class _Stopped(Exception):  # noqa: N818 - nothing went wrong
    pass


@dataclass(frozen=True)
class _Work:
    """Items with their slots, and what these lack."""

    catalog: Catalog
    layout: Layout
    plan: EmbeddingPlan

    @property
    def done(self) -> int:
        """Pictures that lack nothing."""
        return self.layout.count - len(self.plan.pending)

    def file(self, slot: int) -> File:
        """Where the picture of a slot lies."""
        name = self.layout.picture(slot, self.catalog.items[int(self.layout.item[slot])])
        return File(self.catalog.root / name, name, self.layout.images[slot])


class Keeper:
    """One catalog as it is now: `view`, which is replaced in one step. Thread-safe.

    The network works outside the lock under which the catalog changes, so that a change need not wait for a batch.
    """

    def __init__(
        self, catalog: Catalog, holding: Holds, embedder: Embeds, tuning: Tuning, executor: Executor | None = None
    ) -> None:
        """executor: who embeds; None: this process."""
        self.holding = holding
        self.embedder = embedder
        self.executor: Executor = executor or LocalExecutor(embedder)
        self._tuning = tuning
        self._change = threading.Lock()
        self._embedding = Turns()
        self._closed = threading.Event()
        self._pending: tuple[Pictures, int] | None = None
        self.view = self._made(catalog, holding.layout(catalog), holding.kept())

    @property
    def pending(self) -> int:
        """Pictures that lack something of what the catalog is embedded for, and can be read as far as is known."""
        view, known = self.view, self._pending
        if known is None or known[0] is not view.pictures:
            known = self._pending = view.pictures, len(self._lacks(view, view.pictures.columns).pending)
        return known[1]

    def update(self, catalog: Catalog, look: bool = False) -> None:
        """Go over to a changed catalog. look: look again at all files, not only where items name other pictures."""
        with self._change, self._writing():
            view, columns = self.view, self.holding.kept()
            layout = self.holding.layout(catalog, None if look else (view.catalog, view.layout))
            layout = view.layout if look and layout.same(view.layout) else layout
            if layout is view.layout and set(columns) == set(view.pictures.columns) and not look:
                self.view = view.relabelled(catalog)
            else:
                self._replace(catalog, layout, columns)

    def prune(self) -> None:
        """Give new numbers to the slots, without those of removed pictures; what was numbered by the old ones is removed."""
        with self._embedding.turn(), self._change, self._writing():
            view = self.view
            self.holding.prune(view.layout)
            self._replace(view.catalog, self.holding.layout(view.catalog), view.pictures.columns)

    def take(self, tables: Iterable[EmbeddingTable]) -> None:
        """Copy from tables what the catalog lacks; they are opened one after the other as long as it lacks something."""
        with self._change, self._writing():
            view = self.view
            self.holding.take(view.layout, tables, view.pictures.columns)
            self._replace(view.catalog, view.layout, view.pictures.columns)

    def embed(
        self,
        columns: Sequence[Column] = (),
        progress: Progress | None = None,
        stop: Stop | None = None,
        part: Catalog | None = None,
    ) -> bool:
        """Embed what is missing, for columns beside those that the catalog is embedded for too, some pictures after others, each of
        which can be found as soon as it is there. Returns whether all is done.

        part: some of the catalog's items, of which alone the pictures are embedded, and counted; whoever embeds others waits
        meanwhile. Several who embed otherwise take turns.
        """
        waits = partial(_step, None, stop, 0, 0, 0)  # tells no progress, which would count as a slow pace
        with self._embedding.hurry(part is not None):
            for number in itertools.count():
                if stop is not None and stop():
                    break
                try:
                    with self._embedding.turn(part is not None, waits):
                        work = self._work(columns, part)
                        step = partial(_step, progress, stop, work.done, work.layout.count)
                        if number:
                            step(0)
                        if not len(work.plan.pending):
                            self._extend(columns)
                            return True
                        segments = work.plan.segments(self.executor.batch_size)
                        at_once = itertools.islice(segments, self.executor.segments)
                        self._embed(work, [*itertools.chain.from_iterable(at_once)], step)
                except _Stopped:
                    break
        return False

    def part(self, catalog: Catalog) -> Pictures:
        """The pictures of some of the catalog's items, as a catalog that has no others has them. RetrievalError where one of them is
        not there (any more)."""
        view = self.view
        if is_whole(view, catalog):
            return view.pictures
        layout, raw = part_of(view, catalog)
        folder = self.holding.folder / "derived" / f"part-{secrets.token_hex(4)}"  # made only for large ones
        pictures = Pictures(layout, raw, view.pictures.columns, self.embedder, Kept(Derived(folder)))
        weakref.finalize(pictures, shutil.rmtree, folder, ignore_errors=True)
        return pictures

    def close(self) -> None:
        """Stop building indexes and sketches, for good."""
        self._closed.set()
        self.view.shelf.close()
        self.view.pictures.kept.sketches.close()

    def _lacks(self, view: View, columns: Sequence[Column]) -> EmbeddingPlan:
        return self.holding.lacks(view.layout, columns, view.pictures.raw)

    def _work(self, columns: Sequence[Column], part: Catalog | None) -> "_Work":
        """What is missing now."""
        view = self.view
        wanted = list(dict.fromkeys([*view.pictures.columns, *columns]))
        if part is None or is_whole(view, part):
            return _Work(view.catalog, view.layout, self._lacks(view, wanted))
        layout, raw = part_of(view, part)
        return _Work(part, layout, self.holding.lacks(layout, wanted, raw))

    def _embed(self, work: "_Work", parts: Sequence[Part], step: Callable[[int], None]) -> None:
        picture = partial(self.holding.open, work.catalog, work.layout)
        for outcome in self.executor.run(parts, picture, step, work.file):
            with self._change, self._writing():
                self.holding.put(work.catalog, work.layout, outcome)
                now = self.view
                self._replace(now.catalog, now.layout, now.pictures.columns)

    def _extend(self, columns: Sequence[Column]) -> None:
        with self._change, self._writing():
            view = self.view
            if not view.pictures.has(columns):
                self.holding.keep(columns)
                self._replace(view.catalog, view.layout, list(dict.fromkeys([*view.pictures.columns, *columns])))

    def _replace(self, catalog: Catalog, layout: Layout, columns: Sequence[Column]) -> None:
        old, self.view = self.view, self._made(catalog, layout, columns, self.view)
        if self.view.shelf is not old.shelf:
            old.shelf.close()
        if self._closed.is_set():  # `close` may have seen the old view
            self.view.shelf.close()

    def _made(self, catalog: Catalog, layout: Layout, columns: Sequence[Column], before: View | None = None) -> View:
        """A view that shares with the one before all that is numbered by the same slots."""
        folder = self.holding.folder
        raw = self.holding.raw(layout, None if before is None else before.pictures.raw)
        if before is not None and before.layout.id == layout.id:
            pictures = Pictures(layout, raw, columns, self.embedder, before.pictures.kept)
            shelf = before.shelf
            shelf.follow(self._rows(pictures))
        else:
            derived = Derived(folder / "derived" / layout.id, self.holding.locked)
            kept = Kept(derived, Sketches(folder / "sketches" / layout.id), self._tuning.int8_from)
            pictures = Pictures(layout, raw, columns, self.embedder, kept)
            shelf = Shelf(folder / "indexes" / layout.id, self._rows(pictures), self._tuning.backend)
        return View(catalog, pictures, shelf, self.holding.unreadable(catalog, layout))

    def _rows(self, pictures: Pictures) -> Rows:
        """What indexes are made of."""
        return Rows(pictures.there, pictures.named if self._tuning.backend.abilities.whole else pictures.sketched)

    def _writing(self) -> AbstractContextManager[None]:
        return _Writing(self.holding.folder)


class _Writing(AbstractContextManager[None]):
    """Says what an OSError is about."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise RetrievalError(f"cannot write the embeddings in {self._folder}: {error}") from error


def _step(progress: Progress | None, stop: Stop | None, before: int, total: int, done: int) -> None:
    if stop is not None and stop():
        raise _Stopped
    if progress is not None:
        progress(before + done, total)

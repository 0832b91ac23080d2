"""What is to be embedded, computed from what is missing, and who does it."""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np

from catalog import CatalogError
from model import Column
from retrieval.batches import LARGEST, in_order, shrunk
from retrieval.errors import RetrievalError
from retrieval.interfaces import Embeds, Picture, slices
from retrieval.reading_processes import lent

SEGMENT = 64
FIRST = 16
"""Slots that are embedded and kept together, and how many there are in the first such part, so that something is found early."""

SEGMENTS = 8
"""Segments that a GPU embeds before it is looked again what is missing, for which it stands still."""

AHEAD = 8
"""Pictures for each reader that are opened before they are asked for."""
READERS, TOGETHER = 4, 4
"""Readers above which each takes so many pictures at once: handing them over takes time of Python's lock."""

_log = logging.getLogger("lapel.retrieval")
_Read = Callable[[int], tuple[int, Picture | str]]


@dataclass(frozen=True)
class Part:
    """Slots of different images that lack the same columns."""

    columns: tuple[Column, ...]
    slots: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class EmbeddingPlan:
    """What slots lack: images (digest of each slot), lacks bool (slots, columns).

    The slots are cut at fixed numbers, wherever the work begins, and pictures are embedded together with those of their own
    part only: work that was stopped goes on with the batches that it would have had.
    """

    columns: tuple[Column, ...]
    images: Sequence[str]
    lacks: np.ndarray

    @property
    def pending(self) -> np.ndarray:
        """Slots that lack a column, int64 (n,)."""
        return np.flatnonzero(self.lacks.any(1))

    def segments(self, batch: int = 1) -> Iterator[tuple[Part, ...]]:
        """The work, in parts that are kept one after the other; each image once. batch: images that are embedded at once;
        a part has four batches at least, so that reading and the network's passes overlap."""
        pending, seen, size = self.pending, set[str](), max(SEGMENT, 4 * batch)
        edges = [0, FIRST, *range(size, len(self.lacks) + size, size)]
        for block in np.split(pending, np.searchsorted(pending, edges[1:-1])):
            groups: dict[tuple[Column, ...], list[int]] = defaultdict(list)
            for slot in block.tolist():
                if self.images[slot] not in seen:
                    seen.add(self.images[slot])
                    lacking = np.flatnonzero(self.lacks[slot]).tolist()
                    groups[tuple(self.columns[place] for place in lacking)].append(slot)
            if groups:
                yield tuple(Part(columns, tuple(slots)) for columns, slots in groups.items())


@dataclass
class Outcome:
    """vectors: slots, and float16 (slots, width) by column. unreadable: slot → why its picture cannot be read."""

    vectors: list[tuple[list[int], dict[Column, np.ndarray]]] = field(default_factory=list)
    unreadable: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """The file of a picture: where it lies, what errors call it, and its digest (`slots.image_digest`)."""

    path: Path
    name: str
    digest: str


class Executor(Protocol):
    """Embeds parts of a plan.

    batch_size: pictures that it likes to have at once. segments: of `EmbeddingPlan.segments`, how many it takes at most before
    it looks again what is missing.
    """

    @property
    def batch_size(self) -> int: ...

    @property
    def segments(self) -> int: ...

    def run(
        self,
        parts: Sequence[Part],
        picture: Callable[..., Picture],
        progress: Callable[[int], None],
        file: Callable[[int], File],
    ) -> Iterator[Outcome]:
        """What is embedded, as it comes; each is kept before the next is asked for.

        picture: opens that of a slot, through what is given as `door` (`interfaces.Door`) if anything is; CatalogError or
        OSError where it cannot be read. file: where that picture lies. progress: called with the pictures done; what it
        raises stops the work.
        """
        ...


@dataclass(frozen=True)
class LocalExecutor:
    """Embeds in this process. Pictures are opened ahead by as many threads as the embedder has readers.

    Where it wants processes to do so (a GPU's does), the pictures of a part are read while those of the one before are
    embedded, and kept while those of the next one are, so that the GPU does not stand still.
    """

    embedder: Embeds

    @property
    def batch_size(self) -> int:
        return self.embedder.batch_size

    @property
    def segments(self) -> int:
        return SEGMENTS if self.embedder.processes else 1

    def run(
        self,
        parts: Sequence[Part],
        picture: Callable[..., Picture],
        progress: Callable[[int], None],
        file: Callable[[int], File] | None = None,
    ) -> Iterator[Outcome]:
        with _reading(self.embedder, picture) as (read, workers):
            done = _Done(progress)
            turns = [threading.Event() for _ in range(len(parts) + 1)]  # set when the part before is read
            turns[0].set()

            def embed(number: int) -> Outcome:
                try:
                    pictures = _Pictures(parts[number], read, workers, turns[number])
                    with closing(pictures.images(turns[number + 1])) as images:
                        found = self.embedder.embed(images, pictures.part.columns, done.by_part())
                    return pictures.outcome(found, self.embedder.width)
                finally:
                    turns[number + 1].set()

            yield from in_order(embed, range(len(parts)), 2 if self.embedder.processes else 1, 1)


class _Done:
    """Pictures done, of parts that are embedded at the same time."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        self._progress, self._total, self._lock = progress, 0, threading.Lock()
        self._stopped: BaseException | None = None

    def by_part(self) -> Callable[[int], None]:
        """To be called with the pictures of one part that are done."""
        before = 0

        def advance(count: int) -> None:
            nonlocal before
            with self._lock:
                if self._stopped is not None:  # by the part before
                    raise self._stopped
                self._total, before = self._total + count - before, count
                try:
                    self._progress(self._total)
                except BaseException as error:
                    self._stopped = error
                    raise

        return advance


@dataclass
class _Pictures:
    """Those of a part, read in its turn."""

    part: Part
    read: _Read
    workers: int
    turn: threading.Event
    opened: list[int] = field(default_factory=list)
    unreadable: dict[int, str] = field(default_factory=dict)

    def images(self, then: threading.Event) -> Generator[Picture, None, None]:
        """Those that can be read. then: set when all are."""
        self.turn.wait()
        size = TOGETHER if self.workers > READERS else 1
        groups = [self.part.slots[at : at + size] for at in range(0, len(self.part.slots), size)]
        with closing(in_order(self._several, groups, self.workers, AHEAD * self.workers // size)) as found:
            for slot, image in chain.from_iterable(found):
                if isinstance(image, str):
                    self.unreadable[slot] = image
                else:
                    self.opened.append(slot)
                    yield image
        then.set()

    def _several(self, slots: Sequence[int]) -> list[tuple[int, Picture | str]]:
        return [self.read(slot) for slot in slots]

    def outcome(self, found: np.ndarray, width: Callable[[Column], int]) -> Outcome:
        """found: float16 (opened, sum of widths)."""
        places = slices(self.part.columns, {column: width(column) for column in self.part.columns})
        vectors = {column: found[:, place] for column, place in places.items()}
        return Outcome([(self.opened, vectors)], self.unreadable)


@contextmanager
def _reading(embedder: Embeds, picture: Callable[..., Picture]) -> Iterator[tuple[_Read, int]]:
    """What opens the picture of a slot, or says why it cannot, and how many threads are to ask for it."""
    with ExitStack() as stack:
        workers, door = embedder.readers, {}
        if embedder.processes:
            try:
                pool = stack.enter_context(lent(embedder.processes))
                workers, door = embedder.processes, {"door": partial(pool.open, largest=LARGEST)}
            except RetrievalError as error:
                _log.warning("%s; threads open pictures instead", error)

        def read(slot: int) -> tuple[int, Picture | str]:
            try:
                image = picture(slot, **door)
                return slot, image if isinstance(image, np.ndarray) else shrunk(image)
            except (CatalogError, OSError) as error:
                return slot, str(error)

        yield read, workers

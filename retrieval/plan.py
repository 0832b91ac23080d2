"""What is to be embedded, computed from what is missing, and who does it."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
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

LARGE, MORE = 64, 16
"""Pictures a batch from which a part has `MORE` batches, since a GPU stands still while what it gave is kept."""

AHEAD = 4
"""Pictures for each reader that are opened before they are asked for."""

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
        pending, seen, size = self.pending, set[str](), max(SEGMENT, (MORE if batch >= LARGE else 4) * batch)
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


class Executor(Protocol):
    """Embeds parts of a plan."""

    def run(self, parts: Sequence[Part], picture: Callable[..., Picture], progress: Callable[[int], None]) -> Outcome:
        """picture: opens that of a slot, through what is given as `door` (`interfaces.Door`) if anything is; CatalogError or
        OSError where it cannot be read. progress: called with the pictures done; what it raises stops the work."""
        ...


@dataclass(frozen=True)
class LocalExecutor:
    """Embeds in this process. Pictures are opened ahead, those of the next part while the last ones of this are embedded:
    by as many processes as the embedder wants, or by as many threads as it has readers."""

    embedder: Embeds

    def run(self, parts: Sequence[Part], picture: Callable[..., Picture], progress: Callable[[int], None]) -> Outcome:
        outcome, done = Outcome(), 0
        slots = [slot for part in parts for slot in part.slots]
        with (
            self._opening(picture) as (read, workers),
            closing(in_order(read, slots, workers, AHEAD * workers)) as ahead,
        ):
            for part in parts:
                opened: list[int] = []

                def images(part: Part = part, opened: list[int] = opened) -> Iterator[Picture]:
                    for slot, image in islice(ahead, len(part.slots)):
                        if isinstance(image, str):
                            outcome.unreadable[slot] = image
                            continue
                        opened.append(slot)
                        yield image

                def advance(count: int, before: int = done) -> None:
                    progress(before + count)

                found = self.embedder.embed(images(), part.columns, advance)
                places = slices(part.columns, {column: self.embedder.width(column) for column in part.columns})
                outcome.vectors.append((opened, {column: found[:, place] for column, place in places.items()}))
                done += len(part.slots)
        return outcome

    @contextmanager
    def _opening(self, picture: Callable[..., Picture]) -> Iterator[tuple[_Read, int]]:
        """What opens the picture of a slot, or says why it cannot, and how many threads are to ask for it."""
        with ExitStack() as stack:
            workers, door = self.embedder.readers, {}
            if self.embedder.processes:
                try:
                    pool = stack.enter_context(lent(self.embedder.processes))
                    workers, door = self.embedder.processes, {"door": partial(pool.open, largest=LARGEST)}
                except RetrievalError as error:
                    _log.warning("%s; threads open pictures instead", error)

            def read(slot: int) -> tuple[int, Picture | str]:
                try:
                    image = picture(slot, **door)
                    return slot, image if isinstance(image, np.ndarray) else shrunk(image)
                except (CatalogError, OSError) as error:
                    return slot, str(error)

            yield read, workers

"""What is to be embedded, computed from what is missing, and who does it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from catalog import CatalogError
from model import Column
from retrieval.batches import in_order, shrunk
from retrieval.interfaces import Embeds, slices

SEGMENT = 64
FIRST = 16
"""Slots that are embedded and kept together, and how many there are in the first such part, so that something is found early."""

AHEAD = 4
"""Pictures for each reader that are opened before they are asked for."""


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
        picture: Callable[[int], Image.Image],
        progress: Callable[[int], None],
        file: Callable[[int], File],
    ) -> Iterator[Outcome]:
        """What is embedded, as it comes; each is kept before the next is asked for.

        picture: opens that of a slot; CatalogError or OSError where it cannot be read. file: where that picture lies.
        progress: called with the pictures done; what it raises stops the work.
        """
        ...


@dataclass(frozen=True)
class LocalExecutor:
    """Embeds in this process; pictures are opened ahead by as many threads as the embedder has readers."""

    embedder: Embeds
    segments: int = 1

    @property
    def batch_size(self) -> int:
        return self.embedder.batch_size

    def run(
        self,
        parts: Sequence[Part],
        picture: Callable[[int], Image.Image],
        progress: Callable[[int], None],
        file: Callable[[int], File] | None = None,
    ) -> Iterator[Outcome]:
        outcome, done = Outcome(), 0
        readers = self.embedder.readers

        def read(slot: int) -> tuple[int, Image.Image | str]:
            try:
                return slot, shrunk(picture(slot))
            except (CatalogError, OSError) as error:
                return slot, str(error)

        for part in parts:
            opened: list[int] = []

            def images(part: Part = part, opened: list[int] = opened) -> Iterator[Image.Image]:
                for slot, image in in_order(read, part.slots, readers, AHEAD * readers):
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
        yield outcome

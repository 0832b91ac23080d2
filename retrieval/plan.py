"""What is to be embedded, computed from what is missing, and who does it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from PIL import Image

from catalog import CatalogError
from model import Column
from retrieval.interfaces import Embeds, slices

SEGMENT = 64
FIRST = 16
"""Slots that are embedded and kept together, and how many there are in the first such part, so that something is found early."""


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

    def segments(self) -> Iterator[tuple[Part, ...]]:
        """The work, in parts that are kept one after the other; each image once."""
        pending, seen = self.pending, set[str]()
        edges = [0, FIRST, *range(SEGMENT, len(self.lacks) + SEGMENT, SEGMENT)]
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

    def run(
        self, parts: Sequence[Part], picture: Callable[[int], Image.Image], progress: Callable[[int], None]
    ) -> Outcome:
        """picture: opens that of a slot; CatalogError or OSError where it cannot be read. progress: called with the pictures
        done; what it raises stops the work."""
        ...


@dataclass(frozen=True)
class LocalExecutor:
    """Embeds in this process."""

    embedder: Embeds

    def run(
        self, parts: Sequence[Part], picture: Callable[[int], Image.Image], progress: Callable[[int], None]
    ) -> Outcome:
        outcome, done = Outcome(), 0
        for part in parts:
            opened: list[int] = []

            def images(part: Part = part, opened: list[int] = opened) -> Iterator[Image.Image]:
                for slot in part.slots:
                    try:
                        image = picture(slot)
                    except (CatalogError, OSError) as error:
                        outcome.unreadable[slot] = str(error)
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

"""What the rest of retrieval needs from an embedder (`retrieval.embedder.Embedder` is the one for RPF), and of raw vectors."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from model import APPLICABILITY, Column, Derivation

Picture = Image.Image | np.ndarray
"""An image, or its pixels, uint8 (height, width, 3)."""
Door = Callable[[Path, str], Picture]
"""Opens a picture file, as `catalog.open_image` does; given what errors call it."""


class Embeds(Protocol):
    """Turns images into raw unit embeddings, a column for each attribute and view, of which the
    vectors of attributes are derived."""

    digest: str
    """SHA-256 (hex) of all that the raw embeddings depend on but the images, and no more: the key
    of tables."""
    batch_size: int
    """Images that it likes to have at once."""
    readers: int
    """Threads that are to decode pictures for it."""
    processes: int
    """Processes that are to do so in their place; 0: none."""

    @property
    def attributes(self) -> list[str]: ...

    def derivation(self, attribute: str) -> Derivation:
        """How the vectors of an attribute come about; RetrievalError for an unknown one."""
        ...

    def width(self, column: Column) -> int:
        """Numbers in a raw embedding."""
        ...

    def check(self, attributes: Iterable[str]) -> None:
        """RetrievalError, naming the known ones, for an attribute that is not known."""
        ...

    def embed(
        self,
        images: Iterable[Picture],
        columns: Sequence[Column],
        progress: Callable[[int], None] | None = None,
    ) -> np.ndarray:
        """Raw unit embeddings float16 (images, sum of widths), the columns side by side; see
        `Embedder.embed`."""
        ...


class Raw(Protocol):
    """Raw vectors of the slots of a layout."""

    def there(self, column: Column) -> np.ndarray:
        """Which slots have a vector, bool (slots,)."""
        ...

    def read(self, column: Column, slots: np.ndarray) -> np.ndarray:
        """Vectors float16 (n, width) of slots, int64 (n,)."""
        ...


def columns_of(embedder: Embeds, attributes: Iterable[str]) -> list[Column]:
    """The raw columns that attributes need, each once, those of the images themselves first."""
    needed: dict[Column, None] = {}
    for name in attributes:
        derivation = embedder.derivation(name)
        needed |= dict.fromkeys([*derivation.needs, *(APPLICABILITY if derivation.seen is not None else ())])
    return sorted(needed, key=lambda column: column.attribute != "")


def slices(columns: Sequence[Column], widths: Mapping[Column, int]) -> dict[Column, slice]:
    """Where each of some columns side by side lies."""
    found, start = {}, 0
    for column in columns:
        found[column] = slice(start, start + widths[column])
        start += widths[column]
    return found

"""What the rest of retrieval needs from an embedder; `retrieval.embedder.Embedder` is the one for RPF."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import numpy as np
from PIL import Image


class Embeds(Protocol):
    """Turns images into pairs of unit embeddings, one pair for each attribute that it knows."""

    digest: str
    """SHA-256 (hex) of all that the embeddings depend on but the images, and no more: the key of tables."""

    @property
    def attributes(self) -> list[str]: ...

    @property
    def dim(self) -> int: ...

    def beta_of(self, attribute: str) -> float:
        """Share of the region cosine in the score of an attribute, 0 to 1."""
        ...

    def check(self, attributes: Iterable[str]) -> None:
        """RetrievalError, naming the known ones, for an attribute that is not known."""
        ...

    def embed(
        self,
        images: Iterable[Image.Image],
        attributes: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> np.ndarray:
        """Unit embeddings float16 (images, attributes, 2, D); see `Embedder.embed`."""
        ...

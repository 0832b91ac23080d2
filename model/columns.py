"""Raw columns, the sections of derived vectors, and what leads from one to the other."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from model.applicability import Seen
from model.config import Column
from model.match import MatchMap


class Section(NamedTuple):
    """A part of a derived vector. unit: whether it has length 1, so that its inner product is a
    cosine."""

    name: str
    width: int
    unit: bool = True


class Derivation(Protocol):
    """How the derived vectors of one attribute come about.

    needs: raw columns. sections: what a derived vector is made of, in order. mix: share of each
    section in the score, by its name; they sum to 1. match: the chance that a score stands for, None
    where it is not known. seen: whether the attribute can be seen, None where it always can. digest:
    SHA-256 (hex) of all that `apply` depends on beside the columns.
    """

    @property
    def needs(self) -> Sequence[Column]: ...
    @property
    def sections(self) -> Sequence[Section]: ...
    @property
    def mix(self) -> Mapping[str, float]: ...
    @property
    def match(self) -> MatchMap | None: ...
    @property
    def seen(self) -> Seen | None: ...
    @property
    def digest(self) -> str: ...
    @property
    def plain(self) -> bool:
        """Whether derived vectors are the raw columns as they are, side by side."""
        ...

    def on(self, means: Mapping[Column, np.ndarray], count: int) -> "Derivation":
        """The derivation for a catalog of which so many raw embeddings have these means (width,)."""
        ...

    def apply(self, raw: Sequence[np.ndarray]) -> np.ndarray:
        """Derived vectors float32 (n, sum of widths) of raw unit embeddings (n, width), in the order
        of `needs`."""
        ...


def repeated(sections: Sequence[Section], mix: Mapping[str, float]) -> np.ndarray:
    """The share of each section, float64, once for each of its numbers: (sum of widths,)."""
    return np.repeat([float(mix[name]) for name, _, _ in sections], [width for _, width, _ in sections])

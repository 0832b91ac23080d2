"""From raw embeddings to the vectors that an attribute is searched by, without a pass of the network."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import torch

from model.calibration import CalibrationRow
from model.config import GENERAL
from model.rpf import RPF


class Column(NamedTuple):
    """A raw embedding of an image: of an attribute in one view, or the general view, which belongs
    to none."""

    attribute: str
    view: str


class Section(NamedTuple):
    """A part of a derived vector. unit: whether it has length 1, so that its inner product is a
    cosine."""

    name: str
    width: int
    unit: bool = True


class Derivation(Protocol):
    """How the derived vectors of one attribute come about.

    needs: raw columns. sections: what a derived vector is made of, in order. mix: share of each
    section in the score, by its name; they sum to 1. digest: SHA-256 (hex) of all that `apply`
    depends on beside the columns.
    """

    @property
    def needs(self) -> Sequence[Column]: ...
    @property
    def sections(self) -> Sequence[Section]: ...
    @property
    def mix(self) -> Mapping[str, float]: ...
    @property
    def digest(self) -> str: ...
    @property
    def plain(self) -> bool:
        """Whether derived vectors are the raw columns as they are, side by side."""
        ...

    def apply(self, raw: Sequence[np.ndarray]) -> np.ndarray:
        """Derived vectors float32 (n, sum of widths) of raw unit embeddings (n, width), in the order
        of `needs`."""
        ...


def repeated(sections: Sequence[Section], mix: Mapping[str, float]) -> np.ndarray:
    """The share of each section, float64, once for each of its numbers: (sum of widths,)."""
    return np.repeat([float(mix[name]) for name, _, _ in sections], [width for _, width, _ in sections])


@dataclass(frozen=True, eq=False)
class Calibrated:
    """An attribute of the weights: each view calibrated, or as it is; see `Derivation`."""

    needs: tuple[Column, ...]
    sections: tuple[Section, ...]
    mix: dict[str, float]
    rows: tuple[CalibrationRow, ...] | None
    digest: str

    @property
    def plain(self) -> bool:
        return self.rows is None

    def apply(self, raw: Sequence[np.ndarray]) -> np.ndarray:
        parts = [torch.from_numpy(np.asarray(part, np.float32)) for part in raw]
        if self.rows is not None:
            parts = [row.apply(part) for row, part in zip(self.rows, parts, strict=True)]
        vectors: np.ndarray = torch.cat(parts, 1).numpy()
        return vectors


def derivation(network: RPF, attribute: str) -> Calibrated:
    """That of an attribute of the weights; WeightsError for an unknown one."""
    config, index = network.config, network.attribute_index(attribute)
    mix = config.mix_of(attribute)
    widths = {view: network.general_width if view == GENERAL else config.dim for view in mix}
    rows = None
    if config.calibration_axes is not None:
        rows = tuple(
            network.general_calibration.row(index, 0)
            if view == GENERAL
            else network.calibration.row(index, config.views.index(view))
            for view in mix
        )
        rows = tuple(CalibrationRow(*(part.cpu() for part in (row.centre, row.reads, row.axes))) for row in rows)
    sha = hashlib.sha256(repr(list(widths.items())).encode())
    for row in rows or ():
        for part in (row.centre, row.reads, row.axes):
            sha.update(part.half().contiguous().numpy().tobytes())
    return Calibrated(
        tuple(Column("" if view == GENERAL else attribute, view) for view in mix),
        tuple(Section(view, width) for view, width in widths.items()),
        mix,
        rows,
        sha.hexdigest(),
    )

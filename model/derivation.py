"""From raw embeddings to the vectors that an attribute is searched by, without a pass of the network."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from model.applicability import Seen
from model.calibration import CalibrationRow
from model.columns import Section
from model.config import GENERAL, Column
from model.match import MatchMap
from model.rpf import RPF

PRIOR = 50
"""Images that the training images' centre counts as, beside a catalog's own; chosen on validation splits and by leaving
a catalog out."""


@dataclass(frozen=True, eq=False)
class Calibrated:
    """An attribute of the weights: each view calibrated, or as it is; see `Derivation`."""

    needs: tuple[Column, ...]
    sections: tuple[Section, ...]
    mix: dict[str, float]
    rows: tuple[CalibrationRow, ...] | None
    digest: str
    match: MatchMap | None = None
    seen: Seen | None = None

    @property
    def plain(self) -> bool:
        return self.rows is None

    def on(self, means: Mapping[Column, np.ndarray], count: int) -> "Calibrated":
        """Centred on a catalog's own images: on photographs of another kind than those that it was
        calibrated on, what all of them share tells no values apart. The fewer there are, the more
        the centre of the training images counts (`PRIOR`)."""
        if self.rows is None:
            return self
        rows = []
        sha = hashlib.sha256(self.digest.encode())
        for column, row in zip(self.needs, self.rows, strict=True):
            mean = torch.from_numpy(np.asarray(means[column], np.float32))
            centre = ((count * mean + PRIOR * row.centre) / (count + PRIOR)).half().float()
            rows.append(replace(row, centre=centre))
            sha.update(centre.numpy().tobytes())
        return replace(self, rows=tuple(rows), digest=sha.hexdigest())

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
        MatchMap.from_json(config.matches[attribute]) if attribute in config.matches else None,
        None if config.applicability is None else network.applicability.row(index, config.applicability),
    )

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
from model.readout import READING, ReadoutRow
from model.rpf import RPF

PRIOR = 50
"""Images that the training images' centre counts as, beside a catalog's own; chosen on validation splits and by leaving
a catalog out."""


@dataclass(frozen=True, eq=False)
class Calibrated:
    """An attribute of the weights: each view calibrated, or as it is, and what is read off them all; see `Derivation`.

    needs: a column for each view; rows: calibrations in that order, None to leave the views as they are. readout: reads all
    of the weights' views of the attribute, those of `needs` first, None without.
    """

    needs: tuple[Column, ...]
    sections: tuple[Section, ...]
    mix: dict[str, float]
    rows: tuple[CalibrationRow, ...] | None
    digest: str
    match: MatchMap | None = None
    seen: Seen | None = None
    readout: ReadoutRow | None = None

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
        if self.rows is None:
            return torch.cat(parts, 1).numpy()
        shown = sum(section.unit for section in self.sections)
        found = [row.apply(part) for row, part in zip(self.rows[:shown], parts, strict=False)]
        if self.readout is not None:
            found.append(self.readout.apply([row.centred(part) for row, part in zip(self.rows, parts, strict=True)]))
        return torch.cat(found, 1).numpy()


def derivation(network: RPF, attribute: str) -> Calibrated:
    """That of an attribute of the weights; WeightsError for an unknown one."""
    config, index = network.config, network.attribute_index(attribute)
    mix = config.mix_of(attribute)
    readout = network.readout.row(index) if config.reading else None
    views, sections = list(mix), [Section(view, _width(network, view)) for view in mix]
    if readout is not None:
        every = [*config.views, *([GENERAL] if config.general_trunk else [])]
        views += [view for view in every if view not in mix]
        order = [every.index(view) for view in views]
        readout = ReadoutRow(tuple(readout.weights[place] for place in order), readout.bias)
        sections.append(Section(READING, len(readout.bias), False))
        mix = {view: (1 - config.reading) * share for view, share in mix.items()} | {READING: config.reading}
    rows = None
    if config.calibration_axes is not None:
        rows = tuple(_row(network, index, view) for view in views)
    return Calibrated(
        tuple(Column("" if view == GENERAL else attribute, view) for view in views),
        tuple(sections),
        mix,
        rows,
        _digest(sections, rows or (), readout),
        MatchMap.from_json(config.matches[attribute]) if attribute in config.matches else None,
        None if config.applicability is None else network.applicability.row(index, config.applicability),
        readout,
    )


def _width(network: RPF, view: str) -> int:
    return network.general_width if view == GENERAL else network.config.dim


def _row(network: RPF, index: int, view: str) -> CalibrationRow:
    calibration, place = network.calibration, 0
    if view == GENERAL:
        calibration = network.general_calibration
    else:
        place = network.config.views.index(view)
    row = calibration.row(index, place)
    return CalibrationRow(*(part.cpu() for part in (row.centre, row.reads, row.axes)))


def _digest(sections: Sequence[Section], rows: Sequence[CalibrationRow], readout: ReadoutRow | None) -> str:
    sha = hashlib.sha256(repr([tuple(section) for section in sections]).encode())
    tensors = [part for row in rows for part in (row.centre, row.reads, row.axes)]
    tensors += [*readout.weights, readout.bias] if readout is not None else []
    for part in tensors:
        sha.update(part.half().contiguous().numpy().tobytes())
    return sha.hexdigest()

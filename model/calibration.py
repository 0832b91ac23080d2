"""Calibration: each attribute's embeddings less their mean over the training images, drawn out along what tells its values apart.

Centring lets the cosine use its whole range (Jégou and Chum, ECCV 2012, arXiv:1203.6590, §3); the axes are linear
discriminants, found by `training.calibrate` from training labels once the network is trained. It is no part of RPF.md; weights
without it embed as the paper has it.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn


def _unit(embeddings: Tensor) -> Tensor:
    """`F.normalize` of the last dimension, without what that costs beside its numbers: searches derive a few vectors at once."""
    return embeddings / torch.linalg.vector_norm(embeddings, dim=-1, keepdim=True).clamp_min(1e-12)


@dataclass(frozen=True)
class CalibrationRow:
    """Calibration of one attribute in one view.

    centre: (D,), of unit embeddings; reads, axes: (D, K): what is added along each axis is how much the read sees.
    """

    centre: Tensor
    reads: Tensor
    axes: Tensor

    def centred(self, embeddings: Tensor) -> Tensor:
        """Unit embeddings (…, n, D) less the centre, of unit length again."""
        return _unit(_unit(embeddings.float()) - self.centre)

    def apply(self, embeddings: Tensor) -> Tensor:
        """Calibrated unit embeddings (…, n, D)."""
        with torch.autocast(embeddings.device.type, enabled=False):
            centred = _unit(embeddings.float()) - self.centre
            return _unit(centred + (centred @ self.reads) @ self.axes.transpose(-1, -2))


class Calibration(nn.Module):
    """The rows of all attributes in some views of one width, as buffers; zeros at first, which only normalise."""

    centre: Tensor
    reads: Tensor
    axes: Tensor

    def __init__(self, attributes: int, views: int, dim: int, axes: int) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(attributes, views, dim))
        self.register_buffer("reads", torch.zeros(attributes, views, dim, axes))
        self.register_buffer("axes", torch.zeros(attributes, views, dim, axes))

    def row(self, attribute: int, view: int) -> CalibrationRow:
        """The row of an attribute, by its index, in one of the views."""
        return CalibrationRow(*(part[attribute, view] for part in (self.centre, self.reads, self.axes)))

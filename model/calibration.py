"""Calibration: each attribute's embeddings less their mean over the training images, drawn out along what tells its values apart.

Centring lets the cosine use its whole range (Jégou and Chum, ECCV 2012, arXiv:1203.6590, §3); the axes are linear
discriminants, found by `training.calibrate` from training labels once the network is trained. It is no part of RPF.md; weights
without it embed as the paper has it.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

REGION, PATCH = 0, 1


@dataclass(frozen=True)
class CalibrationRow:
    """Calibration of one attribute; the first axis is the branch: `REGION`, `PATCH`.

    centre: (2, D), of unit embeddings; reads, axes: (2, D, K): what is added along each axis is how much the read sees.
    """

    centre: Tensor
    reads: Tensor
    axes: Tensor

    def apply(self, embeddings: Tensor, branch: int) -> Tensor:
        """Calibrated embeddings (…, D) of one branch, not normalised."""
        return _apply(embeddings, self.centre[branch], self.reads[branch], self.axes[branch])


class Calibration(nn.Module):
    """The rows of all attributes as buffers, zeros at first."""

    centre: Tensor
    reads: Tensor
    axes: Tensor

    def __init__(self, attributes: int, dim: int, axes: int) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(attributes, 2, dim))
        self.register_buffer("reads", torch.zeros(attributes, 2, dim, axes))
        self.register_buffer("axes", torch.zeros(attributes, 2, dim, axes))

    def forward(self, embeddings: Tensor, attributes: Tensor, branch: int) -> Tensor:
        """embeddings: (batch, attribute, D) of one branch, for attributes int64 (A,); the same shape, not normalised."""
        parts = (part[attributes, branch] for part in (self.centre, self.reads, self.axes))
        return _apply(embeddings.transpose(0, 1), *parts).transpose(0, 1)

    def row(self, index: int) -> CalibrationRow:
        return CalibrationRow(self.centre[index], self.reads[index], self.axes[index])


def _apply(embeddings: Tensor, centre: Tensor, reads: Tensor, axes: Tensor) -> Tensor:
    """embeddings: (…, n, D); centre: (…, D); reads, axes: (…, D, K)."""
    with torch.autocast(embeddings.device.type, enabled=False):
        centred = F.normalize(embeddings.float(), dim=-1) - centre[..., None, :]
        return centred + (centred @ reads) @ axes.transpose(-1, -2)

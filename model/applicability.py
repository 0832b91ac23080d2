"""Applicability: the chance that an attribute can be seen on a picture, read off its raw features.

One logistic regression an attribute, whose weights `training.applicability` finds. It is no part of
RPF.md.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from model.config import GENERAL, SUMMARY, Column

WHOLE = 2.0
"""Times that the summary is longer than the general embedding, found on validation splits."""
APPLICABILITY = (Column("", GENERAL), Column("", SUMMARY))
"""The raw columns that applicability is read off."""


def applicability_features(general: np.ndarray, summary: np.ndarray) -> np.ndarray:
    """What applicability is read off: float32 (n, G + D), of raw unit general embeddings (n, G) and
    summaries (n, D) of the whole embeddings."""
    return np.concatenate([general.astype(np.float32), WHOLE * summary.astype(np.float32)], 1)


@dataclass(frozen=True, eq=False)
class Seen:
    """Whether one attribute can be seen. weight: float32 (G + D,); threshold: the chance below which
    it is said not to be."""

    weight: np.ndarray
    bias: float
    threshold: float

    def chance(self, general: np.ndarray, summary: np.ndarray) -> np.ndarray:
        """float32 (n,), 0 to 1; arguments as of `applicability_features`."""
        return 1 / (1 + np.exp(-(applicability_features(general, summary) @ self.weight + self.bias)))


class Applicability(nn.Module):
    """Weights of all attributes as buffers, zeros at first; an attribute whose weights and bias are
    all zero can always be seen."""

    weight: Tensor
    bias: Tensor

    def __init__(self, attributes: int, width: int) -> None:
        super().__init__()
        self.register_buffer("weight", torch.zeros(attributes, width))
        self.register_buffer("bias", torch.zeros(attributes))

    def forward(self, features: Tensor) -> Tensor:
        """features: (n, width) of `applicability_features`; float32 (n, attributes), 0..1,
        whatever precision the buffers are kept in."""
        with torch.autocast(features.device.type, enabled=False):
            weight, bias = self.weight.float(), self.bias.float()
            chance = torch.sigmoid(features.float() @ weight.T + bias)
            return torch.where((weight != 0).any(1) | (bias != 0), chance, 1.0)

    def read(self, features: np.ndarray) -> np.ndarray:
        """The same without a network: features (n, width), float16 or wider → float32
        (n, attributes)."""
        with torch.inference_mode():
            own = torch.from_numpy(np.asarray(features, np.float32)).to(self.weight.device)
            return self(own).cpu().numpy()

    def row(self, attribute: int, threshold: float) -> Seen | None:
        """Of one attribute, by its index; None where it can always be seen."""
        weight, bias = self.weight[attribute].float().cpu().numpy(), float(self.bias[attribute])
        return Seen(weight, bias, threshold) if weight.any() or bias else None

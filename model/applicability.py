"""Applicability: the chance that an attribute can be seen on a picture, read off its raw features.

One logistic regression an attribute, whose weights `training.applicability` finds. It is no part of
RPF.md.
"""

import numpy as np
import torch
from torch import Tensor, nn

WHOLE = 2.0
"""How many times as long as it is the mean of the whole embeddings is taken, which the general one
is not; chosen on pictures of training and validation splits."""


def applicability_features(general: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """What applicability is read off: float32 (n, G + D).

    general: raw unit general embeddings (n, G); whole: raw unit whole embeddings of all attributes
    of the weights (n, attributes, D), of which the mean is taken, `WHOLE` times as long.
    """
    return np.concatenate([general.astype(np.float32), WHOLE * whole.mean(1, dtype=np.float32)], 1)


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

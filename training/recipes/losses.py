"""What both recipes give back for a batch."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Losses:
    """total is what is minimised; parts are shown (name → value)."""

    total: Tensor
    parts: dict[str, float]


def spread(embeddings: Tensor) -> float:
    """One minus the mean cosine between different rows of (batch, attribute, D): 0 when all have become the same."""
    with torch.no_grad():
        z = F.normalize(embeddings.float(), dim=-1)
        n = z.shape[0]
        total = z.sum(0).square().sum(-1)  # (attribute,)
        return float(1 - ((total - n) / (n * (n - 1))).mean())

"""Foreground gate: attention maps are multiplied with how likely each location shows a garment or who wears it.

It is no part of RPF.md: an addition of ours, learnt from product photographs cut out of their white (`training.gating`).
Weights without it attend as the paper has it.
"""

import torch.nn.functional as F
from torch import Tensor, nn

HIDDEN = 128


class Gate(nn.Module):
    """A small network on the normalised trunk features of one location, the same for all attributes."""

    def __init__(self, dim: int, power: float) -> None:
        super().__init__()
        self.power = power
        self.hidden = nn.Linear(dim, HIDDEN)
        self.out = nn.Linear(HIDDEN, 1)

    def logits(self, x: Tensor) -> Tensor:
        """Log odds of foreground, float32 (batch, location), from normalised features (batch, location, dim)."""
        return self.out(F.relu(self.hidden(x)))[..., 0].float()

    def forward(self, x: Tensor) -> Tensor:
        """What is added to the logits of attention, float32 (batch, 1, location): the map is multiplied with p^power."""
        return self.power * F.logsigmoid(self.logits(x))[:, None]

"""Readings of the weights' own attributes: the chance of each value, read off an image's raw embeddings by one linear map.

Two images score the sum over the values of p p', the chance that they share the value, which stands beside the cosines of the
views with a share of its own (`Config.reading`). Found in closed form by `training.readout` from training labels; it is no part
of RPF.md. What a catalog teaches later is a `model.reading.Reading`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

READING = "reading"
"""The section of a derived vector that holds the chances."""
NEVER = -1e4
"""Bias of a value that an attribute does not have."""


@dataclass(frozen=True)
class ReadoutRow:
    """Of one attribute. weights: (D, V) for each of its views; bias: (V,)."""

    weights: tuple[Tensor, ...]
    bias: Tensor

    def apply(self, centred: Sequence[Tensor]) -> Tensor:
        """Chances of the values, float32 (n, V), each row of sum 1; centred: unit embeddings less their centre, of unit length
        again, (n, D) for each view."""
        logits = self.bias + sum(part @ weight for part, weight in zip(centred, self.weights, strict=True))
        chances: Tensor = logits.softmax(-1)
        return chances


class Readout(nn.Module):
    """The rows of all attributes as buffers; an attribute of which all weights are zeros has no reading."""

    weight: Tensor
    bias: Tensor

    def __init__(self, attributes: int, widths: Sequence[int], values: int) -> None:
        """widths: numbers of each view, in the order of `Config.views`, the general one last."""
        super().__init__()
        self.widths = list(widths)
        self.register_buffer("weight", torch.zeros(attributes, sum(widths), values))
        self.register_buffer("bias", torch.full((attributes, values), NEVER))

    def row(self, attribute: int) -> ReadoutRow | None:
        """Of an attribute, by its index; None where it has none."""
        if not self.weight[attribute].any():
            return None
        known = self.bias[attribute] > NEVER / 2
        weight = self.weight[attribute][:, known].float().cpu()
        return ReadoutRow(weight.split(self.widths), self.bias[attribute][known].float().cpu())

"""Readings of attributes in closed form: ridge regression of training labels on raw embeddings that are there.

Columns of the indicators are divided by the fourth root of their number, so that rare values are neither lost nor all there is.
Catalogs count alike; values of the same name are one value.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from model import NEVER

SHRINKAGE = 0.5
"""Of the regression, in parts of the mean squared length of the features."""
TEMPERATURE = 0.4
"""Of the softmax, in deviations of the scores of images that were not learnt from."""


@dataclass(frozen=True)
class Lesson:
    """Of one catalog: features (n, F) of images to learn from, float32, and the names of their values; features (m, F) of
    others, which say how far scores spread."""

    features: Tensor
    values: Sequence[str]
    others: Tensor


def read(lessons: Sequence[Lesson], values: Sequence[str]) -> tuple[Tensor, Tensor] | None:
    """Weights (F, V) and bias (V,), float32, whose softmax is the chance of each of the attribute's values; None where fewer than
    two are known. Values that nobody has never come up."""
    known = [value for value in values if any(value in lesson.values for lesson in lessons)]
    lessons = [lesson for lesson in lessons if len(lesson.values)]
    if len(known) < 2:
        return None
    x = torch.cat([lesson.features for lesson in lessons]).double()
    counts = torch.cat([torch.full((len(one.values),), 1 / len(one.values)) for one in lessons]).double()
    counts /= counts.sum()
    names = [value for lesson in lessons for value in lesson.values]
    y = torch.tensor([[value == name for value in known] for name in names]).double()
    y /= y.sum(0).clamp_min(1) ** 0.25
    centre = counts @ y
    weighed = x * counts[:, None]
    bend = x.T @ weighed + SHRINKAGE * (weighed * x).sum() * torch.eye(x.shape[1]).double() / len(x)
    solved = torch.linalg.solve(bend, weighed.T @ (y - centre))
    scale = TEMPERATURE * float((torch.cat([lesson.others for lesson in lessons]).double() @ solved).std())
    weight = torch.zeros(x.shape[1], len(values))
    bias = torch.full((len(values),), NEVER)
    places = [list(values).index(value) for value in known]
    weight[:, places] = (solved / scale).float()
    bias[places] = 0.0
    return weight, bias


def names_of(values: Sequence[str], labels: np.ndarray) -> list[str]:
    """The name of each label, int64 (n,), none negative."""
    return [values[label] for label in labels]

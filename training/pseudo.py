"""Pseudo-labels: what the frozen ViT and a few labels say of the unlabelled images, where it is sure."""

from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from eval import GlobalFeatures
from training.calibrate import solve
from training.data import Material

GAIN, SHRINKAGE = 4.0, 3.0
"""Of the discriminants (`training.calibrate`): milder than after training, since the labels are few and the features general."""
NEIGHBOURS = 10
TEMPERATURE = 0.1
SURE = 0.8
"""Share of the neighbours' votes that a value needs."""


def embed(material: Material, features: GlobalFeatures) -> Tensor:
    """Unit CLS features of the images, float32 (images, D)."""
    images = (Image.fromarray(image.permute(1, 2, 0).numpy()) for image in material.images)
    return F.normalize(torch.from_numpy(features.embed(images)), dim=-1)


def discriminants(embeddings: Tensor, labels: np.ndarray, others: Tensor) -> Tensor:
    """Unit embeddings (m, D) of one attribute: `others` (m, D), drawn out along the linear discriminants of `embeddings` (n, D)
    with labels (n,), negative for unknown; at least two values must be there."""
    return solve([(embeddings, labels)], GAIN, SHRINKAGE).apply(others)


def complete(material: Material, features: GlobalFeatures) -> Material:
    """Fill missing labels of a catalog's own attributes where the neighbours agree; given labels stay.

    Votes of the nearest labelled items along the attribute's discriminants, weighted by exp(cosine / TEMPERATURE).
    """
    embeddings = embed(material, features)
    labels = material.labels.copy()
    for attribute in material.labelled:
        own = material.labels[:, attribute]
        labels[:, attribute] = vote(discriminants(embeddings, own, embeddings), own)
    return replace(material, labels=labels)


def vote(embeddings: Tensor, labels: np.ndarray) -> np.ndarray:
    """Labels (n,) with the missing ones (-1) filled where the neighbours agree; embeddings: unit vectors (n, D)."""
    known, missing = np.flatnonzero(labels >= 0), np.flatnonzero(labels == -1)
    if not len(missing):
        return labels
    nearest = (embeddings[missing] @ embeddings[known].T).topk(min(NEIGHBOURS, len(known)))
    values = torch.from_numpy(labels[known])[nearest.indices]  # (missing, neighbour)
    weights = (nearest.values / TEMPERATURE).softmax(-1)
    votes = torch.zeros(len(missing), int(labels.max()) + 1).scatter_add_(1, values, weights)
    share, value = votes.max(-1)
    filled = labels.copy()
    filled[missing] = torch.where(share >= SURE, value, -1).numpy()
    return filled

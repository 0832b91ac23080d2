"""Pseudo-labels: a trained network labels the unlabelled images that it is sure of, from their labelled neighbours."""

from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from model import RPF
from training.data import Material

NEIGHBOURS = 10
TEMPERATURE = 0.1
SURE = 0.8
"""Share of the neighbours' votes that a value needs."""


def complete(material: Material, teacher: RPF, device: torch.device) -> Material:
    """Fill missing labels of a catalog's own attributes where the teacher is sure; given labels stay.

    Votes of the nearest labelled items in the attribute's region embedding, weighted by exp(cosine / TEMPERATURE).
    """
    attributes = material.labelled
    wanted = torch.tensor(attributes, device=device)
    teacher.to(device).eval()
    parts = []
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16):
        for first in range(0, len(material), 64):
            images = [image.to(device) for image in material.images[first : first + 64]]
            parts.append(teacher(images, wanted, patch=False).region.float().cpu())
    embeddings = F.normalize(torch.cat(parts), dim=-1)  # (images, attribute, D)
    labels = material.labels.copy()
    for place, attribute in enumerate(attributes):
        labels[:, attribute] = vote(embeddings[:, place], material.labels[:, attribute])
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

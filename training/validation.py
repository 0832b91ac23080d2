"""Validation MAP during training, and the β that it asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from PIL import Image

from catalog import Catalog
from eval.metrics import average_precision, cosine, ranked_relevance
from model import RPF
from model.device import mixed_precision
from retrieval import Embedder
from retrieval.batches import batches

BETAS = tuple(round(0.1 * i, 1) for i in range(11))
GAIN = 0.5
"""Points of MAP."""
LEAST_QUERIES = 30
"""An attribute with fewer in all catalogs together gets no β of its own."""


@dataclass(frozen=True)
class Curve:
    """One attribute of one catalog. maps: MAP (%) for each β of BETAS, or of the region embedding alone (one figure)."""

    maps: np.ndarray
    queries: int


Curves = dict[str, dict[str, Curve]]
"""By catalog and attribute."""


def curves(network: RPF, catalogs: Sequence[Catalog], device: str, patch: bool) -> Curves:
    """Validation MAP: every labelled item of a catalog asks the others; without `patch`, the region embedding alone.

    A split for validation is small: with a fifth of it as queries, as `python -m eval run` chooses them, chance would choose β.
    """
    found: Curves = {}
    training = network.training
    embedder = Embedder(network, device, batch_size=16)
    for catalog in catalogs:
        here = [a.name for a in catalog.attributes if a.name in network.config.attributes]
        images = (catalog.open(item) for item in catalog)
        vectors = embedder.embed(images, here) if patch else _regions(embedder, images, here)
        found[catalog.name] = {}
        for place, name in enumerate(here):
            labels = catalog.labels(name)
            rows = np.flatnonzero(labels >= 0)
            own, values = vectors[rows, place], labels[rows]
            scores = [cosine(own[:, part], own[:, part]) for part in range(1 + patch)]
            mixes = [beta * scores[0] + (1 - beta) * scores[1] for beta in BETAS] if patch else [scores[0]]
            relevant, itself = values[:, None] == values[None], np.eye(len(rows), dtype=bool)
            if len(rows) > 1:
                precision = [average_precision(ranked_relevance(mix, relevant, itself)) for mix in mixes]
                found[catalog.name][name] = Curve(100 * np.array(precision), len(rows))
    network.train(training)
    return found


def _regions(embedder: Embedder, images: Iterable[Image.Image], attributes: Sequence[str]) -> np.ndarray:
    """Region embeddings (images, attributes, 1, D): a fraction of the cost of the pair."""
    network = embedder.model
    wanted = torch.tensor([network.attribute_index(name) for name in attributes], device=embedder.device)
    parts = []
    with torch.inference_mode(), mixed_precision(embedder.device):
        for batch in batches(images, embedder.batch_size):
            output = network([image.to(embedder.device) for image in batch], wanted, patch=False)
            parts.append(output.region.float().cpu().numpy()[:, :, None])
    return np.concatenate(parts)


def choose_beta(network: RPF, found: Curves) -> None:
    """Set the network's β: the one that is best over all attributes of all catalogs, and for an attribute its own where
    that is better by at least `GAIN` on at least `LEAST_QUERIES`, so that noise on a small validation split does not decide."""
    mean = np.mean([curve.maps for attributes in found.values() for curve in attributes.values()], axis=0)
    best, betas = int(mean.argmax()), {}
    for name in network.config.attributes:
        own = [attributes[name] for attributes in found.values() if name in attributes]
        if sum(curve.queries for curve in own) < LEAST_QUERIES:
            continue
        maps = np.mean([curve.maps for curve in own], axis=0)
        if maps.max() >= maps[best] + GAIN:
            betas[name] = BETAS[int(maps.argmax())]
    network.config = replace(network.config, beta=BETAS[best], betas=betas)


def frozen_norms(network: RPF) -> None:
    """Training mode but for batch normalisation, whose statistics stay those of the pretrained trunk."""
    network.train()
    for module in network.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            module.eval()

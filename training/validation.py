"""Validation MAP during training, and the β that it asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import torch
from PIL import Image

from catalog import Catalog
from eval.metrics import average_precision, cosine, ranked_relevance
from eval.protocol import seeded_trials
from model import RPF
from retrieval import Embedder
from retrieval.embedder import batches

BETAS = tuple(round(0.1 * i, 1) for i in range(11))
GAIN = 0.5
"""Points of MAP."""


def curves(network: RPF, catalogs: Sequence[Catalog], device: str, patch: bool) -> dict[str, dict[str, np.ndarray]]:
    """MAP (%) for each β of BETAS, by catalog and attribute; without `patch`, of the region embedding alone (one figure).

    Queries are a fifth of the split's labelled items, seed 0, as `python -m eval run` chooses them.
    """
    found: dict[str, dict[str, np.ndarray]] = {}
    training = network.training
    embedder = Embedder(network, device, batch_size=16)
    for catalog in catalogs:
        here = [a.name for a in catalog.attributes if a.name in network.config.attributes]
        images = (catalog.open(item) for item in catalog)
        vectors = embedder.embed(images, here) if patch else _regions(embedder, images, here)
        found[catalog.name] = {}
        for trial in seeded_trials(catalog, here):
            own = vectors[:, here.index(trial.attribute)]
            scores = [cosine(own[trial.queries, part], own[trial.candidates, part]) for part in range(1 + patch)]
            relevant = trial.query_values[:, None] == trial.candidate_values[None]
            mixes = [beta * scores[0] + (1 - beta) * scores[1] for beta in BETAS] if patch else [scores[0]]
            found[catalog.name][trial.attribute] = np.array(
                [100 * np.mean(average_precision(ranked_relevance(mix, relevant), reduce=False)) for mix in mixes]
            )
    network.train(training)
    return found


def _regions(embedder: Embedder, images: Iterable[Image.Image], attributes: Sequence[str]) -> np.ndarray:
    """Region embeddings (images, attributes, 1, D): a fraction of the cost of the pair."""
    network = embedder.model
    wanted = torch.tensor([network.attribute_index(name) for name in attributes], device=embedder.device)
    parts = []
    with torch.inference_mode(), torch.autocast(embedder.device.type, torch.bfloat16):
        for batch in batches(images, embedder.batch_size):
            output = network([image.to(embedder.device) for image in batch], wanted, patch=False)
            parts.append(output.region.float().cpu().numpy()[:, :, None])
    return np.concatenate(parts)


def choose_beta(network: RPF, found: dict[str, dict[str, np.ndarray]]) -> None:
    """Set the network's β: the one that is best over all attributes of all catalogs, and for an attribute its own where
    that is better by at least `GAIN`, so that noise on a small validation split does not decide."""
    mean = np.mean([curve for attributes in found.values() for curve in attributes.values()], axis=0)
    best, betas = int(mean.argmax()), {}
    for name in network.config.attributes:
        own = np.mean([attributes[name] for attributes in found.values() if name in attributes] or [mean], axis=0)
        if own.max() >= own[best] + GAIN:
            betas[name] = BETAS[int(own.argmax())]
    network.config = replace(network.config, beta=BETAS[best], betas=betas)


def frozen_norms(network: RPF) -> None:
    """Training mode but for batch normalisation, whose statistics stay those of the pretrained trunk."""
    network.train()
    for module in network.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            module.eval()

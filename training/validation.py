"""Validation MAP during training, and the β that it asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from PIL import Image

from catalog import Catalog
from common.say import Say, to_stderr
from eval.metrics import average_precision, cosine, ranked_relevance
from model import CROP, REGION, RPF, Column
from retrieval import Embedder, slices
from training.calibrate import rows_of

BETAS = tuple(round(0.1 * i, 1) for i in range(11))
GAIN = 0.5
"""Points of MAP."""
LEAST_QUERIES = 30
"""An attribute with fewer in all catalogs together gets no β of its own."""


@dataclass(frozen=True)
class Curve:
    """One attribute of one catalog. maps: MAP (%) for each β of BETAS, or of the region
    embedding alone (one figure)."""

    maps: np.ndarray
    queries: int


Curves = dict[str, dict[str, Curve]]
"""By catalog and attribute."""


def curves(network: RPF, catalogs: Sequence[Catalog], device: str, patch: bool) -> Curves:
    """Validation MAP: every labelled item of a catalog asks the others; without `patch`, the region
    embedding alone.

    Attributes of which no two items of a catalog share a value have no curve. A split for
    validation is small: with a fifth of it as queries, as `python -m eval run` chooses them, chance
    would choose β.
    """
    found: Curves = {}
    training = network.training
    embedder = Embedder(network, device, batch_size=16)
    for catalog in catalogs:
        here = [a.name for a in catalog.attributes if a.name in network.config.attributes]
        views = (REGION, CROP) if patch else (REGION,)
        sections = _sections(embedder, (catalog.open(item) for item in catalog), here, views)
        found[catalog.name] = {}
        for name in here:
            labels = catalog.labels(name)
            rows = np.flatnonzero(labels >= 0)
            values = labels[rows]
            if len(rows) == len(np.unique(values)):
                continue
            scores = [cosine(own[rows], own[rows]) for own in sections[name]]
            mixes = [beta * scores[0] + (1 - beta) * scores[1] for beta in BETAS] if patch else [scores[0]]
            relevant, itself = values[:, None] == values[None], np.eye(len(rows), dtype=bool)
            precision = [average_precision(ranked_relevance(mix, relevant, itself)) for mix in mixes]
            found[catalog.name][name] = Curve(100 * np.array(precision), len(rows))
    network.train(training)
    return found


def _sections(
    embedder: Embedder, images: Iterable[Image.Image], attributes: Sequence[str], views: Sequence[str]
) -> dict[str, list[np.ndarray]]:
    """By attribute, its embeddings (images, D) in each view, calibrated where the network is."""
    columns = [Column(name, view) for name in attributes for view in views]
    raw = embedder.embed(images, columns)
    places = slices(columns, {column: embedder.width(column) for column in columns})
    rows, names = rows_of(embedder.model), embedder.attributes
    found: dict[str, list[np.ndarray]] = {name: [] for name in attributes}
    for (name, view), place in places.items():
        row = rows.get((names.index(name), view))
        own = torch.from_numpy(raw[:, place]).float()
        found[name].append((own if row is None else row.apply(own)).numpy())
    return found


def validated(found: Curves, network: RPF) -> dict[str, Any]:
    """Validation MAP (%) by catalog and attribute, for a record: region, patch and fused at the
    chosen β."""
    table: dict[str, Any] = {}
    for catalog, attributes in found.items():
        table[catalog] = {}
        for name, curve in attributes.items():
            row = {"map_region": curve.maps[-1]}
            if len(curve.maps) > 1:
                beta = network.config.beta_of(name)
                row |= {"map_patch": curve.maps[0], "map": curve.maps[round(beta * 10)]}
            table[catalog][name] = {key: round(float(value), 2) for key, value in row.items()}
    return table


def choose_beta(network: RPF, found: Curves, say: Say = to_stderr) -> None:
    """Set the network's β: the one that is best over all attributes of all catalogs, and for an
    attribute its own where that is better by at least `GAIN` on at least `LEAST_QUERIES`, so that
    noise on a small validation split does not decide.

    Where nothing was measured β stays as it is, which is said; so do the own β of attributes that
    were not measured. Of several that are equally good, the one nearest to the usual β is taken.
    """
    config, measured = network.config, [curve.maps for own in found.values() for curve in own.values()]
    if config.only is not None:
        return
    if not measured:
        say(f"no validation split has labels that β could be chosen by; it stays {config.beta:g}")
        return
    mean = np.mean(measured, axis=0)
    best = _best(mean, config.beta)
    betas = dict(config.betas)
    for name in config.attributes:
        own = [attributes[name] for attributes in found.values() if name in attributes]
        if own:
            betas.pop(name, None)
        if not own or sum(curve.queries for curve in own) < LEAST_QUERIES:
            continue
        maps = np.mean([curve.maps for curve in own], axis=0)
        if maps.max() >= maps[best] + GAIN:
            betas[name] = BETAS[_best(maps, BETAS[best])]
    network.config = replace(config, beta=BETAS[best], betas=betas)


def _best(maps: np.ndarray, usual: float) -> int:
    """Place in BETAS of the highest MAP; of equally high ones (to a billionth) that nearest to
    the usual β."""
    highest = np.flatnonzero(maps >= maps.max() - 1e-9)
    return int(min(highest, key=lambda place: abs(BETAS[place] - usual)))


def frozen_norms(network: RPF) -> None:
    """Training mode but for batch normalisation, whose statistics stay those of the pretrained
    trunk."""
    network.train()
    for module in network.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            module.eval()

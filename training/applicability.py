"""Which attributes a picture shows: learnt from labels of what the garment is (`training.parts`).

A logistic regression for each part on raw features, in Newton's steps; an attribute takes the
weights of the part that it needs. No network runs, no trunk moves.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from catalog import Catalog
from model import Applicability
from training.data import INVISIBLE
from training.parts import ARTICLE_TYPES, CATEGORIES, PARTS, Evidence, of_drawn, part_of

STRENGTH = 0.0003
"""Of the penalty on half the squared weights, where the features have a mean squared length of 1;
chosen, as the features are, on validation splits, by leaving a catalog out, and on pictures of
street's training split that were looked at."""
STEPS = 15
MISSED = 0.02
"""Share of what can be seen that may be taken for hidden (`threshold`)."""


@dataclass(frozen=True)
class Shown:
    """Pictures of one catalog.

    features: float32 (n, width), as `model.applicability_features` gives them; parts: float32 (n,
    parts in the order of PARTS), 1 there, 0 not, NaN unknown.
    """

    features: np.ndarray
    parts: np.ndarray


def evidence_of(catalog: Catalog) -> np.ndarray:
    """What the labels say of each item's parts: float32 (items, parts), NaN unknown."""
    return as_rows([of_labels(item.labels) for item in catalog])


def as_rows(found: Sequence[Evidence]) -> np.ndarray:
    """float32 (pictures, parts), NaN unknown."""
    rows = [[float(one[part]) if part in one else np.nan for part in PARTS] for one in found]
    return np.array(rows, np.float32).reshape(len(rows), len(PARTS))


def of_labels(labels: dict[str, str]) -> Evidence:
    """What one item's labels (attribute → value) say of its parts.

    The article type and the category say most; without them, what a drawn garment shows. An
    attribute that is labelled is seen, and so is its part; one that is `invisible` is not.
    """
    shown = [name for name, value in labels.items() if value.lower() != INVISIBLE]
    hidden = {part_of(name) for name in labels} - {part_of(name) for name in shown}
    known = {name: labels[name] for name in ("article_type", "category") if name in shown}
    found = dict.fromkeys((part for part in hidden if part), False)
    found |= dict(ARTICLE_TYPES.get(known.get("article_type", ""), {}))
    found |= dict(CATEGORIES.get(known.get("category", ""), {}))
    if not known:
        found |= dict(of_drawn(shown))
    return found | {part: True for name in shown if (part := part_of(name))}


def learn(pictures: Sequence[Shown], attributes: Sequence[str], strength: float = STRENGTH) -> Applicability:
    """Weights for the attributes, in their order, from training pictures of one or more catalogs.

    In each catalog what shows a part and what does not count alike. A part that is there, or absent,
    wherever it is known teaches nothing: its attributes can always be seen.
    """
    width = pictures[0].features.shape[1]
    network = Applicability(len(attributes), width)
    for place, part in enumerate(PARTS):
        rows = [row for row, name in enumerate(attributes) if part_of(name) == part]
        solved = _solve(*_known(pictures, place), strength) if rows else None
        if solved is not None:
            network.weight[rows], network.bias[rows] = solved[0].float(), solved[1].float()
    return network.eval()


def _known(pictures: Sequence[Shown], place: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the pictures of which a part is known: features (n, width), whether it is there (n,) and
    weight (n,)."""
    features, values, weights = [], [], []
    for one in pictures:
        known = ~np.isnan(one.parts[:, place])
        value = one.parts[known, place]
        counts = np.array([(value == 0).sum(), (value == 1).sum()])
        features.append(one.features[known])
        values.append(value)
        weights.append(1 / counts[value.astype(int)])
    return np.concatenate(features), np.concatenate(values), np.concatenate(weights)


def _solve(
    features: np.ndarray, values: np.ndarray, weights: np.ndarray, strength: float
) -> tuple[Tensor, Tensor] | None:
    """Weight (width,) and bias () of one part, float64; None where all values are the same."""
    if len(np.unique(values)) < 2:
        return None
    x, y, w = (torch.from_numpy(part).double() for part in (features, values, weights / weights.sum()))
    centre = w @ x
    x = x - centre
    scale = (w @ x.square().sum(1)).sqrt()
    x = torch.cat((x / scale, torch.ones(len(x), 1).double()), 1)
    penalty = torch.full((x.shape[1],), strength).double()
    penalty[-1] = 1e-6
    solved = torch.zeros(x.shape[1]).double()
    for _ in range(STEPS):
        chance = torch.sigmoid(x @ solved)
        slope = x.T @ (w * (chance - y)) + penalty * solved
        bend = (x * (w * chance * (1 - chance))[:, None]).T @ x + torch.diag(penalty)
        step = torch.linalg.solve(bend, slope)
        solved = solved - step
        if step.abs().max() < 1e-6:
            break
    weight = solved[:-1] / scale
    return weight, solved[-1] - weight @ centre


def threshold(network: Applicability, attributes: Sequence[str], held_out: Sequence[Shown]) -> float:
    """The chance below which an attribute is said not to be seen; at most 0.5.

    At most `MISSED` of what held-out pictures do show falls below it, pictures and attributes pooled,
    each catalog counting alike.
    """
    chances, weights = [], []
    for one in held_out:
        seen = known_pairs(network.read(one.features), one.parts, attributes)
        there = seen.chance[seen.there]
        chances.append(there)
        weights.append(np.full(len(there), 1 / max(1, len(there))))
    order = np.argsort(np.concatenate(chances))
    sorted_chance, mass = np.concatenate(chances)[order], np.cumsum(np.concatenate(weights)[order])
    return float(min(0.5, sorted_chance[np.searchsorted(mass, MISSED * mass[-1])]))


@dataclass(frozen=True)
class Pairs:
    """Pictures × attributes of which it is known whether the attribute can be seen.

    chance: float32 (pairs,); there: bool (pairs,); attribute: int64 (pairs,), place in the list.
    """

    chance: np.ndarray
    there: np.ndarray
    attribute: np.ndarray


def known_pairs(chance: np.ndarray, parts: np.ndarray, attributes: Sequence[str]) -> Pairs:
    """chance: (n, attributes); parts: (n, parts), NaN unknown. Attributes that every picture shows
    are left out."""
    order = list(PARTS)
    columns = [row for row, name in enumerate(attributes) if part_of(name)]
    truth = parts[:, [order.index(part_of(attributes[row]) or "") for row in columns]]
    known = ~np.isnan(truth)
    own = np.broadcast_to(columns, truth.shape)
    return Pairs(chance[:, columns][known], truth[known] == 1, own[known])


def auc(chance: np.ndarray, there: np.ndarray) -> float:
    """Area under the ROC curve: how often what is there has a higher chance than what is not, ties
    half (Mann and Whitney, 1947); NaN where all or none are there. chance: (n,); there: bool (n,)."""
    _, place, counts = np.unique(chance, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    hits, misses = int(there.sum()), int((~there).sum())
    if not hits or not misses:
        return float("nan")
    return float((ranks[there].sum() - hits * (hits + 1) / 2) / (hits * misses))


def read_judged(path: Path) -> dict[str, dict[str, Evidence]]:
    """Verdicts of somebody who looked: catalog → id → parts.

    The file has the columns catalog, id and the parts; 1 there, 0 not, blank undecided.
    """
    found: dict[str, dict[str, Evidence]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            verdicts = {part: row[part] == "1" for part in PARTS if row[part]}
            found.setdefault(row["catalog"], {})[row["id"]] = verdicts
    return found

"""What left-out training labels say: where a new attribute begins, whether learning helps it, which β it asks for."""

from dataclasses import dataclass

import numpy as np
import torch

from eval.metrics import average_precision, cosine, ranked_relevance
from model import RPF
from training.branches import BATCH, Fitted, learn
from training.cache import Cached
from training.division import thirds
from training.validation import BETAS, GAIN


@dataclass(frozen=True)
class LeftOut:
    """MAP (%) of left-out thirds of the training items for each β of BETAS, each item against the others of its third: of
    the attribute as it stood, and as learnt from the other two thirds."""

    before: np.ndarray
    after: np.ndarray

    @property
    def helps(self) -> bool:
        return bool(self.after.max() > self.before.max())

    def beta(self, usual: float) -> float:
        """The best β of what is kept; the usual one where no other is better by `GAIN` points."""
        curve = self.after if self.helps else self.before
        best = int(curve.argmax())
        return BETAS[best] if curve[best] >= np.interp(usual, BETAS, curve) + GAIN else usual


def try_out(network: RPF, start: Fitted, cached: Cached, steps: tuple[int, int], seed: int) -> LeftOut:
    """Leave out each third of the items in turn, learn from the others, measure on it; arguments as for `learn`."""
    fold = thirds([cached.labels], seed)
    curves = []
    for number in range(3):
        fitted = learn(network, start, cached.at(np.flatnonzero(fold != number)), steps, seed)
        left_out = cached.at(np.flatnonzero(fold == number))
        curves.append([_curve(network, known, left_out) for known in (start, fitted)])
    return LeftOut(*np.mean(curves, axis=0))


def closest(network: RPF, cached: Cached) -> str:
    """The known attribute whose region embeddings already separate the values of these items best."""
    names = list(network.config.attributes)
    with torch.inference_mode():
        parts = [network.regions(view.float(), torch.arange(len(names)))[0] for view in cached.views[0].split(BATCH)]
    regions = torch.cat(parts, 0).unbind(1)  # by attribute: (n, D)
    found = [precision(cosine(own.numpy(), own.numpy()), cached.labels) for own in regions]
    return names[int(np.argmax(found))]


def precision(scores: np.ndarray, labels: np.ndarray) -> float:
    """MAP (%) of items, each against the others; scores: (n, n); items whose value no other has do not ask."""
    ranked = ranked_relevance(scores, labels[:, None] == labels[None], np.eye(len(labels), dtype=bool))
    asking = ranked.any(axis=1)
    return 100 * average_precision(ranked[asking]) if asking.any() else 0.0


def _curve(network: RPF, fitted: Fitted, cached: Cached) -> np.ndarray:
    region, patch = (cosine(rows.numpy(), rows.numpy()) for rows in fitted.embed(network, cached))
    return np.array([precision(beta * region + (1 - beta) * patch, cached.labels) for beta in BETAS])

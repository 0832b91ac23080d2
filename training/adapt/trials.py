"""What left-out training labels say: where a new attribute begins, whether learning helps it, which β it asks for."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from eval.metrics import average_precision, cosine, ranked_relevance
from model import PATCH, REGION, RPF, CalibrationRow
from training.adapt.branches import BATCH, Fitted, learn
from training.adapt.cache import Cached
from training.adapt.division import thirds
from training.calibrate import solve
from training.validation import BETAS, GAIN


@dataclass(frozen=True)
class Way:
    """One way to an attribute: whether its branches learn, and whether it is calibrated on the labels afterwards."""

    learns: bool
    calibrates: bool

    def __str__(self) -> str:
        return WORDS[self.learns, self.calibrates]


WORDS = {
    (False, False): "left as it was",
    (False, True): "calibrated",
    (True, False): "learnt",
    (True, True): "learnt and calibrated",
}
AS_IT_WAS = Way(False, False)


@dataclass(frozen=True)
class LeftOut:
    """MAP (%) of left-out thirds of the training items for each β of BETAS, each item against the others of its third, in
    each way that was tried on the other two thirds."""

    curves: dict[Way, np.ndarray]

    @property
    def best(self) -> Way:
        """The way with the highest MAP at its best β; the one that changes nothing where no other is better."""
        return max(self.curves, key=lambda way: (self.curves[way].max(), way == AS_IT_WAS))

    def beta(self, usual: float) -> float:
        """The β that the best way asks for; the usual one where no other is better by `GAIN` points."""
        curve = self.curves[self.best]
        best = int(curve.argmax())
        return BETAS[best] if curve[best] >= np.interp(usual, BETAS, curve) + GAIN else usual


def try_out(network: RPF, start: Fitted, cached: Cached, steps: tuple[int, int], seed: int) -> LeftOut:
    """Leave out each third of the items in turn, go each way on the others, measure on it; arguments as for `learn`.

    Weights that are not calibrated stay so: there, only learning is tried.
    """
    fold = thirds([cached.labels], seed)
    begun = start.pairs(network, cached)
    curves: dict[Way, list[np.ndarray]] = {}
    for number in range(3):
        left, kept = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        fitted = learn(network, start, cached.at(kept), steps, seed)
        for learns, own, pairs in ((False, start, begun), (True, fitted, fitted.pairs(network, cached))):
            found = {Way(learns, False): own.calibration}
            if start.calibration is not None:
                found[Way(learns, True)] = solve([(pairs[kept], cached.labels[kept])])
            for way, calibration in found.items():
                curves.setdefault(way, []).append(_curve(pairs[left], calibration, cached.labels[left]))
    return LeftOut({way: np.mean(each, axis=0) for way, each in curves.items()})


def go(network: RPF, start: Fitted, cached: Cached, way: Way, steps: tuple[int, int], seed: int) -> Fitted:
    """What one way makes of all the items; arguments as for `learn`."""
    fitted = learn(network, start, cached, steps, seed) if way.learns else start
    if not way.calibrates:
        return fitted
    return replace(fitted, calibration=solve([(fitted.pairs(network, cached), cached.labels)]))


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


def _curve(pairs: Tensor, calibration: CalibrationRow | None, labels: np.ndarray) -> np.ndarray:
    """MAP (%) for each β of BETAS; pairs: (n, 2, D)."""
    scores = []
    for branch in (REGION, PATCH):
        own = pairs[:, branch] if calibration is None else calibration.apply(pairs[:, branch], branch)
        scores.append(cosine(own.numpy(), own.numpy()))
    return np.array([precision(beta * scores[0] + (1 - beta) * scores[1], labels) for beta in BETAS])

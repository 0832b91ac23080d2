"""The mix of each attribute: which shares of the score its views get, chosen for photographs
of a kind that the network has not seen.

Everything here is a pure function of vectors, labels and MAP; `calibrate` gives the vectors.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from eval.metrics import average_precision, ranked_relevance
from model import VIEWS

Mix = tuple[float, float, float, float]
"""Shares of `model.VIEWS` in the score; they sum to 1."""
Question = tuple[str, str, str]
"""An attribute asks the labels that a catalog has: (attribute, catalog, label)."""
STEPS = 10
MIXES: tuple[Mix, ...] = tuple(
    (region / STEPS, 0.0, whole / STEPS, (STEPS - region - whole) / STEPS)
    for region, whole in product(range(STEPS + 1), repeat=2)
    if region + whole <= STEPS
)
"""Every mix in tenths without a crop, 66 of them. A crop costs a pass of the ViT an attribute and image where the whole square
costs one for all; on the validation splits one attribute in twenty gained more than a point by it (docs/experiments.md)."""
KIN = {
    "article_type": ("category",),
    "category": ("article_type",),
    "neckline": ("neckline_design",),
    "neckline_design": ("neckline",),
    "collar": ("collar_design", "lapel_design"),
    "collar_design": ("collar",),
    "lapel_design": ("collar",),
    "placket": ("lapel_design",),
}
"""By attribute: others that ask for much the same thing in other words. Chosen by name, not by
result."""
ABROAD = 2 / 3
"""Say of the catalogs that were left out; those that taught an attribute have the rest."""
UNTOUCHED = 2.0
"""Points of MAP that the whole score would be worth if it were the general view's alone."""
KINDS, LEAST = ("article_type", "category"), 0.4
"""Attributes that say what a thing is, chosen by name, and the least share of their general view:
that is what its trunk has been trained to tell, on photographs of everything."""
FEW = 30
"""So many queries count as much as what all attributes together say."""


@dataclass(frozen=True)
class Curve:
    """MAP (%) of one attribute on the labels of one catalog, for each mix of `MIXES`, float64
    (66,), and the number of its queries."""

    maps: np.ndarray
    queries: int


def curve(views: Mapping[str, np.ndarray], values: np.ndarray) -> Curve | None:
    """Every item asks all others (RPF.md §7), scored by the mixed cosines of its views.

    views: by name, unit vectors (n, D) as they are compared. values: int (n,), all known. None where
    no two items share a value.
    """
    if len(values) == len(np.unique(values)):
        return None
    scores = {name: vectors.astype(np.float64) @ vectors.astype(np.float64).T for name, vectors in views.items()}
    relevant, itself = values[:, None] == values[None], np.eye(len(values), dtype=bool)
    maps = []
    for mix in MIXES:
        mixed = sum(share * scores[name] for name, share in zip(VIEWS, mix, strict=True) if share)
        maps.append(100 * average_precision(ranked_relevance(np.asarray(mixed), relevant, itself)))
    return Curve(np.array(maps), len(values))


def at_home(labelled: Mapping[str, Sequence[str]], photographs: Collection[str]) -> list[Question]:
    """Which attribute asks which catalog's labels at home, all as they were taught.

    labelled: attributes with labels, by catalog; photographs: which of the catalogs are none of
    drawings. Drawings are asked only where no photographs have the attribute.
    """
    asked = []
    for name in sorted({name for names in labelled.values() for name in names}):
        homes = [catalog for catalog, names in labelled.items() if name in names]
        real = [catalog for catalog in homes if catalog in photographs]
        asked += [(name, catalog, name) for catalog in real or homes]
    return asked


def left_out(labelled: Mapping[str, Sequence[str]], photographs: Collection[str]) -> list[Question]:
    """Which attribute asks which catalog's labels as a stranger's, calibrated and stretched on the
    other catalogs alone; arguments as in `at_home`.

    An attribute asks the catalogs that label it, where another one does too; and the labels of its
    `KIN` in a catalog that does not label it. Drawings are not asked: nobody brings any. Catalogs
    that alone label an attribute and its kin say nothing.
    """
    asked = []
    for name in sorted({name for names in labelled.values() for name in names}):
        homes = [catalog for catalog, names in labelled.items() if name in names]
        for catalog in (catalog for catalog in labelled if catalog in photographs):
            if catalog not in homes:
                asked += [(name, catalog, kin) for kin in KIN.get(name, ()) if kin in labelled[catalog]]
            elif len(homes) > 1:
                asked.append((name, catalog, name))
    return asked


def choose_mixes(home: Mapping[str, Sequence[Curve]], abroad: Mapping[str, Sequence[Curve]]) -> dict[str, Mix]:
    """The mix of each attribute of `home`.

    home: curves on validation splits, of the questions of `at_home`; abroad: of `left_out`. The rule:

    1. The score of a mix is its MAP, `ABROAD` of it abroad and the rest at home, each the mean over
       catalogs. To that come `UNTOUCHED` points times the share of the general view: the others
       come from a network that has seen images of the catalog that was left out, only not these
       labels, so their figures are too kind.
    2. Few queries decide little: the curve of n queries counts n / (n + `FEW`), the rest is the mean
       curve of all attributes. What no other catalog asks for has that mean alone abroad.
    3. The best mix is taken, of `KINDS` the best with at least `LEAST` of the general view.
    """
    pools = [_mean([_mean(curves) for curves in found.values() if curves]) for found in (home, abroad)]
    chosen = {}
    for name in (name for name, curves in home.items() if curves):
        near, far = (_side(found.get(name, ()), pool) for found, pool in zip((home, abroad), pools, strict=True))
        score = near.maps if not far.queries else (1 - ABROAD) * near.maps + ABROAD * far.maps
        least = LEAST if name in KINDS else 0.0
        barred = _SHARES[:, 3] < least
        chosen[name] = MIXES[int(np.argmax(np.where(barred, -np.inf, score + UNTOUCHED * _SHARES[:, 3])))]
    return chosen


_SHARES = np.array(MIXES)


def _mean(curves: Sequence[Curve]) -> Curve:
    """Mean of curves less their own means, so that only differences between mixes count, and the
    sum of their queries; flat without any."""
    if not curves:
        return Curve(np.zeros(len(MIXES)), 0)
    return Curve(
        np.mean([each.maps - each.maps.mean() for each in curves], axis=0), sum(each.queries for each in curves)
    )


def _side(curves: Sequence[Curve], pool: Curve) -> Curve:
    """Step 2 of the rule."""
    own = _mean(curves)
    weight = own.queries / (own.queries + FEW)
    return Curve(weight * own.maps + (1 - weight) * pool.maps, own.queries + pool.queries)


def say_of(home: float, abroad: float | None) -> float:
    """MAP at home and abroad as the rule weighs them; at home alone where nothing was left out."""
    return home if abroad is None else (1 - ABROAD) * home + ABROAD * abroad

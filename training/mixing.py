"""The mix of each attribute: which shares of the score its four views get, chosen for photographs
of a kind that the network has not seen.

Everything here is a pure function of vectors, labels and MAP; `calibrate` gives the vectors.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from eval.metrics import average_precision, ranked_relevance

VIEWS = ("region", "crop", "whole", "general")
Mix = tuple[float, float, float, float]
"""Shares of `VIEWS` in the score; they sum to 1."""
Question = tuple[str, str, str]
"""An attribute asks the labels that a catalog has: (attribute, catalog, label)."""
STEPS = 10
MIXES: tuple[Mix, ...] = tuple(
    (a / STEPS, b / STEPS, c / STEPS, (STEPS - a - b - c) / STEPS)
    for a, b, c in product(range(STEPS + 1), repeat=3)
    if a + b + c <= STEPS
)
"""Every mix in tenths, 286 of them."""
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
CROP_GAIN = 1.0
"""Points of MAP that a crop must add at home, for which the network passes once more an image."""
KINDS, LEAST = ("article_type", "category"), 0.4
"""Attributes that say what a thing is, chosen by name, and the least share of their general view:
that is what its trunk has been trained to tell, on photographs of everything."""
FEW = 30
"""So many queries count as much as what all attributes together say."""


@dataclass(frozen=True)
class Curve:
    """MAP (%) of one attribute on the labels of one catalog, for each mix of `MIXES`, float64
    (286,), and the number of its queries."""

    maps: np.ndarray
    queries: int


def curve(views: Mapping[str, np.ndarray], values: np.ndarray) -> Curve | None:
    """Every item asks all others (RPF.md §7), scored by the mixed cosines of its views.

    views: by name of `VIEWS`, unit vectors (n, D) as they are compared, calibrated or stretched;
    without a crop, the whole view stands for it. values: int (n,), all known. None where no two
    items share a value.
    """
    if len(values) == len(np.unique(values)):
        return None
    scores = {name: vectors.astype(np.float64) @ vectors.astype(np.float64).T for name, vectors in views.items()}
    relevant, itself = values[:, None] == values[None], np.eye(len(values), dtype=bool)
    found: dict[Mix, float] = {}
    for mix in MIXES:
        asked = mix if "crop" in views else _squared(mix)
        if asked not in found:
            mixed = sum(share * scores[name] for name, share in zip(VIEWS, asked, strict=True) if share)
            found[asked] = 100 * average_precision(ranked_relevance(np.asarray(mixed), relevant, itself))
        found[mix] = found[asked]
    return Curve(np.array([found[mix] for mix in MIXES]), len(values))


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
    3. The best mix without a crop is taken, of `KINDS` the best with at least `LEAST` of the general
       view. Then a crop takes over up to half of the whole view's share, as is best at home, if
       that adds `CROP_GAIN` points: abroad attention cannot be relied on, so the whole view stays.
    """
    pools = [_mean([_mean(curves) for curves in found.values() if curves]) for found in (home, abroad)]
    chosen = {}
    for name in (name for name, curves in home.items() if curves):
        near, far = (_side(found.get(name, ()), pool) for found, pool in zip((home, abroad), pools, strict=True))
        score = near.maps if not far.queries else (1 - ABROAD) * near.maps + ABROAD * far.maps
        least = LEAST if name in KINDS else 0.0
        barred = (_SHARES[:, 1] > 0) | (_SHARES[:, 3] < least)
        whole = MIXES[int(np.argmax(np.where(barred, -np.inf, score + UNTOUCHED * _SHARES[:, 3])))]
        chosen[name] = _cropped(whole, _mean(home[name]).maps)
    return chosen


_SHARES = np.array(MIXES)


def _squared(mix: Mix) -> Mix:
    """The mix with its crop's share given to the whole view, as it stands in `MIXES`."""
    region, general = round(mix[0] * STEPS), round(mix[3] * STEPS)
    return region / STEPS, 0.0, (STEPS - region - general) / STEPS, general / STEPS


def _cropped(whole: Mix, maps: np.ndarray) -> Mix:
    """Step 3 of the rule: `whole` is the best mix without a crop, maps (286,) those at home."""
    plain = maps[MIXES.index(whole)]
    same = [place for place, mix in enumerate(MIXES) if 0 < mix[1] <= mix[2] and _squared(mix) == whole]
    best = max(same, key=lambda place: maps[place], default=None)
    return whole if best is None or maps[best] < plain + CROP_GAIN else MIXES[best]


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

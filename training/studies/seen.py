"""How well applicability tells what a picture shows, on evidence that it has not learnt from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from catalog import Catalog, open_image
from training.applicability import Pairs, auc, known_pairs
from training.parts import PARTS, Evidence, of_mask, part_of

DRAWS = 500


@dataclass(frozen=True)
class Seen:
    """One measurement; chance is 0.5 for each area.

    pooled: area under the ROC curve over pictures × attributes. interval: 95 % of it, pictures drawn
    anew with replacement `DRAWS` times by seed 0. base_rate: the same of scores that
    look at no picture, each attribute's share among the training pictures. parts: part → (area,
    pictures that show it, pictures that do not); a part that is known one way only has no area (NaN).
    mean, parts_mean: of the attributes' and of the parts' areas. hidden, missed: shares of what is not and of
    what is there that fall below the threshold. pictures: how many were looked at.
    """

    pooled: float
    interval: tuple[float, float]
    base_rate: float
    mean: float
    parts_mean: float
    parts: dict[str, tuple[float, int, int]]
    hidden: float
    missed: float
    pictures: int


def measure(
    chance: np.ndarray, parts: np.ndarray, attributes: Sequence[str], rates: np.ndarray, threshold: float
) -> Seen:
    """chance: (n, attributes); parts: (n, parts), NaN unknown; rates: (parts,) of `base_rates`."""
    pairs = known_pairs(chance, parts, attributes)
    areas = {row: _area(pairs, row) for row in np.unique(pairs.attribute)}
    shown = {
        part: (areas[row], int((parts[:, place] == 1).sum()), int((parts[:, place] == 0).sum()))
        for place, part in enumerate(PARTS)
        for row in [next((row for row in areas if part_of(attributes[row]) == part), None)]
        if row is not None
    }
    order = list(PARTS)
    blind = np.array([rates[order.index(part_of(attributes[row]) or "")] for row in pairs.attribute])
    below = pairs.chance < threshold
    return Seen(
        pooled=auc(pairs.chance, pairs.there),
        interval=_interval(chance, parts, attributes),
        base_rate=auc(blind, pairs.there),
        mean=float(np.nanmean(list(areas.values()))),
        parts_mean=float(np.nanmean([area for area, _, _ in shown.values()])),
        parts=shown,
        hidden=float(below[~pairs.there].mean()),
        missed=float(below[pairs.there].mean()),
        pictures=len(parts),
    )


def _interval(chance: np.ndarray, parts: np.ndarray, attributes: Sequence[str]) -> tuple[float, float]:
    generator, found = np.random.default_rng(0), []
    for _ in range(DRAWS):
        rows = generator.integers(0, len(chance), len(chance))
        pairs = known_pairs(chance[rows], parts[rows], attributes)
        found.append(auc(pairs.chance, pairs.there))
    low, high = np.nanpercentile(found, (2.5, 97.5))
    return float(low), float(high)


def _area(pairs: Pairs, row: int) -> float:
    own = pairs.attribute == row
    return auc(pairs.chance[own], pairs.there[own])


def base_rates(pictures: Sequence[np.ndarray]) -> np.ndarray:
    """Share of the training pictures of which a part is known that show it, the mean over catalogs:
    float64 (parts,); 1 where it is known nowhere. pictures: of each catalog (n, parts), NaN unknown."""
    shares: list[np.ndarray] = [np.full(len(PARTS), np.nan)]
    for one in pictures:
        known = ~np.isnan(one)
        there = np.where(known, one, 0).sum(0)
        shares.append(np.where(known.any(0), there / np.maximum(known.sum(0), 1), np.nan))
    table = np.stack(shares)
    count = (~np.isnan(table)).sum(0)
    return np.where(count > 0, np.nansum(table, 0) / np.maximum(count, 1), 1.0)


def of_masks(catalog: Catalog) -> dict[str, Evidence]:
    """What the pixel masks of a catalog say: id → parts.

    The column `mask` names a file for each item, whose grey values are places in the list of garment
    names in labels.json beside catalog.csv.
    """
    names = json.loads((catalog.root / "labels.json").read_text(encoding="utf-8"))
    return {item.id: of_mask(_shares(catalog, item.columns["mask"], names)) for item in catalog}


def _shares(catalog: Catalog, mask: str, names: Sequence[str]) -> dict[str, float]:
    """Garment → share of the picture."""
    values = np.array(open_image(catalog.root / mask, name=mask))[..., 0]
    counts = np.bincount(values.ravel(), minlength=len(names))
    return {name: float(count) / values.size for name, count in zip(names, counts, strict=True) if count}

"""Which items of a catalog an adaptation learns from, which it is measured on, and whether there are enough of both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from catalog import Catalog
from eval import is_readable
from training.errors import TrainingError

LEAST_TRAINED, LEAST_HELD = 5, 3
"""Labels a value: below them neither learning nor measuring means anything."""
MOST_HELD = 50
"""Labels a value to measure on, so that a large catalog does not take hours."""


@dataclass(frozen=True)
class Division:
    """Positions in the catalog, ascending, int64: `trained` to learn each attribute from, `held` to measure all on.

    how: what was held out, in words. unreadable: images that were left out because they cannot be read.
    """

    trained: dict[str, np.ndarray]
    held: np.ndarray
    how: str
    unreadable: int


def divide(catalog: Catalog, attributes: Sequence[str], most: int, seed: int = 0) -> Division:
    """Hold out the `test` split, else `valid`, else a third of the items; learn from at most `most` labels a value.

    The third is drawn by seed, evenly over the values. TrainingError for fewer labels a value than can be learnt from,
    or an attribute that the catalog has no labels of.
    """
    if most < LEAST_TRAINED:
        raise TrainingError(f"--labels-per-value {most} is too little to learn from; give at least {LEAST_TRAINED}")
    here = [attribute.name for attribute in catalog.attributes]
    unknown = [name for name in attributes if name not in here]
    if unknown or not attributes:
        what = f"of '{unknown[0]}'" if unknown else "that can be learnt"
        raise TrainingError(f"the catalog has no labels {what}; it has: {', '.join(here) or 'none'}")
    labels = {name: catalog.labels(name) for name in attributes}
    held, how = _hold_out(catalog, list(labels.values()), seed)
    trained = {name: draw(own, np.flatnonzero(~held), most, seed) for name, own in labels.items()}
    measured = [draw(own, np.flatnonzero(held), MOST_HELD, seed) for own in labels.values()]
    used = np.unique(np.concatenate([*trained.values(), *measured]))
    bad = np.array([position for position in used if not is_readable(catalog, int(position))], np.int64)
    good = {name: np.setdiff1d(rows, bad) for name, rows in trained.items()}
    return Division(good, np.setdiff1d(np.unique(np.concatenate(measured)), bad), how, len(bad))


def shortage(catalog: Catalog, division: Division, attribute: str) -> str:
    """What an attribute lacks to be learnt and measured, '' for nothing: two values with enough labels of both kinds."""
    counts = label_counts(catalog, division, attribute)
    if sum(not thin(*pair) for pair in counts.values()) >= 2:
        return ""
    best = sorted(counts, key=lambda value: -min(counts[value][0] / LEAST_TRAINED, counts[value][1] / LEAST_HELD))[:3]
    there = ", ".join(f"'{value}' {counts[value][0]} and {counts[value][1]}" for value in best)
    return (
        f"'{attribute}' needs two values with {LEAST_TRAINED} labels to learn from and {LEAST_HELD} to measure on; "
        f"it has: {there or 'none'}"
    )


def thin(trained: int, held: int) -> bool:
    return trained < LEAST_TRAINED or held < LEAST_HELD


def label_counts(catalog: Catalog, division: Division, attribute: str) -> dict[str, tuple[int, int]]:
    """Labels of each value: to learn from, and held out."""
    labels = catalog.labels(attribute)
    trained, held = labels[division.trained[attribute]], labels[division.held]
    values = catalog.attribute(attribute).values
    return {value: (int((trained == i).sum()), int((held == i).sum())) for i, value in enumerate(values)}


def draw(labels: np.ndarray, positions: np.ndarray, most: int, seed: int = 0) -> np.ndarray:
    """At most `most` of the positions for each value, drawn by seed; unlabelled ones (-1) are left out."""
    shuffled = np.random.default_rng(seed).permutation(positions)
    chosen = [shuffled[labels[shuffled] == value][:most] for value in np.unique(labels[labels >= 0])]
    return np.sort(np.concatenate([np.empty(0, np.int64), *chosen]))


def thirds(labels: Sequence[np.ndarray], seed: int = 0) -> np.ndarray:
    """Which third each item belongs to, 0 to 2, int64 (n,): drawn by seed, evenly over the values of the attributes, of
    which the first counts most; labels: int64 (n,) each."""
    shuffled = np.random.default_rng(seed).permutation(len(labels[0]))
    order = shuffled[np.lexsort([own[shuffled] for own in reversed(labels)])]
    fold = np.empty(len(order), np.int64)
    fold[order] = np.arange(len(order)) % 3
    return fold


def part(catalog: Catalog, positions: np.ndarray) -> Catalog:
    """The items at some positions as a catalog of their own."""
    return replace(catalog, items=tuple(catalog.items[position] for position in positions))


def _hold_out(catalog: Catalog, labels: Sequence[np.ndarray], seed: int) -> tuple[np.ndarray, str]:
    splits = np.array([item.split or "" for item in catalog])
    for name in ("test", "valid"):
        held = splits == name
        if held.any() and not held.all():
            return held, f"split {name}"
    return thirds(labels, seed) == 2, "a third drawn by seed"

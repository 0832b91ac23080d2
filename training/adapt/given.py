"""Labels of a catalog to teach an attribute from, and which of them teach."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from catalog import Catalog
from training.adapt.lesson import draw
from training.adapt.pairs import Pair, implied
from training.errors import TrainingError


@dataclass(frozen=True)
class Given:
    """What is known of an attribute.

    labels: id of an item → value; items that the catalog does not have do not count. values: in their order; others follow,
    sorted. pairs: verdicts on items whose values need not be known. at_random: ids whose pictures were drawn at random
    (`choose.random_sample`), the only ones that figures are measured on; None: all labels, as in a catalog's own column.
    """

    labels: Mapping[str, str]
    values: Sequence[str] = ()
    pairs: Sequence[Pair] = ()
    at_random: Collection[str] | None = None


@dataclass(frozen=True)
class Asked:
    """What a reading is taught from."""

    labels_per_value: int | None = None
    """Labels of each value, at most, drawn by seed; default: all."""
    general_only: bool = False
    """Embed the general view alone; of the bank of all attributes' views what is there is read."""
    seed: int = 0
    """Seed of which labels are drawn, and left out together."""


ALL = Asked()


@dataclass(frozen=True, eq=False)
class Known:
    """What teaches, by the places of a catalog's items: values; labels int64 (items,), places in them, -1 for none;
    sampled: bool (items,), those that figures are measured on, None for all. contradicting: verdicts passed over."""

    values: tuple[str, ...]
    labels: np.ndarray
    sampled: np.ndarray | None
    contradicting: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """Labels of each value that has any."""
        counts = np.bincount(self.labels[self.labels >= 0], minlength=len(self.values)).tolist()
        return {value: count for value, count in zip(self.values, counts, strict=True) if count}


def own_labels(catalog: Catalog, name: str) -> Given:
    """The labels of a catalog's column; CatalogError for an unknown one."""
    labels = {item.id: item.labels[name] for item in catalog if name in item.labels}
    return Given(labels, catalog.attribute(name).values)


def known(catalog: Catalog, given: Given, asked: Asked) -> Known:
    """What of the given teaches: labels and what follows from verdicts, without the `test` split, as many as are asked for.

    Labels that follow from verdicts never enter figures: the pictures of a verdict were found by a search.
    """
    follows = implied(given.labels, given.pairs)
    labels = {**follows.labels, **given.labels}
    values = tuple(dict.fromkeys([*given.values, *sorted(set(labels.values()))]))
    places = {value: place for place, value in enumerate(values)}
    rows = np.array([places[labels[item.id]] if item.id in labels else -1 for item in catalog], np.int64)
    kept = learnt_from(catalog, rows, asked.labels_per_value, asked.seed)
    fair = given.at_random if given.at_random is not None else given.labels if follows.labels else None
    if fair is None:
        return Known(values, kept, None, len(follows.contradicting))
    fair = frozenset(fair) - follows.labels.keys()
    sampled = np.array([item.id in fair for item in catalog], bool)
    return Known(values, kept, sampled, len(follows.contradicting))


def learnt_from(catalog: Catalog, labels: np.ndarray, most: int | None, seed: int) -> np.ndarray:
    """Labels without those of the `test` split, at most so many a value: int64 (items,), -1 for the others. Where no
    other split has labels, those of `test`."""
    if most is not None and most < 2:
        raise TrainingError(f"--labels-per-value {most} is too little to learn from; give at least 2")
    rows = np.flatnonzero((labels >= 0) & ~of_test(catalog))
    rows = rows if len(rows) else np.flatnonzero(labels >= 0)
    rows = rows if most is None else draw(labels, rows, most, seed)
    given = np.full(len(labels), -1, np.int64)
    given[rows] = labels[rows]
    return given


def of_test(catalog: Catalog) -> np.ndarray:
    """Items of the `test` split, bool (items,)."""
    return np.array([item.split == "test" for item in catalog], bool)

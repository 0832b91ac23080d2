"""Labelled catalogs as training material: images in memory, partial labels as one table a catalog."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from catalog import Catalog, CatalogError
from model.losses import ABSENT
from training.errors import TrainingError

SHORT_SIDE = 288
"""Images are kept this small: a little more than the network sees of a whole image."""

INVISIBLE = "invisible"
"""FashionAI's value for an attribute that cannot be seen (RPF.md §8)."""


@dataclass(frozen=True)
class Material:
    """The training split of one catalog.

    labels: int64 (items, attributes of the network), place of the value within this catalog, -1 for unlabelled, ABSENT where
    the attribute cannot be seen: values compare only within one catalog. images: uint8 (3, height, width) each.
    """

    name: str
    images: list[Tensor]
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.images)

    @property
    def labelled(self) -> list[int]:
        """Attributes with at least two different values here: the others teach nothing."""
        return [a for a in range(self.labels.shape[1]) if len(np.unique(self.labels[self.labels[:, a] >= 0, a])) > 1]


def thin(material: Material, share: float, seed: int) -> Material:
    """The same images with a share (0 to 1) of each value's labels, at least two of each, drawn by seed: a smaller share's
    labels are among a larger one's. Images keep their place, also those that have lost every label."""
    labels = np.full_like(material.labels, -1)
    for attribute in material.labelled:
        column = material.labels[:, attribute]
        for value in np.unique(column[column != -1]):
            rows = np.random.default_rng((seed, attribute, value % 10_000)).permutation(np.flatnonzero(column == value))
            labels[rows[: max(2, round(share * len(rows)))], attribute] = value
    return replace(material, labels=labels)


def only_labelled(material: Material) -> Material:
    """Without the images that no label is left of."""
    rows = np.flatnonzero((material.labels >= 0).any(axis=1))
    return replace(material, images=[material.images[row] for row in rows], labels=material.labels[rows])


def vocabulary(catalogs: Sequence[Catalog]) -> dict[str, list[str]]:
    """Attribute names over all catalogs, in order of appearance, each with every value that a catalog has for it."""
    names: dict[str, list[str]] = {}
    for catalog in catalogs:
        for attribute in catalog.attributes:
            known = names.setdefault(attribute.name, [])
            known += [value for value in attribute.values if value not in known]
    if not names:
        raise TrainingError("no catalog has labels; add a column for each attribute to catalog.csv")
    return names


def read(catalog: Catalog, attributes: Sequence[str]) -> Material:
    """Load the items that carry a label; unreadable images are left out. TrainingError when fewer than two are left."""
    here = {attribute.name for attribute in catalog.attributes}
    labels = np.stack(
        [_labels(catalog, name) if name in here else np.full(len(catalog), -1) for name in attributes], axis=1
    )
    images, rows = [], []
    for position, item in enumerate(catalog):
        if (labels[position] < 0).all():
            continue
        try:
            picture = catalog.open(item)
        except CatalogError:
            continue
        shrink = SHORT_SIDE / min(picture.size)
        if shrink < 1:
            picture = picture.resize((round(picture.width * shrink), round(picture.height * shrink)))
        images.append(torch.from_numpy(np.array(picture)).permute(2, 0, 1).contiguous())
        rows.append(position)
    if len(images) < 2:
        raise TrainingError(
            f"catalog {catalog.name} has fewer than two labelled, readable images in its training split"
        )
    return Material(catalog.name, images, labels[rows])


def _labels(catalog: Catalog, attribute: str) -> np.ndarray:
    labels, values = catalog.labels(attribute), catalog.attribute(attribute).values
    return np.where(labels == values.index(INVISIBLE), ABSENT, labels) if INVISIBLE in values else labels

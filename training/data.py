"""Labelled catalogs as training material: images in memory, partial labels as one table a catalog."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from catalog import Catalog, CatalogError
from common.say import Say
from eval import say_left_out
from model.losses import ABSENT
from training.errors import TrainingError

SHORT_SIDE = 288
"""Images are kept this small where a recipe sees views of them: a little more than the network
sees of a whole image."""

INVISIBLE = "invisible"
"""FashionAI's value for an attribute that cannot be seen (RPF.md §8)."""


@dataclass(frozen=True)
class Reading:
    """How a recipe wants its images and labels. short_side: pixels that images are shrunk to,
    and kept in memory; None reads each from its file, as it is, whenever it is asked for.
    absent: whether `invisible` says that an attribute cannot be seen (ABSENT), or is a value as
    any other."""

    short_side: int | None = SHORT_SIDE
    absent: bool = True


class Originals(Sequence[Tensor]):
    """Images of a catalog in their full size, uint8 (3, height, width), opened when they are
    asked for."""

    def __init__(self, catalog: Catalog, positions: np.ndarray) -> None:
        self.catalog, self.positions = catalog, positions

    def __len__(self) -> int:
        return len(self.positions)

    @overload
    def __getitem__(self, row: int) -> Tensor: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Tensor]: ...
    def __getitem__(self, row: int | slice) -> Tensor | Sequence[Tensor]:
        if isinstance(row, slice):
            return Originals(self.catalog, self.positions[row])
        return _tensor(self.catalog.open(self.catalog.items[self.positions[row]]))

    def at(self, rows: np.ndarray) -> "Originals":
        return Originals(self.catalog, self.positions[rows])


@dataclass(frozen=True)
class Material:
    """The training split of one catalog.

    labels: int64 (items, attributes of the network), place of the value within this catalog, -1 for
    unlabelled, ABSENT where the attribute cannot be seen: values compare only within one catalog.
    images: uint8 (3, height, width) each. unreadable: ids of labelled items that were left out
    because their image cannot be read.
    """

    name: str
    images: Sequence[Tensor]
    labels: np.ndarray
    unreadable: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.images)

    @property
    def labelled(self) -> list[int]:
        """Attributes with at least two different values here: the others teach nothing."""
        return [a for a in range(self.labels.shape[1]) if len(np.unique(self.labels[self.labels[:, a] >= 0, a])) > 1]


def thin(material: Material, share: float, seed: int) -> Material:
    """The same images with a share (0 to 1) of each value's labels, at least two of each, drawn
    by seed: a smaller share's labels are among a larger one's. Images keep their place, also
    those that have lost every label."""
    labels = np.full_like(material.labels, -1)
    for attribute in material.labelled:
        column = material.labels[:, attribute]
        for value in np.unique(column[column != -1]):
            rows = np.random.default_rng((seed, attribute, value % 10_000)).permutation(np.flatnonzero(column == value))
            labels[rows[: max(2, round(share * len(rows)))], attribute] = value
    return replace(material, labels=labels)


def only_labelled(material: Material) -> Material:
    """Without the images that no label is left of."""
    rows, images = np.flatnonzero((material.labels >= 0).any(axis=1)), material.images
    kept = images.at(rows) if isinstance(images, Originals) else [images[int(row)] for row in rows]
    return replace(material, images=kept, labels=material.labels[rows])


def vocabulary(catalogs: Sequence[Catalog]) -> dict[str, list[str]]:
    """Attribute names over all catalogs, in order of appearance, each with every value that a
    catalog has for it."""
    names: dict[str, list[str]] = {}
    for catalog in catalogs:
        for attribute in catalog.attributes:
            known = names.setdefault(attribute.name, [])
            known += [value for value in attribute.values if value not in known]
    if not names:
        raise TrainingError("no catalog has labels; add a column for each attribute to catalog.csv")
    return names


def read_all(
    catalogs: Sequence[Catalog], attributes: Sequence[str], say: Say, reading: Reading = Reading()
) -> list[Material]:
    """The `train` splits of catalogs; which images cannot be read is said. TrainingError as for
    `read`."""
    materials = []
    for catalog in catalogs:
        split = catalog.split("train")
        materials.append(read(split, attributes, reading))
        say_left_out(split, materials[-1].unreadable, say)
    return materials


def read(catalog: Catalog, attributes: Sequence[str], reading: Reading = Reading()) -> Material:
    """Load the items that carry a label; unreadable images are left out. TrainingError when
    fewer than two are left."""
    here = {attribute.name for attribute in catalog.attributes}
    labels = np.stack(
        [_labels(catalog, name, reading.absent) if name in here else np.full(len(catalog), -1) for name in attributes],
        axis=1,
    )
    images, rows, unreadable = [], [], []
    for position in np.flatnonzero((labels >= 0).any(axis=1)):
        try:
            picture = catalog.open(catalog.items[position])
        except (CatalogError, OSError):
            unreadable.append(catalog.items[position].id)
            continue
        rows.append(position)
        if reading.short_side is not None:
            images.append(_tensor(_shrunk(picture, reading.short_side)))
    if len(rows) < 2:
        raise TrainingError(
            f"catalog {catalog.name} has fewer than two labelled, readable images in its training split"
        )
    places = np.array(rows)
    kept = images if reading.short_side is not None else Originals(catalog, places)
    return Material(catalog.name, kept, labels[places], tuple(unreadable))


def _shrunk(picture: Image.Image, short_side: int) -> Image.Image:
    shrink = short_side / min(picture.size)
    if shrink >= 1:
        return picture
    return picture.resize((round(picture.width * shrink), round(picture.height * shrink)))


def _tensor(picture: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1).contiguous()


def _labels(catalog: Catalog, attribute: str, absent: bool) -> np.ndarray:
    labels, values = catalog.labels(attribute), catalog.attribute(attribute).values
    return np.where(labels == values.index(INVISIBLE), ABSENT, labels) if absent and INVISIBLE in values else labels

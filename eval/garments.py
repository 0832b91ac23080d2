"""Garment kinds read off pixel masks: a labelled view of a catalog whose masks name what each pixel is.

The catalog's column `mask` names a grey picture for each image; `labels.json` beside its table lists what
the values 0, 1, 2 … stand for. Nothing is copied or written.
"""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from catalog import Attribute, Catalog, CatalogError, Item, Note, open_image, read_text
from eval.errors import EvalError

GROUPS = {
    "bottom": ("dress", "pants", "jeans", "skirt", "shorts"),
    "outer": ("coat", "blazer", "jacket", "cardigan"),
    "top": ("blouse", "shirt", "t-shirt", "sweater", "dress"),
}
"""Attribute → garments of which the largest is its value."""
LEAST = 0.01
"""Share of the picture that a garment has to exceed."""
ASKED = "article_type"
"""The attribute of the weights that these are asked by, decided by its name before anything was measured."""


def garments(catalog: Catalog) -> Catalog:
    """The catalog with the attributes of `GROUPS`, read off its masks, in place of its own.

    A picture of which no garment of a group covers more than `LEAST` has no label for it, nor one whose
    mask cannot be read. A note gives the counts. EvalError when there is no labels.json, it lacks a
    garment, or no item names a mask.
    """
    names = _names(catalog.root / "labels.json")
    masks = [item.columns.get("mask") for item in catalog.items]
    if not any(masks):
        raise EvalError(f"no item of '{catalog.name}' names a mask; add a column 'mask' to its table")
    items = tuple(
        replace(item, labels=labels_of(_shares(catalog, item, mask, len(names)), names))
        for item, mask in zip(catalog.items, masks, strict=True)
    )
    counts = {group: Counter(item.labels[group] for item in items if group in item.labels) for group in GROUPS}
    attributes = tuple(
        Attribute(group, tuple(kind for kind in kinds if counts[group][kind]))
        for group, kinds in GROUPS.items()
        if counts[group]
    )
    note = Note("derived", {"source": "pixel masks", "counts": _told(counts, len(items))})
    return replace(catalog, items=items, attributes=attributes, notes=(note, *catalog.notes))


def labels_of(shares: np.ndarray, names: list[str]) -> dict[str, str]:
    """Group → its largest garment above `LEAST`, the first of equals; shares: of the picture, (names,)."""
    share = dict(zip(names, shares.tolist(), strict=True))
    largest = {group: max(kinds, key=share.__getitem__) for group, kinds in GROUPS.items()}
    return {group: kind for group, kind in largest.items() if share[kind] > LEAST}


def _shares(catalog: Catalog, item: Item, mask: str | None, count: int) -> np.ndarray:
    """Share of the picture that each value of the mask covers, float64 (count,); zeros where it cannot be read."""
    try:
        pixels = np.asarray(open_image(catalog.root / (mask or ""), name=mask))[..., 0] if mask else None
    except CatalogError:
        pixels = None
    if pixels is None:
        return np.zeros(count)
    found = np.bincount(pixels.ravel(), minlength=count)
    if len(found) > count:
        raise EvalError(f"the mask {mask} holds the value {len(found) - 1}, which labels.json does not name; add it")
    return found / pixels.size


def _names(path: Path) -> list[str]:
    try:
        names = json.loads(read_text(path).text)
    except (CatalogError, OSError, ValueError) as error:
        raise EvalError(
            f"'{path.name}' of the catalog cannot be read ({error}); it lists what a mask's values mean"
        ) from error
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise EvalError(f"'{path.name}' is no list of different names; it lists what a mask's values mean")
    lacking = sorted({kind for kinds in GROUPS.values() for kind in kinds} - set(names))
    if lacking:
        raise EvalError(f"'{path.name}' does not name {', '.join(lacking)}; add them, or measure without --garments")
    return names


def _told(counts: dict[str, Counter[str]], pictures: int) -> str:
    groups = []
    for group, found in counts.items():
        kinds = ", ".join(f"{kind} {found[kind]}" for kind in GROUPS[group] if found[kind])
        groups.append(f"{group} {found.total()} of {pictures} ({kinds})")
    return "; ".join(groups)

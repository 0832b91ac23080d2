"""Which garment parts an attribute is about: the one table, in the part names of Clothing Co-Parsing.

`masks` names the values of its pixel masks in `labels.json`. A part that a data set does not name is
never in its pictures.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from eval.errors import EvalError

NAMES_FILE = "labels.json"
"""A list beside catalog.csv: the name of each value of the masks, 0 for background."""

BODY = frozenset({"skin", "hair"})
"""Of the person, not of what they wear; faces are skin."""

CARRIED = frozenset("accessories bag bracelet earrings glasses necklace purse ring sunglasses wallet watch".split())
"""Neither person nor garment. Shoes, hats, belts, ties and scarves are garments."""

OUTER = ("blazer", "cape", "cardigan", "coat", "jacket", "suit", "vest")
UPPER = (
    *("blouse", "bodysuit", "dress", "hoodie", "jumper", "romper", "shirt", "sweater"),
    *("sweatshirt", "t-shirt", "top"),
    *OUTER,
)
"""What covers the upper body: what has sleeves, a neckline, a collar or a placket."""

PARTS: dict[str, tuple[str, ...]] = {
    "necktie": ("tie",),
    "scarf": ("scarf",),
    "pant_length": ("jeans", "leggings", "pants"),
    "skirt_length": ("dress", "skirt"),
    "coat_length": ("blazer", "cape", "coat", "jacket"),
    "lapel_design": ("blazer", "coat", "jacket", "suit"),
    "skin_exposure": ("skin",),
    **dict.fromkeys(("sleeve_length", "neckline", "neckline_design", "neck_design"), UPPER),
    **dict.fromkeys(("collar", "collar_design", "placket"), UPPER),
}
"""Attribute to the names of what it is about. Masks have no lapels and no collars, so for these it
is the garment that has one. An attribute that is not here is about garments as a whole."""

SMALLEST = 0.002
"""Share of the centre square (a hundred pixels of 224 × 224) below which a part is not there."""


def read_names(folder: Path) -> tuple[str, ...]:
    """Names of the mask values of a catalog, by value; none where it has no `labels.json`.

    EvalError when the file is not a list of names.
    """
    path = folder / NAMES_FILE
    if not path.is_file():
        return ()
    try:
        names = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvalError(f"{path} cannot be read: {error}") from error
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise EvalError(f"{path} must be a list of names, one for each value of the masks")
    return tuple(names)


def garments(names: Sequence[str]) -> tuple[str, ...]:
    """The names of garments among those of mask values, of which the first is background."""
    return tuple(name for name in names[1:] if name not in BODY | CARRIED)


def part_of(attribute: str, names: Sequence[str]) -> tuple[str, ...]:
    """What an attribute is about, of the names of mask values."""
    if attribute not in PARTS:
        return garments(names)
    return tuple(name for name in names if name in PARTS[attribute])


def plane(values: np.ndarray, names: Sequence[str], wanted: Iterable[str]) -> np.ndarray:
    """float32 (height, width), 1 where mask values (height, width) have one of the wanted names."""
    codes = [value for value, name in enumerate(names) if name in set(wanted)]
    return np.isin(values, codes).astype(np.float32)

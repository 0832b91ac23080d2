"""What is drawn: the attribute vocabulary and the sampling of one item. Nothing here draws.

Value names follow RPF.md §8 (FashionAI) and, for pattern and colour, the `street` data set. An attribute that
does not apply to a garment is absent from its labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "sleeve_length": ("sleeveless", "cup", "short", "elbow", "3/4", "wrist", "long", "extra long"),
    "skirt_length": ("short", "knee", "midi", "ankle", "floor"),
    "coat_length": ("high waist", "regular", "long", "micro", "knee", "midi", "ankle & floor"),
    "pant_length": ("short", "mid", "3/4", "cropped", "full"),
    "neckline_design": (
        "strapless",
        "deep v",
        "straight",
        "v",
        "square",
        "off shoulder",
        "round",
        "sweetheart",
        "one shoulder",
    ),
    "collar_design": ("shirt collar", "peter pan", "puritan", "rib"),
    "neck_design": ("turtle", "ruffle semi-high", "low turtle", "draped"),
    "lapel_design": ("notched", "collarless", "shawl", "plus-size shawl"),
    "pattern": ("solid", "stripe", "plaid", "spot", "floral", "graphics"),
    "color": (
        "black",
        "white",
        "gray",
        "beige",
        "brown",
        "red",
        "orange",
        "yellow",
        "green",
        "cyan",
        "blue",
        "purple",
        "pink",
        "multicolor",
    ),
}

GARMENTS = {
    "blouse": 0.15,
    "shirt": 0.09,
    "t-shirt": 0.09,
    "sweater": 0.13,
    "coat": 0.22,
    "dress": 0.13,
    "skirt": 0.08,
    "pants": 0.11,
}
# Which attribute describes the top edge of a garment, with its share.
TOP_EDGE: dict[str, dict[str, float]] = {
    "blouse": {"neckline_design": 0.6, "collar_design": 0.15, "neck_design": 0.25},
    "shirt": {"collar_design": 1.0},
    "t-shirt": {"neckline_design": 1.0},
    "sweater": {"neck_design": 0.65, "neckline_design": 0.35},
    "coat": {"lapel_design": 0.85, "collar_design": 0.15},
    "dress": {"neckline_design": 0.55, "collar_design": 0.25, "neck_design": 0.2},
    "skirt": {},
    "pants": {},
}
LENGTH = {"coat": "coat_length", "dress": "skirt_length", "skirt": "skirt_length", "pants": "pant_length"}

BACKGROUNDS = {"plain": 0.16, "studio": 0.2, "wall": 0.2, "floor": 0.18, "street": 0.26}
PRESENTATIONS = {"figure": 0.52, "mannequin": 0.18, "ghost": 0.1, "hanger": 0.1, "flat": 0.1}
SPLITS = {"train": 900 / 1260, "valid": 120 / 1260, "test": 240 / 1260}

STREAMS = ("labels", "setting", "pose", "cloth", "garment", "background", "camera")


@dataclass(frozen=True)
class Spec:
    """One item to draw. `labels` holds attribute -> value for the attributes that apply."""

    seed: int
    index: int
    garment: str
    labels: dict[str, str]
    presentation: str
    background: str

    @property
    def id(self) -> str:
        return f"a{self.index:04d}"

    @property
    def worn(self) -> bool:
        """True where a body stands in the garment."""
        return self.presentation in ("figure", "mannequin")

    @cached_property
    def title(self) -> str:
        colour = "multicolour" if self.labels["color"] == "multicolor" else self.labels["color"]
        pattern = {"solid": "", "stripe": "striped ", "plaid": "plaid ", "spot": "dotted ", "floral": "floral "}
        return f"{colour} {pattern.get(self.labels['pattern'], 'graphic ')}{self.garment}".capitalize()

    def rng(self, stream: str) -> np.random.Generator:
        """An independent generator for one concern, so that e.g. a new background leaves the garment as it is."""
        return stream_rng(self.seed, self.index, stream)


def stream_rng(seed: int, index: int, stream: str) -> np.random.Generator:
    return np.random.default_rng([seed, index, STREAMS.index(stream)])


def sample(seed: int, index: int) -> Spec:
    """The item number `index` of the catalog `seed`; it depends on no other item.

    The attributes of an item are drawn uniformly and independently, given the garment. Two exceptions follow from
    tailoring: strapless garments carry no sleeve label, and an off-shoulder band needs a sleeve to sit on.
    """
    rng = stream_rng(seed, index, "labels")
    garment = _choose(rng, GARMENTS)
    # One draw per attribute in fixed order: a later attribute does not shift with an earlier one's value.
    drawn = {name: values[int(rng.integers(len(values)))] for name, values in ATTRIBUTES.items()}
    covered = ATTRIBUTES["sleeve_length"][int(rng.integers(2, 8))]
    applies = ["pattern", "color"]
    if TOP_EDGE[garment]:
        applies += [_choose(rng, TOP_EDGE[garment]), "sleeve_length"]
    if garment in LENGTH:
        applies.append(LENGTH[garment])
    labels = {name: drawn[name] for name in ATTRIBUTES if name in applies}
    neckline = labels.get("neckline_design")
    if neckline == "strapless":
        del labels["sleeve_length"]
    elif neckline == "off shoulder":
        labels["sleeve_length"] = covered
    setting = stream_rng(seed, index, "setting")
    return Spec(seed, index, garment, labels, _choose(setting, PRESENTATIONS), _choose(setting, BACKGROUNDS))


def split_of(seed: int, count: int) -> list[str]:
    """Split of every item of a catalog of `count`: a seeded shuffle with the shares of SPLITS."""
    bounds = np.round(np.cumsum(list(SPLITS.values())) * count).astype(int)
    names = np.repeat(list(SPLITS), np.diff(bounds, prepend=0))
    return [str(name) for name in np.random.default_rng([seed, count]).permutation(names)]


def _choose(rng: np.random.Generator, shares: dict[str, float]) -> str:
    weights = np.array(list(shares.values()))
    return list(shares)[int(rng.choice(len(weights), p=weights / weights.sum()))]

"""Queries: weighted terms, and the vectors that they become (RPF.md §4)."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Real

import numpy as np
from PIL import Image

from model import CROP, GENERAL, REGION, WHOLE, Section
from retrieval.errors import RetrievalError

NOT_WEIGHT = 0.5
"""What a "not" counts where nobody has weighed it, chosen on valid splits (`python -m benchmarks negatives`): at 1 it takes
half of the score from what is wanted and gains next to nothing."""


@dataclass(frozen=True)
class ImageSource:
    """A picture that need not be in the catalog (RGB, from `catalog.open_image`)."""

    image: Image.Image

    @cached_property
    def digest(self) -> str:
        """Of its pixels (hex), taken once: of a large picture it takes tens of milliseconds."""
        return hashlib.blake2b(self.image.tobytes(), key=repr((self.image.mode, self.image.size)).encode()).hexdigest()


@dataclass(frozen=True)
class ItemSource:
    """An item of the catalog, by its id; its embedding comes from the table."""

    id: str


@dataclass(frozen=True)
class ValueSource:
    """An attribute value, by its prototype: the normalised mean embedding of the items labelled
    with it. split: of which split they are; None: of all. A value of a taught attribute that no item
    is labelled with is asked for by the posterior that is sure of it."""

    value: str
    split: str | None = None


Source = ImageSource | ItemSource | ValueSource


@dataclass(frozen=True)
class Term:
    """What to look at, in what, and how much.

    weight: finite; a negative one asks for items that are unlike the source, 0 takes the term out.
    RetrievalError for a weight that is not a finite number.
    """

    attribute: str
    source: Source
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not isinstance(self.weight, Real) or not math.isfinite(self.weight):
            raise RetrievalError(f"the weight of '{self.attribute}' is {self.weight}; give a finite number")


@dataclass(frozen=True)
class Query:
    """Terms to be met together. `gamma` is the share of the general view, `beta` that of the region
    view in what remains, both 0 to 1; None means the weights' own. `least` is the match level that
    hits have to reach for each attribute of positive weight, 0 to 1; None for no such bound.

    RetrievalError without terms, when all weights are 0, or for a beta, gamma or least outside 0 to
    1.
    """

    terms: tuple[Term, ...]
    beta: float | None = None
    gamma: float | None = None
    least: float | None = None

    def __post_init__(self) -> None:
        if not self.terms:
            raise RetrievalError("the query is empty; choose at least one attribute")
        if not any(term.weight for term in self.terms):
            raise RetrievalError("every weight is 0; give at least one attribute another weight")
        for name, share, ends in (
            ("beta", self.beta, "from 0 (patch only) to 1 (region only)"),
            ("gamma", self.gamma, "from 0 (without the general view) to 1 (general view only)"),
            ("least", self.least, "from 0 (every hit) to 1 (only what is certain)"),
        ):
            if share is not None and not (isinstance(share, Real) and 0 <= share <= 1):
                raise RetrievalError(f"{name} is {share}; give a number {ends}")


@dataclass(frozen=True)
class Hit:
    """An item found: `score` in -1 to 1, and what each attribute and each term adds to it.

    The shares sum to the score, and so do those of the terms, which stand in the order of the
    query's; each may be negative, and that of a term of weight 0 is 0. chances: match level of each attribute, the
    chance that query and hit share its value, 0 to 1, where it is known. hidden: attributes of
    positive weight that cannot be seen on the item. picture: the one of the item's that was found.
    """

    id: str
    score: float
    shares: dict[str, float] = field(default_factory=dict)
    chances: dict[str, float] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    picture: str = ""
    term_shares: tuple[float, ...] = ()


def check_k(k: object) -> int:
    """k as an int; RetrievalError unless it is a whole number from 1 up."""
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise RetrievalError(f"k is {k}; ask for at least 1 item")
    return int(k)


def chosen_mix(own: Mapping[str, float], beta: float | None = None, gamma: float | None = None) -> dict[str, float]:
    """Share of each section in the score: an attribute's own mix, with the shares that a query asks
    for instead. They sum to 1.

    gamma: share of the general view, where there is one beside others; beta: share of the region
    view in the rest, where there is a patch view too. What is left is split as the own mix splits
    it, evenly where it gives nothing. Where an attribute lacks the views, its own mix stays.
    """
    mix = dict(own)
    if gamma is not None and GENERAL in mix and len(mix) > 1:
        mix = {**_scaled({name: share for name, share in mix.items() if name != GENERAL}, 1 - gamma), GENERAL: gamma}
    patches = {name: share for name, share in mix.items() if name in (CROP, WHOLE)}
    if beta is not None and REGION in mix and patches:
        both = mix[REGION] + sum(patches.values())
        mix |= {REGION: beta * both, **_scaled(patches, (1 - beta) * both)}
    return mix


def without_effect(own: Mapping[str, float], beta: float | None, gamma: float | None) -> list[str]:
    """Which of "beta" and "gamma" are asked for though an attribute's mix has nothing to share by
    them."""
    shared = {"beta": REGION in own and (CROP in own or WHOLE in own), "gamma": GENERAL in own and len(own) > 1}
    return [name for name, share in (("beta", beta), ("gamma", gamma)) if share is not None and not shared[name]]


def _scaled(shares: Mapping[str, float], total: float) -> dict[str, float]:
    """The same shares with another sum; equal ones where all are 0."""
    before = math.fsum(shares.values())
    if not before:
        return dict.fromkeys(shares, total / len(shares))
    return {name: share / before * total for name, share in shares.items()}


def term_vectors(
    terms: Sequence[Term],
    vectors: Sequence[np.ndarray],
    shares: Mapping[str, np.ndarray],
) -> list[np.ndarray]:
    """One vector for each term, such that the score is the sum of inner products with derived
    vectors of the terms' attributes.

    vectors: the derived vector (width,) of each term's source. shares: by attribute, the share of
    the section that each of its numbers belongs to, (width,). Returns float64 (width,) vectors
    `w / sum(|w|) · shares · vector`, zeros for a term of weight 0.
    """
    largest = max(abs(term.weight) for term in terms)
    total = math.fsum(abs(term.weight) / largest for term in terms)
    return [
        term.weight / largest / total * shares[term.attribute] * vector.astype(np.float64)
        for term, vector in zip(terms, vectors, strict=True)
    ]


def summed(attributes: Sequence[str], vectors: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """One vector (width,) for each attribute: the sum of those of its terms, since the score is
    linear in them. attributes: that of each vector."""
    found: dict[str, np.ndarray] = {}
    for name, vector in zip(attributes, vectors, strict=True):
        found[name] = found[name] + vector if name in found else vector
    return found


def unit(vector: np.ndarray, sections: Sequence[Section]) -> np.ndarray:
    """A derived vector (width,) in float64 with each section that has unit length at that length;
    one of zeros stays as it is."""
    parts = np.split(vector.astype(np.float64), np.cumsum([section.width for section in sections])[:-1])
    for section, part in zip(sections, parts, strict=True):
        if section.unit:
            part /= np.linalg.norm(part) or 1.0
    return np.concatenate(parts)

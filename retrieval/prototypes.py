"""What stands for an attribute value: the mean of the items labelled with it, and what it scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model import POSTERIOR, Derivation, Section
from retrieval.query import unit


@dataclass(frozen=True, eq=False)
class ValueScores:
    """How every item is scored by a value's prototype that it has no part in.

    split: of which split the labelled items are; "" for all. labelled: how many they are. scores:
    float64 (items,), in catalog order, NaN where the attribute is not embedded, and of the one
    labelled item where there is no other.
    """

    attribute: str
    value: str
    split: str
    labelled: int
    scores: np.ndarray


def prototype(vectors: np.ndarray, sections: Sequence[Section]) -> np.ndarray:
    """Mean float64 (width,) of derived vectors (n, width), each section that has unit length at that
    length again."""
    return unit(vectors.astype(np.float64).mean(0), sections)


def certain(derivation: Derivation, value: str) -> np.ndarray | None:
    """The derived vector float64 (width,) that is sure of a value and knows nothing else: 1 at its
    place in the posterior. None for an attribute that is not taught or lacks the value."""
    values: tuple[str, ...] = getattr(derivation, "values", ())
    sections = derivation.sections
    if value not in values or not sections or sections[0].name != POSTERIOR:
        return None
    found = np.zeros(sum(section.width for section in sections))
    found[values.index(value)] = 1.0
    return found


def scores_without_itself(
    vectors: np.ndarray, members: np.ndarray, sections: Sequence[Section], mix: Mapping[str, float]
) -> np.ndarray:
    """The score of each item against the prototype of `members`, of which a member itself is left out.

    vectors: derived ones (n, width). members: bool (n,). Returns float64 (n,): the sum over the
    sections of share · <v, m>, where m is the mean of the others, of unit length where the section
    is; NaN for the only member. Closed form: with S the sum of the members, a member's
    <v, S - v> / |S - v|, and |S - v|² = |S|² - 2 <S, v> + |v|².
    """
    total, count = np.zeros(len(vectors)), int(members.sum())
    edges = np.cumsum([section.width for section in sections])[:-1]
    for section, part in zip(sections, np.split(vectors, edges, axis=1), strict=True):
        own: np.ndarray = part.astype(np.float64)
        whole = own[members].sum(0)
        inner, square = own @ whole, np.where(members, (own**2).sum(1), 0.0)
        others = np.maximum(whole @ whole - np.where(members, 2 * inner, 0.0) + square, 0.0)
        length = np.sqrt(others) if section.unit else np.full(len(own), float(count)) - members
        alone = length <= 1e-9  # opposite vectors, or none: a mean of zeros scores 0
        total += mix[section.name] * np.where(alone, 0.0, (inner - square) / np.where(alone, 1.0, length))
    return np.where(members, np.nan, total) if count == 1 else total

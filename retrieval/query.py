"""Queries: weighted terms, and the vectors that they become (RPF.md §4)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real

import numpy as np
from PIL import Image

from retrieval.errors import RetrievalError
from retrieval.interfaces import Embeds


@dataclass(frozen=True)
class ImageSource:
    """A picture that need not be in the catalog (RGB, from `catalog.open_image`)."""

    image: Image.Image


@dataclass(frozen=True)
class ItemSource:
    """An item of the catalog, by its id; its embedding comes from the table."""

    id: str


@dataclass(frozen=True)
class ValueSource:
    """An attribute value, by its prototype: the normalised mean embedding of the items labelled
    with it."""

    value: str


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
    """Terms to be met together. `beta` is the share of the region cosine, 0 to 1; None means the
    weights' own.

    RetrievalError without terms, when all weights are 0, or for a beta outside 0 to 1.
    """

    terms: tuple[Term, ...]
    beta: float | None = None

    def __post_init__(self) -> None:
        if not self.terms:
            raise RetrievalError("the query is empty; choose at least one attribute")
        if not any(term.weight for term in self.terms):
            raise RetrievalError("every weight is 0; give at least one attribute another weight")
        if self.beta is not None and not (isinstance(self.beta, Real) and 0 <= self.beta <= 1):
            raise RetrievalError(f"beta is {self.beta}; give a number from 0 (patch only) to 1 (region only)")


@dataclass(frozen=True)
class Hit:
    """An item found: `score` in -1 to 1, and what each attribute adds to it.

    The shares sum to the score; each may be negative.
    """

    id: str
    score: float
    shares: dict[str, float] = field(default_factory=dict)


def check_k(k: object) -> int:
    """k as an int; RetrievalError unless it is a whole number from 1 up."""
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise RetrievalError(f"k is {k}; ask for at least 1 item")
    return int(k)


def chosen_beta(embedder: Embeds, attribute: str, asked: float | None) -> float:
    """Share of the region cosine for an attribute: what a query asks for, or else the weights' own.

    Where the weights give one embedding of each pair alone it is theirs whatever is asked: every
    score would be 0.
    """
    own = embedder.beta_of(attribute)
    return own if asked is None or has_one_branch(embedder) else asked


def has_one_branch(embedder: Embeds) -> bool:
    """Whether only one embedding of each pair is there, as `Embedder.only` says, so that β
    cannot be asked for."""
    return getattr(embedder, "only", None) is not None


def term_vectors(
    terms: Sequence[Term], embeddings: Sequence[np.ndarray], betas: Mapping[str, float]
) -> dict[str, np.ndarray]:
    """One vector for each attribute, such that the score is the sum of inner products with `[r/|r|
    ; p/|p|]`.

    embeddings: for each term (2, D), the unit region and patch embedding of its source. betas:
    share of the region cosine for each attribute. Returns float64 (2 D,) vectors `w / sum(|w|) · [β
    r ; (1 - β) p]`; the score is linear in them, so terms of one attribute are added up. Terms of
    weight 0 are left out.
    """
    largest = max(abs(term.weight) for term in terms)
    total = math.fsum(abs(term.weight) / largest for term in terms)
    vectors: dict[str, np.ndarray] = {}
    for term, embedding in zip(terms, embeddings, strict=True):
        if term.weight == 0:
            continue
        beta = betas[term.attribute]
        shares = np.array([[beta], [1 - beta]])
        vector = (term.weight / largest / total * shares * embedding.astype(np.float64)).ravel()
        vectors[term.attribute] = vectors.get(term.attribute, 0) + vector
    return vectors


def unit(embedding: np.ndarray) -> np.ndarray:
    """Rows along the last axis at length 1, in float64; a row of zeros stays as it is."""
    wide = embedding.astype(np.float64)
    length = np.linalg.norm(wide, axis=-1, keepdims=True)
    return wide / np.where(length > 0, length, 1)

"""What an evaluation is of: embeddings of a catalog, and who is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from catalog import Catalog
from eval.protocol import Trial, seeded_trials
from model import Section
from retrieval import Embeds, chosen_mix


@dataclass(frozen=True)
class Compared:
    """What the items of a catalog are compared by for one attribute.

    vectors: derived ones (items, width), in catalog order; sections: what they are made of; mix: share
    of each section in the score.
    """

    vectors: np.ndarray
    sections: Sequence[Section]
    mix: Mapping[str, float]


@dataclass(frozen=True)
class Embedded:
    """Embeddings of a catalog, as one method gives them.

    usable: bool (items,), False for images that cannot be read; None is all. clusters: int (items,),
    the near-duplicates that each item is one of, whose queries count together in intervals; None: each
    item is its own.
    """

    attributes: Mapping[str, Compared]
    usable: np.ndarray | None = None
    method: str = "RPF"
    clusters: np.ndarray | None = None


def compared(
    embedder: Embeds, vectors: Mapping[str, np.ndarray], beta: float | None = None, gamma: float | None = None
) -> dict[str, Compared]:
    """By attribute, from derived vectors that an embedder gives; beta, gamma: as `retrieval.Query` has them."""
    found = {}
    for name, own in vectors.items():
        derivation = embedder.derivation(name)
        found[name] = Compared(own, derivation.sections, chosen_mix(derivation.mix, beta, gamma))
    return found


@dataclass(frozen=True)
class Features:
    """One vector an image, whatever the attribute: (items, D) in catalog order; usable, clusters: as in `Embedded`."""

    vectors: np.ndarray
    usable: np.ndarray | None = None
    method: str = "global similarity"
    clusters: np.ndarray | None = None


@dataclass(frozen=True)
class Sampling:
    """Who is asked: a share of each attribute's labelled items, chosen by a seed, or trials that are given.

    alone: the number of labelled items up to which an attribute is asked by leaving one out: each item
    asks all others, since a share of so few would be too few queries; 0 is never.
    """

    queries: float = 0.2
    seed: int = 0
    trials: Sequence[Trial] | None = None
    alone: int = 0

    def of(self, catalog: Catalog, attributes: Sequence[str], usable: np.ndarray | None) -> Sequence[Trial]:
        """The trials; EvalError for a share outside 0 to 1."""
        if self.trials is not None:
            return self.trials
        return seeded_trials(catalog, attributes, self.queries, self.seed, usable, self.alone)

    @property
    def record(self) -> dict[str, Any]:
        """What a report says of it."""
        if self.trials is not None:
            return {"queries": "published"}
        if not self.alone:
            return {"queries": self.queries}
        asked = f"{self.queries}; of up to {self.alone} labelled items, each"
        return {"queries": asked, "share": self.queries, "leave_one_out_up_to": self.alone}


STANDARD = Sampling()

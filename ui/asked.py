"""What a search asks for: pictures, values, how much each counts, and what it is narrowed by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]
"""left, top, right, bottom of a part of a picture, as fractions of its sides, 0 to 1."""


@dataclass(frozen=True)
class Picture:
    """A garment to look at: an item of the catalog, or else an image, by its file or its content.

    turn: quarter turns clockwise. box: the part of the turned picture that is looked at; None: all of it.
    """

    item: str | None = None
    image: str | None = None
    content: bytes | None = None
    box: Box | None = None
    turn: int = 0

    @property
    def empty(self) -> bool:
        return self.item is None and self.image is None and self.content is None

    @property
    def altered(self) -> bool:
        """Whether it is turned or cut, and so no longer the picture that an item was embedded by."""
        return bool(self.turn % 4) or self.box is not None


@dataclass(frozen=True)
class AskedTerm:
    """An attribute, what it should be like, and how much that counts. source: a picture, or a value of the attribute. weight:
    below 0 for "not"."""

    attribute: str
    source: Picture | str
    weight: float = 1.0

    @property
    def item(self) -> str | None:
        """The id of the item that it is asked by."""
        return self.source.item if isinstance(self.source, Picture) else None


@dataclass(frozen=True)
class Arrival:
    """A query that was opened in Metrics. hit: the result that is to be explained, "" for the first one; split: the one whose
    pictures were asked and found there, "" for all."""

    hit: str = ""
    split: str = ""


@dataclass(frozen=True)
class Asked:
    """One search. beta, gamma, least: as `retrieval.Query` has them. filters: column → accepted values. arrival: where it
    comes from Metrics."""

    terms: tuple[AskedTerm, ...] = ()
    k: int = 12
    beta: float | None = None
    gamma: float | None = None
    least: float | None = None
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict, hash=False)
    arrival: Arrival | None = None

    @property
    def weights(self) -> dict[str, float]:
        """Attribute → sum of the positive weights of its terms, for those that have one."""
        found: dict[str, float] = {}
        for term in self.terms:
            if term.weight > 0:
                found[term.attribute] = found.get(term.attribute, 0.0) + term.weight
        return found

    @property
    def items(self) -> tuple[str, ...]:
        """Ids of the items that are asked by with a positive weight, each once: they are left out of the hits."""
        return tuple(dict.fromkeys(term.item for term in self.terms if term.item is not None and term.weight > 0))

    @property
    def picture(self) -> Picture:
        """The first picture that is asked by with a positive weight; an empty one where there is none."""
        for term in self.terms:
            if isinstance(term.source, Picture) and term.weight > 0:
                return term.source
        return Picture()


def like(picture: Picture, weights: Mapping[str, float]) -> tuple[AskedTerm, ...]:
    """One term for each attribute, all by one picture. weights: attribute → weight."""
    return tuple(AskedTerm(name, picture, weight) for name, weight in weights.items())

"""The ways in which a query can be asked on either side, and how they are written in the address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from library import Opened
from retrieval import without_effect
from ui.asked import Asked

ORDINARY, LAPEL, TRAINED = "ordinary", "lapel", "trained"
REGION, PATCH, NO_GENERAL, GENERAL = "region", "patch", "no-general", "general"
SHARES: dict[str, tuple[float | None, float | None]] = {
    REGION: (1.0, None),
    PATCH: (0.0, None),
    NO_GENERAL: (None, 0.0),
    GENERAL: (None, 1.0),
}
"""Way → the β and γ that it asks by; None leaves them as the query has them."""
WITHOUT, WEIGHTS = "without", "weights"
SIDES = ("left", "right")
FIRST = {"left": ORDINARY, "right": LAPEL}


@dataclass(frozen=True)
class Way:
    """kind: one of the words above. of: for `WITHOUT` the place of the term that is left out, counted from 1; for `WEIGHTS`
    their source, "" for the embedded ones."""

    kind: str
    of: str = ""

    @classmethod
    def read(cls, text: str) -> "Way":
        kind, _, of = text.partition(":")
        return cls(kind, of)

    @property
    def written(self) -> str:
        return f"{self.kind}:{self.of}" if self.kind in (WITHOUT, WEIGHTS) else self.kind

    def asks(self, asked: Asked) -> Asked:
        """The query as this way asks it."""
        if self.kind == TRAINED:
            return replace(asked, beta=None, gamma=None)
        if self.kind in SHARES:
            beta, gamma = SHARES[self.kind]
            return replace(
                asked, beta=asked.beta if beta is None else beta, gamma=asked.gamma if gamma is None else gamma
            )
        if self.kind == WITHOUT:
            left_out = int(self.of) - 1
            return replace(asked, terms=tuple(term for at, term in enumerate(asked.terms) if at != left_out))
        return asked


def ways(opened: Opened, asked: Asked, weights: Sequence[str] = ()) -> list[Way]:
    """Those that there are for a query, ordinary similarity first. weights: sources of weights other than those in use."""
    found = [Way(ORDINARY), Way(LAPEL)]
    if asked.beta is not None or asked.gamma is not None:
        found.append(Way(TRAINED))
    mixes = [opened.embedder.derivation(name).mix for name in asked.weights if name in opened.embedder.attributes]
    for kind, shares in SHARES.items():
        if any(not without_effect(mix, *shares) for mix in mixes):
            found.append(Way(kind))
    if len(asked.terms) > 1:
        found += [Way(WITHOUT, str(place)) for place in range(1, len(asked.terms) + 1) if _still_asks(asked, place)]
    return found + [Way(WEIGHTS, source) for source in weights]


def chosen(text: str, side: str, known: Sequence[Way]) -> Way:
    """The way that an address or a list names, if there is one; else the one that its side begins with."""
    way = Way.read(text)
    return way if way in known else Way(FIRST[side])


def _still_asks(asked: Asked, place: int) -> bool:
    """Whether something is asked for once a term is left out."""
    return bool(Way(WITHOUT, str(place)).asks(asked).terms)

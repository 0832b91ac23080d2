"""Why an item is not among the hits: its place, and the term that holds it back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval import scan
from retrieval.errors import RetrievalError
from retrieval.posed import Posed
from retrieval.query import Hit
from retrieval.view import View


@dataclass(frozen=True)
class WhyNot:
    """Where an item stands for a query.

    id: the item. rank: its place, 1 for the best, among the `among` items that may be found; None where
    filters or exclusion keep it out, `kept_out`. score, term_shares and picture: its own, as `Hit` has them.
    against: the hit that it is compared with, the k-th, or the last where there are fewer; None without
    any. gaps: what each term of the query adds to that hit less what it adds to the item; they sum to the
    difference of the scores. held_back_by: the place in the query of the term with the largest gap; None
    where the item is among the hits, or nothing is to be made up. hidden: attributes asked for that cannot
    be seen on it, for which it comes after all items on which they can.
    """

    id: str
    rank: int | None
    among: int
    score: float
    term_shares: tuple[float, ...]
    picture: str
    against: Hit | None
    gaps: tuple[float, ...] = ()
    held_back_by: int | None = None
    hidden: tuple[str, ...] = ()

    @property
    def kept_out(self) -> bool:
        """Whether filters or exclusion keep the item out, whatever it scores."""
        return self.rank is None


def why_not(view: View, posed: Posed, id: str, hits: Sequence[Hit]) -> WhyNot:
    """hits: the best ones of the query. RetrievalError for an item that is not there or not embedded."""
    slots = _slots(view, posed, id)
    kept_out = not posed.live[slots].any()
    own = slots if kept_out else slots[posed.live[slots]]
    row, score, shares = _best(view, posed, own)
    found = WhyNot(
        id,
        None if kept_out else _rank(view, posed, row, score),
        len(np.unique(view.layout.item[posed.live])),
        score,
        posed.in_order(shares),
        view.layout.picture(row, view.catalog.items[view.place(row)]),
        hits[-1] if hits else None,
        hidden=tuple(name for name, cannot in posed.hidden.items() if cannot[row]),
    )
    return _compared(found, hits)


def slot_of(view: View, posed: Posed, id: str, picture: str = "") -> int:
    """The slot of one of an item's pictures, of its best one where that is not among them. RetrievalError as `why_not`."""
    slots = _slots(view, posed, id)
    item = view.catalog.items[view.place(int(slots[0]))]
    named = [slot for slot in slots.tolist() if picture and view.layout.picture(slot, item) == picture]
    return named[0] if named else _best(view, posed, slots)[0]


def _best(view: View, posed: Posed, slots: np.ndarray) -> tuple[int, float, np.ndarray]:
    """The slot among some that comes first in the ranking, its score, and what the terms add, float64 (terms,)."""
    shares = posed.shares(view, slots)
    scores = shares.sum(1).round(scan.DECIMALS)
    best = int(np.lexsort((slots, -scores, posed.apart[slots]))[0])
    return int(slots[best]), float(scores[best]), shares[best]


def _slots(view: View, posed: Posed, id: str) -> np.ndarray:
    """The slots of an item that have all attributes asked for, int64 (n,), one at least."""
    names = list(dict.fromkeys(posed.attributes))
    for name in names:
        view.position(id, name)  # says what is wrong
    slots = view.slots(id)
    there = slots[np.all([view.pictures.there(name)[slots] for name in names], axis=0)]
    if not len(there):
        raise RetrievalError(f"item '{id}' is not embedded yet; try again soon, or search by another")
    return there


def _rank(view: View, posed: Posed, row: int, score: float) -> int:
    """The place of the item whose best slot is `row`: items with a slot that comes before it, and 1."""
    before = posed.live & ~posed.apart if posed.apart[row] else np.zeros(len(posed.live), bool)
    rivals = np.flatnonzero(posed.live & posed.apart if posed.apart[row] else posed.live & ~posed.apart)
    quick = view.quick_scores(rivals, posed.summed)
    before[rivals[quick.scores > score + 2 * quick.slack]] = True
    near = rivals[np.abs(quick.scores - score) <= 2 * quick.slack]
    exact = posed.shares(view, near).sum(1).round(scan.DECIMALS)
    before[near[(exact > score) | ((exact == score) & (near < row))]] = True
    return len(np.unique(view.layout.item[before])) + 1


def _compared(found: WhyNot, hits: Sequence[Hit]) -> WhyNot:
    if found.against is None:
        return found
    gaps = tuple(theirs - own for theirs, own in zip(found.against.term_shares, found.term_shares, strict=True))
    worst = int(np.argmax(gaps))
    wanting = found.id not in {hit.id for hit in hits} and gaps[worst] > 0
    return replace(found, gaps=gaps, held_back_by=worst if wanting else None)

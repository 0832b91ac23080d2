"""The queries of a report one by one: what was asked, and what came first."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval import Detail

FIRST = 12
"""Hits that are shown of a query."""


@dataclass(frozen=True)
class Found:
    """A hit: its rank from 1, the value that it had when it was measured, and whether that is the query's."""

    item: str
    rank: int
    value: str
    right: bool


@dataclass(frozen=True)
class Case:
    """A query with its first hits. ap: average precision, 0 to 1; first: rank of the first right hit, 0 for none; miss: the
    first wrong hit where it is not among `hits`."""

    item: str
    value: str
    ap: float
    first: int
    hits: tuple[Found, ...]
    miss: Found | None

    @property
    def right(self) -> int:
        return sum(hit.right for hit in self.hits)


def cases(detail: Detail, attribute: str, places: Sequence[int]) -> list[Case]:
    """places: rows of the attribute's queries, as `eval.worst` gives them."""
    asked = detail.of(attribute)

    def found(item: int, rank: int, right: bool) -> Found:
        value = asked.item_values[item]
        return Found(detail.ids[item], rank, asked.names[value] if value >= 0 else "", right)

    out = []
    for place in places:
        row = zip(asked.hits[place, :FIRST].tolist(), asked.right[place, :FIRST].tolist(), strict=True)
        hits = tuple(found(item, rank, right) for rank, (item, right) in enumerate(row, 1) if item >= 0)
        miss, rank = int(asked.miss[place]), int(asked.miss_rank[place])
        out.append(
            Case(
                detail.ids[asked.queries[place]],
                asked.names[asked.values[place]],
                float(asked.ap[place]),
                int(asked.first[place]),
                hits,
                found(miss, rank, False) if miss >= 0 and rank > FIRST else None,
            )
        )
    return out

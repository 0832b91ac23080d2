"""What an evaluation keeps of every query, and what is read off it: confusions, and the queries that fared worst."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from catalog import Catalog
from eval.errors import EvalError
from eval.metrics import recall_at_k
from eval.ranking import HEAD

if TYPE_CHECKING:
    from eval.report import Report

MOST_RANKS = 1000
"""Relevant candidates of a query whose ranks are kept, the best ones."""
MOST_KEPT = 8_000_000
"""Ranks that are kept of one attribute; where queries are so many that it would be more, fewer of each are."""


@dataclass(frozen=True, eq=False)
class Asked:
    """The queries of one attribute, and what became of each, by the fused ranking.

    names: the attribute's values, as `AttributeReport.values`. queries: int32 (Q,), places in
    `Detail.ids`, in the order of the report. values: int32 (Q,), places in names. hits: int32 (Q, at
    most 50), places in `Detail.ids` of the first hits, best first, -1 where fewer are ranked; right:
    bool of the same shape. miss: int32 (Q,), the place in `Detail.ids` of the first hit that is wrong,
    and miss_rank its rank from 1; -1 and 0 where none is. first: int32 (Q,), rank of the first right
    hit, 0 for none. relevant, ranked: int32 (Q,), candidates that are right, and all that were ranked.
    ap: float32 (Q,), average precision, 0 to 1; ap_by_view: that of each view ranked alone.
    item_values: int32 (items,), places in names, -1 for an item that was neither asked nor ranked.
    ranks, offsets: `ranks_of` reads them; most_ranks: how many it gives at most.
    """

    names: tuple[str, ...]
    queries: np.ndarray
    values: np.ndarray
    hits: np.ndarray
    right: np.ndarray
    miss: np.ndarray
    miss_rank: np.ndarray
    first: np.ndarray
    relevant: np.ndarray
    ranked: np.ndarray
    ap: np.ndarray
    item_values: np.ndarray
    ranks: np.ndarray
    offsets: np.ndarray
    most_ranks: int = MOST_RANKS
    ap_by_view: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.queries)

    def ranks_of(self, query: int) -> np.ndarray:
        """Ranks from 1 of the right candidates, best first, int32: the first `most_ranks` of them.

        query: its place among the queries of this attribute, from 0.
        """
        return self.ranks[self.offsets[query] : self.offsets[query + 1]]

    def precision(self, k: int) -> np.ndarray:
        """Share of the first k that is right, float64 (Q,), 0 to 1; k is at most 50."""
        return _checked(self, k).right[:, :k].sum(axis=1) / k

    def recall(self, k: int) -> np.ndarray:
        """Share of the right candidates that is among the first k, float64 (Q,), 0 to 1; k is at most 50."""
        return recall_at_k(_checked(self, k).right, self.relevant, k, reduce=False)

    def top(self, k: int) -> np.ndarray:
        """Whether one of the first k is right, float64 (Q,), 0 or 1."""
        return ((self.first > 0) & (self.first <= k)).astype(np.float64)

    def figure(self, name: str) -> np.ndarray:
        """A figure of each query in percent, float64 (Q,): map, or p or top with a number, such as p12 and top8."""
        if name == "map":
            return self.ap.astype(np.float64) * 100
        kind, number = name.rstrip("0123456789"), name.lstrip("abcdefghijklmnopqrstuvwxyz")
        if kind not in ("p", "top") or not number:
            raise EvalError(f"there is no figure '{name}' of a query; it can be map, p8, p12, top1, top8")
        return (self.precision(int(number)) if kind == "p" else self.top(int(number))) * 100

    def place(self, value: str | int) -> int:
        """The place of a value in names, which may be given as such; EvalError where there is none."""
        if isinstance(value, str):
            if value not in self.names:
                raise EvalError(f"there is no value '{value}'; it can be one of: {', '.join(self.names)}")
            return self.names.index(value)
        return int(value)


@dataclass(frozen=True, eq=False)
class Detail:
    """What a report's queries reached. ids: of all items of the catalog, in its order. groups: int32 (items,), the
    near-duplicates that each item is one of, drawn together in intervals; None where nobody has looked for them."""

    ids: list[str]
    attributes: dict[str, Asked]
    groups: np.ndarray | None = None

    def of(self, attribute: str) -> Asked:
        """EvalError for an attribute that was not asked."""
        if attribute not in self.attributes:
            raise EvalError(f"'{attribute}' was not asked; it can be one of: {', '.join(self.attributes)}")
        return self.attributes[attribute]


def query_columns(asked: Asked, ids: Sequence[str]) -> dict[str, list[Any]]:
    """The columns of `AttributeReport.per_query`, figures in percent with two decimals; ids: of all items."""

    def column(shares: np.ndarray) -> list[float]:
        return [round(float(share) * 100, 2) for share in shares]

    return {
        "id": [ids[place] for place in asked.queries],
        "value": [asked.names[value] for value in asked.values],
        "ap": column(asked.ap),
        "p8": column(asked.precision(8)),
        "p12": column(asked.precision(12)),
        "first": asked.first.tolist(),
        **{f"ap_{view}": column(precision) for view, precision in asked.ap_by_view.items()},
    }


def confusion(detail: Detail, attribute: str, report: "Report | None" = None, k: int = 12) -> pd.DataFrame:
    """Of the first k hits of the queries of a value (row), the share that has each value (column).

    In percent: a row sums to 100, and is NaN for a value that is no query's. Index and columns are
    the attribute's values, in its order. report: is checked to be of the same values. EvalError where
    it is not, for an attribute that was not asked, and for more hits than are kept.
    """
    asked = _checked(detail.of(attribute), k)
    if report is not None and tuple(report.attributes[attribute].values) != asked.names:
        raise EvalError(f"the detail is of other values of '{attribute}' than the report; evaluate again")
    count = len(asked.names)
    hits = asked.hits[:, :k]
    there = hits >= 0
    asking = np.broadcast_to(asked.values[:, None], hits.shape)[there].astype(np.int64)
    found = np.bincount(asking * count + asked.item_values[hits[there]], minlength=count * count).reshape(count, count)
    total = found.sum(axis=1, keepdims=True)
    shares = np.where(total > 0, found * 100 / np.maximum(total, 1), np.nan)
    return pd.DataFrame(shares, pd.Index(asked.names, name="value"), pd.Index(asked.names, name="hit"))


def worst(
    detail: Detail,
    attribute: str,
    value: str | int | None = None,
    hit_value: str | int | None = None,
    k: int = 12,
) -> list[int]:
    """Places of queries in `Detail.of(attribute)`, fewest right among the first k first, of these the lowest average
    precision.

    value: only queries of it. hit_value: only queries that have an item of it among their first k
    hits, as a cell of `confusion` counts them. EvalError for a value that there is not.
    """
    asked = _checked(detail.of(attribute), k)
    chosen = np.ones(len(asked), bool)
    if value is not None:
        chosen &= asked.values == asked.place(value)
    if hit_value is not None:
        hits = asked.hits[:, :k]
        chosen &= ((asked.item_values[hits] == asked.place(hit_value)) & (hits >= 0)).any(axis=1)
    order = np.lexsort((asked.ap, asked.right[:, :k].sum(axis=1)))
    return [int(place) for place in order if chosen[place]]


def _checked(asked: Asked, k: int) -> Asked:
    if not 1 <= k <= HEAD:
        raise EvalError(f"the first {HEAD} hits are kept; ask for 1 to {HEAD}, not {k}")
    return asked


def relabelled(detail: Detail, catalog: Catalog) -> dict[str, list[str]]:
    """Attribute → ids of the items whose label is another one than when they were asked or ranked, or which have gone.

    Attributes without any are left out, and so are those whose values the catalog does not name: their
    labels came from published files.
    """
    there = {item.id: item for item in catalog.items}
    found: dict[str, list[str]] = {}
    for name, asked in detail.attributes.items():
        known = {value for one in catalog.attributes if one.name == name for value in one.values}
        if not known & set(asked.names):
            continue
        for place in np.flatnonzero(asked.item_values >= 0):
            item = there.get(detail.ids[place])
            if item is None or item.labels.get(name) != asked.names[asked.item_values[place]]:
                found.setdefault(name, []).append(detail.ids[place])
    return found

"""Groups in which all agree with all.

Single linkage, which joins whatever a chain of pairs connects, was not taken: where a agrees with b and
b with c, a and c need not agree, and in a catalog of thousands such chains run through hundreds of items
that share nothing. Here every two members of a group are one of the pairs (complete linkage): what is
said of a group holds for any two pictures in it. The largest such group is hard to find (maximum clique
is NP-hard), so groups are taken greedily, and each item is in one group at most.
"""

from collections.abc import Iterator

import numpy as np

LEAST = 3
"""Members of a group at least; two are a pair."""


def cliques(left: np.ndarray, right: np.ndarray, strength: np.ndarray, items: int) -> list[list[int]]:
    """Groups of items, the largest first, then in the order of their first item.

    left, right: int (pairs,), two different items each, every pair once. strength: (pairs,), 0 to 1, by which
    ties are decided. items: how many there are. Within a group those come first that agree with most.
    """
    return sorted(taken(left, right, strength, items), key=lambda group: (-len(group), min(group)))


def taken(left: np.ndarray, right: np.ndarray, strength: np.ndarray, items: int) -> Iterator[list[int]]:
    """As `cliques`, in the order in which they are found: each around the item that agrees with most of
    those that are left."""
    ends = np.concatenate([left, right])
    order = np.argsort(ends, kind="stable")
    others = np.concatenate([right, left])[order]
    strengths = np.concatenate([strength, strength])[order]
    starts = np.searchsorted(ends[order], np.arange(items + 1))
    alive, degree = np.ones(items, bool), np.diff(starts)
    place = np.full(items, -1, np.int64)
    while degree.max(initial=0) >= LEAST - 1:
        seed = int(degree.argmax())
        own = slice(starts[seed], starts[seed + 1])
        near = alive[others[own]]
        around, close = others[own][near], strengths[own][near]
        place[around] = np.arange(len(around))
        joined = np.zeros((len(around), len(around)), bool)
        for row, item in enumerate(around.tolist()):
            known = place[others[starts[item] : starts[item + 1]]]
            joined[row, known[known >= 0]] = True
        place[around] = -1
        group = [seed, *around[_within(joined, close)].tolist()]
        gone = group if len(group) >= LEAST else [seed]
        for item in gone:
            alive[item] = False
            degree[others[starts[item] : starts[item + 1]]] -= 1
        degree[~alive] = 0
        if len(group) >= LEAST:
            yield group


def _within(joined: np.ndarray, close: np.ndarray) -> list[int]:
    """Places in bool (n, n) that are all joined, taken one by one: the one that is joined with most of those still possible,
    of equal ones the closest."""
    possible = np.ones(len(joined), bool)
    degree = joined.sum(1).astype(float) + np.minimum(close, 0.999)
    found = []
    while possible.any():
        pick = int(np.where(possible, degree, -1.0).argmax())
        found.append(pick)
        kept = possible & joined[pick]
        degree -= joined[:, possible & ~kept].sum(1)
        possible = kept
    return found

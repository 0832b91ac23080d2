"""Finds similar designs, block by block of all pairs."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from retrieval.cliques import cliques
from retrieval.comparing import Chosen, check_levels, check_size, chosen_slots
from retrieval.designs import MOST_GROUPED, MOST_KEPT, DesignGroup, DesignPair, DesignQuery, Designs, DesignStep
from retrieval.likeness import GATHERED, ROWS, Likeness, find_near, likeness, offered_score
from retrieval.view import View

SAMPLED = 256
"""Rows that say by which attribute fewest pairs agree."""


def designs(view: View, query: DesignQuery) -> Iterator[DesignStep | Designs]:
    """Find them, step by step; what comes last is the answer. Whoever stops asking stops the work.

    An item is compared by the first of its pictures that has all attributes and shows them. RetrievalError for an unknown
    attribute, column or value, for an attribute without a match level for which no least score is given or that is to
    differ, and for more than `MOST_COMPARED` pairs; MissingAttributes for one that is not embedded yet.
    """
    names = [*query.attributes, *query.differ]
    view.embedder.check(names)
    view.need(names)
    check_levels(view, query)
    chosen = chosen_slots(view, query, names)
    check_size(view, chosen)
    for place, name in enumerate(names):
        for share in find_near(view, name, chosen.slots):
            yield DesignStep("near", (place + share) / len(names))
    likenesses = {name: likeness(view, name, chosen.slots) for name in names}
    found = _Found(query, chosen, likenesses)
    if not found.unreachable:
        for share in found.search():
            yield DesignStep("pairs", share, found.count)
        yield DesignStep("groups", 0.0, found.count)
    yield found.answer(view)


def offered(view: View, attribute: str) -> float:
    """As `SearchEngine.offered_score`."""
    view.embedder.check([attribute])
    view.need([attribute])
    return offered_score(view, attribute, np.flatnonzero(view.pictures.there(attribute)))


class _Found:
    """The pairs found so far: places in `Chosen.slots`, scores and chances (pairs, attributes)."""

    def __init__(self, query: DesignQuery, chosen: Chosen, likenesses: Mapping[str, Likeness]) -> None:
        self.query = query
        self.chosen = chosen
        self.names = list(likenesses)
        self.count = 0
        self.crowded = False
        self.unreachable: dict[str, float] = {}
        self._likenesses = likenesses
        self._bars: dict[str, np.ndarray] = {}
        for name in query.attributes:
            own = likenesses[name]
            bars = own.bars(query.least)
            if own.match is None:
                bars = np.full(len(chosen.slots), query.scores[name], np.float32)
            if bars is None:
                assert own.match is not None
                self.unreachable[name] = own.match.chances[-1]
            else:
                self._bars[name] = bars
        self._left: list[np.ndarray] = [np.empty(0, np.int64)]
        self._right: list[np.ndarray] = [np.empty(0, np.int64)]
        self._scores: list[np.ndarray] = [np.empty((0, len(self.names)), np.float32)]
        self._chances: list[np.ndarray] = [np.empty((0, len(self.names)))]

    def search(self) -> Iterator[float]:
        """Look at all pairs, block by block; gives the share that is done."""
        count, first = len(self.chosen.slots), self.chosen.first
        last = first or count
        order = self._order()
        for start in range(0, last, ROWS):
            stop = min(start + ROWS, last)
            self._block(order, start, stop, first or start)
            yield (stop if first else stop * (2 * count - stop) / count) / last

    def _order(self) -> list[str]:
        """What is to agree, that first by which fewest of some pairs do."""
        count = len(self.chosen.slots)
        some = np.sort(np.random.default_rng(0).permutation(count)[:SAMPLED])
        left, right = (some[places] for places in np.triu_indices(len(some), 1))

        def share(name: str) -> float:
            bars = self._bars[name]
            return float((self._likenesses[name].scores(left, right) >= np.maximum(bars[left], bars[right])).mean())

        return sorted(self.query.attributes, key=share) if len(left) else list(self.query.attributes)

    def _block(self, order: Sequence[str], start: int, stop: int, after: int) -> None:
        """The pairs of rows `start` to `stop` with all from `after` on."""
        count = len(self.chosen.slots)
        left: np.ndarray | None = None
        right: np.ndarray = np.empty(0, np.int64)
        scores: dict[str, np.ndarray] = {}
        for name in order:
            own, bars = self._likenesses[name], self._bars[name]
            if left is None or len(left) > GATHERED * (stop - start) * (count - after):
                block = own.block(slice(start, stop), slice(after, count))
                if left is None:
                    agree = (block >= bars[start:stop, None]) & (block >= bars[None, after:])
                    rows, columns = np.nonzero(agree)
                    if not self.chosen.first:
                        rows, columns = (places[columns > rows] for places in (rows, columns))
                    left, right = rows + start, columns + after
                found = block[left - start, right - after]
            else:
                found = own.scores(left, right)
            chances = own.chances(found, left, right)
            if own.match is None:
                kept = np.flatnonzero(found >= self.query.scores[name])
            else:
                kept = np.flatnonzero(chances >= self.query.least)
            left, right = left[kept], right[kept]
            scores = {known: values[kept] for known, values in scores.items()} | {name: found[kept]}
        assert left is not None
        for name in self.query.differ:
            own = self._likenesses[name]
            found = own.scores(left, right)
            kept = np.flatnonzero(own.chances(found, left, right, most=True) <= 1 - self.query.least)
            left, right = left[kept], right[kept]
            scores = {known: values[kept] for known, values in scores.items()} | {name: found[kept]}
        self._take(left, right, scores)

    def _take(self, left: np.ndarray, right: np.ndarray, scores: Mapping[str, np.ndarray]) -> None:
        if not len(left):
            return
        self.count += len(left)
        self._left.append(left)
        self._right.append(right)
        self._scores.append(np.stack([scores[name] for name in self.names], 1))
        self._chances.append(
            np.stack(
                [
                    self._likenesses[name].chances(scores[name], left, right, most=name in self.query.differ)
                    for name in self.names
                ],
                1,
            )
        )
        if sum(map(len, self._left)) > MOST_GROUPED:
            self.crowded = True
            self._keep(self._best(MOST_KEPT))

    def _keep(self, places: np.ndarray) -> None:
        self._left, self._right = [np.concatenate(self._left)[places]], [np.concatenate(self._right)[places]]
        self._scores, self._chances = [np.concatenate(self._scores)[places]], [np.concatenate(self._chances)[places]]

    def _joint(self) -> np.ndarray:
        """The chance that each pair agrees on all and differs where it is to, (pairs,)."""
        chances = np.concatenate(self._chances)
        wanted = np.array([name not in self.query.differ for name in self.names])
        return np.nanprod(np.where(wanted, chances, 1 - chances), axis=1)

    def _best(self, count: int) -> np.ndarray:
        """Places of the best pairs, best first: by that chance, then by how alike they are on what is to agree."""
        scores = np.concatenate(self._scores)[:, : len(self.query.attributes)].mean(1)
        left, right = np.concatenate(self._left), np.concatenate(self._right)
        return np.lexsort((right, left, -scores, -self._joint()))[:count]

    def answer(self, view: View) -> Designs:
        """What was found, named."""
        catalog, slots = view.catalog, self.chosen.slots
        ids = [catalog.items[view.place(slot)].id for slot in slots.tolist()]
        images = [view.layout.images[slot] for slot in slots.tolist()]
        groups = () if self.crowded or self.chosen.first else tuple(self._groups(ids))
        joint = self._joint()
        best = self._best(MOST_KEPT)
        left, right = np.concatenate(self._left)[best], np.concatenate(self._right)[best]
        scores, chances = np.concatenate(self._scores)[best], np.concatenate(self._chances)[best]
        pairs = [
            DesignPair(
                ids[one],
                ids[other],
                float(joint[place]),
                {name: float(value) for name, value in zip(self.names, known, strict=True) if not np.isnan(value)},
                dict(zip(self.names, map(float, measured), strict=True)),
                images[one] == images[other],
            )
            for place, one, other, known, measured in zip(
                best.tolist(), left.tolist(), right.tolist(), chances, scores, strict=True
            )
        ]
        return Designs(
            self.query,
            tuple(pairs),
            self.count,
            groups,
            self.crowded,
            len(slots),
            self.chosen.compared,
            self.chosen.hidden,
            {ids[place]: tuple(catalog.items[item].id for item in items) for place, items in self.chosen.twins.items()},
            self.unreachable,
        )

    def _groups(self, ids: Sequence[str]) -> Iterator[DesignGroup]:
        left, right, chances = (np.concatenate(parts) for parts in (self._left, self._right, self._chances))
        members = cliques(left, right, self._joint(), len(ids))
        of = np.full(len(ids), -1, np.int64)
        for number, group in enumerate(members):
            of[group] = number
        inside = np.flatnonzero((of[left] == of[right]) & (of[left] >= 0))
        turned = np.array([-1.0 if name in self.query.differ else 1.0 for name in self.names])
        least = np.full((len(members), len(self.names)), np.inf)
        np.minimum.at(least, of[left[inside]], turned * chances[inside])
        least *= turned
        for group, known in zip(members, least, strict=True):
            yield DesignGroup(
                tuple(ids[place] for place in group),
                {name: float(value) for name, value in zip(self.names, known, strict=True) if not np.isnan(value)},
            )

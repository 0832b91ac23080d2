"""Which pictures to ask a label for next: some drawn at random, first typical ones, then those that are read least surely.

On nine labelled attributes 20 labels chosen so taught 2.7 points of MAP more than 20 drawn at random, 80 labels 1.2 more.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from model import centred
from training.adapt.ridge import coefficients

Why = Literal["random", "typical", "unsure", "different"]
UNLABELLED, UNSEEN = -1, -2
"""Of a picture without a value: it was not asked for, or it was, and the attribute cannot be seen on it."""
RANDOM = 0.25
"""Share that is drawn at random. The others are chosen for being easy or hard, so that figures on them would be wrong; a
quarter gives honest figures in time, and teaches as well."""
TYPICAL_UNTIL = 20
"""Pictures asked before uncertainty counts: a reading of fewer labels does not know what it does not know."""
DIFFERENT = 0.5
"""Share of those chosen by a reading that are the most unlike what was asked, among the less sure half of the pool."""
SHRINKAGE = 0.5
POOL, MOST_CLUSTERS, ROUNDS = 4_000, 200, 12


class Proposal(NamedTuple):
    """A picture to ask a label for: its row, and why it is this one."""

    row: int
    why: Why


@dataclass(frozen=True, eq=False)
class Answers:
    """What is known of n pictures.

    known: int64 (n,), place of the value, `UNLABELLED` or `UNSEEN`. ids: of the items. at_random: bool (n,), asked
    because it was drawn at random. usable: bool (n,), may be asked; by default all.
    """

    known: np.ndarray
    ids: Sequence[str]
    at_random: np.ndarray
    usable: np.ndarray | None = None

    @property
    def asked(self) -> np.ndarray:
        asked: np.ndarray = self.known != UNLABELLED
        return asked


def propose(vectors: np.ndarray, answers: Answers, count: int, seed: int = 0) -> list[Proposal]:
    """At most so many pictures to ask next, none of them asked before; fewer when fewer are left.

    vectors: (n, d), the general view, or several views side by side; rows of zeros are not asked. seed: the same for an
    attribute as long as it is labelled, since it fixes the order of what is drawn at random. Of large catalogs some
    thousand by that order stand for all.
    """
    order = random_order(answers.ids, seed)
    usable = answers.usable if answers.usable is not None else np.ones(len(order), bool)
    some = np.union1d(order[(usable & ~answers.asked)[order]][:POOL], np.flatnonzero(answers.known >= 0))
    rows = np.asarray(vectors[some], np.float32)
    there = rows.any(axis=1)
    if not there.any():
        return []
    pool = _Pool(centred(rows, rows[there].mean(axis=0)), answers.known[some], (answers.asked | ~usable)[some] | ~there)
    places = np.empty(len(order), np.int64)
    places[some] = np.arange(len(some))
    by_lot = places[order[np.isin(order, some)]]
    asked, drawn = int(answers.asked.sum()), int((answers.at_random & answers.asked).sum())
    return [
        Proposal(int(some[row]), why)
        for row, why in pool.chosen(by_lot, count, round(RANDOM * (asked + count)) - drawn, TYPICAL_UNTIL - asked, seed)
    ]


@dataclass(frozen=True, eq=False)
class _Pool:
    """rows: unit (m, d), centred. known: int64 (m,). taken: bool (m,), not to be asked; changes as rows are chosen."""

    rows: np.ndarray
    known: np.ndarray
    taken: np.ndarray

    def chosen(self, by_lot: np.ndarray, count: int, random: int, missing: int, seed: int) -> list[tuple[int, Why]]:
        """by_lot: rows in their order by lot. random: how many of the count are drawn. missing: typical ones, at most."""
        count = min(count, int((~self.taken).sum()))
        found: list[tuple[int, Why]] = []

        def take(more: Sequence[int] | np.ndarray, why: Why) -> None:
            found.extend((int(row), why) for row in more)
            self.taken[list(more)] = True

        take(by_lot[~self.taken[by_lot]][: min(max(random, 0), count)], "random")
        readable = len(np.unique(self.known[self.known >= 0])) > 1
        wanted = min(max(missing, 0) if readable else count, count - len(found))
        take(typical(self.rows, self.taken, wanted, seed), "typical")
        if left := count - len(found):
            free = np.flatnonzero(~self.taken)
            doubtful = free[np.argsort(margins(self.rows, self.known, free), kind="stable")]
            sharp = left - round(left * DIFFERENT)
            take(doubtful[:sharp], "unsure")
            half = doubtful[sharp : max(left, len(doubtful) // 2)]
            take(farthest(self.rows, half, np.flatnonzero(self.taken), left - sharp), "different")
        return found


def random_order(ids: Sequence[str], seed: int) -> np.ndarray:
    """Rows in an order by lot, int64 (n,): by a digest of seed and id, so that items that come later fall in between."""
    lots = [hashlib.sha256(f"{seed}\n{id}".encode()).digest() for id in ids]
    return np.array(sorted(range(len(lots)), key=lots.__getitem__), np.int64)


def random_sample(answers: Answers, seed: int = 0) -> np.ndarray:
    """Labelled rows that are a fair sample of the catalog, bool (n,): all in the order by lot up to the last one that was
    asked because of it. A picture there that had been chosen before counts: its turn would have come."""
    order = random_order(answers.ids, seed)
    drawn = np.flatnonzero((answers.at_random & answers.asked)[order])
    sample = np.zeros(len(order), bool)
    sample[order[: drawn[-1] + 1 if len(drawn) else 0]] = True
    return sample & (answers.known >= 0)


def typical(rows: np.ndarray, taken: np.ndarray, count: int, seed: int) -> list[int]:
    """The middle of the largest clusters in which nothing is taken yet. rows: unit (m, d)."""
    if count <= 0:
        return []
    clusters = min(len(rows), MOST_CLUSTERS, int(taken.sum()) + count)
    near = rows @ _clustered(rows, clusters, np.random.default_rng(seed)).T
    of = near.argmax(axis=1)
    held = np.bincount(of[taken], minlength=clusters) > 0
    sizes = np.bincount(of, minlength=clusters)
    free, found = ~taken, list[int]()
    while len(found) < count and free.any():
        for cluster in sorted(range(clusters), key=lambda one: (held[one], -sizes[one])):
            inside = np.flatnonzero(free & (of == cluster))
            if len(inside) and len(found) < count:
                best = inside[near[inside, cluster].argmax()]
                free[best] = False
                found.append(int(best))
    return found


def margins(rows: np.ndarray, known: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """By how much the best value scores above the next, (m,), for the rows asked, by a regression on the labels."""
    labelled = np.flatnonzero(known >= 0)
    seen, labels = np.unique(known[labelled], return_inverse=True)
    gram = rows[labelled] @ rows[labelled].T
    np.fill_diagonal(gram, 0)
    dual = coefficients(gram, labels, len(seen), SHRINKAGE)
    scores = np.sort(rows[asked] @ (rows[labelled].T @ dual), axis=1)
    apart: np.ndarray = scores[:, -1] - scores[:, -2]
    return apart


def farthest(rows: np.ndarray, among: np.ndarray, taken: np.ndarray, count: int) -> list[int]:
    """One after the other, the row that is the least similar to all that are taken."""
    some = rows[among]
    near = (some @ rows[taken].T).max(axis=1) if len(taken) else np.zeros(len(among))
    found: list[int] = []
    for _ in range(min(count, len(among))):
        next_one = int(near.argmin())
        found.append(int(among[next_one]))
        near = np.maximum(near, some @ some[next_one])
        near[next_one] = np.inf
    return found


def _clustered(rows: np.ndarray, clusters: int, rng: np.random.Generator) -> np.ndarray:
    """Centres of spherical k-means, unit (clusters, d), begun with rows far from each other (k-means++)."""
    first = [int(rng.integers(len(rows)))]
    apart = np.maximum(1 - rows @ rows[first[0]], 0)
    while len(first) < clusters:
        weights = apart / apart.sum() if apart.sum() > 0 else None
        first.append(int(rng.choice(len(rows), p=weights)))
        apart = np.minimum(apart, np.maximum(1 - rows @ rows[first[-1]], 0))
    centres = rows[first]
    for _ in range(ROUNDS):
        of = (rows @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, of, rows)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres)
    return centres

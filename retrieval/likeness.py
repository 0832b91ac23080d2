"""How alike two items are by one attribute: scores of many pairs at once, and the chance that they share its value."""

from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import torch

from model import NEAR, MatchMap, NoMatch, no_match, repeated
from retrieval.interfaces import Embeds
from retrieval.view import View

ROWS = 512
"""Rows of a block of scores."""
COLUMNS = 8192
"""Columns of a block of scores while the nearest are looked for."""
SLACK = 1e-4
"""What scores in float32 may be off by."""
GATHERED = 0.02
"""Share of a block up to which its pairs are sooner scored one by one."""
OFFERED = 0.99
"""Share of all pairs that stay below the score that is offered where there is no match level."""


def lacks_level(embedder: Embeds, attribute: str) -> NoMatch | None:
    """Why pictures that are compared by an attribute have no match level; None where they have one."""
    derivation = embedder.derivation(attribute)
    return no_match(derivation.match, [derivation.mix[section.name] for section in derivation.sections])


_nearest: WeakKeyDictionary[View, dict[str, np.ndarray]] = WeakKeyDictionary()
"""By view and attribute: the score of each slot's hit at place `NEAR`, float32 (slots,), NaN where it is not known yet."""


@dataclass(frozen=True, eq=False)
class Likeness:
    """One attribute on some slots. rows: float32 (n, width), whose inner products are the scores. near: float32 (n,), the
    score of each one's hit at place `NEAR` of the whole catalog. match: None where scores stand for no chance."""

    attribute: str
    rows: np.ndarray
    near: np.ndarray
    match: MatchMap | None

    def block(self, left: slice, right: slice) -> np.ndarray:
        """Scores float32 (left, right) of two runs of rows."""
        found: np.ndarray = (torch.from_numpy(self.rows[left]) @ torch.from_numpy(self.rows[right]).T).numpy()
        return found

    def scores(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Scores float32 (pairs,) of rows int (pairs,) and int (pairs,)."""
        found = np.empty(len(left), np.float32)
        for start in range(0, len(left), COLUMNS):
            some = slice(start, start + COLUMNS)
            found[some] = np.einsum("ij,ij->i", self.rows[left[some]], self.rows[right[some]])
        return found

    def chances(self, scores: np.ndarray, left: np.ndarray, right: np.ndarray, *, most: bool = False) -> np.ndarray:
        """The chance float64 (pairs,) that two rows share the value, NaN where it is not known. Each of the two may ask for the
        other, with another chance, since a score is measured by what else is near: the lower one counts, or `most`, the
        higher."""
        if self.match is None:
            return np.full(len(scores), np.nan)
        near = (np.minimum if most else np.maximum)(self.near[left], self.near[right])
        return self.match.chance(scores.astype(np.float64), near).round(4)

    def bars(self, least: float) -> np.ndarray | None:
        """The score that a pair of each row has to reach for a chance, at the least, float32 (n,); None where none can."""
        cut = self.match.cut(least) if self.match is not None else None
        if self.match is None or cut is None:
            return None
        bars: np.ndarray = (cut + self.match.lean * self.near - SLACK).astype(np.float32)
        return bars


def likeness(view: View, attribute: str, slots: np.ndarray) -> Likeness:
    """An attribute on slots int64 (n,) that have it. `find_near` has to be done before."""
    match = None if lacks_level(view.embedder, attribute) is not None else view.match(attribute)
    lean = match is not None and match.lean > 0
    near = _nearest[view][attribute][slots] if lean else np.zeros(len(slots), np.float32)
    return Likeness(attribute, _rows(view, attribute, slots), near, match)


def find_near(view: View, attribute: str, slots: np.ndarray) -> Iterator[float]:
    """Look for the near ones of slots int64 (n,), block by block; gives the share that is done. Nothing is to be done
    where match levels do not depend on them, or where they are known."""
    if lacks_level(view.embedder, attribute) is not None or not view.match(attribute).lean:
        return
    known = _nearest.setdefault(view, {}).setdefault(attribute, np.full(view.layout.slots, np.nan, np.float32))
    asked = slots[np.isnan(known[slots])]
    if not len(asked):
        return
    rows, own = _rows(view, attribute, asked), view.layout.item[asked]
    best = np.full((len(asked), NEAR), -np.inf, np.float32)
    parts = list(_parts(view, attribute))
    blocks = [range(start, min(start + ROWS, len(asked))) for start in range(0, len(asked), ROWS)]
    done = 0
    for part in parts:
        columns, items = _rows(view, attribute, part), view.layout.item[part]
        starts = np.flatnonzero(np.append(True, np.diff(items) > 0))
        for block in blocks:
            some = slice(block.start, block.stop)
            scores: np.ndarray = (torch.from_numpy(rows[some]) @ torch.from_numpy(columns).T).numpy()
            if len(starts) < len(items):  # an item counts once
                scores = np.maximum.reduceat(scores, starts, axis=1)
            place = np.searchsorted(items[starts], own[some])
            itself = np.flatnonzero((place < len(starts)) & (items[starts][place % len(starts)] == own[some]))
            scores[itself, place[itself]] = -np.inf
            both = torch.from_numpy(np.hstack([best[some], scores]))
            best[some] = torch.topk(both, NEAR, dim=1).values.numpy()
            done += 1
            yield done / (len(blocks) * len(parts))
    there = np.isfinite(best)
    place = np.maximum(there.sum(1) - 1, 0)
    found = best[np.arange(len(best)), place]
    known[asked] = np.where(there.any(1), found, 0.0)


def offered_score(view: View, attribute: str, slots: np.ndarray) -> float:
    """The score that one in a hundred pairs of slots int64 (n,) reaches, to begin with where there is no match level; of a
    sample of at most `ROWS`."""
    some = np.sort(np.random.default_rng(0).permutation(slots)[:ROWS])
    rows = _rows(view, attribute, some)
    scores = (rows @ rows.T)[~np.eye(len(rows), dtype=bool)]
    return round(float(np.quantile(scores, OFFERED)), 3) if len(scores) else 0.0


def _rows(view: View, attribute: str, slots: np.ndarray) -> np.ndarray:
    """Vectors float32 (n, width) of slots, such that their inner products are scores; parts of no share are left out."""
    derivation = view.embedder.derivation(attribute)
    shares = repeated(derivation.sections, derivation.mix)
    used = np.flatnonzero(shares)
    rows: np.ndarray = torch.from_numpy(view.vectors(attribute)[slots]).float().numpy()
    return np.ascontiguousarray(rows[:, used] * np.sqrt(shares[used]).astype(np.float32))


def _parts(view: View, attribute: str) -> Iterator[np.ndarray]:
    """All slots that have an attribute, int64, those of one item beside one another, in parts of about `COLUMNS`."""
    slots = np.flatnonzero(view.pictures.there(attribute))
    slots = slots[np.argsort(view.layout.item[slots], kind="stable")]
    items = view.layout.item[slots]
    start = 0
    while start < len(slots):
        stop = start + COLUMNS
        while stop < len(slots) and items[stop] == items[stop - 1]:
            stop += 1
        yield slots[start:stop]
        start = stop

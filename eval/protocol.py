"""Who is asked for what, and how well the answers rank: the exact protocol of RPF.md §7."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import PurePosixPath

import numpy as np

from catalog import Catalog, Splits
from eval import metrics
from eval.errors import EvalError, Stopped
from model import Section

CHUNK = 4_000_000
"""Scores that are held at once."""
HEAD = 50
"""First ranks of which a ranking keeps the candidate, and whether it is relevant."""

Scorer = Callable[[np.ndarray, np.ndarray], Mapping[str, np.ndarray]]
"""Positions of queries (Q,) and of candidates (C,) → scores (Q, C) under one or several names."""


@dataclass(frozen=True)
class Trial:
    """One attribute's queries and candidates: positions in the catalog, and places of their values in `values`.

    queries, query_values: int64 (Q,); candidates, candidate_values: int64 (C,). A query that is also a candidate is
    left out of its own ranking.
    """

    attribute: str
    values: tuple[str, ...]
    queries: np.ndarray
    query_values: np.ndarray
    candidates: np.ndarray
    candidate_values: np.ndarray

    def relevant(self) -> np.ndarray:
        """Number of relevant candidates of each query, int64 (Q,), itself not counted."""
        counts = np.bincount(self.candidate_values, minlength=int(self.query_values.max(initial=0)) + 1)
        return counts[self.query_values] - (self._own() & self._same_own()).astype(np.int64)

    def ranked_candidates(self) -> np.ndarray:
        """Number of candidates that each query ranks, int64 (Q,)."""
        return len(self.candidates) - self._own().astype(np.int64)

    def _own(self) -> np.ndarray:
        return np.isin(self.queries, self.candidates)

    def _same_own(self) -> np.ndarray:
        value = dict(zip(self.candidates.tolist(), self.candidate_values.tolist(), strict=True))
        own = [value.get(query, -1) for query in self.queries.tolist()]
        return np.array(own, np.int64) == self.query_values


@dataclass(frozen=True)
class Ranking:
    """How each query fared.

    precision: average precision, float64 (Q,). first: rank of its first relevant candidate, int64 (Q,),
    0 for none. head: bool (Q, at most `HEAD`), whether the candidate at each of the first ranks is relevant.
    hits: int64 of the shape of head, positions in the catalog, -1 where a query ranks fewer. miss, miss_rank:
    int64 (Q,), position and rank of the first candidate that is not relevant; -1 and 0 for none. ranks: int32,
    those of the relevant candidates, query after query, each query's best first and at most so many as
    `rank` was asked to keep; counts: int64 (Q,), how many are kept of each.
    """

    precision: np.ndarray
    first: np.ndarray
    head: np.ndarray
    hits: np.ndarray
    miss: np.ndarray
    miss_rank: np.ndarray
    ranks: np.ndarray
    counts: np.ndarray


def check_share(share: float) -> None:
    """EvalError for a share of queries that is not between 0 and 1."""
    if not 0 < share < 1:
        raise EvalError(f"the share of queries must lie between 0 and 1, not {share}")


def seeded_trials(
    catalog: Catalog,
    attributes: Sequence[str],
    share: float = 0.2,
    seed: int = 0,
    usable: np.ndarray | None = None,
    alone: int = 0,
) -> list[Trial]:
    """A trial for each attribute: of a shuffle of the items labelled with it, the first share are the queries.

    The shuffle is `numpy.random.default_rng(seed).permutation` of the labelled items in catalog order, the same seed
    for each attribute, so that a trial does not depend on which others are run; the number of queries is rounded, at
    least 1, and leaves at least one candidate. usable: bool (items,), False for items that cannot be embedded.
    alone: an attribute with at most so many labelled items is asked by leaving one out: each of them asks all others.
    EvalError for a share outside 0 to 1; attributes with fewer than two labelled items get no trial.
    """
    check_share(share)
    trials = []
    for name in attributes:
        labels = catalog.labels(name)
        labelled = np.flatnonzero((labels >= 0) & (True if usable is None else usable))
        if len(labelled) < 2:
            continue
        values = catalog.attribute(name).values
        if len(labelled) <= alone:
            trials.append(Trial(name, values, labelled, labels[labelled], labelled, labels[labelled]))
            continue
        shuffled = labelled[np.random.default_rng(seed).permutation(len(labelled))]
        count = min(max(1, int(len(labelled) * share + 0.5)), len(labelled) - 1)
        queries, candidates = np.sort(shuffled[:count]), np.sort(shuffled[count:])
        trials.append(Trial(name, values, queries, labels[queries], candidates, labels[candidates]))
    return trials


def published_trials(catalog: Catalog, splits: Splits, usable: np.ndarray | None = None) -> list[Trial]:
    """The trials of published split files, their images found in the catalog by path.

    EvalError when the files are not listed, or the catalog lacks an image that they name.
    """
    if splits.files is None:
        raise EvalError(f"{splits.dataset} has no filenames_{splits.split}.txt; its queries cannot be found")
    places = {PurePosixPath(item.image): position for position, item in enumerate(catalog.items)}
    trials = []
    for name, count in splits.attributes.items():
        sides = []
        for rows in splits.of(name):
            named = [PurePosixPath(splits.files[file]) for file in rows[:, 0]]
            missing = [path for path in named if path not in places]
            if missing:
                raise EvalError(f"the catalog lacks {len(missing)} images of {splits.dataset}, such as '{missing[0]}'")
            positions = np.array([places[path] for path in named], np.int64)
            keep = np.ones(len(positions), bool) if usable is None else usable[positions]
            sides += [positions[keep], rows[keep, 1]]
        if len(sides[0]) and len(sides[2]):
            trials.append(Trial(name, tuple(map(str, range(count))), *sides))
    return trials


def rank(
    trial: Trial,
    scorer: Scorer,
    progress: Callable[[int], object] | None = None,
    stop: Callable[[], bool] | None = None,
    keep: int = 0,
) -> dict[str, Ranking]:
    """Rank every candidate for every query by each kind of score, a chunk of queries at a time.

    progress: called with the number of queries that each chunk had. stop: asked before each chunk; Stopped
    when it says yes. keep: ranks of relevant candidates that are kept of a query.
    """
    step = max(1, CHUNK // max(1, len(trial.candidates)))
    parts: dict[str, list[Ranking]] = {}
    for start in range(0, len(trial.queries), step):
        if stop is not None and stop():
            raise Stopped("the evaluation was stopped")
        queries = trial.queries[start : start + step]
        relevant = trial.query_values[start : start + step, None] == trial.candidate_values[None, :]
        own = queries[:, None] == trial.candidates[None, :]
        for name, scores in scorer(queries, trial.candidates).items():
            parts.setdefault(name, []).append(ranked(trial.candidates, scores, relevant, own, keep))
        if progress is not None:
            progress(len(queries))
    return {name: _joined(found) for name, found in parts.items()}


def ranked(candidates: np.ndarray, scores: np.ndarray, relevant: np.ndarray, own: np.ndarray, keep: int = 0) -> Ranking:
    """The ranking of some queries: scores float64, relevant and own bool, (Q, C); candidates: positions (C,)."""
    order, found = metrics.ranking(scores, relevant, own)
    count = len(candidates) - own.sum(axis=1)
    head = found[:, :HEAD].copy()
    hits = np.where(np.arange(head.shape[1]) < count[:, None], candidates[order[:, : head.shape[1]]], -1)
    places = np.arange(found.shape[1])
    wrong = ~found & (places < count[:, None])
    missed = wrong.any(axis=1)
    at = wrong.argmax(axis=1) if found.shape[1] else np.zeros(len(found), np.int64)
    miss = np.where(missed, candidates[np.take_along_axis(order, at[:, None], axis=1)[:, 0]], -1)
    rows, ranks = np.nonzero(found)
    nth = np.arange(len(rows)) - np.searchsorted(rows, rows)
    kept = nth < keep
    return Ranking(
        metrics.average_precision(found, reduce=False),
        metrics.first_relevant(found),
        head,
        hits,
        miss,
        np.where(missed, at + 1, 0),
        (ranks[kept] + 1).astype(np.int32),
        np.bincount(rows[kept], minlength=len(found)),
    )


def _joined(parts: Sequence[Ranking]) -> Ranking:
    return Ranking(*(np.concatenate([getattr(part, entry.name) for part in parts]) for entry in fields(Ranking)))


def sections_scorer(vectors: np.ndarray, sections: Sequence[Section], mix: Mapping[str, float]) -> Scorer:
    """Scores from the derived vectors (items, width) of one attribute: "fused", the sum of each section's share times its
    cosine or inner product, and each section alone by its name where there are several. Region and crop alone are RPF.md
    §4, with share β and 1 - β."""
    each = parts_scorer(vectors, sections)

    def scores(queries: np.ndarray, candidates: np.ndarray) -> dict[str, np.ndarray]:
        parts = each(queries, candidates)
        fused = np.sum([mix[name] * part for name, part in parts.items()], axis=0)
        return {"fused": fused, **(parts if len(parts) > 1 else {})}

    return scores


def parts_scorer(vectors: np.ndarray, sections: Sequence[Section]) -> Scorer:
    """Scores by each section alone, by its name; arguments as for `sections_scorer`."""
    stops = np.cumsum([section.width for section in sections])
    places = [slice(stop - section.width, stop) for section, stop in zip(sections, stops, strict=True)]

    def scores(queries: np.ndarray, candidates: np.ndarray) -> dict[str, np.ndarray]:
        parts = {}
        for section, place in zip(sections, places, strict=True):
            asking, answering = (vectors[rows, place].astype(np.float64) for rows in (queries, candidates))
            parts[section.name] = metrics.cosine(asking, answering) if section.unit else asking @ answering.T
        return parts

    return scores


def global_scorer(features: np.ndarray) -> Scorer:
    """Score "fused": cosine of one vector an image, (items, D), the same whatever the attribute."""
    return lambda queries, candidates: {"fused": metrics.cosine(features[queries], features[candidates])}

"""Who is asked for what, and how well the answers rank: the exact protocol of RPF.md §7."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from catalog import Catalog, Splits
from eval.errors import EvalError, Stopped
from eval.products import Products
from eval.ranking import Candidates, Ranking, joined, ranked
from model import Section

FUSED = "fused"
"""Name of the score by all sections together."""
CHUNK = 4_000_000
"""Scores that are held at once."""

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
    keep: int | None = None,
) -> dict[str, Ranking]:
    """Rank every candidate for every query by each kind of score, a chunk of queries at a time.

    progress: called with the number of queries that each chunk had. stop: asked before each chunk; Stopped
    when it says yes. keep: ranks of relevant candidates that are kept of a query, in the ranking by "fused";
    None keeps neither them nor the hits.
    """
    step = max(1, CHUNK // max(1, len(trial.candidates)))
    answering = Candidates(trial.candidates, trial.candidate_values)
    parts: dict[str, list[Ranking]] = {}
    for start in range(0, len(trial.queries), step):
        if stop is not None and stop():
            raise Stopped("the evaluation was stopped")
        queries, values = (column[start : start + step] for column in (trial.queries, trial.query_values))
        for name, scores in scorer(queries, trial.candidates).items():
            parts.setdefault(name, []).append(
                ranked(scores, answering, queries, values, keep if name == FUSED else None)
            )
        if progress is not None:
            progress(len(queries))
    return {name: joined(found) for name, found in parts.items()}


def sections_scorer(vectors: np.ndarray, sections: Sequence[Section], mix: Mapping[str, float]) -> Scorer:
    """Scores from the derived vectors (items, width) of one attribute: "fused", the sum of each section's share times its
    cosine or inner product, and each section alone by its name where there are several. Region and crop alone are RPF.md
    §4, with share β and 1 - β."""
    each = parts_scorer(vectors, sections)

    def scores(queries: np.ndarray, candidates: np.ndarray) -> dict[str, np.ndarray]:
        parts = each(queries, candidates)
        return {"fused": mixed(parts, mix), **(parts if len(parts) > 1 else {})}

    return scores


def mixed(parts: Mapping[str, np.ndarray], mix: Mapping[str, float]) -> np.ndarray:
    """The sum of each section's scores times its share."""
    names = list(parts)
    total: np.ndarray = mix[names[0]] * parts[names[0]]
    for name in names[1:]:
        total += mix[name] * parts[name]
    return total


def parts_scorer(vectors: np.ndarray, sections: Sequence[Section]) -> Scorer:
    """Scores by each section alone, by its name; arguments as for `sections_scorer`."""
    stops = np.cumsum([section.width for section in sections])
    products = {
        section.name: Products(vectors[:, stop - section.width : stop], section.unit)
        for section, stop in zip(sections, stops, strict=True)
    }
    return lambda queries, candidates: {name: of(queries, candidates) for name, of in products.items()}


def global_scorer(features: np.ndarray, centre: np.ndarray | float = 0.0) -> Scorer:
    """Score "fused": cosine of one vector an image, (items, D), the same whatever the attribute, after `centre` (D,) is
    taken off."""
    products = Products(features, True, centre)
    return lambda queries, candidates: {"fused": products(queries, candidates)}

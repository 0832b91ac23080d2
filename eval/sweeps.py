"""What other shares of the views would reach: MAP and P@12 over a grid of β and of γ, from the same vectors."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from eval import metrics
from eval.protocol import Scorer, Trial, mixed, parts_scorer, rank
from model import Section
from retrieval import chosen_mix, without_effect

GRID = tuple(round(step / 10, 1) for step in range(11))
"""Shares that are tried where none are given."""
MOST = 1_000_000
"""Scores of one attribute that are ranked for each share; of more queries, evenly drawn ones are asked: the same for all
shares, so that the curve shows what a share changes, in seconds."""


def sweep(
    trial: Trial,
    vectors: np.ndarray,
    sections: Sequence[Section],
    mix: Mapping[str, float],
    grid: Sequence[float] = GRID,
    stop: Callable[[], bool] | None = None,
) -> dict[str, list[list[float]]]:
    """ "beta" and "gamma", where they are of effect → [share, MAP, P@12] of each share of the grid, in percent.

    vectors: derived ones (items, width); sections: what they are made of; mix: the attribute's own, of
    which the share that is tried takes the place, as `retrieval.chosen_mix` has it. The scores of the
    views are computed once, and no image is embedded. Where queries times candidates are more than
    `MOST`, so many queries are asked, every second or third and so on. Stopped as `rank` raises it.
    """
    mixes = {}
    for which in ("beta", "gamma"):
        for place, share in enumerate(grid):
            asked = {which: float(share)}
            if not without_effect(mix, asked.get("beta"), asked.get("gamma")):
                mixes[f"{which} {place}"] = chosen_mix(mix, asked.get("beta"), asked.get("gamma"))
    if not mixes:
        return {}
    every = max(1, math.ceil(len(trial.queries) * len(trial.candidates) / MOST))
    some = replace(trial, queries=trial.queries[::every], query_values=trial.query_values[::every])
    found: dict[str, list[list[float]]] = {}
    rankings = rank(some, _mixed(parts_scorer(vectors, sections), mixes), stop=stop)
    for name, ranking in rankings.items():
        of, nth = name.split()
        figures = [ranking.precision.mean(), metrics.precision_at_k(ranking.head, 12)]
        found.setdefault(of, []).append([float(grid[int(nth)]), *(round(float(f) * 100, 4) for f in figures)])
    return found


def _mixed(parts: Scorer, mixes: Mapping[str, Mapping[str, float]]) -> Scorer:
    def scores(queries: np.ndarray, candidates: np.ndarray) -> dict[str, np.ndarray]:
        own = parts(queries, candidates)
        return {name: mixed(own, mix) for name, mix in mixes.items()}

    return scores

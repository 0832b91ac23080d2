"""What other shares of the views would reach: MAP and P@12 over a grid of β and of γ, from the same vectors."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from eval import metrics
from eval.protocol import Scorer, Trial, parts_scorer, rank
from model import Section
from retrieval import chosen_mix, without_effect

GRID = tuple(round(step / 10, 1) for step in range(11))
"""Shares that are tried where none are given."""


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
    views are computed once, and no image is embedded. Stopped as `rank` raises it.
    """
    mixes = {}
    for which in ("beta", "gamma"):
        for place, share in enumerate(grid):
            asked = {which: float(share)}
            if not without_effect(mix, asked.get("beta"), asked.get("gamma")):
                mixes[f"{which} {place}"] = chosen_mix(mix, asked.get("beta"), asked.get("gamma"))
    if not mixes:
        return {}
    found: dict[str, list[list[float]]] = {}
    rankings = rank(trial, _mixed(parts_scorer(vectors, sections), mixes), stop=stop)
    for name, ranking in rankings.items():
        which, place = name.split()
        figures = [ranking.precision.mean(), metrics.precision_at_k(ranking.head, 12)]
        found.setdefault(which, []).append([float(grid[int(place)]), *(round(float(f) * 100, 4) for f in figures)])
    return found


def _mixed(parts: Scorer, mixes: Mapping[str, Mapping[str, float]]) -> Scorer:
    def scores(queries: np.ndarray, candidates: np.ndarray) -> dict[str, np.ndarray]:
        own = parts(queries, candidates)
        return {name: sum((mix[part] * own[part] for part in mix), np.zeros(())) for name, mix in mixes.items()}

    return scores

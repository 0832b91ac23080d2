"""From rankings to what is kept of every query, and to the intervals of their means."""

from collections.abc import Mapping

import numpy as np

from eval import metrics
from eval.detail import MOST_KEPT, MOST_RANKS, Asked
from eval.intervals import mean_interval
from eval.protocol import Trial
from eval.ranking import Ranking

INTERVALS = ("map", "p8", "p12", "top1", "top8")
"""Figures that have an interval."""
SPAN = (0.0, 100.0)
"""Least and most that a figure of a query can be."""
FORMER = {"patch": "crop"}
"""View as reports called it when the patch branch saw the crop alone → as it is called now."""


def asked(trial: Trial, rankings: Mapping[str, Ranking], items: int) -> Asked:
    """What is kept of a trial's queries, from the rankings by "fused" and by each view; items: of the catalog."""
    fused = rankings["fused"]
    item_values = np.full(items, -1, np.int32)
    item_values[trial.candidates] = trial.candidate_values
    item_values[trial.queries] = trial.query_values
    numbers = {
        "queries": trial.queries,
        "values": trial.query_values,
        "hits": fused.hits,
        "miss": fused.miss,
        "miss_rank": fused.miss_rank,
        "first": fused.first,
        "relevant": trial.relevant(),
        "ranked": trial.ranked_candidates(),
    }
    return Asked(
        names=trial.values,
        right=fused.head,
        ap=fused.precision.astype(np.float32),
        item_values=item_values,
        ranks=fused.ranks,
        offsets=np.concatenate(([0], np.cumsum(fused.counts))),
        most_ranks=ranks_kept(len(trial.queries)),
        ap_by_view={
            FORMER.get(name, name): ranking.precision.astype(np.float32)
            for name, ranking in rankings.items()
            if name != "fused"
        },
        **{name: column.astype(np.int32) for name, column in numbers.items()},
    )


def ranks_kept(queries: int) -> int:
    """Ranks of right candidates that are kept of each of so many queries."""
    return max(1, min(MOST_RANKS, MOST_KEPT // max(1, queries)))


def figures_of(ranking: Ranking) -> dict[str, np.ndarray]:
    """Each of `INTERVALS` for each query, in percent, float64 (Q,)."""
    shares = {"map": ranking.precision}
    shares |= {f"p{k}": metrics.precision_at_k(ranking.head, k, reduce=False) for k in (8, 12)}
    shares |= {f"top{k}": metrics.top_k(ranking.first, k, reduce=False) for k in (1, 8)}
    return {name: shares[name] * 100 for name in INTERVALS}


def intervals_of(
    figures: Mapping[str, np.ndarray], clusters: np.ndarray | None = None
) -> dict[str, tuple[float, float]]:
    """Figure → low, high of its mean, from what each query reached, (Q,).

    clusters: (Q,), which queries belong together. A figure whose bounds are not known, such as that of
    one query, has none.
    """
    found = {name: mean_interval(column, clusters, span=SPAN) for name, column in figures.items()}
    known = {name: one for name, one in found.items() if one.known}
    return {name: (round(float(one.low), 4), round(float(one.high), 4)) for name, one in known.items()}

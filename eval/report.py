"""The result of one evaluation: a dataclass, and what its figures are computed from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from eval import metrics
from eval.detail import Asked, Detail, query_columns
from eval.errors import EvalError
from eval.kept import FORMER, asked, figures_of, intervals_of
from eval.protocol import Trial
from eval.ranking import Ranking

SCHEMA = 2
"""Version of what is in a report; reports without one are of version 1."""
KS = (1, 2, 3, 4, 5, 8, 10, 15, 20, 30, 50)
VIEWS = ("region", "crop", "whole", "general")
"""Views of an image that are ranked alone, in the order in which they are shown; a method may give others."""
FIGURES = (
    "map",
    "map_region",
    "map_patch",
    "chance_map",
    "p8",
    "ceiling_p8",
    "chance_p8",
    "p12",
    "ceiling_p12",
    "chance_p12",
    "top1",
    "top8",
    "chance_top1",
    "chance_top8",
)


@dataclass(frozen=True)
class AttributeReport:
    """Figures of one attribute, in percent; `map`, `top1`, `top8`, `p8` and `p12` are of the fused ranking.

    map_by_view: view → MAP of the ranking by it alone; empty where a method has no views. map_region and map_patch: those of
    region and crop, None where there is none. p8, p12: share of the first 8 and 12 that is right; ceiling_…: the most that any
    ranking can reach (a value with 2 items cannot fill 12); None in reports from before. mix: view → its share of the score.
    beta: share of region where the mix has region and crop alone. topk: "fused", a view or "chance" → k → Top-k accuracy.
    candidates: those that a query ranks. by_value: value → map, p12, ceiling_p12, queries, candidates (of the value). per_query:
    id, value, ap, p8, p12 and first (rank) of each query, and ap_region … of each view, in catalog order; empty where the file
    has a detail: `per_query` reads either. intervals: each of `INTERVALS` → low, high in percent (95 %,
    `eval.intervals.mean_interval`); sweeps: "beta" or "gamma" → [share, MAP, P@12] of each share that was tried; both are empty
    in reports of version 1.
    """

    map: float
    map_region: float | None
    map_patch: float | None
    chance_map: float
    top1: float
    top8: float
    chance_top1: float
    chance_top8: float
    queries: int
    candidates: int
    beta: float | None
    values: list[str]
    topk: dict[str, dict[int, float]]
    by_value: dict[str, dict[str, float]] = field(default_factory=dict)
    per_query: dict[str, list[Any]] = field(default_factory=dict)
    p8: float | None = None
    ceiling_p8: float | None = None
    chance_p8: float | None = None
    p12: float | None = None
    ceiling_p12: float | None = None
    chance_p12: float | None = None
    map_by_view: dict[str, float] = field(default_factory=dict)
    mix: dict[str, float] | None = None
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    sweeps: dict[str, list[list[float]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """One evaluation. `overall` holds each of `FIGURES` as query-weighted mean over the attributes, and as plain mean under
    the same name with `_plain`, None where an attribute lacks it; `map_by_view` (and `map_by_view_plain`) of the views that all
    attributes have; `topk` in it is query-weighted; `intervals` in it are of the query-weighted means. Figures in percent.
    shortages: attributes with too few labels, as `eval.shortage.Shortage` has them; `warnings` says the same in words.
    schema: version of what is in it. detail_digest: SHA-256 (hex) of the file of its detail, '' where there is none. detail:
    what the queries reached, of a report that was just made; a file of a report does not hold it (`load_detail`).
    """

    title: str
    method: str
    overall: dict[str, Any]
    attributes: dict[str, AttributeReport]
    catalog: dict[str, Any] = field(default_factory=dict)
    weights: dict[str, Any] = field(default_factory=dict)
    protocol: dict[str, Any] = field(default_factory=dict)
    seed: int | None = None
    versions: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    shortages: list[dict[str, Any]] = field(default_factory=list)
    schema: int = SCHEMA
    detail_digest: str = ""
    detail: Detail | None = field(default=None, compare=False, repr=False)

    @property
    def views(self) -> list[str]:
        """Views that at least one attribute was ranked by alone, in the order in which they are shown."""
        return in_order(view for figures in self.attributes.values() for view in figures.map_by_view)

    @property
    def has_branches(self) -> bool:
        """Whether there are figures by view beside the fused ones."""
        return bool(self.views)


def in_order(views: Iterable[str]) -> list[str]:
    """Views, each once, in the order in which they are shown; those that are not in `VIEWS` come last."""
    there = list(dict.fromkeys(views))
    return [view for view in VIEWS if view in there] + [view for view in there if view not in VIEWS]


def attribute_report(
    trial: Trial,
    rankings: Mapping[str, Ranking],
    ids: Sequence[str],
    mix: Mapping[str, float] | None,
    clusters: np.ndarray | None = None,
    kept: Asked | None = None,
) -> AttributeReport:
    """Figures of a trial from the rankings by "fused" and by each view alone.

    rankings: "patch", as the crop was called before, counts as "crop". mix: view → its share of the fused score; None where
    nothing was mixed. clusters: (items,), the near-duplicates that each item is one of; their queries count together.
    kept: what is kept of the queries, if that is there already.
    """
    kept = asked(trial, rankings, len(ids)) if kept is None else kept
    relevant, ranked = trial.relevant(), trial.ranked_candidates()
    fused = rankings["fused"]
    by_view = {FORMER.get(name, name): ranking for name, ranking in rankings.items() if name != "fused"}
    by_view = {view: by_view[view] for view in in_order(by_view)}
    means = {view: _percent(ranking.precision.mean()) for view, ranking in by_view.items()}
    curves = {"fused": fused, **by_view}
    topk = {name: {k: _percent(metrics.top_k(ranking.first, k)) for k in KS} for name, ranking in curves.items()}
    topk["chance"] = {k: _percent(metrics.chance_top_k(relevant, ranked, k)) for k in KS}
    shares = None if mix is None else {FORMER.get(view, view): float(share) for view, share in mix.items()}
    return AttributeReport(
        map=_percent(fused.precision.mean()),
        map_region=means.get("region"),
        map_patch=means.get("crop"),
        chance_map=_percent(metrics.chance_average_precision(relevant, ranked)),
        top1=topk["fused"][1],
        top8=topk["fused"][8],
        chance_top1=topk["chance"][1],
        chance_top8=topk["chance"][8],
        queries=len(trial.queries),
        candidates=int(ranked.max(initial=0)),
        beta=beta_of(shares),
        values=list(trial.values),
        topk=topk,
        by_value=_by_value(trial, fused),
        per_query=query_columns(kept, ids),
        **_first_places(fused.head, relevant, ranked),
        map_by_view=means,
        mix=shares,
        intervals=intervals_of(figures_of(fused), None if clusters is None else clusters[trial.queries]),
    )


def per_query(report: Report, attribute: str, detail: Detail | None = None) -> dict[str, list[Any]]:
    """id, value, ap, p8, p12 and first (rank) of each query (and ap_region … of each view) in percent, wherever they are kept: in the
    report itself (version 1), or in its detail. Empty where neither has them."""
    kept = report.attributes[attribute].per_query
    detail = report.detail if detail is None else detail
    if kept or detail is None or attribute not in detail.attributes:
        return kept
    return query_columns(detail.of(attribute), detail.ids)


def with_detail(report: Report, detail: Detail | None) -> Report:
    """The report with its detail, and with the columns of its queries read from it: as it was when it was made, but for
    their last decimals."""
    if detail is None:
        return report
    columns = {name: query_columns(of, detail.ids) for name, of in detail.attributes.items()}
    attributes = {name: replace(one, per_query=columns.get(name, {})) for name, one in report.attributes.items()}
    return replace(report, attributes=attributes, detail=detail)


def beta_of(mix: Mapping[str, float] | None) -> float | None:
    """The β of RPF.md: the share of region, where region and crop alone have one; else None."""
    if mix is None or any(share for view, share in mix.items() if view not in ("region", "crop")):
        return None
    return mix.get("region", 0.0)


def _first_places(head: np.ndarray, relevant: np.ndarray, ranked: np.ndarray) -> dict[str, Any]:
    """P@8 and P@12, each with ceiling and chance; head: (Q, 12 or more) of `Ranking`."""
    out = {}
    for k in (8, 12):
        out[f"p{k}"] = _percent(metrics.precision_at_k(head, k))
        out[f"ceiling_p{k}"] = _percent(metrics.ceiling_precision_at_k(relevant, k))
        out[f"chance_p{k}"] = _percent(metrics.chance_precision_at_k(relevant, ranked, k))
    return out


def _by_value(trial: Trial, ranking: Ranking) -> dict[str, dict[str, float]]:
    relevant, found = trial.relevant(), {}
    for place, value in enumerate(trial.values):
        asked = trial.query_values == place
        if asked.any():
            found[value] = {
                "map": _percent(ranking.precision[asked].mean()),
                "p12": _percent(metrics.precision_at_k(ranking.head[asked], 12)),
                "ceiling_p12": _percent(metrics.ceiling_precision_at_k(relevant[asked], 12)),
                "queries": int(asked.sum()),
                "candidates": int(relevant[asked].max()),
            }
    return found


def overall(attributes: Mapping[str, AttributeReport]) -> dict[str, Any]:
    """Query-weighted and plain (`_plain`) means of the figures, as `Report.overall` has them; EvalError for none."""
    if not attributes:
        raise EvalError("no attribute has two labelled items to compare; label more items or choose another split")
    reports = list(attributes.values())
    queries = np.array([report.queries for report in reports], float)
    out: dict[str, Any] = {}
    for name in FIGURES:
        column = [getattr(report, name) for report in reports]
        known = None not in column
        out[name] = _mean(column, queries) if known else None
        out[f"{name}_plain"] = _mean(column) if known else None
    shared = [view for view in in_order(reports[0].map_by_view) if all(view in r.map_by_view for r in reports)]
    columns = {view: [report.map_by_view[view] for report in reports] for view in shared}
    out["map_by_view"] = {view: _mean(column, queries) for view, column in columns.items()}
    out["map_by_view_plain"] = {view: _mean(column) for view, column in columns.items()}
    curves = [name for name in reports[0].topk if all(name in report.topk for report in reports)]
    out["topk"] = {name: {k: _mean([r.topk[name][k] for r in reports], queries) for k in KS} for name in curves}
    out["queries"] = int(queries.sum())
    return out


def _mean(column: Sequence[float], queries: np.ndarray | None = None) -> float:
    return round(float(np.average(column, weights=queries)), 4)


def _percent(share: float, decimals: int = 4) -> float:
    return round(float(share) * 100, decimals)

"""The result of one evaluation: a dataclass, and the JSON file that dashboards and figures read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from catalog import decode
from common.files import write_in_one_step
from eval import metrics
from eval.errors import EvalError
from eval.protocol import Ranking, Trial

FORMAT = "lapel-report/1"
KS = (1, 2, 3, 4, 5, 8, 10, 15, 20, 30, 50)
FIGURES = ("map", "map_region", "map_patch", "chance_map", "top1", "top8", "chance_top1", "chance_top8")
MOST_BYTES = 64 * 2**20


@dataclass(frozen=True)
class AttributeReport:
    """Figures of one attribute, in percent. `map`, `top1`, `top8`: fused; None where a method has no such branch.

    topk: "fused", "region", "patch" or "chance" → k → Top-k accuracy. by_value: value → map, queries, candidates.
    per_query: id, value, and ap of each query (and ap_region, ap_patch), in catalog order. beta: share of region.
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


@dataclass(frozen=True)
class Report:
    """One evaluation. `overall` holds each figure as query-weighted mean over the attributes, and as plain mean under
    the same name with `_plain`; `topk` in it is query-weighted. Figures in percent.
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

    @property
    def has_branches(self) -> bool:
        """Whether there are figures by branch beside the fused ones."""
        return self.overall.get("map_region") is not None or self.overall.get("map_patch") is not None


def attribute_report(
    trial: Trial, rankings: Mapping[str, Ranking], ids: Sequence[str], beta: float | None
) -> AttributeReport:
    """Figures of a trial from the rankings by "fused" and, where there are such, "region" and "patch"."""
    relevant, ranked = trial.relevant(), trial.ranked_candidates()
    branches = {name: rankings[name] for name in ("fused", "region", "patch") if name in rankings}
    means = {name: _percent(ranking.precision.mean()) for name, ranking in branches.items()}
    topk = {name: {k: _percent(metrics.top_k(ranking.first, k)) for k in KS} for name, ranking in branches.items()}
    topk["chance"] = {k: _percent(metrics.chance_top_k(relevant, ranked, k)) for k in KS}
    columns = {"fused": "ap", "region": "ap_region", "patch": "ap_patch"}
    return AttributeReport(
        map=means["fused"],
        map_region=means.get("region"),
        map_patch=means.get("patch"),
        chance_map=_percent(metrics.chance_average_precision(relevant, ranked)),
        top1=topk["fused"][1],
        top8=topk["fused"][8],
        chance_top1=topk["chance"][1],
        chance_top8=topk["chance"][8],
        queries=len(trial.queries),
        candidates=len(trial.candidates),
        beta=beta,
        values=list(trial.values),
        topk=topk,
        by_value=_by_value(trial, rankings["fused"]),
        per_query={
            "id": [ids[position] for position in trial.queries],
            "value": [trial.values[value] for value in trial.query_values],
            **{columns[name]: [_percent(ap, 2) for ap in ranking.precision] for name, ranking in branches.items()},
        },
    )


def _by_value(trial: Trial, ranking: Ranking) -> dict[str, dict[str, float]]:
    found = {}
    for place, value in enumerate(trial.values):
        asked = trial.query_values == place
        if asked.any():
            found[value] = {
                "map": _percent(ranking.precision[asked].mean()),
                "queries": int(asked.sum()),
                "candidates": int((trial.candidate_values == place).sum()),
            }
    return found


def overall(attributes: Mapping[str, AttributeReport]) -> dict[str, Any]:
    """Query-weighted and plain (`_plain`) means of the figures, and the query-weighted Top-k; EvalError for none."""
    if not attributes:
        raise EvalError("no attribute has two labelled items to compare; label more items or choose another split")
    queries = np.array([report.queries for report in attributes.values()], float)
    out: dict[str, Any] = {}
    for name in FIGURES:
        column = [getattr(report, name) for report in attributes.values()]
        known = None not in column
        out[name] = round(float(np.average(column, weights=queries)), 4) if known else None
        out[f"{name}_plain"] = round(float(np.mean(column)), 4) if known else None
    reports = list(attributes.values())
    out["topk"] = {
        branch: {k: round(float(np.average([r.topk[branch][k] for r in reports], weights=queries)), 4) for k in KS}
        for branch in reports[0].topk
    }
    out["queries"] = int(queries.sum())
    return out


def to_json(report: Report, detail: bool = True) -> dict[str, Any]:
    """The JSON object of a report; without `detail`, what single queries reached is left out."""
    out = {"format": FORMAT, **asdict(report)}
    if not detail:
        for attribute in out["attributes"].values():
            attribute.pop("per_query")
    return out


def save_report(report: Report, path: str | Path) -> None:
    """Write a report in one step; EvalError when the file cannot be written."""
    _write(_layout(to_json(report), 3), Path(path))


def save_json(report: dict[str, Any], path: str | Path) -> None:
    """Write a report of another form in one step; EvalError when the file cannot be written."""
    _write(json.dumps(report, indent=1, ensure_ascii=False), Path(path))


def _write(text: str, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_in_one_step(path, text + "\n")
    except OSError as error:
        raise EvalError(f"the report cannot be written to '{path}' ({error.strerror or error})") from error


def load_report(path: str | Path) -> Report:
    """Read a report; EvalError when the file is missing, no report, of another format version, or damaged."""
    path = Path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise EvalError(f"'{path.name}' is larger than {MOST_BYTES >> 20} MB; that is no report")
        content = json.loads(decode(path.read_bytes(), path.name).text)
    except OSError as error:
        raise EvalError(f"the report '{path}' cannot be read ({error.strerror or error})") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, EvalError):
            raise
        raise EvalError(f"'{path.name}' is no report: it is not JSON; make one with `python -m eval run`") from error
    stated = content.get("format") if isinstance(content, dict) else None
    if stated != FORMAT:
        raise EvalError(f"'{path.name}' is no report of format {FORMAT}; make one with `python -m eval run`")
    try:
        return _from_json(content)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise EvalError(f"the report '{path.name}' is damaged ({error}); make it again") from error


def _layout(value: Any, levels: int, indent: str = "") -> str:
    """JSON with the outer levels on lines of their own, and long lists within one."""
    if not levels or not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False)
    inner = indent + " "
    lines = [f"{inner}{json.dumps(str(key))}: {_layout(part, levels - 1, inner)}" for key, part in value.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _from_json(content: dict[str, Any]) -> Report:
    """Keys that this version does not know are left out, so that newer reports can be read."""
    attributes = {}
    for name, figures in content["attributes"].items():
        topk = {branch: _by_k(values) for branch, values in figures.pop("topk").items()}
        figure = AttributeReport(**_known(AttributeReport, figures), topk=topk)
        _check_numbers({**asdict(figure), "map_plain": figure.map})
        attributes[str(name)] = figure
    whole = dict(content["overall"])
    _check_numbers(whole)
    whole["topk"] = {branch: _by_k(values) for branch, values in whole.get("topk", {}).items()}
    return Report(**{**_known(Report, content), "attributes": attributes, "overall": whole})


def _check_numbers(figures: dict[str, Any]) -> None:
    for name in ("map", "map_plain", "queries"):
        if not isinstance(figures[name], int | float):
            raise ValueError(f"'{name}' is no number")
    for name in FIGURES:
        if not isinstance(figures.get(name), int | float | None):
            raise ValueError(f"'{name}' is no number")


def _by_k(values: dict[str, Any]) -> dict[int, float]:
    return {int(k): float(share) for k, share in values.items()}


def _known(kind: type, content: dict[str, Any]) -> dict[str, Any]:
    names = {entry.name for entry in fields(kind)}
    return {name: value for name, value in content.items() if name in names}


def _percent(share: float, decimals: int = 4) -> float:
    return round(float(share) * 100, decimals)

"""Reports as JSON files, which dashboards and figures read; files from before can still be read."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from catalog import decode
from common.files import write_in_one_step
from eval import detail_files
from eval.detail import Detail
from eval.errors import EvalError
from eval.kept import FORMER
from eval.report import FIGURES, SCHEMA, AttributeReport, Report, with_detail

FORMAT = "lapel-report/1"
MOST_BYTES = 64 * 2**20


def to_json(report: Report, detail: bool = True) -> dict[str, Any]:
    """The JSON object of a report; without `detail`, what single queries reached is left out."""
    out = {"format": FORMAT, **asdict(replace(report, detail=None))}
    out.pop("detail")
    if not detail:
        for attribute in out["attributes"].values():
            attribute.pop("per_query")
    return out


def save_report(report: Report, path: str | Path, detail: Detail | None = None) -> None:
    """Write a report, and before it its detail, each in one step.

    path: of the report, `NAME.json`; the detail is `NAME.detail.npz` beside it. detail: None takes the
    report's own, if it has one; a report that was read without it keeps the one that is there already. EvalError when a
    file cannot be written.
    """
    path, kept = Path(path), report.detail if detail is None else detail
    if kept is not None:
        content = detail_files.to_bytes(kept)
        bare = {name: replace(figures, per_query={}) for name, figures in report.attributes.items()}
        report = replace(report, schema=SCHEMA, attributes=bare, detail_digest=detail_files.digest_of(content))
        _write(content, detail_files.detail_path(path))
    elif report.detail_digest and not detail_files.detail_path(path).exists():
        report = replace(report, detail_digest="")
    _write(_layout(to_json(report), 3), path)


def remove_report(path: str | Path) -> None:
    """Remove a report and its detail; no error where there is none."""
    path = Path(path)
    path.unlink(missing_ok=True)
    detail_files.detail_path(path).unlink(missing_ok=True)


def load_detail(path: str | Path) -> Detail | None:
    """The detail of the report in a file, `NAME.json`; None where the report was made without one.

    EvalError when the report cannot be read, or its detail is missing, damaged or another report's.
    """
    return _detail(load_report(path), Path(path))


def _detail(report: Report, path: Path) -> Detail | None:
    if not report.detail_digest:
        return None
    return detail_files.read_detail(detail_files.detail_path(path), report.detail_digest)


def save_json(report: dict[str, Any], path: str | Path) -> None:
    """Write a report of another form in one step; EvalError when the file cannot be written."""
    _write(json.dumps(report, indent=1, ensure_ascii=False), Path(path))


def _write(content: str | bytes, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_in_one_step(path, content + "\n" if isinstance(content, str) else content)
    except OSError as error:
        raise EvalError(f"the report cannot be written to '{path}' ({error.strerror or error})") from error


def load_report(path: str | Path, detail: bool = False) -> Report:
    """Read a report; EvalError when the file is missing, no report, of a version that is not known, or damaged.

    detail: whether its detail is read too, if it has one; the report then is as it was when it was made. EvalError as
    `load_detail` raises it.
    """
    report = _load(Path(path))
    return with_detail(report, _detail(report, Path(path))) if detail else report


def _load(path: Path) -> Report:
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
    schema = content.get("schema", 1)
    if type(schema) is not int or not 1 <= schema <= SCHEMA:
        raise EvalError(f"'{path.name}' is of version {schema}, which this program does not know; use a newer one")
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
        figure = AttributeReport(**_known(AttributeReport, _by_view(figures)))
        _check_numbers({**asdict(figure), "map_plain": figure.map})
        attributes[str(name)] = figure
    whole = _by_view(content["overall"], ("", "_plain"))
    _check_numbers(whole)
    known = {"schema": 1, **_known(Report, content), "detail": None}
    return Report(**{**known, "attributes": attributes, "overall": whole})


def _by_view(figures: dict[str, Any], suffixes: Sequence[str] = ("",)) -> dict[str, Any]:
    """Figures as they are kept, from those of a file: reports from before knew region and patch
    alone, and called the crop `patch`; their β is a mix of the two."""
    out = {**figures, "topk": {FORMER.get(name, name): _by_k(curve) for name, curve in figures.get("topk", {}).items()}}
    if "intervals" in figures:
        out["intervals"] = {name: (float(low), float(high)) for name, (low, high) in figures["intervals"].items()}
    for curve in figures.get("sweeps", {}).values():
        for point in curve:
            _, _, _ = map(float, point)
    for suffix in suffixes:
        former = {"region": figures.get(f"map_region{suffix}"), "crop": figures.get(f"map_patch{suffix}")}
        known = {view: figure for view, figure in former.items() if figure is not None}
        out.setdefault(f"map_by_view{suffix}", known)
    beta = figures.get("beta")
    if isinstance(beta, int | float) and out["map_by_view"]:
        out.setdefault("mix", {"region": beta, "crop": 1 - beta})
    return out


def _check_numbers(figures: dict[str, Any]) -> None:
    for name in ("map", "map_plain", "queries"):
        if not isinstance(figures[name], int | float):
            raise ValueError(f"'{name}' is no number")
    for name in FIGURES:
        if not isinstance(figures.get(name), int | float | None):
            raise ValueError(f"'{name}' is no number")
    for view, figure in figures["map_by_view"].items():
        if not isinstance(figure, int | float):
            raise ValueError(f"the figure of '{view}' is no number")


def _by_k(values: dict[str, Any]) -> dict[int, float]:
    return {int(k): float(share) for k, share in values.items()}


def _known(kind: type, content: dict[str, Any]) -> dict[str, Any]:
    names = {entry.name for entry in fields(kind)}
    return {name: value for name, value in content.items() if name in names}

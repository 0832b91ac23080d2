"""Every figure of the tab as a line of a table, in percent and points."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from eval import AttributeReport, Beside, Difference, Differences, Foreground, confusion
from ui.metrics.reports import Chosen
from ui.metrics.rows import Figure, Row

COLUMNS = (
    *("part", "attribute", "key", "hit", "figure", "percent", "low", "high", "chance", "ceiling"),
    *("ordinary", "gain", "gain_low", "gain_high", "verdict", "queries_needed", "queries", "candidates"),
)
Line = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """What the tab shows of a report. values, slices, foreground: of each attribute, slices by the column that is chosen.
    compared: title → differences of another report; published: figures of papers; changed: labels changed since."""

    chosen: Chosen
    values: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    slices: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    foreground: Mapping[str, Foreground] = field(default_factory=dict)
    compared: Mapping[str, Differences] = field(default_factory=dict)
    published: tuple[Beside, ...] = ()
    changed: int = 0


def lines(shown: Shown) -> Iterator[Line]:
    """part: attribute, overall, view, mix, value, slice:COLUMN, found, topk, beta or gamma (the share that a sweep is about),
    attention, background, compared:REPORT, published:PAPER."""
    measured = shown.chosen.measured
    for row in [measured.rows.whole, *measured.rows.attributes]:
        yield from (_line(row, name, figure) for name, figure in row.figures.items())
    for name, own in measured.report.attributes.items():
        for line in _of(name, own, shown):
            yield {"attribute": name, **line}
    for title, each in shown.compared.items():
        for name, one in {**each.attributes, "": each.overall}.items():
            if one is not None:
                yield {"part": f"compared:{title}", "attribute": name, "figure": "p12", **_difference(one)}
    for paper in shown.published:
        for name, percent in paper.attributes.items():
            yield {
                "part": f"published:{paper.published.method}",
                "attribute": name,
                "figure": "map",
                "percent": percent,
            }


def _of(name: str, own: AttributeReport, shown: Shown) -> Iterator[Line]:
    for view, percent in own.map_by_view.items():
        yield {"part": "view", "key": view, "figure": "map", "percent": percent}
    for view, share in (own.mix or {}).items():
        yield {"part": "mix", "key": view, "figure": "share", "percent": round(share * 100, 4)}
    yield from _values(own, shown.values.get(name))
    if name in shown.slices:
        yield from _slices(shown.slices[name])
    for view, curve in own.topk.items():
        for k, percent in curve.items():
            yield {"part": "topk", "key": view, "figure": f"top{k}", "percent": percent}
    for which, points in own.sweeps.items():
        for share, *reached in points:
            for figure, percent in zip(("map", "p12"), reached, strict=False):
                yield {"part": which, "key": f"{share:g}", "figure": figure, "percent": percent}
    detail = shown.chosen.measured.detail
    if detail is not None and name in detail.attributes:
        found = confusion(detail, name).dropna(how="all")
        for value in found.index:
            for hit, percent in found.loc[value].items():
                told = {"key": value, "hit": hit, "figure": "p12", "percent": round(float(percent), 4)}
                yield {"part": "found", **told}
    if name in shown.foreground:
        yield from _foreground(shown.foreground[name])


def _values(own: AttributeReport, ranges: pd.DataFrame | None) -> Iterator[Line]:
    for value, told in own.by_value.items():
        known = {} if ranges is None or value not in ranges.index else ranges.loc[value].to_dict()
        for figure in ("p12", "map"):
            if figure in told:
                counts = {key: told.get(key) for key in ("queries", "candidates")}
                ceiling = told.get("ceiling_p12") if figure == "p12" else None
                more = {"percent": told[figure], "ceiling": ceiling, **_bounds(known, figure), **counts}
                yield {"part": "value", "key": value, "figure": figure, **more}


def _slices(frame: pd.DataFrame) -> Iterator[Line]:
    for value, row in frame.iterrows():
        for figure in ("p12", "map"):
            told = {
                "percent": round(float(row[figure]), 4),
                **_bounds(row.to_dict(), figure),
                "queries": row["queries"],
            }
            yield {"part": f"slice:{frame.index.name}", "key": value, "figure": figure, **told}


def _bounds(row: Mapping[Any, Any], figure: str) -> Line:
    low, high = (float(row.get(f"{figure}_{bound}", np.nan)) for bound in ("low", "high"))
    return {"low": round(low, 4), "high": round(high, 4)} if np.isfinite(low) and np.isfinite(high) else {}


def _foreground(found: Foreground) -> Iterator[Line]:
    """Shares of the attention beside those of the area, and of the results that stay on another background."""
    seen = found.attention
    if seen is not None:
        area = {"chance": round(seen.foreground_area * 100, 4), "queries": seen.images}
        yield {
            "part": "attention",
            "key": "person",
            "figure": "share",
            "percent": round(seen.foreground * 100, 4),
            **area,
        }
    if seen is not None and seen.part is not None and seen.part_area is not None:
        told = {
            "percent": round(seen.part * 100, 4),
            "chance": round(seen.part_area * 100, 4),
            "queries": seen.part_images,
        }
        if seen.low is not None and seen.high is not None:
            told |= {"low": round(seen.low * 100, 4), "high": round(seen.high * 100, 4)}
        yield {"part": "attention", "key": "part", "figure": "share", **told}
    for swap in found.swaps:
        told = {"percent": swap.kept, "ordinary": swap.kept_global, "chance": swap.kept_chance}
        shares = {key: round(share * 100, 4) for key, share in told.items()}
        yield {"part": "background", "key": swap.pictures, "figure": "kept", **shares, "queries": swap.images}


def _line(row: Row, name: str, figure: Figure) -> Line:
    out: Line = {
        "part": "attribute" if row.attribute else "overall",
        "attribute": row.attribute,
        "figure": name,
        "percent": figure.value,
        "chance": figure.chance,
        "ceiling": figure.ceiling,
        "ordinary": figure.baseline,
        "queries": row.queries,
        "candidates": row.candidates,
    }
    if figure.interval is not None and figure.interval.known:
        out |= {"low": round(figure.interval.low, 4), "high": round(figure.interval.high, 4)}
    return {**out, **_gained(figure.difference)} if figure.difference is not None else out


def _difference(each: Difference) -> Line:
    """Of another report: its own figure, and what the one shown gains over it."""
    return {"percent": round(each.old, 4), **_gained(each)}


def _gained(each: Difference) -> Line:
    out: Line = {"gain": round(each.points, 4), "verdict": each.verdict, "queries_needed": each.needed}
    if each.interval.known:
        out |= {"gain_low": round(each.interval.low, 4), "gain_high": round(each.interval.high, 4)}
    return out

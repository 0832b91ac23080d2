"""Plots of reports: read in light and dark, by the colour-blind, and on a narrow screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import plotly.graph_objects as go

from eval.errors import EvalError
from eval.report import Report

COLORS = {
    "fused": "#0091d5",
    "region": "#e69f00",
    "crop": "#009e73",
    "whole": "#cc79a7",
    "general": "#d55e00",
    "reading": "#56b4e9",
    "posterior": "#56b4e9",
    "chance": "#808080",
}
"""After Okabe and Ito, the blue between their two, so that it holds on white and on black."""
DASHES = dict(
    zip(COLORS, ("solid", "dash", "dot", "dashdot", "longdash", "5px,2px", "5px,2px", "longdashdot"), strict=True)
)
SYMBOLS = dict(zip(COLORS, ("circle", "square", "diamond", "triangle-up", "cross", "star", "star", "x"), strict=True))
INK, GRID = "#808080", "rgba(128, 128, 128, 0.25)"
MARGIN = 130
UNNEEDED = ["zoom", "pan", "select", "lasso", "zoomin", "zoomout", "autoscale", "resetscale", "sendcharttocloud"]

WORDS = {
    "fused": "Fused",
    "region": "Region only",
    "crop": "Crop only",
    "whole": "Whole square only",
    "general": "General view only",
    "reading": "Reading only",
    "posterior": "Taught reading only",
    "chance": "Chance",
    "map_axis": "MAP (%)",
    "topk_axis": "Queries with a relevant item among the first k (%)",
    "k_axis": "k",
    "p12_axis": "Right among the first 12 results (%)",
    "measured": "Lapel, with 95 % interval",
    "baseline": "Ordinary similarity",
    "ceiling": "The most that is possible",
    "share_axis": "Share",
    "percent_axis": "%",
    "p12": "P@12",
    "map": "MAP",
    "used": "Share in use",
    "difference_axis": "Difference in points of P@12, with 95 % interval",
}
"""What stands in the figures; pass other words for other languages."""


@dataclass(frozen=True)
class Dot:
    """A figure in percent with what stands beside it in `interval_dots`; None where that is not known."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    baseline: float | None = None
    chance: float | None = None
    ceiling: float | None = None


def interval_dots(dots: Sequence[Dot], words: Mapping[str, str] = WORDS) -> go.Figure:
    """A line for each attribute, the first on top: the figure with its interval, and marks at baseline, chance and ceiling."""
    rows = list(reversed(dots))  # plotly draws upwards
    labels = [dot.label for dot in rows]
    figure = go.Figure()
    marks = (
        ("ceiling", "line-ns-open", COLORS["chance"], 14),
        ("chance", "x-thin-open", COLORS["general"], 9),
        ("baseline", "diamond-open", COLORS["region"], 10),
    )
    for key, symbol, color, size in marks:
        values = [getattr(dot, key) for dot in rows]
        if any(value is not None for value in values):
            figure.add_scatter(
                x=values,
                y=labels,
                mode="markers",
                name=words[key],
                marker={"symbol": symbol, "size": size, "color": color, "line": {"width": 2, "color": color}},
                hovertemplate="%{y}: %{x:.1f} %<extra>" + words[key] + "</extra>",
            )
    above = [0.0 if dot.high is None else dot.high - dot.value for dot in rows]
    below = [0.0 if dot.low is None else dot.value - dot.low for dot in rows]
    figure.add_scatter(
        x=[dot.value for dot in rows],
        y=labels,
        mode="markers",
        name=words["measured"],
        marker={"size": 11, "color": COLORS["fused"]},
        error_x={"array": above, "arrayminus": below, "color": COLORS["fused"], "thickness": 2, "width": 5},
        hovertemplate="%{y}: %{x:.1f} %<extra>" + words["measured"] + "</extra>",
    )
    figure.update_xaxes(title=words["p12_axis"], range=[-2, 102], tickvals=[0, 20, 40, 60, 80, 100])
    figure.update_yaxes(automargin=True, type="category", range=[-0.6, len(rows) - 0.4])
    return _dressed(figure, MARGIN + 30 + len(rows) * 30)


def sweep_curves(
    points: Sequence[Sequence[float]], used: float | None = None, axis: str = "", words: Mapping[str, str] = WORDS
) -> go.Figure:
    """MAP and P@12 over the share of a view, with a line at the share in use; points: [share 0 to 1, MAP, P@12 in percent]."""
    figure = go.Figure()
    rows = sorted(tuple(point) for point in points)
    for place, (key, color) in enumerate((("map", COLORS["fused"]), ("p12", COLORS["region"])), start=1):
        figure.add_scatter(
            x=[row[0] for row in rows],
            y=[row[place] for row in rows],
            mode="lines+markers",
            name=words[key],
            line={"color": color, "dash": "solid" if key == "map" else "dash", "width": 2.5},
            marker={"symbol": "circle" if key == "map" else "square", "size": 7},
            hovertemplate="%{x:.2f}: %{y:.1f} %<extra>" + words[key] + "</extra>",
        )
    if used is not None:
        said = {"annotation_text": words["used"], "annotation_position": "bottom right"}
        figure.add_vline(used, line={"color": INK, "dash": "dot", "width": 2}, **said)
    figure.update_xaxes(title=axis or words["share_axis"], range=[-0.03, 1.03])
    figure.update_yaxes(title=words["percent_axis"])
    return _dressed(figure, 340)


def difference_dots(rows: Mapping[str, Sequence[Dot]], words: Mapping[str, str] = WORDS) -> go.Figure:
    """Differences of several reports to one, in points with intervals: a colour and a sign for each report, a line for each
    attribute, zero marked."""
    figure = go.Figure()
    styles = zip(list(COLORS.values())[:6], list(SYMBOLS.values())[:6], strict=True)
    for (name, dots), (color, symbol) in zip(rows.items(), styles, strict=False):
        shown = list(reversed(dots))
        figure.add_scatter(
            x=[dot.value for dot in shown],
            y=[dot.label for dot in shown],
            mode="markers",
            name=escape(name),
            marker={"size": 10, "color": color, "symbol": symbol},
            error_x={
                "array": [0.0 if dot.high is None else dot.high - dot.value for dot in shown],
                "arrayminus": [0.0 if dot.low is None else dot.value - dot.low for dot in shown],
                "color": color,
                "thickness": 2,
            },
            hovertemplate="%{y}: %{x:+.1f}<extra>" + escape(name) + "</extra>",
        )
    figure.add_vline(0, line={"color": INK, "width": 2})
    figure.update_xaxes(title=words["difference_axis"])
    figure.update_yaxes(automargin=True, type="category")
    longest = max((len(dots) for dots in rows.values()), default=1)
    return _dressed(figure, MARGIN + 30 + longest * 32).update_layout(scattermode="group", scattergap=0.4)


def view_dots(report: Report, words: Mapping[str, str] = WORDS, names: Mapping[str, str] | None = None) -> go.Figure:
    """MAP of each attribute, a sign for each view that was ranked alone, and for all together.

    names: attribute → what to write for it.
    """
    words = _named(report, words)
    rows = list(reversed(report.attributes.items()))  # plotly draws upwards
    labels = [(names or {}).get(name, name) for name, _ in rows]
    figure = go.Figure()
    for key in [*(view for view in report.views if view in COLORS), "chance", "fused"]:
        values = {"fused": [one.map for _, one in rows], "chance": [one.chance_map for _, one in rows]}
        figure.add_scatter(
            x=values.get(key, [one.map_by_view.get(key) for _, one in rows]),
            y=labels,
            mode="markers",
            name=words[key],
            marker={"symbol": SYMBOLS[key], "size": 12 if key == "fused" else 9, "color": COLORS[key]},
            hovertemplate="%{y}: %{x:.1f} %<extra>" + words[key] + "</extra>",
        )
    figure.update_xaxes(title=words["map_axis"], range=[-2, 102], tickvals=[0, 20, 40, 60, 80, 100])
    figure.update_yaxes(automargin=True, type="category", range=[-0.6, len(rows) - 0.4])
    return _dressed(figure, MARGIN + 30 + len(rows) * 30)


def topk_curve(report: Report, attribute: str | None = None, words: Mapping[str, str] = WORDS) -> go.Figure:
    """Top-k accuracy over k for one attribute, or query-weighted over all: each branch, and chance."""
    words = _named(report, words)
    curves = report.overall["topk"] if attribute is None else report.attributes[attribute].topk
    figure = go.Figure()
    for key in COLORS:
        if key in curves:
            points = sorted(curves[key].items())
            figure.add_scatter(
                x=[k for k, _ in points],
                y=[share for _, share in points],
                mode="lines+markers" if key != "chance" else "lines",
                name=words[key],
                line={"color": COLORS[key], "dash": DASHES[key], "width": 3 if key == "fused" else 2},
                marker={"symbol": SYMBOLS[key], "size": 7},
                hovertemplate="k = %{x}: %{y:.2f} %<extra>" + words[key] + "</extra>",
            )
    ticks = sorted({k for points in curves.values() for k in points})
    shown = [k for k in ticks if k in (1, 2, 3, 5, 8, 15, 30, 50)]
    figure.update_xaxes(title=words["k_axis"], type="log", tickvals=shown, ticktext=list(map(str, shown)))
    figure.update_yaxes(title=words["topk_axis"], range=[0, 103])
    return _dressed(figure, 420)


def label_curves(points: Mapping[str, Sequence[tuple[float, float]]], baseline: float, catalog: str) -> go.Figure:
    """MAP over the share of the labels: for each method a line through the means, and a mark for each seed.

    points: method → (share of the labels 0 to 1, MAP %), one for each seed; baseline: MAP % without any label.
    """
    figure = go.Figure()
    for (method, rows), color, dash in zip(points.items(), COLORS.values(), DASHES.values(), strict=False):
        shares = sorted({share for share, _ in rows})
        means = [sum(own := [y for x, y in rows if x == share]) / len(own) for share in shares]
        style = {"line": {"color": color, "dash": dash}, "marker": {"color": color}}
        figure.add_scatter(x=shares, y=means, mode="lines", name=method, **style)
        figure.add_scatter(x=[x for x, _ in rows], y=[y for _, y in rows], mode="markers", showlegend=False, **style)
    figure.add_hline(baseline, line={"color": INK, "dash": "longdash"}, annotation_text="global similarity")
    every = sorted({share for rows in points.values() for share, _ in rows})
    ticks = {"tickvals": every, "ticktext": [f"{share:.0%}" for share in every]}
    figure.update_xaxes(title="Labels used", type="log", **ticks)
    figure.update_yaxes(title=f"MAP on {catalog} (test, %)")
    return figure.update_layout(template="plotly_white", width=760, height=430, legend={"orientation": "h", "y": 1.1})


def write_figure(figure: go.Figure, path: Path) -> None:
    """Write a figure as a page (.html) or, where kaleido and a Chromium are there, as a picture; EvalError where not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if path.suffix == ".html":
            figure.write_html(path, include_plotlyjs="cdn")
        else:
            figure.write_image(path)
    except (ValueError, RuntimeError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise EvalError(f"cannot write the chart {path} ({reason}); name it .html") from error


def _named(report: Report, words: Mapping[str, str]) -> Mapping[str, str]:
    """The words, with the method's name for "fused" where a method has no branches to fuse."""
    if report.has_branches or not report.method:
        return words
    return {**words, "fused": escape(report.method)}


def _dressed(figure: go.Figure, height: int) -> go.Figure:
    figure.update_layout(
        template="none",
        height=height,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": INK, "size": 13},
        margin={"l": 10, "r": 10, "t": 60, "b": 56},
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": INK, "activecolor": INK, "remove": UNNEEDED},
        dragmode=False,
        hoverlabel={"font": {"size": 13}},
    )
    titled = {"font": {"size": 13}, "standoff": 12}
    figure.update_xaxes(gridcolor=GRID, zeroline=False, automargin=True, title=titled)
    figure.update_yaxes(gridcolor=GRID, zeroline=False, automargin=True, title=titled)
    return figure

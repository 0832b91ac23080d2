"""Plots of the PoC sheet: gain over ordinary similarity, what so many labels reach, and what the outcome hangs on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import log10

import plotly.graph_objects as go

from eval.figures import COLORS, INK, _dressed
from eval.intervals import Interval

AFTER, BEFORE, SECOND = COLORS["fused"], COLORS["region"], COLORS["crop"]
BAND = "rgba(0, 145, 213, 0.2)"
ROW, MARGIN = 30, 150

GAIN_WORDS = {
    "before": "As it is, no labels",
    "after": "Taught by labels",
    "axis": "Points of P@12 over ordinary similarity",
}
CURVE_WORDS = {
    "p12": "P@12",
    "map": "MAP",
    "range": "where one draw falls (90 %)",
    "similar": "P@12 of ordinary similarity",
    "before": "P@12 as it is",
    "enough": "enough: {n}",
    "labels": "{labels} labels in all",
    "x": "Labels a value",
    "y": "%",
}
"""What stands in the figures; pass other words for other languages."""
BAR_WORDS = {"low": "Halved", "high": "Doubled", "axis": "Left over ordinary similarity", "now": "as stated"}
NARROW, TALL = 12, 46


@dataclass(frozen=True)
class LabelPoint:
    """What n labels a value reach, `labels` in all: percent, with the range of a single draw."""

    n: int
    labels: int
    p12: Interval
    map: Interval


def gain_points(gains: Mapping[str, Mapping[str, Interval | None]], words: Mapping[str, str] = GAIN_WORDS) -> go.Figure:
    """A line for each attribute and way of use, from the low to the high end of its interval, with a mark at its mean.

    gains: attribute → "before" and "after" → points of P@12 over ordinary similarity, None where there is none.
    """
    names, figure = list(gains), go.Figure()
    looks = (("before", BEFORE, "square", -0.17), ("after", AFTER, "circle", 0.17))
    for key, color, symbol, shift in looks:
        rows = [(place, found) for place, name in enumerate(names) if (found := gains[name].get(key)) is not None]
        if not rows:
            continue
        figure.add_scatter(
            x=[found.mean for _, found in rows],
            y=[place + shift for place, _ in rows],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [found.high - found.mean for _, found in rows],
                "arrayminus": [found.mean - found.low for _, found in rows],
                "color": color,
                "thickness": 3,
                "width": 5,
            },
            mode="markers",
            name=words[key],
            marker={"color": color, "symbol": symbol, "size": 10},
            customdata=[(escape(names[place]), found.low, found.high) for place, found in rows],
            hovertemplate="%{customdata[0]}: %{x:+.1f} (%{customdata[1]:+.1f} – %{customdata[2]:+.1f})<extra></extra>",
        )
    figure.add_vline(0, line={"color": INK, "dash": "dash"})
    figure.update_xaxes(title=_title(words["axis"]))
    figure.update_yaxes(
        tickvals=list(range(len(names))), ticktext=[escape(name) for name in names], range=[len(names) - 0.5, -0.5]
    )
    return _dressed(figure, MARGIN + ROW * max(2, len(names))).update_layout(margin={"t": 70})


def label_curve(
    points: Sequence[LabelPoint],
    similar: float,
    before: float | None = None,
    least: int | None = None,
    words: Mapping[str, str] = CURVE_WORDS,
) -> go.Figure:
    """P@12 and MAP over labels a value, with the range of a single draw of P@12.

    similar: P@12 of ordinary similarity; before: of the weights without labels. least: labels a value that are enough.
    """
    x = [point.n for point in points]
    figure = go.Figure()
    figure.add_scatter(
        x=[*x, *reversed(x)],
        y=[*(point.p12.high for point in points), *(point.p12.low for point in reversed(points))],
        fill="toself",
        fillcolor=BAND,
        line={"width": 0},
        mode="lines",
        name=words["range"],
        hoverinfo="skip",
    )
    told = [words["labels"].format(labels=f"{point.labels:,}") for point in points]
    looks = (("p12", AFTER, "solid", "circle", 3), ("map", SECOND, "dash", "square", 2))
    for key, color, dash, symbol, width in looks:
        figure.add_scatter(
            x=x,
            y=[getattr(point, key).mean for point in points],
            mode="lines+markers",
            name=words[key],
            line={"color": color, "dash": dash, "width": width},
            marker={"symbol": symbol, "size": [13 if key == "p12" and n == least else 7 for n in x]},
            customdata=[(getattr(point, key).low, getattr(point, key).high) for point in points],
            text=told,
            hovertemplate="%{x}: %{y:.1f} % (%{customdata[0]:.1f} – %{customdata[1]:.1f})<br>%{text}<extra>"
            + words[key]
            + "</extra>",
        )
    ends = [x[0], x[-1]] if len(x) > 1 else [x[0] * 0.9, x[0] * 1.1]
    for value, key, dash in ((similar, "similar", "longdash"), (before, "before", "dot")):
        if value is not None:
            figure.add_scatter(
                x=ends,
                y=[value, value],
                mode="lines",
                name=words[key],
                line={"color": INK if key == "similar" else BEFORE, "dash": dash, "width": 2},
                hovertemplate="%{y:.1f} %<extra>" + words[key] + "</extra>",
            )
    if least in x:
        said = words["enough"].format(n=least)
        figure.add_vline(least, line={"color": AFTER, "dash": "dot", "width": 1.5})
        figure.add_annotation(
            x=_log10(least),
            y=0.02,
            yref="paper",
            yanchor="bottom",
            text=said,
            showarrow=False,
            xanchor="right",
            xshift=-6,
        )
    figure.update_xaxes(title=_title(words["x"]), type="log", tickvals=x, ticktext=[str(n) for n in x])
    figure.update_yaxes(
        title=words["y"], rangemode="tozero" if min(point.map.mean for point in points) < 5 else "normal"
    )
    return _dressed(figure, 440).update_layout(
        margin={"t": 20, "b": 10}, legend={"orientation": "h", "x": 0, "y": -0.24, "yanchor": "top"}
    )


@dataclass(frozen=True)
class Bar:
    """What one assumption makes of an amount at its low and at its high end; the texts of both stand beside it."""

    label: str
    low: float
    high: float
    low_text: str
    high_text: str


def outcome_bars(bars: Sequence[Bar], middle: float, words: Mapping[str, str] = BAR_WORDS) -> go.Figure:
    """For each assumption a bar from its low to its high end, the longest first; its name above it, so that it is read on a
    narrow screen. middle: the amount as stated, a line; a dashed one at nothing."""
    figure = go.Figure()
    looks = (("low", SECOND, "/"), ("high", AFTER, ""))
    for key, color, pattern in looks:
        figure.add_bar(
            y=list(range(len(bars))),
            x=[getattr(bar, key) - middle for bar in bars],
            base=middle,
            width=0.36,
            orientation="h",
            name=words[key],
            marker={"color": color, "pattern": {"shape": pattern}},
            customdata=[(escape(bar.label), getattr(bar, f"{key}_text")) for bar in bars],
            hovertemplate="%{customdata[0]}: %{customdata[1]}<extra>" + words[key] + "</extra>",
        )
    ends = [end for bar in bars for end in (bar.low, bar.high)] + [middle]
    low, high = min(ends), max(ends)
    for place, bar in enumerate(bars):
        text = f"{escape(bar.label)} <b>{escape(bar.low_text)} … {escape(bar.high_text)}</b>"
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=place - 0.42, text=text, showarrow=False, align="left",
            font={"size": NARROW},
        )  # fmt: skip
        _across(figure, place, middle, "solid")
        if low <= 0 <= high:
            _across(figure, place, 0, "dash")
    figure.update_xaxes(title=_title(words["axis"]), nticks=6)
    figure.update_yaxes(visible=False, range=[len(bars) - 0.6, -0.8])
    return _dressed(figure, MARGIN + TALL * len(bars)).update_layout(barmode="overlay", margin={"t": 40})


def _across(figure: go.Figure, place: int, value: float, dash: str) -> None:
    """A line at a value across one bar, so that none runs through the names."""
    figure.add_shape(
        type="line", x0=value, x1=value, y0=place - 0.24, y1=place + 0.24, line={"color": INK, "width": 2, "dash": dash}
    )


def _title(text: str) -> dict[str, object]:
    return {"text": text, "font": {"size": 13}, "standoff": 8}


def _log10(n: int | None) -> float:
    """Where plotly has a number on an axis with logarithms."""
    return log10(n or 1)

"""The two drawings of the sheet, as SVG within the page: labels and outcome."""

from collections.abc import Sequence
from html import escape

from library.poc.sheet import Curve
from library.poc.swings import Swing

WIDE, HIGH = 250, 150
LEFT, RIGHT, TOP, BOTTOM = 30, 10, 10, 24
LINE, USUAL, BAND = "#17527d", "#8a4b08", "#b7d3e6"


def curve_chart(curve: Curve, title: str, axis: str) -> str:
    """P@12 over labels a value with the range of a draw, and ordinary similarity as a dashed line. title: said to those who cannot see
    it. axis: under the labels."""
    values = [(step.p12.mean, step.p12.low, step.p12.high) for step in curve.steps]
    usual = curve.similar.p12
    maps = [step.map.mean for step in curve.steps]
    low, high = _ends(min(usual, *maps, *(one[1] for one in values)), max(usual, *maps, *(one[2] for one in values)))
    gap = (WIDE - LEFT - RIGHT) / max(1, len(values) - 1)
    across = [LEFT + place * gap for place in range(len(values))] if len(values) > 1 else [(LEFT + WIDE - RIGHT) / 2]

    def down(value: float) -> float:
        return TOP + (high - value) / (high - low) * (HIGH - TOP - BOTTOM)

    band = [(x, down(one[2])) for x, one in zip(across, values, strict=True)]
    band += [(x, down(one[1])) for x, one in reversed(list(zip(across, values, strict=True)))]
    thin = [(x, down(value)) for x, value in zip(across, maps, strict=True)]
    line = [(x, down(one[0])) for x, one in zip(across, values, strict=True)]
    parts = [
        f'<svg class="lapel-poc-curve" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{escape(title)}">',
        *(_rule(down(level), f"{level:g}") for level in _levels(low, high)),
        f'<polygon points="{_points(band)}" fill="{BAND}" opacity=".7"/>',
        f'<line x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{down(usual):.1f}" y2="{down(usual):.1f}" stroke="{USUAL}" '
        'stroke-width="1.5" stroke-dasharray="5 3"/>',
        f'<polyline points="{_points(thin)}" fill="none" stroke="{LINE}" stroke-width="1"/>',
        f'<polyline points="{_points(line)}" fill="none" stroke="{LINE}" stroke-width="2.5"/>',
    ]
    for (x, y), step in zip(line, curve.steps, strict=True):
        enough = step.n == curve.least
        dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{4.5 if enough else 2.5}" fill="{LINE}"/>'
        bold = ' font-weight="700"' if enough else ""
        parts.append(dot + _text(x, HIGH - BOTTOM + 11, f"{step.n}", f'text-anchor="middle"{bold}'))
    parts.append(_text((LEFT + WIDE - RIGHT) / 2, HIGH - 2, axis, 'text-anchor="middle" fill="#555"'))
    return "".join([*parts, "</svg>"])


def swing_bar(swing: Swing, middle: float, low: float, high: float) -> str:
    """One bar between what an assumption makes of the net over ordinary similarity, on a scale from low to high; a line at the net as
    stated, and a dashed one at nothing."""
    span = max(high - low, 1e-9)

    def x(value: float) -> float:
        return 2 + (value - low) / span * 196

    ends = (swing.low, middle), (swing.high, middle)
    bars = "".join(
        f'<rect x="{min(x(a), x(b)):.1f}" y="3" width="{max(0.5, abs(x(a) - x(b))):.1f}" height="10" fill="{color}"/>'
        for (a, b), color in zip(ends, (USUAL, LINE), strict=True)
    )
    zero = f'<line x1="{x(0):.1f}" x2="{x(0):.1f}" y1="0" y2="16" stroke="#333" stroke-dasharray="2 2"/>'
    shown = zero if low <= 0 <= high else ""
    now = f'<line x1="{x(middle):.1f}" x2="{x(middle):.1f}" y1="0" y2="16" stroke="#111" stroke-width="1.5"/>'
    return (
        '<svg class="lapel-poc-bar" viewBox="0 0 200 16" preserveAspectRatio="none" aria-hidden="true">'
        f"{bars}{shown}{now}</svg>"
    )


def _ends(low: float, high: float) -> tuple[float, float]:
    room = max(2.0, (high - low) * 0.08)
    return max(0.0, low - room), min(100.0, high + room)


def _levels(low: float, high: float) -> list[int]:
    step = next((step for step in (1, 2, 5, 10, 20) if (high - low) / step <= 5), 25)
    return [level for level in range(0, 101, step) if low <= level <= high]


def _rule(y: float, text: str) -> str:
    rule = f'<line x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd" stroke-width=".7"/>'
    return rule + _text(LEFT - 4, y + 3, text, 'text-anchor="end" fill="#555"')


def _text(x: float, y: float, text: str, more: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="9" {more}>{escape(text)}</text>'


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)

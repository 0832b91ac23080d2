"""Curves: smooth paths through points, ribbons of varying width. Units are the caller's; y points down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import skia
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.floating[Any]]
Run = Sequence[Any] | Points  # (n, 2) points


def trace(path: skia.Path, points: ArrayLike) -> None:
    """Continue `path` with a Catmull-Rom curve through `points` (n, 2); n = 2 is a straight line."""
    p = np.asarray(points, dtype=float)
    if path.isEmpty():
        path.moveTo(*p[0])
    else:
        path.lineTo(*p[0])
    if len(p) == 2:
        path.lineTo(*p[1])
        return
    q = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    for i in range(1, len(p)):
        a = q[i] + (q[i + 1] - q[i - 1]) / 6
        b = q[i + 1] - (q[i + 2] - q[i]) / 6
        path.cubicTo(*a, *b, *q[i + 1])


def shape(*runs: Run) -> skia.Path:
    """Closed outline: each run is smooth in itself, corners are where runs meet."""
    path = skia.Path()
    for run in runs:
        trace(path, run)
    path.close()
    return path


def curve(points: Run) -> skia.Path:
    path = skia.Path()
    trace(path, points)
    return path


def moved(points: Run, dx: float, dy: float) -> Points:
    """The points (n, 2), or the one point (2,), shifted."""
    return np.asarray(points, dtype=float) + np.array([dx, dy], dtype=float)


def mirrored(points: Run) -> Points:
    """The other side of the body, in reverse order, so that a run continues from one side to the other."""
    p = np.asarray(points, dtype=float)[::-1].copy()
    p[:, 0] *= -1
    return p


def spline(points: ArrayLike, per: int = 12) -> Points:
    """Dense samples of the Catmull-Rom curve: `per` points a segment plus the last; segment i starts at i * per."""
    p = np.asarray(points, dtype=float)
    q = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, 1, per, endpoint=False)[:, None]
    out = []
    for i in range(1, len(p)):
        a, b, c, d = q[i - 1], q[i], q[i + 1], q[i + 2]
        out.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*out, p[-1:]])


def along(x: ArrayLike, knots: Sequence[tuple[float, float]]) -> Points:
    """Smooth interpolation of (position, value) knots at `x`."""
    dense = spline(knots)
    return np.interp(np.asarray(x, dtype=float), np.maximum.accumulate(dense[:, 0]), dense[:, 1])


def edges(points: Points, widths: ArrayLike) -> tuple[Points, Points]:
    """The two sides of a ribbon with half width `widths` (n) around a centre line `points` (n, 2)."""
    tangent = np.gradient(points, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-6)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    half = np.broadcast_to(np.asarray(widths, dtype=float), len(points))[:, None]
    return points + normal * half, points - normal * half


def ribbon(points: Points, widths: ArrayLike, bulge: tuple[float, float] = (0, 0)) -> skia.Path:
    """Closed band around a centre line; `bulge` rounds its start and its end by that many units."""
    one, two = edges(points, widths)
    head = _unit(points[0] - points[1]) * bulge[0]
    tail = _unit(points[-1] - points[-2]) * bulge[1]
    start = [
        two[0],
        (two[0] + points[0]) / 2 + head * 0.8,
        points[0] + head,
        (one[0] + points[0]) / 2 + head * 0.8,
        one[0],
    ]
    end = [
        one[-1],
        (one[-1] + points[-1]) / 2 + tail * 0.8,
        points[-1] + tail,
        (two[-1] + points[-1]) / 2 + tail * 0.8,
        two[-1],
    ]
    return shape(np.array(start), one, np.array(end), two[::-1])


def wave(a: Sequence[float], b: Sequence[float], count: int, height: float, sag: float = 0.0) -> Points:
    """Points of a wavy line from a to b with `count` lobes of `height`, its middle `sag` lower."""
    t = np.linspace(0, 1, count * 4 + 1)
    line = np.asarray(a)[None] * (1 - t[:, None]) + np.asarray(b)[None] * t[:, None]
    line[:, 1] += height * np.sin(t * count * 2 * np.pi) + sag * 4 * t * (1 - t)
    return line


def _unit(v: Points) -> Points:
    return v / max(float(np.linalg.norm(v)), 1e-6)

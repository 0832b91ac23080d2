"""Sleeves along the arm. The length is a share of the arm, so it reads against elbow, wrist and hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia

from .cloth import Cloth
from .geometry import along, moved, ribbon, shape
from .paint import Painter
from .palette import darker
from .pose import ARM, Pose

Rng = np.random.Generator
# Share of the arm (1 = wrist, 1.24 = fingertip) at which the sleeve ends.
ENDS = {"cup": 0.13, "short": 0.29, "elbow": 0.5, "3/4": 0.71, "wrist": 0.89, "long": 1.05, "extra long": 1.44}
ARMHOLE = np.array([[84.0, 150], [74, 172], [67, 192], [66, 208], [69, 222], [65, 252]])
STYLES = ("straight", "tapered", "bell", "puff", "bishop")


@dataclass(frozen=True)
class SleeveStyle:
    cut: str
    ease: float
    cuff: str  # hem, rib, band


def make_sleeve_style(rng: Rng, garment: str) -> SleeveStyle:
    shares = {
        "coat": (0.6, 0.4, 0, 0, 0),
        "shirt": (0.5, 0.4, 0.05, 0.0, 0.05),
        "t-shirt": (0.7, 0.3, 0, 0, 0),
        "sweater": (0.5, 0.3, 0.1, 0, 0.1),
    }
    cut = str(rng.choice(STYLES, p=shares.get(garment, (0.3, 0.2, 0.2, 0.15, 0.15))))
    ease = float(rng.uniform(6, 10) if garment == "coat" else rng.uniform(2.5, 7))
    cuff = {"sweater": "rib", "shirt": "band", "blouse": "band", "coat": "hem"}.get(garment, "hem")
    return SleeveStyle(cut, ease, cuff if rng.random() < 0.75 else "hem")


def draw_sleeve(
    p: Painter, pose: Pose, cloth: Cloth, side: int, length: str, style: SleeveStyle, start: float = 0.0
) -> None:
    end = ENDS[length]
    if length == "cup":
        style = SleeveStyle("straight", style.ease, "hem")
    t = np.linspace(start, end, max(8, int((end - start) * 26)))
    u = (t - start) / (end - start)
    line = pose.arm(side, t)
    width = along(np.minimum(t, 1.0), ARM) + _ease(style, u, t, end)
    if length == "cup":
        width = width + 5 * u
    if length == "extra long":
        width = width + 3.5 * np.sin(t * 46) * (t > 0.8) + 5 * (t > 1.0)
    path = ribbon(line, width, (_head(style) if start == 0 else 3, 2))
    if start == 0:
        inset = {"puff": -7.0, "straight": 1.0}.get(style.cut, 0.0) + 0.3 * style.ease
        path = skia.Op(path, _armhole(side, inset), skia.PathOp.kDifference_PathOp)
    if pose.worn or style.cut == "bell":
        _mouth(p, line, width[-1], cloth)
    p.cast(path, None, 7, 0.42, 6)
    angle = float(np.degrees(np.arctan2(line[-1][1] - line[0][1], line[-1][0] - line[0][0]))) - 90
    p.cloth(path, cloth, (float(line[0][0]), float(line[0][1])), angle, form=11)
    with p.clip(path):
        _folds(p, cloth, line, width, t, side, length)
        _finish(p, cloth, line, width, style)
    if start == 0:
        p.stitch(ARMHOLE[:4] * [side, 1] - [side * 5, 0], cloth)


def _head(style: SleeveStyle) -> float:
    """How far the sleeve head rises over the shoulder joint."""
    return 23.0 if style.cut == "puff" else 16.0


def _armhole(side: int, inset: float) -> skia.Path:
    """The part of the chest that a set-in sleeve leaves free."""
    curve = moved(ARMHOLE, inset, 0) * [side, 1]
    return shape(curve, [curve[-1], [0, 250]], [[0, 250], [0, 100]], [[0, 100], curve[0]])


def _ease(style: SleeveStyle, u: np.ndarray, t: np.ndarray, end: float) -> np.ndarray:
    e = style.ease
    if style.cut == "tapered":
        return e * (1 - 0.5 * u)
    if style.cut == "bell":
        return e + (8 + 14 * min(end, 1.0)) * np.clip((u - 0.35) / 0.65, 0, 1) ** 1.6
    if style.cut == "puff":
        reach = np.clip(t / 0.3, 0, 1) if end > 0.35 else u
        return e * 0.6 + 15 * np.sin(np.pi * np.clip(reach * 0.9 + 0.05, 0, 1)) ** 0.8
    if style.cut == "bishop":
        return e + 15 * np.sin(np.pi * np.clip(u, 0, 1) ** 1.6) ** 1.2 - 1.5 * u
    return np.full_like(u, e)


def _mouth(p: Painter, line: np.ndarray, width: float, cloth: Cloth) -> None:
    """The dark inside of the sleeve's end, seen as a thin ellipse."""
    x, y = line[-1]
    turn = float(np.degrees(np.arctan2(*(line[-1] - line[-2])[::-1]))) - 90
    p.canvas.save()
    p.canvas.rotate(turn, x, y)
    p.canvas.drawOval(
        skia.Rect.MakeLTRB(x - width, y - 4, x + width, y + 5),
        skia.Paint(AntiAlias=True, Color=skia.Color(*darker(cloth.base, 0.7))),
    )
    p.canvas.restore()


def _folds(
    p: Painter, cloth: Cloth, line: np.ndarray, width: np.ndarray, t: np.ndarray, side: int, length: str
) -> None:
    def across(at: float, rise: float, reach: float, thick: float, strength: float) -> None:
        i = int(np.argmin(np.abs(t - at)))
        c, w = line[i], width[i]
        p.fold(
            [moved(c, -side * w, rise), moved(c, -side * w * 0.2, 2), moved(c, side * w * reach, -rise * 0.6)],
            thick,
            cloth,
            strength,
        )

    if t[-1] > 0.2:
        across(0.13, 10, 0.3, 3.2, 0.55)
        across(0.22, -4, 0.2, 2.6, 0.4)
    if t[-1] > 0.6:
        for at, rise in ((0.45, 6), (0.5, 2), (0.55, -5)):
            across(at, rise, 0.55, 2.6, 0.75)
        p.fold(line[int(len(t) * 0.1) : int(len(t) * 0.45) : 2], 3.4, cloth, 0.35)
    if t[-1] > 0.85:
        across(0.75, 5, 0.6, 2.4, 0.5)
        across(0.83, -3, 0.6, 2.2, 0.5)
    if length == "extra long":
        for k, at in enumerate(np.arange(0.9, 1.36, 0.075).tolist()):
            across(at, 6 if k % 2 else -5, 0.9, 2.8, 0.95)


def _finish(p: Painter, cloth: Cloth, line: np.ndarray, width: np.ndarray, style: SleeveStyle) -> None:
    tangent = line[-1] - line[-2]
    tangent /= max(float(np.linalg.norm(tangent)), 1e-6)
    normal = np.array([-tangent[1], tangent[0]])
    w = width[-1] + 4

    def ring(back: float, bow: float = 2.5) -> list[np.ndarray]:
        c = line[-1] - tangent * back
        return [c - normal * w, c + tangent * bow, c + normal * w]

    if style.cuff == "hem":
        p.stitch(ring(7), cloth)
        p.stitch(ring(9.5), cloth)
    elif style.cuff == "band":
        p.seam(ring(19), cloth)
        p.stitch(ring(16), cloth)
        p.stitch(ring(3), cloth)
        spot = line[-1] - tangent * 10 + normal * w * 0.35
        p.button(float(spot[0]), float(spot[1]), 3.0, darker(cloth.inks[0] if cloth.inks else cloth.base, 0.1))
    else:
        p.seam(ring(22), cloth)
        for x in np.linspace(-0.9, 0.9, 9):
            a = line[-1] + normal * w * x
            p.line([a - tangent * 21, a + tangent * 3], darker(cloth.base, 0.65), 1.4, 0.45)

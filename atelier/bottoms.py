"""Skirts (alone or below a bodice) and pants."""

from __future__ import annotations

import numpy as np
import skia

from .cloth import Cloth
from .geometry import Points, along, edges, mirrored, moved, shape
from .paint import Painter
from .palette import darker, lighter, luminance
from .pose import ANKLE, HIP, LEG, TORSO, Pose
from .spec import Spec

Rng = np.random.Generator
WAIST = 300.0
SKIRT_HEM = {"short": 468.0, "knee": 574.0, "midi": 664.0, "ankle": 742.0, "floor": 803.0}
PANT_HEM = {"short": 462.0, "mid": 545.0, "3/4": 628.0, "cropped": 700.0, "full": 768.0}


def draw_skirt(p: Painter, spec: Spec, cloth: Cloth, rng: Rng, waistband: bool) -> None:
    hem = SKIRT_HEM[spec.labels["skirt_length"]] + float(
        rng.uniform(-8, 8) if spec.labels["skirt_length"] != "floor" else 0
    )
    cut = str(rng.choice(["pencil", "a-line", "flared", "pleated", "tiered"], p=[0.2, 0.25, 0.25, 0.18, 0.12]))
    side, lobes = _skirt_side(cut, hem, rng)
    sag = 5.0 + 6 * (cut in ("flared", "tiered"))
    row = _hem_row(side[-1], lobes, sag)
    path = shape([[-side[0][0], WAIST - 2], [0, WAIST + 2], [side[0][0], WAIST - 2]], side, row, mirrored(side))
    _underside(p, cloth, row)
    p.cast(path, None, 8, 0.35, 8)
    p.cloth(path, cloth, (0, 40), form=22)
    with p.clip(path):
        _skirt_folds(p, cloth, rng, cut, side, row, hem)
        if cut == "tiered":
            for y in np.linspace(WAIST, hem, 4)[1:3]:
                _tier(p, cloth, side, float(y), lobes)
        for d in (6.0, 9.0):
            p.stitch(moved(row, 0, -d), cloth)
    if waistband:
        _band(p, cloth, side[0][0] + 0.5, rng)
    if cloth.material == "denim" and waistband:
        for s in (-1, 1):
            p.stitch([[s * 20, WAIST + 18], [s * 36, WAIST + 36], [s * 62, WAIST + 40]], cloth)
        p.stitch([[4, WAIST + 18], [4, WAIST + 80], [-6, WAIST + 92]], cloth)


def _skirt_side(cut: str, hem: float, rng: Rng) -> tuple[Points, int]:
    y = np.linspace(WAIST - 2, hem, 18)
    drop = np.clip((y - 330) / 400, 0, None)
    body = along(np.minimum(y, 430), TORSO) + 3
    if cut == "pencil":
        return np.column_stack([body - 16 * np.clip((y - 420) / 250, 0, 1) + 2, y]), 0
    spread = {"a-line": 75, "flared": 132, "pleated": 95, "tiered": 120}[cut] * rng.uniform(0.85, 1.15)
    hip = np.maximum(body, 57 + (y - WAIST) * 0.3 * (cut != "a-line"))
    return np.column_stack([hip + spread * drop * (0.72 if hem > 700 else 1), y]), {
        "a-line": 0,
        "flared": 4,
        "pleated": 9,
        "tiered": 6,
    }[cut]


def _hem_row(corner: Points, lobes: int, sag: float) -> Points:
    """The hem from right to left, with as many waves as the skirt has folds."""
    x, y = corner
    t = np.linspace(-1, 1, max(9, lobes * 6 + 1))
    wave = 4.5 * np.cos(t * lobes * np.pi) if lobes else 0 * t
    return np.column_stack([-t * x, y + sag * (1 - t**2) * 1.6 + wave - (wave[0] if lobes else 0)])


def _underside(p: Painter, cloth: Cloth, row: Points) -> None:
    back = np.column_stack([row[:, 0] * 0.97, 2 * row[0][1] - row[:, 1] - 2])[::-1]
    p.cloth(shape(row, back), cloth.solid(darker(cloth.base, 0.55)), depth=0.6)


def _skirt_folds(p: Painter, cloth: Cloth, rng: Rng, cut: str, side: Points, row: Points, hem: float) -> None:
    x0, x1 = float(side[0][0]), float(side[-1][0])
    if cut == "pleated":
        for u in np.linspace(-0.94, 0.94, 15):
            p.line(
                [[u * x0, WAIST], [u * (x0 * 0.45 + x1 * 0.55), (WAIST + hem) / 2], [u * x1, hem + 20]],
                darker(cloth.base, 0.75),
                1.6,
                0.55,
            )
            p.fold(
                [[u * x0 + 2, WAIST], [u * (x0 * 0.45 + x1 * 0.55) + 4, (WAIST + hem) / 2], [u * x1 + 5, hem + 20]],
                3.4,
                cloth,
                0.5,
            )
        return
    count = {"pencil": 3, "a-line": 5, "flared": 9, "tiered": 8}[cut]
    strength = {"pencil": 0.35, "a-line": 0.5, "flared": 0.75, "tiered": 0.55}[cut]
    for u in np.linspace(-0.85, 0.85, count) + rng.uniform(-0.06, 0.06, count):
        top = WAIST + float(rng.uniform(5, 60))
        a = u * np.interp(top, side[:, 1], side[:, 0])
        p.fold(
            [[a, top], [u * (x0 * 0.5 + x1 * 0.5), (top + hem) / 2], [u * x1, hem + 14]],
            3.5 + 3.5 * (cut != "pencil"),
            cloth,
            strength,
        )
    if cut == "pencil":
        for s in (-1, 1):
            p.fold([[s * 84, 390], [s * 50, 404], [s * 18, 402]], 3.4, cloth, 0.5)
            p.seam([[s * 26, WAIST], [s * 30, WAIST + 44]], cloth)


def _tier(p: Painter, cloth: Cloth, side: Points, y: float, lobes: int) -> None:
    x = float(np.interp(y, side[:, 1], side[:, 0]))
    p.seam([[-x - 4, y], [0, y + 9], [x + 4, y]], cloth)
    for u in np.linspace(-0.95, 0.95, 19):
        d = 9 * (1 - u**2)
        p.fold([[u * x, y + d], [u * x * 1.02, y + d + 12], [u * x * 1.03, y + d + 22]], 1.7, cloth, 0.6)


def _band(p: Painter, cloth: Cloth, x: float, rng: Rng) -> None:
    path = shape(
        [[-x, WAIST - 9], [0, WAIST - 5], [x, WAIST - 9]],
        [[x, WAIST - 9], [x + 3, WAIST + 11]],
        [[x + 3, WAIST + 11], [0, WAIST + 16], [-x - 3, WAIST + 11]],
        [[-x - 3, WAIST + 11], [-x, WAIST - 9]],
    )
    p.cast(path, None, 3, 0.4, 3)
    p.cloth(path, cloth, (0, 12), form=8)
    p.stitch([[-x - 2, WAIST + 8], [0, WAIST + 13], [x + 2, WAIST + 8]], cloth)
    p.stitch([[-x, WAIST - 6], [0, WAIST - 2], [x, WAIST - 6]], cloth)
    if rng.random() < 0.6:
        p.button(0, WAIST + 5, 4.5, darker(cloth.inks[0], 0.1) if cloth.inks else (90, 80, 70))


def draw_belt(p: Painter, cloth: Cloth, rng: Rng, y: float, x: float) -> None:
    """A tied or buckled belt around a waist at `y`."""
    tone = cloth.solid(darker(cloth.base, 0.3) if luminance(cloth.base) > 0.3 else lighter(cloth.base, 0.22))
    path = shape(
        [[-x, y - 8], [0, y - 4], [x, y - 8]],
        [[x, y - 8], [x, y + 8]],
        [[x, y + 8], [0, y + 12], [-x, y + 8]],
        [[-x, y + 8], [-x, y - 8]],
    )
    p.cast(path, None, 3, 0.45, 4)
    p.cloth(path, tone, form=7)
    if rng.random() < 0.5:
        for a, b in (((4, y + 8), (16, y + 62)), ((-2, y + 8), (-9, y + 50))):
            tail = shape(
                [[a[0] - 6, a[1]], [b[0] - 8, b[1]]],
                [[b[0] - 8, b[1]], [b[0] + 7, b[1] + 4]],
                [[b[0] + 7, b[1] + 4], [a[0] + 5, a[1]]],
            )
            p.cast(tail, None, 3, 0.4, 3)
            p.cloth(tail, tone, form=5)
        p.cloth(skia.Path.RRect(skia.Rect.MakeXYWH(-9, y - 8, 18, 21), 6, 6), tone, form=5)
    else:
        p.outline(skia.Path.RRect(skia.Rect.MakeXYWH(-12, y - 10, 24, 23), 4, 4), (196, 172, 116), 3.6, 1)


def draw_pants(p: Painter, spec: Spec, pose: Pose, cloth: Cloth, rng: Rng) -> None:
    hem = PANT_HEM[spec.labels["pant_length"]] + float(rng.uniform(-6, 6))
    cut = str(rng.choice(["straight", "slim", "wide", "flared"], p=[0.35, 0.3, 0.2, 0.15]))
    t = np.linspace(0, (hem - HIP) / (ANKLE - HIP), 18)
    widths = along(np.minimum(t, 1.0), LEG) + _leg_ease(cut, t)
    sides: dict[int, tuple[Points, Points, Points]] = {}
    for s in (-1, 1):
        line = (
            pose.leg(s, t)
            if t[-1] <= 1
            else np.vstack(
                [
                    pose.leg(s, t[t <= 1]),
                    pose.leg(s, t[t > 1] * 0 + 1) + np.column_stack([0 * t[t > 1], (t[t > 1] - 1) * 352]),
                ]
            )
        )
        line = line + np.outer(t, [s * {"wide": 17.0, "flared": 9.0}.get(cut, 0.0), 0.0])
        one, two = edges(line, widths)
        outer, inner = (one, two) if abs(one[4][0]) > abs(two[4][0]) else (two, one)
        inner = np.column_stack([s * np.maximum(s * inner[:, 0], 1.2), inner[:, 1]])
        sides[s] = (line, outer, inner)
    y = np.array([WAIST - 2, 345, 380])
    hip = np.column_stack([along(y, TORSO) + np.array([2, 4, 5]), y])
    runs = [np.vstack([[-hip[0][0], WAIST - 2], [0, WAIST + 3], [hip[0][0], WAIST - 2]])]
    runs += [
        np.vstack([hip, sides[1][1][2:]]),
        np.vstack([sides[1][1][-1], moved(sides[1][0][-1], 0, 5), sides[1][2][-1]]),
    ]
    runs += [np.vstack([sides[1][2][3:][::-1], [1, 438]]), np.vstack([[-1, 438], sides[-1][2][3:]])]
    runs += [
        np.vstack([sides[-1][2][-1], moved(sides[-1][0][-1], 0, 5), sides[-1][1][-1]]),
        np.vstack([sides[-1][1][2:][::-1], mirrored(hip)]),
    ]
    path = shape(*runs)
    for s in (-1, 1):
        foot, w = sides[s][0][-1], widths[-1]
        p.cloth(
            skia.Path.Oval(skia.Rect.MakeLTRB(foot[0] - w, foot[1] - 5, foot[0] + w, foot[1] + 6)),
            cloth.solid(darker(cloth.base, 0.65)),
            depth=0.5,
        )
    p.cast(path, None, 7, 0.4, 7)
    p.cloth(path, cloth, (0, 20), form=17)
    with p.clip(path):
        for s in (-1, 1):
            _leg_detail(p, cloth, rng, s, sides[s], widths, t)
        joint = sides[1][2][(sides[1][2][:, 0] < 6) & (sides[1][2][:, 1] > 430)]
        if len(joint) > 2:
            p.line(joint * [0.0, 1], darker(cloth.base, 0.85), 3.0, 0.85)
            for s in (-1, 1):
                p.fold(moved(joint * [0.0, 1], s * 4, 0), 5, cloth, 0.5)
        p.seam([[3, WAIST + 8], [5, WAIST + 80], [0, 440]], cloth)
        p.stitch([[14, WAIST + 10], [14, WAIST + 66], [4, WAIST + 84]], cloth)
    _band(p, cloth, hip[0][0] + 0.5, rng)
    for x in (-40.0, -18.0, 20.0, 42.0):
        p.cloth(skia.Path.RRect(skia.Rect.MakeXYWH(x - 3, WAIST - 9, 6, 25), 1.5, 1.5), cloth, form=3)


def _leg_ease(cut: str, t: Points) -> Points:
    below = np.clip((t - 0.35) / 0.65, 0, 1.1)
    return {
        "straight": 5 + 9 * below,
        "slim": 2.5 + 3.5 * below,
        "wide": 7 + 30 * np.clip(t, 0, 1.1),
        "flared": 3 + 26 * np.clip((t - 0.5) / 0.5, 0, 1.1) ** 1.3,
    }[cut]


def _leg_detail(
    p: Painter, cloth: Cloth, rng: Rng, s: int, leg: tuple[Points, Points, Points], widths: Points, t: Points
) -> None:
    line, outer, inner = leg
    p.stitch([[s * 34, WAIST + 14], [s * 48, WAIST + 38], [s * 74, WAIST + 50]], cloth)
    p.seam([[s * 31, WAIST + 12], [s * 45, WAIST + 41], [s * 76, WAIST + 54]], cloth)
    for rise, reach in ((0, 46), (12, 36), (26, 30)):
        p.fold([[s * 3, 430 + rise], [s * 22, 424 + rise * 1.2], [s * reach, 414 + rise * 1.5]], 3, cloth, 0.6)
    if t[-1] > 0.6:
        for at, d in ((0.46, 5), (0.51, -2), (0.56, -7)):
            i = int(np.argmin(np.abs(t - at)))
            p.fold([inner[i], moved(line[i], 0, d), outer[i] * 0.4 + line[i] * 0.6], 2.8, cloth, 0.6)
    if t[-1] > 0.9:
        for k in (2, 3, 4):
            p.fold([inner[-k], moved(line[-k], 0, 7), outer[-k]], 2.4, cloth, 0.5)
    if cloth.material in ("wool", "cotton", "linen"):
        p.fold(line[1::2], 1.8, cloth, 0.55)
    end = np.vstack([outer[-1], moved(line[-1], 0, 5), inner[-1]])
    p.stitch(moved(end, 0, -7), cloth)
    p.stitch(moved(end, 0, -10), cloth)

"""Bodices and what is on them: blouses, shirts, t-shirts, sweaters and the upper part of dresses."""

from __future__ import annotations

import numpy as np
import skia

from .cloth import Cloth
from .collars import COLLARS, back_collar, collar_cloth
from .geometry import Points, along, mirrored, moved, shape
from .neck import NECKS, Opening, bardot, make_opening, trim_edge
from .paint import Painter
from .palette import CREAM, darker, luminance, pick
from .pose import TORSO, Pose
from .prints import draw_print
from .sleeves import draw_sleeve, make_sleeve_style
from .spec import Spec

Rng = np.random.Generator
FIT = {"blouse": (5.0, 15.0), "shirt": (8.0, 17.0), "t-shirt": (6.0, 15.0), "sweater": (9.0, 19.0), "dress": (2.0, 5.0)}


def side_line(top: float, hem: float, ease: float, looseness: float) -> Points:
    """Right side from `top` to `hem` (n, 2): body plus ease; looseness 1 hangs straight from the chest."""
    y = np.linspace(top, hem, max(4, int((hem - top) / 22)))
    body = along(y, TORSO)
    hang = np.maximum(body, along(np.minimum(y, 215), TORSO) + (y - 215) * 0.06)
    return np.column_stack([body * (1 - looseness) + hang * looseness + ease, y])


def bodice(opening: Opening, side: Points, sleeved: bool, hem_sag: float) -> skia.Path:
    """Closed outline from the neckline over shoulders and armholes down to the hem."""
    seam = (
        [[86, 158], [90, 180], [side[0][0] + 4, 212]]
        if sleeved
        else [[76, 156], [67, 178], [66, 200], [side[0][0] - 1, 217]]
    )

    def half(end: str) -> list[Points]:
        if end == "armpit":
            return [side]
        return [np.array(seam), side]

    runs: list[Points] = [np.asarray(run, dtype=float) for run in opening.runs]
    runs += half(opening.ends[1])
    hem = side[-1]
    runs.append(
        np.array(
            [
                hem,
                [hem[0] * 0.5, hem[1] + hem_sag],
                [0, hem[1] + hem_sag * 1.25],
                [-hem[0] * 0.5, hem[1] + hem_sag],
                [-hem[0], hem[1]],
            ]
        )
    )
    runs += [mirrored(run) for run in reversed(half(opening.ends[0]))]
    return shape(*runs)


def draw_top(p: Painter, spec: Spec, pose: Pose, cloth: Cloth, rng: Rng, hem: float | None = None) -> None:
    """The upper garment; `hem` fixes its lower edge (waist of a dress), otherwise it hangs to hip height."""
    labels = spec.labels
    length = labels.get("sleeve_length", "sleeveless")
    low, high = FIT[spec.garment]
    ease, looseness = float(rng.uniform(low, high)), float(rng.uniform(0.05, 0.95))
    neckline, collar, neck = (labels.get(k) for k in ("neckline_design", "collar_design", "neck_design"))
    opening = make_opening(neckline or ("cowl" if neck == "draped" else "high"), rng)
    style = make_sleeve_style(rng, spec.garment)
    if hem is None:
        hem = float(rng.uniform(352, 412))
        side = side_line(210, hem, ease, looseness)
    else:
        side = side_line(210, hem, ease, 0.0)
    bodied = pose.worn and opening.bare
    path = bodice(opening, side, length != "sleeveless", 5 if spec.garment != "shirt" else 12)
    if not pose.worn:
        _inside(p, cloth, side, opening)
    p.cast(path, None, 6, 0.3, 6)
    p.cloth(path, cloth, form=20)
    with p.clip(path):
        _drape(p, cloth, rng, side, hem)
        if spec.labels["pattern"] == "graphics" and not all_over(spec):
            draw_print(p, cloth, rng, 262 if neckline not in ("deep v", "v", "sweetheart", "square") else 285)
        if collar in ("shirt collar", "peter pan", "puritan") or spec.garment == "shirt":
            _placket(p, cloth, rng, hem, zip_front=collar == "rib")
        elif (
            spec.garment == "blouse"
            and neckline not in ("strapless", "off shoulder", "one shoulder")
            and rng.random() < 0.25
        ):
            _princess(p, cloth, hem)
        _hem(p, cloth, spec.garment, side, hem)
    if (not bodied or neckline == "strapless") and not neck and not collar:
        trim_edge(
            p,
            cloth,
            opening,
            0 if opening.bare else {"t-shirt": 2, "sweater": 2}.get(spec.garment, int(rng.integers(2))),
        )
    if length != "sleeveless":
        sleeves = {"one shoulder": (-1,) if opening.ends[0] == "shoulder" else (1,)}.get(neckline or "", (-1, 1))
        for s in sleeves:
            draw_sleeve(p, pose, cloth, s, length, style, 0.11 if opening.bare else 0.0)
    elif not opening.bare:
        for s, end in zip((-1, 1), opening.ends, strict=True):
            if end == "shoulder":
                p.stitch([[s * 71, 159], [s * 62, 179], [s * 61, 200], [s * (side[0][0] - 6), 214]], cloth)
    if neckline == "off shoulder":
        bardot(p, cloth, rng)
    if neck:
        NECKS[neck](p, cloth, rng)
    if collar:
        COLLARS[collar](p, collar_cloth(cloth, rng, collar), rng)


def draw_behind(p: Painter, spec: Spec, cloth: Cloth) -> None:
    """What the neck hides: the back of a collar."""
    collar = spec.labels.get("collar_design")
    if collar:
        back_collar(p, cloth, collar)


def all_over(spec: Spec) -> bool:
    """Whether a graphic garment is printed all over (else a single print stands on the chest)."""
    neckline = spec.labels.get("neckline_design")
    crowded = neckline == "deep v" or "collar_design" in spec.labels or spec.labels.get("neck_design") == "draped"
    return crowded or spec.garment in ("coat", "skirt", "pants", "dress") or bool(spec.rng("cloth").random() < 0.25)


def _inside(p: Painter, cloth: Cloth, side: Points, opening: Opening) -> None:
    """The inner back that one sees through the neck of an unworn garment."""
    inner = cloth.solid(darker(cloth.base, 0.45))
    if opening.bare:
        path = shape([[-70, 203], [0, 192], [70, 203]], [[70, 203], [64, 240], [-64, 240], [-70, 203]])
    elif "armpit" in opening.ends:
        s = -1 if opening.ends[0] == "shoulder" else 1
        path = shape(
            [[s * 46, 146], [s * 14, 162], [-s * 67, 200]],
            [[-s * 67, 200], [-s * 60, 300], [s * 60, 300], [s * 46, 146]],
        )
    else:
        path = shape(
            [[-46, 146], [-24, 153], [0, 155], [24, 153], [46, 146]], [[46, 146], [60, 300], [-60, 300], [-46, 146]]
        )
    p.cloth(path, inner, depth=1.2)
    if not opening.bare:
        p.canvas.drawRect(
            skia.Rect.MakeXYWH(-9, 158, 18, 9), skia.Paint(AntiAlias=True, Color=skia.Color(238, 234, 224, 220))
        )


def _drape(p: Painter, cloth: Cloth, rng: Rng, side: Points, hem: float) -> None:
    """Folds: from the armpits, at the waist, and long soft ones to the hem."""
    w = float(side[0][0])
    waist = min(300.0, hem - 14)
    for s in (-1, 1):
        j, k = rng.uniform(-7, 7, 6), rng.uniform(0.35, 1.0, 5)
        p.fold([[s * w * 0.98, 214], [s * w * 0.74, 226 + j[0]], [s * w * 0.45, 229 + j[1]]], 4.2, cloth, 0.55 * k[0])
        p.fold([[s * w * 0.95, 222], [s * w * 0.72, 244 + j[2]], [s * w * 0.5, 262 + j[3]]], 3.6, cloth, 0.45 * k[1])
        low = [[s * w * 0.95, waist - 10], [s * w * 0.66, waist + 3 + j[4]], [s * w * 0.34, waist - 2 + j[5]]]
        p.fold(low, 4.0, cloth, 0.55 * k[2])
        if hem > 330:
            x = s * rng.uniform(0.3, 0.72) * w
            p.fold([[x * 0.85, 250], [x, 310], [x * 1.12, hem - 4]], 5.5, cloth, 0.6 * k[3])
            high = [[s * w * 0.99, waist + 8], [s * w * 0.7, waist + 20 + j[0]], [s * w * 0.45, waist + 18]]
            p.fold(high, 3.4, cloth, 0.5 * k[4])
    if hem > 330:
        x = rng.uniform(-16, 16)
        p.fold([[x, 300], [x * 1.3, 340], [x * 0.9, hem]], 5, cloth, 0.35)


def _placket(p: Painter, cloth: Cloth, rng: Rng, hem: float, zip_front: bool) -> None:
    top = 160
    if zip_front:
        p.line([[0, top], [0, hem + 20]], darker(cloth.base, 0.6), 5, 0.9)
        for y in np.arange(top, hem + 20, 4.5):
            p.line([[-2.2, y], [2.2, y]], (196, 196, 200), 1.6, 0.9)
        return
    p.seam([[9, top], [9, hem + 25]], cloth)
    p.line([[-9, top], [-9, hem + 25]], darker(cloth.base, 0.6), 1.0, 0.45)
    p.stitch([[6, top], [6, hem + 25]], cloth)
    p.stitch([[-6, top], [-6, hem + 25]], cloth)
    colour = (
        pick(rng, CREAM) if luminance(cloth.base) < 0.62 else pick(rng, [(96, 74, 58), (60, 60, 70), (225, 220, 210)])
    )
    for y in np.arange(186, hem - 4, 37):
        p.button(0, float(y), 4.3, colour)
    if rng.random() < 0.45:
        box = [[22, 232], [52, 232], [52, 262], [37, 270], [22, 262], [22, 232]]
        path = skia.Path.Polygon([skia.Point(*q) for q in box], True)
        p.outline(path, darker(cloth.base, 0.7), 1.2, 0.6)
        p.stitch([[24, 235], [50, 235]], cloth)


def _princess(p: Painter, cloth: Cloth, hem: float) -> None:
    for s in (-1, 1):
        p.seam([[s * 44, 176], [s * 38, 240], [s * 34, 300], [s * 44, hem + 10]], cloth)


def _hem(p: Painter, cloth: Cloth, garment: str, side: Points, hem: float) -> None:
    x, y = side[-1]
    back = 24 if garment == "sweater" else 8
    sag = 12 if garment == "shirt" else 5
    row = np.array(
        [
            [-x - 3, y - back],
            [-x * 0.5, y - back + sag],
            [0, y - back + sag * 1.25],
            [x * 0.5, y - back + sag],
            [x + 3, y - back],
        ]
    )
    if garment == "sweater":
        p.seam(row, cloth)
        for at in np.linspace(-x, x, 30):
            d = sag * 1.2 * (1 - (at / x) ** 2)
            p.line([[at, y - back + d], [at, y + d]], darker(cloth.base, 0.65), 1.6, 0.42)
    else:
        p.stitch(row, cloth)
        p.stitch(moved(row, 0, 3), cloth)

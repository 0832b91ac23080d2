"""Coats, blazers and jackets: fronts, lapels, closure, pockets."""

from __future__ import annotations

import numpy as np
import skia

from .bottoms import draw_belt
from .cloth import Cloth
from .collars import COLLARS, collar_cloth
from .geometry import Points, Run, curve, mirrored, moved, shape
from .lapels import LAPELS, facing
from .neck import Opening, make_opening
from .paint import Painter
from .palette import CREAM, DEEP, darker, luminance, pick
from .pose import Pose
from .sleeves import draw_sleeve, make_sleeve_style
from .spec import Spec
from .tops import bodice, side_line

Rng = np.random.Generator
COAT_HEM = {
    "high waist": 283.0,
    "regular": 362.0,
    "long": 428.0,
    "micro": 494.0,
    "knee": 578.0,
    "midi": 668.0,
    "ankle & floor": 766.0,
}


def draw_coat(p: Painter, spec: Spec, pose: Pose, cloth: Cloth, rng: Rng) -> None:
    hem = COAT_HEM[spec.labels["coat_length"]] + float(rng.uniform(-7, 7))
    lapel = spec.labels.get("lapel_design")
    collar = spec.labels.get("collar_design")
    ease, flare = float(rng.uniform(10, 16)), float(rng.uniform(0.02, 0.14))
    side = side_line(210, hem, ease, float(rng.uniform(0.35, 1)))
    side[:, 0] += np.clip(side[:, 1] - 320, 0, None) * flare
    lining = cloth.solid(darker(pick(rng, [*CREAM, *DEEP]), 0.15), "satin")
    point = min({"notched": 296.0, "shawl": 300.0, "plus-size shawl": 322.0}.get(lapel or "", 236.0), hem - 26) + float(
        rng.uniform(-8, 8)
    )
    opening = _front_opening(lapel, point, rng)
    path = bodice(opening, side, spec.labels["sleeve_length"] != "sleeveless", 4)
    if not pose.worn:
        p.cloth(
            shape(
                [[-46, 144], [0, 156], [46, 144]],
                [[46, 144], [62, 340 if hem > 345 else hem], [-62, 340 if hem > 345 else hem], [-46, 144]],
            ),
            lining,
            depth=1.3,
        )
    p.cast(path, None, 8, 0.4, 8)
    p.cloth(path, cloth, form=21)
    double = lapel in ("notched", "plus-size shawl") and rng.random() < 0.4 and hem > 330
    with p.clip(path):
        _front(p, cloth, rng, side, hem, point if lapel else 160, double, zip_front=collar == "rib")
        _pockets(p, cloth, rng, hem, side)
    length = spec.labels["sleeve_length"]
    if length != "sleeveless":
        style = make_sleeve_style(rng, "coat")
        for s in (-1, 1):
            draw_sleeve(p, pose, cloth, s, length, style)
    if rng.random() < 0.35 and hem > 400 and not double and lapel != "plus-size shawl":
        draw_belt(p, cloth, rng, 312, float(np.interp(312, side[:, 1], side[:, 0])) + 1)
    if collar:
        COLLARS[collar](p, collar_cloth(cloth, rng, collar), rng)
    elif lapel == "collarless":
        _bind(p, cloth, opening, rng)
    elif lapel:
        trim = facing(cloth, rng, lapel)
        LAPELS[lapel](p, trim, point)


def draw_coat_behind(p: Painter, spec: Spec, cloth: Cloth) -> None:
    """Back of the collar, behind the neck."""
    lapel = spec.labels.get("lapel_design")
    height = {"notched": 118, "shawl": 122, "plus-size shawl": 108}.get(lapel or "", 0)
    if spec.labels.get("collar_design"):
        height = 116
    if height:
        p.cloth(
            shape(
                [[-42, 146], [-34, height + 4], [0, height - 2], [34, height + 4], [42, 146]],
                [[42, 146], [0, 158], [-42, 146]],
            ),
            cloth,
            depth=1.4,
        )


def _front_opening(lapel: str | None, point: float, rng: Rng) -> Opening:
    if lapel is None:
        return make_opening("high", rng)
    if lapel == "collarless" and rng.random() < 0.5:
        return make_opening("round", rng)
    left: Run = [[-36, 142], [-24, 190], [2, point]]
    return Opening((left, mirrored(left)))


def _bind(p: Painter, cloth: Cloth, opening: Opening, rng: Rng) -> None:
    edge = opening.edge
    if rng.random() < 0.5:
        tone = pick(rng, CREAM) if luminance(cloth.base) < 0.6 else pick(rng, DEEP)
        p.line(moved(edge, 0, 2), tone, 5.5, 0.95)
    p.line(edge, darker(cloth.base, 0.6), 1.6, 0.7)
    p.stitch(moved(edge * [1.0, 1], 0, 9), cloth)


def _front(
    p: Painter, cloth: Cloth, rng: Rng, side: Points, hem: float, top: float, double: bool, zip_front: bool
) -> None:
    w = float(side[0][0])
    for s in (-1, 1):
        j = rng.uniform(-6, 6, 3)
        p.fold([[s * w, 214], [s * w * 0.75, 230 + j[0]], [s * w * 0.5, 236]], 3.6, cloth, 0.55)
        p.fold([[s * w * 0.98, 296], [s * w * 0.7, 306 + j[1]], [s * w * 0.42, 302]], 3.4, cloth, 0.55)
        p.seam([[s * 52, 214], [s * 46, 290], [s * 52, min(hem - 10, 360)]], cloth)
        if hem > 400:
            x1 = float(side[-1][0])
            for u in (0.38, 0.72):
                p.fold(
                    [[s * u * 62, 330], [s * u * (62 + x1) / 2, (330 + hem) / 2], [s * u * x1 + j[2], hem + 6]],
                    5.5,
                    cloth,
                    0.5,
                )
    shift = 17 if double else 5
    edge = [[shift, top], [shift, (top + hem) / 2], [shift + 2, hem + 12]]
    if zip_front:
        p.line([[0, top], [0, hem + 10]], darker(cloth.base, 0.6), 6, 0.9)
        for y in np.arange(top + 30, hem + 10, 4.5):
            p.line([[-2.4, y], [2.4, y]], (200, 200, 204), 1.7, 0.9)
        band = cloth.solid(material="ribbed")
        p.cloth(
            shape(
                [[-140, hem - 20], [0, hem - 14], [140, hem - 20]],
                [[140, hem - 20], [140, hem + 20]],
                [[140, hem + 20], [-140, hem + 20]],
            ),
            band,
            form=6,
        )
        return
    p.fold(moved(edge, 3, 0), 2.5, cloth, 0.8)
    p.seam(edge, cloth)
    p.stitch(moved(edge, -6, 0), cloth)
    colour = pick(rng, [(52, 40, 34), (30, 30, 34), (196, 172, 116), (214, 202, 180)])
    rows = np.arange(top + (12 if top > 200 else 34), min(hem - 12, 470), 46 if double else 42)
    for y in rows[: 4 if hem > 300 else 2]:
        for x in (-13, 13) if double else (0,):
            p.button(float(x) - 2, float(y), 6, colour)
    x, y = side[-1]
    p.stitch([[-x - 3, y - 9], [0, y - 5], [x + 3, y - 9]], cloth)


def _pockets(p: Painter, cloth: Cloth, rng: Rng, hem: float, side: Points) -> None:
    if hem < 350:
        return
    y = min(348.0, hem - 40)
    style = rng.random()
    for s in (-1, 1):
        if style < 0.5:
            flap = shape(
                [[s * 28, y], [s * 64, y - 3]],
                [[s * 64, y - 3], [s * 65, y + 13]],
                [[s * 65, y + 13], [s * 28, y + 16]],
            )
            p.cast(flap, None, 3, 0.5, 3)
            p.cloth(flap, cloth, form=5)
            p.stitch([[s * 30, y + 12], [s * 62, y + 10]], cloth)
        elif style < 0.8:
            p.fold([[s * 52, y - 12], [s * 58, y + 10], [s * 64, y + 34]], 2.4, cloth, 0.9)
            p.seam([[s * 50, y - 14], [s * 62, y + 36]], cloth)
        else:
            patch = skia.Path.RRect(
                skia.Rect.MakeLTRB(min(s * 24, s * 66), y - 4, max(s * 24, s * 66), min(y + 46, hem - 14)), 6, 6
            )
            p.cast(patch, None, 3, 0.35, 3)
            p.outline(patch, darker(cloth.base, 0.7), 1.4, 0.65)
    if rng.random() < 0.3:
        p.canvas.drawPath(
            curve([[34, 240], [56, 236]]),
            skia.Paint(
                AntiAlias=True,
                Style=skia.Paint.kStroke_Style,
                StrokeWidth=4,
                Color=skia.Color(*darker(cloth.base, 0.5)),
            ),
        )

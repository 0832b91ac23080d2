"""Placed prints: one motif on the chest of a plain garment."""

from __future__ import annotations

import numpy as np
import skia

from .cloth import Cloth
from .geometry import curve, shape
from .paint import Painter
from .palette import RGB, ink, mix

Rng = np.random.Generator


def draw_print(p: Painter, cloth: Cloth, rng: Rng, y: float) -> None:
    """A motif centred at (0, y), about 80 units wide, in the inks of the cloth."""
    motif = list(MOTIFS.values())[int(rng.integers(len(MOTIFS)))]
    a, b = cloth.inks[0], cloth.inks[1]
    p.canvas.save()
    p.canvas.translate(0, y)
    p.canvas.scale(1.08, 1.08)
    motif(p.canvas, a, b, mix(a, cloth.base, 0.35))
    p.canvas.restore()


def _solid(colour: RGB, alpha: float = 0.94) -> skia.Paint:
    return skia.Paint(AntiAlias=True, Color=ink(colour, alpha))


def _stroke(colour: RGB, width: float) -> skia.Paint:
    paint = skia.Paint(AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=width, Color=ink(colour, 0.94))
    paint.setStrokeCap(skia.Paint.kRound_Cap)
    paint.setStrokeJoin(skia.Paint.kRound_Join)
    return paint


def sunset(c: skia.Canvas, a: RGB, b: RGB, m: RGB) -> None:
    c.save()
    c.clipPath(skia.Path.Circle(0, 0, 40), skia.ClipOp.kIntersect, True)
    c.drawRect(skia.Rect.MakeLTRB(-40, -40, 40, 40), _solid(a))
    c.drawCircle(8, -6, 17, _solid(b))
    c.drawPath(
        shape(
            [[-44, 22], [-22, -8], [-22, -8]],
            [[-22, -8], [-2, 16], [14, 0]],
            [[14, 0], [44, 26], [44, 44]],
            [[44, 44], [-44, 44]],
        ),
        _solid(m),
    )
    c.restore()
    for i in range(3):
        c.drawLine(-30 + i * 6, 46 + i * 6, 30 - i * 6, 46 + i * 6, _stroke(a, 2.4))


def bolt(c: skia.Canvas, a: RGB, b: RGB, m: RGB) -> None:
    c.drawCircle(0, 0, 38, _stroke(b, 5))
    c.drawPath(
        skia.Path.Polygon(
            [skia.Point(*q) for q in ((8, -46), (-22, 6), (-3, 6), (-10, 46), (24, -10), (4, -10))], True
        ),
        _solid(a),
    )


def heart(c: skia.Canvas, a: RGB, b: RGB, m: RGB) -> None:
    c.drawPath(
        shape(
            [[0, 38], [-34, 6], [-36, -18], [-18, -30], [0, -14]], [[0, -14], [18, -30], [36, -18], [34, 6], [0, 38]]
        ),
        _solid(a),
    )
    c.drawPath(curve([[-22, -2], [-8, 10], [6, -6], [22, 6]]), _stroke(b, 4))


def bauhaus(c: skia.Canvas, a: RGB, b: RGB, m: RGB) -> None:
    c.drawRect(skia.Rect.MakeLTRB(-38, -36, 0, 2), _solid(a))
    c.drawCircle(20, -17, 19, _solid(b))
    c.drawArc(skia.Rect.MakeLTRB(-38, -14, 0, 42), 0, 180, True, _solid(m))
    c.drawPath(skia.Path.Polygon([skia.Point(*q) for q in ((2, 40), (38, 40), (38, 4))], True), _solid(a))


def star(c: skia.Canvas, a: RGB, b: RGB, m: RGB) -> None:
    for r, colour in ((44, a), (30, b), (17, a)):
        tips = [
            (
                (r if i % 2 == 0 else r * 0.44) * np.sin(i * np.pi / 5),
                -(r if i % 2 == 0 else r * 0.44) * np.cos(i * np.pi / 5),
            )
            for i in range(10)
        ]
        c.drawPath(skia.Path.Polygon([skia.Point(*q) for q in tips], True), _solid(colour))


def waves(c: skia.Canvas, a: RGB, b: RGB, m: RGB) -> None:
    for i, colour in enumerate((a, b, a, m)):
        y = -24 + i * 16
        c.drawPath(
            curve([[-42, y], [-28, y - 9], [-14, y], [0, y + 9], [14, y], [28, y - 9], [42, y]]), _stroke(colour, 7)
        )


def cat(c: skia.Canvas, a: RGB, b: RGB, m: RGB) -> None:
    head = shape(
        [[-34, -34], [-16, -22]],
        [[-16, -22], [0, -25], [16, -22]],
        [[16, -22], [34, -34]],
        [[34, -34], [38, 0], [20, 30], [0, 34], [-20, 30], [-38, 0], [-34, -34]],
    )
    c.drawPath(head, _solid(a))
    for s in (-1, 1):
        c.drawOval(skia.Rect.MakeXYWH(s * 15 - 6, -8, 12, 14), _solid(b))
        c.drawOval(skia.Rect.MakeXYWH(s * 15 - 2.5, -7, 5, 12), _solid(a))
        for dy in (10, 16):
            c.drawLine(s * 12, dy + 2, s * 30, dy - 1, _stroke(b, 1.6))
    c.drawPath(shape([[-5, 9], [5, 9]], [[5, 9], [0, 15]]), _solid(b))


MOTIFS = {"sunset": sunset, "bolt": bolt, "heart": heart, "bauhaus": bauhaus, "star": star, "waves": waves, "cat": cat}

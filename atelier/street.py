"""Street scenes out of focus: shops, trees, lights, signs, crosswalks."""

from __future__ import annotations

import numpy as np
import skia

from .palette import RGB, darker, ink, jitter, lighter, mix, pick

Rng = np.random.Generator
FACADES: list[RGB] = [
    (176, 150, 126),
    (150, 100, 84),
    (198, 190, 178),
    (120, 124, 130),
    (206, 182, 150),
    (142, 150, 152),
    (108, 88, 80),
]
SIGNS: list[RGB] = [(168, 62, 58), (46, 92, 108), (214, 168, 78), (60, 98, 74), (54, 58, 76), (224, 216, 200)]


def draw_street(c: skia.Canvas, rng: Rng, w: int, h: int) -> None:
    """A whole street, drawn sharp on a layer that is then blurred as a lens would."""
    blur = float(rng.uniform(2.0, 6.0))
    night = bool(rng.random() < 0.2)
    layer = skia.Paint(ImageFilter=skia.ImageFilters.Blur(blur, blur, skia.TileMode.kClamp))
    c.saveLayer(skia.Rect.MakeWH(w, h), layer)
    sky = (38, 42, 62) if night else pick(rng, [(196, 214, 226), (222, 224, 222), (206, 206, 204), (236, 220, 196)])
    c.clear(ink(sky))
    ground = h * rng.uniform(0.62, 0.8)
    _facades(c, rng, w, ground, night)
    _road(c, rng, w, h, ground, night)
    for kind in rng.permutation(["trees", "cars", "people", "lamps", "signs"])[: int(rng.integers(2, 5))]:
        OBJECTS[str(kind)](c, rng, w, h, ground, night)
    c.restore()
    if night or rng.random() < 0.35:
        _bokeh(c, rng, w, h, night)
    shade = [ink((255, 244, 224), 0.14), ink((20, 20, 40), 0.2)]
    c.drawPaint(
        skia.Paint(
            Shader=skia.GradientShader.MakeLinear([skia.Point(0, 0), skia.Point(w * rng.uniform(-0.3, 0.3), h)], shade)
        )
    )


def fill(colour: RGB, alpha: float = 1.0) -> skia.Paint:
    return skia.Paint(AntiAlias=True, Color=ink(colour, alpha))


def rect(c: skia.Canvas, x: float, y: float, w: float, h: float, colour: RGB, alpha: float = 1.0) -> None:
    c.drawRect(skia.Rect.MakeXYWH(x, y, w, h), fill(colour, alpha))


def _facades(c: skia.Canvas, rng: Rng, w: int, ground: float, night: bool) -> None:
    x = -rng.uniform(0, 120)
    while x < w:
        width = rng.uniform(130, 260)
        wall = jitter(rng, pick(rng, FACADES), 14)
        if night:
            wall = darker(wall, 0.6)
        top = ground * rng.uniform(-0.1, 0.25)
        rect(c, x, top, width, ground - top, wall)
        rect(c, x + width - 5, top, 5, ground - top, darker(wall, 0.4))
        glass = mix((74, 92, 108), wall, 0.2)
        step = rng.uniform(46, 70)
        for wy in np.arange(top + 24, ground - 190, step * 1.35).tolist():
            for wx in np.arange(x + 16, x + width - 40, step).tolist():
                lit = night and rng.random() < 0.5
                rect(c, wx - 3, wy - 3, 36, 56, lighter(wall, 0.35))
                rect(c, wx, wy, 30, 50, (244, 206, 130) if lit else glass)
        _shop(c, rng, x + 8, ground - 165, width - 16, 165, night)
        x += width


def _shop(c: skia.Canvas, rng: Rng, x: float, y: float, w: float, h: float, night: bool) -> None:
    tone = jitter(rng, pick(rng, SIGNS), 10)
    rect(c, x, y, w, h, darker(tone, 0.35))
    inside = (252, 220, 156) if night or rng.random() < 0.4 else (108, 122, 130)
    rect(c, x + 9, y + 46, w - 18, h - 62, inside)
    for i in range(int(rng.integers(2, 6))):
        bx = x + 14 + i * (w - 30) / 6
        rect(c, bx, y + h - rng.uniform(50, 95), rng.uniform(12, 26), 90, jitter(rng, pick(rng, SIGNS), 30), 0.8)
    rect(c, x + w * rng.uniform(0.3, 0.7), y + 46, 5, h - 56, darker(tone, 0.5))
    rect(c, x, y + 4, w, 24, tone)
    for i in range(int(rng.integers(4, 9))):
        rect(c, x + w * 0.2 + i * w * 0.07, y + 10, w * 0.045, 12, lighter(tone, 0.75))
    if rng.random() < 0.55:
        stripes = 9
        for i in range(stripes):
            colour = tone if i % 2 else (240, 234, 224)
            a = [
                skia.Point(x + i * w / stripes, y + 28),
                skia.Point(x + (i + 1) * w / stripes, y + 28),
                skia.Point(x - 8 + (i + 1) * (w + 16) / stripes, y + 66),
                skia.Point(x - 8 + i * (w + 16) / stripes, y + 66),
            ]
            c.drawPath(skia.Path.Polygon(a, True), fill(colour))
        rect(c, x, y + 66, w, 14, (20, 20, 30), 0.35)


def _road(c: skia.Canvas, rng: Rng, w: int, h: int, ground: float, night: bool) -> None:
    pave = jitter(rng, (172, 168, 162), 14)
    road = jitter(rng, (98, 98, 102), 10)
    if night:
        pave, road = darker(pave, 0.55), darker(road, 0.5)
    rect(c, 0, ground, w, h - ground, pave)
    if rng.random() < 0.7:
        edge = ground + (h - ground) * rng.uniform(0.15, 0.45)
        rect(c, 0, edge, w, h - edge, road)
        rect(c, 0, edge - 4, w, 7, lighter(pave, 0.35))
        if rng.random() < 0.6:
            x = -60.0
            while x < w + 60:
                lean = (x - w / 2) * 0.5
                a = [
                    skia.Point(x, edge + 14),
                    skia.Point(x + 34, edge + 14),
                    skia.Point(x + 46 + lean, h),
                    skia.Point(x - 8 + lean, h),
                ]
                c.drawPath(skia.Path.Polygon(a, True), fill((226, 224, 216), 0.9))
                x += 78
    else:
        for y in np.linspace(ground, h, 7):
            rect(c, 0, y, w, 2, darker(pave, 0.3), 0.7)


def _trees(c: skia.Canvas, rng: Rng, w: int, h: int, ground: float, night: bool) -> None:
    leaf = pick(rng, [(86, 116, 70), (112, 134, 78), (176, 130, 60), (66, 98, 72), (214, 168, 176)])
    for _ in range(int(rng.integers(1, 4))):
        x, top = rng.uniform(0, w), ground * rng.uniform(0.15, 0.4)
        rect(c, x - 8, top, 16, ground - top + 14, (84, 66, 54))
        for _ in range(26):
            r = rng.uniform(18, 46)
            tone = jitter(rng, darker(leaf, float(rng.uniform(0, 0.4)) + 0.3 * night), 16)
            c.drawCircle(x + rng.normal(0, 56), top + rng.normal(0, 46), r, fill(tone, 0.85))


def _cars(c: skia.Canvas, rng: Rng, w: int, h: int, ground: float, night: bool) -> None:
    for _ in range(int(rng.integers(1, 3))):
        x, y = rng.uniform(-80, w - 60), ground + rng.uniform(-8, 18)
        body = jitter(
            rng,
            pick(rng, [(60, 66, 78), (170, 54, 50), (220, 220, 216), (52, 84, 116), (210, 170, 80), (96, 110, 100)]),
            10,
        )
        c.drawRoundRect(skia.Rect.MakeXYWH(x + 34, y - 66, 118, 50), 24, 24, fill(darker(body, 0.1)))
        c.drawRoundRect(skia.Rect.MakeXYWH(x + 44, y - 60, 98, 30), 14, 14, fill((70, 84, 96)))
        c.drawRoundRect(skia.Rect.MakeXYWH(x, y - 38, 190, 36), 14, 14, fill(body))
        for dx in (38, 150):
            c.drawCircle(x + dx, y - 2, 17, fill((34, 34, 38)))
            c.drawCircle(x + dx, y - 2, 8, fill((150, 150, 156)))
        c.drawCircle(x + 182, y - 24, 6, fill((255, 240, 200)))


def _people(c: skia.Canvas, rng: Rng, w: int, h: int, ground: float, night: bool) -> None:
    for _ in range(int(rng.integers(1, 5))):
        x, size = rng.uniform(0, w), rng.uniform(0.7, 1.25)
        foot = ground + 26 * size
        tone, legs = jitter(rng, pick(rng, [*SIGNS, (90, 96, 104)]), 22), jitter(rng, (58, 60, 70), 18)
        rect(c, x - 12 * size, foot - 80 * size, 10 * size, 80 * size, legs)
        rect(c, x + 3 * size, foot - 80 * size, 10 * size, 80 * size, legs)
        c.drawRoundRect(skia.Rect.MakeXYWH(x - 22 * size, foot - 150 * size, 44 * size, 78 * size), 14, 14, fill(tone))
        c.drawCircle(x, foot - 166 * size, 14 * size, fill((196, 152, 124)))


def _lamps(c: skia.Canvas, rng: Rng, w: int, h: int, ground: float, night: bool) -> None:
    for _ in range(int(rng.integers(1, 3))):
        x = rng.uniform(0, w)
        rect(c, x, ground * 0.25, 8, ground * 0.78, (56, 58, 62))
        c.drawCircle(x + 4, ground * 0.24, 17, fill((255, 232, 178) if night else (226, 226, 220)))


def _signs(c: skia.Canvas, rng: Rng, w: int, h: int, ground: float, night: bool) -> None:
    for _ in range(int(rng.integers(1, 3))):
        x, y, tone = rng.uniform(0, w), ground * rng.uniform(0.4, 0.7), jitter(rng, pick(rng, SIGNS), 10)
        rect(c, x - 3, y, 6, ground - y + 8, (120, 122, 126))
        if rng.random() < 0.5:
            c.drawCircle(x, y, 27, fill((236, 232, 226)))
            c.drawCircle(x, y, 22, fill(tone))
            rect(c, x - 14, y - 4, 28, 8, (240, 238, 232))
        else:
            c.drawRoundRect(skia.Rect.MakeXYWH(x - 38, y - 22, 76, 40), 5, 5, fill(tone))
            for i in range(4):
                rect(c, x - 28 + i * 15, y - 8, 10, 12, (240, 236, 226))


def _bokeh(c: skia.Canvas, rng: Rng, w: int, h: int, night: bool) -> None:
    glow = [(255, 214, 140), (255, 176, 120), (250, 240, 220), (190, 220, 250), (240, 150, 140)]
    for _ in range(int(rng.integers(10, 30))):
        x, y, r = rng.uniform(0, w), rng.uniform(0, h * 0.75), rng.uniform(8, 30)
        paint = fill(pick(rng, glow), float(rng.uniform(0.12, 0.34) + 0.12 * night))
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 1.6))
        c.drawCircle(x, y, r, paint)


OBJECTS = {"trees": _trees, "cars": _cars, "people": _people, "lamps": _lamps, "signs": _signs}

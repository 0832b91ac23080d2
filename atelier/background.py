"""Backgrounds: plain, studio, wall, floor, street. Drawn in pixels of the canvas, independent of the garment."""

from __future__ import annotations

import numpy as np
import skia
from numpy.typing import NDArray

from .palette import RGB, WOODS, darker, ink, jitter, lighter, mix, pick
from .street import draw_street

Rng = np.random.Generator
CALM: list[RGB] = [
    (236, 233, 227), (222, 218, 211), (205, 210, 214), (214, 205, 194), (190, 198, 196), (228, 216, 208),
    (176, 184, 194), (200, 190, 180), (170, 166, 162), (220, 226, 226), (196, 204, 188), (148, 156, 166),
    (232, 222, 200),
]  # fmt: skip


def draw_background(kind: str, rng: Rng, width: int, height: int) -> NDArray[np.uint8]:
    """(height, width, 3) uint8 RGB."""
    surface = skia.Surface(width, height)
    canvas = surface.getCanvas()
    DRAW[kind](canvas, rng, width, height)
    return surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)[..., :3].copy()


def _fill(colour: RGB, alpha: float = 1, blur: float = 0) -> skia.Paint:
    paint = skia.Paint(AntiAlias=True, Color=ink(colour, alpha))
    if blur:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    return paint


def _linear(c: skia.Canvas, w: float, h: float, a: RGB, b: RGB, angle: float) -> None:
    dx, dy = np.sin(angle) * w / 2, np.cos(angle) * h / 2
    points = [skia.Point(w / 2 - dx, h / 2 - dy), skia.Point(w / 2 + dx, h / 2 + dy)]
    c.drawPaint(skia.Paint(Shader=skia.GradientShader.MakeLinear(points, [ink(a), ink(b)])))


def _light(c: skia.Canvas, rng: Rng, w: int, h: int, strength: float = 0.22) -> None:
    """A pool of light from one upper side and a dusk in the corners."""
    x, y = rng.uniform(0.1, 0.9) * w, rng.uniform(0.0, 0.5) * h
    colours = [ink((255, 250, 238), strength), ink((255, 250, 238), 0)]
    c.drawPaint(skia.Paint(Shader=skia.GradientShader.MakeRadial(skia.Point(x, y), 0.75 * h, colours)))
    colours = [ink((20, 18, 30), 0), ink((20, 18, 30), strength * 0.9)]
    c.drawPaint(skia.Paint(Shader=skia.GradientShader.MakeRadial(skia.Point(w / 2, h / 2), 0.72 * h, colours)))


def plain(c: skia.Canvas, rng: Rng, w: int, h: int) -> None:
    base = pick(rng, [(250, 249, 247), *CALM])
    _linear(c, w, h, lighter(base, 0.15), darker(base, 0.05), rng.uniform(-0.6, 0.6))


def studio(c: skia.Canvas, rng: Rng, w: int, h: int) -> None:
    base = jitter(
        rng, pick(rng, [*CALM, (118, 122, 130), (140, 118, 108), (104, 122, 120), (150, 132, 148), (92, 88, 92)]), 14
    )
    centre = skia.Point(w * rng.uniform(0.35, 0.65), h * rng.uniform(0.25, 0.5))
    colours = [ink(lighter(base, 0.4)), ink(base), ink(darker(base, 0.38))]
    c.drawPaint(skia.Paint(Shader=skia.GradientShader.MakeRadial(centre, h * 0.8, colours, [0.0, 0.45, 1.0])))
    if rng.random() < 0.6:
        y = h * rng.uniform(0.78, 0.9)
        shade = skia.GradientShader.MakeLinear(
            [skia.Point(0, y - 60), skia.Point(0, h)], [ink(darker(base, 0.3), 0), ink(darker(base, 0.3), 0.5)]
        )
        c.drawPaint(skia.Paint(Shader=shade))
    _grain(c, rng, 0.006, 0.006, 0.22)


def wall(c: skia.Canvas, rng: Rng, w: int, h: int) -> None:
    kind = rng.choice(["brick", "plaster", "panel", "tiles"])
    {"brick": _brick, "plaster": _plaster, "panel": _panel, "tiles": _metro}[str(kind)](c, rng, w, h)
    _light(c, rng, w, h, 0.3)


def _grain(c: skia.Canvas, rng: Rng, fx: float, fy: float, alpha: float) -> None:
    """Uneven brightness: one channel of fractal noise, stretched to full contrast, as soft light."""
    noise = skia.PerlinNoiseShader.MakeFractalNoise(fx, fy, 4, float(rng.integers(999)))
    row = [1.1, 0, 0, 0, -0.05]
    paint = skia.Paint(Shader=noise, BlendMode=skia.BlendMode.kSoftLight)
    paint.setColorFilter(skia.ColorFilters.Matrix([*row, *row, *row, 0, 0, 0, 0, alpha]))
    c.drawPaint(paint)


def _brick(c: skia.Canvas, rng: Rng, w: int, h: int) -> None:
    base = pick(rng, [(150, 84, 66), (172, 112, 88), (196, 190, 182), (120, 92, 84), (214, 206, 196), (98, 98, 104)])
    c.clear(ink(mix(lighter(base, 0.35), (170, 166, 160), 0.6)))
    bw, bh = rng.uniform(56, 84), rng.uniform(20, 28)
    for row in range(int(h / bh) + 2):
        for column in range(-1, int(w / bw) + 2):
            x = column * bw + (row % 2) * bw / 2
            tone = jitter(rng, darker(base, float(rng.uniform(0, 0.24))), 3)
            box = skia.Rect.MakeXYWH(x + 1.6, row * bh + 1.6, bw - 3.2, bh - 3.2)
            c.drawRoundRect(box, 2, 2, _fill(darker(base, 0.6), 0.7, 1.5))
            c.drawRoundRect(box.makeOffset(-0.6, -0.8), 2, 2, _fill(tone))
    _grain(c, rng, 0.08, 0.08, 0.7)


def _plaster(c: skia.Canvas, rng: Rng, w: int, h: int) -> None:
    base = jitter(rng, pick(rng, [*CALM, (198, 160, 134), (158, 170, 160), (128, 140, 156), (204, 178, 150)]), 12)
    c.clear(ink(base))
    _grain(c, rng, 0.012, 0.012, 0.5)
    _grain(c, rng, 0.09, 0.09, 0.5)
    for _ in range(int(rng.integers(0, 4))):
        x, y = rng.uniform(0, w), rng.uniform(0, h)
        path = skia.Path()
        path.moveTo(x, y)
        for _ in range(6):
            x, y = x + rng.uniform(-16, 16), y + rng.uniform(8, 34)
            path.lineTo(x, y)
        paint = _fill(darker(base, 0.4), 0.5)
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(1.2)
        c.drawPath(path, paint)


def _panel(c: skia.Canvas, rng: Rng, w: int, h: int) -> None:
    base = jitter(
        rng,
        pick(rng, [(226, 224, 218), (96, 112, 108), (70, 84, 104), (188, 178, 166), (150, 126, 118), (210, 214, 216)]),
        10,
    )
    _linear(c, w, h, lighter(base, 0.06), darker(base, 0.06), 0)
    pw, x = rng.uniform(150, 230), -rng.uniform(0, 150)
    rail = h * rng.uniform(0.55, 0.7)
    while x < w:
        for top, bottom in ((-40, rail - 26), (rail + 26, h + 40)):
            box = skia.Rect.MakeLTRB(x + 20, top, x + pw - 20, bottom)
            for inset, tone, alpha in (
                (0, darker(base, 0.4), 0.8),
                (3, lighter(base, 0.7), 0.7),
                (9, darker(base, 0.4), 0.5),
            ):
                paint = _fill(tone, alpha)
                paint.setStyle(skia.Paint.kStroke_Style)
                paint.setStrokeWidth(2.4)
                c.drawRect(box.makeInset(inset, inset), paint)
        x += pw
    c.drawRect(skia.Rect.MakeLTRB(0, rail - 7, w, rail + 7), _fill(lighter(base, 0.18)))
    c.drawRect(skia.Rect.MakeLTRB(0, rail + 7, w, rail + 10), _fill(darker(base, 0.45), 0.7, 1.5))


def _metro(c: skia.Canvas, rng: Rng, w: int, h: int) -> None:
    base = jitter(
        rng, pick(rng, [(222, 226, 224), (150, 178, 172), (190, 206, 214), (96, 124, 122), (226, 214, 200)]), 8
    )
    c.clear(ink(darker(base, 0.22)))
    size = rng.uniform(40, 62)
    for row in range(int(h / size) + 1):
        for column in range(int(w / size) + 1):
            box = skia.Rect.MakeXYWH(column * size + 1.3, row * size + 1.3, size - 2.6, size - 2.6)
            c.drawRoundRect(box, 3, 3, _fill(jitter(rng, darker(base, float(rng.uniform(0, 0.08))), 2)))
            c.drawRect(skia.Rect.MakeXYWH(box.left() + 3, box.top() + 2.5, size - 9, 2), _fill((255, 255, 255), 0.4, 1))


def floor(c: skia.Canvas, rng: Rng, w: int, h: int) -> None:
    """A floor seen from above or in a room, its horizon behind the subject."""
    if rng.random() < 0.5:
        _ground(c, rng, w, h)
        _light(c, rng, w, h, 0.3)
        return
    base = jitter(rng, pick(rng, CALM), 12)
    _linear(c, w, h, lighter(base, 0.1), darker(base, 0.12), 0)
    _grain(c, rng, 0.02, 0.02, 0.4)
    horizon = h * rng.uniform(0.58, 0.74)
    c.save()
    c.clipRect(skia.Rect.MakeLTRB(0, horizon, w, h))
    tilt = skia.Matrix()
    corners = [skia.Point(0, 0), skia.Point(w, 0), skia.Point(w, h), skia.Point(0, h)]
    far = [
        skia.Point(w * 0.14, horizon),
        skia.Point(w * 0.86, horizon),
        skia.Point(w * 1.35, h),
        skia.Point(-w * 0.35, h),
    ]
    tilt.setPolyToPoly(corners, far)
    c.concat(tilt)
    c.translate(-w, 0)
    c.scale(3, 1)
    _ground(c, rng, w, h)
    c.restore()
    c.drawRect(skia.Rect.MakeLTRB(0, horizon - 15, w, horizon), _fill(lighter(base, 0.5)))
    c.drawRect(skia.Rect.MakeLTRB(0, horizon - 2, w, horizon + 4), _fill((30, 26, 26), 0.5, 2))
    _light(c, rng, w, h, 0.28)


def _ground(c: skia.Canvas, rng: Rng, w: int, h: int) -> None:
    {"wood": _wood, "tiles": _tiles, "rug": _rug}[str(rng.choice(["wood", "tiles", "rug"]))](c, rng, w, h)


def _wood(c: skia.Canvas, rng: Rng, w: int, h: int) -> None:
    base = jitter(rng, pick(rng, [*WOODS, (206, 188, 164), (180, 172, 162)]), 10)
    plank = rng.uniform(44, 74)
    c.clear(ink(base))
    for i in range(int(w / plank) + 1):
        y = -rng.uniform(0, 200)
        while y < h:
            length = rng.uniform(180, 380)
            tone = jitter(rng, darker(base, float(rng.uniform(0, 0.14))), 8)
            c.drawRect(skia.Rect.MakeXYWH(i * plank, y, plank, length), _fill(tone))
            c.drawRect(skia.Rect.MakeXYWH(i * plank, y, plank, 1.6), _fill(darker(base, 0.6), 0.8))
            y += length
        c.drawRect(skia.Rect.MakeXYWH(i * plank, 0, 1.8, h), _fill(darker(base, 0.6), 0.8))
    _grain(c, rng, 0.12, 0.008, 0.85)


def _tiles(c: skia.Canvas, rng: Rng, w: int, h: int) -> None:
    a = jitter(rng, pick(rng, [(224, 220, 212), (206, 204, 200), (186, 190, 190), (220, 206, 188)]), 8)
    b = mix(a, pick(rng, [(70, 76, 84), (126, 100, 84), (110, 130, 126)]), float(rng.choice([0.0, 0.35, 0.75])))
    size = rng.uniform(70, 120)
    c.clear(ink(darker(a, 0.35)))
    for row in range(int(h / size) + 1):
        for column in range(int(w / size) + 1):
            box = skia.Rect.MakeXYWH(column * size + 1.5, row * size + 1.5, size - 3, size - 3)
            c.drawRect(box, _fill(jitter(rng, a if (row + column) % 2 else b, 3)))
    _grain(c, rng, 0.02, 0.03, 0.6)


def _rug(c: skia.Canvas, rng: Rng, w: int, h: int) -> None:
    base = jitter(
        rng,
        pick(rng, [(150, 72, 62), (74, 88, 112), (196, 178, 150), (112, 120, 104), (206, 200, 190), (120, 96, 110)]),
        10,
    )
    other, third = lighter(base, 0.5), darker(base, 0.45)
    c.clear(ink(base))
    for inset, tone, width in ((16, third, 12), (36, other, 5), (52, third, 3)):
        paint = _fill(tone, 0.85)
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(width)
        c.drawRect(skia.Rect.MakeLTRB(inset, inset, w - inset, h - inset), paint)
    step = rng.uniform(58, 92)
    for row in range(int(h / step) + 1):
        for column in range(int(w / step) + 1):
            x, y = column * step + (row % 2) * step / 2, row * step
            for r, tone in ((0.42, third), (0.3, other), (0.16, base)):
                d = [
                    skia.Point(x, y - r * step),
                    skia.Point(x + r * step, y),
                    skia.Point(x, y + r * step),
                    skia.Point(x - r * step, y),
                ]
                c.drawPath(skia.Path.Polygon(d, True), _fill(tone, 0.5))
    _grain(c, rng, 0.5, 0.5, 0.8)


DRAW = {"plain": plain, "studio": studio, "wall": wall, "floor": floor, "street": draw_street}

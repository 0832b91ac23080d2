"""Printed and woven patterns on a seamless tile. Colours: ground first, then inks, most contrasting first."""

from __future__ import annotations

import numpy as np
import skia
from numpy.typing import NDArray

from .palette import RGB, ink, mix

Rng = np.random.Generator


def draw_pattern(rng: Rng, pattern: str, colours: list[RGB], size: int) -> NDArray[np.float32]:
    """(size, size, 3) float32, 0..255, seamless in both directions."""
    surface = skia.Surface(size, size)
    canvas = surface.getCanvas()
    canvas.clear(ink(colours[0]))
    PATTERNS[pattern](canvas, rng, colours, size)
    return surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)[..., :3].astype(np.float32)


def fill(colour: RGB, alpha: float = 1.0) -> skia.Paint:
    return skia.Paint(AntiAlias=True, Color=ink(colour, alpha))


def band(canvas: skia.Canvas, start: float, width: float, size: int, paint: skia.Paint, upright: bool) -> None:
    for shift in (-size, 0, size):
        box = (start + shift, 0, width, size) if upright else (0, start + shift, size, width)
        canvas.drawRect(skia.Rect.MakeXYWH(*box), paint)


def stripe(canvas: skia.Canvas, rng: Rng, colours: list[RGB], size: int) -> None:
    style = rng.choice(["even", "thin", "breton", "multi"])
    upright = bool(rng.random() < 0.5)
    inks = colours[1:4] if style == "multi" or len(set(colours)) > 5 else colours[1:2]
    count = int(rng.integers(8, 14)) if style != "thin" else int(rng.integers(13, 20))
    share = {"even": 0.5, "thin": 0.22, "breton": 0.36, "multi": 0.4}[str(style)]
    pitch = size / count
    for i in range(count):
        colour = inks[i % len(inks)]
        band(canvas, i * pitch, pitch * share, size, fill(colour), upright)
        if style == "multi":
            band(canvas, (i + 0.62) * pitch, pitch * 0.1, size, fill(inks[(i + 1) % len(inks)]), upright)


def plaid(canvas: skia.Canvas, rng: Rng, colours: list[RGB], size: int) -> None:
    style = rng.choice(["gingham", "tartan", "tartan", "window"])
    count = int(rng.integers(9, 14)) if style == "gingham" else int(rng.integers(4, 7))
    pitch = size / count
    for upright in (True, False):
        for i in range(count):
            at = i * pitch
            if style == "gingham":
                band(canvas, at, pitch * 0.5, size, fill(colours[1], 0.5), upright)
            elif style == "tartan":
                band(canvas, at, pitch * 0.42, size, fill(colours[1], 0.42), upright)
                band(canvas, at + pitch * 0.16, pitch * 0.1, size, fill(colours[2], 0.7), upright)
                band(canvas, at + pitch * 0.68, pitch * 0.06, size, fill(colours[1], 0.85), upright)
                band(canvas, at + pitch * 0.8, pitch * 0.03, size, fill(colours[3], 0.9), upright)
            else:
                band(canvas, at, pitch * 0.07, size, fill(colours[1], 0.9), upright)
                band(canvas, at + pitch * 0.14, pitch * 0.03, size, fill(colours[2], 0.8), upright)


def spot(canvas: skia.Canvas, rng: Rng, colours: list[RGB], size: int) -> None:
    count = 2 * int(rng.integers(4, 8))
    pitch = size / count
    radius = pitch * rng.uniform(0.24, 0.36)
    loose = rng.random() < 0.25
    inks = colours[1:5] if len(set(colours)) > 5 or _many(colours) else colours[1:2]
    for row in range(count):
        for column in range(count):
            x = (column + 0.5 * (row % 2)) * pitch + (rng.uniform(-0.2, 0.2) * pitch if loose else 0)
            y = row * pitch + (rng.uniform(-0.2, 0.2) * pitch if loose else 0)
            r = radius * (rng.uniform(0.6, 1.25) if loose else 1)
            paint = fill(inks[int(rng.integers(len(inks)))])
            for dx in (0, size):
                for dy in (0, size):
                    canvas.drawCircle(
                        x - dx if dx and x > size - pitch else x, y - dy if dy and y > size - pitch else y, r, paint
                    )


def floral(canvas: skia.Canvas, rng: Rng, colours: list[RGB], size: int) -> None:
    count = int(rng.integers(4, 7))
    pitch = size / count
    petals = [colours[1], colours[2]] if not _many(colours) else colours[1:4]
    leaf = mix(colours[-1], (88, 116, 84), 0.55)
    for row in range(count):
        for column in range(count):
            x = (column + 0.5 * (row % 2) + rng.uniform(-0.16, 0.16)) * pitch
            y = (row + rng.uniform(-0.16, 0.16)) * pitch
            r, turn = pitch * rng.uniform(0.26, 0.4), rng.uniform(0, 360)
            lobes, colour = int(rng.integers(5, 7)), petals[int(rng.integers(len(petals)))]
            heart = colours[3] if colour != colours[3] else colours[1]
            for dx in (-size, 0, size):
                for dy in (-size, 0, size):
                    if -pitch < x + dx < size + pitch and -pitch < y + dy < size + pitch:
                        _flower(canvas, x + dx, y + dy, r, turn, lobes, colour, heart, leaf)


def _flower(
    canvas: skia.Canvas, x: float, y: float, r: float, turn: float, lobes: int, colour: RGB, heart: RGB, leaf: RGB
) -> None:
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(turn)
    for side in (35, 200):
        canvas.save()
        canvas.rotate(side)
        blade = skia.Path()
        blade.moveTo(r * 0.6, 0)
        blade.quadTo(r * 1.15, -r * 0.42, r * 1.75, 0)
        blade.quadTo(r * 1.15, r * 0.42, r * 0.6, 0)
        canvas.drawPath(blade, fill(leaf))
        canvas.restore()
    for i in range(lobes):
        canvas.save()
        canvas.rotate(360 / lobes * i)
        canvas.drawOval(skia.Rect.MakeLTRB(r * 0.12, -r * 0.36, r, r * 0.36), fill(colour))
        canvas.drawOval(skia.Rect.MakeLTRB(r * 0.15, -r * 0.1, r * 0.7, r * 0.1), fill(heart, 0.28))
        canvas.restore()
    canvas.drawCircle(0, 0, r * 0.27, fill(heart))
    canvas.restore()


def graphics(canvas: skia.Canvas, rng: Rng, colours: list[RGB], size: int) -> None:
    """An all-over print of cut-paper shapes."""
    count = int(rng.integers(3, 5))
    pitch = size / count
    kinds = ["half", "tri", "ring", "zig", "block"]
    for row in range(count):
        for column in range(count):
            kind = kinds[(row * 2 + column + int(rng.integers(2))) % len(kinds)]
            x, y = (column + 0.5) * pitch, (row + 0.5) * pitch
            colour = colours[1 + int(rng.integers(2))] if not _many(colours) else colours[1 + int(rng.integers(4))]
            canvas.save()
            canvas.translate(x, y)
            canvas.rotate(float(rng.choice([0, 45, 90, 200])))
            _cutout(canvas, kind, pitch * 0.36, colour)
            canvas.restore()


def _cutout(canvas: skia.Canvas, kind: str, r: float, colour: RGB) -> None:
    paint = fill(colour)
    if kind == "half":
        canvas.drawArc(skia.Rect.MakeLTRB(-r, -r, r, r), 0, 180, True, paint)
    elif kind == "tri":
        canvas.drawPath(
            skia.Path.Polygon([skia.Point(-r, r * 0.8), skia.Point(r, r * 0.8), skia.Point(0, -r)], True), paint
        )
    elif kind == "block":
        canvas.drawRect(skia.Rect.MakeLTRB(-r * 0.9, -r * 0.3, r * 0.9, r * 0.3), paint)
    else:
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(r * 0.34)
        paint.setStrokeJoin(skia.Paint.kRound_Join)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
        if kind == "ring":
            canvas.drawCircle(0, 0, r * 0.7, paint)
        else:
            zig = [skia.Point(-r + i * r / 2, (-1) ** i * r * 0.35) for i in range(5)]
            canvas.drawPath(skia.Path.Polygon(zig, False), paint)


def _many(colours: list[RGB]) -> bool:
    """Whether the inks are several hues (a multicolour combination) and not tones of one."""
    hues = np.array(colours, dtype=float)
    chroma = hues - hues.mean(axis=1, keepdims=True)
    unit = chroma / np.maximum(np.linalg.norm(chroma, axis=1, keepdims=True), 18)
    return bool((unit @ unit.T).min() < -0.3)


PATTERNS = {"stripe": stripe, "plaid": plaid, "spot": spot, "floral": floral, "graphics": graphics}

"""The painter: fills outlines with cloth or skin, shades them as rounded forms, and keeps the garment mask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import skia

from .cloth import Cloth
from .geometry import Points, Run, curve, moved, ribbon, spline
from .palette import RGB, darker, ink, lighter, luminance


class Painter:
    """Draws a subject on a transparent surface and its garment mask on another, both through one matrix.

    Sizes and blur radii are in body units (see body.py). `light` is -1 (from the left) or +1.
    """

    def __init__(self, width: int, height: int, matrix: skia.Matrix, light: int) -> None:
        self.light = light
        self.surface = skia.Surface(width, height)
        self.mask = skia.Surface(width, height)
        self.canvas = self.surface.getCanvas()
        self.mask_canvas = self.mask.getCanvas()
        for canvas in (self.canvas, self.mask_canvas):
            canvas.clear(0)
            canvas.concat(matrix)

    def cover(self, path: skia.Path, garment: bool) -> None:
        """Record that `path` is now garment (or that something else hides the garment there)."""
        colour = skia.ColorWHITE if garment else skia.ColorBLACK
        self.mask_canvas.drawPath(path, skia.Paint(AntiAlias=True, Color=colour))

    @contextmanager
    def clip(self, path: skia.Path) -> Iterator[None]:
        self.canvas.save()
        self.canvas.clipPath(path, skia.ClipOp.kIntersect, True)
        try:
            yield
        finally:
            self.canvas.restore()

    def cloth(
        self,
        path: skia.Path,
        cloth: Cloth,
        origin: tuple[float, float] = (0, 0),
        angle: float = 0,
        depth: float = 1.0,
        form: float = 14,
    ) -> None:
        """Fill with cloth: grain from `origin`, turned by `angle` degrees; shaded as a form `form` units round."""
        cloth.lay(self.canvas, path, origin, angle)
        self.shade(path, cloth.base, form, depth, cloth.sheen)
        self.outline(path, darker(cloth.base, 0.65), 1.1, 0.55)
        self.cover(path, True)

    def drape(self, path: skia.Path, cloth: Cloth, origin: tuple[float, float]) -> None:
        """A roll of loose cloth on cloth: lightly shaded, without an outline."""
        cloth.lay(self.canvas, path, origin, 0)
        with self.clip(path):
            self.rim(path, darker(cloth.base, 0.78), 5, 0.3, (0, -3))
        self.cover(path, True)

    def body(self, path: skia.Path, colour: RGB, form: float = 12, depth: float = 0.8, sheen: float = 0.5) -> None:
        """Fill with skin, hair, wood, plastic: anything that is not the garment."""
        self.canvas.drawPath(path, skia.Paint(AntiAlias=True, Color=ink(colour)))
        self.shade(path, colour, form, depth, sheen)
        self.outline(path, darker(colour, 0.5), 0.8, 0.4)
        self.cover(path, False)

    def shade(self, path: skia.Path, base: RGB, form: float, depth: float, sheen: float) -> None:
        dark = darker(base, 0.78)
        bright = lighter(base, 0.7)
        lift = (0.16 + 0.3 * sheen) * (1.0 if luminance(base) > 0.3 else 0.7)
        with self.clip(path):
            self.rim(path, dark, form, 0.62 * depth, (self.light * form * -0.75, -form * 0.35))
            self.rim(path, bright, form * 0.55, lift * depth, (self.light * form * 0.45, form * 0.3))
            self.rim(path, dark, form * 0.3, 0.38 * depth, (0, 0))

    def rim(self, path: skia.Path, colour: RGB, blur: float, alpha: float, shift: tuple[float, float]) -> None:
        """A soft band of `colour` that enters `path` from outside its border, moved by `shift`."""
        inverse = skia.Path(path)
        inverse.setFillType(skia.PathFillType.kInverseWinding)
        self.canvas.save()
        self.canvas.translate(*shift)
        self.canvas.drawPath(inverse, soft(colour, alpha, blur))
        self.canvas.restore()

    def cast(
        self, path: skia.Path, onto: skia.Path | None, blur: float = 5, alpha: float = 0.4, drop: float = 4
    ) -> None:
        """The shadow of `path` on what is already drawn inside `onto`."""
        self.canvas.save()
        if onto is not None:
            self.canvas.clipPath(onto, skia.ClipOp.kIntersect, True)
        self.canvas.translate(-self.light * drop * 0.7, drop)
        self.canvas.drawPath(path, soft((16, 12, 22), alpha, blur))
        self.canvas.restore()

    def outline(self, path: skia.Path, colour: RGB, width: float, alpha: float) -> None:
        paint = skia.Paint(AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=width, Color=ink(colour, alpha))
        paint.setStrokeJoin(skia.Paint.kRound_Join)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
        self.canvas.drawPath(path, paint)

    def line(self, points: Run, colour: RGB, width: float = 1.1, alpha: float = 0.6) -> None:
        self.outline(curve(points), colour, width, alpha)

    def seam(self, points: Run, cloth: Cloth) -> None:
        """A seam: a dark groove with a lit edge beside it."""
        self.line(points, darker(cloth.base, 0.7), 1.5, 0.6)
        lit = moved(np.asarray(points, dtype=float), 1.6 * self.light, 1.2)
        self.line(lit, lighter(cloth.base, 0.6), 1.0, 0.3)

    def stitch(self, points: Run, cloth: Cloth) -> None:
        dash = skia.DashPathEffect.Make([4.0, 2.6], 0)
        tone = lighter(cloth.base, 0.55) if luminance(cloth.base) < 0.55 else darker(cloth.base, 0.45)
        paint = skia.Paint(AntiAlias=True, Style=skia.Paint.kStroke_Style, StrokeWidth=1.0, Color=ink(tone, 0.75))
        paint.setPathEffect(dash)
        self.canvas.drawPath(curve(points), paint)

    def fold(self, points: Run, width: float, cloth: Cloth, strength: float = 0.5) -> None:
        """A crease along `points`: tapering soft shadow with a lit ridge on the side of the light."""
        line = spline(np.asarray(points, dtype=float), 6)
        taper = width * np.sin(np.linspace(0.08, 0.92, len(line)) * np.pi) ** 0.8
        self.canvas.drawPath(ribbon(line, taper), soft(darker(cloth.base, 0.8), 0.75 * strength, width * 0.5))
        lit = line + np.array([self.light * width * 1.5, -width * 0.5])
        self.canvas.drawPath(
            ribbon(lit, taper * 0.8), soft(lighter(cloth.base, 0.75), self.lift(cloth) * strength, width * 0.5)
        )

    def lift(self, cloth: Cloth) -> float:
        return (0.26 if luminance(cloth.base) < 0.3 else 0.36) + 0.35 * cloth.sheen

    def button(self, x: float, y: float, r: float, colour: RGB) -> None:
        disc = skia.Path.Circle(x, y, r)
        self.cast(disc, None, r * 0.4, 0.5, r * 0.35)
        self.canvas.drawPath(disc, skia.Paint(AntiAlias=True, Color=ink(colour)))
        with self.clip(disc):
            self.rim(disc, darker(colour, 0.8), r * 0.45, 0.6, (-self.light * r * 0.4, -r * 0.4))
            self.rim(disc, lighter(colour, 0.8), r * 0.3, 0.7, (self.light * r * 0.35, r * 0.35))
        for dx, dy in ((-0.27, -0.27), (0.27, -0.27), (-0.27, 0.27), (0.27, 0.27)):
            self.canvas.drawCircle(
                x + dx * r, y + dy * r, r * 0.13, skia.Paint(AntiAlias=True, Color=ink((20, 18, 20), 0.7))
            )

    def glow(self, points: Points, width: float, colour: RGB, alpha: float) -> None:
        """A soft tapering stroke, for light and shadow on a body."""
        line = spline(points, 6)
        taper = width * np.sin(np.linspace(0.05, 0.95, len(line)) * np.pi)
        self.canvas.drawPath(ribbon(line, taper), soft(colour, alpha, width * 0.6))


def soft(colour: RGB, alpha: float, blur: float) -> skia.Paint:
    paint = skia.Paint(AntiAlias=True, Color=ink(colour, alpha))
    paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, max(blur, 0.1)))
    return paint

"""Cloth: a seamless tile of weave and pattern, used as the shader of every part of a garment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import skia
from numpy.typing import NDArray

from .palette import CREAM, DEEP, MULTI, RGB, SHADES, darker, jitter, lighter, luminance, mix, pick
from .patterns import draw_pattern

TILE = 512  # pixels a side
SPAN = 320.0  # body units a side
LAP = 4  # pixels by which neighbouring tiles overlap
Array = NDArray[np.float32]

# Material -> (relief of the weave, sheen 0..1)
MATERIALS = {
    "cotton": (1.0, 0.15),
    "linen": (1.2, 0.1),
    "denim": (1.2, 0.1),
    "knit": (1.0, 0.1),
    "ribbed": (0.9, 0.1),
    "wool": (1.0, 0.05),
    "tweed": (1.3, 0.0),
    "satin": (0.6, 0.9),
    "corduroy": (1.0, 0.25),
    "leather": (0.8, 0.8),
}
WEARS = {
    "blouse": ("cotton", "satin", "linen", "satin"),
    "shirt": ("cotton", "linen", "denim", "cotton"),
    "t-shirt": ("cotton", "cotton", "linen"),
    "sweater": ("knit", "ribbed", "knit", "wool"),
    "coat": ("wool", "tweed", "wool", "cotton", "corduroy"),
    "dress": ("cotton", "satin", "linen", "wool"),
    "skirt": ("cotton", "denim", "satin", "wool", "corduroy"),
    "pants": ("denim", "cotton", "wool", "corduroy", "linen"),
}


@dataclass(frozen=True)
class Cloth:
    """A cloth: `tile` is opaque and seamless; `inks` are the other colours in it, most contrasting first."""

    material: str
    tile: skia.Image
    base: RGB
    inks: tuple[RGB, ...]
    sheen: float
    offset: tuple[float, float]

    def lay(self, canvas: skia.Canvas, path: skia.Path, origin: tuple[float, float], angle: float) -> None:
        """Fill `path` with the repeated tile, its grain turned by `angle` degrees around `origin`.

        Tiles are drawn one by one below a clip: skia-python copies the pixels of an image shader each time it is set.
        """
        matrix = skia.Matrix()
        matrix.setRotate(angle)
        matrix.postTranslate(origin[0] + self.offset[0], origin[1] + self.offset[1])
        matrix.preScale(SPAN / TILE, SPAN / TILE)
        inverse = skia.Matrix()
        if not matrix.invert(inverse):
            return
        box = inverse.mapRect(path.getBounds())
        smooth = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
        canvas.save()
        canvas.clipPath(path, skia.ClipOp.kIntersect, True)
        canvas.concat(matrix)
        for row in range(int(np.floor(box.top() / TILE)), int(np.floor(box.bottom() / TILE)) + 1):
            for column in range(int(np.floor(box.left() / TILE)), int(np.floor(box.right() / TILE)) + 1):
                canvas.drawImage(self.tile, column * TILE - LAP, row * TILE - LAP, smooth)
        canvas.restore()

    def solid(self, colour: RGB | None = None, material: str | None = None) -> Cloth:
        """The plain cloth of another colour or weave: linings, ribs, contrast collars."""
        base = colour or self.base
        kind = material or self.material
        paint = np.broadcast_to(np.array(base, dtype=np.float32), (TILE, TILE, 3))
        return replace(self, material=kind, base=base, tile=_woven(paint, kind), sheen=MATERIALS[kind][1])


def make_cloth(rng: np.random.Generator, garment: str, pattern: str, color: str, all_over: bool) -> Cloth:
    """`all_over`: a graphic is printed all over the cloth; otherwise the cloth of a graphic garment stays plain."""
    wears = WEARS[garment]
    material = wears[int(rng.integers(len(wears)))]
    if color == "multicolor":
        combo = MULTI[int(rng.integers(len(MULTI)))]
        order = rng.permutation(len(combo))
        colours = [jitter(rng, combo[i]) for i in order]
    else:
        colours = _companions(rng, jitter(rng, pick(rng, SHADES[color])), color)
    plain = pattern == "solid" or (pattern == "graphics" and not all_over)
    if plain:
        picture = (
            _ombre(rng, colours)
            if color == "multicolor"
            else np.broadcast_to(np.array(colours[0], dtype=np.float32), (TILE, TILE, 3))
        )
    else:
        picture = _warp(draw_pattern(rng, pattern, colours, TILE), rng)
    offset = (float(rng.uniform(0, SPAN)), float(rng.uniform(0, SPAN))) if not plain else (0.0, 100.0)
    return Cloth(material, _woven(picture, material), colours[0], tuple(colours[1:]), MATERIALS[material][1], offset)


def _companions(rng: np.random.Generator, base: RGB, color: str) -> list[RGB]:
    """Base first; then inks that keep the base the colour one would name: neutrals and its own tones."""
    neutral = pick(rng, CREAM) if luminance(base) < 0.55 else pick(rng, DEEP)
    tone = lighter(base, 0.55) if luminance(base) < 0.55 else darker(base, 0.45)
    if color in ("black", "white", "gray"):
        tone = mix(base, (128, 128, 132), 0.55)
    inks = [neutral, tone] if rng.random() < 0.7 else [tone, neutral]
    return [base, *inks, lighter(base, 0.25), darker(base, 0.3)]


def _ombre(rng: np.random.Generator, colours: list[RGB]) -> Array:
    """Three colours that run into each other down the garment (dip dye)."""
    stops = np.array([colours[0], colours[1], colours[2], colours[0]], dtype=np.float32)
    t = np.linspace(0, 3, TILE, endpoint=False)
    step, rest = t.astype(int), t % 1
    blend = np.clip((rest - 0.5) / 0.28 + 0.5, 0, 1)[:, None]
    rows = stops[step] * (1 - blend) + stops[step + 1] * blend
    return np.broadcast_to(rows[:, None].astype(np.float32), (TILE, TILE, 3))


def _warp(picture: Array, rng: np.random.Generator) -> Array:
    """Let printed lines follow the body a little: a seamless displacement of a few pixels."""
    y, x = np.mgrid[0:TILE, 0:TILE].astype(np.float32) * np.float32(2 * np.pi / TILE)
    a, b, c = rng.uniform(0, 6.28, 3).astype(np.float32)
    dx = 2.2 * np.sin(2 * y + a) + 1.3 * np.sin(3 * y + x + b)
    dy = 2.2 * np.sin(2 * x + c) + 1.3 * np.sin(3 * x - y + a)
    rows = (np.arange(TILE)[:, None] + dy).astype(int) % TILE
    columns = (np.arange(TILE)[None] + dx).astype(int) % TILE
    return picture[rows, columns]


def _woven(picture: Array, material: str) -> skia.Image:
    relief = MATERIALS[material][0]
    weave = (_weave(material) * relief)[..., None]
    dark = picture.mean() < 70
    lit = picture * (1 + weave) + (weave * 34 if dark else 0)
    pixels = np.full((TILE + 2 * LAP, TILE + 2 * LAP, 4), 255, dtype=np.uint8)
    pixels[..., :3] = np.pad(np.clip(lit, 0, 255), ((LAP, LAP), (LAP, LAP), (0, 0)), mode="wrap")
    return skia.Image.fromarray(pixels, skia.ColorType.kRGBA_8888_ColorType).withDefaultMipmaps()


@cache
def _weave(material: str) -> Array:
    """Brightness of the weave around 0, seamless, (TILE, TILE)."""
    rng = np.random.default_rng(sorted(MATERIALS).index(material))
    y, x = np.mgrid[0:TILE, 0:TILE].astype(np.float32)
    grain = _noise(rng, 1.0, 1.0)
    cloud = _noise(rng, 14, 14)
    if material in ("cotton", "linen"):
        threads = _noise(rng, 9, 0.7) + _noise(rng, 0.7, 9)
        return (0.016 if material == "cotton" else 0.04) * threads + 0.012 * cloud + 0.012 * grain
    if material == "denim":
        twill = np.sin((x + y) * (2 * np.pi / 5.333333))
        return 0.035 * twill + 0.05 * _noise(rng, 0.8, 7) + 0.03 * cloud + 0.025 * grain
    if material == "knit":
        v = np.abs((x % 12.8) - 6.4)
        stitch = np.cos((y - v * 1.1) * (2 * np.pi / 10.24)) * 0.6 + np.cos(v * np.pi / 6.4)
        return 0.075 * stitch.astype(np.float32) + 0.02 * grain + 0.015 * cloud
    if material == "ribbed":
        rib = np.cos(x * (2 * np.pi / 16))
        return 0.11 * rib + 0.03 * np.cos(y * (2 * np.pi / 6.4)) + 0.02 * grain
    if material == "wool":
        return 0.035 * _noise(rng, 2.2, 2.2) + 0.03 * cloud + 0.03 * grain
    if material == "tweed":
        return 0.075 * _noise(rng, 1.6, 1.2) + 0.05 * np.sin((x - y) * (2 * np.pi / 8)) + 0.04 * grain
    if material == "corduroy":
        return 0.1 * np.cos(x * (2 * np.pi / 9.142857)) + 0.02 * grain
    return 0.02 * _noise(rng, 3, 26) + 0.015 * cloud  # satin, leather


def _noise(rng: np.random.Generator, sx: float, sy: float) -> Array:
    """Seamless Gaussian noise, blurred by sx, sy pixels, unit variance."""
    f = np.fft.fftfreq(TILE)
    window = np.exp(-2 * np.pi**2 * ((f[None] * sx) ** 2 + (f[:, None] * sy) ** 2))
    field = np.fft.ifft2(np.fft.fft2(rng.standard_normal((TILE, TILE))) * window).real
    return (field / field.std()).astype(np.float32)

"""From a spec to a picture: order of drawing, framing, shadow on the background, light of the photograph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia
from numpy.typing import NDArray
from PIL import Image

from .background import draw_background
from .body import draw_arm, draw_hair_back, draw_head, draw_legs, draw_torso, make_look
from .bottoms import PANT_HEM, SKIRT_HEM, draw_belt, draw_pants, draw_skirt
from .cloth import Cloth, make_cloth
from .coats import COAT_HEM, draw_coat, draw_coat_behind
from .companion import clips, draw_hanger, draw_stand, plain_bottom, plain_top, undershirt
from .paint import Painter
from .pose import Pose, make_pose
from .sleeves import ENDS
from .spec import Spec
from .tops import all_over, draw_behind, draw_top

WIDTH, HEIGHT, SCALE = 256, 320, 2
Rng = np.random.Generator


@dataclass(frozen=True)
class Picture:
    """`image` RGB 256x320; `mask` and `subject` (320, 256) float32, share of each pixel that shows the garment, and that shows
    it or what wears or carries it, 0..1."""

    image: Image.Image
    mask: NDArray[np.float32]
    subject: NDArray[np.float32]


def render(spec: Spec, background: str | Spec | NDArray[np.uint8] | None = None) -> Picture:
    """Draw `spec`; the garment, pose and light stay the same whatever the background.

    `background`: None for the spec's own; a kind of BACKGROUNDS (drawn from the spec's own stream); another spec,
    whose background is taken over; or an RGB array (640, 512, 3).
    """
    width, height = WIDTH * SCALE, HEIGHT * SCALE
    camera = spec.rng("camera")
    light = int(camera.choice([-1, 1]))
    painter = Painter(width, height, _frame(spec, camera, width, height), light)
    _draw_subject(painter, spec)
    behind = _background(spec, background, width, height)
    image = _develop(behind, painter, spec, camera, light)
    mask, subject = _channel(painter.mask, 0), _channel(painter.surface, 3)
    return Picture(image, mask, subject)


def _background(
    spec: Spec, wanted: str | Spec | NDArray[np.uint8] | None, width: int, height: int
) -> NDArray[np.uint8]:
    if isinstance(wanted, np.ndarray):
        if wanted.shape != (height, width, 3):
            raise ValueError(f"a background array must be ({height}, {width}, 3) RGB, not {wanted.shape}")
        return wanted
    source = wanted if isinstance(wanted, Spec) else spec
    kind = wanted if isinstance(wanted, str) else source.background
    return draw_background(kind, source.rng("background"), width, height)


def _extent(spec: Spec, rng: Rng) -> tuple[float, float]:
    """Top and bottom of the frame in body units; drawn so that it does not give a length away."""
    labels = spec.labels
    sleeve = 176 + 262 * ENDS.get(labels.get("sleeve_length", ""), 0)
    if spec.garment in ("skirt", "pants"):
        hems = [SKIRT_HEM.get(labels.get("skirt_length", ""), 0), PANT_HEM.get(labels.get("pant_length", ""), 0)]
        return (float(rng.uniform(150, 235)) if spec.worn else 205), (
            max(hems) + float(rng.uniform(30, 110)) if not spec.worn else 826
        )
    top = float(rng.uniform(-16, 84)) if spec.worn else 52.0 if spec.presentation == "hanger" else 92.0
    if not spec.worn:
        hems = [COAT_HEM.get(labels.get("coat_length", ""), 0), SKIRT_HEM.get(labels.get("skirt_length", ""), 0), 412]
        return top, max(*hems, sleeve) + float(rng.uniform(24, 80))
    if spec.garment == "coat":
        return top, max(COAT_HEM[labels["coat_length"]] + 50, sleeve + 20, float(rng.uniform(560, 840)))
    if spec.garment == "dress":
        return top, max(SKIRT_HEM[labels["skirt_length"]] + 60, sleeve + 20, float(rng.uniform(700, 840)))
    return top, max(435, sleeve + 22, float(rng.uniform(430, 560)))


def _frame(spec: Spec, rng: Rng, width: int, height: int) -> skia.Matrix:
    top, bottom = _extent(spec, rng)
    reach = 128.0 if spec.garment in ("skirt", "pants") else 185.0 if spec.presentation != "flat" else 215.0
    scale = min(height / (bottom - top), width / (2 * reach)) * float(rng.uniform(0.93, 1.03))
    lean = float(
        rng.uniform(-3, 3) if spec.worn else rng.uniform(-9, 9) if spec.presentation == "flat" else rng.uniform(-2, 2)
    )
    slack = max(0.0, width - 2 * reach * scale)
    x = width / 2 + float(rng.uniform(-0.35, 0.35)) * slack + float(rng.uniform(-10, 10))
    matrix = skia.Matrix()
    matrix.setTranslate(x, height / 2 + float(rng.uniform(-6, 6)))
    matrix.preRotate(lean)
    matrix.preScale(scale * (-1 if rng.random() < 0.0 else 1), scale)
    matrix.preTranslate(0, -(top + bottom) / 2)
    return matrix


def _draw_subject(p: Painter, spec: Spec) -> None:
    pose = make_pose(spec.rng("pose"), spec.presentation)
    colour = spec.labels["color"]
    cloth = make_cloth(spec.rng("cloth"), spec.garment, spec.labels["pattern"], colour, all_over(spec))
    cut = spec.rng("garment")
    look_rng = spec.rng("camera")
    look_rng.random(16)
    look = make_look(look_rng, spec.presentation)
    if spec.worn:
        draw_hair_back(p, look)
    if spec.garment == "coat":
        draw_coat_behind(p, spec, cloth)
    elif spec.garment not in ("skirt", "pants"):
        draw_behind(p, spec, cloth)
    if spec.presentation == "hanger":
        bare = spec.labels.get("neckline_design") in ("strapless", "off shoulder")
        draw_hanger(p, look_rng, spec.garment in ("skirt", "pants"), bare)
    if spec.worn:
        if not look.person:
            draw_stand(p, look)
        draw_legs(p, pose, look)
        draw_torso(p, look)
        if spec.garment not in ("skirt", "pants", "dress"):
            plain_bottom(p, pose, look_rng)
        if spec.garment == "coat":
            undershirt(p, look_rng)
        if spec.garment in ("skirt", "pants") and look.person:
            for side in (-1, 1):
                draw_arm(p, pose, look, side)
            plain_top(p, pose, look_rng)
        else:
            for side in (-1, 1):
                draw_arm(p, pose, look, side)
    _draw_garment(p, spec, pose, cloth, cut)
    if spec.presentation == "hanger" and spec.garment in ("skirt", "pants"):
        clips(p)
    if spec.worn:
        draw_head(p, look)


def _draw_garment(p: Painter, spec: Spec, pose: Pose, cloth: Cloth, rng: Rng) -> None:
    if spec.garment == "coat":
        draw_coat(p, spec, pose, cloth, rng)
    elif spec.garment == "skirt":
        draw_skirt(p, spec, cloth, rng, waistband=True)
    elif spec.garment == "pants":
        draw_pants(p, spec, pose, cloth, rng)
    elif spec.garment == "dress":
        draw_skirt(p, spec, cloth, rng, waistband=False)
        draw_top(p, spec, pose, cloth, rng, hem=304)
        if rng.random() < 0.5:
            draw_belt(p, cloth, rng, 300, 58)
    else:
        draw_top(p, spec, pose, cloth, rng)


def _develop(behind: NDArray[np.uint8], painter: Painter, spec: Spec, rng: Rng, light: int) -> Image.Image:
    """Composite over the background with its shadow, then the light, tint and grain of one exposure."""
    height, width = behind.shape[:2]
    surface = skia.Surface(width, height)
    canvas = surface.getCanvas()
    rgba = np.dstack([behind, np.full((height, width), 255, np.uint8)])
    canvas.drawImage(skia.Image.fromarray(rgba, skia.ColorType.kRGBA_8888_ColorType), 0, 0)
    subject = painter.surface.makeImageSnapshot()
    near = spec.presentation in ("flat", "hanger", "ghost")
    blur, drop = (7.0, 9.0) if near else (float(rng.uniform(14, 24)), float(rng.uniform(14, 30)))
    linear = skia.SamplingOptions(skia.FilterMode.kLinear)
    canvas.drawImageRect(
        _shadow(subject, -light * drop, drop * 0.8, blur, near), skia.Rect.MakeWH(width, height), linear
    )
    canvas.drawImage(subject, 0, 0)
    x = 0 if light < 0 else width
    beam = [
        skia.ColorSetARGB(26, 255, 248, 232),
        skia.ColorSetARGB(0, 255, 248, 232),
        skia.ColorSetARGB(34, 10, 10, 30),
    ]
    canvas.drawPaint(
        skia.Paint(Shader=skia.GradientShader.MakeLinear([skia.Point(x, 0), skia.Point(width - x, height)], beam))
    )
    pixels = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)[..., :3].copy()
    small = np.asarray(_shrink(Image.fromarray(pixels)), dtype=np.float32)
    tint = 1 + rng.uniform(-0.025, 0.025) * np.array([1.0, 0.1, -1.0], dtype=np.float32)
    small = small * tint * np.float32(rng.uniform(0.95, 1.04)) + rng.normal(0, 1.1, (*small.shape[:2], 1)).astype(
        np.float32
    )
    return Image.fromarray(np.clip(small, 0, 255).astype(np.uint8))


def _shadow(subject: skia.Image, dx: float, dy: float, blur: float, near: bool) -> skia.Image:
    """A wide cast shadow and a narrow contact shadow of the subject, at a quarter of its size (both are soft)."""
    width, height = subject.width() // 4, subject.height() // 4
    small, shadow = skia.Surface(width, height), skia.Surface(width, height)
    linear = skia.SamplingOptions(skia.FilterMode.kLinear)
    small.getCanvas().drawImageRect(subject, skia.Rect.MakeWH(width, height), linear)
    silhouette = small.makeImageSnapshot()
    for sigma, alpha, share in ((blur, 0.36, 0.25), (3.0, 0.22 if near else 0.1, 0.075)):
        tone = skia.ColorSetARGB(int(255 * alpha), 18, 14, 26)
        drop = skia.ImageFilters.DropShadowOnly(dx * share, dy * share, sigma / 4, sigma / 4, tone)
        shadow.getCanvas().drawImage(silhouette, 0, 0, linear, skia.Paint(ImageFilter=drop))
    return shadow.makeImageSnapshot()


def _channel(surface: skia.Surface, index: int) -> NDArray[np.float32]:
    """One of red, green, blue and alpha of a surface, at the size of the picture, 0..1."""
    level = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)[..., index]
    return np.asarray(_shrink(Image.fromarray(level.copy())), dtype=np.float32) / np.float32(255)


def _shrink(image: Image.Image) -> Image.Image:
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

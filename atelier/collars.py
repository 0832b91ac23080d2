"""Collars of shirts, blouses, dresses and jackets: shirt collar, peter pan, puritan, rib."""

from __future__ import annotations

import numpy as np

from .cloth import Cloth
from .geometry import moved, shape, spline
from .paint import Painter
from .palette import CREAM, darker, lighter, luminance, pick

Rng = np.random.Generator


def collar_cloth(cloth: Cloth, rng: Rng, kind: str) -> Cloth:
    """The garment's cloth, or now and then a plain contrast."""
    if kind == "rib":
        return cloth.solid(material="ribbed")
    if kind in ("peter pan", "puritan") and rng.random() < 0.55:
        contrast = (
            pick(rng, CREAM)
            if luminance(cloth.base) < 0.72
            else darker(cloth.inks[0] if cloth.inks else cloth.base, 0.2)
        )
        return cloth.solid(contrast, "cotton")
    return cloth


def back_collar(p: Painter, cloth: Cloth, kind: str) -> None:
    """The part behind the neck; drawn before the neck."""
    height = {"shirt collar": 112, "peter pan": 130, "puritan": 128, "rib": 124}[kind]
    p.cloth(
        shape([[-34, 144], [-31, height], [0, height - 4], [31, height], [34, 144]], [[34, 144], [0, 156], [-34, 144]]),
        cloth,
        depth=1.3,
    )


def shirt_collar(p: Painter, cloth: Cloth, rng: Rng) -> None:
    """Stand and two pointed leaves."""
    point, spread = float(rng.uniform(198, 210)), float(rng.uniform(38, 54))
    stand = shape(
        [[-32, 128], [-17, 150], [0, 163]],
        [[0, 163], [17, 150], [32, 128]],
        [[32, 128], [35, 146], [0, 172], [-35, 146], [-32, 128]],
    )
    p.cloth(stand, cloth, (7, 3), form=6)
    leaf = [[-29, 117], [-20, 142], [-2, 163]]
    outer = [[-2, 163], [-spread, point], [-spread, point], [-60, 164], [-44, 134], [-29, 117]]
    left = shape(leaf, [outer[0], outer[1]], outer[2:])
    right = shape(np.array(leaf) * [-1, 1], np.array(outer[:2]) * [-1, 1], np.array(outer[2:]) * [-1, 1])
    for s, path in ((-1, left), (1, right)):
        p.cast(path, None, 4, 0.5, 4)
        p.cloth(path, cloth, (s * 20, 110), s * 38, form=9)
        p.stitch([[s * 7, 167], [s * (spread - 2), point - 7]], cloth)
        p.stitch([[s * (spread - 1), point - 8], [s * 54, 163], [s * 41, 138]], cloth)
    p.line([[-29, 117], [-20, 142], [-2, 163]], lighter(cloth.base, 0.5), 1.3, 0.45)
    p.line([[29, 117], [20, 142], [2, 163]], lighter(cloth.base, 0.5), 1.3, 0.45)


def peter_pan(p: Painter, cloth: Cloth, rng: Rng) -> None:
    """Two small flat leaves with round ends."""
    low = float(rng.uniform(196, 204))
    for s in (1, -1):
        leaf = np.array([[2, 160], [6, 182], [22, low], [44, low - 8], [60, 176], [58, 154], [44, 138], [33, 131]]) * [
            s,
            1,
        ]
        inner = np.array([[33, 131], [27, 148], [14, 157], [2, 160]]) * [s, 1]
        path = shape(leaf, inner)
        p.cast(path, None, 4, 0.45, 4)
        p.cloth(path, cloth, (s * 20, 120), s * -25, form=9)
        trim = moved(leaf[1:7] * [0.92, 1], s * 1.0, -4)
        p.stitch(trim, cloth)


def puritan(p: Painter, cloth: Cloth, rng: Rng) -> None:
    """A wide flat cape collar that reaches over the shoulders, ends cut square."""
    low = float(rng.uniform(238, 252))
    for s in (1, -1):
        front = np.array([[2, 160], [5, 200], [10, low - 6]]) * [s, 1]
        hem = np.array([[10, low - 6], [46, low + 2], [78, low - 12]]) * [s, 1]
        outer = np.array([[78, low - 12], [98, 206], [103, 176], [90, 154], [62, 142], [32, 131]]) * [s, 1]
        inner = np.array([[32, 131], [26, 148], [14, 157], [2, 160]]) * [s, 1]
        path = shape(front, hem, outer, inner)
        p.cast(path, None, 6, 0.5, 6)
        p.cloth(path, cloth, (s * 20, 120), s * -14, form=15)
        p.stitch(
            np.vstack([moved(front[1:], s * 5, -6), moved(hem[1:2], 0, -7), moved(outer[:3] * [0.94, 1], 0, -6)]), cloth
        )
        p.fold(np.array([[44, 150], [66, 186], [70, 222]]) * [s, 1], 4, cloth, 0.4)


def rib(p: Painter, cloth: Cloth, rng: Rng) -> None:
    """A thick knitted band; now and then in a contrast colour or with a tipping stripe knitted in."""
    contrast = rng.random() < 0.4
    if contrast:
        cloth = cloth.solid(cloth.inks[0] if cloth.inks else darker(cloth.base, 0.4), "ribbed")
    outer = np.array([[-47.0, 147], [-38, 180], [0, 203], [38, 180], [47, 147]])
    inner = np.array([[-29.0, 122], [-25, 147], [0, 164], [25, 147], [29, 122]])
    band = shape(outer, [outer[-1], inner[-1]], inner[::-1], [inner[0], outer[0]])
    p.cast(band, None, 4, 0.45, 4)
    p.cloth(band, cloth, form=10)
    if not contrast and rng.random() < 0.6:
        tip = pick(rng, CREAM) if luminance(cloth.base) < 0.6 else (44, 48, 66)
        p.line(spline(outer * 0.68 + inner * 0.32, 6), tip, 6.5, 0.85)
    for a, b in zip(spline(inner, 7), spline(outer, 7), strict=True):
        p.line([a, b], darker(cloth.base, 0.75), 2.0, 0.5)
        p.line([moved(a, 2.2, 0), moved(b, 2.6, 0)], lighter(cloth.base, 0.6), 1.1, 0.28)
    p.seam(outer, cloth)
    p.line(inner, lighter(cloth.base, 0.5), 1.3, 0.4)


COLLARS = {"shirt collar": shirt_collar, "peter pan": peter_pan, "puritan": puritan, "rib": rib}

"""Lapels: notched, shawl, plus-size shawl. A collarless coat has none."""

from __future__ import annotations

import numpy as np

from .cloth import Cloth
from .geometry import moved, shape
from .paint import Painter
from .palette import CREAM, darker, lighter, luminance, pick

Rng = np.random.Generator


def facing(cloth: Cloth, rng: Rng, lapel: str) -> Cloth:
    if lapel == "shawl" and rng.random() < 0.3:
        return cloth.solid(
            darker(cloth.base, 0.45) if luminance(cloth.base) > 0.25 else lighter(cloth.base, 0.16), "satin"
        )
    if lapel == "plus-size shawl" and rng.random() < 0.35:
        return cloth.solid(pick(rng, CREAM) if luminance(cloth.base) < 0.7 else (150, 122, 98), "tweed")
    return cloth


def notched(p: Painter, cloth: Cloth, point: float) -> None:
    """Collar and lapel meet in an open notch."""
    for s in (-1, 1):
        wing = [[s * 30, 164], [s * 52, 187], [s * 52, 187]]
        tip = [[s * 50, 189], [s * 84, 191]]
        edge: list[list[float]] = [[s * 84, 191], [s * 72, 216], [s * 40, 262], [-s * 4 if s < 0 else 6, point + 4]]
        roll = [[edge[-1][0], point + 4], [s * 17, 232], [s * 27, 180], [s * 30, 164]]
        path = shape(wing[:2], tip, edge, roll)
        p.cast(path, None, 5, 0.55, 6)
        p.cloth(path, cloth, (s * 30, 100), s * 16, form=10)
        p.stitch([[s * 76, 195], [s * 66, 216], [s * 36, 258], [s * 4, point - 2]], cloth)
        fall = shape(
            [[s * 26, 122], [s * 44, 136], [s * 62, 158], [s * 73, 176]],
            [[s * 73, 176], [s * 51, 187]],
            [[s * 51, 187], [s * 30, 166], [s * 28, 146], [s * 26, 122]],
        )
        p.cast(fall, None, 4, 0.5, 4)
        p.cloth(fall, cloth, (s * 30, 60), s * 38, form=9)
        p.seam([[s * 29, 164], [s * 51, 187]], cloth)
        p.line([[s * 18, 230], [s * 27, 182], [s * 30, 166], [s * 28, 146]], lighter(cloth.base, 0.6), 1.4, 0.4)


def shawl(p: Painter, cloth: Cloth, point: float) -> None:
    """One smooth slim curve from the neck to the closure, no notch."""
    for s in (-1, 1):
        end = -3 if s < 0 else 6
        outer = [[s * 25, 121], [s * 48, 140], [s * 62, 176], [s * 56, 224], [s * 34, 270], [end, point + 8]]
        roll = [[end, point + 8], [s * 18, 232], [s * 27, 184], [s * 30, 156], [s * 25, 121]]
        path = shape(outer, roll)
        p.cast(path, None, 5, 0.55, 6)
        p.cloth(path, cloth, (s * 30, 100), s * 10, form=11)
        p.line(moved(roll[1:4], s * 2, 0), lighter(cloth.base, 0.6), 1.5, 0.35)


def wide_shawl(p: Painter, cloth: Cloth, point: float) -> None:
    """A generous shawl collar that lies over the shoulders."""
    for s in (-1, 1):
        end = -8 if s < 0 else 12
        outer = [
            [s * 26, 106],
            [s * 62, 124],
            [s * 96, 158],
            [s * 109, 208],
            [s * 96, 258],
            [s * 58, 302],
            [end, point + 18],
        ]
        roll = [[end, point + 18], [s * 15, 246], [s * 25, 186], [s * 30, 150], [s * 26, 106]]
        path = shape(outer, roll)
        p.cast(path, None, 8, 0.6, 9)
        p.cloth(path, cloth, (s * 30, 100), s * 10, form=19)
        p.fold([[s * 42, 126], [s * 66, 182], [s * 58, 250], [s * 24, 306]], 5, cloth, 0.6)
        p.fold([[s * 34, 132], [s * 44, 190], [s * 38, 244]], 4, cloth, 0.45)
        p.stitch(moved(np.array(outer[1:6]) * [0.95, 1], 0, -3), cloth)


LAPELS = {"notched": notched, "shawl": shawl, "plus-size shawl": wide_shawl}

"""Necklines (the cut of the top edge) and neck designs (what stands up around the neck)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .cloth import Cloth
from .geometry import Points, Run, mirrored, moved, ribbon, shape, spline, wave
from .paint import Painter
from .palette import darker, lighter

Rng = np.random.Generator


@dataclass(frozen=True)
class Opening:
    """Top edge of a bodice from left to right; each end lies on the shoulder seam, or at the armpit."""

    runs: tuple[Run, ...]
    ends: tuple[str, str] = ("shoulder", "shoulder")
    bare: bool = False  # no shoulder is covered

    @property
    def edge(self) -> Points:
        return np.vstack([spline(run, 8) if len(run) > 2 else np.asarray(run, dtype=float) for run in self.runs])


def _even(*left: Run) -> tuple[Run, ...]:
    """Left runs, down to the middle, and their mirror image."""
    return (*left, *(mirrored(run) for run in reversed(left)))


def make_opening(kind: str, rng: Rng) -> Opening:
    d = float(rng.uniform(-5, 5))
    side = int(rng.choice([-1, 1]))
    if kind == "round":
        return Opening(([[-42, 146], [-37, 170], [-20, 190 + d], [0, 196 + d], [20, 190 + d], [37, 170], [42, 146]],))
    if kind == "v":
        return Opening(_even([[-37, 144], [-17, 190], [0, 232 + d]]))
    if kind == "deep v":
        return Opening(_even([[-48, 147], [-34, 190], [-15, 260], [0, 318 + d]]))
    if kind == "square":
        return Opening(([[-50, 148], [-47, 206 + d]], [[-47, 206 + d], [47, 206 + d]], [[47, 206 + d], [50, 148]]))
    if kind == "straight":
        return Opening(([[-76, 156], [-40, 158], [0, 159], [40, 158], [76, 156]],))
    if kind == "sweetheart":
        return Opening(
            (
                [[-56, 150], [-55, 172], [-58, 196]],
                [[-58, 196], [-47, 180], [-29, 177], [-11, 189], [0, 216 + d]],
                [[0, 216 + d], [11, 189], [29, 177], [47, 180], [58, 196]],
                [[58, 196], [55, 172], [56, 150]],
            )
        )
    if kind == "strapless":
        return Opening(
            ([[-72, 206], [-50, 199 + d], [0, 205 + d], [50, 199 + d], [72, 206]],), ("armpit", "armpit"), True
        )
    if kind == "off shoulder":
        return Opening(([[-78, 200], [-40, 204], [0, 206], [40, 204], [78, 200]],), ("armpit", "armpit"), True)
    if kind == "one shoulder":
        points = np.array([[-46.0, 147], [-26, 172], [20, 192], [72, 210]]) * [side, 1]
        ends = ("shoulder", "armpit") if side > 0 else ("armpit", "shoulder")
        return Opening((points if side > 0 else points[::-1],), (ends[0], ends[1]))
    if kind == "cowl":  # under a draped neck
        return Opening(([[-52, 148], [-36, 172], [0, 186], [36, 172], [52, 148]],))
    if kind == "high":  # under a collar or a standing neck
        return Opening(([[-33, 141], [-22, 155], [0, 160], [22, 155], [33, 141]],))
    raise ValueError(f"unknown neckline {kind!r}")


def trim_edge(p: Painter, cloth: Cloth, opening: Opening, style: int) -> None:
    """Finish of a cut neckline: facing stitch, bound edge or narrow rib."""
    edge = opening.edge
    inner = edge + np.array([0, 6.0])
    if style == 0:
        p.stitch(inner, cloth)
    elif style == 1:
        p.line(moved(edge, 0, 1.5), darker(cloth.base, 0.4), 4.5, 0.9)
        p.line(moved(edge, 0, 0.5), lighter(cloth.base, 0.3), 1.2, 0.5)
    else:
        p.line(moved(edge, 0, 3.0), darker(cloth.base, 0.18), 7.5, 0.85)
        p.line(moved(edge, 0, 7), darker(cloth.base, 0.6), 1.1, 0.6)
        p.line(moved(edge, 0, 0.5), lighter(cloth.base, 0.45), 1.1, 0.5)


def turtle(p: Painter, cloth: Cloth, rng: Rng) -> None:
    """High tube, folded over, from chin to collarbone."""
    d = float(rng.uniform(-3, 3))
    rib = cloth.solid(material="ribbed") if cloth.material in ("knit", "ribbed") else cloth
    tube = shape(
        [[-30, 98], [-33, 118], [-41, 150]],
        [[-41, 150], [-20, 164], [0, 168], [20, 164], [41, 150]],
        [[41, 150], [33, 118], [30, 98]],
        [[30, 98], [0, 103], [-30, 98]],
    )
    p.cloth(tube, rib, (0, 0), depth=1.1, form=12)
    fold = shape(
        [[-33, 97], [-40, 118], [-41, 138 + d]],
        [[-41, 138 + d], [-20, 150 + d], [0, 153 + d], [20, 150 + d], [41, 138 + d]],
        [[41, 138 + d], [40, 118], [33, 97]],
        [[33, 97], [16, 103], [0, 105], [-16, 103], [-33, 97]],
    )
    p.cast(fold, tube, 4, 0.6, 5)
    p.cloth(fold, rib, (5, 0), depth=1.15, form=13)
    for x in np.linspace(-30, 30, 11):
        p.line(
            [[x * 0.9, 103], [x * 1.08, 126], [x * 1.1, 148 + d - abs(x) * 0.25]], darker(cloth.base, 0.6), 1.0, 0.35
        )
    p.fold([[-36, 124], [-10, 133], [18, 130]], 2.4, cloth, 0.6)


def low_turtle(p: Painter, cloth: Cloth, rng: Rng) -> None:
    """A single low band that stands around the neck base."""
    rib = cloth.solid(material="ribbed") if cloth.material in ("knit", "ribbed") else cloth
    band = shape(
        [[-29, 126], [-32, 138], [-40, 151]],
        [[-40, 151], [-20, 163], [0, 167], [20, 163], [40, 151]],
        [[40, 151], [32, 138], [29, 126]],
        [[29, 126], [14, 133], [0, 135], [-14, 133], [-29, 126]],
    )
    p.cloth(band, rib, (0, 0), depth=1.1, form=9)
    p.stitch([[-37, 149], [-18, 158], [0, 161], [18, 158], [37, 149]], cloth)
    p.line([[-29, 127], [-14, 134], [0, 136], [14, 134], [29, 127]], lighter(cloth.base, 0.5), 1.4, 0.5)


def ruffle(p: Painter, cloth: Cloth, rng: Rng) -> None:
    """Half-high stand with frilled edge and a frill around its base."""
    lobes = int(rng.integers(7, 10))
    stand = shape(
        [[-28, 114], [-32, 134], [-40, 152]], [[-40, 152], [0, 168], [40, 152]], [[40, 152], [32, 134], [28, 114]]
    )
    low = np.vstack([wave([-56, 156], [56, 156], lobes, 5.5, 26)])
    base = shape(low, [[56, 156], [44, 142], [0, 156], [-44, 142], [-56, 156]])
    p.cast(base, None, 5, 0.35, 5)
    p.cloth(base, cloth, (30, 20), depth=1.1, form=8)
    for i in range(0, len(low), 2):
        x, y = low[i]
        p.fold([[x * 0.8, y - 13 - abs(x) * 0.06], [x * 0.93, y - 6], [x, y - 1]], 1.5, cloth, 0.8)
    p.cloth(stand, cloth, (0, 0), form=9)
    top = wave([-37, 108], [37, 108], lobes, 4.5, 7)
    frill = shape(top, [[37, 108], [31, 126], [0, 134], [-31, 126], [-37, 108]])
    p.cast(frill, stand, 3, 0.5, 4)
    p.cloth(frill, cloth, (12, 40), depth=1.1, form=7)
    for i in range(0, len(top), 2):
        x, y = top[i]
        p.fold([[x, y + 2], [x * 0.92, y + 9], [x * 0.86, y + 17]], 1.4, cloth, 0.8)
    p.line([[-30, 127], [0, 135], [30, 127]], darker(cloth.base, 0.6), 1.5, 0.6)


def draped(p: Painter, cloth: Cloth, rng: Rng) -> None:
    """Cowl: folds of loose cloth that hang from both shoulders to the chest."""
    count = int(rng.integers(4, 6))
    lean = float(rng.uniform(-8, 8))
    step = 72 / count
    for i in reversed(range(count)):
        top, bottom = 149 + i * 2.5, 203 + i * step
        reach = 62 + i * 20 / count
        swag = [
            [-reach, top],
            [-reach * 0.7, top + 24 + i * step * 0.5],
            [lean - 15, bottom - 5],
            [lean + 12, bottom - 4],
            [reach * 0.7, top + 23 + i * step * 0.5],
            [reach, top],
        ]
        high = bottom - step - 6
        hollow = [
            [reach - 14, top - 3],
            [reach * 0.55, top + 16 + i * step * 0.5],
            [lean + 8, high],
            [lean - 10, high - 1],
            [-reach * 0.55, top + 17 + i * step * 0.5],
            [-reach + 14, top - 3],
        ]
        roll = shape(swag, hollow)
        p.cast(roll, None, 6, 0.42, 6)
        p.drape(roll, cloth, (lean, i * 9.0))
        p.glow(moved(swag, 0, -8), 5.5, lighter(cloth.base, 0.7), 0.34 * p.lift(cloth) + 0.06)
        p.glow(moved(hollow[1:5], 0, 3), 4.0, darker(cloth.base, 0.8), 0.42)
        if i == 0:
            p.line(hollow, darker(cloth.base, 0.7), 1.4, 0.7)


def bardot(p: Painter, cloth: Cloth, rng: Rng) -> None:
    """The gathered band of an off-shoulder top, around chest and both upper arms."""
    lobes = int(rng.integers(9, 13))
    drop = float(rng.uniform(34, 48))
    low = wave([-113, 208 + drop * 0.7], [113, 208 + drop * 0.7], lobes, 4, 12)
    top = [[109, 189], [70, 197], [0, 203], [-70, 197], [-109, 189]]
    band = shape(low, [low[-1], [117, 205], [109, 189]], top, [[-109, 189], [-117, 205], low[0]])
    p.cast(band, None, 6, 0.45, 7)
    p.cloth(band, cloth, (0, 60), depth=1.1, form=10)
    for i in range(0, len(low), 2):
        x, y = low[i]
        p.fold([[x * 0.95, 200], [x * 0.98, (y + 198) / 2], [x, y - 2]], 1.8, cloth, 0.6)
    p.line(moved(top, 0, 3), darker(cloth.base, 0.55), 1.2, 0.55)
    p.stitch(moved(top, 0, 6), cloth)


NECKS = {"turtle": turtle, "low turtle": low_turtle, "ruffle semi-high": ruffle, "draped": draped}
__all__ = ["NECKS", "Opening", "bardot", "make_opening", "ribbon", "trim_edge"]

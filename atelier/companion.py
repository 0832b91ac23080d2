"""Everything around the garment that is not the garment: the other clothes of the figure, hangers, stands."""

from __future__ import annotations

import numpy as np
import skia

from .body import Look
from .geometry import Points, along, curve, edges, mirrored, moved, ribbon, shape
from .neck import make_opening
from .paint import Painter
from .palette import RGB, WOODS, darker, lighter, pick
from .pose import ARM, LEG, TORSO, Pose
from .tops import bodice, side_line

Rng = np.random.Generator
QUIET: list[RGB] = [
    (244, 242, 236),
    (52, 54, 62),
    (120, 126, 138),
    (176, 164, 148),
    (58, 72, 98),
    (216, 206, 190),
    (34, 34, 38),
    (142, 116, 94),
]


def plain_top(p: Painter, pose: Pose, rng: Rng) -> None:
    """A plain tee or tank, worn with skirts and pants and under coats."""
    colour = pick(rng, QUIET)
    sleeved = bool(rng.random() < 0.6)
    path = bodice(make_opening("round", rng), side_line(210, 330, 2, 0), sleeved, 4)
    p.body(path, colour, 17, 0.8, 0.3)
    with p.clip(path):
        for s in (-1, 1):
            p.glow(np.array([[s * 70.0, 214], [s * 48, 236], [s * 30, 240]]), 3, darker(colour, 0.7), 0.35)
            p.glow(np.array([[s * 58.0, 286], [s * 36, 300], [s * 14, 296]]), 3, darker(colour, 0.7), 0.35)
    if sleeved:
        for s in (-1, 1):
            t = np.linspace(0, 0.27, 9)
            p.body(ribbon(pose.arm(s, t), along(t, ARM) + 3.5, (22, 2)), colour, 10, 0.8, 0.3)


def undershirt(p: Painter, rng: Rng) -> None:
    """What shows in the front of a coat."""
    colour = pick(rng, QUIET)
    path = bodice(make_opening("round", rng), side_line(210, 345, 1, 0), False, 2)
    p.body(path, colour, 14, 0.7, 0.3)


def plain_bottom(p: Painter, pose: Pose, rng: Rng) -> None:
    """Slim plain pants, or a plain pencil skirt, worn with tops and coats."""
    colour = pick(rng, QUIET)
    if rng.random() < 0.3:
        hem = float(rng.uniform(520, 600))
        y = np.linspace(296, hem, 12)
        side = np.column_stack([along(np.minimum(y, 430), TORSO) + 2, y])
        p.body(
            shape(
                [[-side[0][0], 296], [side[0][0], 296]],
                side,
                [[side[-1][0], hem], [0, hem + 6], [-side[-1][0], hem]],
                mirrored(side),
            ),
            colour,
            18,
            0.8,
            0.3,
        )
        return
    end = float(rng.choice([0.98, 0.9, 0.3, 0.98]))
    t = np.linspace(0, end, 16)
    outer: dict[int, Points] = {}
    for s in (-1, 1):
        one, two = edges(pose.leg(s, t), along(t, LEG) + 3)
        o, i = (one, two) if abs(one[3][0]) > abs(two[3][0]) else (two, one)
        outer[s] = np.vstack([o[2:], i[3:][::-1], [[s, 440]]])
    y = np.array([296.0, 345, 380])
    hip = np.column_stack([along(y, TORSO) + 2, y])
    p.body(
        shape([[-hip[0][0], 296], [hip[0][0], 296]], np.vstack([hip, outer[1]]), outer[-1][::-1], mirrored(hip)),
        colour,
        14,
        0.9,
        0.3,
    )
    p.glow(np.array([[2.0, 330], [3, 390], [0, 440]]), 2, darker(colour, 0.7), 0.5)
    for s in (-1, 1):
        p.glow(np.array([[s * 4.0, 440], [s * 26, 432], [s * 48, 420]]), 2.2, darker(colour, 0.7), 0.28)


def draw_hanger(p: Painter, rng: Rng, bottom: bool, loops: bool) -> None:
    """A hanger behind the garment: a bar for skirts and pants; ribbon loops carry what has no shoulders."""
    wood = pick(rng, WOODS)
    top = 262.0 if bottom else 128.0
    hook = [[0, top], [0, top - 26], [12, top - 38], [12, top - 54], [-2, top - 62], [-13, top - 52]]
    p.outline(curve(hook), (92, 92, 98), 5, 1)
    p.outline(curve(moved(hook, -1, -0.6)), (214, 214, 220), 1.8, 0.9)
    if bottom:
        p.body(skia.Path.RRect(skia.Rect.MakeXYWH(-66, top - 4, 132, 11), 5, 5), wood, 4, 1, 0.6)
        return
    if loops:
        for x in (-58, 58):
            p.line([[x - 4, 148], [x - 2, 208]], (120, 112, 108), 2.0, 0.9)
            p.line([[x + 4, 148], [x + 2, 208]], (196, 188, 182), 1.6, 0.9)
    arm = np.array([[0, top - 2], [40, top + 14], [80, top + 34], [88, top + 44]])
    low = np.array([[84, top + 48], [44, top + 30], [0, top + 20]])
    p.body(shape(arm, low, mirrored(low), mirrored(arm)), wood, 6, 1, 0.6)


def clips(p: Painter) -> None:
    for x in (-38, 38):
        p.body(skia.Path.RRect(skia.Rect.MakeXYWH(x - 6, 264, 12, 36), 2, 2), (176, 176, 182), 4, 1, 0.9)
        p.line([[x - 5, 290], [x + 5, 290]], (70, 70, 76), 1.5, 0.8)


def draw_stand(p: Painter, look: Look) -> None:
    """Foot plate of a mannequin."""
    steel = (150, 150, 156)
    p.body(skia.Path.Oval(skia.Rect.MakeLTRB(-62, 786, 62, 812)), steel, 6, 1, 0.9)
    p.line([[-50, 797], [0, 790], [50, 797]], lighter(steel, 0.6), 2, 0.6)

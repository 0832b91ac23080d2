"""The drawing of the body: skin, hair and face of a person, or a mannequin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia

from .geometry import along, mirrored, moved, ribbon, shape, spline
from .paint import Painter
from .palette import DOLLS, HAIRS, RGB, SKINS, darker, jitter, lighter, mix, pick
from .pose import ARM, FLOOR, LEG, TORSO, Pose

Rng = np.random.Generator


@dataclass(frozen=True)
class Look:
    """Surface of the body: a person or a mannequin."""

    skin: RGB
    hair: RGB
    shoes: RGB
    person: bool
    style: int
    sheen: float


def make_look(rng: Rng, presentation: str) -> Look:
    person = presentation == "figure"
    skin = jitter(rng, pick(rng, SKINS if person else DOLLS))
    shoes = pick(rng, [(40, 38, 40), (236, 232, 224), (120, 82, 58), (176, 150, 122), (92, 36, 40)])
    return Look(skin, jitter(rng, pick(rng, HAIRS)), shoes, person, int(rng.integers(4)), 0.5 if person else 0.9)


def _torso_path() -> skia.Path:
    y = np.array([205.0, 250, 300, 345, 385, 430])
    right = [[21, 92], [22, 118], [30, 140], [56, 150], [84, 160], [88, 178], [74, 205]]
    side = np.column_stack([along(y, TORSO), y])
    return shape(right, side[1:], [[60, 452], [0, 470], [-60, 452]], mirrored(side[1:]), mirrored(right))


def draw_torso(p: Painter, look: Look) -> None:
    p.body(_torso_path(), look.skin, 20, 0.75, look.sheen)
    dark = darker(look.skin, 0.5)
    for s in (-1, 1):
        p.glow(np.array([[s * 62, 158.0], [s * 34, 157], [s * 10, 164]]), 3.0, dark, 0.35)
        p.glow(np.array([[s * 19, 118.0], [s * 12, 145], [s * 5, 162]]), 2.4, dark, 0.28)
        p.glow(np.array([[s * 60, 212.0], [s * 40, 236], [s * 14, 234]]), 5, dark, 0.2)
    p.glow(np.array([[0, 205.0], [0, 225], [0, 244]]), 3, dark, 0.3)


def draw_legs(p: Painter, pose: Pose, look: Look) -> None:
    t = np.linspace(0, 1, 22)
    for side in (1, -1):
        line = pose.leg(side, t)
        foot = line[-1]
        shoe = shape(
            [
                [foot[0] - 13, foot[1] + 2],
                [foot[0] - 14, foot[1] + 16],
                [foot[0] - 17 + side * 6, FLOOR - 12],
                [foot[0] + side * 8, FLOOR + 2],
                [foot[0] + 17 + side * 6, FLOOR - 12],
                [foot[0] + 14, foot[1] + 16],
                [foot[0] + 13, foot[1] + 2],
            ]
        )
        p.body(shoe, look.skin, 6, 0.7, look.sheen)
        p.body(ribbon(line, along(t, LEG), (10, 4)), look.skin, 13, 0.8, look.sheen)
        p.glow(
            np.array([moved(line[10], -9, 4), moved(line[11], 0, 9), moved(line[11], 10, 0)]),
            2.5,
            darker(look.skin, 0.5),
            0.35,
        )
        upper = shape(
            [
                [foot[0] - 16, foot[1] + 24],
                [foot[0] - 18 + side * 6, FLOOR - 12],
                [foot[0] + side * 9, FLOOR + 4],
                [foot[0] + 18 + side * 6, FLOOR - 12],
                [foot[0] + 16, foot[1] + 24],
            ],
            [[foot[0] + 16, foot[1] + 24], [foot[0] + side * 4, foot[1] + 33], [foot[0] - 16, foot[1] + 24]],
        )
        if look.person:
            p.body(upper, look.shoes, 5, 1, 0.8)


def draw_arm(p: Painter, pose: Pose, look: Look, side: int) -> None:
    t = np.linspace(0, 1.06, 26)
    line = pose.arm(side, t)
    hand = pose.arm(side, np.linspace(1.0, 1.25, 9))
    widths = np.array([9.5, 11, 12.5, 13, 12.5, 11.5, 10, 8, 5.5])
    thumb = np.vstack([hand[1], moved(hand[3], -side * 11, 2), moved(hand[5], -side * 13, 3)])
    p.body(ribbon(spline(thumb, 4), np.linspace(5, 3.5, 9), (2, 3)), look.skin, 4, 0.6, look.sheen)
    p.body(ribbon(hand, widths, (2, 5)), look.skin, 6, 0.7, look.sheen)
    for shift in (-4, 0.5, 5):
        p.glow(moved(hand[5:], shift, 0), 0.9, darker(look.skin, 0.55), 0.4)
    p.body(ribbon(line, along(t, ARM), (20, 3)), look.skin, 9, 0.8, look.sheen)
    _shoulder(p, pose, look, side)
    elbow = pose.arm(side, np.array([0.5]))[0]
    p.glow(np.array([moved(elbow, -7, -3), moved(elbow, 0, 2), moved(elbow, 7, -3)]), 1.8, darker(look.skin, 0.5), 0.3)
    if not look.person:
        ring = pose.arm(side, np.array([0.1, 0.985]))
        for c, w in zip(ring, (17.0, 8.5), strict=True):
            p.line([moved(c, -w, -2), moved(c, 0, 3), moved(c, w, -2)], darker(look.skin, 0.5), 1.3, 0.6)


def _shoulder(p: Painter, pose: Pose, look: Look, side: int) -> None:
    """Melt arm and torso into one form around the shoulder joint."""
    t = np.linspace(0, 0.36, 10)
    joint = pose.arms[side][0]
    whole = skia.Op(_torso_path(), ribbon(pose.arm(side, t), along(t, ARM), (20, 0)), skia.PathOp.kUnion_PathOp)
    p.canvas.saveLayer(skia.Rect.MakeXYWH(joint[0] - 60, joint[1] - 60, 120, 120))
    p.body(whole, look.skin, 17, 0.75, look.sheen)
    fade = skia.GradientShader.MakeRadial(
        skia.Point(joint[0] - side * 6, joint[1] - 4), 46, [skia.ColorBLACK, skia.ColorBLACK, 0], [0.0, 0.55, 1.0]
    )
    p.canvas.drawPaint(skia.Paint(Shader=fade, BlendMode=skia.BlendMode.kDstIn))
    p.canvas.restore()


def draw_hair_back(p: Painter, look: Look) -> None:
    if not look.person:
        return
    if look.style == 0:  # long, behind the shoulders
        p.body(
            shape(
                [
                    [-40, 30],
                    [-52, 80],
                    [-50, 130],
                    [-40, 172],
                    [0, 182],
                    [40, 172],
                    [50, 130],
                    [52, 80],
                    [40, 30],
                    [0, -6],
                ]
            ),
            look.hair,
            12,
            0.9,
            0.5,
        )
    elif look.style == 1:  # bob
        p.body(
            shape([[-40, 30], [-49, 70], [-46, 108], [0, 116], [46, 108], [49, 70], [40, 30], [0, -6]]),
            look.hair,
            12,
            0.9,
            0.5,
        )
    elif look.style == 2:  # bun
        p.body(skia.Path.Circle(0, -10, 19), look.hair, 7, 0.9, 0.5)


def draw_head(p: Painter, look: Look) -> None:
    face = shape(
        [[0, 4], [25, 14], [35, 45], [30, 76], [13, 97], [0, 101], [-13, 97], [-30, 76], [-35, 45], [-25, 14], [0, 4]]
    )
    p.cast(face, shape([[-34, 80], [34, 80]], [[34, 150], [-34, 150]]), 6, 0.4, 12)
    if look.person:
        for s in (-1, 1):
            p.body(skia.Path.Oval(skia.Rect.MakeXYWH(s * 35 - 5, 45, 10, 20)), look.skin, 3, 0.7)
    p.body(face, look.skin, 14, 0.7, look.sheen)
    dark = darker(look.skin, 0.55)
    if not look.person:
        p.glow(np.array([[2.0, 40], [3, 58], [5, 66]]), 3, dark, 0.22)
        p.glow(np.array([[-24.0, 48], [-14, 52], [-6, 49]]), 4, dark, 0.18)
        p.glow(np.array([[6.0, 49], [14, 52], [24, 48]]), 4, dark, 0.18)
        return
    _features(p, look, dark)
    cap = [[-36, 62], [-41, 34], [-30, 4], [0, -9], [30, 4], [41, 34], [36, 62]]
    fringe = {
        0: [[33, 40], [12, 16], [-4, 12]],
        1: [[35, 42], [20, 27], [0, 29], [-20, 27], [-35, 42]],
        2: [[33, 34], [14, 15], [0, 13], [-14, 15], [-33, 34]],
    }
    line = fringe.get(look.style, [[33, 36], [20, 19], [-12, 15], [-34, 40]])
    if look.style == 0:
        line = [*line, [-20, 20], [-33, 40]]
    p.body(shape(cap, line), look.hair, 10, 0.9, 0.6)
    for i in range(5):
        x = -24 + i * 12
        p.glow(np.array([[x * 0.5, -5.0], [x * 0.9, 5], [x * 1.15, 16]]), 1.3, lighter(look.hair, 0.45), 0.3)


def _features(p: Painter, look: Look, dark: RGB) -> None:
    for s in (-1, 1):
        p.line([[s * 7, 51], [s * 14, 55], [s * 22, 51]], darker(look.hair, 0.4), 1.9, 0.75)
        p.line([[s * 6, 40], [s * 15, 36], [s * 24, 40]], darker(look.hair, 0.2), 2.2, 0.55)
        p.glow(np.array([[s * 14.0, 66], [s * 20, 69], [s * 26, 64]]), 5, (205, 90, 80), 0.16)
    p.line([[-1, 52], [-3, 66], [3, 69]], dark, 1.4, 0.45)
    lips = mix(look.skin, (166, 52, 58), 0.55)
    p.canvas.drawPath(
        shape([[-10, 81], [-4, 78], [0, 79.5], [4, 78], [10, 81]], [[10, 81], [0, 87.5], [-10, 81]]),
        skia.Paint(AntiAlias=True, Color=skia.Color(*lips)),
    )
    p.line([[-10, 81], [0, 82], [10, 81]], darker(lips, 0.45), 0.9, 0.7)

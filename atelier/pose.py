"""Proportions and pose of the body.

Body units: the head is 100 high, the figure eight heads; x = 0 is the centre line, y = 0 the crown, y = 800 the floor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .geometry import Points, spline

Rng = np.random.Generator
TORSO = [
    (150.0, 86.0),
    (205.0, 69.0),
    (250.0, 64.0),
    (300.0, 54.0),
    (345.0, 70.0),
    (385.0, 80.0),
    (430.0, 80.0),
    (500.0, 76.0),
]
ARM = [(0.0, 21.0), (0.25, 18.5), (0.5, 15.0), (0.6, 15.0), (1.0, 9.5), (1.1, 11.0), (1.24, 5.0)]
LEG = [(0.0, 42.0), (0.3, 34.0), (0.5, 24.0), (0.64, 25.5), (0.85, 16.5), (1.0, 12.5)]
HIP, KNEE, ANKLE, FLOOR = 400.0, 575.0, 752.0, 800.0


@dataclass(frozen=True)
class Pose:
    """Joint positions: arms[side] and legs[side] with side -1 (left in the picture) or +1."""

    arms: dict[int, Points]  # shoulder, elbow, wrist, fingertip
    legs: dict[int, Points]  # hip, knee, ankle
    worn: bool

    def arm(self, side: int, t: Points) -> Points:
        """Points of the arm's centre line; t = 0 shoulder, 0.5 elbow, 1 wrist, 1.24 fingertip, beyond hangs down."""
        joints = self.arms[side]
        tail = joints[-1] + np.array([0.0, 130.0])
        dense = spline(np.vstack([joints, tail]), 16)
        knots = np.interp(np.arange(len(dense)) / 16, [0, 1, 2, 3, 4], [0, 0.5, 1, 1.24, 1.72])
        return np.column_stack([np.interp(t, knots, dense[:, 0]), np.interp(t, knots, dense[:, 1])])

    def leg(self, side: int, t: Points) -> Points:
        """Points of the leg's centre line; t = 0 hip, 0.5 knee, 1 ankle."""
        dense = spline(self.legs[side], 16)
        return np.column_stack([np.interp(t * 32, np.arange(len(dense)), dense[:, i]) for i in (0, 1)])


def make_pose(rng: Rng, presentation: str) -> Pose:
    arms = {side: _arm(rng, side, presentation) for side in (-1, 1)}
    spread = rng.uniform(-6, 14)
    legs = {s: np.array([[s * 41, HIP], [s * (42 + spread * 0.6), KNEE], [s * (38 + spread), ANKLE]]) for s in (-1, 1)}
    if presentation in ("figure", "mannequin") and rng.random() < 0.4:
        side = int(rng.choice([-1, 1]))
        legs[side][1] += [side * 7, -4]
        legs[side][2] += [-side * rng.uniform(0, 16), -6]
    return Pose(arms, legs, presentation in ("figure", "mannequin"))


def _arm(rng: Rng, side: int, presentation: str) -> Points:
    shoulder = np.array([side * 79.0, 176.0])
    if presentation == "flat":
        lift, bend = rng.uniform(20, 34), rng.uniform(-8, 4)
    elif presentation in ("hanger", "ghost"):
        lift, bend = rng.uniform(8, 15), rng.uniform(-4, 3)
    elif rng.random() < 0.3:
        lift, bend = rng.uniform(24, 32), -rng.uniform(40, 62)  # hand towards the hip
    else:
        lift, bend = rng.uniform(9, 19), -rng.uniform(0, 12)
    elbow = shoulder + 136 * _down(side, lift)
    wrist = elbow + 124 * _down(side, lift + bend)
    tip = wrist + 64 * _down(side, lift + bend * 0.7)
    return np.vstack([shoulder, elbow, wrist, tip])


def _down(side: int, degrees: float) -> Points:
    a = np.radians(degrees)
    return np.array([side * np.sin(a), np.cos(a)])

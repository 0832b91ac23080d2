"""A sheet with round figures."""

from dataclasses import replace
from typing import Any

from eval import Interval
from library.poc import Curve, Gain, Licence, Running, Sheet, Step
from library.poc.sheet import Against, PassedOver, Scaled, Score, SearchAt


def against(points: float, wide: float = 2.0) -> Against:
    return Against(Interval(points, points - wide, points + wide), Interval(points, points - wide, points + wide))


def gain(name: str = "collar", known: bool = True, before: float = 10.0, after: float = 14.0, **more: Any) -> Gain:
    """P@12 is 50 by ordinary similarity, and so many points more before and after teaching."""
    return Gain(
        attribute=name,
        values=4,
        labels=200,
        queries=200,
        chance=Score(20, 25),
        ceiling=100.0,
        similar=Score(40, 50),
        before=Score(48, 50 + before) if known else None,
        after=Score(52, 50 + after),
        before_gain=against(before) if known else None,
        after_gain=against(after),
        taught=against(after - before) if known else None,
        **more,
    )


def curve(name: str = "collar", least: int | None = 5) -> Curve:
    def step(n: int, p12: float) -> Step:
        spread = Interval(p12, p12 - 3, p12 + 3)
        behind = Interval(64 - p12, 63 - p12, 65 - p12)
        return Step(n, 4 * n, Interval(p12 - 10, p12 - 12, p12 - 8), spread, against(p12 - 50), behind)

    steps = (step(2, 56), step(5, 63.5), step(10, 64))
    undecided = () if least else (2, 5)
    return Curve(name, 4, 5, 150, steps, Score(40, 50), Score(48, 60), least, 10, undecided, 40, Interval(55, 53.5, 57))


def licence(production: bool | None = False) -> Licence:
    sources = (("photos", "some photographs", "research only"), ("drawn", "drawn by us", "Apache-2.0"))
    return Licence("rpf-tiny", "abcdef0123456789", production, "", sources, 48.3, 14_000)


def scaled(**changes: Any) -> Scaled:
    """A scan of 1 ms a thousand items, and an index that takes 2 ms among 10,000."""
    sizes = (SearchAt(1000, 0.001, "scan"), SearchAt(4000, 0.004, "scan"), SearchAt(10_000, 0.002, "index"))
    found = Scaled("shop", 10, sizes, 5000, 8, 400.0, 1000.0, 1000.0, 1400.0, 200.0, 300.0, "2026-11-02")
    return replace(found, **changes)


def running(**changes: Any) -> Running:
    found = Running(
        5.0,
        32,
        0.004,
        40,
        0.3,
        1000,
        20_000_000,
        5_000_000,
        1_000_000,
        500_000,
        0,
        2,
        "cpu",
        "a processor",
        "2026-11-01",
        scaled(),
    )
    return replace(found, **changes)


def sheet(**changes: Any) -> Sheet:
    found = Sheet(
        catalog="shop",
        digest="0123456789abcdef",
        items=1000,
        split="",
        made="2026-11-01T10:00:00Z",
        seed=0,
        gains=(gain(), gain("fit", known=False)),
        curves=(curve(), curve("fit", None)),
        passed_over=(PassedOver("season", 3, 17),),
        running=running(),
        licence=licence(),
        seconds={"embed": 1.0},
    )
    return replace(found, **changes)

"""How long something takes: measured from how fast the last part of it went."""

import time
from collections import deque
from collections.abc import Callable

WINDOW = 30.0
"""Seconds that the speed is measured over."""
PATIENCE = 0.5
"""Seconds that must be measured before anything is said."""


class Pace:
    """Time left of a work that reports how much of it is done."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque()

    def mark(self, done: int) -> None:
        now = self._clock()
        self._marks.append((now, done))
        while len(self._marks) > 2 and now - self._marks[1][0] > WINDOW:
            self._marks.popleft()

    @property
    def speed(self) -> float | None:
        """Pieces a second; None until enough was seen. The first mark starts the clock: what was found done counts
        for nothing.
        """
        if len(self._marks) < 2:
            return None
        (began, first), (now, done) = self._marks[0], self._marks[-1]
        return (done - first) / (now - began) if now - began >= PATIENCE and done > first else None

    def left(self, total: int) -> float | None:
        """Seconds until `total` are done, at the speed measured."""
        speed = self.speed
        return None if speed is None else max(0, total - self._marks[-1][1]) / speed

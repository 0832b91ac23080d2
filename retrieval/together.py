"""Pictures of several visitors who wait at once go through the network together: while one pass runs, what is asked gathers."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

Columns = Sequence[tuple[int, str]]
Pass = Callable[[Sequence[Tensor], Columns], np.ndarray]
MOST = 32
"""Images of a pass of several who wait; the others wait for the next."""


@dataclass(eq=False)
class _Asked:
    images: Sequence[Tensor]
    columns: tuple[tuple[int, str], ...]
    rows: np.ndarray | None = None


class Together:
    """One pass at a time, for all who want the same columns. Who is alone waits for nobody. Thread-safe."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._waiting: list[_Asked] = []
        self._change = threading.Lock()
        self._turn = threading.Lock()

    def ask(self, run: Pass, images: Sequence[Tensor], columns: Columns) -> np.ndarray:
        """What `run` gives for images, (images, width). Where it raises for several, each is tried alone, so that nobody sees an
        error of another's picture.

        run: `executor.raw` of a network, the same whoever asks; its rows do not depend on each other.
        """
        mine = _Asked(images, tuple(columns))
        with self._change:
            self._waiting.append(mine)
        with self._turn:
            if mine.rows is None:
                self._pass(run, self._taken(mine))
            if mine.rows is None:
                return run(mine.images, mine.columns)
        return mine.rows

    def _taken(self, first: _Asked) -> list[_Asked]:
        """One who waits, and others who want the same columns, as far as there is room."""
        with self._change:
            taken, room = [first], self._most - len(first.images)
            for other in self._waiting:
                if other is not first and other.columns == first.columns and len(other.images) <= room:
                    taken.append(other)
                    room -= len(other.images)
            self._waiting = [other for other in self._waiting if other not in taken]
        return taken

    def _pass(self, run: Pass, taken: Sequence[_Asked]) -> None:
        """Gives those who were taken their rows; none of them where the pass fails, who then ask alone."""
        try:
            rows = run([image for one in taken for image in one.images], taken[0].columns)
        except Exception:
            if len(taken) == 1:
                raise
            return
        end = 0
        for one in taken:
            one.rows = rows[end : end + len(one.images)]
            end += len(one.images)

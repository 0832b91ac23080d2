"""The queries of one page: the one that is asked, the way back and forth, and all that were asked."""

import threading
from collections.abc import Callable
from typing import Any

from ui.turning import Step

MOST_BACK = 100
"""Steps that can be taken back."""
MOST_KEPT = 20
"""Queries of a page that its history lists."""


class Steps:
    """Changed in place, so that two acts in quick succession do not lose each other. Thread-safe.

    catalog: the id of the one that is searched. strip: how often other pictures to pick from were asked for. waits: whether
    attributes of the query are being embedded.
    """

    def __init__(self) -> None:
        self.catalog = ""
        self.strip = 0
        self.waits = False
        self.now = Step()
        self._past: list[Step] = []
        self._future: list[Step] = []
        self._kept: list[Step] = []
        self._lock = threading.RLock()

    def __deepcopy__(self, memo: dict[int, Any]) -> "Steps":
        """One of its own for each page, which Gradio makes by copying an empty one."""
        return Steps()

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    @property
    def kept(self) -> list[Step]:
        """Queries that were asked, the last one first, each once."""
        return list(self._kept)

    def begin(self, catalog: str, step: Step) -> None:
        """A catalog is searched from its first query on; what was asked of another one is forgotten."""
        with self._lock:
            if catalog != self.catalog:
                self.strip = 0
                self._past, self._future, self._kept = [], [], []
            elif step != self.now:
                self._past.append(self.now)
            self.catalog, self.now = catalog, step
            self._keep()

    def turn(self, change: Callable[[Step], Step]) -> bool:
        """Go on to what a change makes of the query; whether that is another one. What the change raises leaves all as it is."""
        with self._lock:
            step = change(self.now)
            if step == self.now:
                return False
            self._past = [*self._past, self.now][-MOST_BACK:]
            self._future, self.now = [], step
            self._keep()
            return True

    def go_to(self, step: Step) -> None:
        """Another query at once: the one before or after this one where it is that, else a new step."""
        with self._lock:
            if self._past and _same(step, self._past[-1]):
                self.undo()
            elif self._future and _same(step, self._future[-1]):
                self.redo()
            else:
                self.turn(lambda now: step)

    def undo(self) -> bool:
        with self._lock:
            if not self._past:
                return False
            self._future.append(self.now)
            self.now = self._past.pop()
            return True

    def redo(self) -> bool:
        with self._lock:
            if not self._future:
                return False
            self._past.append(self.now)
            self.now = self._future.pop()
            return True

    def _keep(self) -> None:
        if self.now.asked.terms:
            others = [step for step in self._kept if step.asked.terms != self.now.asked.terms]
            self._kept = [self.now, *others][:MOST_KEPT]


def _same(one: Step, other: Step) -> bool:
    """Whether two steps ask the same, which is all that an address tells."""
    return one.asked == other.asked and one.picture == other.picture

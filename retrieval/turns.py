"""Who may embed next: one at a time, and who is in a hurry before those who have waited longer."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK = 0.25
"""Seconds between two looks of who waits at whether it is still wanted."""


class Turns:
    """Turns that are taken again and again. While somebody is in a hurry, nobody else gets one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = False
        self._hurried = 0

    @contextmanager
    def hurry(self, wanted: bool = True) -> Iterator[None]:
        """Until the block ends, only turns in a hurry are given. wanted: False changes nothing."""
        with self._changed:
            self._hurried += wanted
        try:
            yield
        finally:
            with self._changed:
                self._hurried -= wanted
                self._changed.notify_all()

    @contextmanager
    def turn(self, hurried: bool = False, waits: Callable[[], object] = lambda: None) -> Iterator[None]:
        """A turn, which ends with the block. waits: called every now and then meanwhile; what it raises ends the waiting."""
        with self._changed:
            while self._taken or (self._hurried and not hurried):
                self._changed.wait(LOOK)
                waits()
            self._taken = True
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()

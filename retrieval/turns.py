"""Who may work next: who is in a hurry before those who have waited longer, or a few at once, in the order in which they came."""

import threading
from collections import deque
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


class AtOnce:
    """So many at once; the others in the order in which they came, unlike `threading.Semaphore`, whom the last one passes by."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A turn, which ends with the block. Not to be taken within another."""
        with self._lock:
            own = None if self._free else threading.Lock()
            if own is None:
                self._free -= 1
            else:
                own.acquire()
                self._waiting.append(own)
        if own is not None:
            own.acquire()  # let go by who goes before
        try:
            yield
        finally:
            with self._lock:
                if self._waiting:
                    self._waiting.popleft().release()
                else:
                    self._free += 1

"""How far a catalog is that is opened or embedded, and work that can be followed and stopped."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from common.pace import Pace

Progress = Callable[[int, int], None]
"""Gets how many are done, and of how many."""

_log = logging.getLogger("lapel.library")


@dataclass(frozen=True)
class Stage:
    """How far the opening is: waiting, weights, table (items done and in all), ready, or failed (with the error).

    left: seconds that it will still take, as far as that was measured.
    """

    name: str = "waiting"
    done: int = 0
    total: int = 0
    error: str = ""
    left: float | None = None


@dataclass(frozen=True)
class Unreadable:
    """An item that cannot be found, since its image cannot be read: its id, the name of its file, and why."""

    id: str
    file: str
    reason: str


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """Raised inside a progress call to stop an embedding that nobody waits for any longer."""


def followed(work: Callable[[Progress], object], total: int, what: str) -> Iterator[Stage]:
    """Do work in a thread, giving how far it is; closing the iterator stops it at its next progress.

    total: items in all. what: is embedded, for the log. What the work raises is raised here.
    """
    stage, pace = Stage("table", 0, total), Pace()
    failed: list[Exception] = []
    stop, finished = threading.Event(), threading.Event()

    def progress(done: int, total: int) -> None:
        nonlocal stage
        if stop.is_set():
            raise Stopped
        pace.mark(done)
        stage = Stage("table", done, total, left=pace.left(total))

    def run() -> None:
        try:
            work(progress)
        except Stopped:
            _log.info("stopped embedding %s", what)
        except Exception as error:  # handed to the one who iterates
            failed.append(error)
        finally:
            finished.set()

    threading.Thread(target=run, name="lapel-embed", daemon=True).start()
    try:
        while not finished.wait(0.4):
            yield stage
    finally:
        stop.set()
    if failed:
        raise failed[0]

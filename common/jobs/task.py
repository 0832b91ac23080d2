"""What the work of a job sees of it: its arguments, and where it tells how far it is."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from common.jobs.job import Cancelled, Job
from common.pace import Pace

WRITE_EVERY = 0.5
"""Seconds between two writings of the progress to disk, unless the stage changes."""
LOOK_EVERY = 0.25
"""Seconds between two looks whether another process has cancelled the job."""
MARK_EVERY = 0.1
"""Seconds between two marks of the pace."""


class Task:
    """A job that is running. Only the thread that does the work calls it."""

    def __init__(
        self,
        job: Job,
        files: Path,
        write: Callable[[Job], None],
        say: Callable[[str], None],
        asked: Callable[[], bool],
        watch: Callable[[Job], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """write, say: keep the job, add to its log. asked: whether another process wants it to stop. watch: hears
        every progress.
        """
        self.job = job
        self.stop = threading.Event()
        self._files, self._write, self._asked, self._watch, self._clock = files, write, asked, watch, clock
        self.say = say
        """Adds a line to the log of the job."""
        self._pace = Pace(clock)
        self._marked = self._written = self._looked = float("-inf")

    @property
    def arguments(self) -> dict[str, Any]:
        return self.job.arguments

    @property
    def files(self) -> Path:
        """A folder for what the work makes; it stays until the job is forgotten."""
        self._files.mkdir(parents=True, exist_ok=True)
        return self._files

    def check(self) -> None:
        """Raises Cancelled when the job was cancelled or the program closes."""
        now = self._clock()
        if now - self._looked >= LOOK_EVERY:
            self._looked = now
            if self._asked():
                self.stop.set()
        if self.stop.is_set():
            raise Cancelled

    def progress(self, done: int, total: int, stage: str = "") -> None:
        """`done` pieces of `total` (0: unknown) of a stage are done; without a stage, of the one it is in.

        Cheap: call it as often as you like. Raises what `check` raises.
        """
        self.check()
        now, stage = self._clock(), stage or self.job.stage
        fresh = stage != self.job.stage or done < self.job.done
        if fresh:
            self._pace, self._marked = Pace(self._clock), float("-inf")
        if now - self._marked >= MARK_EVERY:
            self._pace.mark(done)
            self._marked = now
        last = done == total != 0 and done != self.job.done
        self.job = replace(
            self.job, stage=stage, done=done, total=total, left=self._pace.left(total) if total else None
        )
        if fresh or last or now - self._written >= WRITE_EVERY:
            self._keep(now)
        if self._watch is not None:
            self._watch(self.job)

    def _keep(self, now: float) -> None:
        job = self.job
        if job.done > job.reached.get(job.stage, -1):  # further than ever: earlier deaths count no more
            job = replace(job, reached={**job.reached, job.stage: job.done}, attempts=1)
        self.job = job
        self._write(job)
        self._written = now

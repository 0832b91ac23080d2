"""Runs jobs one at a time, quick ones beside, over all processes on one home, and keeps them through a kill at any moment."""

import atexit
import json
import logging
import os
import threading
import time
import traceback
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock

from common.jobs.endings import expected, stopped
from common.jobs.job import Job, JobError, Kind
from common.jobs.kept import KeptJobs
from common.jobs.line import ahead, until_turn
from common.jobs.queue import Queue, newest_first
from common.jobs.task import Task

POLL = 0.5
"""Seconds between two looks at what other processes have done."""
PATIENCE = 20.0
"""Seconds that closing waits for the work to stop."""

_log = logging.getLogger("lapel.library")


class Jobs:
    """The jobs of one home. Those who run them call `start` (the app) or `run_here` (a command).

    The queue is one for all processes: the job that waits longest is next, whoever has submitted it. It is run by the
    process that submitted it; when that one is gone, by one that has called `start` and knows its kind. Jobs of a quick kind
    have a queue of their own.
    """

    def __init__(self, home: Path, kinds: Iterable[Kind], limit: int = 1) -> None:
        """limit: jobs that run at once on this machine, a quick one not counted. JobError when the home cannot be written."""
        self._kept = KeptJobs(home / "jobs")
        self._queue = Queue(self._kept, {kind.name: kind for kind in kinds}, limit)
        self._tasks: dict[str, Task] = {}
        self._threads: list[threading.Thread] = []
        self._closing, self._wake = threading.Event(), threading.Event()
        self._process = os.getpid()
        _open.add(self)

    def start(self) -> None:
        """Run what waits, in the background, from now on: own jobs, and those whose process is gone.

        Call it when all that the kinds need is there.
        """
        if self._threads or self._closing.is_set():
            return
        self._queue.serve()
        for quick in [False] * self._queue.limit + [True]:
            thread = threading.Thread(target=self._serve, args=(quick,), name="lapel-jobs", daemon=True)
            self._threads.append(thread)
            thread.start()

    def submit(self, kind: str, arguments: dict[str, Any], catalog: str = "", owner: str = "") -> Job:
        """Put a job at the end of the queue. arguments: JSON. JobError for a kind that is not known, or after `close`.

        Without `start`, it has its place in the queue only when `run_here` is called.
        """
        if self._closing.is_set():
            raise JobError("the program is closing; start the job again afterwards")
        job = self._queue.add(kind, arguments, catalog, owner)
        self._wake.set()
        return job

    def get(self, job_id: str) -> Job:
        """UnknownJob when there is none of this id."""
        return self._latest(self._queue.read(job_id))

    def all(self, owner: str | None = None, catalog: str | None = None) -> list[Job]:
        """Jobs, newest first; those of one owner or about one catalog when asked."""
        jobs = [job for job in self._queue.all() if owner in (None, job.owner) and catalog in (None, job.catalog)]
        return newest_first([self._latest(job) for job in jobs])

    def place(self, job_id: str) -> int:
        """How many jobs go before this one, whoever they belong to; 0 when it runs or is over."""
        return len(self._ahead(self.get(job_id)))

    def left(self, job_id: str) -> float | None:
        """Seconds until a running job's stage is done, or until a waiting job's turn comes; None when unknown."""
        job = self.get(job_id)
        if job.state == "waiting":
            return until_turn(self._ahead(job), 1 if self._queue.quick(job) else self._queue.limit)
        return job.left if job.state == "running" else 0.0

    def log(self, job_id: str, size: int = 20_000) -> str:
        """The last lines of what the job has said, at most `size` bytes."""
        self._kept.read(job_id)
        return self._kept.log(job_id, size)

    def files(self, job_id: str) -> Path:
        """The folder of what the job has made; it may not exist."""
        return self._kept.folder(job_id) / "files"

    def wait(self, job_id: str, timeout: float | None = None) -> Job:
        """The job when it is over, or as it is after `timeout` seconds."""
        until = None if timeout is None else time.monotonic() + timeout
        while not (job := self.get(job_id)).over and (until is None or time.monotonic() < until):
            time.sleep(0.05)
        return job

    def cancel(self, job_id: str) -> Job:
        """Take a waiting job out of the queue; ask a running one to stop, which it does at its next progress."""
        return self._stop(job_id, forget=False)

    def forget(self, job_id: str) -> bool:
        """Remove a job with its log and files. False: it runs, is asked to stop, and is removed when it has."""
        return self._stop(job_id, forget=True).over

    def forget_owner(self, owner: str) -> list[str]:
        """`forget` all jobs of an owner; gives the ids of those that have not stopped yet."""
        return [job.id for job in self.all(owner=owner) if not self.forget(job.id)]

    def run_here(self, job_id: str, watch: Callable[[Job], None] | None = None) -> Job:
        """Run a job in this thread when its turn comes, or follow it where another process runs it; gives it when over.

        watch: hears of the job every half second while it waits, and at every progress. Ctrl-C cancels the job.
        """
        try:
            while not (job := self.get(job_id)).over and not self._closing.is_set():
                taken = self._queue.take(job_id) if job.state == "waiting" else None
                if taken is not None:
                    return self._run(*taken, watch)
                if watch is not None:
                    watch(job)
                self._closing.wait(POLL)
        except BaseException:  # nobody will run it now: out of the queue with it
            with suppress(JobError):
                self.cancel(job_id)
            raise
        return job

    def close(self) -> None:
        """Ask what runs to stop and wait for it: it goes back to the queue if its kind resumes. Waiting jobs stay."""
        if os.getpid() != self._process:  # a forked child has no part in this
            return
        self._closing.set()
        self._wake.set()
        for task in list(self._tasks.values()):
            task.stop.set()
        until = time.monotonic() + PATIENCE
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))
        if not self._tasks:
            self._queue.leave()

    def _serve(self, quick: bool) -> None:
        while not self._closing.is_set():
            try:
                taken = self._queue.take(quick=quick)
                if taken is not None:
                    self._run(*taken)
                    continue
            except Exception:
                _log.exception("the queue of jobs cannot be read or written; trying again")
            self._wake.wait(POLL)
            self._wake.clear()

    def _run(self, job: Job, turn: FileLock, watch: Callable[[Job], None] | None = None) -> Job:
        task = self._tasks[job.id] = self._task(job, watch)
        if self._closing.is_set():
            task.stop.set()
        task.say("started again" if job.reached else "started")
        try:
            result = json.loads(json.dumps(self._queue.kind(job.kind).run(task)))
            after = replace(task.job, state="done", result=result, finished=time.time(), left=0.0)
        except BaseException as error:
            asked = bool(self._kept.asked(job.id))
            after = stopped(task.job, error, asked, self._closing.is_set(), time.time())
            if after.state == "failed" and not expected(error):
                task.say(traceback.format_exc())
                _log.exception("a job (%s, %s) failed", job.kind, job.id)
            if isinstance(error, KeyboardInterrupt):
                raise
        finally:
            task.say(f"{after.state}: {after.error}" if after.error else after.state)
            after = self._settle(after)
            turn.release()
        return after

    def _task(self, job: Job, watch: Callable[[Job], None] | None) -> Task:
        def write(now: Job) -> None:
            try:
                self._kept.write(now)
            except OSError as error:
                _log.warning("the progress of a job cannot be written: %s", error)

        def say(line: str) -> None:
            self._kept.say(job.id, line)

        return Task(job, self.files(job.id), write, say, lambda: bool(self._kept.asked(job.id)), watch)

    def _settle(self, after: Job) -> Job:
        """Where the disk does not take what became of a job, it is tried again and again until the program closes."""
        while True:
            try:
                after = self._queue.settle(after)
                break
            except OSError as error:
                _log.warning("the end of a job cannot be written (%s); trying again", error)
                if self._closing.wait(10 * POLL):
                    break
        del self._tasks[after.id]
        return after

    def _stop(self, job_id: str, forget: bool) -> Job:
        job = self._queue.stop(job_id, forget)
        task = self._tasks.get(job_id)
        if task is not None:
            task.stop.set()
        return job

    def _ahead(self, job: Job) -> list[Job]:
        return ahead(job, [self._latest(one) for one in self._queue.beside(job)], self._queue.alive)

    def _latest(self, job: Job) -> Job:
        """With the progress of this moment where it runs here; on disk it is up to half a second old."""
        task = self._tasks.get(job.id)
        return task.job if task is not None and job.state == "running" else job


_open: "weakref.WeakSet[Jobs]" = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """Work that goes on while the interpreter goes down can bring the process down with it."""
    for jobs in list(_open):
        jobs.close()

"""The queue on disk as one `Jobs` sees and changes it; every change of a job's state is made here."""

import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from filelock import FileLock

from common.jobs.endings import after_death, cancelled
from common.jobs.job import Job, JobError, Kind
from common.jobs.kept import KeptJobs
from common.jobs.line import in_line


class Queue:
    """Changes are made while the mutex of the home is held, so that processes never see half of one."""

    def __init__(self, kept: KeptJobs, kinds: Mapping[str, Kind], limit: int) -> None:
        self.kept, self.kinds, self.limit = kept, kinds, limit
        self.serving = False
        """Whether jobs are run in the background here; then those of dead processes are taken over."""
        self.name = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._here = kept.runner(self.name)
        with kept.mutex:
            self._here.acquire()
            kept.sweep()

    def leave(self) -> None:
        """From now on others see this runner as gone."""
        self._here.release()

    def alive(self, runner: str) -> bool:
        return runner == self.name or self.kept.alive(runner)

    def kind(self, name: str) -> Kind:
        if name not in self.kinds:
            raise JobError(f"there is no kind of job '{name}'; there are: {', '.join(self.kinds)}")
        return self.kinds[name]

    def quick(self, job: Job) -> bool:
        """Whether a job waits in the queue of the quick ones."""
        kind = self.kinds.get(job.kind)
        return kind is not None and kind.quick

    def beside(self, job: Job) -> list[Job]:
        """Every job that is in the same queue as one; as `all`."""
        return [one for one in self.all() if self.quick(one) == self.quick(job)]

    def serve(self) -> None:
        """Take over what waits without a runner, and give a place to what was submitted here before."""
        with self.kept.mutex:
            self.serving = True
            for job in self.recover():
                if job.state == "waiting" and job.runner == self.name:
                    self._enqueue(job)

    def add(self, kind: str, arguments: dict[str, Any], catalog: str, owner: str) -> Job:
        resumes, arguments = self.kind(kind).resumes, json.loads(json.dumps(arguments))
        with self.kept.mutex:
            now = self._now()
            job = Job(secrets.token_hex(8), kind, catalog, owner, arguments, resumes, made=now, runner=self.name)
            job = replace(job, queued=now if self.serving else None)
            self.kept.write(job)
        return job

    def read(self, job_id: str) -> Job:
        """UnknownJob when there is none. A job whose process died is put where it belongs first."""
        job = self.kept.read(job_id)
        if job.state == "running" and not self.alive(job.runner):
            with self.kept.mutex:
                self.recover()
            job = self.kept.read(job_id)
        return job

    def all(self) -> list[Job]:
        """Every job, in no order; as `read`."""
        jobs = self.kept.all()
        if any(job.state == "running" and not self.alive(job.runner) for job in jobs):
            with self.kept.mutex:
                jobs = self.recover()
        return jobs

    def take(self, only: str | None = None, quick: bool = False) -> tuple[Job, FileLock] | None:
        """The next job, of the quick ones or of the others, marked as running, and a turn of the machine to release afterwards.

        only: a job that is asked for, of either. None when no turn is free, or the next job is for another runner, or is
        not the one that is asked for.
        """
        with self.kept.mutex:
            jobs = self.recover()
            if only is not None:
                jobs = [self._claim(job) if job.id == only else job for job in jobs]
                quick = any(self.quick(job) for job in jobs if job.id == only)
            line = in_line([job for job in jobs if self.quick(job) == quick], self.alive)
            if not line or line[0].runner != self.name or only not in (None, line[0].id):
                return None
            turn = self.kept.turn(1 if quick else self.limit, "quick" if quick else "turn")
            if turn is None:
                return None
            job = replace(line[0], state="running", started=time.time(), attempts=line[0].attempts + 1)
            try:
                self.kept.write(job)
            except OSError:
                turn.release()
                raise
            return job, turn

    def settle(self, job: Job) -> Job:
        """Write what became of a job that ran; gives it as it is kept. OSError when the disk does not take it."""
        with self.kept.mutex:
            word = self.kept.asked(job.id)
            if word and not job.over:  # cancelled while it was being put back
                job = cancelled(job, time.time())
            for one in self._beyond(job):
                self.kept.remove(one.id)
            self.kept.write(job)
            self.kept.answer(job.id)
            if word == "forget":
                self.kept.remove(job.id)
        return job

    def stop(self, job_id: str, forget: bool) -> Job:
        """Cancel a job; one that runs is left word, which its runner finds. forget: remove it when it is over."""
        with self.kept.mutex:
            job = self.read(job_id)
            if job.state == "running":
                self.kept.ask(job_id, "forget" if forget else "cancel")
            elif job.state == "waiting":
                job = cancelled(job, time.time())
                self.kept.write(job)
            if job.over and forget:
                self.kept.remove(job_id)
        return job

    def recover(self) -> list[Job]:
        """All jobs, oldest first, after those of dead processes were put where they belong. Under the mutex."""
        kept = sorted(self.kept.all(), key=lambda job: (job.made, job.id))
        jobs = [job if job.over or self.alive(job.runner) else self._orphan(job) for job in kept]
        return [job for job in jobs if job is not None]

    def _orphan(self, job: Job) -> Job | None:
        if job.state == "running":
            word = self.kept.asked(job.id)
            job = after_death(job, bool(word), time.time())
            self.kept.say(job.id, f"the program stopped while this ran; now {job.state}")
            self.kept.write(job)
            self.kept.answer(job.id)
            if word == "forget":
                self.kept.remove(job.id)
                return None
        if job.state == "waiting" and self.serving and job.kind in self.kinds:
            job = self._enqueue(job)
        return job

    def _beyond(self, last: Job) -> list[Job]:
        """Jobs that are over and more than their kind keeps for an owner, now that `last` is over too."""
        if not last.over:
            return []
        same = [job for job in self.kept.all() if (job.kind, job.owner, job.over) == (last.kind, last.owner, True)]
        return newest_first(same)[max(0, self.kind(last.kind).keeps - 1) :]

    def _claim(self, job: Job) -> Job:
        """A waiting job that nobody else will run becomes this runner's."""
        ours = job.runner == self.name or not self.alive(job.runner)
        return self._enqueue(job) if job.state == "waiting" and ours else job

    def _enqueue(self, job: Job) -> Job:
        """This runner will run the job, at its old place or at the end."""
        mine = replace(job, runner=self.name, queued=self._now() if job.queued is None else job.queued)
        if mine != job:
            self.kept.write(mine)
        return mine

    def _now(self) -> float:
        """The time, later than all that was given to a job before: the order holds when the clock goes back."""
        last = max((max(job.made, job.queued or 0.0) for job in self.kept.all()), default=0.0)
        return max(time.time(), last + 1e-4)


def newest_first(jobs: list[Job]) -> list[Job]:
    return sorted(jobs, key=lambda job: (job.made, job.id), reverse=True)

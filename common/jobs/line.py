"""The rules of the queue: who is next, and who goes before whom."""

from collections.abc import Callable, Iterable

from common.jobs.job import Job

Alive = Callable[[str], bool]
"""Whether the runner of this name is still there."""


def in_line(jobs: Iterable[Job], alive: Alive) -> list[Job]:
    """Waiting jobs that somebody will run, the next one first."""
    waiting = [job for job in jobs if job.state == "waiting" and job.queued is not None and alive(job.runner)]
    return sorted(waiting, key=_order)


def ahead(job: Job, jobs: Iterable[Job], alive: Alive) -> list[Job]:
    """Jobs that run or will be run before `job`: none when it is not waiting."""
    if job.state != "waiting":
        return []
    jobs = list(jobs)
    running = [one for one in jobs if one.state == "running"]
    return running + [one for one in in_line(jobs, alive) if one.id != job.id and _order(one) < _order(job)]


def until_turn(before: list[Job], limit: int) -> float | None:
    """Seconds until one of `limit` turns is free for a job that these go before; None when that is unknown."""
    if len(before) < limit:
        return 0.0
    left = [job.left for job in before]
    if any(job.state != "running" for job in before) or None in left:
        return None
    return sorted(seconds for seconds in left if seconds is not None)[len(left) - limit]


def _order(job: Job) -> tuple[float, float, str]:
    return (float("inf") if job.queued is None else job.queued, job.made, job.id)

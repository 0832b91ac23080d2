"""What becomes of a job that stops, and how that is said."""

from dataclasses import replace

from common.jobs.job import Cancelled, Job

TRIES = 3
"""How often a job may bring the process down at one point before it is not started again."""
LONGEST = 300
"""Characters of a sentence about an error."""


def stopped(job: Job, error: BaseException, asked: bool, closing: bool, now: float) -> Job:
    """What becomes of a job whose work has raised. asked: somebody had cancelled it. closing: the program closes."""
    if asked or isinstance(error, KeyboardInterrupt):
        return cancelled(job, now)
    if closing:
        return put_back(job, now)
    if isinstance(error, Cancelled):
        return cancelled(job, now)
    return replace(job, state="failed", error=sentence(error), finished=now, left=None)


def after_death(job: Job, asked: bool, now: float) -> Job:
    """What becomes of a job that ran when its process died. asked: somebody had cancelled it."""
    if asked:
        return cancelled(job, now)
    if not job.resumes:
        return ended(job, "the program stopped while it ran, and it cannot go on from there; start it again", now)
    if job.attempts >= TRIES:
        return ended(job, f"the program stopped {TRIES} times at this point of it; it is not started again", now)
    return replace(job, state="waiting", left=None)


def put_back(job: Job, now: float) -> Job:
    """What becomes of a job that was stopped because the program closes: that is no failed attempt."""
    if not job.resumes:
        return ended(job, "the program was closed while it ran, and it cannot go on from there; start it again", now)
    return replace(job, state="waiting", left=None, attempts=max(0, job.attempts - 1))


def cancelled(job: Job, now: float) -> Job:
    return replace(job, state="cancelled", finished=now, left=None)


def ended(job: Job, error: str, now: float) -> Job:
    return replace(job, state="ended", error=error, finished=now, left=None)


def expected(error: BaseException) -> bool:
    """Whether the message of an error is for people: ours are ValueErrors; of the system's, only what went wrong is."""
    return isinstance(error, (ValueError, OSError, MemoryError))


def sentence(error: BaseException) -> str:
    """One line about an error, without paths of this machine."""
    if isinstance(error, MemoryError):
        return "the memory of this machine is not enough for it"
    if isinstance(error, OSError) and error.strerror:
        return f"the system refused: {error.strerror}"
    text = " ".join(str(error).split())
    if not text or not expected(error):
        return f"an error that nobody expected ({type(error).__name__}); the log of the job says where"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

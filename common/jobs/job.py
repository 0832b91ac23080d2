"""A job as it is kept, a kind of job, and what can go wrong with them."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from common.jobs.task import Task

State = Literal["waiting", "running", "done", "failed", "cancelled", "ended"]
"""ended: its process died, or was closed, and a job of this kind cannot go on."""


class JobError(ValueError):
    """A job cannot be had or made as asked; the message is one line and says what to do."""


class UnknownJob(JobError):  # noqa: N818 - reads as what it says
    """There is no job of this id, or it has been forgotten."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"there is no job '{job_id[:40]}' (any more)")


class Cancelled(Exception):  # noqa: N818 - nothing went wrong
    """Raised inside the work when somebody has cancelled it, or the program closes. Let it pass."""


@dataclass(frozen=True)
class Job:
    """What is known about one piece of work; everything in it is JSON. Times are seconds since 1970, UTC."""

    id: str
    kind: str
    catalog: str = ""
    """Id of the catalog that it is about, where it is about one."""
    owner: str = ""
    """Key of the visitor that it belongs to; "" is the host."""
    arguments: dict[str, Any] = field(default_factory=dict)
    resumes: bool = False
    state: State = "waiting"
    stage: str = ""
    """A short key for the part of the work that it is in."""
    done: int = 0
    total: int = 0
    """Pieces of the stage; 0 when it does not know."""
    left: float | None = None
    """Seconds that the stage still takes, at the pace of the last part; None while that is unknown."""
    made: float = 0.0
    queued: float | None = None
    """Since when it has its place in the queue; None while nobody has said that it will be run."""
    started: float | None = None
    finished: float | None = None
    result: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    """One sentence; "" unless it failed or ended."""
    attempts: int = 0
    """How often it was started since it last got further than ever before."""
    reached: dict[str, int] = field(default_factory=dict)
    """The furthest it ever got: stage → pieces done."""
    runner: str = ""
    """The `Jobs` that runs it or will."""

    @property
    def over(self) -> bool:
        return self.state not in ("waiting", "running")

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Job":
        """From JSON; what another version has put there beside is left out."""
        return cls(**{name: kept[name] for name in _FIELDS if name in kept})


_FIELDS = tuple(one.name for one in fields(Job))


@dataclass(frozen=True)
class Kind:
    """One kind of work."""

    name: str
    run: Callable[["Task"], dict[str, Any]]
    """Does the work and gives the result (JSON); a ValueError that it raises is told as its message."""
    resumes: bool = False
    """Whether, started again, it goes on from what is on disk."""
    keeps: int = 20
    """How many jobs of this kind that are over are kept for each owner."""
    quick: bool = False
    """Work of seconds that somebody waits for: such jobs have a queue of their own, and run beside the others."""

"""Long work of an installation: one runner, progress with time left, cancel, an honest queue, results kept.

Jobs run on the CPU of the process, on ZeroGPU too: a GPU is lent there to a visitor's own requests, never to work in the
background (`retrieval.executor`).
"""

from library.jobs.job import Cancelled, Job, JobError, Kind, UnknownJob
from library.jobs.jobs import Jobs
from library.jobs.task import Task

__all__ = ["Cancelled", "Job", "JobError", "Jobs", "Kind", "Task", "UnknownJob"]

"""Long work of an installation: one runner, progress with time left, cancel, an honest queue, results kept.

Jobs run on the CPU of the process, on ZeroGPU too: a GPU is lent there to a visitor's own requests, never to work in the
background (`retrieval.executor`).
"""

from common.jobs.job import Cancelled, Job, JobError, Kind, UnknownJob
from common.jobs.jobs import Jobs
from common.jobs.task import Task

__all__ = ["Cancelled", "Job", "JobError", "Jobs", "Kind", "Task", "UnknownJob"]

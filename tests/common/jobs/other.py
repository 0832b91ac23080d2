"""Another process on a home: `python -m tests.common.jobs.other HOME app|command|submit|die KIND...`."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from common.jobs import Jobs, Kind, Task

PIECES = 12


def count(task: Task) -> dict[str, Any]:
    """Makes one file a piece; goes on after those that are there. Ends as soon as the home says so."""
    made = len(list(task.files.iterdir()))
    for done in range(made, PIECES):
        task.progress(done, PIECES, "count")
        with (task.files / f"{done:02}").open("x") as file:  # nothing is done twice
            file.write(str(os.getpid()))
        home = task.files.parents[2]
        while (home / "hold").exists() and done + 1 >= made + 3:
            task.check()
            time.sleep(0.01)
    return {"from": made, "process": os.getpid()}


def crash(task: Task) -> dict[str, Any]:
    task.progress(3, 9, "crash")
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def span(task: Task) -> dict[str, Any]:
    """When it ran, on the clock of the machine."""
    start = time.monotonic()
    time.sleep(0.1)
    return {"start": start, "end": time.monotonic()}


KINDS = [
    Kind("count", count, resumes=True),
    Kind("once", count),
    Kind("crash", crash, resumes=True),
    Kind("span", span),
]


def main(home: Path, role: str, names: list[str]) -> None:
    jobs = Jobs(home, KINDS)
    if role == "app":
        jobs.start()
    made = [jobs.submit(name, {}, owner=role) for name in names]
    print(*(job.id for job in made), flush=True)
    if role == "command":
        for job in made:
            jobs.run_here(job.id)
    elif role == "app":
        time.sleep(60)
    os._exit(0)  # as a kill: nothing is put in order


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])

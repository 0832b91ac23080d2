"""Jobs on disk: a folder each, and the locks by which processes on one home know of each other."""

import json
import logging
import os
import re
import shutil
import time
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock, Timeout

from common.files import write_in_one_step
from common.jobs.job import Job, JobError, UnknownJob

LOG_LIMIT = 1 << 20
"""Bytes of a job's log; what comes after that is not written."""

SETTLED = 0.1
"""Seconds after which a file's time tells its contents apart: within one tick of the clock it can be replaced unseen."""

_log = logging.getLogger("lapel.library")
_ID = re.compile(r"[0-9a-f]{16}")


class KeptJobs:
    """`root/<id>/`: `job.json`, `log.txt`, `files/` with what the work has made, and `asked` when it is to stop.

    `mutex` is held by whoever changes the state of a job. A lock that a process holds falls open when it dies.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            (root / "runners").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JobError(
                f"'{root}' cannot be written ({error.strerror}); set LAPEL_HOME to a folder of yours"
            ) from None
        self.mutex = FileLock(root / "mutex.lock", poll_interval=0.01)
        self._seen: dict[str, tuple[tuple[int, int], Job | None]] = {}
        self._dead: set[str] = set()

    def all(self) -> list[Job]:
        """Every job, in no order."""
        found = [self.find(name) for name in os.listdir(self.root) if _ID.fullmatch(name)]  # noqa: PTH208
        return [job for job in found if job is not None]

    def read(self, job_id: str) -> Job:
        """UnknownJob when there is none."""
        job = self.find(job_id)
        if job is None:
            raise UnknownJob(job_id)
        return job

    def find(self, job_id: str) -> Job | None:
        if not _ID.fullmatch(job_id):
            raise UnknownJob(job_id)
        path = f"{self.root}/{job_id}/job.json"
        try:
            about = os.stat(path)  # noqa: PTH116 - all jobs are looked at twice a second
        except OSError:
            self._seen.pop(job_id, None)
            return None
        stamp = (about.st_ino, about.st_mtime_ns)
        seen = self._seen.get(job_id)
        if seen is not None and seen[0] == stamp:
            return seen[1]
        job = _read(Path(path))
        if time.time() - about.st_mtime > SETTLED:
            self._seen[job_id] = (stamp, job)
        return job

    def write(self, job: Job) -> None:
        folder = self.folder(job.id)
        folder.mkdir(exist_ok=True)
        write_in_one_step(folder / "job.json", json.dumps(asdict(job), indent=1, ensure_ascii=False))

    def remove(self, job_id: str) -> None:
        folder = self.folder(job_id)
        (folder / "job.json").unlink(missing_ok=True)  # a kill in the middle leaves a folder that is no job
        shutil.rmtree(folder, ignore_errors=True)
        self._seen.pop(job_id, None)

    def sweep(self) -> None:
        """Remove what kills have left: folders that are no job, locks of runners that are gone. Under `mutex`."""
        for path in self.root.iterdir():
            if _ID.fullmatch(path.name) and not (path / "job.json").exists():
                shutil.rmtree(path, ignore_errors=True)
        for path in (self.root / "runners").iterdir():
            if not self.alive(path.stem):
                path.unlink(missing_ok=True)

    def folder(self, job_id: str) -> Path:
        if not _ID.fullmatch(job_id):
            raise UnknownJob(job_id)
        return self.root / job_id

    def say(self, job_id: str, line: str) -> None:
        """Add a line to the log, with the time; a log that cannot be written stops no work."""
        path = self.folder(job_id) / "log.txt"
        try:
            size = path.stat().st_size if path.exists() else 0
            if size < LOG_LIMIT:
                when = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
                with path.open("a", encoding="utf-8", errors="replace") as file:
                    file.write(f"{when} {line.rstrip()[: LOG_LIMIT // 8]}\n")
        except OSError as error:
            _log.warning("'%s' cannot be written: %s", path, error)

    def log(self, job_id: str, size: int) -> str:
        """The last `size` bytes of the log, from the start of a line."""
        try:
            with (self.folder(job_id) / "log.txt").open("rb") as file:
                start = max(0, file.seek(0, 2) - size)
                file.seek(start)
                text = file.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
        return text.partition("\n")[2] if start else text

    def ask(self, job_id: str, what: str) -> None:
        """Leave word for whoever runs the job: "cancel", or "forget", which is to cancel and remove."""
        if self.asked(job_id) != "forget":
            write_in_one_step(self.folder(job_id) / "asked", what)

    def asked(self, job_id: str) -> str:
        try:
            return (self.folder(job_id) / "asked").read_text("utf-8")
        except OSError:
            return ""

    def answer(self, job_id: str) -> None:
        """Take away the word that was left."""
        (self.folder(job_id) / "asked").unlink(missing_ok=True)

    def runner(self, name: str) -> FileLock:
        """The lock that a runner holds for as long as it is there."""
        return FileLock(self.root / "runners" / f"{name}.lock", thread_local=False)

    def alive(self, runner: str) -> bool:
        if not runner or runner in self._dead:
            return False
        lock = self.runner(runner)
        if Path(lock.lock_file).exists():
            try:
                with lock.acquire(blocking=False):
                    pass
            except Timeout:
                return True
        self._dead.add(runner)  # names are not used twice
        return False

    def turn(self, limit: int, name: str = "turn") -> FileLock | None:
        """One of the turns of this machine, held until it is released or the process dies; None when all are taken. name: of a
        queue, each of which has turns of its own."""
        for number in range(limit):
            lock = FileLock(self.root / f"{name}-{number}.lock", thread_local=False)
            try:
                lock.acquire(blocking=False)
                return lock
            except Timeout:
                continue
        return None


def _read(path: Path) -> Job | None:
    try:
        return Job.of(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, AttributeError) as error:
        _log.warning("'%s' cannot be read (%s); left out", path, error)
        return None

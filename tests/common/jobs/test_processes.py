import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from common.jobs import Job, Jobs
from tests.common.jobs.other import KINDS, PIECES

Start = Callable[..., tuple["subprocess.Popen[str]", list[str]]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts another process on the home; gives it and the ids of the jobs that it has submitted."""
    started: list[subprocess.Popen[str]] = []

    def begin(role: str, *kinds: str) -> tuple["subprocess.Popen[str]", list[str]]:
        command = [sys.executable, "-m", "tests.common.jobs.other", str(tmp_path), role, *kinds]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().split()

    yield begin
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def hold(tmp_path: Path) -> Path:
    """While this file is there, jobs of counting stop after three pieces."""
    path = tmp_path / "hold"
    path.touch()
    return path


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    jobs = Jobs(tmp_path, KINDS)
    yield jobs
    (tmp_path / "hold").unlink(missing_ok=True)
    jobs.close()


def until(jobs: Jobs, job_id: str, what: Callable[[Job], bool]) -> Job:
    end = time.monotonic() + 10
    while not what(job := jobs.get(job_id)):
        assert time.monotonic() < end, job
        time.sleep(0.01)
    return job


def pieces(jobs: Jobs, job_id: str, count: int) -> None:
    end = time.monotonic() + 10
    while not jobs.files(job_id).is_dir() or len(list(jobs.files(job_id).iterdir())) < count:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_job_goes_on_after_a_kill_and_another_is_said_to_have_ended(start: Start, jobs: Jobs, hold: Path) -> None:
    for kind in ("once", "count"):
        process, (job_id,) = start("app", kind)
        pieces(jobs, job_id, 3)
        assert jobs.get(job_id).state == "running"
        process.kill()
        process.wait()
        after = jobs.get(job_id)
        assert after.state == ("waiting" if kind == "count" else "ended")
        assert ("cannot go on" in after.error) == (kind == "once")
        assert "the program stopped while this ran" in jobs.log(job_id)
    hold.unlink()
    jobs.start()
    done = next(job for job in jobs.all() if job.kind == "count")
    assert jobs.wait(done.id, 5).result["from"] == 3
    assert len(list(jobs.files(done.id).iterdir())) == PIECES
    assert next(job for job in jobs.all() if job.kind == "once").state == "ended"


def test_a_job_that_is_killed_again_and_again_gets_through_if_it_gets_further(
    start: Start, jobs: Jobs, hold: Path
) -> None:
    process, (job_id,) = start("app", "count")
    for made in (3, 6, 9, 12):
        pieces(jobs, job_id, made)
        process.kill()
        process.wait()
        assert jobs.get(job_id).state == "waiting"
        process, _ = start("app")
    assert jobs.wait(job_id, 10).result["from"] == 12


def test_a_job_that_brings_the_program_down_is_tried_three_times(start: Start, jobs: Jobs) -> None:
    process, (job_id,) = start("app", "crash")
    for tries in (1, 2, 3):
        assert process.wait(10) < 0
        assert jobs.get(job_id).attempts == tries
        process, _ = start("app")
    last = jobs.get(job_id)
    assert last.state == "ended" and "3 times" in last.error
    time.sleep(0.2)
    assert process.poll() is None


def test_two_processes_take_turns_in_the_order_of_submission(start: Start, jobs: Jobs) -> None:
    _, first = start("app", "span", "span")
    own = [jobs.submit("span", {}) for _ in range(2)]
    jobs.start()
    _, last = start("command", "span")
    ids = [*first, *(job.id for job in own), *last]
    spans = [jobs.wait(job_id, 10).result for job_id in ids]
    ordered = sorted(spans, key=lambda one: one["start"])
    assert all(before["end"] <= after["start"] for before, after in pairwise(ordered))
    assert spans == ordered


def test_the_queue_of_another_process_is_seen_and_its_job_cancelled(start: Start, jobs: Jobs, hold: Path) -> None:
    _, (theirs, next_one) = start("app", "count", "span")
    pieces(jobs, theirs, 3)
    own = jobs.submit("span", {})
    jobs.start()
    assert [jobs.place(job_id) for job_id in (theirs, next_one, own.id)] == [0, 1, 2]
    assert jobs.all(owner="app") == [jobs.get(next_one), jobs.get(theirs)]
    jobs.cancel(theirs)
    assert jobs.wait(theirs, 5).state == "cancelled"
    assert jobs.wait(own.id, 5).state == "done"
    assert jobs.get(next_one).state == "done"


def test_a_command_waits_for_the_turn_of_the_app(start: Start, jobs: Jobs, hold: Path) -> None:
    jobs.start()
    ours = jobs.submit("count", {})
    pieces(jobs, ours.id, 3)
    command, (theirs,) = start("command", "count")
    until(jobs, theirs, lambda job: job.queued is not None)
    assert jobs.place(theirs) == 1
    hold.unlink()
    assert jobs.wait(theirs, 5).result["process"] == command.pid
    assert jobs.get(ours.id).state == "done"


def test_what_a_command_has_left_behind_is_run_by_the_app(start: Start, jobs: Jobs) -> None:
    jobs.start()
    command, (job_id,) = start("submit", "span")
    command.wait(10)
    assert jobs.wait(job_id, 5).state == "done"


def test_a_job_that_was_to_stop_when_the_program_was_killed_does_not_come_back(
    start: Start, jobs: Jobs, hold: Path
) -> None:
    for ask in (jobs.cancel, jobs.forget):
        process, (job_id,) = start("app", "count")
        pieces(jobs, job_id, 3)
        process.send_signal(signal.SIGSTOP)  # it stands still, so that it cannot answer
        ask(job_id)
        process.kill()
        process.wait()
    assert [job.state for job in jobs.all()] == ["cancelled"]


def test_locks_of_runners_that_are_gone_are_swept(start: Start, tmp_path: Path) -> None:
    for _ in range(2):
        process, _ = start("submit")
        process.wait()
    assert len(list((tmp_path / "jobs" / "runners").iterdir())) == 1

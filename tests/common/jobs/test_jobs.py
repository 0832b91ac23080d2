import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from common.jobs import Job, JobError, Jobs, Kind, Task, UnknownJob
from common.jobs.kept import LOG_LIMIT, KeptJobs


class Works:
    """Kinds of work whose pace the test holds in hand."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.go = threading.Event()
        self.began = threading.Event()

    def note(self, task: Task) -> dict[str, Any]:
        self.order.append(task.arguments.get("name", ""))
        return {"name": task.arguments.get("name", "")}

    def hold(self, task: Task) -> dict[str, Any]:
        """Counts until it is let go."""
        start = len(list(task.files.iterdir()))
        self.began.set()
        for done in range(start, 10_000):
            task.progress(done, 10_000, "hold")
            if self.go.wait(0.01):
                break
            if done < start + 3:
                (task.files / str(done)).touch()
        return {"from": start}

    def fail(self, task: Task) -> dict[str, Any]:
        task.say("looked at everything")
        raise ValueError("the folder holds no picture; choose another")

    def trip(self, task: Task) -> dict[str, Any]:
        return {"value": {}["missing"]}

    def kinds(self) -> list[Kind]:
        return [
            Kind("note", self.note, keeps=3),
            Kind("hold", self.hold, resumes=True),
            Kind("once", self.hold),
            Kind("fail", self.fail),
            Kind("trip", self.trip),
            Kind("short", self.note, quick=True),
            Kind("brisk", self.hold, quick=True),
            Kind("odd", lambda task: {"set": {1}}),
        ]


@pytest.fixture
def works() -> Iterator[Works]:
    works = Works()
    yield works
    works.go.set()


@pytest.fixture
def jobs(tmp_path: Path, works: Works) -> Iterator[Jobs]:
    jobs = Jobs(tmp_path, works.kinds())
    jobs.start()
    yield jobs
    works.go.set()
    jobs.close()


def held(jobs: Jobs, works: Works, kind: str = "hold", **more: Any) -> Job:
    job = jobs.submit(kind, {}, **more)
    assert works.began.wait(5)
    return job


def test_jobs_run_one_at_a_time_in_the_order_in_which_they_were_given(jobs: Jobs, works: Works) -> None:
    first = held(jobs, works, owner="one")
    others = [jobs.submit("note", {"name": name}, owner=name) for name in "abc"]
    assert [jobs.place(job.id) for job in (first, *others)] == [0, 1, 2, 3]
    assert [jobs.get(job.id).state for job in (first, *others)] == ["running", "waiting", "waiting", "waiting"]
    assert works.order == []
    works.go.set()
    last = jobs.wait(others[-1].id, 5)
    assert works.order == ["a", "b", "c"]
    assert (last.state, last.result) == ("done", {"name": "c"})
    assert last.made < (last.started or 0) <= (last.finished or 0)
    assert [job.id for job in jobs.all()] == [job.id for job in (*reversed(others), first)]
    assert [job.id for job in jobs.all(owner="b")] == [others[1].id]


def test_two_at_once_where_the_machine_is_large(tmp_path: Path, works: Works) -> None:
    jobs = Jobs(tmp_path, works.kinds(), limit=2)
    jobs.start()
    held(jobs, works)
    assert jobs.wait(jobs.submit("note", {"name": "beside"}).id, 5).state == "done"
    jobs.close()


def test_quick_jobs_run_beside_the_others_one_at_a_time(jobs: Jobs, works: Works) -> None:
    long, waiting = held(jobs, works), jobs.submit("note", {"name": "long"})
    assert jobs.wait(jobs.submit("short", {"name": "short"}).id, 5).state == "done"
    works.began.clear()
    brisk = held(jobs, works, "brisk")
    after = jobs.submit("short", {"name": "after"})
    assert [jobs.place(job.id) for job in (long, brisk, waiting, after)] == [0, 0, 1, 1]
    assert [jobs.get(job.id).state for job in (long, brisk)] == ["running", "running"]
    until = time.monotonic() + 5
    while jobs.left(after.id) is None and time.monotonic() < until:
        time.sleep(0.05)
    assert (jobs.left(after.id) or 0) > 10 and works.order == ["short"]
    jobs.cancel(brisk.id)
    assert jobs.wait(after.id, 5).state == "done" and jobs.get(long.id).state == "running"
    works.go.set()
    assert jobs.wait(waiting.id, 5).state == "done" and works.order == ["short", "after", "long"]


def test_the_time_left_is_that_of_the_stage_or_until_the_turn(jobs: Jobs, works: Works) -> None:
    first = held(jobs, works)
    second, third = (jobs.submit("note", {}) for _ in range(2))
    until = time.monotonic() + 5
    while jobs.left(first.id) is None and time.monotonic() < until:
        time.sleep(0.05)
    left = jobs.left(first.id)
    assert left is not None and 10 < left < 2000
    assert jobs.left(second.id) == pytest.approx(left, rel=0.3)
    assert jobs.left(third.id) is None  # nobody knows how long the second takes
    works.go.set()
    jobs.wait(third.id, 5)
    assert jobs.left(third.id) == 0


def test_a_waiting_job_that_is_cancelled_never_runs(jobs: Jobs, works: Works) -> None:
    held(jobs, works)
    waiting, after = jobs.submit("note", {"name": "no"}), jobs.submit("note", {"name": "yes"})
    assert jobs.cancel(waiting.id).state == "cancelled"
    assert jobs.place(after.id) == 1
    works.go.set()
    jobs.wait(after.id, 5)
    assert works.order == ["yes"]


def test_a_running_job_that_is_cancelled_stops_and_the_next_one_runs(jobs: Jobs, works: Works) -> None:
    first, after = held(jobs, works), jobs.submit("note", {})
    jobs.cancel(first.id)
    stopped = jobs.wait(first.id, 5)
    assert (stopped.state, stopped.error, stopped.result) == ("cancelled", "", {})
    assert jobs.wait(after.id, 5).state == "done"
    assert jobs.cancel(after.id).state == "done"  # too late: it is what it is


def test_a_failure_is_one_sentence_and_the_log_stays(jobs: Jobs) -> None:
    failed = jobs.wait(jobs.submit("fail", {}).id, 5)
    assert (failed.state, failed.error) == ("failed", "the folder holds no picture; choose another")
    log = jobs.log(failed.id)
    assert "looked at everything" in log and "failed: the folder holds no picture" in log
    assert "Traceback" not in log


def test_an_unexpected_failure_is_explained_in_the_log(jobs: Jobs) -> None:
    failed = jobs.wait(jobs.submit("trip", {}).id, 5)
    assert failed.state == "failed" and "nobody expected (KeyError)" in failed.error
    assert "Traceback" in jobs.log(failed.id) and "'missing'" in jobs.log(failed.id)
    assert jobs.wait(jobs.submit("odd", {}).id, 5).state == "failed"  # no JSON


def test_results_and_files_are_there_after_a_new_start(tmp_path: Path, works: Works) -> None:
    def export(task: Task) -> dict[str, Any]:
        (task.files / "catalog.zip").write_bytes(b"zip")
        return {"file": "catalog.zip", "名": "襟"}

    kinds = [*works.kinds(), Kind("export", export)]
    jobs = Jobs(tmp_path, kinds)
    jobs.start()
    done = jobs.wait(jobs.submit("export", {"as": "zip"}, catalog="c1").id, 5)
    jobs.close()
    again = Jobs(tmp_path, kinds)
    assert again.get(done.id) == done
    assert again.all(catalog="c1") == [done] and again.all(catalog="c2") == []
    assert (again.files(done.id) / done.result["file"]).read_bytes() == b"zip"
    again.close()


def test_closing_puts_a_job_back_that_can_go_on(tmp_path: Path, works: Works) -> None:
    jobs = Jobs(tmp_path, works.kinds())
    jobs.start()
    job, after = held(jobs, works), jobs.submit("note", {})
    while len(list(jobs.files(job.id).iterdir())) < 3:
        time.sleep(0.01)
    jobs.close()
    assert (jobs.get(job.id).state, jobs.get(job.id).attempts) == ("waiting", 0)
    with pytest.raises(JobError, match="closing"):
        jobs.submit("note", {})
    again = Jobs(tmp_path, works.kinds())
    assert again.get(job.id).state == "waiting"  # nobody has said that it will be run
    works.go.set()
    again.start()
    assert again.wait(job.id, 5).result == {"from": 3}
    assert again.wait(after.id, 5).state == "done"
    assert "started again" in again.log(job.id)
    again.close()


def test_closing_ends_a_job_that_cannot_go_on(tmp_path: Path, works: Works) -> None:
    jobs = Jobs(tmp_path, works.kinds())
    jobs.start()
    job = held(jobs, works, "once")
    jobs.close()
    assert jobs.get(job.id).state == "ended"
    assert "cannot go on" in jobs.get(job.id).error


def test_a_command_runs_its_job_itself(tmp_path: Path, works: Works) -> None:
    jobs = Jobs(tmp_path, works.kinds())
    works.go.set()
    job = jobs.submit("hold", {})
    heard: list[Job] = []
    assert jobs.run_here(job.id, heard.append).state == "done"
    assert [(one.stage, one.done, one.total) for one in heard] == [("hold", 0, 10_000)]
    jobs.close()


def test_ctrl_c_cancels_the_job_of_a_command(tmp_path: Path, works: Works) -> None:
    jobs = Jobs(tmp_path, works.kinds())
    job = jobs.submit("hold", {})

    def interrupt(job: Job) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.run_here(job.id, interrupt)
    assert jobs.get(job.id).state == "cancelled"
    jobs.close()


def test_only_so_many_are_kept_of_each_kind_and_owner(jobs: Jobs) -> None:
    other = jobs.submit("note", {}, owner="other")
    mine = [jobs.submit("note", {}) for _ in range(5)]
    jobs.wait(mine[-1].id, 5)
    assert [job.id for job in jobs.all(owner="")] == [job.id for job in reversed(mine[2:])]
    assert jobs.get(other.id).state == "done"
    with pytest.raises(UnknownJob):
        jobs.log(mine[0].id)


def test_what_is_forgotten_leaves_nothing(jobs: Jobs, works: Works, tmp_path: Path) -> None:
    running = held(jobs, works, owner="guest")
    waiting, other = jobs.submit("note", {}, owner="guest"), jobs.submit("note", {}, owner="host")
    assert jobs.forget_owner("guest") == [running.id]
    jobs.cancel(running.id)  # the stronger word stays
    assert jobs.wait(other.id, 5).state == "done"
    assert jobs.all(owner="guest") == []
    assert {path.name for path in (tmp_path / "jobs").iterdir() if path.is_dir()} == {other.id, "runners"}
    with pytest.raises(UnknownJob):
        jobs.get(waiting.id)


@pytest.mark.parametrize("odd", ["../../etc", "", "0" * 16, "runners", "x" * 500])
def test_an_unknown_id_is_refused(jobs: Jobs, odd: str) -> None:
    for ask in (jobs.get, jobs.log, jobs.cancel, jobs.forget, jobs.place, jobs.left):
        with pytest.raises(UnknownJob, match="there is no job"):
            ask(odd)


def test_what_cannot_be_a_job_is_refused(jobs: Jobs) -> None:
    with pytest.raises(JobError, match="no kind of job 'sing'; there are: note, hold"):
        jobs.submit("sing", {})
    with pytest.raises(TypeError):
        jobs.submit("note", {"path": Path()})


def test_a_log_is_read_from_its_end_and_does_not_grow_for_ever(tmp_path: Path) -> None:
    def chatter(task: Task) -> dict[str, Any]:
        for number in range(2000):
            task.say(f"line {number} " + "x" * 1000)
        return {}

    jobs = Jobs(tmp_path, [Kind("chatter", chatter)])
    job = jobs.run_here(jobs.submit("chatter", {}).id)
    tail = jobs.log(job.id, size=5000).splitlines()
    assert 3 <= len(tail) <= 5 and all("line" in line for line in tail)
    assert (tmp_path / "jobs" / job.id / "log.txt").stat().st_size < 1.01 * LOG_LIMIT
    jobs.close()


def test_a_damaged_file_costs_one_job(jobs: Jobs, tmp_path: Path) -> None:
    good, bad = (jobs.wait(jobs.submit("note", {}).id, 5) for _ in range(2))
    (tmp_path / "jobs" / bad.id / "job.json").write_text("{")
    assert [job.id for job in jobs.all()] == [good.id]


def test_a_home_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "jobs").write_text("a file")
    with pytest.raises(JobError, match="cannot be written"):
        Jobs(tmp_path, [])


def test_a_job_that_is_replaced_within_a_tick_of_the_clock_is_read_anew(tmp_path: Path) -> None:
    kept = KeptJobs(tmp_path)
    for number in range(200):
        job = Job("0" * 16, "note", done=number)
        kept.write(job)
        assert kept.find(job.id) == job

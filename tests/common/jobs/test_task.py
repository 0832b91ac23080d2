from pathlib import Path

import pytest

from common.jobs import Cancelled, Job, Task


class Bench:
    """A task with a clock of its own, and what it has written."""

    def __init__(self, folder: Path, job: Job | None = None) -> None:
        self.now, self.word = 100.0, False
        self.written: list[Job] = []
        self.said: list[str] = []
        job = job or Job("0" * 16, "embed", state="running", attempts=1)
        self.task = Task(job, folder / "files", self.written.append, self.said.append, lambda: self.word, clock=self)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_progress_is_written_seldom_and_at_the_end(bench: Bench) -> None:
    for done in range(1001):
        bench.task.progress(done, 1000, "embed")
        bench.now += 0.002
    assert len(bench.written) == 1 + 3 + 1  # the first, one each half second of two, the last
    assert bench.task.job.done == bench.written[-1].done == 1000


def test_a_new_stage_is_written_at_once_and_has_a_pace_of_its_own(bench: Bench) -> None:
    for done in range(0, 50, 10):
        bench.task.progress(done, 100, "look")
        bench.now += 1
    assert bench.task.job.left == pytest.approx(6)
    bench.task.progress(0, 500, "embed")
    assert (bench.written[-1].stage, bench.written[-1].total) == ("embed", 500)
    assert bench.task.job.left is None
    bench.now += 1
    bench.task.progress(100, 500)
    assert bench.task.job.stage == "embed"
    assert bench.task.job.left == pytest.approx(4)


def test_what_was_found_done_says_nothing_about_the_pace(bench: Bench) -> None:
    bench.task.progress(400, 1000)
    bench.now += 2
    bench.task.progress(420, 1000)
    assert bench.task.job.left == pytest.approx(58)


def test_without_a_total_no_time_is_promised(bench: Bench) -> None:
    bench.task.progress(0, 0)
    bench.now += 5
    bench.task.progress(50, 0)
    assert bench.task.job.left is None


def test_getting_further_than_ever_forgives_earlier_deaths(tmp_path: Path) -> None:
    died = Job("0" * 16, "embed", state="running", stage="embed", done=40, attempts=3, reached={"look": 9, "embed": 40})
    bench = Bench(tmp_path, died)
    bench.task.progress(9, 9, "look")
    bench.task.progress(40, 100, "embed")
    assert bench.written[-1].attempts == 3
    bench.now += 1
    bench.task.progress(41, 100)
    assert bench.written[-1].attempts == 1
    assert bench.written[-1].reached == {"look": 9, "embed": 41}


def test_a_word_from_elsewhere_stops_it(bench: Bench) -> None:
    bench.task.progress(1, 10)
    bench.word = True
    bench.task.progress(2, 10)  # not looked again yet
    bench.now += 0.3
    with pytest.raises(Cancelled):
        bench.task.progress(3, 10)
    with pytest.raises(Cancelled):
        bench.task.check()
    assert bench.task.job.done == 2


def test_its_folder_is_made_when_it_is_asked_for(bench: Bench, tmp_path: Path) -> None:
    assert not (tmp_path / "files").exists()
    assert bench.task.files.is_dir()

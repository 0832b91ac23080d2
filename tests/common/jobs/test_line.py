import pytest

from common.jobs.job import Job
from common.jobs.line import ahead, in_line, until_turn


def alive(runner: str) -> bool:
    return runner in ("app", "command")


FIRST = Job("a", "embed", owner="one", queued=1.0, runner="app")
SECOND = Job("b", "embed", owner="two", queued=2.0, runner="command")
THIRD = Job("c", "embed", owner="one", queued=3.0, runner="app")
RUNS = Job("d", "embed", queued=9.0, runner="app", state="running", left=40.0)
ORPHAN = Job("e", "embed", queued=0.5, runner="gone")
SUBMITTED = Job("f", "embed", made=0.1, runner="command")
OVER = Job("g", "embed", queued=0.2, runner="app", state="done")
ALL = [THIRD, ORPHAN, OVER, SECOND, RUNS, SUBMITTED, FIRST]


def test_the_line_is_by_time_and_holds_what_somebody_will_run() -> None:
    assert in_line(ALL, alive) == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    ("job", "before"),
    [
        (FIRST, [RUNS]),
        (THIRD, [RUNS, FIRST, SECOND]),
        (SUBMITTED, [RUNS, FIRST, SECOND, THIRD]),
        (RUNS, []),
        (OVER, []),
    ],
    ids=["first", "third", "not queued yet", "running", "over"],
)
def test_who_goes_before(job: Job, before: list[Job]) -> None:
    assert ahead(job, ALL, alive) == before


def test_the_time_until_a_turn_is_said_only_where_it_is_known() -> None:
    other = Job("h", "embed", state="running", left=15.0)
    unsure = Job("i", "embed", state="running")
    assert until_turn([], 1) == 0
    assert until_turn([RUNS], 1) == 40
    assert until_turn([RUNS], 2) == 0
    assert until_turn([RUNS, other], 2) == 15
    assert until_turn([RUNS, other], 1) == 40
    assert until_turn([unsure], 1) is None
    assert until_turn([RUNS, FIRST], 1) is None

from dataclasses import replace

import pytest

from common.jobs.endings import after_death, put_back, sentence, stopped
from common.jobs.job import Cancelled, Job

RESUMES = Job("a", "embed", resumes=True, state="running", attempts=1, done=5, left=3.0)
ONCE = replace(RESUMES, resumes=False)


def test_after_the_death_of_its_process_a_job_goes_on_or_is_ended() -> None:
    again = after_death(RESUMES, False, 9.0)
    assert (again.state, again.done, again.left, again.finished) == ("waiting", 5, None, None)
    ended = after_death(ONCE, False, 9.0)
    assert (ended.state, ended.finished) == ("ended", 9.0)
    assert "start it again" in ended.error


def test_a_job_that_brought_the_process_down_three_times_is_left_alone() -> None:
    assert after_death(replace(RESUMES, attempts=2), False, 9.0).state == "waiting"
    ended = after_death(replace(RESUMES, attempts=3), False, 9.0)
    assert ended.state == "ended" and "3 times" in ended.error


def test_a_job_that_was_to_be_cancelled_does_not_come_back() -> None:
    assert after_death(RESUMES, True, 9.0).state == "cancelled"
    assert stopped(RESUMES, Cancelled(), asked=True, closing=True, now=9.0).state == "cancelled"
    assert stopped(RESUMES, KeyboardInterrupt(), asked=False, closing=False, now=9.0).state == "cancelled"


def test_closing_the_program_is_no_failed_attempt() -> None:
    back = stopped(RESUMES, Cancelled(), asked=False, closing=True, now=9.0)
    assert back == put_back(RESUMES, 9.0)
    assert (back.state, back.attempts) == ("waiting", 0)
    assert stopped(ONCE, Cancelled(), asked=False, closing=True, now=9.0).state == "ended"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("the folder holds\n no picture; choose another"), "the folder holds no picture; choose another"),
        (OSError(28, "No space left on device", "/srv/secret"), "the system refused: No space left on device"),
        (MemoryError(), "the memory of this machine is not enough for it"),
        (KeyError("/srv/x"), "an error that nobody expected (KeyError); the log of the job says where"),
        (ValueError(), "an error that nobody expected (ValueError); the log of the job says where"),
        (ValueError("x" * 999), "x" * 299 + "…"),
    ],
    ids=["ours", "disk", "memory", "bug", "empty", "long"],
)
def test_an_error_is_one_sentence_without_paths(error: Exception, said: str) -> None:
    assert sentence(error) == said
    failed = stopped(RESUMES, error, asked=False, closing=False, now=9.0)
    assert (failed.state, failed.error) == ("failed", said)

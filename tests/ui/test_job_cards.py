"""What a job says on the page: while it goes on, and what came of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from common.jobs import Job
from library import HOST, Library
from tests.ui.conftest import draw_catalog, library_on
from ui.catalogs.job_cards import JobCards, plain_log


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Entered and not opened."""
    folder = tmp_path_factory.mktemp("jobs")
    library = library_on(draw_catalog(folder / "shop", 2), folder / "home")
    yield library
    library.close()


def card(library: Library, kind: str, lang: str = "en", **about: Any) -> str:
    job = Job("j1", kind, library.default, **{"state": "done", **about})
    return JobCards(library).all([job], HOST, lang)


FIGURES = {"map": 61.24, "low": 58.6, "high": 63.9, "chance": 20.0, "baseline": 55.5}
QUALITY = {"map": 70.0, "low": 60.0, "high": 80.0, "chance": 50.0}
RESULTS: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("import", {"items": 1200}, "1,200 items", 'data-act="open"'),
    ("import", {"added": 3, "replaced": 2}, "3 added, 2 replaced", 'data-act="open"'),
    ("embed", {"items": 9, "unreadable": 1}, "9 items can be searched", "(1 picture cannot be read)"),
    (
        "evaluate",
        {"report": "a.json", "figures": FIGURES},
        "MAP 61.2 % (59–64) · Chance 20.0 %",
        "ordinary similarity 55.5 %",
    ),
    (
        "teach",
        {"attribute": "mood", "taught": True, "quality": QUALITY, "needs": []},
        "mood: MAP 70.0 % (60–80)",
        "chance 50.0 %",
    ),
    (
        "teach",
        {"attribute": "mood", "taught": False, "needs": [["<calm>", 4]]},
        "not taught yet",
        "needs about 4 more of “&lt;calm&gt;”",
    ),
    ("export", {"file": "catalog.zip"}, 'href="v1/jobs/j1/file"', 'download="shop.zip"'),
    ("export", {"file": "catalog.zip", "taught": 2}, 'download="shop.zip"', "(with 2 taught attributes)"),
    ("import", {"items": 2, "taught": ["mood"]}, "2 items · taught with other weights", "again: mood"),
    ("weights", {"digest": "0123456789abcdef"}, "in use now: 01234567", "that came with Lapel"),
)


@pytest.mark.parametrize("kind, result, first, second", RESULTS)
def test_what_came_of_a_job(library: Library, kind: str, result: dict[str, Any], first: str, second: str) -> None:
    library.care.rename("", "shop")
    html = card(library, kind, result=result)
    assert first in html and second in html and 'data-act="forget"' in html and 'data-act="cancel"' not in html
    assert "結果" not in html and card(library, kind, "ja", result=result) != html


def test_a_job_that_goes_on(library: Library) -> None:
    html = card(library, "embed", state="running", done=5, total=20, left=30.0)
    assert (
        '<progress value="5" max="20"' in html and "5 of 20 · about 30 s left" in html and 'data-act="cancel"' in html
    )
    assert "running" in card(library, "evaluate", state="running")


def test_a_job_that_failed_says_why(library: Library) -> None:
    html = card(library, "evaluate", state="failed", error="the catalog has <no> labels")
    assert 'class="failed"' in html and "the catalog has &lt;no&gt; labels" in html


def test_a_job_about_a_catalog_that_has_gone(library: Library) -> None:
    html = JobCards(library).all([Job("j1", "import", "gone", state="done", result={"items": 2})], HOST, "en")
    assert "Import of a catalog" in html and 'data-act="open"' not in html


def test_a_log_for_strangers_has_no_traceback_and_no_path() -> None:
    text = (
        "2026-01-01 10:00:00Z started\n2026-01-01 10:00:01Z reads /srv/home/lapel/x.csv now\n"
        '2026-01-01 10:00:02Z Traceback (most recent call last):\n  File "/srv/app.py", line 1\n    run()\n'
        "KeyError: '/srv/secret'\n2026-01-01 10:00:03Z failed: an error\n"
    )
    assert plain_log(text).splitlines() == [
        "2026-01-01 10:00:00Z started",
        "2026-01-01 10:00:01Z reads x.csv now",
        "2026-01-01 10:00:03Z failed: an error",
    ]


def test_the_log_of_a_job(library: Library) -> None:
    job = library.submit("export", {"form": "zip"}, library.default)
    assert "It has said nothing yet." in JobCards(library).log(job, "en")
    library.jobs.run_here(job.id)
    assert "started" in JobCards(library).log(job, "en") and "Log: Export of" in JobCards(library).log(job, "en")

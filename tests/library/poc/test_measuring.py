"""A sheet measured on a drawn catalog: job, progress, files, command; what lacks labels is said."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from library import Library, LibraryError
from library.measuring import measure
from library.poc import STEPS, Sheet, last_sheet, measure_sheet, read_sheet
from retrieval import Tuning
from tests.ui.conftest import ROOT, draw_distinct, library_on, ready

GARMENTS = 36


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("poc")
    return ready(library_on(draw_distinct(folder / "shop", GARMENTS), folder / "home"))


@pytest.fixture(scope="module")
def measured(drawn: Library) -> tuple[Sheet, list[tuple[str, int, int]], dict[str, Any]]:
    told: list[tuple[str, int, int]] = []
    job = drawn.submit("poc", {"split": ""}, drawn.default)
    done = drawn.jobs.run_here(job.id, lambda now: told.append((now.stage, now.done, now.total)))
    assert done.state == "done", done.error
    return read_sheet(drawn.entries.folder / drawn.default / "poc" / done.result["sheet"]), told, done.result


def test_a_job_measures_a_sheet_and_tells_each_step(
    drawn: Library, measured: tuple[Sheet, list[tuple[str, int, int]], dict[str, Any]]
) -> None:
    sheet, told, _ = measured
    steps = list(dict.fromkeys(stage for stage, _, _ in told))
    assert [step for step in STEPS if step in steps] == [step for step in steps if step in STEPS]
    assert {"gain", "labels", "running"} <= set(steps)
    assert last_sheet(drawn.entries.folder / drawn.default) == sheet
    assert set(sheet.seconds) == set(STEPS) and sheet.items == GARMENTS


def test_figures_are_those_of_the_catalog(measured: tuple[Sheet, Any, Any]) -> None:
    sheet = measured[0]
    by = {gain.attribute: gain for gain in sheet.gains}
    color = by["color"]
    assert (color.values, color.labels, color.queries) == (3, 35, 35) and color.before is not None
    assert color.after is not None and color.after.map > color.chance.map + 20, "drawn in three colors"
    curve = next(one for one in sheet.curves if one.attribute == "color")
    assert [step.n for step in curve.steps] == [2, 3, 5] and curve.steps[0].labels == 6 and curve.draws == 5
    assert curve.least in (2, 3, 5, None) and curve.ahead is not None and curve.more == 15
    run = sheet.running
    assert run.images_per_second > 0 and run.search_seconds > 0 and run.vectors > 0 and run.items == GARMENTS
    assert sheet.licence.production is False and {"street", "studio"} <= {name for name, _, _ in sheet.licence.sources}
    assert sheet.licence.minutes > 0 and not sheet.trained_on


def test_metrics_and_the_sheet_give_the_same_figures_for_the_same_queries(
    drawn: Library, measured: tuple[Sheet, Any, Any]
) -> None:
    """Lapel as it is and ordinary similarity, each with P@12 (right ones among the first 12, by 12) and MAP."""
    for split, sheet in (("", measured[0]), ("train", measure_sheet(drawn, drawn.default, "train"))):
        with drawn.use(drawn.default) as opened:
            opened.wait()
            report, usual = measure(opened, (), split)
        told = [one for one in sheet.gains if one.before is not None]
        assert told
        for one in told:
            for score, other in ((one.before, report), (one.similar, usual)):
                assert score is not None
                own = other.attributes[one.attribute]
                assert (own.queries, own.candidates + 1) == (one.queries, one.labels)
                assert (score.p12, score.map) == pytest.approx((own.p12, own.map), abs=0.001), one.attribute
                assert one.ceiling == pytest.approx(own.ceiling_p12, abs=0.001)
                assert one.chance.p12 == pytest.approx(own.chance_p12, abs=0.001)


def test_rates_are_measured_once_a_machine(drawn: Library, measured: tuple[Sheet, Any, Any]) -> None:
    kept = json.loads((drawn.settings.home / "library" / "rates.json").read_text("utf-8"))
    ((key, rates),) = kept.items()
    assert rates["images_per_second"] == measured[0].running.images_per_second
    again = measure_sheet(drawn, drawn.default).running
    assert again.images_per_second == rates["images_per_second"], key
    assert again.scaled == measured[0].running.scaled and again.scaled is not None
    assert rates["scaled"]["exact_below"] == Tuning().exact_below, "measured again where another size is scanned"


def test_a_split_alone_is_measured_and_too_few_labels_are_said(drawn: Library) -> None:
    sheet = measure_sheet(drawn, drawn.default, "train")
    assert sheet.split == "train" and sheet.gains[0].labels <= GARMENTS - 6
    with pytest.raises(LibraryError, match="too few labels to measure anything; about 14 more"):
        measure_sheet(drawn, drawn.default, "test")


def test_a_damaged_sheet_is_passed_over(drawn: Library, measured: tuple[Sheet, Any, Any]) -> None:
    folder = drawn.entries.folder / drawn.default
    (folder / "poc" / "99991231-000000.json").write_text("{")
    assert last_sheet(folder) is not None and last_sheet(folder / "nowhere") is None
    (folder / "poc" / "99991231-000000.json").unlink()


def test_the_command_gives_the_same(drawn: Library, measured: tuple[Sheet, Any, Any], tmp_path: Path) -> None:
    base = [sys.executable, "-m", "library", "poc", drawn.default, "--home", str(drawn.settings.home), "--last"]
    page = tmp_path / "sheet.html"
    done = subprocess.run(
        [*base, "--json", "--html", str(page), "--lang", "ja", "--assume", "wage=31", "searches=900"],
        capture_output=True, text=True, cwd=ROOT, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert Sheet.from_dict(found["measured"]) == last_sheet(drawn.entries.folder / drawn.default)
    assert (found["assumed"]["wage"], found["assumed"]["searches"]) == (31, 900)
    assert page.read_text("utf-8").startswith('<!doctype html><html lang="ja">')
    wrong = subprocess.run([*base, "--assume", "pay=1"], capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert wrong.returncode == 2 and wrong.stderr.startswith("error: there is no assumption 'pay'")


def test_a_catalog_is_found_by_id_name_or_place(drawn: Library, tmp_path: Path) -> None:
    entry = drawn.entry("")
    assert drawn.find(entry.id) == drawn.find("shop") == entry
    other = drawn.find(str(draw_distinct(tmp_path / "other", 6)))
    assert other.name == "other" and drawn.find("other") == other
    with pytest.raises(LibraryError, match="no catalog 'nowhere'"):
        drawn.find("nowhere")

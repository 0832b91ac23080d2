"""Figures on a catalog of the library: what is asked for, progress, cancelling, what is kept and what is missing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog import load_catalog, without_twins
from common.jobs import Cancelled, Job, Task
from eval import (
    Embedded,
    EvalError,
    Report,
    Sampling,
    Stopped,
    compared,
    detail_path,
    evaluate,
    load_detail,
    load_report,
)
from library import Library, measuring
from library.measuring import headline, measure
from library.work import Work
from retrieval import open_engine
from tests.ui.conftest import draw_catalog, draw_distinct, library_on, ready

LABELLED = {"color": 23, "pattern": 24}
"""Items of the drawn catalog that have a label; one lacks its color."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    place = tmp_path_factory.mktemp("measured")
    library = ready(library_on(draw_catalog(place / "catalog", 24), place / "home"))
    with library.use("") as opened:
        opened.engine.embed()
    yield library
    library.close()


def measured(shop: Library, **more: Any) -> tuple[Report, Report]:
    with shop.use("") as opened:
        return measure(opened, [], **more)


def test_each_labelled_item_of_a_small_catalog_asks_all_others(shop: Library) -> None:
    report, baseline = measured(shop)
    assert set(report.attributes) == {"color", "pattern"} == set(baseline.attributes)
    for name, figures in report.attributes.items():
        assert (figures.queries, figures.candidates) == (LABELLED[name], LABELLED[name] - 1)
        assert baseline.attributes[name].per_query["id"] == figures.per_query["id"]
    assert report.protocol["leave_one_out_up_to"] == measuring.ALONE
    assert report.detail is not None and baseline.detail is not None
    assert len(report.detail.ids) == 24 and report.attributes["color"].intervals


def test_a_share_of_the_queries_where_there_are_more(shop: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "ALONE", 10)
    report, baseline = measured(shop, attributes=["color"], share=0.25)
    assert list(report.attributes) == ["color"] == list(baseline.attributes)
    assert report.attributes["color"].queries == 6 == baseline.attributes["color"].queries
    assert [short["attribute"] for short in report.shortages] == ["color"]
    with pytest.raises(EvalError, match="between 0 and 1, not 1"):
        measured(shop, share=1)
    with pytest.raises(EvalError, match="'mood' cannot be measured here; it can be one of: "):
        measured(shop, attributes=["mood"])


def test_shares_of_the_views_are_tried_and_the_headline_has_its_interval(shop: Library) -> None:
    report, baseline = measured(shop)
    sweeps = report.attributes["color"].sweeps
    assert sweeps and all([point[0] for point in points] == list(measuring.GRID) for points in sweeps.values())
    figures = headline(report, baseline)
    assert figures["low"] <= figures["map"] <= figures["high"] and figures["baseline"] == baseline.overall["map"]


def test_progress_is_of_both_reports_and_it_stops_when_told(shop: Library) -> None:
    heard: list[tuple[int, int]] = []
    measured(shop, progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (2 * sum(LABELLED.values()),) * 2 and [done for done, _ in heard] == sorted(
        {done for done, _ in heard}
    )
    with pytest.raises(Stopped):
        measured(shop, stop=lambda: True)


def test_an_attribute_that_has_too_few_labels_to_be_measured_is_told_with_how_many_more(
    shop: Library, tmp_path: Path
) -> None:
    folder = draw_catalog(tmp_path / "few", 12)
    table = (folder / "catalog.csv").read_text().splitlines()
    place = table[0].split(",").index("color")
    rows = [line.split(",") for line in table]
    for number, row in enumerate(rows[1:]):
        row[place] = row[place] if number < 1 else ""
    (folder / "catalog.csv").write_text("\n".join(",".join(row) for row in rows) + "\n")
    library = ready(library_on(folder, tmp_path / "home"))
    with library.use("") as opened:
        opened.engine.embed()
        report, _ = measure(opened, [])
    library.close()
    assert list(report.attributes) == ["pattern"]
    short = {one["attribute"]: one for one in report.shortages}
    assert short["color"] == {"attribute": "color", "labels": 1, "queries": 0, "more": 29}
    assert "color: 1 labels are too few to measure it; 29 more would do" in report.warnings


def test_the_job_keeps_both_details_and_a_cancelled_one_leaves_no_report(shop: Library) -> None:
    done = shop.jobs.run_here(shop.submit("evaluate", {"attributes": ["color"]}, shop.default).id)
    assert done.state == "done", done.error
    folder = shop.reports(shop.default)
    for name in (done.result["report"], done.result["baseline"]):
        assert list(load_report(folder / name).attributes) == ["color"] and detail_path(folder / name).is_file()
        detail = load_detail(folder / name)
        assert detail is not None and len(detail.of("color")) == LABELLED["color"]
    there = sorted(folder.iterdir())
    job = shop.submit("evaluate", {}, shop.default)

    def cancel(seen: Job) -> None:
        if seen.stage == "rank" and seen.done:
            task.stop.set()

    task = Task(job, shop.jobs.files(job.id), lambda job: None, lambda line: None, lambda: False, cancel)
    with pytest.raises(Cancelled):
        Work(shop).evaluate(task)
    assert 0 < task.job.done < task.job.total == 2 * sum(LABELLED.values())
    assert sorted(folder.iterdir()) == there
    shop.jobs.cancel(job.id)


def test_a_split_is_measured_before_the_rest_is_embedded_and_the_figures_stay(tmp_path: Path) -> None:
    folder = draw_distinct(tmp_path / "shop", 90)  # more than are embedded while it is opened
    lines = (folder / "catalog.csv").read_text().replace(",test,", ",train,").splitlines()
    lines[70:78] = [line.replace(",train,", ",test,") for line in lines[70:78]]
    (folder / "catalog.csv").write_text("\n".join(lines) + "\n")
    library = ready(library_on(folder, tmp_path / "home"))
    with library.use("") as opened:
        before, heard = opened.pending, list[tuple[int, int]]()
        first = measure(opened, [], "test", embedding=lambda done, total: heard.append((done, total)))
        assert 0 < opened.pending < before and heard[-1] == (8, 8) and first[0].overall["queries"] == 16
        opened.engine.embed()
        again = measure(opened, [], "test", embedding=lambda done, total: pytest.fail("it is embedded"))
        embedder = opened.embedder
    library.close()
    catalog = without_twins(load_catalog(folder), "test")[0]
    engine = open_engine(catalog, embedder, tmp_path / "home", list(first[0].attributes))
    vectors = {name: engine.vectors(name) for name in first[0].attributes}
    alone = evaluate(catalog, Embedded(compared(embedder, vectors), engine.readable), Sampling(alone=measuring.ALONE))
    for one, other in zip(first, again, strict=True):
        assert one.overall == other.overall and one.attributes == other.attributes
    for name, figures in alone.attributes.items():
        measured = first[0].attributes[name]
        assert (figures.map, figures.p12, figures.map_by_view) == (measured.map, measured.p12, measured.map_by_view)

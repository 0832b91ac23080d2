"""The Metrics tab: what is shown of a catalog that is open, down to the pictures behind a figure; handlers without a browser."""

import csv
import html
import io
import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gradio as gr
import numpy as np
import pandas as pd
import pytest

from common.assets import EMBEDDED_WEIGHTS
from common.jobs import Job
from eval import Report, by_value, confusion, differences, load_report, save_report, worst
from library import HOST, Library
from tests.ui.conftest import draw_catalog, draw_distinct, library_on, ready
from tests.ui.metrics.conftest import STEM, Visit, measured, metrics_page
from ui.label_choices import VALUE
from ui.metrics import Looked, MetricsEvents, evaluating, value_cards
from ui.metrics.differing import signed
from ui.metrics.drawing import PAGE
from ui.metrics.rows import ROUNDING
from ui.metrics.source_cards import command_of


@pytest.fixture
def report(metrics_library: Library) -> Report:
    return load_report(metrics_library.reports(metrics_library.default) / f"{STEM}.json", detail=True)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library whose catalog was not measured, with its jobs running."""
    folder = tmp_path_factory.mktemp("fresh")
    library = ready(library_on(draw_distinct(folder / "catalog", 24), folder / "home"))
    library.jobs.start()
    yield library
    library.close()


def test_the_open_catalog_comes_first_with_a_sentence_and_its_figures(visit: Visit, report: Report) -> None:
    assert visit["choose"].value == f"{visit.current}/{STEM}.json"
    said = visit["head"]
    right = sum(one.p12 * one.queries for one in report.attributes.values()) / report.overall["queries"] * 0.12
    assert f"Of the first 12 results, {right:.1f} are right, on average over the queries of 2 attributes" in said
    asked = sum(one.queries for one in report.attributes.values())
    assert f"{asked:,} queries. Every labelled picture asked, one after another" in said
    assert all(f"{report.overall[name]:.1f}<small>%" in said for name in ("p12", "map", "top1", "top8"))
    assert "ordinary similarity" in said and "chance" in said
    keys = [key for _, key in visit["choose"].choices]
    assert keys[0] == visit["choose"].value and "street.json" in keys


def test_the_table_has_every_attribute_with_interval_baseline_and_chance(visit: Visit, report: Report) -> None:
    table = visit["table"]
    for name, own in report.attributes.items():
        row = re.search(rf'data-name="{name}".*?</tr>', table, re.S)
        assert row is not None
        low, high = own.intervals["map"]
        assert f"<b>{own.map:.1f}</b> <small>{low:.0f}–{high:.0f}</small>" in row[0]
        assert f"chance {own.chance_map:.1f}" in row[0] and f'data-value="{own.queries}"' in row[0]
    for column in ("attribute", "p12", "gain", "map", "top1", "top8", "queries"):
        assert f'aria-describedby="about-{column}"' in table and f'id="about-{column}"' in table


def test_a_cell_narrows_down_to_its_queries_the_worst_first(visit: Visit, report: Report) -> None:
    assert report.detail is not None
    visit.act("attribute", name="color")
    shares = confusion(report.detail, "color")
    value, hit = next((v, h) for v in shares.index for h in shares.columns if v != h and shares.loc[v, h] > 0)
    assert f'data-value="{value}" data-hit="{hit}"' in visit["parts"]
    visit.act("cell", value=value, hit=hit)
    places = worst(report.detail, "color", value, hit)
    asked = report.detail.of("color")
    ids = [report.detail.ids[asked.queries[place]] for place in places[:PAGE]]
    assert re.findall(r'data-key="ask-([^"]+)"', visit["cases"]) == ids
    assert f"{len(places):,} queries, the worst first" in visit["cases"]
    first = visit["cases"].split("<li><div")[1]
    assert first.count('class="right"') == int(asked.right[places[0], :12].sum())
    assert f'<span class="mark">{"✓" if asked.right[places[0], 0] else "✗"} 1</span>' in first
    visit.act("any-hit")
    assert f"{len(worst(report.detail, 'color', value)):,} queries" in visit["cases"]
    visit.act("any-value")
    assert f"{len(asked):,} queries" in visit["cases"]


def test_more_queries_are_shown_when_asked_for(visit: Visit) -> None:
    visit.act("attribute", name="pattern")
    assert visit["cases"].count('class="asked"') == PAGE
    visit.act("more")
    assert visit["cases"].count('class="asked"') == 2 * PAGE


def test_a_column_of_the_catalog_slices_the_queries(visit: Visit, report: Report) -> None:
    visit.act("attribute", name="color")
    visit.act("column", value="pattern")
    assert 'value="pattern" selected' in visit["parts"] and 'data-act="slice" data-value="stripe"' in visit["parts"]
    visit.act("slice", value="stripe")
    assert report.detail is not None
    striped = {item.id for item in visit.events.library.opened("").catalog.items if item.labels["pattern"] == "stripe"}
    asked = report.detail.of("color")
    count = sum(report.detail.ids[place] in striped for place in asked.queries)
    assert f"{count:,} queries" in visit["cases"]


def test_what_is_chosen_comes_into_view(visit: Visit) -> None:
    def answered() -> str:
        found = re.search(r'data-to="([^"]*)"', visit["reply"])
        assert found is not None
        return html.unescape(found[1])

    visit.act("attribute", name="color")
    assert answered() == "#one-attribute" and 'id="one-attribute"' in visit["one"]
    for act in ("value", "cell", "slice", "any-value"):
        visit.seen["reply"] = ""
        visit.act(act, value="red", hit="blue", column="pattern")
        assert answered() == "#cases", act
    visit.act("any-slice").act("more")
    assert answered() == f"#cases .lapel-cases > li:nth-child({PAGE + 1}) .asked .picture"
    visit.act("flag", query='g"0', item="g1").act("unflag")
    assert answered() == '[data-key="flag-g\\"0-g1"]'


def test_values_have_intervals_and_few_queries_are_marked(visit: Visit, report: Report) -> None:
    visit.act("attribute", name="color")
    table, own = by_value(report, "color"), report.attributes["color"].by_value
    for value, row in table.iterrows():
        drawn = re.search(
            rf'<tr class="few">.{{0,40}}data-act="value" data-value="{value}".*?</tr>', visit["parts"], re.S
        )
        assert drawn is not None, value
        most = own[str(value)]["ceiling_p12"]
        high = min(row["p12_high"], most)  # no more is possible, and that is said
        told = f"<b>{own[str(value)]['p12']:.1f}</b> <small>{row['p12_low']:.0f}–{high:.0f}</small>"
        assert told in drawn[0] and "few</small>" in drawn[0]
        assert ("where the interval is cut off" in drawn[0]) == (row["p12_high"] > most + ROUNDING)
    single = value_cards.slice_table(by_column_of_one(), None, "en")
    assert "lapel-bar" not in single and "<b>" not in single and "100.0" in single


def by_column_of_one() -> pd.DataFrame:
    row = {"queries": 1, "p12": 100.0, "p12_low": np.nan, "p12_high": np.nan, "map": 100.0}
    return pd.DataFrame([row], pd.Index(["brown"], name="color"))


def test_a_column_with_one_value_among_the_queries_is_not_offered(visit: Visit, metrics_library: Library) -> None:
    name = measured(metrics_library, "20261126-100000", split="train", attributes=["color"])
    visit.choose(f"{metrics_library.default}/{name}").act("attribute", name="color")
    offered = re.findall(r'<option value="([^"]+)"', visit["parts"].partition('data-act="column"')[2])
    assert "split" not in offered and "pattern" in offered
    for left in (name, name.replace(".json", "-global.json")):
        (metrics_library.reports(metrics_library.default) / left).unlink()


def test_a_picture_opens_its_query_in_search(visit: Visit) -> None:
    visit.act("attribute", name="color").act("search", item="g3", attribute="color", hit="g5")
    catalog, when, item, attribute, hit, split = visit["go"]
    assert (catalog, item, attribute, hit, split) == (visit.current, "g3", "color", "g5", "") and when
    assert visit["tabs"].selected == "search"


def test_a_wrong_label_is_put_right_said_and_taken_back(visit: Visit) -> None:
    library = visit.events.library
    visit.act("attribute", name="color").act("flag", query="g0", item="g1")
    shown = re.search(r'data-key="ask-([^"]+)"', visit["cases"])
    assert shown is not None
    visit.act("flag", query=shown[1], item="g1")
    assert "What is right for this picture?" in visit["cases"]
    ledger = library.ledger(library.default)
    before = ledger.catalog.item("g1").labels["color"]
    visit.act("relabel", attribute="color", value=f"{VALUE}green")
    assert ledger.catalog.item("g1").labels["color"] == "green" != before
    assert (
        "Labels that are others now than those measured by: 1." in visit["head"]
        and 'data-act="unrelabel"' in visit["cases"]
    )
    visit.act("unrelabel")
    assert ledger.catalog.item("g1").labels["color"] == before
    assert "Labels changed" not in visit["head"]


def test_reports_are_compared_on_the_same_queries(visit: Visit, metrics_library: Library, report: Report) -> None:
    folder = metrics_library.reports(metrics_library.default)
    measured(metrics_library, "20261126-080000", share=0.5, attributes=["color"])
    other = load_report(folder / "20261126-080000.json", detail=True)
    keys = [f"{metrics_library.default}/{STEM}-global.json", f"{metrics_library.default}/20261126-080000.json"]
    assert "Not to be compared with this report" in visit["compared"], "those of other pictures, by name"
    assert "street" in visit["compared"].partition("own test sets (")[2].partition(")")[0]
    visit.take(visit.events.compare(keys, visit.looked, visit.current, visit.request))
    baseline = load_report(folder / f"{STEM}-global.json", detail=True)
    found = differences(report, baseline, "p12")
    for each in found.attributes.values():
        assert f"{each.old:.1f}</b>" in visit["compared"] and signed(each.points) in visit["compared"]
    assert visit["compared"].count('<th scope="col">') == 2 + 2
    assert other.attributes["color"].queries == report.attributes["color"].queries  # few labels: each asks
    for name in ("20261126-080000.json", "20261126-080000-global.json"):
        (folder / name).unlink()


def test_a_report_on_other_queries_cannot_be_compared(visit: Visit, metrics_library: Library, report: Report) -> None:
    folder = metrics_library.reports(metrics_library.default)
    some = measured(metrics_library, "20261126-090000", split="test", attributes=["color"])
    key = f"{metrics_library.default}/{some}"
    visit.take(visit.events.compare([key], visit.looked, visit.current, visit.request))
    assert "other queries were asked for color" in visit["compared"] and "<table" not in visit["compared"]
    for name in ("20261126-090000.json", "20261126-090000-global.json"):
        (folder / name).unlink()


def test_everything_shown_is_in_the_files(visit: Visit, report: Report) -> None:
    def file(form: str) -> Path:
        wanted = gr.EventData(None, {"act": f"export_{form}"})
        made = visit.events.export(wanted, visit.looked, visit.current, visit.request)
        return Path(made[visit.events.tab.file].value["path"])

    rows = list(csv.DictReader(io.StringIO(file("csv").read_text("utf-8-sig"))))
    one = next(row for row in rows if (row["part"], row["attribute"], row["figure"]) == ("attribute", "color", "p12"))
    assert (
        float(one["percent"]) == report.attributes["color"].p12 and one["ordinary"] and one["gain_low"] and one["low"]
    )
    parts = {row["part"] for row in rows}
    assert parts >= {"overall", "attribute", "view", "value", "topk", "found", "slice:pattern"}
    value = next(
        row for row in rows if row["part"] == "value" and row["figure"] == "p12" and row["attribute"] == "color"
    )
    assert value["low"] and value["high"] and value["queries"]
    assert re.fullmatch(r"lapel-catalog-2026-11-26-0700\.csv", file("csv").name)
    found = json.loads(file("json").read_text("utf-8"))
    assert found["report"]["overall"]["map"] == report.overall["map"] and found["ordinary"] and found["shown"]
    page = file("page").read_text("utf-8")
    assert "<button" not in page and "plotly" in page and "Of the first 12 results" in page
    assert "http://" not in page.partition("<main")[0].replace("http://www.w3.org", "")


def test_the_address_keeps_report_and_attribute(visit: Visit, events: MetricsEvents) -> None:
    visit.act("attribute", name="color")
    said = re.search(r'data-report="([^"]+)" data-attribute="([^"]+)"', visit["head"])
    assert said is not None
    other = Visit(events, query={"tab": "metrics", "report": said[1], "of": said[2]}).begin()
    assert (other.looked.report, other.looked.attribute) == (visit.looked.report, "color")
    assert 'data-name="color" data-key="at-color" aria-pressed="true"' in other["table"]
    gone = Visit(events, query={"report": "nowhere/none.json"}).begin()
    assert gone.looked.report == visit.looked.report


def test_shipped_reports_are_there_by_a_choice_without_pictures(visit: Visit) -> None:
    visit.choose("street.json")
    assert "Of the first 12 results" in visit["head"] and "fewer than 30 queries" in visit["head"]
    assert "lapel-cases" not in visit["cases"]
    assert 'class="few"' in visit["table"]


def test_a_file_is_opened_and_what_is_none_is_refused(visit: Visit, tmp_path: Path, report: Report) -> None:
    mine = tmp_path / "mine.json"
    save_report(report, mine)
    visit.take(visit.events.open(str(mine), visit.current, visit.looked, visit.request))
    assert visit["choose"].value == ":opened" and str(tmp_path) not in visit["head"] + visit["source"]
    broken = tmp_path / "broken.json"
    broken.write_text("{}")
    before = visit.looked
    visit.take(visit.events.open(str(broken), visit.current, visit.looked, visit.request))
    assert "is no report" in visit["line"] and visit.looked == before


def test_where_the_figures_come_from(visit: Visit, report: Report) -> None:
    for told in (report.catalog["digest"][:12], report.weights["digest"][:12], str(report.seed), "one after another"):
        assert told in visit["source"]
    drawn = replace(report, protocol={"share": 0.25, "split": "test"}, seed=3)
    command = "python -m eval run --catalog 'my shop' --queries 0.25 --seed 3 --split test"
    assert command_of(drawn, "my shop") == command and command_of(drawn, "") == ""
    assert "--queries 0.2 --alone 400 --seed 0" in command_of(report, "my shop")


def test_a_catalog_is_measured_from_the_tab(fresh: Library) -> None:
    visit = Visit(metrics_page(fresh)).begin()
    assert "Nothing was measured here yet" in visit["head"] and not visit["body"].visible
    visit.act("options")
    assert [name for _, name in visit["attributes"].choices] == ["color", "pattern"]
    assert not visit["split"].visible  # 6 items are too few
    visit.take(visit.events.measure(["color"], "", "0.2", None, visit.current, visit.looked, visit.request))
    assert "Measuring catalog" in visit["job"] and visit["tick"].active
    _finish(visit)
    assert visit.looked.report.startswith(f"{visit.current}/2") and "results for color" in visit["head"]
    assert visit["job"] == "" and visit["body"].visible


def test_other_weights_are_measured_beside_those_in_use(fresh: Library, tmp_path: Path) -> None:
    other = shutil.copytree(EMBEDDED_WEIGHTS, tmp_path / "mine")
    for source in (str(other), ""):
        fresh.weights.switch(source)
    visit = Visit(metrics_page(fresh)).begin().act("options")
    assert [source for _, source in visit["weights"].choices] == ["", str(other)] and visit["weights"].visible
    assert len(visit["share"].choices) == 1 and "each of them asks" in visit["share"].info
    tab = visit.events
    visit.take(tab.measure(["color"], "", "0.2", str(other), visit.current, visit.looked, visit.request))
    _finish(visit)
    report = visit.events.reports.find(visit.looked, visit.current, HOST, "en").report  # type: ignore[union-attr]
    assert report.title == "Lapel, mine" and report.weights["source"] == "mine" and fresh.weights.source == ""


def test_the_catalog_of_the_address_is_shown_before_the_search_has_opened_it(metrics_library: Library) -> None:
    ledger = metrics_library.ledger(metrics_library.default)
    other = metrics_library.entries.add("beside")
    metrics_library.entries.ledger(other).put(ledger.catalog.items[:4], ledger.catalog.attributes)
    visit = Visit(metrics_page(metrics_library), query={"tab": "metrics", "catalog": other.id})
    visit.take(visit.events.begin("", visit.looked, visit.request))
    assert visit.looked.report == f"{other.id}/"
    visit.query["catalog"] = "nobody"
    visit.take(visit.events.begin("", Looked(), visit.request))
    assert visit.looked.report.startswith(f"{metrics_library.default}/")
    metrics_library.keeping.delete(other.id, HOST)


def _finish(visit: Visit) -> None:
    until = time.monotonic() + 60
    while visit["tick"].active and time.monotonic() < until:
        time.sleep(0.1)
        visit.take(visit.events.watch(visit.looked, visit.current, visit.request))


def test_a_measurement_that_is_cancelled_says_so(visit: Visit) -> None:
    visit.take(visit.events.measure([], "", "0.5", None, visit.current, visit.looked, visit.request))
    job = visit.looked.job
    assert job and f'data-id="{job}"' in visit["job"] and "begins in a moment" in visit["job"]
    assert visit["tick"].active and not visit["evaluate"].visible
    visit.act("cancel", id=job)
    assert "was cancelled" in visit["job"] and not visit["tick"].active and visit["evaluate"].visible


def test_a_measurement_says_what_it_waits_for_and_what_it_does() -> None:
    job = Job("0" * 16, "evaluate", state="waiting")
    said = evaluating.progress(job, "shop", False, "en", (1, 40.0))
    assert "waits for other measurements to end (1), its turn in 40 s" in said
    assert "begins in a moment" in evaluating.progress(job, "shop", False, "en")
    running = replace(job, state="running", stage="open")
    assert "カタログを開いています" in evaluating.progress(running, "shop", False, "ja")
    running = replace(running, stage="embed", done=16, total=223, left=9.0)
    assert "embedding 16 of the 223 pictures that are measured, about 9" in evaluating.progress(
        running, "shop", False, "en"
    )


def test_too_few_labels_say_how_many_more(tmp_path: Path) -> None:
    library = library_on(draw_catalog(tmp_path / "few", 6), tmp_path / "home")
    try:
        visit = Visit(metrics_page(library)).begin()
        assert "too few labels" in visit["head"] and "color: 3 more of red" in visit["head"]
        assert 'data-act="evaluate"' not in visit["head"]
        japanese = Visit(metrics_page(library), "ja").begin()
        assert "ラベルが足りません" in japanese["head"] and "「赤」があと3点" in japanese["head"]
    finally:
        library.close()


def test_it_is_said_in_japanese(events: MetricsEvents) -> None:
    visit = Visit(events, "ja").begin().act("attribute", name="color")
    parts = ("head", "table", "one", "parts", "cases", "source")
    text = re.sub(r"<code.*?</code>|<[^>]+>", " ", " ".join(visit[part] for part in parts))
    assert "上位12件のうち" in text and "うまくいかなかったクエリ" in text
    assert not re.search(r"\b(?:queries|chance|ordinary|right|wrong|better)\b", text)


def test_nothing_of_a_report_is_taken_for_markup(visit: Visit) -> None:
    hostile = Looked('"><script>x</script>')
    shown = visit.events.choose(hostile.report, visit.current, visit.looked, visit.request)
    assert "<script>x" not in "".join(update for update in shown.values() if isinstance(update, str))

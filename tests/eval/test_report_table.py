"""Reports as tables."""

import csv
import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from eval import GAINED, Features, Report, as_csv, columns_of, evaluate, evaluate_global, report_table
from eval.report_table import as_text
from tests.eval.support import embedded, labelled_catalog, vectors_of

NAMES = ["color", "fit"]


@pytest.fixture
def report(tmp_path) -> Report:
    catalog = labelled_catalog(tmp_path / "shop")
    return evaluate(catalog, embedded(vectors_of(catalog, NAMES), NAMES, lambda _: 0.5))


@pytest.fixture
def flat(tmp_path) -> Report:
    catalog = labelled_catalog(tmp_path / "flat")
    return evaluate_global(catalog, Features(vectors_of(catalog, NAMES)[:, 0, 0]), NAMES)


def test_a_row_for_each_attribute_and_both_means(report: Report) -> None:
    table = report_table(report)
    assert list(table.index) == [*NAMES, "query-weighted mean", "plain mean"]
    assert table.loc["fit", "map_crop"] == report.attributes["fit"].map_patch
    assert table.loc["color", "candidates"] == report.attributes["color"].candidates
    assert table.loc["query-weighted mean", "top8"] == report.overall["top8"]
    assert table.loc["plain mean", "chance_top1"] == report.overall["chance_top1_plain"]
    weights = table["queries"][NAMES].astype(float)
    assert table.loc["query-weighted mean", "map"] == pytest.approx(np.average(table["map"][NAMES], weights=weights))
    assert table.loc["query-weighted mean", "queries"] == weights.sum()


def test_a_branch_that_is_not_there_is_no_number(flat: Report) -> None:
    table = report_table(flat)
    assert table[["map_region", "map_crop", "map_whole", "map_general"]].isna().all(axis=None)
    assert table[["map", "chance_map", "p8", "ceiling_p12", "top1", "top8"]].notna().all(axis=None)
    lines = as_text(flat).splitlines()
    figures = flat.attributes["color"]
    assert lines[0].split()[:5] == ["map", "map_95%", "chance_map", "p8", "ceiling_p8"]
    low, high = figures.intervals["map"]
    expected = ["color", f"{figures.map:.2f}", f"{low:.1f}..{high:.1f}", f"{figures.chance_map:.2f}"]
    assert lines[1].split()[:4] == expected
    assert "map_region" not in next(csv.DictReader(io.StringIO(as_csv(flat))))


def test_a_view_that_one_attribute_lacks_is_blank_there(report: Report) -> None:
    fit = report.attributes["fit"]
    some = replace(report, attributes={**report.attributes, "fit": replace(fit, map_by_view={"region": 1.0})})
    rows = list(csv.DictReader(io.StringIO(as_csv(some))))
    assert (rows[0]["map_crop"], rows[1]["map_crop"]) == (str(report.attributes["color"].map_patch), "")
    assert "-" in as_text(some).splitlines()[2].split()


def test_a_report_from_before_has_no_precision_to_show(report: Report) -> None:
    former = {name: replace(figures, p8=None, p12=None) for name, figures in report.attributes.items()}
    columns = columns_of(replace(report, attributes=former, overall={**report.overall, "p8": None, "p12": None}))
    assert columns == ["map", "map_region", "map_crop", "chance_map", "top1", "top8", "queries", "candidates"]


def test_gains_over_a_baseline_have_a_sign(report: Report, flat: Report) -> None:
    below = replace(flat, attributes={"fit": flat.attributes["fit"]})
    table = report_table(report, below)
    for name in GAINED:
        ours, theirs = (getattr(each.attributes["fit"], name) for each in (report, flat))
        assert table.loc["fit", f"{name}_gain"] == pytest.approx(ours - theirs)
        means = [each.overall[f"{name}_plain"] for each in (report, flat)]
        assert table.loc["plain mean", f"{name}_gain"] == pytest.approx(means[0] - means[1])
    assert np.isnan(table.loc["color", "map_gain"])
    text = as_text(report, below)
    assert "map_gain" in text and f"{table.loc['fit', 'map_gain']:+.2f}" in text.splitlines()[2]
    assert "gain" not in as_text(report) and "gain" not in as_csv(report)


def test_the_text_has_two_decimals_and_straight_columns(report: Report) -> None:
    named = replace(report, attributes={"襟の形": report.attributes["color"], "fit": report.attributes["fit"]})
    lines = as_text(named).splitlines()
    assert len(lines) == 1 + 2 + 2
    assert f"{report.overall['map']:.2f}" in lines[3]
    wide = len(lines[1]) + 3  # three letters of double width
    assert {wide, *(len(line) for line in (lines[0], *lines[2:]))} == {wide}


def test_csv_is_read_again_as_it_was(report: Report) -> None:
    table = pd.read_csv(io.StringIO(as_csv(report)), index_col="attribute")
    for name, figures in report.attributes.items():
        assert table.loc[name, "map"] == figures.map
        assert table.loc[name, "queries"] == figures.queries


def test_intervals_stand_behind_their_figures(report: Report) -> None:
    table = report_table(report)
    for name in ("map", "p12", "top1"):
        low, high = report.attributes["fit"].intervals[name]
        assert (table.loc["fit", f"{name}_low"], table.loc["fit", f"{name}_high"]) == (low, high)
        assert table.loc["query-weighted mean", f"{name}_low"] == report.overall["intervals"][name][0]
    assert np.isnan(table.loc["plain mean", "map_low"])
    columns = columns_of(report, intervals=True)
    assert columns[:3] == ["map", "map_low", "map_high"] and "ceiling_p12_low" not in columns
    rows = list(csv.DictReader(io.StringIO(as_csv(report, intervals=True))))
    assert list(rows[0]) == ["attribute", *columns] and float(rows[1]["p12_low"]) <= float(rows[1]["p12"])
    bare = {name: replace(figures, intervals={}) for name, figures in report.attributes.items()}
    former = replace(report, attributes=bare, overall={**report.overall, "intervals": {}})
    assert columns_of(former, intervals=True) == columns_of(former) and "95%" not in as_text(former)

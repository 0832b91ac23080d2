"""Reports as tables."""

import csv
import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from eval import Embedded, Features, Report, as_csv, evaluate, evaluate_global, report_table
from eval.report_table import as_text
from tests.eval.support import labelled_catalog, vectors_of

NAMES = ["color", "fit"]


@pytest.fixture
def report(tmp_path) -> Report:
    catalog = labelled_catalog(tmp_path / "shop")
    return evaluate(catalog, Embedded(vectors_of(catalog, NAMES), NAMES, lambda _: 0.5))


@pytest.fixture
def flat(tmp_path) -> Report:
    catalog = labelled_catalog(tmp_path / "flat")
    return evaluate_global(catalog, Features(vectors_of(catalog, NAMES)[:, 0, 0]), NAMES)


def test_a_row_for_each_attribute_and_both_means(report: Report) -> None:
    table = report_table(report)
    assert list(table.index) == [*NAMES, "query-weighted mean", "plain mean"]
    assert table.loc["fit", "map_patch"] == report.attributes["fit"].map_patch
    assert table.loc["color", "candidates"] == report.attributes["color"].candidates
    assert table.loc["query-weighted mean", "top8"] == report.overall["top8"]
    assert table.loc["plain mean", "chance_top1"] == report.overall["chance_top1_plain"]
    weights = table["queries"][NAMES].astype(float)
    assert table.loc["query-weighted mean", "map"] == pytest.approx(np.average(table["map"][NAMES], weights=weights))
    assert table.loc["query-weighted mean", "queries"] == weights.sum()


def test_a_branch_that_is_not_there_is_no_number(flat: Report) -> None:
    table = report_table(flat)
    assert table[["map_region", "map_patch"]].isna().all(axis=None)
    assert table[["map", "chance_map", "top1", "top8"]].notna().all(axis=None)
    lines = as_text(flat).splitlines()
    assert lines[1].split()[:4] == ["color", f"{flat.attributes['color'].map:.2f}", "-", "-"]
    assert next(csv.DictReader(io.StringIO(as_csv(flat))))["map_region"] == ""


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

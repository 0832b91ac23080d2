"""Figures by other columns, against means over the queries that have a value there."""

from dataclasses import replace

import numpy as np
import pytest

from eval import EvalError, Sampling, by_column, by_value, column_groups, evaluate, mean_interval, query_figures
from eval.slices import BLANK, OTHERS
from tests.eval.support import embedded, labelled_catalog, vectors_of

NAMES = ["color", "fit"]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    catalog = labelled_catalog(tmp_path_factory.mktemp("slices") / "shop", 150)
    columns = [
        {
            "season": ("summer", "winter", "")[row % 5 % 3],
            "price": f"$1,{row:03d}.50" if row % 10 else "",
            "photographer": f"p{row % 40:02d}",
            "level": str(row % 4),
        }
        for row in range(len(catalog))
    ]
    items = tuple(replace(item, columns=more) for item, more in zip(catalog.items, columns, strict=True))
    catalog = replace(catalog, items=items)
    report = evaluate(catalog, embedded(vectors_of(catalog, NAMES), NAMES, lambda _: 0.4), Sampling(0.4))
    return catalog, report


def test_figures_of_one_attribute_by_season(case):
    catalog, report = case
    asked = report.detail.of("color")
    table = by_column(report, report.detail, catalog, "season", "color")
    assert table.index.name == "season" and set(table.index) == {"summer", "winter", BLANK} and table.index[-1] == BLANK
    assert table["queries"].sum() == len(asked) and table["queries"].iloc[0] >= table["queries"].iloc[1]
    seasons = np.array([catalog.items[place].columns["season"] for place in asked.queries])
    for season, row in table.iterrows():
        for figure in ("map", "p8", "p12", "top1", "top8"):
            column = asked.figure(figure)[seasons == season]
            interval = mean_interval(column, asked.queries[seasons == season], span=(0, 100))
            assert row["queries"] == len(column) and row[figure] == pytest.approx(column.mean())
            assert (row[f"{figure}_low"], row[f"{figure}_high"]) == pytest.approx((interval.low, interval.high))


def test_all_attributes_together_and_another_attribute_as_the_column(case):
    catalog, report = case
    table = by_column(report, report.detail, catalog, "fit")
    queries = sum(figures.queries for figures in report.attributes.values())
    assert table["queries"].sum() == queries and {"slim", "loose"} <= set(table.index)
    rows = np.concatenate([report.detail.of(name).queries for name in NAMES])
    ap = np.concatenate([report.detail.of(name).figure("map") for name in NAMES])
    slim = np.array([catalog.items[row].labels.get("fit") == "slim" for row in rows])
    assert table.loc["slim", "map"] == pytest.approx(ap[slim].mean())
    assert by_column(report, report.detail, catalog, "split").index.tolist() in (["test", "train"], ["train", "test"])


def test_many_numbers_become_quarters_and_few_stay_as_they_are(case):
    catalog, report = case
    table = by_column(report, report.detail, catalog, "price", "color")
    assert len(table) == 5 and table.index[-1] == BLANK
    lows, highs = zip(*(map(float, name.split("–")) for name in table.index[:-1]), strict=True)
    assert list(lows) == sorted(lows) and all(high < low for high, low in zip(highs, lows[1:], strict=False))
    counts = table["queries"].iloc[:-1]
    assert counts.max() - counts.min() <= 2
    assert set(by_column(report, report.detail, catalog, "level").index) == {"0", "1", "2", "3"}


def test_rare_values_share_a_row_and_items_that_have_gone_have_no_value(case):
    catalog, report = case
    table = by_column(report, report.detail, catalog, "photographer")
    assert len(table) == 31 and table.index[-1] == OTHERS
    assert table["queries"].sum() == sum(figures.queries for figures in report.attributes.values())
    fewer = replace(catalog, items=catalog.items[:50])
    rest = by_column(report, report.detail, fewer, "season")
    assert rest.loc[BLANK, "queries"] > by_column(report, report.detail, catalog, "season").loc[BLANK, "queries"]


def test_a_column_that_is_not_there(case):
    catalog, report = case
    with pytest.raises(EvalError, match="no query has a value in the column 'brand'"):
        by_column(report, report.detail, catalog, "brand")
    with pytest.raises(EvalError, match="'sleeve' was not asked"):
        by_column(report, report.detail, catalog, "season", "sleeve")


def test_figures_by_value_have_the_interval_of_their_queries(case):
    _, report = case
    table, own = by_value(report, "color"), report.attributes["color"].by_value
    assert set(table.index) == set(own) and table["queries"].sum() == report.attributes["color"].queries
    asked = query_figures(report, "color", "p12")
    groups = report.detail.groups
    for value, row in table.iterrows():
        chosen = np.array(asked.values) == value
        clusters = None if groups is None else groups[report.detail.of("color").queries[chosen]]
        interval = mean_interval(asked.figures[chosen], clusters, span=(0, 100))
        assert row["p12"] == pytest.approx(own[value]["p12"], abs=0.01)
        assert (row["p12_low"], row["p12_high"]) == pytest.approx((interval.low, interval.high))


def test_groups_of_a_column_are_the_rows_of_its_table(case):
    catalog, report = case
    for column in ("season", "price"):
        groups = column_groups(report.detail, catalog, column, "color")
        table = by_column(report, report.detail, catalog, column, "color")
        assert [name for name, _ in groups] == list(table.index)
        assert [there.sum() for _, there in groups] == list(table["queries"])
        assert np.sum([there for _, there in groups], axis=0).tolist() == [1] * len(report.detail.of("color"))

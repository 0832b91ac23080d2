import csv
import io
from dataclasses import replace

import pytest

from eval import Report, Sampling, columns_of, evaluate
from library import Opened
from tests.ui.conftest import embedded
from ui.metrics.cards import facts, figures_table, headline, to_csv


@pytest.fixture(scope="module")
def report(opened: Opened) -> Report:
    return evaluate(opened.catalog, embedded(opened), Sampling(queries=0.5), "shop")


def test_the_headline_says_which_mean_it_is(report: Report) -> None:
    html = headline(report, "en")
    assert "mean over queries" in html and "plain mean of attributes" in html
    assert f"{report.overall['map']:.1f}" in html and f"{report.overall['map_plain']:.1f}" in html
    assert f"Chance {report.overall['chance_map']:.1f}" in html


def test_the_table_has_a_row_for_each_attribute_and_both_means(report: Report) -> None:
    html = figures_table(report, "en")
    assert html.count("<tr>") == 1 + len(report.attributes) + 2
    for name, figures in report.attributes.items():
        assert f'<th scope="row">{name}</th>' in html
        assert f"<b>{figures.map:.1f}</b>" in html
        assert f"<td>{figures.queries:,}</td>" in html


def test_branches_that_a_method_lacks_have_no_column(report: Report) -> None:
    whole = {name: replace(figures, map_by_view={}) for name, figures in report.attributes.items()}
    overall = {**report.overall, "map_by_view": {}, "map_by_view_plain": {}}
    html = figures_table(replace(report, attributes=whole, overall=overall), "en")
    assert not any(title in html for title in ("MAP, fused", "MAP, region", "MAP, crop")) and ">MAP</th>" in html
    assert "<td>–</td>" not in html.partition("<tfoot>")[0]


def test_what_a_report_says_of_itself_is_escaped(report: Report) -> None:
    hostile = replace(report, title="<script>x</script>", warnings=["<img src=x>"])
    html = facts(hostile, "en")
    assert "<script>" not in html and "<img" not in html
    assert "&lt;script&gt;" in html


def test_csv_holds_the_figures(report: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(report))))
    assert list(rows[0]) == ["attribute", *columns_of(report)]
    assert [row["attribute"] for row in rows[:-2]] == list(report.attributes)
    for row, figures in zip(rows, report.attributes.values(), strict=False):
        assert float(row["map"]) == figures.map
        assert int(row["candidates"]) == figures.candidates
    assert float(rows[-2]["map"]) == report.overall["map"]
    assert float(rows[-1]["map"]) == report.overall["map_plain"]


@pytest.mark.parametrize(
    ("points", "told"),
    [(-1.14, "1.1 below global similarity"), (0.04, "level with global"), (-0.04, "level with global")],
)
def test_a_report_below_the_baseline_says_so(report: Report, points: float, told: str) -> None:
    overall = {name: report.overall[name] - points for name in ("map", "map_plain")}
    html = headline(report, "en", replace(report, overall=overall))
    assert html.count(told) == 2 and "over global similarity" not in html


def test_a_baseline_stands_beside_with_the_gain_over_it(report: Report) -> None:
    lower = {name: replace(figures, map=figures.map - 10) for name, figures in report.attributes.items()}
    baseline = replace(report, attributes=lower, overall={**report.overall, "map": report.overall["map"] - 10})
    assert "+10.0 over global similarity" in headline(report, "en", baseline)
    html = figures_table(report, "en", baseline)
    assert "MAP, global similarity" in html
    for figures in lower.values():
        assert f"<td>{figures.map:.1f}</td>" in html


def test_precision_stands_beside_its_ceiling_and_chance(report: Report) -> None:
    html = headline(report, "en")
    assert html.count("<section>") == 6 and "of-6" in html
    for name in ("p8", "p12"):
        figure, ceiling, chance = (report.overall[f"{kind}{name}"] for kind in ("", "ceiling_", "chance_"))
        assert f"{figure:.1f}<small>%" in html and f"Chance {chance:.1f}, at most {ceiling:.1f}" in html
    table = figures_table(report, "en")
    assert "P@8</th>" in table and "ceiling" not in table
    for figures in report.attributes.values():
        assert f"<td>{figures.p12:.1f} <small>/ {figures.ceiling_p12:.1f}</small></td>" in table


def test_a_report_from_before_has_no_card_and_no_column_of_precision(report: Report) -> None:
    names = ("p8", "p12")
    overall = {**report.overall, **dict.fromkeys((*names, "p8_plain", "p12_plain"))}
    former = {name: replace(figures, p8=None, p12=None) for name, figures in report.attributes.items()}
    old = replace(report, overall=overall, attributes=former)
    assert headline(old, "en").count("<section>") == 4 and "P@8" not in figures_table(old, "en")
    assert "None" not in headline(old, "en", report) + figures_table(old, "en", report)


def test_every_figure_has_its_gain(report: Report) -> None:
    lower = {
        name: replace(figures, map=figures.map - 3, p8=figures.p8 - 2, p12=figures.p12 + 1.5, top8=figures.top8)
        for name, figures in report.attributes.items()
    }
    overall = {**report.overall, "p12": report.overall["p12"] + 4, "top8": report.overall["top8"] - 1}
    baseline = replace(report, attributes=lower, overall=overall)
    html = figures_table(report, "en", baseline).partition("<tfoot>")[0]
    for told in ('gain">+3.0<', 'gain">+2.0<', 'gain loss">−1.5<', 'gain">±0.0<'):
        assert html.count(told) == len(report.attributes), told
    cards = headline(report, "en", baseline)
    assert "4.0 below global similarity" in cards and "+1.0 over global similarity" in cards
    assert "gain over global similarity in points" in figures_table(report, "en", baseline)
    assert 'class="gain' not in figures_table(report, "en")


def test_a_mixture_below_the_baseline_or_below_one_view_is_said(report: Report) -> None:
    views = {"region": 10.0, "whole": 62.5, "taught": 61.0}
    few = {name: replace(figures, map=60.0, map_by_view={}) for name, figures in report.attributes.items()}
    one, other = list(few)[:2]
    ours = replace(report, attributes={**few, one: replace(few[one], map_by_view=views)})
    baseline = replace(report, attributes={**few, other: replace(few[other], map=69.2)})
    english = headline(ours, "en", baseline)
    assert f"MAP below global similarity: {other} −9.2</li>" in english
    assert f"MAP below that of one view alone: {one} −2.5 (whole square)</li>" in english
    assert "−2.5（正方形全体）" in headline(ours, "ja", baseline)
    assert "<ul" not in headline(replace(report, attributes=few), "en")


def test_views_have_columns_and_one_without_words_its_own_name(report: Report) -> None:
    views = {"general": 41.25, "taught_here": 43.75}
    some = {name: replace(figures, map_by_view=views) for name, figures in report.attributes.items()}
    html = figures_table(replace(report, attributes=some), "en")
    assert "MAP, general</th>" in html and "MAP, taught here</th>" in html and "MAP, region" not in html
    assert html.count("<td>41.2</td>") == len(some)


def test_what_an_evaluation_says_is_said_in_japanese(report: Report) -> None:
    told = [
        "test images that have a byte-identical twin in train or valid, and are left out: 7",
        "attributes read off pixel masks: bottom 3 of 4 (dress 3)",
        "bottom is asked by the weights' article_type",
        "images that cannot be read, and are left out: 2",
        "the catalog's own <words>",
    ]
    html = facts(replace(report, warnings=told), "ja")
    assert "testのうちtrainまたはvalidに同一の画像があるため除いた画像：7点" in html
    assert "「bottom」は重みの「article_type」で比べています" in html and "読み込めないため除いた画像：2点" in html
    assert "画素マスクから読み取った属性：bottom 3 of 4 (dress 3)" in html
    assert "own &lt;words&gt;" in html
    english = facts(replace(report, warnings=told), "en")
    assert all(line in english for line in (told[0], told[1], told[3]))

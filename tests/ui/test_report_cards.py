import csv
import io
from dataclasses import replace

import pytest

from eval import Embedded, Report, Sampling, evaluate
from ui.report_cards import COLUMNS, facts, figures_table, headline, to_csv
from ui.service import Service


@pytest.fixture(scope="module")
def report(service: Service) -> Report:
    embedded = service.engine.table
    measured = Embedded(embedded.vectors, embedded.attributes, service.embedder.beta_of)
    return evaluate(service.catalog, measured, Sampling(queries=0.5), "shop")


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
    whole = {name: replace(figures, map_region=None, map_patch=None) for name, figures in report.attributes.items()}
    overall = {**report.overall, "map_region": None, "map_patch": None}
    html = figures_table(replace(report, attributes=whole, overall=overall), "en")
    assert not any(title in html for title in ("MAP, fused", "MAP, region", "MAP, patch")) and ">MAP</th>" in html
    assert "<td>–</td>" not in html.partition("<tfoot>")[0]


def test_what_a_report_says_of_itself_is_escaped(report: Report) -> None:
    hostile = replace(report, title="<script>x</script>", warnings=["<img src=x>"])
    html = facts(hostile, "en")
    assert "<script>" not in html and "<img" not in html
    assert "&lt;script&gt;" in html


def test_csv_holds_the_figures(report: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(report))))
    assert list(rows[0]) == ["attribute", *COLUMNS]
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

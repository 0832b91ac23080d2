"""Figures show what the report says."""

from dataclasses import replace

import pytest

from eval import Features, evaluate, evaluate_global
from eval.figures import WORDS, Dot, difference_dots, interval_dots, sweep_curves, topk_curve, view_dots
from tests.eval.support import embedded, labelled_catalog, vectors_of

NAMES = ["color", "fit"]


@pytest.fixture
def catalog(tmp_path):
    return labelled_catalog(tmp_path / "shop")


@pytest.fixture
def report(catalog):
    return evaluate(catalog, embedded(vectors_of(catalog, NAMES), NAMES, lambda _: 0.3))


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def test_a_mark_of_every_view_and_of_chance_first_attribute_on_top(report):
    drawn = traces(view_dots(report, names={"fit": "Fit"}))
    for trace, column in (
        ("Fused", "map"),
        ("Region only", "map_region"),
        (WORDS["crop"], "map_patch"),
        ("Chance", "chance_map"),
    ):
        assert list(drawn[trace].y) == ["Fit", "color"]  # plotly draws upwards
        assert list(drawn[trace].x) == [getattr(report.attributes[name], column) for name in ("fit", "color")]
    assert len({drawn[name].marker.symbol for name in drawn}) == len(drawn)


def test_a_figure_stands_with_its_interval_between_chance_and_ceiling():
    dots = [Dot("color", 80.0, 70.0, 85.0, 60.0, 20.0, 95.0), Dot("fit", 50.0)]
    drawn = traces(interval_dots(dots))
    assert list(drawn[WORDS["measured"]].y) == ["fit", "color"] and list(drawn[WORDS["measured"]].x) == [50.0, 80.0]
    assert list(drawn[WORDS["measured"]].error_x.array) == [0.0, 5.0]
    assert list(drawn[WORDS["measured"]].error_x.arrayminus) == [0.0, 10.0]
    for key, value in (("baseline", 60.0), ("chance", 20.0), ("ceiling", 95.0)):
        assert list(drawn[WORDS[key]].x) == [None, value]
    assert set(traces(interval_dots(dots[1:]))) == {WORDS["measured"]}


def test_a_sweep_has_both_figures_and_the_share_in_use():
    figure = sweep_curves([[0.5, 60.0, 70.0], [0.0, 50.0, 65.0]], 0.3)
    drawn = traces(figure)
    assert list(drawn[WORDS["map"]].x) == [0.0, 0.5] and list(drawn[WORDS["p12"]].y) == [65.0, 70.0]
    assert figure.layout.shapes[0].x0 == 0.3


def test_differences_of_several_reports_have_signs_of_their_own():
    rows = {"<one>": [Dot("color", 2.0, 1.0, 4.0)], "two": [Dot("color", -1.0)]}
    figure = difference_dots(rows)
    one, two = figure.data
    assert one.name == "&lt;one&gt;" and list(one.error_x.arrayminus) == [1.0] and list(two.x) == [-1.0]
    assert one.marker.symbol != two.marker.symbol and figure.layout.shapes[0].x0 == 0


def test_curves_over_k_for_all_and_for_one_attribute(report):
    for figure, curves in (
        (topk_curve(report), report.overall["topk"]),
        (topk_curve(report, "fit"), report.attributes["fit"].topk),
    ):
        drawn = traces(figure)
        assert set(drawn) == {WORDS[key] for key in ("fused", "region", "crop", "chance")}
        for key, points in curves.items():
            assert dict(zip(drawn[WORDS[key]].x, drawn[WORDS[key]].y, strict=True)) == points


def test_an_attribute_without_a_view_has_a_gap(report):
    views = dict.fromkeys(("region", "crop", "whole", "general", "taught"), 50.0)
    some = {name: replace(figures, map_by_view=views) for name, figures in report.attributes.items()}
    some["fit"] = replace(some["fit"], map_by_view={"region": 40.0})
    drawn = traces(view_dots(replace(report, attributes=some)))
    assert set(drawn) == {WORDS[key] for key in ("fused", "region", "crop", "whole", "general", "chance")}
    assert dict(zip(drawn[WORDS["whole"]].y, drawn[WORDS["whole"]].x, strict=True)) == {"color": 50.0, "fit": None}


def test_a_method_without_branches_has_no_marks_for_them(catalog):
    report = evaluate_global(catalog, Features(vectors_of(catalog, ["color"])[:, 0, 0]), NAMES)
    assert set(traces(view_dots(report))) == {"global similarity", "Chance"}
    assert set(traces(topk_curve(report))) == {"global similarity", "Chance"}


def test_figures_are_transparent_and_speak_the_words_given(report):
    words = {key: f"<{text}>" for key, text in WORDS.items()}
    dots = interval_dots([Dot("fit", 50.0, 40.0, 60.0, 30.0, 20.0, 100.0)], words)
    for figure in (view_dots(report, words), topk_curve(report, None, words), dots):
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
        assert all(trace.name.startswith("<") for trace in figure.data)
        assert figure.to_json()

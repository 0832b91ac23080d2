"""Figures show what the report says."""

from dataclasses import replace

import pytest

from eval import Features, evaluate, evaluate_global
from eval.figures import WORDS, attribute_bars, topk_curve, value_bars
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


def test_bars_of_every_branch_and_marks_at_chance_best_attribute_on_top(report):
    drawn = traces(attribute_bars(report, names={"fit": "Fit"}))
    order = sorted(NAMES, key=lambda name: report.attributes[name].map)
    for trace, column in (
        ("Fused", "map"),
        ("Region only", "map_region"),
        (WORDS["crop"], "map_patch"),
        ("Chance", "chance_map"),
    ):
        assert list(drawn[trace].y) == [{"fit": "Fit"}.get(name, name) for name in order]
        assert list(drawn[trace].x) == [getattr(report.attributes[name], column) for name in order]
    assert drawn["Chance"].mode == "markers"
    assert [drawn[name].legendrank for name in ("Fused", "Region only", WORDS["crop"], "Chance")] == [1, 2, 3, 8]


def test_curves_over_k_for_all_and_for_one_attribute(report):
    for figure, curves in (
        (topk_curve(report), report.overall["topk"]),
        (topk_curve(report, "fit"), report.attributes["fit"].topk),
    ):
        drawn = traces(figure)
        assert set(drawn) == {WORDS[key] for key in ("fused", "region", "crop", "chance")}
        for key, points in curves.items():
            assert dict(zip(drawn[WORDS[key]].x, drawn[WORDS[key]].y, strict=True)) == points


def test_every_view_has_a_bar_and_an_attribute_without_it_a_gap(report):
    views = dict.fromkeys(("region", "crop", "whole", "general", "taught"), 50.0)
    some = {name: replace(figures, map_by_view=views) for name, figures in report.attributes.items()}
    some["fit"] = replace(some["fit"], map_by_view={"region": 40.0})
    drawn = traces(attribute_bars(replace(report, attributes=some)))
    assert set(drawn) == {WORDS[key] for key in ("fused", "region", "crop", "whole", "general", "chance")}
    assert dict(zip(drawn[WORDS["whole"]].y, drawn[WORDS["whole"]].x, strict=True)) == {"color": 50.0, "fit": None}


def test_bars_of_the_values_of_an_attribute(report):
    (bars,) = value_bars(report, "color").data
    assert dict(zip(bars.y, bars.x, strict=True)) == {
        value: figures["map"] for value, figures in report.attributes["color"].by_value.items()
    }


def test_a_method_without_branches_has_no_bars_for_them(catalog):
    report = evaluate_global(catalog, Features(vectors_of(catalog, ["color"])[:, 0, 0]), NAMES)
    assert set(traces(attribute_bars(report))) == {"global similarity", "Chance"}
    assert set(traces(topk_curve(report))) == {"global similarity", "Chance"}


def test_figures_are_transparent_and_speak_the_words_given(report):
    words = {key: f"<{text}>" for key, text in WORDS.items()}
    for figure in (attribute_bars(report, words), topk_curve(report, None, words), value_bars(report, "fit", words)):
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
        assert all(trace.name.startswith("<") for trace in figure.data)
        assert figure.to_json()

"""Plots of the PoC sheet: what they show are the figures that they were given."""

import pytest

from eval import Interval
from eval.figures import COLORS
from eval.poc_figures import CURVE_WORDS, Bar, LabelPoint, gain_points, label_curve, outcome_bars

POINTS = [
    LabelPoint(n, 4 * n, Interval(p12, p12 - 3, p12 + 2), Interval(p12 - 10, p12 - 12, p12 - 8))
    for n, p12 in ((2, 56.0), (5, 63.5), (10, 64.0))
]


def test_each_way_of_use_is_a_mark_with_its_interval() -> None:
    gains = {
        "collar": {"before": Interval(10, 8, 13), "after": Interval(14, 11, 16)},
        "fit": {"after": Interval(-1, -4, 2)},
    }
    before, after = gain_points(gains).data
    assert list(before.x) == [10] and list(after.x) == [14, -1]
    assert list(after.error_x.array) == [2, 3] and list(after.error_x.arrayminus) == [3, 3]
    assert before.marker.color != after.marker.color and before.marker.symbol != after.marker.symbol
    assert list(gain_points(gains).layout.yaxis.ticktext) == ["collar", "fit"]


def test_what_a_catalog_calls_its_attributes_is_no_markup() -> None:
    figure = gain_points({"<b>x": {"after": Interval(1, 0, 2)}})
    assert list(figure.layout.yaxis.ticktext) == ["&lt;b&gt;x"]


def test_a_curve_shows_means_range_and_what_it_is_compared_with() -> None:
    band, p12, mean, similar, before = label_curve(POINTS, 50.0, 60.0, 5).data
    assert list(band.y) == [58, 65.5, 66, 61, 60.5, 53] and band.fill == "toself"
    assert list(p12.x) == [2, 5, 10] and list(p12.y) == [56, 63.5, 64] and list(mean.y) == [46, 53.5, 54]
    assert set(similar.y) == {50.0} and set(before.y) == {60.0}
    assert len({line.line.dash for line in (p12, mean, similar, before)}) == 4, "told apart without colours"
    assert p12.marker.size[1] > p12.marker.size[0] and p12.line.color in COLORS.values()


@pytest.mark.parametrize("least", [5, None])
def test_only_what_is_decided_is_marked_as_enough(least: int | None) -> None:
    said = [note.text for note in label_curve(POINTS, 50.0, None, least).layout.annotations]
    assert said == (["enough: 5"] if least else [])


def test_words_of_another_language_take_the_place_of_ours() -> None:
    figure = label_curve(POINTS, 50.0, words={**CURVE_WORDS, "map": "平均", "x": "ラベル数"})
    assert figure.data[2].name == "平均" and figure.layout.xaxis.title.text == "ラベル数"


def test_a_bar_runs_from_what_is_stated_to_both_ends_and_says_them() -> None:
    bars = [Bar("wage", -20, 300, "−$20", "$300"), Bar("<i>months", 60, 140, "$60", "$140")]
    figure = outcome_bars(bars, 100.0)
    low, high = figure.data
    assert (low.base, list(low.x), list(high.x)) == (100.0, [-120, -40], [200, 40])
    assert low.marker.pattern.shape != high.marker.pattern.shape, "told apart without colours"
    names = [note.text for note in figure.layout.annotations]
    assert names == ["wage <b>−$20 … $300</b>", "&lt;i&gt;months <b>$60 … $140</b>"]
    assert sorted({line.x0 for line in figure.layout.shapes}) == [0, 100], "nothing left, and as stated"
    assert {line.x0 for line in outcome_bars(bars[1:], 100.0).layout.shapes} == {100}, "nothing is out of sight"

"""A report beside its baseline: gains, and where the mixture falls short."""

from dataclasses import replace

import pytest

from eval import GAINED, Differences, Features, Report, Sampling, evaluate, evaluate_global
from eval.comparison import Shortfall, as_sentence, as_sentences, gains, same_queries, shortfalls
from eval.differences import Difference, Verdict
from eval.intervals import Interval
from tests.eval.support import embedded, labelled_catalog, vectors_of

NAMES = ["color", "fit"]


@pytest.fixture
def report(tmp_path) -> Report:
    catalog = labelled_catalog(tmp_path / "shop")
    return evaluate(catalog, embedded(vectors_of(catalog, NAMES, (0.1, 0.1)), NAMES, lambda _: 0.5))


def of(report: Report, **maps: float) -> Report:
    """The report with other fused MAPs, and none by view."""
    changed = {
        name: replace(figures, map=maps.get(name, figures.map), map_by_view={})
        for name, figures in report.attributes.items()
    }
    return replace(report, attributes=changed)


def test_the_same_queries_are_those_of_the_same_items_share_and_seed(report: Report, tmp_path) -> None:
    catalog = labelled_catalog(tmp_path / "shop")
    features = Features(vectors_of(catalog, NAMES)[:, 0, 0])
    assert same_queries(report, evaluate_global(catalog, features, NAMES))
    assert not same_queries(report, evaluate_global(catalog, features, NAMES, Sampling(seed=1)))
    assert not same_queries(report, evaluate_global(catalog, features, NAMES, Sampling(queries=0.3)))
    part = catalog.split("test")
    fewer = Features(features.vectors[[catalog.position(item.id) for item in part]])
    assert not same_queries(report, evaluate_global(part, fewer, NAMES))


def test_gains_are_percentage_points_for_each_figure(report: Report) -> None:
    ours = report.attributes["fit"]
    theirs = replace(ours, map=ours.map - 3, p12=ours.p12 + 1, p8=None)
    assert gains(ours, theirs) == {"map": pytest.approx(3), "p8": None, "p12": pytest.approx(-1), "top8": 0}
    assert set(gains(ours, None).values()) == {None}
    lower = {**report.overall, "map_plain": report.overall["map_plain"] - 2}
    assert gains(report.overall, lower, "_plain")["map"] == pytest.approx(2)
    assert list(gains(report.overall, lower)) == list(GAINED)


def test_what_lies_below_the_baseline_or_a_view_is_said_the_worst_first(report: Report) -> None:
    ours = of(report, color=50.0, fit=60.0)
    views = {"region": 49.0, "whole": 51.5, "general": 50.04}
    ours.attributes["color"].map_by_view.update(views)
    below = of(report, color=52.0, fit=64.0)
    expected = [Shortfall("fit", None, 4.0), Shortfall("color", None, 2.0), Shortfall("color", "whole", 1.5)]
    assert shortfalls(ours, below) == expected
    assert shortfalls(ours) == expected[2:]
    assert as_sentences(expected[1:]) == [
        "color: MAP is 2.0 below global similarity",
        "color: MAP is 1.5 below that of its view 'whole' alone",
    ]
    assert shortfalls(of(report, color=70.0, fit=70.0), of(report, color=70.0, fit=69.0)) == []


def told(verdict: Verdict, queries: int, needed: int | None = None, few: bool = False) -> Difference:
    return Difference(50.0, 48.0, Interval(2.0, -1.0, 5.0), queries, verdict, needed, verdict, 0.2, few)


def test_a_sentence_says_on_how_many_attributes_and_what_would_decide_the_others() -> None:
    better = {f"a{place}": told("better", 90) for place in range(6)}
    found = Differences("p12", {**better, "color": told("undecided", 45, 180)}, None)
    assert as_sentence(found) == "P@12: better on 6 of 7, not decided on color with 45 queries (about 180 would decide)"
    mixed = {"fit": told("worse", 40), "hem": told("level", 400), "lapel": told("undecided", 9, 30, few=True)}
    assert as_sentence(Differences("map", mixed, None)) == (
        "MAP: worse on 1 of 2, level on 1 of 2; too few queries to count: lapel 9"
    )
    assert as_sentence(Differences("top1", {"lapel": mixed["lapel"]}, None)) == (
        "Top-1: too few queries to tell (lapel 9)"
    )

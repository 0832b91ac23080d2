"""What acts make of a query: pure functions, so that every button of the page is one line here."""

from dataclasses import replace
from typing import Any

import pytest

from retrieval import NOT_WEIGHT
from ui.asked import Arrival, Asked, AskedTerm, Picture, like
from ui.turning import LESS, MORE, MOST_TERMS, BadBox, Known, Step, TooManyTerms, over_to, turned

KNOWN = Known(
    ("lapel", "color", "sleeve"),
    {"lapel": ["notched", "shawl"], "color": ["navy", "red"], "sleeve": ["long"]},
    "lapel",
    lambda id: id in {"a", "b", "c"},
)
A, B = Picture(item="a"), Picture(item="b")
LAPEL = AskedTerm("lapel", A)
BASE = Step(Asked((LAPEL,)), A)


def act(step: Step, name: str, **data: Any) -> Step:
    return turned(step, {"act": name, **data}, KNOWN)


def terms(step: Step, name: str, **data: Any) -> list[tuple[str, Any, float]]:
    found = act(step, name, **data).asked.terms
    return [(term.attribute, term.item or term.source, term.weight) for term in found]


def test_an_attribute_is_asked_like_the_picture_and_not_any_more() -> None:
    both = act(BASE, "like", attribute="color")
    assert both.asked.terms == (LAPEL, AskedTerm("color", A))
    assert act(both, "like", attribute="color") == BASE
    assert terms(BASE, "unlike", attribute="color")[1] == ("color", "a", -NOT_WEIGHT)
    assert act(act(BASE, "unlike", attribute="color"), "unlike", attribute="color") == BASE
    assert terms(act(BASE, "unlike", attribute="color"), "like", attribute="color")[1] == ("color", "a", 1.0)


def test_a_value_stands_instead_of_the_picture_and_an_example_gives_way_to_it() -> None:
    assert terms(BASE, "value", attribute="lapel", value="notched") == [("lapel", "notched", 1.0)]
    assert terms(BASE, "value", attribute="color", value="red") == [("lapel", "a", 1.0), ("color", "red", 1.0)]
    example = replace(BASE, example=True)
    assert terms(example, "value", attribute="color", value="red") == [("color", "red", 1.0)]
    assert terms(example, "like", attribute="color") == [("color", "a", 1.0)]
    assert terms(example, "unlike", attribute="color")[0] == ("lapel", "a", 1.0)
    assert not act(example, "unlike", attribute="color").example
    asked = act(BASE, "not_value", attribute="color", value="navy")
    assert asked.asked.terms[1] == AskedTerm("color", "navy", -NOT_WEIGHT)
    assert act(asked, "not_value", attribute="color", value="navy") == BASE
    assert terms(asked, "value", attribute="color", value="navy")[1] == ("color", "navy", 1.0)


def test_that_sleeve_on_this_lapel() -> None:
    composed = act(act(BASE, "from_item", attribute="sleeve", item="b"), "from_item", attribute="lapel", item="c")
    assert [(term.attribute, term.item) for term in composed.asked.terms] == [("lapel", "c"), ("sleeve", "b")]
    assert composed.asked.items == ("c", "b") and composed.picture == A


def test_another_picture_in_the_box_takes_the_terms_of_the_one_before_with_it() -> None:
    composed = act(BASE, "from_item", attribute="sleeve", item="b")
    moved = act(composed, "ask", item="c")
    assert [(term.attribute, term.item) for term in moved.asked.terms] == [("lapel", "c"), ("sleeve", "b")]
    value = Step(Asked((AskedTerm("color", "red"),)))
    assert act(value, "take", item="b") == Step(value.asked, B), "what to take from it is still to be chosen"
    assert act(value, "ask", item="b").asked.terms == (AskedTerm("color", B),), "a result is searched on with"
    assert over_to(Step(), B, KNOWN).asked.terms == like(B, {"lapel": 1.0})
    assert act(composed, "clear_picture") == Step(Asked((AskedTerm("sleeve", B),)))


def test_a_picture_that_is_turned_takes_its_box_along_and_four_turns_are_none() -> None:
    boxed = act(BASE, "box", box=[0.1, 0.2, 0.5, 0.9])
    assert boxed.asked.terms[0].source == boxed.picture == replace(A, box=(0.1, 0.2, 0.5, 0.9))
    step = boxed
    for _ in range(4):
        step = act(step, "turn", by=1)
        assert step.picture.box is not None and min(step.picture.box) >= 0
    assert step.picture.turn == 0 and step.picture.box == pytest.approx(boxed.picture.box)
    assert act(act(boxed, "turn", by=1), "turn", by=-1).picture.box == pytest.approx(boxed.picture.box)
    assert act(boxed, "box", box=None) == BASE
    for box in ([0.1, 0.1, 0.11, 0.9], [0.9, 0, 0.1, 1], ["x"], "all", [float("nan")] * 4):
        with pytest.raises(BadBox):
            act(BASE, "box", box=box)


def test_a_term_has_a_box_a_weight_a_sign_and_a_source_of_its_own() -> None:
    step = act(BASE, "like", attribute="color")
    assert act(step, "box_for", term=1, box=[0, 0, 0.5, 1]).asked.terms == (
        LAPEL,
        AskedTerm("color", replace(A, box=(0, 0, 0.5, 1))),
    )
    assert terms(step, "weigh", term=0, value="0.25")[0] == ("lapel", "a", 0.25)
    assert [terms(step, "weigh", term=0, value=value)[0][2] for value in (9, "nan", "", -1)] == [2.0, 1.0, 1.0, -1.0]
    negative = act(step, "negate", term=0)
    assert negative.asked.terms[0].weight == -NOT_WEIGHT and act(negative, "negate", term=0) == step
    assert terms(step, "source", term=0, item="b")[0] == ("lapel", "b", 1.0)
    assert terms(step, "source", term=0, value="shawl")[0] == ("lapel", "shawl", 1.0)
    assert act(act(step, "source", term=0, item="b"), "source", term=0, box=True) == step
    assert act(step, "remove", term=1) == BASE


def test_more_and_less_like_a_hit_are_terms_beside_the_query() -> None:
    step = act(BASE, "weigh", term=0, value=2)
    step = act(step, "more", item="b")
    step = act(step, "less", item="c")
    assert [(term.item, term.weight) for term in step.asked.terms] == [
        ("a", 2),
        ("b", 2 * MORE),
        ("c", -3 * LESS * 1.0),
    ]
    assert act(BASE, "less", item="b").asked.terms[1].weight == -LESS
    again = act(act(BASE, "more", item="b"), "less", item="b")
    assert [(term.item, term.weight < 0) for term in again.asked.terms] == [("a", False), ("b", True)]


@pytest.mark.parametrize(
    "stale",
    [
        {"act": "like", "attribute": "wings"},
        {"act": "value", "attribute": "color", "value": "pink"},
        {"act": "from_item", "attribute": "color", "item": "gone"},
        {"act": "ask", "item": "gone"},
        {"act": "remove", "term": 7},
        {"act": "weigh", "term": "x", "value": 1},
        {"act": "source", "term": 0, "value": "navy"},
        {"act": "nobody knows"},
        {},
    ],
)
def test_what_a_stale_page_asks_for_changes_nothing(stale: dict[str, Any]) -> None:
    assert turned(BASE, stale, KNOWN) is BASE


def test_filters_and_settings_are_part_of_the_query() -> None:
    step = act(BASE, "filter", column="season", value="Summer", on=True)
    step = act(step, "filter", column="season", value="Winter", on="true")
    assert step.asked.filters == {"season": ("Summer", "Winter")}
    assert act(step, "filter", column="season", value="Summer", on=False).asked.filters == {"season": ("Winter",)}
    assert act(step, "clear_filters") == BASE
    assert [act(BASE, "k", value=value).asked.k for value in (36, 0, 999, "x")] == [36, 1, 200, 12]
    assert act(BASE, "beta", value="0.3").asked.beta == 0.3 and act(BASE, "gamma", value=7).asked.gamma == 1.0
    assert act(act(BASE, "beta", value="0.3"), "beta", value="") == BASE
    assert act(BASE, "least", value="0.5").asked.least == 0.5 and act(BASE, "least", value="").asked.least is None


def test_what_is_changed_did_not_come_from_metrics_any_more() -> None:
    arrived = replace(BASE, asked=replace(BASE.asked, arrival=Arrival("h", "test")))
    assert act(arrived, "like", attribute="color").asked.arrival is None
    assert act(arrived, "k", value=36).asked.arrival == Arrival("h", "test")


def test_a_query_has_a_largest_size() -> None:
    full = Step(Asked(tuple(AskedTerm("lapel", Picture(item=str(n))) for n in range(MOST_TERMS))), A)
    with pytest.raises(TooManyTerms):
        act(full, "like", attribute="color")

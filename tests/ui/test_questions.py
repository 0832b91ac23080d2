"""Parameters as programs send them, and the sentence for each that is wrong."""

from typing import Any

import pytest

from retrieval import RetrievalError
from ui.answers import flat_schema
from ui.operations import OPERATIONS
from ui.query_questions import ExplainQuestion, SearchQuestion, SimilarQuestion, TermQuestion
from ui.questions import AttributesQuestion, CatalogsQuestion, ItemsQuestion, pathless, question


def test_null_is_as_good_as_missing_and_a_whole_number_may_have_a_point() -> None:
    asked = question(SearchQuestion, {"item": "a", "attributes": ["color"], "k": 3.0, "beta": 1, "filters": None})
    assert (asked.k, asked.beta, asked.filters, asked.image) == (3, 1.0, None, None)
    assert question(SearchQuestion, {"k": None}).k == 12
    assert question(SearchQuestion, {"filters": {"color": "red"}}).filters == {"color": ["red"]}
    assert question(ItemsQuestion, {}).limit == 50


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"k": "12"}, 'k is the text "12"; give a whole number from 1 to 200'),
        ({"k": 12.5}, "k is 12.5; give a whole number"),
        ({"k": True}, "k is true; give"),
        ({"k": 0}, "k is 0; give a whole number"),
        ({"k": -4}, "k is -4; give a whole number"),
        ({"k": [3]}, "k is a list; give"),
        ({"k": float("nan")}, "k is nan; give"),
        ({"attributes": "color"}, 'attributes is the text "color"; give a list of texts'),
        ({"attributes": ["color", 1]}, "attributes holds 1; give a list of texts"),
        ({"attributes": {"color": 1}}, "attributes is an object; give a list of texts"),
        ({"attributes": []}, "choose at least one attribute"),
        ({"beta": 1.5}, "beta is 1.5; give a number from 0"),
        ({"beta": float("inf")}, "beta is inf; give a number from 0"),
        ({"beta": "half"}, 'beta is the text "half"'),
        ({"gamma": -1}, "gamma is -1; give a number from 0 (without the general view) to 1"),
        ({"gamma": True}, "gamma is true; give a number"),
        ({"least": 80}, "least is 80; give a number from 0 (every hit) to 1"),
        ({"least": "likely"}, 'least is the text "likely"'),
        ({"least": float("nan")}, "least is nan; give a number"),
        ({"filters": ["red"]}, "filters is a list; filters must map columns"),
        ({"filters": {"color": [1]}}, "filters holds 1; filters must map columns"),
        ({"filters": {"color": None}}, "filters holds null; filters must map columns"),
        ({"image": 17}, "image is 17; send the picture itself"),
        ({"image": ["a"]}, "image is a list; send the picture itself"),
        ({"catalog": 5}, "catalog is 5; give the id of a catalog as text"),
        ({"item": 5}, "item is 5; give the id of a catalog item as text"),
        ({"attribute": ["color"]}, "no parameter 'attribute'; there are: catalog, image, item, attributes"),
        ({"terms": "color=red"}, 'terms is the text "color=red"; give a list of terms'),
        ({"terms": [["color"]]}, "terms holds a list; give a list of terms"),
        ({"words": ["red"]}, 'words is a list; give a text, such as "long sleeves, not navy"'),
        ({"item": "x" * 10_000, "k": "x" * 10_000}, "xxx…"),
    ],
)
def test_each_fault_has_a_sentence(parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(RetrievalError) as caught:
        question(SearchQuestion, {"item": "a", "attributes": ["color"], **parameters})
    assert said in str(caught.value)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 600


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"attribute": None}, "attribute is missing; give the name of an attribute as text"),
        ({"value": 3}, "value is 3; give a value of the attribute as text"),
        ({"weight": float("inf")}, "weight is inf; give a number, below 0 for what should not match"),
        ({"weight": "1"}, 'weight is the text "1"; give a number'),
        ({"box": [0, 1]}, "box is a list; give [left, top, right, bottom]"),
        ({"box": [0, 0, 1, "1"]}, 'box holds the text "1"; give [left, top, right, bottom]'),
        ({"turn": 4}, "turn is 4; give a whole number of quarter turns clockwise, from 0 to 3"),
        ({"wight": 1}, "no parameter 'wight'; there are: attribute, value, item, image, box, turn, weight"),
    ],
)
def test_each_fault_of_a_term_has_a_sentence(parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(RetrievalError) as caught:
        question(TermQuestion, {"attribute": "color", **parameters})
    assert said in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("level", "chance"),
    [("likely", 0.5), ("Very likely", 0.8), ("very_likely", 0.8), (0.7, 0.7), (0, 0.0), (None, 0.5)],
)
def test_a_level_is_a_word_or_a_chance(level: Any, chance: float) -> None:
    assert question(SimilarQuestion, {"item": "a", "level": level}).level == chance


def test_what_is_no_level_is_told() -> None:
    for level in ("unlikely", 2, True):
        with pytest.raises(RetrievalError, match=r'level is .*; give "likely", "very likely", or a number from 0'):
            question(SimilarQuestion, {"item": "a", "level": level})
    with pytest.raises(RetrievalError, match="about is missing; give the id of the catalog item"):
        question(ExplainQuestion, {"item": "a"})


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(RetrievalError, match=r"k is .* beta is .* no parameter 'tone'"):
        question(SearchQuestion, {"k": "x", "beta": "y", "tone": 1})
    with pytest.raises(RetrievalError, match="the parameters are a list; give a JSON object"):
        question(SearchQuestion, [1])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "model",
    [model for one in OPERATIONS.values() for model in (one.asks, one.answers) if model is not CatalogsQuestion],
)
def test_every_parameter_and_every_field_of_an_answer_is_described(model: Any) -> None:
    described = flat_schema(model)["properties"]
    assert described and all(schema["description"] for schema in described.values())
    assert "$ref" not in str(flat_schema(model))
    assert list(flat_schema(AttributesQuestion)["properties"]) == ["catalog"]
    assert flat_schema(CatalogsQuestion)["properties"] == {}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("'/home/someone/shop/catalog.csv' cannot be read", "'catalog.csv' cannot be read"),
        ("no file C:\\Users\\me\\a.csv here", "no file a.csv here"),
        ("sleeves are 3/4, and/or less; see https://example.com/a/b", None),
        ("it has: 3/4, deep v", None),
    ],
)
def test_messages_lose_the_folders_of_the_server(text: str, left: str | None) -> None:
    assert pathless(text) == (left or text)

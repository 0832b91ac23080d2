"""Names and values as people read them: what is two stays two."""

import pytest

from catalog import recognise
from ui.names import ATTRIBUTES, attribute_called, attribute_name, labelled, value_name


def test_two_values_that_would_read_the_same_are_shown_as_they_are_written() -> None:
    values = ("紺", "navy", "red", "Dots", "polka dots")
    assert [value_name(value, "ja", values) for value in values] == ["紺", "navy", "赤", "Dots", "polka dots"]
    assert value_name("navy", "ja") == "紺" == value_name("navy", "ja", ("navy", "red"))
    assert [value_name(value, "en", ("a_b", "a b", "c_d")) for value in ("a_b", "a b", "c_d")] == ["a_b", "a b", "c d"]
    assert labelled("color", "navy", "ja", values) == "色：navy" and labelled("color", "navy", "ja") == "色：紺"
    assert value_name("navy", "ja", ["navy", "navy"]) == "紺", "one value named twice is one"


def test_two_attributes_that_would_read_the_same_are_shown_as_they_are_written() -> None:
    assert (
        attribute_name("color", "ja", ("color", "色")) == "color"
        and attribute_name("色", "ja", ("color", "色")) == "色"
    )
    assert attribute_name("color", "ja", ("color", "pattern")) == "色"


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_is_shown_of_an_attribute_is_understood_when_it_is_written(lang: str) -> None:
    for name in ATTRIBUTES:
        known = recognise(name).attribute or name
        assert attribute_called(attribute_name(known, lang), lang) == known, name
    assert attribute_called("袖丈", "en") == "sleeve_length" and attribute_called("mood", lang) == "mood"

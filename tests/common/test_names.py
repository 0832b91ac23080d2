import pytest

from common.names import find_name, name_key


@pytest.mark.parametrize(
    "other", ["Lapel Design", "lapel_design", "lapel-design", " LAPEL  design ", "ｌａｐｅｌ＿design"]
)
def test_spellings_of_one_name_have_one_key(other: str) -> None:
    assert name_key(other) == name_key("lapel design")


@pytest.mark.parametrize("other", ["lapeldesign", "lapel designs", "design lapel", ""])
def test_other_names_have_other_keys(other: str) -> None:
    assert name_key(other) != name_key("lapel design")


def test_the_same_text_comes_before_the_same_key() -> None:
    assert find_name("Color", ["color", "Color", "COLOR"]) == "Color"
    assert find_name("lapel design", ["color", "lapel_design"]) == "lapel_design"
    assert find_name("色", ["color", "色"]) == "色"
    assert find_name("wings", ["color"]) is None


def test_a_name_that_can_be_two_is_an_error_that_names_both() -> None:
    with pytest.raises(ValueError, match="'COLOR' can be 'color' or 'Color'"):
        find_name("COLOR", ["color", "Color", "pattern"])

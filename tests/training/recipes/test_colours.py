"""Which attributes are taken for colours, and who says so."""

import pytest

from training.errors import TrainingError
from training.recipes.colours import AUTO, chosen_colours, colours_by_name

SAYING = """
color / Colour / base_colour / baseColour / COLOR CODE / Farbe / Hauptfarbe / Farben / couleur / couleur principale
colore / cor / kleur / цвет / 色 / 色名 / 主色 / カラー / ﾒｲﾝｶﾗｰ / 颜色 / 顏色 / 색상
"""


@pytest.mark.parametrize("name", [name.strip() for line in SAYING.split("\n") for name in line.split("/") if name])
def test_names_that_say_colour_in_many_languages(name: str) -> None:
    assert colours_by_name(["pattern", name]) == [name]


@pytest.mark.parametrize("name", ["collar", "decor", "特色", "角色", "score", "柄", "形", "corset", "Muster", "length"])
def test_names_that_do_not(name: str) -> None:
    assert colours_by_name([name]) == []


def test_a_plan_names_them_itself() -> None:
    names = ["Main_Shade", "color", "pattern"]
    assert chosen_colours((AUTO,), names) == ["color"]
    assert chosen_colours((), names) == []
    assert chosen_colours(("main shade",), names) == ["Main_Shade"]
    with pytest.raises(TrainingError, match="no attribute 'tint'; there are: Main_Shade, color, pattern"):
        chosen_colours(("tint",), names)

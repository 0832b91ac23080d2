"""The rows of attributes: what is pressed, what is offered, and why something is not."""

from html.parser import HTMLParser

import pytest

from library import Opened, Typical
from ui import attribute_rows as rows
from ui.asked import Asked, AskedTerm, Picture, like

SHOWN = Picture(item="g0")


class Buttons(HTMLParser):
    """The elements of a text with their attributes, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, {name: value or "" for name, value in attrs}))

    def acts(self, act: str) -> list[dict[str, str]]:
        return [about for tag, about in self.all if tag == "button" and about.get("data-act") == act]

    def pressed(self, act: str) -> list[tuple[str, str]]:
        return [
            (about["data-attribute"], about.get("data-value", ""))
            for about in self.acts(act)
            if about["aria-pressed"] == "true"
        ]


def drawn(opened: Opened, asked: Asked, picture: Picture = SHOWN, lang: str = "en") -> Buttons:
    return Buttons(rows.attribute_rows(opened, asked, picture, lang))


def valued(monkeypatch: pytest.MonkeyPatch, **values: list[Typical]) -> None:
    """As if the catalog had these values and no others."""
    monkeypatch.setattr(rows, "typical_items", lambda opened, attribute: tuple(values.get(attribute, ())))


def test_what_is_asked_is_pressed(opened: Opened) -> None:
    asked = Asked(
        (
            *like(SHOWN, {"color": 1.0}),
            AskedTerm("pattern", SHOWN, -0.5),
            AskedTerm("pattern", "stripe", 0.7),
            AskedTerm("color", "red", -0.5),
        )
    )
    found = drawn(opened, asked)
    assert found.pressed("like") == [("color", "")] and found.pressed("unlike") == [("pattern", "")]
    assert found.pressed("value") == [("pattern", "stripe")] and found.pressed("not_value") == [("color", "red")]
    other = drawn(opened, asked, Picture(item="g1"))
    assert not other.pressed("like") and not other.pressed("unlike"), "another picture is in the box"
    text = rows.attribute_rows(opened, asked, SHOWN, "en")
    assert "<b>not red</b>" in text and "<b>stripe</b>" in text and "3 values" not in text


def test_labelled_attributes_come_first_and_each_offers_its_values_by_count(opened: Opened) -> None:
    found = drawn(opened, Asked())
    named = [about["data-attribute"] for about in found.acts("like")]
    assert named[:2] == ["color", "pattern"] and set(named[2:]) == set(opened.unlabelled)
    offered = [(about["data-attribute"], about["data-value"]) for about in found.acts("value")]
    assert offered[:3] == [("color", "blue"), ("color", "red"), ("color", "green")]
    assert {attribute for attribute, _ in offered} == {"color", "pattern"}
    pictures = [about for tag, about in found.all if tag == "img"]
    assert len(pictures) == 5 and all(about["src"].startswith("thumbnails/") and not about["alt"] for about in pictures)
    assert all(about["loading"] == "lazy" for about in pictures)


def test_every_button_has_a_name_and_a_key_of_its_own(opened: Opened) -> None:
    for lang, said in (("en", "color: not like the picture"), ("ja", "色：画像と違うもの")):
        buttons = [about for tag, about in drawn(opened, Asked(), SHOWN, lang).all if tag == "button"]
        keys = [about["data-key"] for about in buttons]
        assert len(set(keys)) == len(keys)
        names = [about["aria-label"] for about in buttons if about["data-act"] in ("like", "unlike", "not_value")]
        assert all(names) and len(set(names)) == len(names) and said in names


def test_without_a_picture_nothing_can_be_like_it(opened: Opened) -> None:
    found = drawn(opened, Asked(), Picture())
    assert all("disabled" in about for act in ("like", "unlike") for about in found.acts(act))
    assert not any("disabled" in about for act in ("value", "not_value") for about in found.acts(act))
    assert "with a picture you can also" in rows.attribute_rows(opened, Asked(), Picture(), "en")


def test_what_cannot_be_asked_by_value_says_why(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "_speeds", {})
    text = rows.attribute_rows(opened, Asked(), SHOWN, "en")
    assert text.count(">not embedded yet<") == len(opened.unlabelled)
    assert "data-foretell" in text
    monkeypatch.setattr(opened, "_speeds", {1: len(opened.catalog) / 240})
    told = rows.attribute_rows(opened, Asked(), SHOWN, "en")
    assert "data-foretell" not in told and "about 4 min" in told


def test_an_embedded_attribute_without_labels_says_so(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    valued(monkeypatch, color=[Typical("red", 4, "g0"), Typical("invisible", 9, "g1")])
    text = rows.attribute_rows(opened, Asked(), SHOWN, "en")
    assert text.count("no item is labelled with it") == 1 and text.count("1 value<") == 1
    assert "invisible" not in text


def test_of_many_values_a_few_are_shown_and_those_that_are_asked(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [Typical(f"v{number}", number, "g0") for number in range(1, 351)]
    valued(monkeypatch, color=many, pattern=many[:12])
    found = drawn(opened, Asked((AskedTerm("color", "v3"),)))
    values = [about["data-value"] for about in found.acts("value") if about["data-attribute"] == "color"]
    assert values[:2] == ["v350", "v349"] and values[-2:] == ["v51", "v3"] and len(values) == rows.MOST_VALUES + 1
    lines = [about for tag, about in found.all if tag == "li" and "data-names" in about and about["class"] == "more"]
    assert len(lines) == rows.MOST_VALUES - rows.FEW_VALUES and all("hidden" in about for about in lines)
    assert "v3" not in [about["data-names"] for about in lines]
    assert sum(tag == "input" for tag, _ in found.all) == 1, "twelve values need no field to narrow them"
    text = rows.attribute_rows(opened, Asked(), SHOWN, "en")
    assert "The 300 most frequent of 350 values" in text and "All 300" in text


def test_values_stay_where_they_are_when_one_is_pressed(opened: Opened) -> None:
    before = drawn(opened, Asked()).acts("value")
    after = drawn(opened, Asked((AskedTerm("color", "green"),))).acts("value")
    assert [about["data-value"] for about in before] == [about["data-value"] for about in after]


def test_many_attributes_are_grouped_and_one_that_is_asked_is_in_sight(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"a{number}" for number in range(30)]
    monkeypatch.setattr(Opened, "labelled", names)
    valued(monkeypatch)
    text = rows.attribute_rows(opened, Asked(), SHOWN, "en")
    assert "18 more attributes of this catalog" in text and 'data-key="rows-rest">' in text
    asked = Asked((AskedTerm("a20", SHOWN),))
    assert 'data-key="rows-rest" open>' in rows.attribute_rows(opened, asked, SHOWN, "en")


def test_names_from_outside_are_text(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = '"><script>x</script>'
    monkeypatch.setattr(Opened, "labelled", [bad])
    monkeypatch.setattr(rows, "typical_items", lambda opened, attribute: (Typical(bad, 3, "g0"), Typical("b", 1, "g1")))
    text = rows.attribute_rows(opened, Asked((AskedTerm(bad, bad),)), SHOWN, "en")
    assert "<script" not in text
    acts = Buttons(text).acts("value")[0]
    assert (acts["data-attribute"], acts["data-value"]) == (bad, bad)

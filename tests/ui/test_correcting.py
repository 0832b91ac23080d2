"""A label is corrected where it is seen: at a result and in the panel of an item; handlers without a browser."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from PIL import Image

from catalog import Catalog
from library import UNSEEN, Library
from model import AT_LEAST, Level, MatchMap, Reading
from tests.ui.catalogs_page import catalogs_page
from tests.ui.conftest import library_of, library_on
from tests.ui.test_detail import Detail
from tests.ui.test_labelling_events import built, found_by, press
from tests.ui.test_search_events import request, search
from ui import result_cards
from ui.asked import Asked, AskedTerm, Picture
from ui.label_choices import NONE, VALUE, chosen_label
from ui.label_choices import UNSEEN as CANNOT
from ui.match_words import cut_off, level_of
from ui.search_events import SearchEvents
from ui.searching import Answer, answer, as_labelled


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = library_of(tmp_path_factory.mktemp("correcting"), 12)
    yield library
    library.close()


@pytest.fixture(scope="module")
def searching(library: Library) -> SearchEvents:
    return built(library)[1]


class Result:
    """The first result of a search that is explained, and what is done with it."""

    def __init__(self, searching: SearchEvents, choice: Picture, name: str, lang: str = "en") -> None:
        self.searching, self.name, self.lang = searching, name, lang
        self.found: Answer = search(searching, choice, [name])[searching.tab.answer]
        self.id = self.found.hits[0].id
        self.shown = self.results = ""

    def __call__(self, act: str, **data: Any) -> str:
        updates = self.searching.verdicts.turn(press(act=act, **data), self.found, 0, 0, request(self.lang))
        tab = self.searching.tab
        assert updates[tab.line] == "", updates[tab.line]
        self.found, self.shown, self.results = updates[tab.answer], updates[tab.verdict], updates[tab.results]
        return str(self.shown)

    @property
    def chip(self) -> str:
        """What the card of the result says now."""
        first = re.search(r'data-pick="0".*?</li>', self.results, re.S)
        assert first is not None
        return " ".join(re.findall(r'class="value [^"]*"[^>]*>([^<]*)<', first[0]))

    @property
    def label(self) -> str | None:
        return self.searching.library.ledger(self.searching.library.default).catalog.item(self.id).labels.get(self.name)


def test_a_label_is_corrected_at_a_result_and_shows_at_once(searching: SearchEvents) -> None:
    result = Result(searching, Picture(item="g0"), "color")
    before, number = result.label, result.found.number
    shown = searching.verdicts.show(result.found, 0, 0, request())
    assert "Correct its color" in shown and f'<option value="{VALUE}{before}" selected>' in shown and NONE in shown
    assert "Saved: color: green" in result("correct", value=f"{VALUE}green")
    assert result.label == "green" and result.chip == "green"
    assert result.found.number == number, "it is the same search: nothing scrolls"
    assert "Saved: color: dark teal" in result("correct", value="  dark  teal ") and result.chip == "dark teal"
    assert 'value=":value:dark teal" selected' in result.shown, "a new value is among the values from now on"
    assert "Saved: color: not labelled" in result("correct", value=NONE) and result.label is None and result.chip == ""
    assert "Give it its color" in result.shown
    assert "Saved: color: cannot be seen" in result("correct", value=CANNOT)
    assert f'<option value="{CANNOT}" selected>' in result.shown
    for expected in (None, "dark teal", "green", before):
        result("undo_label")
        assert result.label == expected
    assert "Undone." in result.shown and 'data-act="undo_label"' not in result.shown
    explained = searching.explain_again(result.found, 0, 0, request())
    assert searching.tab.verdict not in explained
    drawn = explained[searching.tab.explanation]
    number = result.id.removeprefix("g")
    assert (
        f'<p class="id" translate="no"><b>{result.id}</b> · number {number}</p>' in drawn
        and "<b>g0</b> · number 0" in drawn
    )


def test_what_the_visitor_labelled_is_no_longer_guessed(searching: SearchEvents) -> None:
    result = Result(searching, Picture(item="g0"), "color")
    wanted = searching.library.ledger(searching.library.default).catalog.item("g0").labels["color"]

    def shown() -> dict[str, float]:
        guessed = tuple(replace(hit, chances={"color": 0.97}) for hit in result.found.hits)
        return as_labelled(replace(result.found, hits=guessed), 0).chances

    assert shown() == {"color": 0.97}
    result("correct", value=f"{VALUE}{wanted}")
    assert shown() == {"color": 1.0}
    result("correct", value="mauve")
    assert shown() == {"color": 0.0}
    result("undo_label")
    result("undo_label")
    assert shown() == {"color": 0.97}


def test_different_says_what_it_does_and_offers_to_correct(searching: SearchEvents) -> None:
    result = Result(searching, Picture(item="g0"), "color")
    before = result.label
    said = result("different")
    assert f"It changes no label: if “{before}” is wrong, correct it below." in said and "correct doubted" in said
    assert result.label == before
    assert "Saved: color: blue" in result("correct", value=f"{VALUE}blue")
    assert 'data-act="different" aria-pressed="true"' in result.shown, "what was said stays"
    assert "doubted" not in result.shown and "is wrong" not in result.shown, "but it is corrected now"
    result("undo_label")
    result("undo")
    assert result.label == before and "doubted" not in result.shown


def test_results_of_a_picture_from_outside_are_corrected_too(searching: SearchEvents, tmp_path: Path) -> None:
    Image.new("RGB", (60, 80), (190, 40, 40)).save(tmp_path / "red.png")
    result = Result(searching, Picture(image=str(tmp_path / "red.png")), "color", "ja")
    before = result.label
    shown = result("correct", value=f"{VALUE}green")
    assert "同じですか" not in shown and "保存しました：" in shown and result.label == "green"
    result("undo_label")
    assert result.label == before


def test_of_a_value_the_result_has_it_or_not(searching: SearchEvents) -> None:
    opened = searching.library.opened("")
    found = answer(opened, Asked((AskedTerm("color", "red"), AskedTerm("pattern", Picture(item="g0"), 0.2)), k=3))
    verdicts, tab, hit = searching.verdicts, searching.tab, found.hits[0].id

    def say(act: str) -> str:
        updates = verdicts.turn(press(act=act), found, 0, 0, request())
        assert updates[tab.line] == ""
        return str(updates[tab.verdict])

    def label() -> str | None:
        return searching.library.ledger(searching.library.default).catalog.item(hit).labels.get("color")

    before = label()
    assert "Is its color “red”?" in verdicts.show(found, 0, 0, request())
    assert "色は「赤」ですか？" in verdicts.show(found, 0, 0, request("ja"))
    assert "Same pattern?" in verdicts.show(found, 0, 1, request()), "the other term asks by an item"
    assert before == "red"
    assert 'data-act="different" aria-pressed="true"' in say("different") and label() is None
    assert "Saved: color: red" in say("same") and label() == "red"
    assert 'data-act="unseen" aria-pressed="true"' in say("unseen") and label() is None
    say("undo_label")
    assert label() == before
    other = answer(opened, Asked((AskedTerm("color", "blue"),), filters={"color": ["green"]}, k=1))
    said = verdicts.turn(press(act="different"), other, 0, 0, request())[tab.verdict]
    assert "nothing was changed" in said and 'data-act="different" aria-pressed="true"' in said
    assert searching.library.opened("").catalog.item(other.hits[0].id).labels["color"] == "green"


def test_an_attribute_without_labels_offers_the_values_of_the_weights(searching: SearchEvents) -> None:
    opened = searching.library.opened("")
    name = next(name for name in opened.engine.attributes if name in opened.labelled)
    found = search(searching, Picture(item="g0"), [name])[searching.tab.answer]
    shown = searching.verdicts.show(found, 0, 0, request())
    known = opened.known_attributes[name]
    assert all((f'value="{VALUE}{value}"' in shown) == (value != "invisible") for value in known)
    assert "cannot be seen" in shown, "ours says so, not a value that the catalog does not have"


def test_strangers_see_no_correction(
    small_catalog: Catalog, searching: SearchEvents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = found_by(searching, "g0", "color")
    monkeypatch.setenv("LAPEL_PUBLIC", "1")
    library = library_on(small_catalog, tmp_path, public=True)
    other = built(library)[1]
    stranger = gr.Request(headers={"x-lapel-visitor": "v" * 32}, query_params={})
    assert other.verdicts.show(found, 0, 0, stranger) == ""
    event = press(act="correct", value=f"{VALUE}green")
    assert other.verdicts.turn(event, found, 0, 0, stranger) == {other.tab.line: ""}
    assert library.ledger(library.default).given == []


def test_a_label_of_an_item_is_said_to_be_saved_and_taken_back(library: Library) -> None:
    page = catalogs_page(library)
    detail = Detail(page, library.default)
    detail.items("item", id="g3")
    detail.items("set", attribute="color", value=f"{VALUE}blue")
    panel = detail.html("item")
    assert "Saved: color: blue" in panel and 'data-act="unset" data-attribute="color"' in panel
    detail.items("unset", attribute="color")
    assert (
        "Undone." in detail.html("item") and library.ledger(library.default).catalog.item("g3").labels["color"] == "red"
    )
    detail.items("item", id="g4")
    assert "Undone." not in detail.html("item")


def test_choices_of_a_label() -> None:
    assert [chosen_label(text) for text in (NONE, CANNOT, f"{VALUE} as it is", " a  b ", " ")] == [
        None,
        UNSEEN,
        " as it is",
        "a b",
        None,
    ]


def test_half_a_chance_of_two_taught_values_is_not_called_likely(searching: SearchEvents) -> None:
    """The base rate is half; what the weights know has its measured levels."""
    found = found_by(searching, "g0", "color")
    opened = found.opened
    reading = Reading("mood", ("calm", "loud"), (), (), (), {"posterior": 1.0})
    match = MatchMap((0.0, 1.0), (0.2, 0.9), (0.5, 0.5))
    readings = opened.embedder.readings
    readings["mood"] = replace(reading, match=match)
    try:
        assert level_of(opened, "mood", 0.52) is Level.UNLIKELY and level_of(opened, "color", 0.52) is Level.LIKELY
        hits = tuple(
            replace(hit, shares={"mood": 1.0}, chances={"mood": chance})
            for hit, chance in zip(found.hits, (0.9, 0.7, 0.52), strict=False)
        )
        asked = replace(found.asked, terms=(AskedTerm("mood", Picture(item="g0")),), least=AT_LEAST[Level.LIKELY])
        told = replace(found, asked=asked, hits=hits)
        assert [hit.chances["mood"] for hit in cut_off(told).hits] == [0.9, 0.7]
        assert cut_off(replace(told, asked=replace(asked, least=None))).hits == hits
        drawn = result_cards.results(told, "en")
        assert re.findall(r'class="score level (\w+)"', drawn) == ["very_likely", "likely", "unlikely"]
    finally:
        del readings["mood"]

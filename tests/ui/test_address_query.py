"""A query as an address: what is sent to a colleague asks the same."""

from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from PIL import Image

from library import Opened
from ui.address_query import address_text, read_address
from ui.asked import Arrival, Asked, AskedTerm, Picture, like
from ui.query_events import known_of
from ui.turning import Step

RED = AskedTerm("color", "red", -0.5)
G0 = Picture(item="g0")


def back(opened: Opened, text: str) -> Step:
    read = read_address(parse_qsl(text, keep_blank_values=True), known_of(opened), opened.columns)
    assert read.missing == ()
    return read.step


@pytest.mark.parametrize(
    "step",
    [
        Step(Asked(like(G0, {"color": 1.0, "pattern": 0.25})), G0),
        Step(Asked((RED, AskedTerm("pattern", "stripe"))), Picture()),
        Step(
            Asked((AskedTerm("color", G0), AskedTerm("pattern", Picture(item="g3"))), k=36, least=0.5),
            Picture(item="g3"),
        ),
        Step(Asked((AskedTerm("color", Picture(item="g0", box=(0.1, 0, 0.5, 1), turn=3)),)), G0),
        Step(
            Asked(like(G0, {"color": 1.0}), beta=0.0, gamma=1.0, filters={"pattern": ("solid",), "split": ("test",)}),
            G0,
        ),
        Step(Asked(like(G0, {"color": 1.0}), arrival=Arrival("g4", "test")), G0),
    ],
)
def test_a_query_comes_back_as_it_was_sent(opened: Opened, step: Step) -> None:
    assert back(opened, address_text(step)) == step


def test_an_address_is_short_and_can_be_read() -> None:
    step = Step(Asked((AskedTerm("sleeve length", G0), AskedTerm("color", "navy", -1.0))), G0)
    assert address_text(step) == "term=sleeve+length%40g0&term=-color%3Dnavy"


def test_a_picture_of_ones_own_comes_back_while_it_is_here(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    file = tmp_path / "0a1b" / "coat.png"
    file.parent.mkdir()
    Image.new("RGB", (8, 8)).save(file)
    step = Step(Asked(like(Picture(image=str(file), turn=1), {"color": 1.0})), Picture(image=str(file), turn=1))
    text = address_text(step)
    assert str(tmp_path) not in text and back(opened, text) == step
    file.unlink()
    read = read_address(parse_qsl(text), known_of(opened), opened.columns)
    assert ("picture", "0a1b/coat.png") in read.missing and read.empty
    outside = read_address(
        [("term", "color@#1"), ("picture", ";0;upload;../../etc/passwd")], known_of(opened), opened.columns
    )
    assert outside.empty


def test_the_short_form_and_other_spellings_are_read(opened: Opened) -> None:
    assert back(opened, "item=g0&attribute=Color&attribute=PATTERN").asked.terms == like(
        G0, {"color": 1.0, "pattern": 1.0}
    )
    assert back(opened, "term=-COLOR%3DRed*0.5").asked.terms == (RED,)
    assert list(back(opened, "item=g0").asked.weights) == ["color"]


def test_what_is_not_there_is_named_and_the_rest_is_asked(opened: Opened) -> None:
    asked = [
        ("term", "color=red"),
        ("term", "color=pink"),
        ("term", "wings=long"),
        ("term", "color@g99"),
        ("term", "what"),
        ("k", "many"),
        ("least", "7"),
        ("filter", "season=Summer"),
        ("filter", "pattern=solid"),
    ]
    read = read_address(asked, known_of(opened), opened.columns)
    assert read.step == Step(Asked((AskedTerm("color", "red"),), filters={"pattern": ("solid",)}))
    assert read.missing == (("value", "pink"), ("attribute", "wings"), ("item", "g99"), ("term", "what"))

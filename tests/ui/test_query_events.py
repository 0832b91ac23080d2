"""Handlers of the query column, without a browser."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from PIL import Image

from library import Library, Opened
from tests.ui.conftest import COLORS, draw_garment
from tests.ui.test_search_events import handlers, request
from ui.asked import Picture
from ui.query_events import QueryEvents, balance_dials, first_balance


def event(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


@pytest.fixture(scope="module")
def events(library: Library) -> QueryEvents:
    return handlers(library).query


@pytest.fixture
def upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Any], str]:
    """Puts a picture or a text where Gradio puts what was uploaded."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    (tmp_path / "uploads").mkdir()

    def put(name: str, content: Any) -> str:
        path = tmp_path / "uploads" / name
        if isinstance(content, Image.Image):
            content.save(path)
        else:
            path.write_bytes(content)
        return str(path)

    return put


@pytest.mark.parametrize("size", [(600, 800), (1, 1), (3000, 20), (20, 3000)])
def test_a_picture_becomes_the_query_and_is_shown_as_we_read_it(
    events: QueryEvents, library: Library, upload: Callable[[str, Any], str], size: tuple[int, int]
) -> None:
    path = upload("new.png", draw_garment(COLORS["red"], False, size) if min(size) > 1 else Image.new("RGB", size))
    taken = events.take_image(event(path=path), "", Picture(item="g0"), ["g0", "g1"], request())
    assert taken[events.tab.choice] == Picture(image=path)
    assert 'src="data:image/webp;base64,' in taken[events.tab.image]
    assert 'aria-pressed="true"' not in taken[events.tab.picker]
    search = handlers(library)
    found = search.search("", taken[events.tab.choice], ["color"], [], {}, 0.0, True, {"beta": 0.3}, 3, [], request())
    shown = search.explain(found[search.tab.answer], 0, 0, request())
    assert shown[search.tab.explanation].count("<img") == 4


@pytest.mark.parametrize(
    ("content", "english", "japanese"),
    [
        (b"hello", "not a JPEG", "画像として読み込めない"),
        (b"", "empty", "空です"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "damaged", "壊れている"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_the_earlier_query_stays(
    events: QueryEvents, upload: Callable[[str, Any], str], content: bytes, english: str, japanese: str
) -> None:
    path = upload("fake.jpg", content)
    for lang, said in (("en", english), ("ja", japanese)):
        refused = events.take_image(event(path=path), "", Picture(item="g0"), ["g0"], request(lang))
        assert said in refused[events.tab.query_line]
        assert events.tab.choice not in refused and events.tab.picker not in refused
        assert "thumbnails" in refused[events.tab.image]


@pytest.mark.parametrize("reason", ["large", "upload", "clipboard", "camera", "something else"])
def test_what_the_browser_could_not_do_is_told(events: QueryEvents, reason: str) -> None:
    refused = events.take_image(event(refused=reason), "", Picture(), [], request("ja"))
    assert "。" in refused[events.tab.query_line]
    assert events.tab.choice not in refused


def test_only_what_was_uploaded_here_is_read(
    events: QueryEvents, opened: Opened, upload: Callable[[str, Any], str], tmp_path: Path
) -> None:
    inside = Path(upload("link.png", b""))
    inside.unlink()
    outside = opened.catalog.path(opened.catalog.items[0])
    inside.symlink_to(outside)
    for path in (str(outside), str(inside), f"{inside.parent}/../secret.png", str(inside.parent), None, 7):
        refused = events.take_image(event(path=path), "", Picture(item="g0"), [], request())
        assert events.tab.choice not in refused
        assert "give it again" in refused[events.tab.query_line]


def test_removing_the_picture_clears_the_query(events: QueryEvents) -> None:
    cleared = events.clear_image("", ["g0", "g1"], request())
    assert cleared[events.tab.choice].empty
    assert "<img" not in cleared[events.tab.image] and "Drop a picture" in cleared[events.tab.image]
    assert 'aria-pressed="true"' not in cleared[events.tab.picker]


def test_an_item_of_the_strip_stays_where_it_is(events: QueryEvents) -> None:
    taken = events.take_item(event(pick="g2"), "", Picture(), ["g0", "g2", "g4"], request())
    assert taken[events.tab.choice] == Picture(item="g2") and taken[events.tab.strip] == ["g0", "g2", "g4"]
    assert 'data-pick="g2" aria-pressed="true"' in taken[events.tab.picker]
    gone = events.take_item(event(pick="g99"), "", Picture(item="g0"), ["g0"], request("ja"))
    assert "アイテム「g99」はありません" in gone[events.tab.query_line] and events.tab.choice not in gone


def test_each_drawing_of_the_box_is_new_to_the_page(events: QueryEvents) -> None:
    first, second = (events.clear_image("", [], request())[events.tab.image] for _ in range(2))
    assert first != second


def test_weights_stay_with_their_attributes(events: QueryEvents) -> None:
    for name, value, before, after in (
        ("pattern", 0.4, {"color": 2.0}, {"color": 2.0, "pattern": 0.4}),
        ("pattern", 9, {}, {"pattern": 2}),
        ("wings", 1, {}, {}),
    ):
        assert events.turn_weight(event(name=name, value=value), "", before, request()) == after
    shown = events.arrange(["color"], ["pattern"], {"pattern": 0.4}, request())
    assert shown[events.tab.weights].count("data-dial=") == 2
    assert 'data-dial="pattern" data-value="0.4"' in shown[events.tab.weights]
    assert shown[events.tab.weights_title].visible is True
    alone = events.arrange(["color"], [], {}, request())
    assert alone[events.tab.weights] == "" and alone[events.tab.weights_title].visible is False


def test_results_and_balance_are_kept_in_their_bounds(events: QueryEvents) -> None:
    both = {"beta": 0.3, "gamma": 0.2}
    turned = [events.turn_balance(event(name=name, value=value), both) for name in both for value in (0.5, -1, 3, "x")]
    assert [found["beta"] for found in turned] == [0.5, 0, 1, 0.3, 0.3, 0.3, 0.3, 0.3]
    assert [found["gamma"] for found in turned] == [0.2, 0.2, 0.2, 0.2, 0.5, 0, 1, 0.2]
    for name in ("delta", "gamma"):
        assert events.turn_balance(event(name=name, value=0.5), {"beta": 0.3}) == {"beta": 0.3}
    assert [events.turn_k(event(name="k", value=value), "", 5, request()) for value in (3, 0, 99, "x")] == [3, 1, 12, 5]


def test_there_is_a_dial_for_each_share_that_the_weights_have(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    for mix, names in (({"region": 0.3, "crop": 0.7}, ["beta"]), ({"region": 0.2, "general": 0.8}, ["beta", "gamma"])):
        monkeypatch.setattr(opened.embedder, "derivation", lambda name, mix=mix: SimpleNamespace(mix=mix))
        balance = first_balance(opened)
        shown = [(dial.name, dial.low, dial.high, dial.value) for dial in balance_dials(balance, "ja")]
        assert shown == [(name, 0, 1, balance[name]) for name in names]
        assert all(dial.info and dial.label != dial.name for dial in balance_dials(balance, "ja"))

"""Acts on the query and how it is drawn, without a browser."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from library import Library, Opened
from retrieval import NOT_WEIGHT
from tests.ui.conftest import COLORS, draw_garment
from tests.ui.test_search_events import handlers, page, press, request
from ui.asked import Asked, AskedTerm, Picture, like
from ui.search_events import SearchEvents
from ui.steps import Steps
from ui.turning import Step

BY_COLOR = Asked(like(Picture(item="g0"), {"color": 1.0}), k=5)


@pytest.fixture(scope="module")
def events(library: Library) -> SearchEvents:
    return handlers(library)


@pytest.fixture
def steps(library: Library) -> Steps:
    return page(library, BY_COLOR)


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
    events: SearchEvents, steps: Steps, upload: Callable[[str, Any], str], size: tuple[int, int]
) -> None:
    path = upload("new.png", draw_garment(COLORS["red"], False, size) if min(size) > 1 else Image.new("RGB", size))
    found = press(events, steps, path=path)
    assert steps.now.picture == Picture(image=path) and steps.now.asked.terms == like(steps.now.picture, {"color": 1.0})
    assert 'src="data:image/webp;base64,' in found[events.tab.image]
    assert 'aria-pressed="true"' not in found[events.tab.picker]
    shown = events.explain(found[events.tab.answer], 0, 0, request())
    assert shown[events.tab.explanation].count("<img") == 4


@pytest.mark.parametrize(
    ("content", "english", "japanese"),
    [
        (b"hello", "not a JPEG", "画像として読み込めない"),
        (b"", "empty", "空です"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "damaged", "壊れている"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_the_earlier_query_stays(
    events: SearchEvents, steps: Steps, upload: Callable[[str, Any], str], content: bytes, english: str, japanese: str
) -> None:
    path, before = upload("fake.jpg", content), steps.now
    for lang, said in (("en", english), ("ja", japanese)):
        refused = press(events, steps, lang, path=path)
        assert said in refused[events.tab.query_line] and steps.now is before
        assert events.tab.results not in refused and "thumbnails" in refused[events.tab.image]


@pytest.mark.parametrize("reason", ["large", "upload", "clipboard", "camera", "something else"])
def test_what_the_browser_could_not_do_is_told(events: SearchEvents, steps: Steps, reason: str) -> None:
    refused = press(events, steps, "ja", refused=reason)
    assert "。" in refused[events.tab.query_line] and events.tab.results not in refused


def test_only_what_was_uploaded_here_is_read(
    events: SearchEvents, steps: Steps, opened: Opened, upload: Callable[[str, Any], str], tmp_path: Path
) -> None:
    inside = Path(upload("link.png", b""))
    inside.unlink()
    outside = opened.catalog.path(opened.catalog.items[0])
    inside.symlink_to(outside)
    for path in (str(outside), str(inside), f"{inside.parent}/../secret.png", str(inside.parent), None, 7):
        refused = press(events, steps, path=path)
        assert "give it again" in refused[events.tab.query_line] and steps.now.asked == BY_COLOR


def test_removing_the_picture_leaves_what_is_asked_without_it(events: SearchEvents, steps: Steps) -> None:
    press(events, steps, act="value", attribute="pattern", value="stripe")
    found = press(events, steps)
    assert steps.now == Step(Asked((AskedTerm("pattern", "stripe"),), k=5))
    assert "Drop a picture" in found[events.tab.image] and 'aria-pressed="true"' not in found[events.tab.picker]
    assert all(hit.term_shares for hit in found[events.tab.answer].hits)
    said = press(events, steps, act="like", attribute="color")
    assert "Add a picture" in said[events.tab.query_line]


def test_an_item_of_the_strip_stays_where_it_is(events: SearchEvents, steps: Steps) -> None:
    before = events.shuffle(steps.catalog, steps, request())[events.tab.picker]
    found = press(events, steps, act="ask", item="g2")
    assert steps.now.picture == Picture(item="g2") and 'data-pick="g2" aria-pressed="true"' in found[events.tab.picker]
    assert before.count("data-pick") == found[events.tab.picker].count("data-pick")
    gone = press(events, steps, "ja", act="ask", item="g99")
    assert "アイテム「g99」はありません" in gone[events.tab.query_line] and steps.now.picture == Picture(item="g2")


def test_words_become_chips_and_what_was_not_understood_is_said(events: SearchEvents, steps: Steps) -> None:
    found = press(events, steps, act="words", text="striped, not red, qwertz")
    assert steps.now.asked.terms == (
        AskedTerm("color", Picture(item="g0")),
        AskedTerm("pattern", "stripe"),
        AskedTerm("color", "red", -NOT_WEIGHT),
    )
    bar = found[events.tab.bar]
    assert "pattern: stripe" in bar and "color: not red" in bar and "Not understood: “qwertz”" in bar
    nothing = press(events, steps, "ja", act="words", text="qwertz")
    assert "「qwertz」は分かりませんでした" in nothing[events.tab.bar] and len(steps.now.asked.terms) == 3
    steps.now = replace(steps.now, example=True)
    press(events, steps, "ja", act="words", text="青のストライプ")
    assert {term.source for term in steps.now.asked.terms} == {"blue", "stripe"}, "an example gives way to words"


def test_the_bar_says_what_is_asked_and_leads_back(events: SearchEvents, steps: Steps) -> None:
    found = press(events, steps, act="unlike", attribute="pattern")
    bar = found[events.tab.bar]
    assert bar.count('class="lapel-chip') - bar.count('class="lapel-chip-') == 2 and "pattern not like" in bar
    assert "term=-pattern%40g0%2A0.5" in bar or f"term=-pattern%40g0%2A{NOT_WEIGHT:g}" in bar
    assert press(events, steps, act="undo")[events.tab.query] == BY_COLOR
    press(events, steps, act="redo")
    press(events, steps, act="visit", at="1")
    assert steps.now.asked == BY_COLOR
    press(events, steps, act="query", address="term=pattern%3Dstripe")
    assert steps.now.asked.terms == (AskedTerm("pattern", "stripe"),)
    shut = press(events, steps, act="open_box", term=0)
    assert shut[events.tab.term_box] == "", "a value has no part"


def test_more_like_a_hit_moves_the_results_and_is_a_chip(events: SearchEvents, steps: Steps) -> None:
    found = press(events, steps, act="more", item="g1")
    assert steps.now.asked.items == ("g0", "g1") and "× 0.5" in found[events.tab.bar]
    assert all(hit.id not in ("g0", "g1") for hit in found[events.tab.answer].hits)
    large = press(events, steps, act="box_for", term=0, box=[0.4, 0.4, 0.41, 0.41])
    assert "too small" in large[events.tab.query_line]

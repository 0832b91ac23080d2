"""The box of the query: what it shows of a picture, and what is found in it."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from PIL import Image

from catalog import Catalog, CatalogError
from library import Opened
from retrieval import Part
from tests.ui.conftest import COLORS, draw_garment
from ui.asked import Picture
from ui.explaining import look
from ui.looked_at import Remembered, crop_of, key_of, known_parts, named, parts_of, shown_of
from ui.picture_box import LEAST, TOOLS, crop_beside, least_of, picture_box, term_box
from ui.query_pictures import cut_image, query_image


def data(html: str, name: str) -> str:
    """A data attribute of the outermost element."""
    found = re.match(rf'<div [^>]*?data-{name}="([^"]*)"', html)
    assert found, f"there is no {name} in {html[:300]}"
    return unescape(found[1])


def tools(html: str) -> list[str]:
    return re.findall(r'data-do="(\w+)"', html)


@pytest.fixture
def upload(tmp_path: Path) -> Callable[[tuple[int, int]], Picture]:
    def put(size: tuple[int, int]) -> Picture:
        path = tmp_path / f"{size[0]}-{size[1]}.png"
        draw_garment(COLORS["red"], False, size).save(path)
        return Picture(image=str(path))

    return put


def test_an_empty_box_invites_and_one_with_a_picture_can_be_cut_and_turned(opened: Opened) -> None:
    empty = picture_box(opened, Picture(), 1, "en")
    assert tools(empty) == ["choose", "camera", "paste"] and "invite" in empty and "data-boxes" not in empty
    filled = picture_box(opened, Picture(item="g0"), 2, "en")
    assert tools(filled) == [name for name in TOOLS if name != "whole"]
    assert data(filled, "turn") == "2" and data(filled, "item") == "g0" and data(filled, "box") == ""
    cut = picture_box(opened, Picture(item="g0", box=(0.1, 0.2, 0.5, 0.75)), 3, "en")
    assert tools(cut) == list(TOOLS) and data(cut, "box") == "0.1000,0.2000,0.5000,0.7500"


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_box_tells_the_browser_its_words_and_its_least_size(opened: Opened, lang: str) -> None:
    html = picture_box(opened, Picture(item="g0"), 1, lang)  # 120 × 150
    assert data(html, "least") == f"{LEAST / 120:.4f},{LEAST / 150:.4f}"
    assert "27" in data(html, "small") and "22" in data(html, "small")
    assert {"{left}", "{top}", "{width}", "{height}"} == set(re.findall(r"\{\w+\}", data(html, "place")))


def test_a_picture_is_shown_whole_and_turned(opened: Opened, upload: Callable[[tuple[int, int]], Picture]) -> None:
    assert shown_of(opened, Picture(item="g0"), "en").source.startswith("thumbnails/")
    turned = shown_of(opened, Picture(item="g0", turn=1, box=(0, 0, 0.5, 0.5)), "en")
    assert turned.source.startswith("data:image/webp") and turned.size == (150, 120)
    given = upload((2000, 1000))
    assert shown_of(opened, given, "en").size == (640, 320)
    assert shown_of(opened, replace(given, turn=3), "en").size == (400, 800)
    assert 'style="--ratio:2.0000"' in picture_box(opened, given, 1, "en")


def test_a_picture_keeps_its_key_when_it_is_cut_and_not_when_it_is_turned(
    opened: Opened, upload: Callable[[tuple[int, int]], Picture]
) -> None:
    given = upload((200, 300))
    assert key_of(opened, given) == key_of(opened, replace(given, box=(0, 0, 0.5, 0.5), turn=4))
    others = [replace(given, turn=1), Picture(item="g0"), Picture(item="g1"), Picture(content=b"x"), upload((201, 300))]
    keys = {key_of(opened, picture) for picture in [given, *others]}
    assert len(keys) == 6 and not any(str(given.image) in key for key in keys)


def test_parts_are_found_after_the_picture_is_shown_and_then_remembered(
    opened: Opened, upload: Callable[[tuple[int, int]], Picture]
) -> None:
    given = upload((400, 500))
    assert known_parts(opened, given) == () and data(picture_box(opened, given, 1, "en"), "parts") == "[]"
    beside = crop_beside(opened, given, None, "en")
    parts = json.loads(data(beside, "parts"))
    assert parts and all(0 <= edge <= 1 for part in parts for edge in part["box"])
    assert data(beside, "key") == key_of(opened, given) and "<figure" not in beside
    assert data(picture_box(opened, replace(given, box=(0, 0, 0.5, 0.5)), 2, "en"), "parts") == data(beside, "parts")
    assert known_parts(opened, given) is parts_of(opened, given)


def test_what_the_network_looks_at_is_shown_and_costs_no_pass_of_its_own(
    opened: Opened, upload: Callable[[tuple[int, int]], Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = replace(upload((410, 500)), box=(0.25, 0.2, 0.75, 0.9))
    seen = look(opened.embedder, query_image(opened.catalog, given), "color").close_up  # as the explanation does
    passes: list[str] = []
    explain = opened.embedder.explain
    monkeypatch.setattr(opened.embedder, "explain", lambda *of: passes.append(of[1]) or explain(*of))
    crop = crop_of(opened, given, "color")
    assert seen is not None and crop == seen.picture and passes == []
    assert crop_of(opened, replace(given, box=None), "color") != crop and passes == ["color"]
    beside = crop_beside(opened, given, "color", "ja")
    assert f'<img src="{crop}"' in beside and "Lapelが見ている部分：" in beside and passes == ["color"]
    assert crop_beside(opened, Picture(), "color", "en") == ""


def test_a_part_is_asked_by_in_whole_and_nothing_beside_it(upload: Callable[[tuple[int, int]], Picture]) -> None:
    given = replace(upload((400, 500)), box=(0.25, 0.2, 0.75, 0.9), turn=2)
    asked, cut = (make(Catalog(Path(), "none", (), ()), given) for make in (query_image, cut_image))
    assert cut.size == (200, 350) and asked.size == (350, 350)
    assert asked.crop((75, 0, 275, 350)).tobytes() == cut.tobytes()
    beside = {asked.getpixel((x, y)) for x in (0, 74, 275, 349) for y in (0, 349)}
    assert beside == {(127, 127, 127)}
    assert query_image(Catalog(Path(), "none", (), ()), replace(given, box=None)).size == (400, 500)


def test_the_box_of_a_term_has_no_other_tools(opened: Opened) -> None:
    html = term_box(opened, Picture(item="g1", box=(0.1, 0.1, 0.9, 0.9)), "en", 2)
    assert tools(html) == ["box", "whole"] and data(html, "term") == "2" and "<input" not in html
    assert "data-term" not in picture_box(opened, Picture(item="g1"), 1, "en")


def test_parts_are_named_by_number_and_place() -> None:
    parts = [
        Part((0.0, 0.0, 1.0, 1.0), True),
        Part((0.0, 0.3, 0.3, 0.7), True),
        Part((0.7, 0.0, 1.0, 0.3), False),
        Part((0.3, 0.7, 0.7, 1.0), False),
    ]
    assert [part.name for part in named(parts, "en")] == [
        "Person or garment 1, middle",
        "Person or garment 2, left",
        "Part 3, top right",
        "Part 4, bottom",
    ]
    assert [part.name for part in named(parts, "ja")][1:3] == ["人物または服2（左）", "部分3（右上）"]


def test_the_smallest_box_has_so_many_pixels_or_is_the_picture() -> None:
    assert least_of((640, 320)) == (LEAST / 640, LEAST / 320)
    assert least_of((20, 64)) == (1, 0.5)


def test_what_is_not_a_picture_is_refused(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "no.png").write_text("no picture")
    for make in (
        lambda picture: picture_box(opened, picture, 1, "en"),
        lambda picture: crop_beside(opened, picture, "color", "en"),
        lambda picture: term_box(opened, picture, "en"),
    ):
        with pytest.raises(CatalogError, match="JPEG"):
            make(Picture(image=str(tmp_path / "no.png")))


def test_a_picture_that_was_deleted_is_not_shown_from_memory(
    opened: Opened, upload: Callable[[tuple[int, int]], Picture]
) -> None:
    given = upload((90, 120))
    assert given.image is not None and picture_box(opened, given, 1, "en")
    Path(given.image).unlink()
    with pytest.raises(CatalogError, match="no longer on the server"):
        picture_box(opened, given, 2, "en")


def test_only_the_last_things_are_remembered() -> None:
    made: list[int] = []
    kept: Remembered[int] = Remembered(2)
    for key in (1, 2, 1, 3, 1, 2):
        assert kept.get(key, lambda key=key: made.append(key) or key) == key  # type: ignore[misc]
    assert made == [1, 2, 3, 2] and kept.known(3) is None and kept.known(1) == 1


def test_a_small_picture_keeps_all_its_pixels(opened: Opened, tmp_path: Path) -> None:
    Image.new("RGB", (1, 1)).save(tmp_path / "one.png")
    html = picture_box(opened, Picture(image=str(tmp_path / "one.png")), 1, "en")
    assert data(html, "least") == "1.0000,1.0000"

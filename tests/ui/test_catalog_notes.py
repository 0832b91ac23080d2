import re
from pathlib import Path
from string import Formatter

import pytest

from catalog import Note
from catalog.notes import TEXTS
from tests.ui.conftest import draw_catalog, library_on, ready
from tests.ui.test_words import JAPANESE_LETTER
from ui import cards
from ui.catalog_notes import JAPANESE, REASONS, note_text, reason_text


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("kind", TEXTS)
def test_every_note_has_a_japanese_sentence_of_the_same_facts(kind: str) -> None:
    assert placeholders(JAPANESE[kind]) <= placeholders(TEXTS[kind])
    assert re.search(r"[\u3040-\u30ff]", JAPANESE[kind])
    filled = re.sub(r"\{\w+\}", "値", JAPANESE[kind])
    assert not re.search(f"{JAPANESE_LETTER} | {JAPANESE_LETTER}", filled)


def test_lines_and_lists_are_japanese() -> None:
    note = Note("missing", {"table": "catalog.csv", "examples": "a.jpg, b.jpg and 3 more"}, tuple(range(2, 15)))
    assert note_text(note, "ja").startswith("catalog.csvの2、3、4、5、6、7、8、9、10、11行目ほか3行：")
    assert "a.jpg、b.jpgほか3件" in note_text(note, "ja")
    assert note_text(note, "en") == note.text
    assert all(reason_text(kind, "ja") != reason_text(kind, "en") for kind in REASONS)


def test_what_was_left_out_is_counted_by_what_is_wrong_with_it(tmp_path: Path) -> None:
    folder = draw_catalog(tmp_path / "catalog", 5, broken=[2])
    (folder / "images" / "4.png").unlink()
    with (folder / "catalog.csv").open("a") as table:
        table.write("g0,images/0.png,test,number 0,red,stripe\n")
    opened = ready(library_on(folder, tmp_path / "home")).opened("")
    english, japanese = cards.left_out(opened, "en"), cards.left_out(opened, "ja")
    assert (
        "Left out: 3 of 6 items (without a picture that can be read: 2, there already, in an earlier row: 1)" in english
    )
    assert "6点中3点" in japanese and "（読み込める画像がない：2点、前の行と同じもの：1点）" in japanese
    assert "the image is not there (catalog.csv, line 6)" in english
    assert "画像ファイルがありません（catalog.csvの6行目）" in japanese
    assert "images/4.png" in english and "2.png" in english and str(tmp_path) not in english

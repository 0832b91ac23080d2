import re
from string import Formatter

import pytest

from catalog import Item
from ui.names import ATTRIBUTES, VALUES, attribute_name, item_label, value_name
from ui.refusals import JAPANESE
from ui.words import GRADIO, WORDS, choose_language, dictionary, language_of, word


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", WORDS)
def test_every_word_has_both_languages_with_the_same_placeholders(key: str) -> None:
    english, japanese = WORDS[key]
    assert english.strip() and japanese.strip()
    assert placeholders(english) == placeholders(japanese)


def test_japanese_is_japanese() -> None:
    same = {"key_esc", "map", "top1", "top8", "p12", "figure_map_axis", "figure_k_axis", "figure_map", "figure_p12"}
    same |= {"between", "act_export_csv", "act_export_json", "range_whole"}
    same |= {"way_lapel", "place_nowhere", "percent"}
    same |= {"tab_poc", "poc_curve_p12", "poc_curve_map", "poc_percent_axis", "poc_price_field"}
    for key, (english, japanese) in WORDS.items():
        assert key in same or re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", japanese), (key, english)


JAPANESE_LETTER = r"[\u3000-\u30ff\u3400-\u9fff\uff01-\uffee]"


def test_japanese_has_no_blanks_beside_japanese_letters() -> None:
    """Neither in a text nor where something is filled in; commands in backquotes keep theirs."""
    texts = [japanese for _, japanese in [*WORDS.values(), *JAPANESE]]
    texts += [*ATTRIBUTES.values(), *VALUES.values(), *GRADIO.values()]
    for text in texts:
        filled = re.sub(r"\{\w+(:[^}]*)?\}", "値", re.sub(r"`[^`]*`", "", text))
        assert not re.search(f"{JAPANESE_LETTER} | {JAPANESE_LETTER}", filled), text


def test_an_item_is_named_by_what_it_looks_like() -> None:
    item = Item("a1", "a1.jpg", None, {"collar": "no_collar", "color": "navy", "scarf": "invisible"})
    assert item_label(item, "en") == "collar: no collar, color: navy"
    assert item_label(item, "ja") == "襟の有無：襟なし、色：紺"
    assert item_label(Item("a2", "a2.jpg"), "en") == "a2"


def test_word_fills_in() -> None:
    assert word("latency", "en", ms=12) == "12 ms"
    assert word("latency", "ja", ms=12) == "12ミリ秒"
    assert word("look_facts", "en", items="1", pictures="1,001", size="2 MB") == "1 item, 1,001 pictures, 2 MB"
    assert word("pending", "en", count=1) == "1 picture is still to be processed; it cannot be found yet."
    assert word("seconds", "en", count=1.2) == "1 s"
    assert dictionary("ja")["tab_search"] == "検索"


@pytest.mark.parametrize(
    ("asked", "accept", "default", "chosen"),
    [
        (None, None, None, "en"),
        (None, "ja-JP,ja;q=0.9,en;q=0.8", None, "ja"),
        (None, "fr-FR,fr;q=0.9,ja;q=0.5,en;q=0.4", None, "ja"),
        (None, "de", None, "en"),
        (None, "ja;q=0,en", None, "en"),
        (None, "ja;q=nonsense,*", None, "en"),
        ("ja", "en-US", None, "ja"),
        ("xx", "ja", None, "ja"),
        (None, "en-US", "ja", "ja"),
        ("en", "ja", "ja", "en"),
    ],
)
def test_language(asked: str | None, accept: str | None, default: str | None, chosen: str) -> None:
    assert choose_language(asked, accept, default) == chosen
    query = {"lang": asked} if asked else {}
    headers = {"accept-language": accept} if accept else {}
    assert language_of(headers, query, default) == chosen


def test_names_as_people_read_them() -> None:
    assert attribute_name("sleeve_length", "en") == "sleeve length"
    assert attribute_name("sleeve_length", "ja") == "袖丈"
    assert attribute_name("hem_finish", "ja") == "hem finish"
    assert attribute_name("Sleeve-Length", "ja") == "袖丈"
    assert value_name("T-Shirt", "ja") == value_name("t shirt", "ja") == "Tシャツ"
    assert value_name("notched", "ja") == "ノッチド"
    assert value_name("Notched", "en") == "Notched"

"""Rules of the parser one by one, and its vocabulary."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import Attribute
from retrieval import RetrievalError, understand, vocabulary
from retrieval.wording import LONGEST
from retrieval.wording.grammar import functions
from retrieval.wording.text import BLANK, MARK, read
from tests.retrieval.wording.asking import ask, phrases, words_of

PIECES = sorted({piece for phrase in phrases("phrases.csv") for piece in phrase.text.split()})
WEIGHT = r"[x*][0-9.]+|[0-9.]+[x*倍]"


@pytest.mark.parametrize(
    "text, catalog, terms",
    [
        ("no red, blue or green", "street", {"-color=red", "-color=blue", "-color=green"}),
        ("red, not striped", "street", {"color=red", "-pattern=stripe"}),
        ("without a tie and long sleeves", "street", {"necktie=no necktie", "sleeve_length=long"}),
        ("without a tie and a scarf", "street", {"necktie=no necktie", "scarf=no scarf"}),
        ("not without a tie", "street", {"necktie=necktie"}),
        ("tie: no", "street", {"necktie=no necktie"}),
        ("袖なしでない", "demo", {"-sleeve_length=sleeveless"}),
        ("ネクタイありスカーフなし", "street", {"necktie=necktie", "scarf=no scarf"}),
        ("長袖、赤以外", "demo", {"sleeve_length=long", "-color=red"}),
        ("red -striped !blue", "demo", {"color=red", "-pattern=stripe", "-color=blue"}),
        ("long or short sleeves", "demo", {"sleeve_length=long", "sleeve_length=short"}),
        ("sleeves long or short", "demo", {"sleeve_length=long", "sleeve_length=short"}),
        ("a coat that is not too long", "demo", {"-coat_length=long"}),
        ("赤×2 ストライプ x0.5", "demo", {"color=red *2", "pattern=stripe *0.5"}),
        ("柄が入っていない服", "street", {"pattern=solid"}),
        ("コートの丈が膝まで", "demo", {"coat_length=knee"}),
        ("pants that end at the ankle", "demo", {"pant_length=cropped"}),
        ("red red red", "demo", {"color=red"}),
        ("¾ sleeves", "demo", {"sleeve_length=3/4"}),
    ],
)
def test_negation_lists_and_weights(text: str, catalog: str, terms: set[str]) -> None:
    assert ask(text, catalog) == (terms, ())


@pytest.mark.parametrize(
    "text, catalog, terms, unknown",
    [
        ("赤字", "street", set(), ("赤字",)),
        ("こんにちは", "studio", set(), ("こんにちは",)),
        ("あかるい緑", "demo", {"color=green"}, ("あかるい",)),
        ("stone waist", "street", set(), ("stone", "waist")),
        ("袖が長いコート", "demo", {"sleeve_length=long"}, ("コート",)),
        ("long sleeve shirt", "studio", {"article_type=shirts"}, ("long sleeve",)),
        ("大きい財布", "studio", {"article_type=wallets"}, ("大きい",)),
        ("polo tshirt", "studio", {"article_type=tshirts"}, ("polo",)),
    ],
)
def test_words_that_only_look_known_are_said(text: str, catalog: str, terms: set[str], unknown: tuple[str]) -> None:
    assert ask(text, catalog) == (terms, unknown)


def test_what_this_catalog_has_not_is_offered_by_its_nearest() -> None:
    (navy,) = understand("navy", words_of("demo")).unknown
    assert [(one.attribute, one.value, one.why) for one in navy.suggestions[:1]] == [("color", "blue", "near")]
    (collar,) = understand("this collar", words_of("demo")).unknown
    assert {one.why for one in collar.suggestions} == {"named"}
    assert [one.value for one in collar.suggestions] == ["shirt collar", "peter pan", "puritan", "rib"]


def test_a_term_says_where_it_stands_and_how_it_was_read() -> None:
    found = understand("plain, stiped", words_of("demo"))
    plain, striped = found.terms
    assert (plain.words, plain.span, plain.misspelled) == ("plain", (0, 5), False)
    assert (striped.words, striped.span, striped.misspelled) == ("stiped", (7, 13), True)


def test_values_of_a_catalog_that_no_file_knows_can_be_asked() -> None:
    words = vocabulary([Attribute("heel height", ("kitten", "skyscraper", "ぺたんこ"))])
    found = understand("not skyscraper ぺたんこ kitten heel", words)
    assert [(one.value, one.sign) for one in found.terms] == [("skyscraper", -1), ("ぺたんこ", 1), ("kitten", 1)]
    assert [one.words for one in found.unknown] == ["heel"]


def test_a_column_in_another_language_joins_the_file() -> None:
    words = vocabulary([Attribute("色", ("紺", "白")), Attribute("袖丈", ("長袖", "半袖"))])
    found = understand("navy, short sleeves, not white", words)
    assert [(one.attribute, one.value, one.sign) for one in found.terms] == [
        ("色", "紺", 1),
        ("袖丈", "半袖", 1),
        ("色", "白", -1),
    ]


def test_a_line_added_to_the_file_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("attribute,value,english,japanese,offer\ncolor,red,tomato,とまと,\n", encoding="utf-8-sig")
    words = vocabulary([Attribute("color", ("red",))], path=path)
    assert [one.value for text in ("tomato", "トマト") for one in understand(text, words).terms] == ["red", "red"]


def test_a_file_that_is_no_vocabulary_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    with pytest.raises(RetrievalError, match="give a CSV file"):
        vocabulary([], path=path)
    path.write_text("value\nred\n", encoding="utf-8")
    with pytest.raises(RetrievalError, match="no column 'attribute'"):
        vocabulary([], path=path)
    path.write_text("attribute,value,english,japanese,offer\n,red,,,\n", encoding="utf-8")
    with pytest.raises(RetrievalError, match="names no attribute"):
        vocabulary([], path=path)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.text(max_size=80), st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6))).map(" ".join)),
    st.sampled_from(["demo", "street", "studio"]),
)
def test_any_text_is_read_to_its_last_character(text: str, catalog: str) -> None:
    """No error, and every character that is no blank is in a term, in something unknown, or in what was used."""
    words = words_of(catalog)
    found = understand(text, words)
    values = {(one.name, value) for one in words.attributes for value in one.values}
    assert all((term.attribute, term.value) in values and term.sign in (1, -1) for term in found.terms)
    assert all(0 < term.weight <= 10 for term in found.terms)
    assert all(text[slice(*one.span)] == one.words for one in (*found.terms, *found.unknown))
    spans = [*(one.span for one in (*found.terms, *found.unknown)), *found.used]
    given_text = read(text[:LONGEST])
    for kind, (start, end) in zip(given_text.kinds, given_text.spans, strict=True):
        assert kind != BLANK and any(first <= start and end <= last for first, last in spans)
    asked = {term.attribute for term in found.terms} | {other for term in found.terms for other, _ in term.others}
    for span in found.used:
        used = read(text[slice(*span)])
        grammar = used.plain in functions() or set(used.kinds) == {MARK} or re.fullmatch(WEIGHT, used.plain)
        assert grammar or words.names.get(used.folded) or asked, text


@settings(max_examples=100, deadline=None)
@given(
    st.text("bcdfghjklmnpqrstvwxz", min_size=5, max_size=12).filter(lambda word: len(set(word)) > 3),
    st.text("ぬねへほむめゆよらりるれろ", min_size=4, max_size=8).filter(lambda word: len(set(word)) > 3),
)
def test_nonsense_among_words_is_said(english: str, japanese: str) -> None:
    said = understand(f"red {english}, striped", words_of("demo"))
    assert [one.words for one in said.unknown] == [english] and len(said.terms) == 2
    said = understand(f"赤い{japanese}、長袖", words_of("demo"))
    assert "".join(one.words for one in said.unknown).strip() == japanese and len(said.terms) == 2


@pytest.mark.parametrize("piece", ["襟", "のが", "ab ", "カラー", "not red or "])
def test_a_long_text_is_cut_and_takes_no_time(piece: str) -> None:
    text = "red " + piece * 400
    before = time.process_time()
    found = understand(text, words_of("demo"))
    assert time.process_time() - before < 1
    assert found.cut and ("color", "red", 1) in {(one.attribute, one.value, one.sign) for one in found.terms}
    assert all(one.span[1] <= LONGEST for one in (*found.terms, *found.unknown))

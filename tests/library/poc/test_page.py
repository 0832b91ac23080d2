"""The page: all that it must say, in both languages, nothing from elsewhere, names that are no markup."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from eval import Interval
from library.poc import WORDS, Assumptions, Sheet, Used, as_html, as_json, as_text, decide
from library.poc.parts import duration, money, number, signed, span, twelfths, twelfths_apart
from library.poc.sheet import Score
from tests.library.poc.support import curve, gain, licence, sheet

STATED = Assumptions(wage=30, searches=3000, seconds_a_picture=6)
VOID = {"meta", "circle", "line", "polygon", "polyline", "rect", "br"}


class Checked(HTMLParser):
    """Fails on tags that are not closed; keeps text, and what is fetched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.text = ""
        self.feed(page)
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.fetched += [f"{name}={value}" for name, value in attributes if name in ("src", "href", "srcset", "data")]

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_it_says_what_was_measured_what_is_stated_and_what_follows(lang: str) -> None:
    made = sheet()
    page = as_html(made, STATED, lang)
    read = Checked(page)
    assert not read.fetched and "@import" not in page and "url(" not in page and "<script" not in page
    assert f'lang="{lang}"' in page and "@page" in page
    place = lang == "ja"
    for key in (
        "verdict_retrain",
        "gain_note",
        "assumptions",
        "formula",
        "swing_firm" if not any(one.flips for one in decide(made, STATED).swings) else "swing_flips",
    ):
        said = WORDS[key][place]
        assert said in read.text or said in page, key
    for key in ("a_wage", "a_searches", "a_retrain_labels"):
        assert WORDS[key][place] in read.text
    passed = "シーズン" if place else "season"
    assert "photos" in read.text and passed in read.text, "what forbids production, and what was not measured"
    assert "7.7" in read.text and "6.0" in read.text, "64 and 50 percent of 12"
    assert len(re.findall("<abbr", page)) > 20, "numbers tell where they come from"
    assert "2026-11-26" in read.text and "https://huggingface.co/docs/hub/spaces-gpus" in read.text


def test_japanese_is_not_english() -> None:
    english, japanese = (Checked(as_html(sheet(), STATED, lang)).text for lang in ("en", "ja"))
    letters = re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]", japanese)
    assert len(letters) > 800 and not re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]", english)


def test_names_are_no_markup() -> None:
    bad = "<img src=x onerror=alert(1)>&{x}"
    page = as_html(sheet(catalog=bad, gains=(gain(bad),), curves=(curve(bad),)), STATED, "en")
    assert "<img" not in page and Checked(page).text.count(bad) >= 3


@pytest.mark.parametrize(
    "made, said",
    [
        (sheet(licence=licence(True)), "licence_yes"),
        (sheet(licence=licence(None)), "verdict_retrain"),
        (sheet(gains=(gain(before=1, after=1),)), "verdict_open"),
        (sheet(gains=(gain(before=-9, after=-9),)), "verdict_no"),
    ],
)
def test_each_verdict_and_licence_has_its_words(made: Sheet, said: str) -> None:
    for lang, place in (("en", 0), ("ja", 1)):
        assert WORDS[said][place] in Checked(as_html(made, STATED, lang)).text


def test_notes_appear_where_they_hold() -> None:
    plain = Checked(as_html(sheet(), STATED, "en")).text
    noted = sheet(
        gains=(replace(gain(), ceiling=94.3, labels=500), gain("fit", known=False)),
        twins=3,
        trained_on=True,
        used=Used(30, 900, 1, 50, 12.0),
    )
    text = Checked(as_html(noted, STATED, "en")).text
    for said in (
        "between splits are left out (3 pictures)",
        "flatters",
        "/ 94.3",
        "Metrics may differ a little for collar: here 500",
        "50 hits that were taken",
    ):
        assert said in text and said not in plain
    assert "Metrics has the same P@12 and MAP" in plain and "the same P@12 and MAP" not in text
    box = as_html(noted, STATED, "en").partition("lapel-poc-verdict")[2].partition("</div>")[0]
    assert "flatters" in box, "where the verdict is read"


def test_what_stands_side_by_side_adds_up() -> None:
    assert [twelfths(percent) for percent in (80.6, 68.2, 12.4)] == ["9.7", "8.2", "1.5"]
    assert (twelfths_apart("9.7", "8.2"), twelfths_apart("8.2", "9.7"), twelfths_apart("5.0", "5.0")) == (
        "1.5",
        "−1.5",
        "0.0",
    )
    made = sheet(gains=(replace(gain(before=13.2, after=13.2), similar=Score(40, 68.0), before=Score(50, 81.2)),))
    said = r"([\d.]+) of the first 12 results are right; with ordinary similarity ([\d.]+) are: ([\d.]+) more"
    found = re.search(said, Checked(as_html(made, STATED, "en")).text)
    assert found is not None
    assert found.groups() == ("9.7", "8.2", "1.5"), "of 13.2 points, 1.58 of 12"


def test_no_number_of_labels_stands_out_where_none_are_needed() -> None:
    needed = sheet(gains=(gain(before=10, after=14),), curves=(curve(),))
    useless = sheet(gains=(gain(before=10, after=10),), curves=(curve(),))
    row = '<tr class="lapel-poc-chosen">'
    told = as_html(useless, STATED, "en")
    assert "No labels are needed" in told
    assert as_html(needed, STATED, "en").count(row) == told.count(row) + 1, "of the steps to so many labels"


def test_no_word_lacks_a_language_or_differs_in_its_facts() -> None:
    for key, (english, japanese) in WORDS.items():
        assert english and japanese, key
        facts = [sorted(set(re.findall(r"{(\w+)}", text))) for text in (english, japanese)]
        assert facts[0] == facts[1], key


def test_the_verdict_leads_with_what_is_left_over_ordinary_similarity() -> None:
    made, stated = sheet(gains=(gain(before=12, after=12),), curves=(curve(),)), Assumptions(wage=30, searches=3000)
    decided = decide(made, stated)
    text = " ".join(as_text(made, stated, "en").split())
    net, whole = (money(one.mean, "USD", 2) for one in (decided.net, decided.outcome))
    assert text.index(f"Over ordinary similarity: about {net} after 12 months") < text.index("of the first 12 results")
    assert f"about {whole}, of which" in text and "with ordinary similarity too" in text
    assert "1.4 more right results of 12 (95 % interval 1.2 to 1.7)" in text
    assert "what is assumed is not in this range" in text and "95 % sure" not in text


def test_names_are_those_that_people_read() -> None:
    made = sheet(gains=(gain("sleeve_length"),), curves=(curve("sleeve_length"),))
    assert "sleeve length" in as_html(made, STATED, "en") and "sleeve_length" not in as_html(made, STATED, "en")
    assert as_json(made, STATED)["measured"]["gains"][0]["attribute"] == "sleeve_length"
    alike = sheet(gains=(gain("sleeve_length"), gain("sleeve length")), curves=())
    assert "sleeve_length" in as_html(alike, STATED, "en"), "two are two"


def test_every_assumption_with_a_bar_or_a_flip_is_in_the_chart_and_no_other() -> None:
    text = Checked(as_html(sheet(), STATED, "en")).text
    bars, rest = text.partition("What the net over ordinary similarity hangs on")[2].split("No bar", 1)
    for one in decide(sheet(), STATED).swings:
        name = WORDS[f"a_{one.key}"][0]
        assert name in (bars if one.moves else rest), one.key


def test_many_attributes_are_all_in_the_table_and_some_drawn() -> None:
    many = sheet(gains=tuple(gain(f"a{n}") for n in range(12)), curves=tuple(curve(f"a{n}") for n in range(12)))
    page = as_html(many, STATED, "en")
    assert page.count('class="lapel-poc-curve"') == 3 and page.count('scope="row">a') == 12


def test_a_terminal_gets_lines_without_markup() -> None:
    text = as_text(sheet(), STATED, "en")
    assert "<" not in text and "Worth doing" in text and "5 labels a value are enough" in text
    assert "Break-even" in text and "research only" in text


def test_numbers_as_people_write_them() -> None:
    assert [money(1240.4, "USD"), money(1240, "JPY"), money(9.5, "CHF"), money(-3, "EUR")] == [
        "$1,240",
        "¥1,240",
        "9.50 CHF",
        "−€3",
    ]
    assert [money(63_985, "USD", 2), money(268, "USD", 2)] == ["$64,000", "$270"]
    assert [duration(0.42, "en"), duration(25, "en"), duration(150, "ja")] == ["25 seconds", "25 minutes", "2.5時間"]
    assert [number(12_400), number(43.21), number(0.853), number(0)] == ["12,400", "43.2", "0.85", "0"]
    assert signed(-1.26) == "−1.3" and span(Interval(2, 1, 3)) == "1–3" and span(Interval(2, 2, 2)) == "2"

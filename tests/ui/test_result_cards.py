"""Cards of results: what is right, how likely, the same again, what cannot be seen, and where the list ends."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from typing import Any, Literal

import numpy as np
import pytest

from library import Opened
from model import AT_LEAST, Level
from retrieval import Hit, Way
from ui.asked import Asked, AskedTerm, Picture, like
from ui.asked_words import in_words
from ui.result_cards import MOST_SHOWN, results
from ui.searching import Answer, answer, as_query
from ui.twins import ALIKE, grouped, twins
from ui.words import WORDS

G0 = Picture(item="g0")


def found_of(
    opened: Opened, *hits: Hit, terms: tuple[AskedTerm, ...] = like(G0, {"color": 1.0}), **about: Any
) -> Answer:
    """An answer with these hits, whatever a search would find. about: of the question, and `passing`."""
    passing = about.pop("passing", 12)
    asked = Asked(terms, **about)
    return Answer(opened, opened.catalog, asked, as_query(opened.catalog, asked), hits, 3.0, passing)


def hit(number: int, chances: Mapping[str, float] | None = None, **about: Any) -> Hit:
    names = list(chances or {"color": 0.5})
    return Hit(f"g{number}", 0.5, dict.fromkeys(names, 0.5 / len(names)), dict(chances or {}), **about)


def judged(page: str) -> list[tuple[str, str]]:
    """Kind and sign of each badge."""
    return re.findall(r'<b class="lapel-judged (\w+)"[^>]*>([^<]*)<', page)


def ids(page: str) -> list[str]:
    """The items of the cards, in the order in which they stand."""
    return re.findall(r'<li class="lapel-card" data-item="(\w+)"', page)


def test_a_card_is_right_or_wrong_by_sign_shape_and_word(opened: Opened) -> None:
    """g0 and g3 are red, g1 is blue, and nobody has said what g11 is."""
    page = results(found_of(opened, hit(3), hit(1), hit(11)), "en")
    assert judged(page) == [("right", "✓"), ("wrong", "✕")], "what is not labelled is neither"
    assert 'aria-label="right: labelled as asked"' in page and 'aria-label="wrong: labelled otherwise"' in page
    assert 'class="value same" title="color: red (as asked)"' in page and 'class="value other"' in page
    assert "1 of 2 labelled results is right" in page
    assert "ラベル付き2点のうち1点が正解" in results(found_of(opened, hit(3), hit(1), hit(11)), "ja")


def test_several_attributes_are_judged_together(opened: Opened) -> None:
    """g0 is red and striped: g6 is both, g3 red, g1 neither."""
    page = results(found_of(opened, hit(6), hit(3), hit(1), terms=like(G0, {"color": 1.0, "pattern": 1.0})), "en")
    assert judged(page) == [("right", "✓"), ("part", "1/2"), ("wrong", "✕")]
    assert "1 of 3 labelled results is right" in page


def test_values_and_negative_terms_say_what_is_right(opened: Opened) -> None:
    asked = (AskedTerm("pattern", "solid"), AskedTerm("color", "blue", -0.5))
    page = results(found_of(opened, hit(1), hit(3), hit(4), terms=asked), "en")
    assert judged(page) == [("part", "1/2"), ("right", "✓"), ("wrong", "✕")]


def test_the_level_is_a_word_with_its_number_and_else_there_is_a_score(opened: Opened) -> None:
    known = {"color": 0.83, "pattern": 0.4}
    page = results(found_of(opened, hit(1, known), hit(2), terms=like(G0, dict.fromkeys(known, 1.0))), "en")
    assert re.findall(r'class="score level (\w+)"[^>]*>([^<]*)</span><span class="lapel-percent">([^<]*)<', page) == [
        ("unlikely", "unlikely", "40 %")
    ]
    assert re.findall(r'class="score" title="score">([^<]*)<', page) == ["0.50"]


def test_what_cannot_be_seen_is_marked_on_its_card(opened: Opened) -> None:
    page = results(found_of(opened, hit(1), hit(2, hidden=("color",))), "en")
    assert page.count("color: not visible</span>") == 1
    assert page.index("lapel-apart") < page.index("color: not visible</span>")


def test_the_heading_says_how_many_of_how_many_and_how_long(opened: Opened) -> None:
    page = results(found_of(opened, *(hit(n) for n in range(1, 12))), "en")
    assert "<h2>11 of 12 items</h2>" in page and "3 ms" in page and "the query itself is left out" in page
    assert "<h2>1 of 3 items that pass the filters</h2>" in results(
        found_of(opened, hit(1), filters={"color": ["blue"]}, passing=3), "en"
    )


@pytest.mark.parametrize(
    ("by", "exact", "said"),
    [
        ("scan", True, "3 ms, all 512 compared"),
        ("index", False, "3 ms, found by the index, 512 compared in full"),
        ("sketches", False, "3 ms, found by short vectors, 512 compared in full<"),
        ("sketches", True, "compared in full, none better can be missing"),
    ],
)
def test_the_heading_says_which_way_answered(
    opened: Opened, by: Literal["scan", "index"], exact: bool, said: str
) -> None:
    found = replace(found_of(opened, hit(3)), ways=(Way(by, exact, 9000, 500), Way(by, exact, 20, 12)))
    assert said in results(found, "en")
    assert [way.by for way in answer(opened, Asked(like(G0, {"color": 1.0}))).ways] == ["scan"]


@pytest.mark.parametrize(
    ("k", "passing", "more"),
    [(12, 13, []), (12, 20, ["19"]), (12, 900, ["36", "200"]), (190, 900, ["200"]), (200, 900, []), (200, 201, [])],
)
def test_more_is_offered_up_to_the_most_that_is_shown(opened: Opened, k: int, passing: int, more: list[str]) -> None:
    page = results(found_of(opened, *[hit(1)] * k, k=k, passing=passing), "en")
    assert re.findall(r'data-act="k"[^>]*data-value="(\d+)"', page) == more
    assert (f"More than {MOST_SHOWN} are not shown" in page) == (k == MOST_SHOWN and passing - 1 > k)


def test_nothing_good_enough_is_an_answer(opened: Opened) -> None:
    likely = AT_LEAST[Level.LIKELY]
    page = results(found_of(opened, least=likely), "en")
    assert "Nothing good enough: no item is likely to match." in page
    assert 'data-act="least"' in page and 'data-value=""' in page
    some = results(found_of(opened, hit(1, {"color": 0.9}), least=AT_LEAST[Level.VERY_LIKELY]), "en")
    assert "No other item is very likely." in some and some.index("lapel-hits") < some.index("No other item")


def test_it_is_said_where_nothing_is_likely(opened: Opened) -> None:
    doubt = WORDS["all_unlikely"][0]
    few = [hit(n, {"color": 0.1}) for n in range(1, 4)]
    assert doubt in results(found_of(opened, *few), "en")
    assert doubt not in results(found_of(opened, *few, hit(4, {"color": 0.6})), "en")
    assert doubt not in results(found_of(opened, *few, hit(5)), "en"), "of one it is not known"


def test_nothing_passes_the_filters_and_one_press_takes_them_away(opened: Opened) -> None:
    page = results(found_of(opened, filters={"color": ["red"]}, passing=0), "en")
    assert "No item passes these filters." in page and 'data-act="clear_filters"' in page


def test_twins_are_one_card_and_are_shown_behind_it(opened: Opened) -> None:
    """Of the small catalog g1 and g7 are the same file, and so are g3 and g9."""
    found = found_of(opened, hit(1), hit(3), hit(7), hit(9), hit(5))
    assert twins(found) == [0, 1, 0, 1, 4]
    page = results(found, "en")
    assert ids(page) == ["g1", "g7", "g3", "g9", "g5"], "each after the one that it is a twin of"
    assert page.count("+1 of the same") == 2 and "2 more of the same folded in" in page
    assert re.findall(r'data-pick="(\d)"', page) == ["0", "2", "1", "3", "4"], "ranks stay as they are"
    apart = found_of(opened, hit(1), replace(hit(7), hidden=("color",)))
    assert twins(apart) == [0, 1], "where it cannot be seen is another list"


def test_alike_pictures_are_twins_unless_a_label_tells_them_apart() -> None:
    near = np.array([[1.0, 0.0], [ALIKE + 0.01, 0.15], [0.0, 0.0], [0.9, 0.436]], np.float32)
    plain: list[Mapping[str, str]] = [{}, {}, {}, {}]
    assert grouped(["a", "b", "c", "d"], near, plain) == [0, 0, 2, 3]
    labels: list[Mapping[str, str]] = [{"color": "red"}, {"color": "blue"}, {}, {}]
    assert grouped(["a", "b", "c", "d"], near, labels) == [0, 1, 2, 3]
    assert grouped(["a", "a", "", ""], np.zeros((4, 1), np.float32), labels) == [0, 0, 2, 3], (
        "the same file, whatever is said"
    )
    chain = np.array([[np.cos(turn), np.sin(turn)] for turn in (0.0, 0.2, 0.4)], np.float32)
    assert grouped(["a", "b", "c"], chain, plain[:3]) == [0, 0, 2], "like the first of the group, not like the last"


def test_an_item_that_has_gone_since_is_shown_as_it_was(opened: Opened) -> None:
    """The answer keeps the catalog of its time."""
    gone = replace(opened.catalog.item("g1"), id="gone")
    found = found_of(opened, hit(1), Hit("gone", 0.5, {"color": 0.5}), hit(7))
    then = replace(found, catalog=replace(opened.catalog, items=(*opened.catalog.items, gone)))
    assert twins(then) == [0, 1, 0], "its picture is no longer known"
    assert ids(results(then, "en")) == ["g1", "g7", "gone"]


def test_what_a_card_gives_the_large_view_is_escaped(opened: Opened) -> None:
    item = replace(opened.catalog.item("g1"), labels={"color": '<b>"red"'}, columns={"title": "<i>one</i>"})
    items = tuple(item if one.id == "g1" else one for one in opened.catalog.items)
    found = replace(found_of(opened, hit(1)), catalog=replace(opened.catalog, items=items))
    page = results(found, "en")
    assert "<b>" not in page.replace('<b class="', "") and "<i>one" not in page
    labels = re.search(r'data-labels="([^"]*)"', page)
    assert labels is not None and json.loads(unescape(labels[1])) == ['color: <b>"red"']


def test_the_menu_offers_the_attributes_of_the_query_first(opened: Opened) -> None:
    page = results(found_of(opened, hit(1), terms=like(G0, {"pattern": 1.0})), "en")
    menu = page[page.index("lapel-menu-parts") : page.index("lapel-large-parts")]
    assert re.findall(r'data-act="from_item" data-attribute="(\w+)"', menu)[:2] == ["pattern", "color"]
    assert re.findall(r'role="menuitem" data-act="(\w+)"', menu)[:3] == ["ask", "more", "less"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "color like g0, pattern: not solid, only split: test / blank"),
        ("ja", "g0に近い色、柄：無地以外、分割：テスト / 空欄のみ"),
    ],
)
def test_a_search_in_words(opened: Opened, lang: str, said: str) -> None:
    terms = (AskedTerm("color", G0), AskedTerm("pattern", "solid", -0.5), AskedTerm("color", "red", 0.0))
    assert in_words(Asked(terms, filters={"split": ["test", ""]}), opened.catalog, lang) == said
    assert in_words(Asked(), opened.catalog, lang) == ""


def test_what_is_not_wanted_has_no_level(opened: Opened) -> None:
    """A right result would be called unlikely otherwise, for being unlike what is not wanted."""
    unlike = AskedTerm("color", Picture(item="g0"), -0.5)
    both = answer(opened, Asked((AskedTerm("pattern", Picture(item="g0")), unlike)))
    assert all(set(hit.chances) <= {"pattern"} for hit in both.hits)
    alone = answer(opened, Asked((unlike,)))
    page = results(alone, "en")
    assert not any(hit.chances for hit in alone.hits) and "score level" not in page and "likely" not in page

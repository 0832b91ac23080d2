"""Match levels, a least one, and what cannot be seen: on the page, over REST, and in the words of both languages."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from library import Library, Opened
from model import AT_LEAST, Level
from retrieval import Hit
from tests.ui.conftest import UNSEEN
from tests.ui.test_search_events import handlers, request, search
from ui import cards, result_cards
from ui.asked import Asked, Picture, like
from ui.programs import Programs
from ui.rest import rest_app
from ui.search_events import SearchEvents
from ui.searching import Answer, answer, as_query
from ui.settings_cards import settings
from ui.words import WORDS

BY_COLOR = Asked(like(Picture(item="g0"), {"color": 1.0}), k=100)


@pytest.fixture
def events(library: Library, levelled: Opened) -> SearchEvents:
    return handlers(library)


@pytest.fixture
def rest(library: Library, levelled: Opened) -> TestClient:
    return TestClient(rest_app(Programs(library)), base_url="http://shop.example")


def made_up(opened: Opened, *chances: dict[str, float], hidden: tuple[str, ...] = (), **asked: Any) -> Answer:
    """An answer with the first items of the small catalog as its hits, of some chances each."""
    names = list(dict.fromkeys(name for own in chances for name in own)) or ["color"]
    hits = [Hit(f"g{place + 1}", 0.5, dict.fromkeys(names, 0.5 / len(names)), own) for place, own in enumerate(chances)]
    question = replace(BY_COLOR, terms=like(Picture(item="g0"), dict.fromkeys(names, 1.0)), **asked)
    return Answer(opened, opened.catalog, question, as_query(opened.catalog, question), tuple(hits), 3.0, 12, hidden)


def words(page: str) -> list[str]:
    """What the cards of a page say in place of the score."""
    return [unescape(said) for said in re.findall(r'<span class="score[^>]*>([^<]*)</span>', page)]


@pytest.mark.parametrize(("lang", "place"), [("en", 0), ("ja", 1)])
def test_a_card_says_the_level_in_a_word_and_the_numbers_behind(opened: Opened, lang: str, place: int) -> None:
    found = made_up(opened, {"color": 0.8}, {"color": 0.7999}, {"color": 0.5}, {"color": 0.031})
    page = result_cards.results(found, lang)
    keys = ["very_likely", "likely", "likely", "unlikely"]
    assert words(page) == [WORDS[key][place] for key in keys]
    assert [key in page for key in ("score level very_likely", "score level likely", "score level unlikely")] == [
        True
    ] * 3
    said = ["80 %", "3 %", "score 0.50"] if lang == "en" else ["80%", "3%", "スコア 0.50"]
    assert all(part in page for part in said)


def test_the_word_is_that_of_the_attribute_that_is_least_likely_shared(opened: Opened) -> None:
    page = result_cards.results(made_up(opened, {"color": 0.95, "pattern": 0.3}), "en")
    assert words(page) == ["unlikely"]
    assert "color: 95 % chance of the same value · pattern: 30 % chance of the same value · score 0.50" in page


def test_a_level_that_is_not_known_of_each_attribute_is_no_level(opened: Opened) -> None:
    known = made_up(opened, {"color": 0.95, "pattern": 0.3})
    hits = (replace(known.hits[0], chances={"color": 0.95}), replace(known.hits[0], id="g2", chances={}))
    page = result_cards.results(replace(known, hits=hits), "en")
    assert words(page) == ["0.50", "0.50"]
    assert "score level" not in page and "lapel-percent" not in page


def test_levels_of_a_search_fall_with_the_score_within_each_part(levelled: Opened) -> None:
    found = answer(levelled, BY_COLOR)
    assert [hit.id in UNSEEN for hit in found.hits] == [False] * 8 + [True] * 3
    assert [hit.hidden for hit in found.hits] == [()] * 8 + [("color",)] * 3
    for part in (found.hits[:8], found.hits[8:]):
        for key in ([hit.score for hit in part], [hit.chances["color"] for hit in part]):
            assert key == sorted(key, reverse=True)
    assert found.hidden == ()


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "color: it seems that this cannot be seen"), ("ja", "色：次のアイテム")]
)
def test_what_cannot_be_seen_is_a_list_of_its_own_and_goes_on_counting(levelled: Opened, lang: str, said: str) -> None:
    page = result_cards.results(answer(levelled, BY_COLOR), lang)
    first, heading, rest = page.partition('<h3 class="lapel-apart">')
    assert heading and rest.startswith(said)
    assert first.count('class="hit"') == 8 and rest.count('class="hit"') == 3
    assert '<ol class="lapel-hits" start="9">' in rest
    assert re.findall(r'data-pick="(\d+)"', page) == [str(rank) for rank in range(11)]
    assert re.findall(r'class="rank">(\d+)<', rest) == ["9", "10", "11"]


def test_hits_that_are_all_apart_are_one_list_under_the_heading(levelled: Opened) -> None:
    found = answer(levelled, BY_COLOR)
    page = result_cards.results(replace(found, hits=found.hits[8:]), "en")
    assert page.count('<ol class="lapel-hits"') == 1 and 'start="1"' in page
    assert page.index("lapel-apart") < page.index("<ol")
    seen = result_cards.results(replace(found, hits=found.hits[:8]), "en")
    assert "lapel-apart" not in seen and seen.count('<ol class="lapel-hits"') == 1


def test_a_query_that_does_not_show_the_attribute_is_said_above_the_results(events: SearchEvents) -> None:
    for lang, said in (
        ("en", "color: it seems that this cannot be seen on your picture"),
        ("ja", "色：クエリの画像では"),
    ):
        page = search(events, Picture(item=UNSEEN[0]), ["color"], lang=lang)[events.tab.results]
        assert said in page and page.index(said) < page.index("<ol")
    for item, name in ((UNSEEN[0], "pattern"), ("g0", "color")):
        assert "on your picture" not in search(events, Picture(item=item), [name])[events.tab.results]


def test_the_radio_cuts_the_results_off(events: SearchEvents) -> None:
    whole = search(events, Picture(item="g0"), ["color"], k=100)[events.tab.answer].hits
    for least in AT_LEAST.values():
        found = search(events, Picture(item="g0"), ["color"], k=100, least=least)
        assert list(found[events.tab.answer].hits) == [hit for hit in whole if hit.chances["color"] >= least]
    assert len(whole) == 11
    assert search(events, Picture(item="g0"), ["color"], k=100, least=None)[events.tab.answer].hits == whole


def test_the_settings_offer_the_levels_and_show_the_one_that_is_asked(opened: Opened) -> None:
    drawn = settings(opened, replace(BY_COLOR, least=AT_LEAST[Level.LIKELY]), "en")
    offered = re.findall(r'<option value="([^"]*)"( selected)?', drawn)
    assert offered == [("", ""), (f"{AT_LEAST[Level.LIKELY]:g}", " selected"), (f"{AT_LEAST[Level.VERY_LIKELY]:g}", "")]


@pytest.mark.parametrize(("lang", "said"), [("en", "Nothing good enough"), ("ja", "十分に合うものはありません")])
def test_nothing_that_likely_is_a_line_and_no_explanation(events: SearchEvents, lang: str, said: str) -> None:
    found = search(events, Picture(item="g0"), ["color"], least=1.0, lang=lang)
    assert said in found[events.tab.results]
    assert found[events.tab.explained].visible is False
    assert found[events.tab.line] == ""


@pytest.mark.parametrize(("lang", "said"), [("en", "has no match level here"), ("ja", "計算できません")])
def test_a_least_level_that_is_not_calibrated_is_one_line_and_results_stay(
    events: SearchEvents, lang: str, said: str
) -> None:
    changed = {"beta": 0.9, "least": 0.5}
    found = search(events, Picture(item="g0"), ["color"], lang=lang, **changed)
    assert events.tab.results not in found
    assert said in found[events.tab.line]
    without = search(events, Picture(item="g0"), ["color"], lang=lang, **{**changed, "least": None})
    assert not any(hit.chances for hit in without[events.tab.answer].hits)
    assert "level" not in without[events.tab.results]


def test_the_explanation_has_a_line_for_each_level(events: SearchEvents) -> None:
    found = search(events, Picture(item="g0"), ["color", "pattern"])
    hit = found[events.tab.answer].hits[1]
    for lang in ("en", "ja"):
        page = events.explain(found[events.tab.answer], 1, 0, request(lang))[events.tab.explanation]
        for name, said in (("color", "色"), ("pattern", "柄")):
            line = cards.chance_line(name, hit.chances[name], lang)
            assert line in page and (name if lang == "en" else said) in line
    alone = search(events, Picture(item="g0"), ["color"])
    page = events.explain(alone[events.tab.answer], 0, 0, request())[events.tab.explanation]
    assert re.search(r"color: \d+ % chance of the same value \((very likely|likely|unlikely)\)", page)
    assert "lapel-shares" not in page


def test_programs_get_levels_and_what_cannot_be_seen(rest: TestClient) -> None:
    found = rest.get("/v1/search?item=g0&attributes=color&attributes=pattern&k=100").json()
    assert found["notes"] == []
    for hit in found["hits"]:
        assert set(hit["chances"]) == {"color", "pattern"}
        assert all(0 <= chance <= 1 for chance in hit["chances"].values())
        assert hit["hidden"] == (["color"] if hit["id"] in UNSEEN else [])
    least = sorted(min(hit["chances"].values()) for hit in found["hits"])[6]
    query = f"item=g0&attributes=color&attributes=pattern&k=100&least={least}"
    bound = rest.get(f"/v1/search?{query}").json()["hits"]
    assert bound == [hit for hit in found["hits"] if min(hit["chances"].values()) >= least]
    assert 0 < len(bound) < 11
    form = {"item": "g0", "attributes": ["color", "pattern"], "k": "100", "least": str(least)}
    assert rest.post("/v1/search", data=form).json()["hits"] == bound
    asked = {"item": "g0", "attributes": ["color", "pattern"], "k": 100, "least": least}
    assert rest.post("/v1/search", json=asked).json()["hits"] == bound


def test_programs_are_told_when_the_query_does_not_show_it(rest: TestClient) -> None:
    notes = rest.get(f"/v1/search?item={UNSEEN[0]}&attributes=color").json()["notes"]
    assert notes == ["'color' cannot be seen on the picture that is asked by, so the order says little"]
    assert rest.get(f"/v1/search?item={UNSEEN[0]}&attributes=pattern").json()["notes"] == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("least=1.5", "least is 1.5; give a number from 0 (every hit) to 1"),
        ("least=likely", "least is"),
        ("gamma=-1", "gamma is -1"),
        ("least=0.5&beta=0.9", "'color' has no match level here (mix changed); search without a least one"),
    ],
)
def test_what_programs_ask_wrongly_is_a_sentence(rest: TestClient, query: str, said: str) -> None:
    response = rest.get(f"/v1/search?item=g0&attributes=color&{query}")
    assert response.status_code == 422 and said in response.json()["error"]


def test_gamma_goes_to_the_engine(rest: TestClient, levelled: Opened) -> None:
    """Where an attribute has no general view, it changes nothing."""
    asked = "/v1/search?item=g0&attributes=color&k=5"
    plain, most = (rest.get(asked + more).json()["hits"] for more in ("", "&gamma=1"))
    general = "general" in levelled.embedder.derivation("color").mix
    assert (plain != most) == general

"""Handlers of the Compare tab, without a browser."""

import asyncio
import re
from dataclasses import replace
from html import unescape
from typing import Any

import gradio as gr
import numpy as np
import pytest

from eval.products import mean_of
from eval.protocol import global_scorer
from library import Library, Opened
from retrieval import garment_map
from tests.ui.catalogs_page import event
from tests.ui.conftest import COLORS, draw_garment
from ui.asked import Asked, AskedTerm, Picture, like
from ui.compare import CompareEvents, build_compare_tab
from ui.compare.comparing import Agreement
from ui.compare.examples import Example, examples
from ui.compare.ordinary import GENERAL_COLUMN, NoOrdinary, Ordinary
from ui.compare.sentence import sentence
from ui.compare.sides import Sides
from ui.compare.tab import Looked
from ui.compare.ways import Way, ways

ORDINARY, LAPEL = Way("ordinary"), Way("lapel")
BY_COLOR = Asked(like(Picture(item="g0"), {"color": 1.0}))


def request(lang: str = "en", **params: str) -> gr.Request:
    return gr.Request(headers={"accept-language": lang}, query_params=params)


@pytest.fixture(scope="module")
def events(library: Library) -> CompareEvents:
    async def build() -> CompareEvents:
        with gr.Blocks(analytics_enabled=False):
            return CompareEvents(library, build_compare_tab(str), gr.Tabs())

    return asyncio.run(build())


@pytest.fixture(scope="module")
def sides(library: Library) -> Sides:
    def nowhere(opened: Opened, source: str) -> Opened:
        raise AssertionError(f"nobody asked for the weights {source}")

    return Sides(nowhere)


def text(html: Any) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", str(html)))


def shown(html: str, side: int) -> list[str]:
    """Ids of the hits of a side, 0 for the left one."""
    return re.findall(r'data-twin="([^"]+)"', html.split("<section")[side + 1])


def test_the_query_of_search_is_compared_and_named(events: CompareEvents) -> None:
    tab = events.tab
    drawn = events.opened(events.library.default, BY_COLOR, Looked(), request())
    html = drawn[tab.found]
    assert 'data-left="ordinary" data-right="lapel" data-example=""' in html
    assert len(shown(html, 0)) == len(shown(html, 1)) == 11
    assert "g0" not in shown(html, 0) + shown(html, 1)
    assert "color: like the picture" in text(html) and "color: red" in text(html)
    assert "Your search" in text(drawn[tab.ask])


def test_the_address_says_what_is_compared_first(events: CompareEvents) -> None:
    asked = request(left="patch", right="ordinary", example="2", tab="compare")
    drawn = events.opened(events.library.default, BY_COLOR, Looked(), asked)
    assert 'data-left="patch" data-right="ordinary" data-example="2"' in drawn[events.tab.found]
    assert "pattern: like the picture" in text(drawn[events.tab.found])
    looked = drawn[events.tab.looked]
    again = events.act(
        event(act="address", left="", right="", example=""), events.library.default, BY_COLOR, looked, request()
    )
    assert 'data-left="ordinary" data-right="lapel" data-example=""' in again[events.tab.found]


def test_a_query_that_is_still_to_come_is_waited_for(events: CompareEvents) -> None:
    tab = events.tab
    waiting = events.opened(events.library.default, Asked(), Looked(), request(item="g3"))
    assert not waiting[tab.found] and waiting[tab.looked].waits
    drawn = events.arrived(events.library.default, BY_COLOR, waiting[tab.looked], request())
    assert shown(drawn[tab.found], 1) and not drawn[tab.looked].waits
    assert tab.found not in events.arrived(events.library.default, BY_COLOR, drawn[tab.looked], request())
    assert tab.found not in events.arrived(events.library.default, BY_COLOR, Looked(), request())
    assert tab.found not in events.follow(events.library.default, BY_COLOR, Looked(), request())


def test_another_catalog_is_followed_whichever_comes_first(events: CompareEvents, opened: Opened) -> None:
    """The catalog and its query come in one go or one after the other, and either may be heard of first."""
    tab, before = events.tab, Looked(example="2", opened=True, catalog="another")
    gone = Asked(like(Picture(item="nowhere"), {"color": 1.0}))
    waiting = events.follow(opened.id, gone, before, request())
    assert not waiting[tab.found] and waiting[tab.looked].waits
    at_once = events.follow(opened.id, BY_COLOR, before, request())
    heard_first = events.arrived(opened.id, BY_COLOR, before, request())
    later = events.arrived(opened.id, BY_COLOR, waiting[tab.looked], request())
    for drawn in (at_once, heard_first, later):
        assert shown(drawn[tab.found], 1) and drawn[tab.looked].example == ""
    assert shown(events.opened(opened.id, Asked(), waiting[tab.looked], request())[tab.found], 1)


def test_the_address_is_kept_until_the_catalog_is_known(events: CompareEvents, opened: Opened) -> None:
    early = events.opened("", Asked(), Looked(), request(example="2", item="g0"))
    assert list(early) == [events.tab.looked]
    drawn = events.follow(opened.id, Asked(), early[events.tab.looked], request())
    assert 'data-example="2"' in drawn[events.tab.found]
    assert events.tab.found not in events.follow(opened.id, BY_COLOR, drawn[events.tab.looked], request())


def test_without_a_query_the_first_example_is_compared(events: CompareEvents, opened: Opened) -> None:
    drawn = events.opened(events.library.default, Asked(), Looked(), request("ja"))
    assert 'data-value="1" data-key="example-1" aria-pressed="true"' in drawn[events.tab.ask]
    assert "検索中の内容" not in drawn[events.tab.ask]
    assert "両側" in drawn[events.tab.found]


def test_the_examples_are_the_first_of_their_kind(opened: Opened) -> None:
    """Attributes in the order of the catalog, its test split, no item twice; then further values."""
    found = examples(opened)
    assert found == [Example("g0", "color", "test"), Example("g1", "pattern", "test"), Example("g2", "color", "test")]


def test_ordinary_similarity_ranks_as_it_is_measured(opened: Opened) -> None:
    table = opened.engine.table
    vectors, usable = np.asarray(table.column(GENERAL_COLUMN), np.float32), table.readable
    places = np.flatnonzero(usable)
    scores = global_scorer(vectors, mean_of(vectors, usable))(np.array([0]), places)["fused"][0]
    expected = [opened.catalog.items[place].id for place in places[np.argsort(-scores.round(9), kind="stable")]]
    assert Ordinary().ranked(opened, BY_COLOR, ()) == expected
    assert Ordinary().ranked(opened, BY_COLOR, ["g0"]) == [id for id in expected if id != "g0"]


def test_ordinary_similarity_of_a_picture_is_that_of_the_item_it_shows(opened: Opened) -> None:
    content = opened.catalog.path(opened.catalog.item("g4")).read_bytes()
    by_picture = Asked(like(Picture(content=content), {"color": 1.0}))
    by_item = Asked(like(Picture(item="g4"), {"color": 1.0}))
    assert Ordinary().ranked(opened, by_picture, ())[:6] == Ordinary().ranked(opened, by_item, ())[:6]


def test_ordinary_similarity_obeys_the_filters_and_needs_a_picture(opened: Opened) -> None:
    striped = replace(BY_COLOR, filters={"pattern": ["stripe"]})
    assert set(Ordinary().ranked(opened, striped, ["g0"])) == {"g2", "g4", "g6", "g8", "g10"}
    with pytest.raises(NoOrdinary):
        Ordinary().ranked(opened, Asked((AskedTerm("color", "red"),)), ())


def test_a_side_that_cannot_ask_says_why_and_the_other_is_shown(events: CompareEvents) -> None:
    html = events.opened(events.library.default, Asked((AskedTerm("color", "red"),)), Looked(), request())[
        events.tab.found
    ]
    assert "this query names none" in text(html)
    assert shown(html, 0)[:1] == []
    assert len(shown(html, 1)) == 12


def test_right_hits_are_counted_by_the_labels_beside_chance(opened: Opened, sides: Sides) -> None:
    found = sides.compare(opened, BY_COLOR, (ORDINARY, LAPEL))
    red, labelled = {"g3", "g6", "g9"}, {f"g{number}" for number in range(1, 11)}
    for side, agrees in ((found.left, found.left_agrees), (found.right, found.right_agrees)):
        assert agrees is not None
        assert agrees.right == len(red & set(side.hits)) and agrees.known == len(labelled & set(side.hits))
        assert agrees.chance == pytest.approx(3 / 10)
    assert found.judge("g3") is True and found.judge("g1") is False and found.judge("g11") is None


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ((2, 10), (5, 10), "Here Lapel finds 3 more."),
        ((5, 10), (2, 10), "Here ordinary similarity does better than Lapel: 3 more."),
        ((5, 10), (2, 8), "Here ordinary similarity does better than Lapel: its share is larger."),
        ((4, 10), (4, 10), "Here neither does better."),
    ],
)
def test_the_sentence_says_who_does_better(
    opened: Opened, sides: Sides, left: tuple[int, int], right: tuple[int, int], said: str
) -> None:
    found = sides.compare(opened, BY_COLOR, (ORDINARY, LAPEL))
    agrees = [Agreement(right, known, 12, 0.3) for right, known in (left, right)]
    told = sentence(replace(found, left_agrees=agrees[0], right_agrees=agrees[1]), "en")
    assert told.endswith(said)
    assert f"{right[0]} of {right[1]} labelled results have color: red" in told


def test_the_same_way_on_both_sides_is_said(opened: Opened, sides: Sides) -> None:
    found = sides.compare(opened, BY_COLOR, (LAPEL, LAPEL))
    assert found.left.ids == found.right.ids and found.shared == 11
    assert sentence(found, "en") == "Both sides ask in the same way."


def test_a_term_can_be_left_out(opened: Opened, sides: Sides) -> None:
    both = Asked(like(Picture(item="g0"), {"color": 1.0, "pattern": 1.0}))
    known = ways(opened, both)
    assert [way for way in known if way.kind == "without"] == [Way("without", "1"), Way("without", "2")]
    found = sides.compare(opened, both, (Way("without", "2"), LAPEL))
    assert found.left.ids == sides.compare(opened, BY_COLOR, (LAPEL, LAPEL)).left.ids
    assert found.right_agrees is not None  # of g11 the pattern is known, which is another one
    assert found.right_agrees.chance == pytest.approx(1 / 11)


def test_the_changed_background_is_a_montage_of_an_example(events: CompareEvents, opened: Opened) -> None:
    looked = Looked(example="background", opened=True)
    html = events.opened(events.library.default, BY_COLOR, looked, request())[events.tab.found]
    assert 'data-example="background"' in html
    assert "The picture as it is" in text(html) and "Montage, asked by" in text(html)
    assert re.search(
        r"With another background Lapel keeps \d+ of its 11 results, ordinary similarity \d+ of 11", text(html)
    )
    montage = events.montages.of(opened, examples(opened))
    assert events.montages.known(opened, examples(opened)) == (True, montage)
    assert montage is not None and montage.donor == ""  # all backgrounds of the drawn catalog are alike
    assert "put before plain grey" in text(
        events.opened(events.library.default, BY_COLOR, looked, request())[events.tab.ask]
    )


def test_the_map_of_a_garment_lies_on_it(opened: Opened) -> None:
    picture = draw_garment(COLORS["red"], False, (160, 200))
    found = garment_map(opened.embedder, picture)
    assert found is not None and found.shape == (200, 160)
    assert found.min() >= 0 and found.max() <= 1
    assert found[70:140, 60:100].mean() > found[:, :12].mean() + 0.2


def test_metrics_is_one_click_away(events: CompareEvents) -> None:
    assert (
        events.act(event(act="metrics"), events.library.default, BY_COLOR, Looked(), request())[events.tabs].selected
        == "metrics"
    )

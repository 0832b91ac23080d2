"""Why is another item not here: what is offered, what is said of each cause, and that each way out does what it says."""

import asyncio
import re
from dataclasses import replace
from html import unescape
from typing import Any

import gradio as gr
import pytest

from catalog import Item
from library import Library, Opened
from tests.ui.conftest import UNSEEN
from tests.ui.test_search_events import request
from ui.asked import Asked, AskedTerm, Picture
from ui.missing import Cause, missed, missing
from ui.searching import Answer, answer
from ui.why_events import WhyNotEvents, build_why_not
from ui.why_not_cards import why_not_card

ITEM = AskedTerm("color", Picture(item="g0"))
BOTH = Asked((ITEM, AskedTerm("pattern", "solid", 0.4)), k=3)


@pytest.fixture(scope="module")
def events(library: Library) -> WhyNotEvents:
    async def build() -> WhyNotEvents:
        with gr.Blocks(analytics_enabled=False):
            return WhyNotEvents(library, build_why_not(lambda key: key))

    return asyncio.run(build())


def press(**data: str) -> gr.EventData:
    return gr.EventData(None, data)


def text(html: str) -> str:
    """What is read of a page, without its marks."""
    return unescape(re.sub(r"<[^>]+>", " ", html))


def last_of(found: Answer) -> str:
    whole = answer(found.opened, replace(found.asked, k=99))
    return whole.hits[-1].id


def test_an_item_far_down_has_its_place_and_the_term_that_holds_it_back(opened: Opened) -> None:
    found = answer(opened, BOTH)
    far = missing(found, last_of(found))
    standing = far.standing
    assert far.cause is Cause.HELD and standing.held_back_by is not None
    assert sum(far.views.values()) == pytest.approx(standing.gaps[standing.held_back_by], abs=1e-6)
    html = why_not_card(found, far, "en")
    name = ["color like g0", "pattern: solid"][standing.held_back_by]
    assert f"Place {standing.rank} of {standing.among}" in html and f"Held back by “{name}”" in html
    assert "Last result, place 3" in html and html.count("<img") == 2
    row = re.search(r'<tr class="held"><th scope="row">([^<]*)<.*?<td>([^<]*)</td></tr>', html)
    assert row is not None and row[1] == name
    assert float(row[2].replace("−", "-")) == pytest.approx(-standing.gaps[standing.held_back_by], abs=6e-4)


def test_each_way_brings_it_in_as_it_says(opened: Opened) -> None:
    seen = 0
    for terms in (BOTH.terms, (ITEM, AskedTerm("pattern", Picture(item="g1"), -0.5)), (BOTH.terms[1], ITEM)):
        asked = Asked(terms, k=4)
        found = answer(opened, asked)
        for item in opened.catalog:
            if item.id == "g0" or missing(found, item.id).cause is not Cause.HELD:
                continue
            told = missing(found, item.id)
            for way in told.ways:
                changed = list(terms)
                changed[way.term : way.term + 1] = [replace(terms[way.term], weight=way.weight)] if way.weight else []
                hits = [hit.id for hit in answer(opened, replace(asked, terms=tuple(changed))).hits]
                assert hits.index(item.id) == way.rank - 1
                button = "weigh" if way.weight else "remove"
                assert f'data-act="{button}" data-term="{way.term}"' in why_not_card(found, told, "en")
                seen += 1
            if told.nearest is not None:
                assert not told.ways and asked.k < told.nearest.rank <= (told.standing.rank or 0) / 2
                assert "This brings it nearest" in why_not_card(found, told, "en")
    assert seen >= 2


def test_so_many_results_show_it(opened: Opened) -> None:
    found = answer(opened, BOTH)
    far = missing(found, last_of(found))
    html = why_not_card(found, far, "ja")
    assert f'data-act="k" data-value="{far.standing.rank}"' in html
    assert f"{far.standing.rank}件まで表示する" in html
    more = answer(opened, replace(BOTH, k=far.standing.rank or 0))
    assert more.hits[-1].id == far.item.id


def test_what_is_filtered_out_says_by_which_filter(opened: Opened) -> None:
    asked = replace(BOTH, filters={"color": ["red", "green"], "split": ["test"], "pattern": ["solid"]})
    found = answer(opened, asked)
    blank = missing(found, "g11")  # blue, without its label; solid; of the training split
    assert blank.cause is Cause.FILTERS and [kept.column for kept in blank.filters] == ["color", "split"]
    html = why_not_card(found, blank, "en")
    assert "it has no color, and red / green is asked for" in html and "split is train, not test" in html
    assert 'data-act="filter" data-column="split" data-value="train" data-on="true"' in html
    assert 'data-column="color"' not in html and 'data-act="clear_filters"' in html and "Left out" in html
    assert "分割が学習" in why_not_card(found, blank, "ja") or "が学習（条件：テスト）" in why_not_card(
        found, blank, "ja"
    )
    many = replace(BOTH, filters={"title": [f"number {place}" for place in range(5)]})
    assert "not one of 5" in why_not_card(answer(opened, many), missing(answer(opened, many), "g7"), "en")


def test_what_is_among_the_results_or_asked_by_is_said(opened: Opened) -> None:
    found = answer(opened, BOTH)
    assert missing(found, "g0").cause is Cause.QUERY and "You search with it" in why_not_card(
        found, missing(found, "g0"), "en"
    )
    for place, hit in enumerate(found.hits, 1):
        html = why_not_card(found, missing(found, hit.id), "en")
        assert f"It is among the results, at place {place}." in html and html.count("<img") == 1


def test_equals_that_came_later_are_not_held_back_by_anything(opened: Opened) -> None:
    found = answer(opened, Asked((AskedTerm("pattern", "solid"),), k=1))
    twin = next(
        item
        for item in opened.catalog
        if item.id != found.hits[0].id
        and opened.catalog.open(item).tobytes() == opened.catalog.open(opened.catalog.item(found.hits[0].id)).tobytes()
    )
    told = missing(found, twin.id)
    assert told.cause is Cause.ALIKE and "It scores as the last result does" in why_not_card(found, told, "en")


def test_one_term_has_no_weights_to_change(opened: Opened) -> None:
    found = answer(opened, Asked((ITEM,), k=2))
    told = missing(found, last_of(found))
    html = why_not_card(found, told, "en")
    assert told.cause is Cause.HELD and told.ways == () and told.nearest is None
    assert "less like what is asked for than the results are" in html and "data-term" not in html


def test_below_the_least_level_it_says_how_likely(levelled: Opened) -> None:
    whole = answer(levelled, Asked((AskedTerm("pattern", Picture(item="g0")),), k=11))
    chances = [hit.chances["pattern"] for hit in whole.hits]
    least = (chances[0] + chances[-1]) / 2
    found = answer(levelled, replace(whole.asked, least=least))
    dropped = whole.hits[-1]
    told = missing(found, dropped.id)
    assert told.cause is Cause.LEAST and told.chance == dropped.chances["pattern"]
    html = why_not_card(found, told, "en")
    assert f"only {100 * chances[-1]:.0f} % likely" in html and 'data-act="least" data-value="0"' in html


def test_where_it_cannot_be_seen_that_is_the_reason(levelled: Opened) -> None:
    found = answer(levelled, Asked((ITEM,), k=3))
    told = missing(found, UNSEEN[0])
    assert told.cause is Cause.HIDDEN
    assert "color cannot be seen on it" in why_not_card(found, told, "en")


def test_items_that_one_would_expect_are_labelled_as_asked_and_not_shown(opened: Opened) -> None:
    found = answer(opened, replace(BOTH, k=1))
    items = missed(found, 99)
    ids = {item.id for item in items}
    right = {
        item.id
        for item in opened.catalog
        if item.labels.get("color") == "red" and item.labels.get("pattern") == "solid"
    }
    assert right and ids == right - {found.hits[0].id} - {"g0"}
    order = [hit.id for hit in answer(opened, replace(BOTH, k=99)).hits]
    assert [item.id for item in items] == sorted(ids, key=order.index), "the next one first"
    filtered = answer(opened, replace(BOTH, k=1, filters={"split": ["train"]}))
    assert {item.split for item in missed(filtered, 99)} <= {"train"}
    assert len(missed(answer(opened, Asked((AskedTerm("color", "blue", -1.0), ITEM), k=1)), 2)) == 2


def test_an_item_is_found_by_part_of_its_id_or_title(events: WhyNotEvents, opened: Opened) -> None:
    part, found = events.part, answer(opened, BOTH)
    assert [item.id for item in events.named(opened.catalog, "G1")] == ["g1", "g10", "g11"]
    assert [item.id for item in events.named(opened.catalog, "ｎｕｍｂｅｒ　1".replace("　", " "))] == [
        "g1",
        "g10",
        "g11",
    ]
    listed = events.turn(press(act="find", text=" number  1 "), found, request())
    assert set(listed) == {part.offered} and "3 items match" in text(listed[part.offered])
    assert re.findall(r'<option value="(g\d+)">', listed[part.offered]) == ["g1", "g10", "g11"]
    assert listed[part.offered].count('data-act="why_not"') == 3
    nothing = events.turn(press(act="find", text="<coat>"), found, request("ja"))[part.offered]
    assert "「<coat>」を含むアイテムはありません" in text(nothing) and "<coat>" not in nothing
    every = text(events.turn(press(act="find", text="number"), found, request())[part.offered])
    assert "12 items match" in every
    assert "expect" not in every


def test_what_is_chosen_is_explained_and_again_for_the_next_search(events: WhyNotEvents, opened: Opened) -> None:
    part, found = events.part, answer(opened, BOTH)
    far = last_of(found)
    first = events.open(found, request())
    assert 'list="lapel-why-items"' in first[part.ask] and first[part.item] == ""
    for data in (press(act="why_not", item=far), press(act="why_not", text=far.upper())):
        told = events.turn(data, found, request())
        assert told[part.item] == far and "Held back by" in told[part.shown]
    several = events.turn(press(act="why_not", text="number 1"), found, request())
    assert set(several) == {part.offered}, "three could be meant"
    again = events.again(answer(opened, replace(BOTH, k=11)), far, request())
    assert "It is among the results" in again[part.shown]
    still: dict[Any, Any] = events.again(found, None, request())
    assert part.shown not in still, "nobody asks"
    assert part.offered in events.again(found, "", request())
    assert events.shut()[part.item] is None
    assert "Search first" in text(events.open(None, request())[part.ask])


def test_what_cannot_be_explained_is_one_line(events: WhyNotEvents, opened: Opened) -> None:
    found = answer(opened, BOTH)
    gone = replace(found, catalog=replace(opened.catalog, items=(*opened.catalog.items, Item("new", "new.png"))))
    told = events.turn(press(act="why_not", item="new"), gone, request())
    assert "lapel-line error" in told[events.part.shown] and "'new'" in unescape(told[events.part.shown])

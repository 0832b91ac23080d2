"""Handlers of the search tab, without a browser."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from catalog import Catalog
from library import Library, begin_attribute
from tests.ui.conftest import draw_distinct, library_of, library_on, ready
from ui.address_query import address_text
from ui.asked import Arrival, Asked, Picture, like
from ui.search_events import SearchEvents
from ui.search_tab import SearchTab, build_search_tab
from ui.steps import Steps
from ui.turning import Step


def request(lang: str = "en") -> gr.Request:
    return gr.Request(headers={"accept-language": lang}, query_params={})


def handlers(library: Library) -> SearchEvents:
    """Built inside an event loop: outside of one, gr.Blocks makes loops that nobody closes."""

    async def build() -> SearchEvents:
        with gr.Blocks(analytics_enabled=False):
            tab: SearchTab = build_search_tab(lambda key: key)
            return SearchEvents(library, tab, gr.Dropdown(), gr.HTML(), gr.Button())

    return asyncio.run(build())


@pytest.fixture(scope="module")
def events(library: Library) -> SearchEvents:
    return handlers(library)


def page(library: Library, asked: Asked, catalog: str = "", picture: Picture | None = None) -> Steps:
    """A page that asks a query."""
    steps = Steps()
    steps.begin(library.opened(catalog).id, Step(asked, picture or asked.picture))
    return steps


def search(
    events: SearchEvents, picture: Picture, names: Sequence[str], catalog: str = "", lang: str = "en", **changes: Any
) -> dict[Any, Any]:
    """What a page shows for a picture and some attributes, in no more than five results unless told otherwise."""
    weighed = changes.pop("weighed", {})
    terms = like(picture, {name: weighed.get(name, 1.0) for name in names})
    steps = page(events.library, Asked(terms, **{"k": 5, **changes}), catalog, picture)
    return events.again(catalog, steps, request(lang))


def press(events: SearchEvents, steps: Steps, lang: str = "en", **data: Any) -> dict[Any, Any]:
    """What an act of the page gives."""
    return events.act(gr.EventData(None, data), steps.catalog, steps, request(lang))


def all_of(updates: AsyncIterator[dict[Any, Any]]) -> list[dict[Any, Any]]:
    async def collect() -> list[dict[Any, Any]]:
        return [update async for update in updates]

    return asyncio.run(collect())


def test_the_first_view_holds_a_query(events: SearchEvents) -> None:
    steps = Steps()
    filled = all_of(events.begin(steps, request("ja")))[-1]
    assert steps.now.asked.terms == like(Picture(item="g0"), {"color": 1.0}) and steps.now.example
    assert "色が近い" in filled[events.tab.bar] and 'data-address="term=color%40g0"' in filled[events.tab.bar]
    assert "<img" in filled[events.tab.image] and 'alt="色：赤、柄：ストライプ"' in filled[events.tab.image]
    assert 'aria-pressed="true"' in filled[events.tab.picker] and 'aria-pressed="true"' in filled[events.tab.rows]
    assert filled[events.tab.results].count('class="hit"') > 1 and filled[events.tab.answer].asked == steps.now.asked


def test_results_name_rank_value_and_agreement(events: SearchEvents) -> None:
    found = search(events, Picture(item="g0"), ["color"])
    html = found[events.tab.results]
    assert html.count('class="hit"') == 5
    same = html.count('class="value same"')
    assert f"{same} of 5 labelled results" in html or f"{same} of 4 labelled results" in html
    assert len(found[events.tab.answer].hits) == 5
    assert found[events.tab.line] == ""


def test_a_query_of_metrics_is_searched_as_there_and_the_result_that_was_chosen_is_explained(
    events: SearchEvents, library: Library
) -> None:
    tab, here, steps = events.tab, {f"g{number}" for number in range(6)}, Steps()
    wish = (library.default, 1, "g0", "color", "g4", "test")
    found = all_of(events.go(wish, steps, request()))[-1]
    asked = steps.now.asked
    assert list(asked.weights) == ["color"] and asked.filters == {"split": ("test",)}
    ids = [hit.id for hit in found[tab.answer].hits]
    assert set(ids) <= here and ids[found[tab.rank]] == "g4"
    assert found[tab.results].count('class="hit" data-pick') == len(ids) and "only the test split" in found[tab.arrived]
    short = events.again("", page(library, replace(asked, k=1)), request())
    assert [hit.id for hit in short[tab.answer].hits] == ids[: found[tab.rank] + 1], "so many as it takes"
    every = press(events, steps, act="filter", column="split", value="test", on="")
    assert steps.now.asked.filters == {} and "those of the test split labelled with color" in every[tab.arrived]
    press(events, steps, act="filter", column="split", value="test", on="true")
    assert steps.now.asked.filters == {"split": ("test",)}
    link = address_text(steps.now)
    assert "hit=g4" in link and "split=test" in link, "a reload and a colleague see the same"
    assert search(events, Picture(item="g0"), ["color"])[tab.arrived] == ""
    gone = search(events, Picture(item="g0"), ["color"], lang="ja", arrival=Arrival("gone"))
    assert "上位200件に入らない" in gone[tab.arrived] and gone[tab.rank] == 0


def test_zero_weight_takes_an_attribute_out(events: SearchEvents) -> None:
    both = search(events, Picture(item="g0"), ["color", "pattern"], weighed={"pattern": 0.0})
    alone = search(events, Picture(item="g0"), ["color"])
    assert [hit.id for hit in both[events.tab.answer].hits] == [hit.id for hit in alone[events.tab.answer].hits]
    assert [value for _, value in both[events.tab.which].choices] == [0]


def test_explanation_shows_both_sides(events: SearchEvents) -> None:
    found = search(events, Picture(item="g0"), ["color", "pattern"])
    shown = events.explain(found[events.tab.answer], 1, 1, request())
    html = shown[events.tab.explanation]
    assert html.count("<img") == 4
    assert "pattern: stripe" in html and "Result 2" in html
    assert html.count("<details") == 2 and html.count('<details data-key="term-1-1" open>') == 1


@pytest.mark.parametrize(
    ("choice", "names", "changes", "said"),
    [
        (Picture(item="gone"), ["color"], {}, "gone"),
        (Picture(item="gone"), ["color"], {"lang": "ja"}, "処理できませんでした"),
        (Picture(item="g0"), ["color", "pattern"], {"weighed": {"color": 0, "pattern": 0}}, "every weight is 0"),
        (Picture(item="g0"), ["color"], {"filters": {"size": ["L"]}}, "it has: color, pattern, split, title"),
        (Picture(item="g0"), ["color"], {"filters": {"color": ["pink"]}}, "it has: blue, green, red"),
    ],
)
def test_what_is_wrong_is_one_line_and_results_stay(
    events: SearchEvents, choice: Picture, names: list[str], changes: dict[str, Any], said: str
) -> None:
    last = search(events, choice, names, **changes)
    assert said in last[events.tab.line]
    assert last[events.tab.line].count("<p") == 1
    assert events.tab.results not in last and events.tab.answer not in last


def test_the_line_says_how_many_items_pass_the_filters(events: SearchEvents) -> None:
    found = search(events, Picture(item="g0"), ["color"], filters={"pattern": ["solid"]}, k=3)
    assert "3 of 6 items that pass the filters" in found[events.tab.results]
    found = search(events, Picture(item="g0"), ["color"], filters={"pattern": ["stripe"]}, k=9, lang="ja")
    assert "条件に合う6点中5点を表示" in found[events.tab.results] and "クエリ自身を除く" in found[events.tab.results]
    assert "5 of 12 items<" in search(events, Picture(item="g0"), ["color"])[events.tab.results]


def test_filters_that_nothing_else_passes_say_so(events: SearchEvents) -> None:
    found = search(events, Picture(item="g0"), ["color"], filters={"title": ["number 0"]})
    assert "no other item" in found[events.tab.results]
    assert found[events.tab.explained].visible is False
    both = {"title": ["number 0"], "pattern": ["solid"]}
    assert "No item passes" in search(events, Picture(item="g0"), ["color"], filters=both)[events.tab.results]


def test_without_a_query_nothing_is_left_of_the_last_one(events: SearchEvents) -> None:
    cleared = search(events, Picture(), [])
    assert cleared[events.tab.results] == "" and cleared[events.tab.answer] is None
    assert cleared[events.tab.explained].visible is False
    assert "Nothing is asked yet" in cleared[events.tab.bar]


def test_an_attribute_that_must_be_embedded_says_how_long_and_does_not_stand_in_the_way(
    small_catalog: Catalog, tmp_path: Path
) -> None:
    library = ready(library_on(small_catalog, tmp_path))
    events, opened = handlers(library), library.opened("")
    name = opened.unlabelled[0]
    steps = page(library, Asked(like(Picture(item="g0"), {"color": 1.0, name: 1.0})))
    begun = events.again("", steps, request())
    assert re.search(r"embedded for this first, in the background, about \d+ s", begun[events.tab.line])
    assert begun[events.tab.timer].active is True and begun[events.stop].visible is True
    assert list(begun[events.tab.answer].asked.weights) == ["color"] and "being embedded" in begun[events.tab.bar]
    until = time.monotonic() + 60
    while events.tab.ready not in (ticked := events.tick("", steps, 3, None, request())):
        assert "<progress" in ticked[events.banner] and name.replace("_", " ") in ticked[events.banner]
        assert time.monotonic() < until
        time.sleep(0.05)
    assert ticked[events.tab.ready] == 4 and ticked[events.tab.timer].active is False
    done = events.again("", steps, request())
    assert len(done[events.tab.answer].asked.weights) == 2
    assert done[events.tab.line] == "" and done[events.stop].visible is False


@pytest.mark.parametrize("way", ["untick", "stop"])
def test_an_embedding_stops_when_its_attribute_is_unticked(small_catalog: Catalog, tmp_path: Path, way: str) -> None:
    library = ready(library_on(small_catalog, tmp_path))
    events, opened = handlers(library), library.opened("")
    name = opened.unlabelled[0]
    opened.measured(1, 10.0)
    steps = page(library, Asked(like(Picture(item="g0"), {"color": 1.0, name: 1.0})))
    events.again("", steps, request())
    if way == "untick":
        after = press(events, steps, act="remove", term=1)
    else:
        after = events.stopped("", steps, request())
        assert [term.attribute for term in steps.now.asked.terms] == ["color"]
        assert "Stopped" in after[events.tab.line]
    assert after[events.banner] == "" and after[events.tab.timer].active is False
    assert events.embedding(opened).wait(30)
    assert name not in opened.engine.attributes


@pytest.mark.parametrize("count", [1, 3, 11])
def test_few_items_make_a_page(tmp_path: Path, count: int) -> None:
    events = handlers(library_of(tmp_path, count))
    found = all_of(events.begin(Steps(), request()))[-1]
    assert found[events.tab.results].count('class="hit"') == count - 1
    if count == 1:
        assert "no other item" in found[events.tab.results]


def test_a_labelled_attribute_that_is_not_known_yet_leads_to_labelling(tmp_path: Path) -> None:
    library = library_of(tmp_path, 3)
    begin_attribute(library.ledger(library.default), "mood", ["calm", "<loud>"])
    library.refresh(library.default)
    events = handlers(library)
    for lang, said in (("en", "not known yet"), ("ja", "ラベルあり、未学習")):
        filled = all_of(events.begin(Steps(), request(lang)))[-1]
        shown = filled[events.tab.rows]
        assert said in shown and shown.count("teach it" if lang == "en" else "学習させる") == 1
        assert f'data-act="label" data-id="{library.default}" data-attribute="mood"' in shown
        assert 'data-act="like" data-attribute="mood"' not in shown


def test_unreadable_items_are_counted_on_the_page_with_a_list(tmp_path: Path) -> None:
    events = handlers(library_of(tmp_path, 5, broken=[0, 2]))
    english, japanese = (all_of(events.begin(Steps(), request(lang)))[-1] for lang in ("en", "ja"))
    said = english[events.tab.left_out]
    assert "Left out: 2 of 5 items" in said and said.partition("</details>")[0].count("<li>") == 2
    assert "0.png" in said and str(tmp_path) not in said
    assert "5点中2点" in japanese[events.tab.left_out] and "2.png (g2)</b> 画像として" in japanese[events.tab.left_out]
    assert english[events.tab.query].picture == Picture(item="g1")
    assert "g0" not in english[events.tab.picker] and 'data-pick="g3"' in english[events.tab.picker]


def test_a_catalog_without_a_readable_item_is_a_page_that_says_so(tmp_path: Path) -> None:
    library = library_of(tmp_path, 3, broken=[1, 2])
    (tmp_path / "catalog" / "images" / "0.png").write_text("damaged meanwhile")
    library.refresh(library.default, look=True)
    library.opened("").engine.embed()
    events = handlers(library)
    filled = all_of(events.begin(Steps(), request()))[-1]
    assert "Left out: 3 of 3 items" in filled[events.tab.left_out]
    assert filled[events.tab.query].terms == ()


@pytest.mark.parametrize(
    ("params", "lang", "said"),
    [
        ({"attribute": "wings"}, "en", "'wings', which is not known here; known are: "),
        ({"attribute": "wings"}, "ja", "「wings」はありません"),
        ({"item": "g99"}, "en", "item 'g99'"),
        ({"item": "g99"}, "ja", "「g99」は使えない"),
    ],
)
def test_an_address_that_asks_for_what_is_not_there_is_told(
    events: SearchEvents, params: dict[str, str], lang: str, said: str
) -> None:
    asked = gr.Request(headers={"accept-language": lang}, query_params=params)
    assert said in unescape(all_of(events.begin(Steps(), asked))[-1][events.tab.query_line])


def test_a_failed_start_is_said_on_the_page(small_catalog: Catalog, tmp_path: Path) -> None:
    library = library_on(small_catalog, tmp_path, device="abacus")
    assert library.opened("").wait(60)
    events = handlers(library)
    (said,) = all_of(events.begin(Steps(), request()))
    assert "could not start" in said[events.banner] and "abacus" in said[events.banner]


def test_while_a_catalog_is_embedded_it_is_searched_again_when_there_is_twice_as_much(tmp_path: Path) -> None:
    folder = draw_distinct(tmp_path / "shop", 100)
    library = ready(library_on(folder, tmp_path / "home"))
    events, opened = handlers(library), library.opened("")
    item, _ = opened.example()
    assert item is not None
    steps = page(library, Asked(like(Picture(item=item.id), {"color": 1.0})))
    found = events.again("", steps, request())
    assert found[events.tab.timer].active and f"{opened.pending} pictures" in found[events.banner]
    still = events.tick("", steps, 3, found[events.tab.answer], request())
    assert events.tab.ready not in still and "pictures" in still[events.banner]
    opened.engine.embed(None, lambda: len(opened.readable) >= 64)
    assert opened.pending
    assert events.tick("", steps, 3, found[events.tab.answer], request())[events.tab.ready] == 4
    opened.engine.embed()
    at_rest = events.tick("", steps, 4, found[events.tab.answer], request())
    assert at_rest[events.tab.ready] == 5 and at_rest[events.tab.timer].active is False

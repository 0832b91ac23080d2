"""Handlers of the search tab, without a browser."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from catalog import Catalog
from library import Library, begin_attribute
from tests.ui.conftest import draw_distinct, library_of, library_on, ready
from ui.asked import Arrival, Picture
from ui.search_events import SearchEvents
from ui.search_tab import SearchTab, build_search_tab
from ui.searching import MOST_TERMS

NO_WEIGHTS: dict[str, float] = {}


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


def search(events: SearchEvents, choice: Picture, names: list[str], **changes: Any) -> dict[Any, Any]:
    asked = {"more": [], "weighed": NO_WEIGHTS, "least": 0.0, "trained": True, "balance": {"beta": 0.3}}
    asked |= {"k": 5, "filters": [], **changes}
    catalog, lang = asked.pop("catalog", ""), asked.pop("lang", "en")
    return events.search(catalog, choice, names, request=request(lang), **asked)


def all_of(updates: AsyncIterator[dict[Any, Any]]) -> list[dict[Any, Any]]:
    async def collect() -> list[dict[Any, Any]]:
        return [update async for update in updates]

    return asyncio.run(collect())


def test_the_first_view_holds_a_query(events: SearchEvents) -> None:
    filled = all_of(events.begin(request("ja")))[-1]
    assert filled[events.tab.choice] == Picture(item="g0")
    assert filled[events.tab.attributes].value == ["color"]
    assert [choice[0] for choice in filled[events.tab.attributes].choices] == ["色", "柄"]
    assert "<img" in filled[events.tab.image] and "袖丈" not in filled[events.tab.image]
    assert 'alt="色：赤、柄：ストライプ"' in filled[events.tab.image]
    assert 'aria-pressed="true"' in filled[events.tab.picker]
    assert ("色：赤", '["color", "red"]') in filled[events.tab.filters].choices


def test_results_name_rank_value_and_agreement(events: SearchEvents) -> None:
    found = search(events, Picture(item="g0"), ["color"])
    html = found[events.tab.results]
    assert html.count('class="hit"') == 5
    assert "Ranked by color" in html and "Query: red" in html
    same = html.count('class="value same"')
    assert f"{same} of 5 labelled results" in html or f"{same} of 4 labelled results" in html
    assert len(found[events.tab.answer].hits) == 5
    assert found[events.tab.line] == ""


def test_a_query_of_metrics_is_searched_as_there_and_the_result_that_was_chosen_is_explained(
    events: SearchEvents, library: Library
) -> None:
    tab, here = events.tab, {f"g{number}" for number in range(6)}
    wish = (library.default, 1, "g0", "color", "g4", "test")
    filled = all_of(events.go(wish, ["pattern"], [], request()))[-1]
    filters = filled[tab.filters].value
    assert filled[tab.attributes].value == ["color"] and filters == ['["split", "test"]']
    found = search(events, filled[tab.choice], ["color"], filters=filters)
    ids = [hit.id for hit in found[tab.answer].hits]
    assert set(ids) <= here and ids[found[tab.rank]] == "g4"
    assert found[tab.results].count('aria-pressed="true"') == 1 and "only the test split" in found[tab.arrived]
    short = search(events, filled[tab.choice], ["color"], filters=filters, k=1)
    assert [hit.id for hit in short[tab.answer].hits] == ids[: found[tab.rank] + 1], "so many as it takes"

    def pressed(split: str, kept: list[str]) -> Any:
        return events.arrive(gr.EventData(None, {"split": split}), "", kept, request())[tab.filters].value

    assert pressed("", [*filters, '["pattern", "solid"]']) == ['["pattern", "solid"]']
    every = search(events, filled[tab.choice], ["color"])
    assert (
        'data-split="test"' in every[tab.arrived]
        and "those of the test split labelled with color" in every[tab.arrived]
    )
    assert pressed("test", []) == filters and pressed("nowhere", []) == []
    assert search(events, Picture(item="g0"), ["color"])[tab.arrived] == ""
    gone = search(events, replace(filled[tab.choice], arrival=Arrival("gone")), ["color"], lang="ja")
    assert "上位60件に入らない" in gone[tab.arrived] and gone[tab.rank] == 0


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
    assert html.count("<details") == 2 and html.count('<details data-key="term-1" open>') == 1


@pytest.mark.parametrize(
    ("choice", "names", "changes", "said"),
    [
        (Picture(), ["color"], {}, "Add a picture"),
        (Picture(item="g0"), [], {}, "at least one attribute"),
        (Picture(item="g0"), [], {"lang": "ja"}, "属性を1つ以上"),
        (Picture(item="g0"), [str(n) for n in range(MOST_TERMS + 1)], {}, "at most"),
        (Picture(item="gone"), ["color"], {}, "gone"),
        (Picture(item="gone"), ["color"], {"lang": "ja"}, "処理できませんでした"),
        (Picture(item="g0"), ["color", "pattern"], {"weighed": {"color": 0, "pattern": 0}}, "every weight is 0"),
        (Picture(item="g0"), ["color"], {"filters": ['["size", "L"]']}, "it has: color, pattern, split, title"),
        (Picture(item="g0"), ["color"], {"filters": ['["color", "pink"]']}, "it has: blue, green, red"),
    ],
)
def test_what_is_missing_or_wrong_is_one_line_and_results_stay(
    events: SearchEvents, choice: Picture, names: list[str], changes: dict[str, Any], said: str
) -> None:
    last = search(events, choice, names, **changes)
    assert said in last[events.tab.line]
    assert last[events.tab.line].count("<p") == 1
    if not choice.empty:
        assert events.tab.results not in last and events.tab.answer not in last


def test_the_line_says_how_many_items_pass_the_filters(events: SearchEvents) -> None:
    found = search(events, Picture(item="g0"), ["color"], filters=['["pattern", "solid"]'], k=3)
    assert "3 of 6 items that pass the filters" in found[events.tab.results]
    found = search(events, Picture(item="g0"), ["color"], filters=['["pattern", "stripe"]'], k=9, lang="ja")
    assert "条件に合う6点中5点を表示" in found[events.tab.results] and "クエリ自身を除く" in found[events.tab.results]
    assert "5 of 12 items<" in search(events, Picture(item="g0"), ["color"], filters=None)[events.tab.results]


def test_filters_that_nothing_else_passes_say_so(events: SearchEvents) -> None:
    found = search(events, Picture(item="g0"), ["color"], filters=['["title", "number 0"]'])
    assert "no other item" in found[events.tab.results]
    assert found[events.tab.explained].visible is False
    both = ['["title", "number 0"]', '["pattern", "solid"]']
    assert "No item passes" in search(events, Picture(item="g0"), ["color"], filters=both)[events.tab.results]


def test_without_a_query_nothing_is_left_of_the_last_one(events: SearchEvents) -> None:
    cleared = search(events, Picture(), ["color"])
    assert cleared[events.tab.results] == "" and cleared[events.tab.answer] is None
    assert cleared[events.tab.explained].visible is False
    assert "Add a picture" in cleared[events.tab.line]


def test_an_attribute_that_must_be_embedded_says_how_long_and_does_not_stand_in_the_way(
    small_catalog: Catalog, tmp_path: Path
) -> None:
    library = ready(library_on(small_catalog, tmp_path))
    events, opened = handlers(library), library.opened("")
    name = opened.unlabelled[0]
    begun = search(events, Picture(item="g0"), ["color"], more=[name])
    assert re.search(r"embedded for this first, in the background, about \d+ s", begun[events.tab.line])
    assert begun[events.tab.timer].active is True and begun[events.stop].visible is True
    assert "Ranked by color" in begun[events.tab.results]
    until = time.monotonic() + 60
    while events.tab.ready not in (ticked := events.tick("", ["color"], [name], 3, None, request())):
        assert "<progress" in ticked[events.banner] and name.replace("_", " ") in ticked[events.banner]
        assert time.monotonic() < until
        time.sleep(0.05)
    assert ticked[events.tab.ready] == 4 and ticked[events.tab.timer].active is False
    done = search(events, Picture(item="g0"), ["color"], more=[name])
    assert len(done[events.tab.answer].asked.weights) == 2
    assert done[events.tab.line] == "" and done[events.stop].visible is False
    assert f"Ready at once: {name.replace('_', ' ')}." in events.foretell("", request())[events.tab.more_info]


@pytest.mark.parametrize("way", ["untick", "stop"])
def test_an_embedding_stops_when_its_attribute_is_unticked(small_catalog: Catalog, tmp_path: Path, way: str) -> None:
    library = ready(library_on(small_catalog, tmp_path))
    events, opened = handlers(library), library.opened("")
    name = opened.unlabelled[0]
    opened.measured(1, 10.0)
    search(events, Picture(item="g0"), ["color"], more=[name])
    if way == "untick":
        after = search(events, Picture(item="g0"), ["color"])
    else:
        after = events.stopped("", ["color"], [name], request())
        assert after[events.tab.more].value == [] and after[events.tab.attributes].value == ["color"]
        assert "Stopped" in after[events.tab.line]
    assert after[events.banner] == "" and after[events.tab.timer].active is False
    assert events.embedding(opened).wait(30)
    assert name not in opened.engine.attributes


def test_the_time_is_foretold_before_an_attribute_is_chosen(events: SearchEvents) -> None:
    assert re.search(r"in the background: about \d+ s", events.foretell("", request())[events.tab.more_info])
    assert re.search(r"約\d+秒", events.foretell("", request("ja"))[events.tab.more_info])


@pytest.mark.parametrize("count", [1, 3, 11])
def test_few_items_make_a_page_and_no_component_leaves_its_bounds(tmp_path: Path, count: int) -> None:
    events = handlers(library_of(tmp_path, count))
    filled = all_of(events.begin(request()))[-1]
    assert filled[events.tab.k_value] == count
    assert f'min="1" max="{count}" step="1" value="{count}"' in filled[events.tab.k].value
    found = search(events, filled[events.tab.choice], ["color"], k=filled[events.tab.k_value])
    assert found[events.tab.results].count('class="hit"') == count - 1
    if count == 1:
        assert "no other item" in found[events.tab.results]


def test_a_labelled_attribute_that_is_not_known_yet_leads_to_labelling(tmp_path: Path) -> None:
    library = library_of(tmp_path, 3)
    begin_attribute(library.ledger(library.default), "mood", ["calm", "<loud>"])
    library.refresh(library.default)
    events = handlers(library)
    for lang, said in (("en", "not known yet"), ("ja", "ラベルあり、未学習")):
        filled = all_of(events.begin(request(lang)))[-1]
        shown = filled[events.tab.unknown]
        assert said in shown and shown.count("<li>") == 1
        assert f'data-act="label" data-id="{library.default}" data-attribute="mood"' in shown
        assert "mood" not in [name for _, name in filled[events.tab.attributes].choices]


def test_unreadable_items_are_counted_on_the_page_with_a_list(tmp_path: Path) -> None:
    events = handlers(library_of(tmp_path, 5, broken=[0, 2]))
    english, japanese = (all_of(events.begin(request(lang)))[-1] for lang in ("en", "ja"))
    said = english[events.tab.left_out]
    assert "Left out: 2 of 5 items" in said and said.partition("</details>")[0].count("<li>") == 2
    assert "0.png" in said and str(tmp_path) not in said
    assert "5点中2点" in japanese[events.tab.left_out] and "2.png (g2)</b> 画像として" in japanese[events.tab.left_out]
    assert english[events.tab.choice] == Picture(item="g1")
    assert "g0" not in english[events.tab.picker] and 'data-pick="g3"' in english[events.tab.picker]


def test_a_catalog_without_a_readable_item_is_a_page_that_says_so(tmp_path: Path) -> None:
    library = library_of(tmp_path, 3, broken=[1, 2])
    (tmp_path / "catalog" / "images" / "0.png").write_text("damaged meanwhile")
    library.refresh(library.default, look=True)
    library.opened("").engine.embed()
    events = handlers(library)
    filled = all_of(events.begin(request()))[-1]
    assert "Left out: 3 of 3 items" in filled[events.tab.left_out]
    assert filled[events.tab.choice].empty


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
    assert said in unescape(all_of(events.begin(asked))[-1][events.tab.query_line])


def test_a_failed_start_is_said_on_the_page(small_catalog: Catalog, tmp_path: Path) -> None:
    library = library_on(small_catalog, tmp_path, device="abacus")
    assert library.opened("").wait(60)
    events = handlers(library)
    (said,) = all_of(events.begin(request()))
    assert "could not start" in said[events.banner] and "abacus" in said[events.banner]


def test_while_a_catalog_is_embedded_it_is_searched_again_when_there_is_twice_as_much(tmp_path: Path) -> None:
    folder = draw_distinct(tmp_path / "shop", 100)
    library = ready(library_on(folder, tmp_path / "home"))
    events, opened = handlers(library), library.opened("")
    item, _ = opened.example()
    assert item is not None
    found = search(events, Picture(item=item.id), ["color"])
    assert found[events.tab.timer].active and f"{opened.pending} pictures" in found[events.banner]
    still = events.tick("", ["color"], [], 3, found[events.tab.answer], request())
    assert events.tab.ready not in still and "pictures" in still[events.banner]
    opened.engine.embed(None, lambda: len(opened.readable) >= 64)
    assert opened.pending
    assert events.tick("", ["color"], [], 3, found[events.tab.answer], request())[events.tab.ready] == 4
    opened.engine.embed()
    at_rest = events.tick("", ["color"], [], 4, found[events.tab.answer], request())
    assert at_rest[events.tab.ready] == 5 and at_rest[events.tab.timer].active is False

"""Several catalogs: for programs by their ids, and on the page by its address and by switching."""

import asyncio
import gc
import time
import weakref
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from library import Entry, Library
from tests.ui.conftest import add_catalog, draw_catalog, library_of, library_on, ready
from tests.ui.test_rest import error, hits
from tests.ui.test_search_events import all_of, handlers, page, request, search
from ui import explanation_cards, result_cards
from ui.asked import Asked, Picture, like
from ui.programs import Programs
from ui.rest import rest_app
from ui.search_events import SearchEvents
from ui.searching import answer
from ui.steps import Steps
from ui.turning import Step

BY_COLOR = Asked(like(Picture(item="g0"), {"color": 1.0}))
STRANGE = ("nobody", "a%00b", "..", "%2e%2e%2fdemo", "x" * 3000)
"""Parts of addresses that name no catalog."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The first catalog with five items, and another with three under the same ids: "second", where g0 is violet."""
    folder = tmp_path_factory.mktemp("both")
    library = library_of(folder, 5)
    entry = add_catalog(library, folder / "second", 3)
    library.label(entry.id, "g0", "color", "violet")
    assert library.opened(entry.id).wait(60)
    return library


@pytest.fixture(scope="module")
def second(both: Library) -> Entry:
    return next(entry for entry in both.all() if entry.name == "second")


@pytest.fixture(scope="module")
def rest(both: Library) -> TestClient:
    return TestClient(rest_app(Programs(both)), base_url="http://shop.example", raise_server_exceptions=False)


@pytest.fixture(scope="module")
def events(both: Library) -> SearchEvents:
    return handlers(both)


def at(**params: str) -> gr.Request:
    return gr.Request(headers={"accept-language": "en"}, query_params=params)


def test_catalogs_are_listed_the_first_one_first(rest: TestClient, both: Library, second: Entry) -> None:
    answer = rest.get("/v1/catalogs").json()
    first = both.entry("")
    assert answer == {
        "catalogs": [{"id": entry.id, "name": entry.name, "made": entry.made} for entry in (first, second)],
        "notes": [],
    }
    assert "there is no parameter 'limit'; there are: none" in error(rest.get("/v1/catalogs?limit=3"))


def test_each_question_is_about_the_catalog_that_it_names(rest: TestClient, both: Library, second: Entry) -> None:
    totals = [rest.get(f"/v1/items{query}").json()["total"] for query in ("", f"?catalog={second.id}")]
    assert totals == [5, 3]
    assert rest.get(f"/v1/items?catalog={both.default}").json() == rest.get("/v1/items").json()
    item = rest.get(f"/v1/items?catalog={second.id}&filters=color%3Dviolet").json()["items"]
    assert [one["id"] for one in item] == ["g0"] and f"/thumbnails/{second.door}/" in item[0]["image"]
    assert rest.get(item[0]["image"]).headers["content-type"] == "image/webp"
    listed = rest.get(f"/v1/attributes?catalog={second.id}").json()
    (colors,) = [entry["values"] for entry in listed["attributes"] if entry["name"] == "color"]
    assert listed["items"] == 3 and ("violet", 1) in [(one["value"], one["items"]) for one in colors]
    assert "violet" not in rest.get("/v1/attributes").text
    asked = {"catalog": second.id, "item": "g1", "attributes": ["color"]}
    found = hits(rest.get("/v1/search", params=asked))
    assert found == hits(rest.post("/v1/search", json=asked)) == hits(rest.post("/v1/search", data=asked))
    assert {hit["id"]: hit["labels"]["color"] for hit in found} == {"g0": "violet", "g2": "green"}
    assert len(hits(rest.get("/v1/search?item=g1&attributes=color"))) == 4


@pytest.mark.parametrize("id", STRANGE)
def test_a_catalog_that_is_not_there_is_a_sentence(rest: TestClient, id: str) -> None:
    for path in ("search?item=g0&attributes=color&", "attributes?", "items?"):
        said = error(rest.get(f"/v1/{path}catalog={id}"), 404)
        assert said.startswith("there is no catalog '") and said.endswith("'; `catalogs` lists them")
    assert error(rest.get(f"/v1/items?catalog={id}&catalog=b")) == "catalog is given 2 times; give it once"


def test_a_damaged_entry_is_a_sentence(rest: TestClient, both: Library, tmp_path: Path) -> None:
    entry = both.entries.add("torn")
    (both.entries.folder / entry.id / "entry.json").write_text("{")
    assert f"the entry of catalog '{entry.id}' is damaged" in error(rest.get(f"/v1/items?catalog={entry.id}"))
    assert len(rest.get("/v1/catalogs").json()["catalogs"]) == 2
    both.entries.erase(entry.id)


def test_the_address_of_the_page_chooses_the_catalog(events: SearchEvents, both: Library, second: Entry) -> None:
    for asked, entry, count in ((at(), both.entry(""), 5), (at(catalog=second.id), second, 3)):
        filled = all_of(events.begin(Steps(), asked))[-1]
        assert filled[events.tab.catalog] == filled[events.choose].value == entry.id
        assert filled[events.choose].visible is True
        assert [name for name, _ in filled[events.choose].choices] == [both.entry("").name, "second"]
        assert filled[events.tab.query_line] == ""
        assert filled[events.tab.picker].count(f"thumbnails/{entry.door}/") == count


@pytest.mark.parametrize("id", ["nobody", "<b>", "../..", "a\0b", "x" * 3000])
def test_an_address_with_a_catalog_that_is_not_there_shows_the_first_and_says_so(
    events: SearchEvents, both: Library, id: str
) -> None:
    filled = all_of(events.begin(Steps(), at(catalog=id, item="g99")))[-1]
    said = unescape(filled[events.tab.query_line])
    assert f"The address asks for a catalog that is not here ('{id}'); another is shown." in said
    assert "item 'g99'" in said and "<b>" not in filled[events.tab.query_line]
    assert filled[events.tab.catalog] == filled[events.choose].value == both.default


def test_switching_fills_the_page_anew(events: SearchEvents, both: Library, second: Entry) -> None:
    steps = Steps()
    found = all_of(events.switch(second.id, steps, at(catalog=both.default, item="g3")))[-1]
    assert found[events.tab.catalog] == second.id == steps.catalog
    assert "violet" in found[events.tab.rows]
    assert {hit.id for hit in found[events.tab.answer].hits} | set(steps.now.asked.items) == {"g0", "g1", "g2"}
    assert found[events.tab.results].count(f"thumbnails/{second.door}/") >= 2
    back = all_of(events.switch(both.default, steps, at()))[-1]
    assert back[events.tab.catalog] == both.default and not steps.can_undo
    gone = all_of(events.switch("nobody", steps, at()))[-1]
    assert gone[events.tab.catalog] == both.default and "is no longer here" in gone[events.tab.query_line]


def test_a_page_that_waits_for_a_catalog_shows_nothing_of_the_one_before(tmp_path: Path) -> None:
    library = library_of(tmp_path, 3)
    entry = add_catalog(library, tmp_path / "slow", 3)
    events = handlers(library)

    async def first() -> dict[Any, Any]:
        updates = events.switch(entry.id, Steps(), at())
        begun = await anext(updates)
        await updates.aclose()
        return begun

    begun = asyncio.run(first())
    assert begun[events.tab.catalog] == entry.id and "waiting" in begun[events.tab.results]
    assert begun[events.tab.answer] is None and begun[events.tab.explained].visible is False
    assert library.opened(entry.id).wait(60)


def test_an_answer_stays_with_the_catalog_that_it_is_of(events: SearchEvents, both: Library, second: Entry) -> None:
    found = search(events, Picture(item="g1"), ["color"], catalog=second.id)[events.tab.answer]
    rank = [hit.id for hit in found.hits].index("g0")
    before = events.explain(found, rank, 0, request())[events.tab.explanation]
    assert "color: violet" in before
    steps = Steps()
    all_of(events.switch(both.default, steps, at()))
    assert events.explain(found, rank, 0, request())[events.tab.explanation] == before
    before_now = steps.now
    events.ask_hit(both.default, steps, found, rank, request())
    assert steps.now == before_now, "a hit of another catalog asks nothing of this one"


def test_an_answer_is_explained_as_it_was_found_after_labels_changed_and_items_went(tmp_path: Path) -> None:
    library = library_of(tmp_path, 4)
    found = answer(library.opened(""), BY_COLOR)
    ids = [hit.id for hit in found.hits]

    def sides() -> list[str]:
        drawn = [explanation_cards.explanation(found, rank, 0, "en") for rank in range(2)]
        return [page.partition('<div class="sides">')[2].partition("</section></div>")[0] for page in drawn]

    before = sides()
    assert all(page.count("<img") == 4 for page in before)
    library.label("", ids[0], "color", "mauve")
    library.care.remove("", [ids[1]])
    assert [hit.id for hit in answer(library.opened(""), BY_COLOR).hits] == [ids[0], ids[2]]
    assert sides() == before
    assert "mauve" not in result_cards.results(found, "en")
    events = handlers(library)
    gone = events.ask_hit(found.opened.id, page(library, BY_COLOR), found, 1, request())
    assert f"no item '{ids[1]}'" in unescape(gone[events.tab.query_line])


def test_whatever_is_done_with_a_catalog_that_has_gone_goes_over_to_the_first(
    both: Library, events: SearchEvents, tmp_path: Path
) -> None:
    entry = add_catalog(both, tmp_path / "gone", 1)
    both.keeping.delete(entry.id)
    asked, click, steps = request(), gr.EventData(None, {"pick": "g0", "act": "k", "value": 3}), Steps()
    for updates in (
        events.again(entry.id, steps, asked),
        events.tick(entry.id, steps, 0, None, asked),
        events.stopped(entry.id, steps, asked),
        events.pick(click, entry.id, steps, asked),
        events.act(click, entry.id, steps, asked),
        events.shuffle(entry.id, steps, asked),
    ):
        assert updates[events.choose].value is None, "the chooser changes, and `still_there` is asked"
        assert events.tab.line not in updates and events.tab.query_line not in updates
    assert events.tick(entry.id, steps, 0, None, asked)[events.tab.timer].active is False
    assert steps.now == Step()
    assert events.still_there(both.default, asked) == gr.skip()
    assert all_of(events.go(("", 0, ""), steps, asked)) == [{events.tab.line: gr.skip()}]
    wish = events.still_there(entry.id, asked)
    assert wish[0] == entry.id
    for lang, said in (("en", f"no longer here; '{both.entry('').name}' is shown"), ("ja", "を表示しています")):
        filled = all_of(events.go(wish, Steps(), request(lang)))[-1]
        assert filled[events.tab.catalog] == filled[events.choose].value == both.default
        assert said in unescape(filled[events.tab.query_line]) and entry.id not in filled[events.tab.query_line]


def test_another_catalog_is_waited_for_at_once_and_nothing_of_the_last_one_stays(
    events: SearchEvents, both: Library, second: Entry
) -> None:
    begun, filled = all_of(events.switch(second.id, Steps(), at()))
    assert "waiting" in begun[events.tab.results] and begun[events.tab.answer] is None
    assert (
        "<img" not in begun[events.tab.image] and begun[events.tab.picker] == "" and "<img" in filled[events.tab.image]
    )
    assert begun[events.tab.explained].visible is False
    assert begun[events.tab.bar] == begun[events.tab.facets] == "" and filled[events.tab.query].filters == {}


def test_the_address_keeps_catalog_item_and_attributes(events: SearchEvents, second: Entry) -> None:
    params = QueryParams([("catalog", second.id), ("item", "g2"), ("attribute", "pattern"), ("attribute", "color")])
    asked = gr.Request(headers={"accept-language": "en"}, query_params=params)
    steps = Steps()
    filled = all_of(events.begin(steps, asked))[-1]
    assert steps.now.asked.terms == like(Picture(item="g2"), {"pattern": 1.0, "color": 1.0})
    bar = filled[events.tab.bar]
    assert f'data-catalog="{second.id}" data-address="term=pattern%40g2&amp;term=color%40g2"' in bar


def test_what_is_known_of_a_closed_catalog_is_let_go(tmp_path: Path) -> None:
    library = library_of(tmp_path, 2)
    events = handlers(library)
    entry = add_catalog(library, tmp_path / "brief", 1)
    opened = library.opened(entry.id)
    assert opened.wait(60)
    events.embedding(opened).want("somebody", [])
    assert events.embedding(opened) is events.embedding(opened)
    kept = weakref.ref(opened)
    library.keeping.delete(entry.id)
    del opened
    until = time.monotonic() + 60
    while kept() is not None and time.monotonic() < until:  # values of it are still looked up in the background
        gc.collect()
        time.sleep(0.05)
    assert kept() is None


def test_a_hit_is_shown_by_the_picture_that_was_found(tmp_path: Path) -> None:
    folder = draw_catalog(tmp_path / "shop", 6)
    library = ready(library_on(folder, tmp_path / "home"))
    ledger = library.ledger(library.default)
    item = replace(ledger.catalog.item("g1"), image="images/5.png", more=("images/0.png",))
    ledger.put([item])
    library.refresh(library.default)
    opened = library.opened("")
    opened.engine.embed()
    found = answer(opened, Asked(like(Picture(item="g0"), {"color": 1.0})))
    hit = found.hits[0]
    assert (hit.id, hit.picture) == ("g1", "images/0.png"), "its second picture is that of the query"
    shown = result_cards.results(found, "en")
    assert opened.thumbnails.picture(item, "images/0.png") in shown and opened.thumbnails.url(item) not in shown
    assert explanation_cards.explanation(found, 0, 0, "en").count("<img") == 4

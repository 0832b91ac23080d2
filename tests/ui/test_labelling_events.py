"""Labelling, without a browser: what its handlers give and keep, and what is said of results."""

import asyncio
import re
import time
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from catalog import Catalog
from common.jobs import Job
from library import Library
from library.given import UNSEEN
from tests.ui.conftest import library_of, library_on
from tests.ui.test_search_events import all_of, request, search
from ui.asked import Picture
from ui.catalogs import labelling_cards
from ui.catalogs.labelling_events import AHEAD, LabellingEvents
from ui.catalogs.labelling_tab import Session, build_labelling
from ui.search_events import SearchEvents
from ui.search_tab import build_search_tab
from ui.searching import Answer
from ui.steps import Steps

Events = tuple[LabellingEvents, SearchEvents]


def built(library: Library) -> Events:
    """Built inside an event loop: outside of one, gr.Blocks makes loops that nobody closes."""

    async def build() -> Events:
        with gr.Blocks(analytics_enabled=False):
            search = build_search_tab(lambda key: key)
            tab = build_labelling(lambda key: key)
            return (
                LabellingEvents(library, tab, gr.HTML(), search.ready, gr.State(("", 0, "")), gr.Tabs()),
                SearchEvents(library, search, gr.Dropdown(), gr.HTML(), gr.Button()),
            )

    return asyncio.run(build())


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("shop"), 24)


@pytest.fixture(scope="module")
def both(shop: Library) -> Events:
    return built(shop)


@pytest.fixture(scope="module")
def events(both: Events) -> LabellingEvents:
    return both[0]


def press(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


def begin(events: LabellingEvents, name: str, values: str = "slim, wide", lang: str = "en") -> dict[Any, Any]:
    return events.create(name, values, Session(events.library.default), request(lang))


def shown(html: str) -> list[str]:
    """Items of the pictures in a stage, or of those that come, in order."""
    return re.findall(r'<figure data-item="([^"]+)"', html)


def answer(events: LabellingEvents, session: Session, act: str, item: str = "", **data: Any) -> dict[Any, Any]:
    return events.turn(press(act=act, item=item, **data), session, request())


def test_labelling_opens_with_the_attributes_of_the_catalog_and_of_the_weights(events: LabellingEvents) -> None:
    tab, library = events.tab, events.library
    updates = events.open(press(act="label", id=library.default), request("ja"))
    assert updates[tab.part].visible and updates[tab.session] == Session(library.default)
    assert "のラベル付け" in updates[tab.head]
    names = re.findall(r'data-name="([^"]+)"', updates[tab.pick])
    assert names[:2] == ["color", "pattern"] and set(library.opened("").known_attributes) <= set(names)
    assert "ラベル23件" in updates[tab.pick] and "ラベルなし" in updates[tab.pick]
    other = events.open(press(act="export", id=library.default), request())
    assert tab.part not in other and tab.session not in other


def test_an_attribute_is_begun_and_its_values_get_keys(events: LabellingEvents) -> None:
    tab = events.tab
    updates = begin(events, "fit", "slim、 regular; wide")
    assert updates[tab.session] == Session(events.library.default, "fit") and updates[tab.choosing].visible is False
    stage = updates[tab.stage]
    keys = re.findall(r'data-value="([^"]*)" data-key="(.)"', stage)
    assert keys == [("slim", "1"), ("regular", "2"), ("wide", "3"), ("", "0")]
    assert len(shown(stage)) == AHEAD and shown(updates[tab.known]) == shown(stage)
    assert "Drawn at random" in stage and 'loading="lazy"' not in stage
    assert "0 given here" in updates[tab.known] and "about 5 more" in updates[tab.known]
    assert "at least two values" in begin(events, "fur", "yes")[tab.line]
    assert "no name" in begin(events, "", "a, b")[tab.line]


def test_markup_in_names_and_values_is_shown_as_text(events: LabellingEvents) -> None:
    updates = begin(events, "<b>x</b>", '<i>, "q"')
    drawn = updates[events.tab.stage] + updates[events.tab.known] + updates[events.tab.head]
    assert (
        "<b>x" not in drawn
        and "<i>" not in drawn.replace('<i style="--part', "")
        and 'data-value="&quot;q&quot;"' in drawn
    )


def test_answers_are_kept_with_the_reason_and_undone(events: LabellingEvents) -> None:
    tab, library = events.tab, events.library
    updates = begin(events, "mood", "calm, loud")
    session, items = updates[tab.session], shown(updates[tab.stage])
    ledger = library.ledger(library.default)
    updates = answer(events, session, "value", items[0], value="calm", why="result", number=1)
    assert 'data-number="1"' in updates[tab.known] and items[0] not in shown(updates[tab.known])
    given = ledger.given[-1]
    assert (given.item, given.attribute, given.value, given.why) == (items[0], "mood", "calm", "random")
    assert library.opened("").catalog.item(items[0]).labels["mood"] == "calm"
    updates = answer(events, session, "value", items[1], value=UNSEEN, why="nonsense", number=2)
    assert "cannot be seen: 1" in updates[tab.known] and ledger.given[-1].why in ("random", "typical")
    updates = answer(events, session, "skip", items[2], number=3)
    session = updates[tab.session]
    assert session.passed == (items[2],) and items[2] not in shown(updates[tab.known])
    updates = answer(events, session, "undo", items[2], number=4)
    session = updates[tab.session]
    assert session.passed == ()
    answer(events, session, "undo", items[1], number=5)
    assert "1 given here" in events.choose(press(name="mood"), session, request())[tab.known]
    updates = answer(events, session, "undo", number=6)
    assert f'data-item="{items[0]}" data-why="random" data-again' in updates[tab.known]
    assert "mood" not in library.opened("").catalog.item(items[0]).labels


def test_a_further_value_is_added_and_an_unknown_one_refused(events: LabellingEvents) -> None:
    tab = events.tab
    updates = begin(events, "hem", "plain, frayed")
    session, item = updates[tab.session], shown(updates[tab.stage])[0]
    refused = answer(events, session, "value", item, value="torn", number=1)
    assert "torn" in refused[tab.line] and tab.known not in refused
    added = answer(events, session, "add", value=" torn ", number=2)
    assert 'data-value="torn" data-key="3"' in added[tab.stage]
    assert answer(events, session, "value", item, value="torn", number=3)[tab.line] == ""
    assert answer(events, session, "value", "nobody", value="torn", number=4)[tab.line]
    assert answer(events, session, "dance", item, number=5)[tab.line]


def test_a_lesson_is_told_and_the_attribute_stands_in_search(both: Events) -> None:
    events, searching = both
    tab, library = events.tab, events.library
    updates = begin(events, "stripes", "with, without")
    session = updates[tab.session]
    for item in library.opened("").catalog.items:
        value = "with" if item.labels["pattern"] != "solid" else "without"
        answer(events, session, "value", item.id, value=value, why="random")
    updates = events.teach(press(act="teach"), session, request())
    session = updates[tab.session]
    assert session.job and updates[tab.tick].active
    assert "<progress" in events.watch(session, 4, request())[tab.lesson]
    library.jobs.run_here(session.job)
    seen = events.watch(session, 4, request())
    assert seen[tab.taught] == 5 and seen[tab.tick].active is False
    assert "&#x27;stripes&#x27; is taught" in seen[tab.lesson]
    gone = events.search(press(act="search"), session, request())
    assert gone[events.go][0] == library.default and gone[events.tabs].selected == "search"
    steps = Steps()
    all_of(searching.go(gone[events.go], steps, request()))
    assert list(steps.now.asked.weights) == ["stripes"]
    renewed = asyncio.run(searching.renew("", steps, 7, request()))
    assert "stripes (taught)" in renewed[searching.tab.rows] and renewed[searching.tab.ready] == 8
    assert list(steps.now.asked.weights) == ["stripes"]
    found = search(searching, Picture(item="g0"), ["stripes"])[searching.tab.answer]
    assert len(found.hits) == 5
    left = events.leave(session, library.default, 3, request())
    assert left[events.ready] == 4 and left[tab.part].visible is False and left[tab.session] == Session()


def test_results_of_lessons_are_sentences() -> None:
    quality = {"map": 61.6, "low": 55.0, "high": 70.4, "chance": 20.2, "usual": 41.0, "queries": 40}
    done = Job("j", "teach", state="done", result={"taught": True, "needs": [], "quality": quality})
    assert "MAP 62 % (55 to 70); by ordinary similarity 41 %, by chance 20 %" in labelling_cards.lesson(
        done, "fit", 0, "en"
    )
    few = {"taught": False, "needs": [["wide", 7], ["", 5]], "quality": None}
    assert labelling_cards.result(few, "fit", "en").endswith("7 more labels of 'wide', 5 more labels of another value.")
    assert "「wide」をあと約7件、別の値" in labelling_cards.result(few, "fit", "ja")
    unmeasured = {"taught": True, "needs": [], "quality": None, "unmeasured": 9}
    assert "about 9 more labels" in labelling_cards.result(unmeasured, "fit", "en")
    better = labelling_cards.result({**unmeasured, "needs": [["slim", 3]]}, "fit", "en")
    assert better.endswith("drawn at random. It will be read better with about 3 more labels of 'slim'.")
    failed = Job("j", "teach", state="failed", error="no <general> view")
    assert 'role="alert"' in labelling_cards.lesson(failed, "fit", 0, "en")
    assert "no &lt;general&gt; view" in labelling_cards.lesson(failed, "fit", 0, "en")
    running = Job("j", "teach", state="running", done=3, total=40, left=90.0)
    assert "3 of 40" in labelling_cards.lesson(running, "fit", 0, "en")
    assert "about 2 min left" in labelling_cards.lesson(running, "fit", 0, "en")
    unknown = Job("j", "teach", state="running", started=time.time() - 29)
    assert "for 30 s now; it mostly takes" in labelling_cards.lesson(unknown, "fit", 0, "en")
    assert "30秒経過（前回は2分）" in labelling_cards.lesson(unknown, "fit", 0, "ja", 100.0)
    assert 'data-act="search"' in labelling_cards.lesson(done, "fit", 0, "en")
    assert 'data-act="search"' not in labelling_cards.lesson(
        Job("j", "teach", state="done", result=few), "fit", 0, "en"
    )
    assert "3 before it" in labelling_cards.lesson(Job("j", "teach"), "fit", 3, "en")


def found_by(searching: SearchEvents, item: str, name: str) -> Answer:
    assert searching.library.opened("").wait(60)
    found = search(searching, Picture(item=item), [name])[searching.tab.answer]
    assert isinstance(found, Answer)
    return found


def test_the_same_as_a_labelled_query_gives_the_value_and_else_a_verdict_is_kept(both: Events) -> None:
    searching = both[1]
    verdicts, tab, library = searching.verdicts, searching.tab, searching.library
    ledger = library.ledger(library.default)
    found = found_by(searching, "g0", "color")
    hit = found.hits[0].id
    before = library.opened("").catalog.item(hit).labels.get("color")

    def say(act: str) -> str:
        updates = verdicts.turn(press(act=act), found, 0, 0, request())
        assert updates[tab.line] == ""
        return str(updates[tab.verdict])

    assert 'aria-pressed="true"' not in verdicts.show(found, 0, 0, request())
    assert "Saved: color: red" in say("same") and ledger.given[-1].why == "result"
    assert library.opened("").catalog.item(hit).labels["color"] == "red"
    assert "changes no label" in say("different") and [one.same for one in ledger.verdicts] == [False]
    assert library.opened("").catalog.item(hit).labels.get("color") == before, "the last word holds"
    assert 'data-act="unseen" aria-pressed="true"' in say("unseen") and ledger.verdicts == []
    assert "color" not in library.opened("").catalog.item(hit).labels
    assert 'aria-pressed="true"' not in say("undo")
    assert library.opened("").catalog.item(hit).labels.get("color") == before

    unlabelled = found_by(searching, "g11", "color")  # drawn without a color label
    verdicts.turn(press(act="same"), unlabelled, 0, 0, request())
    assert [(one.query, one.same) for one in ledger.verdicts] == [("g11", True)]
    verdicts.turn(press(act="undo"), unlabelled, 0, 0, request())
    assert ledger.verdicts == []
    assert verdicts.show(None, 0, 0, request()) == verdicts.show(found, 99, 0, request()) == ""


def test_visitors_cannot_label_what_is_the_hosts(
    small_catalog: Catalog, both: Events, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = found_by(both[1], "g0", "pattern")
    monkeypatch.setenv("LAPEL_PUBLIC", "1")
    library = library_on(small_catalog, tmp_path, public=True)
    events, searching = built(library)
    stranger = gr.Request(headers={"accept-language": "en", "x-lapel-visitor": "v" * 32}, query_params={})
    updates = events.open(press(act="label", id=library.default), stranger)
    assert "belongs to the host" in updates[events.tab.line]
    session = Session(library.default, "color")
    refused = events.turn(press(act="value", item="g0", value="red"), session, stranger)
    assert "belongs to the host" in refused[events.tab.line] and library.ledger(library.default).given == []
    assert "belongs to the host" in events.teach(press(act="teach"), session, stranger)[events.tab.line]
    assert "belongs to the host" in events.create("fit", "a, b", session, stranger)[events.tab.line]

    assert searching.verdicts.show(found, 0, 0, stranger) == ""

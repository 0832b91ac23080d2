"""What the page tells the usage log: searches, clicks and hits that were taken, and nothing where it is off."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from library import Library, Opened
from library.usage import UsageLog
from tests.ui.catalogs_page import event
from tests.ui.test_search_events import handlers, search
from ui.asked import Picture
from ui.page import build_page
from ui.usage import UsageEvents


@dataclass
class Asking(gr.Request):
    """A request from one page."""

    session_hash: str = "page"


class Log:
    """The usage log of a library for one test, with what is told to it."""

    def __init__(self, library: Library, home: Path, monkeypatch: pytest.MonkeyPatch, on: bool = True) -> None:
        monkeypatch.setattr(library, "usage", UsageLog(home, on))
        self.path = library.usage.path
        self.events, self.search = UsageEvents(library), handlers(library)

    def ask(self, item: str, *names: str, page: str = "page", **changes: Any) -> Any:
        """A search whose results have appeared; the answer."""
        found = search(self.search, Picture(item=item), list(names), **changes)[self.search.tab.answer]
        self.events.searched(found, Asking(page))
        return found

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.path.read_text().splitlines()] if self.path.exists() else []


@pytest.fixture
def log(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    return Log(library, tmp_path, monkeypatch)


def test_the_query_that_the_page_begins_with_is_no_search(log: Log) -> None:
    log.ask("g0", "color")
    assert log.lines() == []


def test_another_item_and_other_attributes_are_searches_but_no_turn_of_a_dial(log: Log) -> None:
    log.ask("g0", "color")
    log.ask("g1", "color")
    log.ask("g1", "color", k=3)
    log.ask("g1", "color", "pattern", filters={"pattern": ["solid"]})
    kinds = [(line["kind"], line["source"], line["attributes"], line["filters"]) for line in log.lines()]
    assert kinds == [("search", "item", 1, 0), ("search", "item", 2, 1)]


def test_a_picture_of_ones_own_is_a_search_at_once(log: Log, photo: Path) -> None:
    found = search(log.search, Picture(image=str(photo)), ["color"])[log.search.tab.answer]
    log.events.searched(found, Asking())
    assert [line["source"] for line in log.lines()] == ["image"]


def test_a_hit_that_is_taken_tells_its_rank_and_the_time_since_the_first_search(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("ui.usage.time.monotonic", lambda: now[0])
    log.ask("g0", "color")
    log.ask("g1", "color")
    now[0] += 7
    found = log.ask("g1", "pattern")
    now[0] += 5
    log.events.clicked(event(pick=2), found)
    log.events.judged(event(act="different"), found, 2, Asking())
    log.events.judged(event(act="same"), found, 2, Asking())
    click, taken = log.lines()[-2:]
    assert (click["kind"], click["rank"]) == ("click", 3)
    assert (taken["kind"], taken["rank"], taken["seconds"]) == ("accepted", 3, 12.0)


def test_two_pages_are_told_apart_and_neither_is_written(log: Log) -> None:
    log.ask("g0", "color", page="one")
    log.ask("g0", "color", page="two")
    log.ask("g1", "color", page="one")
    log.ask("g1", "color", page="two")
    assert len(log.lines()) == 2
    assert all(not {"page", "session", "visitor", "item", "picture"} & set(line) for line in log.lines())
    assert "g1" not in log.path.read_text() and "one" not in log.path.read_text()


def test_nothing_is_listened_to_where_the_log_is_off(library: Library, opened: Opened) -> None:
    async def heard(on: bool) -> list[str]:
        library.usage.on = on
        page = build_page(library)
        return [str(one.fn) for one in page.fns.values() if "UsageEvents" in str(one.fn)]

    try:
        assert asyncio.run(heard(False)) == []
        assert len(asyncio.run(heard(True))) == 4
    finally:
        library.usage.on = False

"""What answers a tap is told to the browser, for every tap of the Catalogs tab."""

import asyncio
import inspect
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from library import Library
from tests.library.test_importing import packed
from tests.ui.catalogs_page import CatalogsPage, asking, catalogs_page, event
from tests.ui.conftest import library_of
from tests.ui.test_import_events import last_of
from ui.catalogs.labelling_events import LabellingEvents
from ui.catalogs.labelling_tab import Session, build_labelling
from ui.page import build_page
from ui.reply import reply, replying

ACTS = {"click", "input", "submit", "upload"}
LINES = {"catalogs-line", "detail-line", "label-line"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("replies"), 60)


@pytest.fixture(scope="module")
def page(library: Library) -> CatalogsPage:
    return catalogs_page(library)


def place(updates: dict[Any, Any], part: gr.HTML) -> str:
    """The selector of what answers; '' where nothing is told."""
    found = re.search(r'data-to="([^"]*)"', updates.get(part, ""))
    return found[1] if found else ""


def test_each_tap_in_the_list_names_what_answers_it(page: CatalogsPage, library: Library) -> None:
    part, id = page.catalogs.tab.reply, library.default

    def acted(act: str) -> str:
        return place(page.catalogs.act(event(act=act, id=id), id, asking()), part)

    assert [acted(act) for act in ("measure", "export", "open")] == ["#jobs", "#jobs", ""]
    assert place(page.detail.open(event(act="detail", id=id), id, asking()), part) == "#detail-head"
    assert place(page.detail.leave(id, asking()), part) == "#list-title"
    job = library.jobs_of()[0]
    assert place(page.jobs.act(event(act="log", id=job.id), id, asking()), part) == "#job-log"
    assert place(page.jobs.act(event(act="report", name="a/b"), id, asking()), part) == "#metrics-head"
    added = page.catalogs.act(event(act="add", id=library.keeping.duplicate(id, "Copy").id), id, asking())
    assert place(added, part) in ("#adding", "")  # '' where a copy of a folder of the host's cannot be added to


def test_a_look_answers_where_it_is_drawn(page: CatalogsPage, tmp_path: Path) -> None:
    part = page.catalogs.tab.reply
    found = last_of(page.catalogs.take_place(str(packed(tmp_path)), "", asking()))
    assert place(found, part) == "#found"
    assert place(page.catalogs.turn(event(act="mend-all", on="1"), found[page.catalogs.tab.look], asking()), part) == ""
    assert place(page.catalogs.discard(found[page.catalogs.tab.look], asking()), part) == "#bring"


def test_the_detail_answers_where_it_is_drawn(page: CatalogsPage, library: Library, tmp_path: Path) -> None:
    part, id, detail = page.catalogs.tab.reply, library.default, page.detail
    shown = detail.open(event(act="detail", id=id), id, asking())[detail.tab.shown]
    opened = detail.item(event(act="item", id="g3"), shown, id, asking())
    assert place(opened, part) == "#item .lapel-item"
    turned = detail.item(event(act="page", turn="1"), shown, id, asking())
    assert place(turned, part) == "#items" and "data-still" in turned[part], "the button keeps the focus"
    assert place(detail.item(event(act="find", value="g1"), shown, id, asking()), part) == "", (
        "nor does a field lose it"
    )
    table = tmp_path / "labels.csv"
    table.write_text("id,color\ng1,green\n")
    assert place(detail.read_labels(str(table), shown, asking()), part) == "#detail-update"
    begun = detail.act(event(act="measure"), shown, id, asking())
    assert place(begun, part) == "#jobs"


def test_labelling_answers_where_it_is_drawn(library: Library) -> None:
    async def build() -> LabellingEvents:
        with gr.Blocks(analytics_enabled=False):
            tab = build_labelling(str)
            return LabellingEvents(library, tab, gr.HTML(), gr.State(0), gr.State(("", 0, "")), gr.Tabs())

    events = asyncio.run(build())
    part = events.tab.reply
    assert place(events.open(event(act="label", id=library.default), asking()), part) == "#label-head"
    begun = events.choose(event(name="color"), Session(library.default), asking())
    assert place(begun, part) == "#label-head"
    taught = events.teach(event(act="teach"), begun[events.tab.session], asking())
    assert place(taught, part) == "#label-lesson"
    assert place(events.leave(Session(library.default), "", 0, asking()), part) == "#detail-head, #list-title"


def test_a_line_answers_where_a_handler_tells_nothing_else() -> None:
    part, line, other = object(), object(), object()

    def handler(said: str, more: Any, event: gr.EventData) -> Any:
        return {line: said, **more}

    told: Any = replying(handler, part, {line: "#line"})  # type: ignore[arg-type, dict-item]
    assert place(told("An error.", {}, None), part) == "#line"  # type: ignore[arg-type]
    assert told("", {}, None) == {line: ""} and told(gr.skip(), {}, None).keys() == {line}
    assert place(told("Done.", {part: reply("#jobs")}, None), part) == "#jobs"  # type: ignore[arg-type]
    assert told("An error.", {}, None)[part] != told("An error.", {}, None)[part], "the same error again answers again"
    assert inspect.signature(told) == inspect.signature(handler), "Gradio sees what to give it"

    async def stream() -> AsyncIterator[Any]:
        yield {other: "drawn", part: reply("#found")}
        yield {line: "An error."}

    async def places() -> list[str]:
        streaming: Any = replying(stream, part, {line: "#line"})  # type: ignore[arg-type, dict-item]
        return [place(updates, part) async for updates in streaming()]  # type: ignore[arg-type]

    assert asyncio.run(places()) == ["#found", "#line"]


def test_no_tap_that_may_say_something_is_without_a_reply(library: Library) -> None:
    async def build() -> gr.Blocks:
        return build_page(library)

    silent = []
    for function in asyncio.run(build()).fns.values():
        drawn = {getattr(part, "elem_id", None) for part in function.outputs}
        replies = any("lapel-reply" in (getattr(part, "elem_classes", None) or []) for part in function.outputs)
        if LINES & drawn and ACTS & {name for _, name in function.targets} and not replies:
            silent.append(function.name)
    assert silent == []

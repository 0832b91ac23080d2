"""Handlers of bringing and adding, without a browser."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from library import HOST, Library
from library.importing import as_there
from tests.library.test_importing import packed
from tests.ui.conftest import library_of
from ui.catalogs import CatalogsEvents, build_catalogs_tab


def request(lang: str = "en") -> gr.Request:
    return gr.Request(headers={"accept-language": lang}, query_params={})


def event(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


def last_of(updates: AsyncIterator[dict[Any, Any]]) -> dict[Any, Any]:
    async def collect() -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        async for update in updates:
            found |= update
        return found

    return asyncio.run(collect())


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("bring"), 3)


@pytest.fixture(scope="module")
def events(library: Library) -> CatalogsEvents:
    async def build() -> CatalogsEvents:
        with gr.Blocks(analytics_enabled=False):
            with gr.Tabs() as tabs, gr.Tab("catalogs"):
                tab = build_catalogs_tab(lambda key: key)
            return CatalogsEvents(library, tab, gr.State(""), gr.Dropdown(), tabs)

    return asyncio.run(build())


def brought(events: CatalogsEvents, source: Path, name: str) -> str:
    """The id of a catalog that was looked at and imported in the page."""
    found = last_of(events.take_place(str(source), "", request()))
    events.accept(found[events.tab.look], name, "", request())
    job = events.library.jobs_of()[0]
    assert events.library.jobs.run_here(job.id).state == "done"
    return job.catalog


def test_a_look_is_changed_and_imported(events: CatalogsEvents, library: Library, tmp_path: Path) -> None:
    tab = events.tab
    found = last_of(events.take_place(str(packed(tmp_path)), "", request("ja")))
    assert "アイテム12点" in found[tab.found] and found[tab.looked].visible and not found[tab.bring].visible
    look = found[tab.look]
    turned = events.turn(event(act="role", column="pattern", value="filter"), look, request())
    assert turned[tab.line] == "" and library.looks.get(look).look.wish.roles == {"pattern": "filter"}  # type: ignore[union-attr]
    wrong = events.turn(event(act="preset", value="nonsense"), look, request())
    assert tab.found not in wrong and "has one of" in wrong[tab.line]
    accepted = events.accept(look, "Spring", "", request())
    assert "Spring" in accepted[tab.line] and accepted[tab.bring].visible and accepted[tab.into] == ""
    job = library.jobs_of()[0]
    assert library.jobs.run_here(job.id).state == "done"
    item = library.ledger(job.catalog).catalog.item("g0")
    assert item.labels == {"color": "red"} and item.columns["pattern"] == "stripe"


def test_what_cannot_be_looked_at_is_one_line_and_the_page_stays(events: CatalogsEvents, tmp_path: Path) -> None:
    tab = events.tab
    for place, said in (
        ("", "Write the path"),
        (str(tmp_path / "nowhere"), "there is no catalog"),
        ("a/b/c", "no catalog"),
    ):
        found = last_of(events.take_place(place, "", request()))
        assert said in found[tab.line]
        assert tab.looked not in found or not found[tab.looked].visible
    lost = last_of(events.take_upload(event(upload="gone"), "", "", request()))
    assert 'role="alert"' in lost[tab.line]


def test_an_addition_is_read_as_the_catalog_was_and_the_next_import_is_none(
    events: CatalogsEvents, library: Library, tmp_path: Path
) -> None:
    tab = events.tab
    first = last_of(events.take_place(str(packed(tmp_path)), "", request()))
    events.turn(event(act="role", column="pattern", value="filter"), first[tab.look], request())
    events.accept(first[tab.look], "Season", "", request())
    (job,) = [job for job in library.jobs_of() if job.arguments.get("name") == "Season"]
    library.jobs.run_here(job.id)
    added = events.act(event(act="add", id=job.catalog), "", request())
    assert (
        added[tab.into] == job.catalog and "Season" in added[tab.adding] and 'data-act="no_more"' in added[tab.adding]
    )
    (tmp_path / "new").mkdir()
    second = packed(tmp_path / "new", 4, first=10)
    found = last_of(events.take_place(str(second), job.catalog, request()))
    assert "2 items are new; 2 are there already" in found[tab.found] and found[tab.accept].value == "Add"
    accepted = events.accept(found[tab.look], "", "", request())
    assert accepted[tab.into] == "" and accepted[tab.adding] == "" and "added to" in accepted[tab.line]
    (more,) = [job for job in library.jobs_of() if job.kind == "import" and not job.over]
    assert library.jobs.run_here(more.id).result["added"] == 2
    catalog = library.ledger(job.catalog).catalog
    assert [one.name for one in catalog.attributes] == ["color"] and catalog.item("g13").columns["pattern"]
    library.keeping.delete(job.catalog, HOST)
    late = last_of(events.take_place(str(second), job.catalog, request()))
    assert "no catalog" in late[tab.line] and tab.looked not in late


def test_additions_are_spelled_as_what_is_there(events: CatalogsEvents, library: Library, tmp_path: Path) -> None:
    id = brought(events, packed(tmp_path), "Spelled")
    library.label(id, "g0", "color", "Navy Blue")
    (tmp_path / "new").mkdir()
    source = packed(tmp_path / "new", 3, first=20)
    looking = library.looks.begin(source, into=id)
    assert looking.finished.wait(30) and looking.look is not None
    items = [
        replace(item, labels={"Color": " navy  blue", "pattern": "ＳＯＬＩＤ"}) for item in looking.look.catalog.items
    ]
    names = tuple(replace(one, name="Color") if one.name == "color" else one for one in looking.look.catalog.attributes)
    new = replace(looking.look.catalog, items=tuple(items), attributes=names)
    assert as_there(new, library.ledger(id).catalog)[0].labels == {"color": "Navy Blue", "pattern": "solid"}


def test_discarding_takes_the_upload_away(events: CatalogsEvents, library: Library, tmp_path: Path) -> None:
    content = packed(tmp_path).read_bytes()
    upload = library.uploads.create(HOST, "shop.zip", [("shop.zip", len(content))])
    library.uploads.append(upload.id, HOST, 0, content)
    library.uploads.finish(upload.id, HOST)
    found = last_of(events.take_upload(event(upload=upload.id), "", "", request()))
    assert "12 items" in found[events.tab.found]
    events.discard(found[events.tab.look], request())
    with pytest.raises(ValueError):
        library.uploads.find(upload.id, HOST)


def test_a_name_that_people_use_is_the_attribute_that_it_means(events: CatalogsEvents, tmp_path: Path) -> None:
    found = last_of(events.take_place(str(packed(tmp_path)), "", request("ja")))
    look = found[events.tab.look]
    events.turn(event(act="name", column="pattern", value=" 袖丈 "), look, request("ja"))
    (column,) = [one for one in events.library.looks.get(look).look.columns if one.name == "pattern"]  # type: ignore[union-attr]
    assert column.attribute == "sleeve_length"

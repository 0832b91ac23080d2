"""Two visitors of a public host, each with a catalog: nobody ever sees the other's item, picture, label, report, job or upload."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from common.assets import REPORTS
from common.jobs import Job
from library import Entry, Library, Visitor, new_key
from tests.ui.catalogs_page import CatalogsPage, catalogs_page, event
from tests.ui.conftest import add_catalog, draw_catalog, library_on, ready, running_app
from tests.ui.test_search_events import handlers
from ui.catalogs.detail_tab import Shown
from ui.metrics import Looked
from ui.operations import OPERATIONS, Asking
from ui.programs import Programs
from ui.questions import question
from ui.rest import rest_app
from ui.search_events import SearchEvents
from ui.steps import Steps

SECRET = "mauve"
"""A label of the first visitor's that must be seen nowhere else."""


@dataclass(frozen=True)
class Side:
    """A visitor with what is his."""

    visitor: Visitor
    entry: Entry
    job: Job
    upload: str

    @property
    def headers(self) -> dict[str, str]:
        return {"x-lapel-visitor": self.visitor.key}

    def asking(self, **params: str) -> gr.Request:
        """A request of Gradio's from his browser."""
        listed = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        scope = {"type": "http", "method": "GET", "path": "/", "headers": listed, "query_string": b""}
        return gr.Request(Request(scope), query_params=params)


@pytest.fixture(scope="module", autouse=True)
def public() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAPEL_PUBLIC", "1")
        yield


@pytest.fixture(scope="module")
def library(public: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("apart")
    library = ready(library_on(draw_catalog(folder / "catalog", 3), folder / "home", public=True))
    library.jobs.start()
    yield library
    library.close()


@pytest.fixture(scope="module")
def sides(library: Library, tmp_path_factory: pytest.TempPathFactory) -> tuple[Side, Side]:
    return tuple(_side(library, tmp_path_factory.mktemp(name) / name) for name in ("anna", "bert"))  # type: ignore[return-value]


def _side(library: Library, folder: Path) -> Side:
    visitor = Visitor(new_key())
    entry = add_catalog(library, folder, 3, owner=visitor.mark)
    library.label(entry.id, "g0", "color", SECRET, visitor=visitor)
    assert library.opened(entry.id, visitor).wait(60)
    measured = (REPORTS / "demo.json").read_text(encoding="utf-8").replace("Lapel on demo", SECRET)
    (library.reports(entry.id) / "20260101-000000.json").write_text(measured, encoding="utf-8")
    upload = library.uploads.create(visitor, "mine", [("a.jpg", 5)])
    library.uploads.append(upload.id, visitor, 0, b"12345")
    job = library.submit("export", {"form": "zip"}, entry.id, visitor.mark)
    return Side(visitor, entry, library.jobs.wait(job.id, 60), upload.id)


@pytest.fixture(scope="module")
def anna(sides: tuple[Side, Side]) -> Side:
    return sides[0]


@pytest.fixture(scope="module")
def bert(sides: tuple[Side, Side]) -> Side:
    return sides[1]


@pytest.fixture(scope="module")
def rest(library: Library) -> TestClient:
    return TestClient(rest_app(Programs(library)), base_url="http://shop.example", raise_server_exceptions=False)


@pytest.fixture(scope="module")
def page(library: Library) -> CatalogsPage:
    return catalogs_page(library)


@pytest.fixture(scope="module")
def served(library: Library, sides: tuple[Side, Side]) -> Iterator[str]:
    """The address of the app, started beside the library on the same home."""
    with running_app(library.settings.home, "--catalog", str(library.settings.catalog), LAPEL_PUBLIC="1") as url:
        yield url


@pytest.fixture(scope="module")
def search(library: Library) -> SearchEvents:
    return handlers(library)


def traces(side: Side) -> tuple[str, ...]:
    """What would give a visitor away."""
    return (
        side.entry.id,
        side.entry.name,
        side.entry.door,
        side.job.id,
        side.upload,
        side.visitor.key,
        side.visitor.mark,
        SECRET,
    )


def told(found: Any) -> str:
    """All that an answer says, as text."""
    if isinstance(found, dict):
        return " ".join(told(value) for value in found.values())
    if isinstance(found, list | tuple):
        return " ".join(told(value) for value in found)
    if isinstance(found, gr.blocks.Block):
        return told(found.get_config())
    return str(found)


def assert_nothing_of(side: Side, found: Any, asked: tuple[str, ...] = ()) -> None:
    """asked: what the other one has named himself, and may be told back."""
    text = told(found)
    assert "Something went wrong" not in text
    for trace in traces(side):
        assert trace in asked or trace not in text, trace


PATHS = (
    "/v1/catalogs",
    "/v1/items?catalog={id}",
    "/v1/attributes?catalog={id}",
    "/v1/search?catalog={id}&item=g0&attributes=color",
    "/v1/search?catalog={id}&words=mauve",
    "/v1/explain?catalog={id}&item=g0&attributes=color&about=g1",
    "/v1/similar?catalog={id}&item=g0&attributes=color",
    "/v1/reports?catalog={id}",
    "/v1/jobs/{job}/file",
    "/v1/uploads/{upload}",
    "/v1/uploads",
)


@pytest.mark.parametrize("path", PATHS)
def test_rest_tells_nothing_of_another(rest: TestClient, anna: Side, bert: Side, path: str) -> None:
    asked = path.format(id=anna.entry.id, job=anna.job.id, upload=anna.upload)
    for headers in (bert.headers, {}):
        answer = rest.get(asked, headers=headers)
        assert_nothing_of(anna, answer.text, (anna.entry.id, anna.job.id, anna.upload))
        assert answer.status_code in ((200,) if asked == path else (404,)), answer.text
    if "jobs" in path:
        own = rest.get(asked, headers=anna.headers)
        assert own.status_code == 200 and own.headers["content-type"] == "application/zip"


def test_who_has_it_sees_it(rest: TestClient, anna: Side) -> None:
    assert SECRET in rest.get(f"/v1/attributes?catalog={anna.entry.id}", headers=anna.headers).text
    assert anna.entry.id in rest.get("/v1/catalogs", headers=anna.headers).text


def test_jobs_on_what_a_visitor_has_brought_are_done(library: Library, anna: Side) -> None:
    job = library.submit("embed", {}, anna.entry.id, anna.visitor.mark)
    done = library.jobs.wait(job.id, 60)
    assert (done.state, done.error) == ("done", "") and done.result["items"] == 3


def test_writing_to_what_is_anothers_is_refused(rest: TestClient, library: Library, anna: Side, bert: Side) -> None:
    path = f"/v1/uploads/{anna.upload}"
    for method in ("PATCH", "DELETE"):
        answer = rest.request(method, path, headers={**bert.headers, "upload-offset": "5"}, content=b"x")
        assert answer.status_code in (404, 405, 410, 422), (method, answer.text)
    assert library.uploads.find(anna.upload, anna.visitor).received == 5


@pytest.mark.parametrize("kind", OPERATIONS)
def test_mcp_and_gradio_tell_nothing_of_another(library: Library, anna: Side, bert: Side, kind: str) -> None:
    id, operation = anna.entry.id, OPERATIONS[kind]
    asked = {
        "search": {"item": "g0", "attributes": ["color"]},
        "explain": {"item": "g0", "attributes": ["color"], "about": "g1"},
        "similar": {"item": "g0", "attributes": ["color"], "level": 0},
        "reports": {"report": f"{id}/20260101-000000.json"},
    }.get(kind, {})
    given = question(operation.asks, asked if kind == "catalogs" else {"catalog": id, **asked})
    programs = Programs(library)

    def answered(side: Side, given: Any = given) -> Any:
        try:
            return operation.answer(programs, Asking(given, side.visitor))
        except ValueError as error:
            return str(error)

    assert SECRET in told(answered(anna)) or kind in ("catalogs", "search", "similar")
    assert_nothing_of(anna, answered(bert), (id,))
    if kind == "reports":
        through_his_own = given.model_copy(update={"catalog": bert.entry.id})
        assert f"there is no catalog '{id}'" in answered(bert, through_his_own)


def called(url: str, endpoint: str, values: list[Any], side: Side | None) -> str:
    """What Gradio's own API answers to a call, as the text that came."""
    headers = side.headers if side else {}
    call = f"{url}gradio_api/call/{endpoint}"
    event = httpx.post(call, json={"data": values}, headers=headers).raise_for_status().json()["event_id"]
    return httpx.get(f"{call}/{event}", headers=headers, timeout=60).text


def test_gradio_over_http_tells_nothing_of_another(served: str, anna: Side, bert: Side) -> None:
    asks: dict[str, list[Any]] = {"attributes": [anna.entry.id], "items": [anna.entry.id, None, 0, 50], "catalogs": []}
    for endpoint, values in asks.items():
        assert anna.entry.id in called(served, "catalogs", [], anna)
        for side in (bert, None):
            told_back = called(served, endpoint, values, side)
            assert "complete" in told_back if not values else "event: error" in told_back
            assert_nothing_of(anna, told_back, (anna.entry.id,))
    assert SECRET in called(served, "attributes", asks["attributes"], anna)
    search = [anna.entry.id, None, "g0", ["color"], 3, *[None] * 6]
    assert "g1" in called(served, "search", search, anna)
    for side in (bert, None):
        answer = called(served, "search", search, side)
        assert "event: error" in answer and "g1" not in answer


def test_no_file_of_the_installation_has_an_address_of_gradios(served: str, library: Library, anna: Side) -> None:
    home = library.settings.home
    library.thumbnails(anna.entry).file(library.ledger(anna.entry.id).catalog.items[0])
    files = [path for path in home.rglob("*") if path.is_file()]
    kinds = {path.relative_to(home).parts[0] for path in files}
    assert {"library", "thumbnails", "store"} <= kinds and len(files) > 20
    for path in files:
        for side in (anna.headers, {}):
            answer = httpx.get(f"{served}gradio_api/file={path}", headers=side)
            assert answer.status_code in (403, 404), (path, answer.status_code)


def test_the_search_tab_opens_another_catalog_instead(
    library: Library, search: SearchEvents, anna: Side, bert: Side
) -> None:
    async def last(updates: AsyncIterator[dict[Any, Any]]) -> dict[Any, Any]:
        return [update async for update in updates][-1]

    for updates in (
        search.begin(Steps(), bert.asking(catalog=anna.entry.id, item="g0")),
        search.switch(anna.entry.id, Steps(), bert.asking()),
        search.go((anna.entry.id, 1, "g0"), Steps(), bert.asking()),
    ):
        filled = asyncio.run(last(updates))
        assert filled[search.tab.catalog] == library.default
        assert_nothing_of(anna, {key: value for key, value in filled.items() if key is not search.tab.query_line})


def test_the_catalogs_tab_lists_ones_own(library: Library, page: CatalogsPage, anna: Side, bert: Side) -> None:
    begun = page.catalogs.begin(library.default, bert.asking())
    assert_nothing_of(anna, begun)
    assert bert.entry.id in told(begun) and bert.job.id in told(begun)
    assert_nothing_of(anna, page.host.begin(bert.asking()))


LIST_ACTS = ("open", "delete", "restore", "erase_one", "duplicate", "export", "measure", "reread", "add", "detail")


@pytest.mark.parametrize("act", LIST_ACTS)
def test_no_button_of_the_list_reaches_another(
    library: Library, page: CatalogsPage, anna: Side, bert: Side, act: str
) -> None:
    before = (library.all(anna.visitor), library.jobs_of(anna.visitor), library.all(bert.visitor))
    for do in (page.catalogs.act, page.detail.open):
        assert_nothing_of(anna, do(event(act=act, id=anna.entry.id), library.default, bert.asking()), (anna.entry.id,))
    assert before == (library.all(anna.visitor), library.jobs_of(anna.visitor), library.all(bert.visitor))


@pytest.mark.parametrize("act", ["log", "cancel", "forget", "open", "report"])
def test_no_button_of_a_job_reaches_another(
    library: Library, page: CatalogsPage, anna: Side, bert: Side, act: str
) -> None:
    named = f"{anna.entry.id}/20260101-000000.json"
    done = page.jobs.act(event(act=act, id=anna.job.id, name=named), library.default, bert.asking())
    assert_nothing_of(anna, done, (anna.job.id, anna.entry.id))
    assert library.job(anna.job.id, anna.visitor) == anna.job
    assert_nothing_of(anna, page.jobs.follow_log(anna.job.id, bert.asking()))


ITEM_ACTS: tuple[dict[str, Any], ...] = (
    {"act": "find", "value": "g"},
    {"act": "column", "value": "color"},
    {"act": "item", "id": "g0"},
    {"act": "set", "attribute": "color", "value": "stolen"},
    {"act": "remove", "id": "g0"},
    {"act": "remove-all", "items": ["g0"]},
    {"act": "label-all", "items": ["g0"], "label": json.dumps(["color", "stolen"])},
)


@pytest.mark.parametrize("data", ITEM_ACTS, ids=lambda data: str(data["act"]))
def test_no_item_of_another_is_seen_or_changed(
    library: Library, page: CatalogsPage, anna: Side, bert: Side, data: dict[str, Any]
) -> None:
    before = library.ledger(anna.entry.id).catalog
    shown = Shown(anna.entry.id, item="g0", column="color", value=SECRET)
    assert_nothing_of(anna, page.detail.items.act(event(**data), shown, bert.asking()), (anna.entry.id,))
    assert library.ledger(anna.entry.id).catalog is before


@pytest.mark.parametrize("act", ["measure", "export", "report", "unlearn", "prune", "watch", "apply", "undo", "back"])
def test_no_button_of_the_detail_reaches_another(
    library: Library, page: CatalogsPage, anna: Side, bert: Side, act: str
) -> None:
    jobs, before = library.jobs_of(anna.visitor), library.ledger(anna.entry.id).catalog
    done = page.detail.act(
        event(act=act, name="color", value=True), Shown(anna.entry.id), library.default, bert.asking()
    )
    assert_nothing_of(anna, done, (anna.entry.id,))
    assert_nothing_of(
        anna, page.detail.rename("taken", Shown(anna.entry.id), library.default, bert.asking()), (anna.entry.id,)
    )
    assert (library.jobs_of(anna.visitor), library.ledger(anna.entry.id).catalog) == (jobs, before)
    assert library.entry(anna.entry.id, anna.visitor).name == "anna"


def test_files_given_to_anothers_catalog_are_refused(
    library: Library, page: CatalogsPage, anna: Side, bert: Side, tmp_path: Path
) -> None:
    (tmp_path / "labels.csv").write_text("id,color\ng0,stolen\n")
    shown = Shown(anna.entry.id, item="g0")
    for found in (
        page.detail.read_labels(str(tmp_path / "labels.csv"), shown, bert.asking()),
        page.detail.items.take_picture(str(tmp_path / "labels.csv"), shown, library.default, bert.asking()),
    ):
        assert_nothing_of(anna, found, (anna.entry.id,))
    assert library.ledger(anna.entry.id).catalog.item("g0").labels["color"] == SECRET


def test_reports_are_for_those_who_see_the_catalog(page: CatalogsPage, anna: Side, bert: Side) -> None:
    named = f"{anna.entry.id}/20260101-000000.json"
    for found in (
        page.metrics.choose(named, anna.entry.id, Looked(), bert.asking()),
        page.metrics.opened(anna.entry.id, Looked(named), bert.asking()),
        page.metrics.begin(anna.entry.id, Looked(), bert.asking()),
        page.metrics.act(event(act="search", item="g0"), Looked(named), anna.entry.id, bert.asking()),
        page.metrics.measure([], "", "0.2", None, anna.entry.id, Looked(named), bert.asking()),
        page.metrics.export(event(act="export_csv"), Looked(named), anna.entry.id, bert.asking()),
    ):
        assert_nothing_of(anna, found, (anna.entry.id,))


def test_pictures_have_addresses_that_nobody_guesses(
    rest: TestClient, library: Library, anna: Side, bert: Side
) -> None:
    catalog = library.ledger(anna.entry.id).catalog
    address = library.thumbnails(anna.entry).url(catalog.items[0])
    assert len(anna.entry.door) >= 20 and anna.entry.door not in (anna.entry.id, library.entry("").door)
    assert rest.get(f"/{address}", headers=bert.headers).status_code == 200  # who knows the door may look
    for guess in (anna.entry.id, anna.visitor.mark, library.entry("").door, bert.entry.door):
        name = address.rpartition("/")[2]
        found = rest.get(f"/thumbnails/{guess}/{name}", headers=bert.headers)
        own = library.thumbnails(library.entry("")).find(name), library.thumbnails(bert.entry).find(name)
        assert found.status_code == 404 or any(own)  # ids are the same, so theirs may be of that name


def test_only_the_host_changes_what_is_his(library: Library, page: CatalogsPage, bert: Side) -> None:
    done = page.catalogs.act(event(act="reread", id=library.default), library.default, bert.asking())
    assert "belongs to the host" in told(done)
    shown = page.detail.open(event(act="detail", id=library.default), library.default, bert.asking())
    assert shown[page.detail.tab.owner].visible is False
    assert "data-bulk" not in shown[page.detail.tab.items] and "data-act='set'" not in told(shown)
    hosts = page.host.begin(bert.asking())
    assert hosts[page.host.tab.weights].visible is False and hosts[page.host.tab.tried] == ""
    assert "only the host" in told(page.host.load("somewhere", library.default, bert.asking()))


def test_what_is_mine_says_its_limits_and_its_end(page: CatalogsPage, anna: Side) -> None:
    own = page.host.begin(anna.asking())[page.host.tab.own]
    assert "1,024 MB" in own and "10,000 files" in own and "24 hours" in own
    assert f"&#x27;anna&#x27; ends on {time.strftime('%Y-%m-%d', time.localtime(anna.entry.made + 86400))}" in own


def test_who_erases_leaves_nothing_and_takes_nothing_of_others(
    rest: TestClient, library: Library, anna: Side, bert: Side
) -> None:
    erased = rest.post("/v1/erase", headers={**bert.headers, "content-type": "application/json"})
    assert erased.status_code == 200
    assert library.all(bert.visitor) == library.all(Visitor(new_key())) and library.jobs_of(bert.visitor) == []
    assert rest.get(f"/v1/jobs/{bert.job.id}/file", headers=bert.headers).status_code == 404
    assert anna.entry in library.all(anna.visitor) and library.job(anna.job.id, anna.visitor).state == "done"

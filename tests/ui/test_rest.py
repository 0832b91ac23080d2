"""The REST face, asked over HTTP without a server: what it answers, and how it refuses."""

import base64
import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio.context import LocalContext
from starlette.testclient import TestClient

from catalog import Catalog
from library import Library, Opened
from retrieval import ItemSource, Query, Term
from tests.ui.conftest import COLORS, draw_garment, library_on, ready
from ui.bodies import LARGEST_BODY
from ui.operations import OPERATIONS
from ui.programs import Programs
from ui.query_questions import SearchQuestion
from ui.rest import rest_app


@pytest.fixture(scope="module")
def rest(library: Library) -> Iterator[TestClient]:
    with TestClient(
        rest_app(Programs(library)), base_url="http://shop.example", raise_server_exceptions=False
    ) as client:
        yield client


def picture(color: str = "blue", kind: str = "PNG") -> bytes:
    written = io.BytesIO()
    draw_garment(COLORS[color], stripes=False).save(written, kind)
    return written.getvalue()


def hits(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    return response.json()["hits"]


def error(response: httpx.Response, status: int = 422) -> str:
    assert response.status_code == status, response.text
    assert list(response.json()) == ["error"]
    return response.json()["error"]


def test_an_item_by_get_and_by_post(rest: TestClient) -> None:
    query = "item=g0&attributes=COLOR&attributes=pattern%3D0.5&k=4&beta=0.5&filters=Pattern%3DStripe"
    asked = {
        "item": "g0",
        "attributes": ["color", "pattern=0.5"],
        "k": 4,
        "beta": 0.5,
        "filters": {"pattern": ["stripe"]},
    }
    found = hits(rest.get(f"/v1/search?{query}"))
    assert (
        found
        == hits(rest.post("/v1/search", json=asked))
        == hits(
            rest.post(
                "/v1/search",
                data={
                    "item": "g0",
                    "attributes": ["color", "pattern=0.5"],
                    "k": "4",
                    "beta": "0.5",
                    "filters": "pattern=stripe",
                },
            )
        )
    )
    assert len(found) == 4 and "g0" not in [hit["id"] for hit in found]
    assert set(found[0]["shares"]) == {"color", "pattern"}
    assert {hit["labels"]["pattern"] for hit in found} == {"stripe"}


@pytest.mark.parametrize("way", ["file", "base64", "data URL"])
def test_a_picture(rest: TestClient, way: str) -> None:
    text = base64.b64encode(picture()).decode()
    if way == "file":
        form = {"attributes": ["color", "pattern"], "k": "2"}
        response = rest.post("/v1/search", data=form, files={"image": ("shirt.png", picture(), "image/png")})
    else:
        image = text if way == "base64" else f"data:image/png;base64,{text}"
        response = rest.post("/v1/search", json={"image": image, "attributes": ["color", "pattern"], "k": 2})
    assert {hit["id"] for hit in hits(response)} == {"g1", "g7"}


def test_addresses_of_thumbnails_are_the_callers_and_show_no_path(rest: TestClient, opened: Opened) -> None:
    first = hits(rest.get("/v1/search?item=g0&attributes=color"))[0]["image"]
    assert first.startswith("http://shop.example/thumbnails/")
    assert str(opened.settings.home) not in first and "file=" not in first
    response = rest.get(first)
    assert response.status_code == 200 and response.headers["content-type"] == "image/webp"
    assert "max-age" in response.headers["cache-control"]
    forwarded = {"x-forwarded-host": "lapel.example", "x-forwarded-proto": "https"}
    through = rest.get("/v1/search?item=g0&attributes=color", headers=forwarded).json()
    assert through["hits"][0]["image"].startswith("https://lapel.example/thumbnails/")
    door, name = first.split("/")[-2:]
    strange = ("0" * 24 + "-" + "0" * 10 + "-256.webp", "..%2f..%2fapp.py", "blank-256.webp")
    for place in (*(f"{door}/{other}" for other in strange), name, f"nobodys/{name}", f"..%2f{door}/{name}"):
        assert error(rest.get(f"/thumbnails/{place}"), 404)


def test_k_above_the_cap_gives_the_cap_and_says_so(rest: TestClient) -> None:
    answer = rest.get("/v1/search?item=g0&attributes=color&k=201").json()
    assert answer["notes"] == ["k is 201; at most 200 are given at once"]
    assert len(answer["hits"]) == 11
    assert rest.get("/v1/search?item=g0&attributes=color&k=200").json()["notes"] == []
    assert rest.get("/v1/items?limit=999").json()["notes"] == ["limit is 999; at most 200 are given at once"]


def test_attributes_with_values_and_counts(rest: TestClient, opened: Opened) -> None:
    answer = rest.get("/v1/attributes").json()
    assert answer["items"] == 12
    listed = {attribute["name"]: attribute for attribute in answer["attributes"]}
    assert list(listed) == opened.embedder.attributes
    assert listed["color"]["embedded"] and listed["color"]["labelled"] == 11
    values = {value["value"]: value["items"] for value in listed["color"]["values"]}
    assert values == {"red": 4, "blue": 4, "green": 3}
    other = listed[opened.unlabelled[0]]
    assert not other["embedded"] and other["labelled"] == 0 and other["values"]
    columns = {column["name"]: column for column in answer["columns"]}
    assert {value["value"] for value in columns["split"]["values"]} == {"test", "train"}
    assert columns["title"]["distinct"] == 12


def test_items_page_by_page_and_filtered(rest: TestClient) -> None:
    first = rest.get("/v1/items?limit=5").json()
    assert [item["id"] for item in first["items"]] == [f"g{number}" for number in range(5)]
    assert (first["total"], first["offset"], first["next"]) == (12, 0, 5)
    last = rest.get("/v1/items?limit=5&offset=10").json()
    assert [item["id"] for item in last["items"]] == ["g10", "g11"] and last["next"] is None
    assert rest.get("/v1/items?offset=99").json()["items"] == []
    red = rest.get("/v1/items", params={"filters": '{"COLOR": ["Red"], "split": "test"}'}).json()
    assert [item["id"] for item in red["items"]] == ["g0", "g3"]
    assert red["items"][0]["labels"]["color"] == "red" and red["items"][0]["columns"] == {"title": "number 0"}


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"k": "12"}, 'k is the text "12"'),
        ({"image": "/etc/passwd", "item": None}, "image is a text that is not base64, such as a path"),
        ({"image": "https://example.com/a.jpg", "item": None}, "image is a web address, and these are not fetched"),
        ({"image": "data:image/png,abc", "item": None}, "without ';base64,'"),
        ({"image": "aGVsbG8gd29ybGQ=", "item": None}, "is not a JPEG"),
        ({"image": "aGVsbG8gd29ybGQ="}, "either an image or the id"),
        ({"item": None}, "either an image or the id"),
        ({"attributes": ["wings"]}, "wings"),
        ({"attributes": ["color", "COLOR=2"]}, "'color' is given twice"),
        ({"attributes": ["color=nan"]}, "the weight of 'color' is nan"),
        ({"attributes": ["color=-inf"]}, "the weight of 'color' is -inf"),
        ({"filters": {"sizes": ["L"]}}, "no column 'sizes'; it has: split, color, pattern, title"),
        ({"filters": {"color": ["mauve"]}}, "no value 'mauve'; it has: red, blue, green"),
        ({"colour": 1}, "no parameter 'colour'"),
    ],
)
def test_what_cannot_be_answered_is_said(rest: TestClient, parameters: dict[str, Any], said: str) -> None:
    assert said in error(rest.post("/v1/search", json={"item": "g0", "attributes": ["color"], **parameters}))


def test_status_codes_tell_the_kinds_of_refusal_apart(rest: TestClient) -> None:
    assert "no item 'g99'" in error(rest.get("/v1/search?item=g99&attributes=color"), 404)
    assert "give it once" in error(rest.get("/v1/search?item=g0&item=g1&attributes=color"))
    assert "has no '='" in error(rest.get("/v1/search?item=g0&attributes=color&filters=red"))
    assert "not JSON" in error(
        rest.post("/v1/search", content=b"{'item'}", headers={"content-type": "application/json"})
    )
    assert "give a JSON object" in error(rest.post("/v1/search", json=[1]))
    assert "send JSON" in error(rest.post("/v1/search", content=b"<a/>", headers={"content-type": "text/xml"}), 415)
    assert "send the picture as 'image'" in error(rest.post("/v1/search", files={"photo": ("a.png", picture())}))
    two = [("image", ("a.png", picture())), ("image", ("b.png", picture()))]
    assert "one file named 'image'" in error(rest.post("/v1/search", files=two), 400)
    assert "docs" in error(rest.get("/v1/nothing"), 404)
    assert error(rest.delete("/v1/search"), 405)
    assert hits(
        rest.post(
            "/v1/search",
            content=b'{"item": "g0", "attributes": ["color"]}',
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
    )  # what `curl -d` sends


def test_a_request_of_too_many_bytes_is_refused_before_it_is_read(rest: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(LARGEST_BODY // (1 << 20) + 2):
            yield bytes(1 << 20)

    headers = {"content-type": "application/json"}
    assert "larger than" in error(rest.post("/v1/search", content=endless(), headers=headers), 413)


def test_the_catalog_is_embedded_on_request_only_where_the_host_allows_it(
    library: Library, opened: Opened, tmp_path: Path
) -> None:
    name = opened.unlabelled[0]
    with TestClient(rest_app(Programs(library))) as client:
        said = error(client.post("/v1/search", json={"item": "g0", "attributes": [name]}), 403)
    assert name in said and "ask for: pattern, color; " in said and "--embed-on-request" in said
    assert opened.engine.attributes == ["pattern", "color"]
    willing = ready(library_on(opened.catalog, tmp_path, embed_on_request=True))
    with TestClient(rest_app(Programs(willing))) as client:
        assert hits(client.post("/v1/search", json={"item": "g0", "attributes": [name]}))
    assert name in willing.opened("").engine.attributes


def test_a_search_knows_whose_request_it_is(library: Library, opened: Opened) -> None:
    """ZeroGPU finds the quota of a caller by the request that Gradio's context holds, in whatever thread."""

    class Asking(Programs):
        def search(self, asked: Any, *rest: Any) -> dict[str, Any]:
            request = LocalContext.request.get()
            return {"hits": [], "notes": [request.headers["x-ip-token"]]}

    with TestClient(rest_app(Asking(library))) as client:
        found = client.post("/v1/search", json={"item": "g0"}, headers={"x-ip-token": "mine"}).json()
    assert found["notes"] == ["mine"]


def test_health_and_what_is_said_before_the_app_is_ready(
    library: Library, small_catalog: Catalog, tmp_path: Path
) -> None:
    with TestClient(rest_app(Programs(library))) as client:
        assert client.get("/v1/health").json() == {"status": "ready", "items": 12, "done": 0}
    broken = library_on(small_catalog, tmp_path, device="abacus")
    with TestClient(rest_app(Programs(broken))) as client:
        assert client.get("/v1/health").status_code == 503
        assert broken.opened("").wait(60)
        assert client.get("/v1/health").json()["status"] == "failed"
        assert "abacus" in error(client.get("/v1/search?item=g0&attributes=color"), 503)


def test_the_description_has_every_endpoint_with_its_parameters(rest: TestClient) -> None:
    assert rest.get("/docs").status_code == 200
    paths = rest.get("/openapi.json").json()["paths"]
    ours = [f"/v1/{name}" for name in (*OPERATIONS, "health")]
    told = {parameter["name"]: parameter["description"] for parameter in paths["/v1/search"]["get"]["parameters"]}
    assert {*told, "image"} == set(SearchQuestion.model_fields) and all(told.values())
    body = paths["/v1/search"]["post"]["requestBody"]["content"]
    assert body["multipart/form-data"]["schema"]["properties"]["image"]["format"] == "binary"
    assert all(schema["description"] for schema in body["application/json"]["schema"]["properties"].values())
    for path in (paths[name] for name in ours):
        for operation in path.values():
            assert operation["responses"]["200"]["content"]["application/json"]["schema"]


@pytest.mark.parametrize("few", [0, 10**6], ids=["large catalog", "small catalog"])
def test_answers_are_the_same_in_a_thread_and_on_the_event_loop(
    few: int, rest: TestClient, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = opened.engine.search(Query((Term("color", ItemSource("g0")),)), 3, exclude=["g0"])
    threads: list[str] = []
    search = Programs.search
    monkeypatch.setattr("ui.programs.FEW_ITEMS", few)
    monkeypatch.setattr(
        Programs, "search", lambda *given: threads.append(threading.current_thread().name) or search(*given)
    )
    for _ in range(3):
        found = hits(rest.get("/v1/search?item=g0&attributes=color&k=3"))
        assert [(hit["id"], hit["score"]) for hit in found] == [(hit.id, hit.score) for hit in expected]
    assert all(("worker" in name) == (few == 0) for name in threads), threads

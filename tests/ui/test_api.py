"""Gradio's API of the running app, called as programs call it."""

import base64
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from catalog import load_catalog
from common.assets import DEMO_CATALOG
from ui.operations import OPERATIONS

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def client(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    client = Client(app_url, verbose=False, download_files=str(tmp_path_factory.mktemp("downloads")))
    yield client
    client.close()


def search(client: Client, **parameters: Any) -> list[dict[str, Any]]:
    return client.predict(api_name="/search", **parameters)["hits"]


@pytest.fixture(scope="module")
def item() -> str:
    return load_catalog(DEMO_CATALOG).items[0].id


def test_the_public_endpoints_are_typed_and_described(client: Client) -> None:
    described = client.view_api(return_format="dict")["named_endpoints"]
    assert list(described) == [f"/{name}" for name in OPERATIONS]
    for name, operation in OPERATIONS.items():
        names = [parameter["parameter_name"] for parameter in described[f"/{name}"]["parameters"]]
        assert names == list(operation.asks.model_fields)
    parameters = described["/search"]["parameters"]
    for endpoint in described.values():
        for parameter in endpoint["parameters"]:
            assert parameter["parameter_has_default"] and parameter["type"]["description"]
        assert endpoint["description"] and endpoint["returns"][0]["type"]["properties"]
    assert parameters[3]["type"]["anyOf"][0]["items"] == {"type": "string"}


def test_attributes_and_items_are_listed(client: Client) -> None:
    catalog = load_catalog(DEMO_CATALOG)
    listed = client.predict(api_name="/attributes")
    lapel = next(entry for entry in listed["attributes"] if entry["name"] == "lapel_design")
    assert lapel["embedded"]
    assert [value["value"] for value in lapel["values"]] == list(catalog.attribute("lapel_design").values)
    assert sum(value["items"] for value in lapel["values"]) == lapel["labelled"] > 0
    page = client.predict(api_name="/items", filters={"Color": "RED"}, offset=1, limit=2)
    reds = [item.id for item in catalog.items if item.labels.get("color") == "red"]
    assert [item["id"] for item in page["items"]] == reds[1:3]
    assert (page["total"], page["next"]) == (len(reds), 3)


@pytest.mark.parametrize("name", ["lapel design", "lapel_design", "Lapel-Design", "ＬＡＰＥＬ design"])
def test_a_name_in_any_spelling_is_the_same(client: Client, item: str, name: str) -> None:
    hits = search(client, item=item, attributes=[name], k=3)
    assert [set(hit["shares"]) for hit in hits] == [{"lapel_design"}] * 3
    assert hits == search(client, item=item, attributes=["lapel_design"], k=3)


def test_an_item(client: Client, item: str) -> None:
    hits = search(client, item=item, attributes=["color", "pattern=0.5"], k=5)
    assert len(hits) == 5
    assert item not in [hit["id"] for hit in hits]
    scores = [hit["score"] for hit in hits]
    assert scores == sorted(scores, reverse=True)
    for hit in hits:
        assert set(hit["shares"]) == {"color", "pattern"}
        assert sum(hit["shares"].values()) == pytest.approx(hit["score"], abs=1e-6)
        assert hit["labels"]["color"]
    with urlopen(hits[0]["image"]) as response:
        assert response.headers["content-type"] == "image/webp"


def test_an_uploaded_picture_finds_its_item(client: Client) -> None:
    catalog = load_catalog(DEMO_CATALOG)
    chosen = catalog.items[7]
    hits = search(client, image=handle_file(str(catalog.path(chosen))), attributes=["color"], k=3)
    assert chosen.id in [hit["id"] for hit in hits]


def test_beta_and_filters(client: Client, item: str) -> None:
    region = search(client, item=item, attributes=["color"], beta=1, k=20)
    patch = search(client, item=item, attributes=["color"], beta=0, k=20)
    assert [hit["score"] for hit in region] != [hit["score"] for hit in patch]
    red = search(client, item=item, attributes=["pattern"], filters={"color": ["red"]}, k=8)
    assert {hit["labels"]["color"] for hit in red} == {"red"}
    assert search(client, item=item, attributes=["pattern"], filters={"color": []}) == []


def test_k_larger_than_the_catalog_gives_the_catalog(client: Client, item: str) -> None:
    filters = {"color": ["red"]}
    catalog = load_catalog(DEMO_CATALOG)
    answer = client.predict(api_name="/search", item=item, attributes=["color"], k=10**9)
    assert len(answer["hits"]) == 200
    assert answer["notes"] == ["k is 1000000000; at most 200 are given at once"]
    reds = {entry.id for entry in catalog.items if entry.labels.get("color") == "red"} - {item}
    hits = search(client, item=item, attributes=["color"], filters=filters, k=10**9)
    assert {hit["id"] for hit in hits} == reds


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"attributes": ["color"], "k": 0}, "k is 0"),
        ({"attributes": ["color"], "k": -4}, "k is -4"),
        ({"attributes": ["color"], "k": "12"}, 'k is the text "12"; give a whole number'),
        ({"attributes": ["color"], "k": 1.5}, "k is 1.5; give a whole number"),
        ({"attributes": ["category"]}, "not embedded for category, and this server does not embed on request"),
        ({"attributes": ["color"], "item": None, "image": "/etc/passwd"}, "not base64, such as a path"),
        ({"attributes": ["color"], "item": None, "image": "photo.jpg"}, "not base64, such as a path"),
        ({"attributes": ["color"], "item": None, "image": {"path": "/etc/passwd"}}, "no uploaded file"),
        ({"attributes": ["color"], "item": None, "image": 5}, "image is 5; send the picture itself"),
        ({"attributes": ["color"], "item": None, "image": "https://example.com/a.png"}, "are not fetched"),
        ({"attributes": ["color"], "filters": {"color": ["mauve"]}}, "no value 'mauve'; it has: "),
        ({"attributes": ["wings"]}, "wings"),
        ({"attributes": []}, "at least one attribute"),
        ({"attributes": None}, "at least one attribute"),
        ({"attributes": "color"}, "list of texts"),
        ({"attributes": [1]}, "list of texts"),
        ({"attributes": ["color=nan"]}, "weight"),
        ({"attributes": ["color=0"]}, "weight"),
        ({"attributes": ["color=-1"]}, "from 0 up"),
        ({"attributes": ["color"], "beta": 1.5}, "beta"),
        ({"attributes": ["color"], "gamma": -0.1}, "gamma is -0.1; give a number from 0"),
        ({"attributes": ["color"], "least": 2}, "least is 2; give a number from 0"),
        ({"attributes": ["color"], "least": "likely"}, 'least is the text "likely"; give a number'),
        ({"attributes": ["color"], "least": 0.5, "beta": 0.123}, "'color' has no match level here"),
        ({"attributes": ["color"], "filters": {"sizes": ["L"]}}, "sizes"),
        ({"attributes": ["color"], "filters": ["red"]}, "filters must map"),
        ({"attributes": ["color"], "item": "no such item"}, "no such item"),
        ({"attributes": ["color"], "item": None}, "either an image or the id"),
    ],
)
def test_what_cannot_be_answered_is_said(client: Client, item: str, parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(AppError, match=said):
        search(client, **{"item": item, **parameters})


def test_base64_and_data_urls_are_pictures_too(client: Client) -> None:
    catalog = load_catalog(DEMO_CATALOG)
    text = base64.b64encode(catalog.path(catalog.items[7]).read_bytes()).decode()
    for image in (text, f"data:image/webp;base64,{text}"):
        assert search(client, image=image, attributes=["color"], k=1)[0]["id"] == catalog.items[7].id


def test_addresses_show_no_path_of_the_server(client: Client, item: str) -> None:
    for hit in search(client, item=item, attributes=["color"], k=3):
        assert re.fullmatch(r"http://[\w.:]+/thumbnails/demo/[0-9a-f]+-[0-9a-f]+-256\.webp", hit["image"])


def test_a_catalog_is_named_by_its_id(client: Client, item: str) -> None:
    listed = client.predict(api_name="/catalogs")["catalogs"]
    assert [(entry["id"], entry["name"]) for entry in listed] == [("demo", "Demo")] and listed[0]["made"] > 0
    asked = {"item": item, "attributes": ["color"], "k": 3}
    assert search(client, catalog="demo", **asked) == search(client, **asked)
    assert client.predict(api_name="/items", catalog="demo", limit=1)["total"] == len(load_catalog(DEMO_CATALOG))
    for endpoint, parameters in (("/search", asked), ("/items", {}), ("/attributes", {})):
        with pytest.raises(AppError, match="there is no catalog 'nobody'; `catalogs` lists them"):
            client.predict(api_name=endpoint, catalog="nobody", **parameters)
    with pytest.raises(AppError, match="catalog is 7; give the id of a catalog as text, or null"):
        search(client, catalog=7, **asked)


def test_a_text_named_jpg_is_refused(client: Client, tmp_path: Path) -> None:
    fake = tmp_path / "shirt.jpg"
    fake.write_text("not a picture")
    with pytest.raises(AppError, match="not a JPEG"):
        search(client, image=handle_file(str(fake)), attributes=["color"])


def called(app_url: str, data: list[Any]) -> str:
    """What `/call/search` tells of raw values, as a program without gradio_client sends them."""
    body = json.dumps({"data": data}).encode()
    with urlopen(Request(app_url + "gradio_api/call/search", body, {"content-type": "application/json"})) as response:
        event = json.load(response)["event_id"]
    with urlopen(f"{app_url}gradio_api/call/search/{event}") as response:
        return response.read().decode()


def test_files_of_the_server_are_not_to_be_had(app_url: str) -> None:
    inside = Path(__file__).resolve()
    told = called(
        app_url,
        [None, {"path": str(inside), "meta": {"_type": "gradio.FileData"}}, None, ["color"], 2, *[None] * 6],
    )
    assert told.startswith("event: error") and "not one that was uploaded here" in told
    with pytest.raises(HTTPError, match="403") as refused:
        urlopen(f"{app_url}gradio_api/file={inside}")
    refused.value.close()


def test_a_web_address_as_a_file_is_not_fetched(app_url: str) -> None:
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/a.png"
        file = {"path": address, "url": address, "meta": {"_type": "gradio.FileData"}}
        told = called(app_url, [None, file, None, ["color"], 2, *[None] * 6])
        server.shutdown()
    assert told.startswith("event: error") and "not fetched" in told
    assert not asked


def test_too_few_values_are_told_with_the_parameters(app_url: str, item: str) -> None:
    told = called(app_url, [None, None, item])
    assert "3 values came for 11 parameters; send, in this order: catalog, image, item, attributes, k, " in told
    assert "k, beta, gamma, least, filters, terms, words" in told


def test_the_running_app_answers_rest_and_its_thumbnails(app_url: str, item: str) -> None:
    with urlopen(f"{app_url}v1/search?item={item}&attributes=lapel%20design&k=2") as response:
        hits = json.load(response)["hits"]
    with urlopen(hits[0]["image"]) as response:
        assert response.headers["content-type"] == "image/webp"
    for page in ("docs", "openapi.json", "v1/health", "?lang=ja"):
        with urlopen(app_url + page) as response:
            assert response.status == 200
    with urlopen(Request(app_url, headers={"accept-language": "ja"})) as response:
        assert 'lang="ja"' in response.read().decode().replace("'", '"')

"""`/search` of the running app, called as programs call it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from catalog import load_catalog
from common.assets import DEMO_CATALOG

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def client(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    client = Client(app_url, verbose=False, download_files=str(tmp_path_factory.mktemp("downloads")))
    yield client
    client.close()


def search(client: Client, **parameters: Any) -> list[dict[str, Any]]:
    return client.predict(api_name="/search", **parameters)


@pytest.fixture(scope="module")
def item() -> str:
    return load_catalog(DEMO_CATALOG).items[0].id


def test_it_is_the_only_public_endpoint_and_typed(client: Client) -> None:
    described = client.view_api(return_format="dict")
    assert list(described["named_endpoints"]) == ["/search"]
    parameters = described["named_endpoints"]["/search"]["parameters"]
    names = [parameter["parameter_name"] for parameter in parameters]
    assert names == ["image", "item", "attributes", "k", "beta", "filters"]
    assert all(parameter["parameter_has_default"] for parameter in parameters)
    assert parameters[2]["type"]["items"] == {"type": "string"}


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
    reds = {entry.id for entry in catalog.items if entry.labels.get("color") == "red"} - {item}
    hits = search(client, item=item, attributes=["color"], filters=filters, k=10**9)
    assert {hit["id"] for hit in hits} == reds


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"attributes": ["color"], "k": 0}, "k is 0"),
        ({"attributes": ["color"], "k": -4}, "k is -4"),
        ({"attributes": ["wings"]}, "wings"),
        ({"attributes": []}, "at least one attribute"),
        ({"attributes": None}, "at least one attribute"),
        ({"attributes": "color"}, "list of texts"),
        ({"attributes": [1]}, "list of texts"),
        ({"attributes": ["color=nan"]}, "weight"),
        ({"attributes": ["color=0"]}, "weight"),
        ({"attributes": ["color=-1"]}, "from 0 up"),
        ({"attributes": ["color"], "beta": 1.5}, "beta"),
        ({"attributes": ["color"], "filters": {"sizes": ["L"]}}, "sizes"),
        ({"attributes": ["color"], "filters": ["red"]}, "filters must map"),
        ({"attributes": ["color"], "item": "no such item"}, "no such item"),
        ({"attributes": ["color"], "item": None}, "either an image or the id"),
    ],
)
def test_what_cannot_be_answered_is_said(client: Client, item: str, parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(AppError, match=said):
        search(client, **{"item": item, **parameters})


def test_a_text_named_jpg_is_refused(client: Client, tmp_path: Path) -> None:
    fake = tmp_path / "shirt.jpg"
    fake.write_text("not a picture")
    with pytest.raises(AppError, match="not a JPEG"):
        search(client, image=handle_file(str(fake)), attributes=["color"])


def test_files_of_the_server_are_not_to_be_had(app_url: str) -> None:
    inside = Path(__file__).resolve()
    payload = {"path": str(inside), "meta": {"_type": "gradio.FileData"}}
    body = json.dumps({"data": [payload, None, ["color"], 2, None, None]}).encode()
    request = Request(app_url + "gradio_api/call/search", body, {"content-type": "application/json"})
    with urlopen(request) as response:
        event = json.load(response)["event_id"]
    with urlopen(f"{app_url}gradio_api/call/search/{event}") as response:
        assert response.read().decode().startswith("event: error")
    with pytest.raises(HTTPError, match="403") as refused:
        urlopen(f"{app_url}gradio_api/file={inside}")
    refused.value.close()


def test_mcp_lists_the_tool(app_url: str) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}).encode()
    headers = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
    with urlopen(Request(app_url + "gradio_api/mcp/", body, headers)) as response:
        text = response.read().decode()
    tools = json.loads(text[text.index("{") :])["result"]["tools"]
    assert [tool["name"] for tool in tools] == ["search"]
    assert "fashion" in tools[0]["description"]
    assert set(tools[0]["inputSchema"]["properties"]) == {"image", "item", "attributes", "k", "beta", "filters"}

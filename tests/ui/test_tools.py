"""MCP tools of the running app, with the client of the `mcp` package."""

import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client
from mcp.types import CallToolResult, Tool

from catalog import load_catalog
from common.assets import DEMO_CATALOG
from ui.operations import OPERATIONS
from ui.query_questions import SearchQuestion

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


def session(app_url: str, work: Callable[[ClientSession], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        async with (
            streamablehttp_client(app_url + "gradio_api/mcp/") as (reads, writes, _),
            ClientSession(reads, writes) as client,
        ):
            await client.initialize()
            return await work(client)

    return anyio.run(whole)


def call(app_url: str, name: str, arguments: dict[str, Any]) -> CallToolResult:
    return session(app_url, lambda client: client.call_tool(name, arguments))


def test_tools_are_listed_with_schemas_of_parameters_and_results(app_url: str) -> None:
    tools: list[Tool] = session(app_url, lambda client: client.list_tools()).tools
    assert [tool.name for tool in tools] == list(OPERATIONS)
    assert set(tools[0].inputSchema["properties"]) == set(SearchQuestion.model_fields)
    assert "$ref" not in json.dumps([tool.inputSchema for tool in tools])
    for tool in tools:
        assert tool.description
        assert all(schema["description"] for schema in tool.inputSchema["properties"].values())
        assert tool.outputSchema is not None
        assert all(schema["description"] for schema in tool.outputSchema["properties"].values())


def test_the_example_of_the_description_runs_as_written(app_url: str) -> None:
    told = SearchQuestion.model_fields["attributes"].description or ""
    examples = [json.loads(f"[{part.partition(']')[0]}]") for part in told.split("[")[1:]]
    assert examples == [["lapel design"], ["lapel design", "color=0.5"]]
    for attributes in examples:
        result = call(app_url, "search", {"item": "a0000", "attributes": attributes, "k": 3})
        assert not result.isError
        assert [hit["labels"]["lapel_design"] for hit in result.structuredContent["hits"]]


def test_results_are_json_as_text_and_as_structure(app_url: str) -> None:
    for name, arguments in (
        ("attributes", {}),
        ("attributes", {"catalog": "demo"}),
        ("catalogs", {}),
        ("items", {"limit": 2}),
        ("search", {"item": "a0000", "attributes": ["color"]}),
    ):
        result = call(app_url, name, arguments)
        assert not result.isError
        assert json.loads(result.content[0].text) == result.structuredContent
        assert name != "catalogs" or [entry["id"] for entry in result.structuredContent["catalogs"]] == ["demo"]
    with_address = call(app_url, "items", {"limit": 1}).structuredContent["items"][0]["image"]
    assert with_address.startswith(app_url + "thumbnails/")


def test_a_picture_as_base64(app_url: str) -> None:
    catalog = load_catalog(DEMO_CATALOG)
    image = base64.b64encode(catalog.path(catalog.items[3]).read_bytes()).decode()
    result = call(app_url, "search", {"image": image, "attributes": ["color"], "k": 1})
    assert result.structuredContent["hits"][0]["id"] == catalog.items[3].id


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"item": "a0000", "attributes": ["color"], "k": "12"}, 'k is the text "12"; give a whole number'),
        ({"item": "a0000", "attributes": "color"}, "give a list of texts"),
        ({"image": "/home/me/photo.jpg", "attributes": ["color"]}, "not base64, such as a path"),
        ({"image": "https://example.com/a.jpg", "attributes": ["color"]}, "not fetched"),
        ({"item": "a0000", "attributes": ["wings"]}, "wings"),
        ({"item": "a0000", "attributes": ["color"], "gamma": 7}, "gamma is 7; give a number from 0"),
        ({"item": "a0000", "attributes": ["color"], "least": "high"}, 'least is the text "high"; give a number'),
        ({"item": "a0000", "attributes": ["color"], "least": 0.5, "beta": 0.123}, "'color' has no match level here"),
        ({"item": "a0000", "attribute": ["color"]}, "there is no parameter 'attribute'"),
        ({"item": "nobody", "attributes": ["color"]}, "no item 'nobody'; `items` lists them"),
        ({"catalog": "nobody", "item": "a0000", "attributes": ["color"]}, "no catalog 'nobody'; `catalogs` lists them"),
        ({"item": "a0000", "attributes": ["category"]}, "does not embed on request"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(app_url: str, arguments: dict[str, Any], said: str) -> None:
    result = call(app_url, "search", arguments)
    assert result.isError and result.structuredContent is None
    assert said in result.content[0].text

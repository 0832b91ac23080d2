"""Every example of the docs, asked of the running app by REST, MCP and gradio_client; and the page that is made of them."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client, handle_file
from mcp import ClientSession

from tests.ui.conftest import ROOT
from tests.ui.test_tools import session
from ui.operations import OPERATIONS
from ui.program_docs import PAGE, page
from ui.program_examples import EXAMPLES, Example, address_of, pairs_of, python_of

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
TITLES = [f"{example.operation}: {example.title}" for example in EXAMPLES]


@pytest.fixture(scope="module")
def client(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    client = Client(app_url, verbose=False, download_files=str(tmp_path_factory.mktemp("downloads")))
    yield client
    client.close()


@pytest.fixture(scope="module")
def by_mcp(app_url: str) -> list[dict[str, Any]]:
    """The answers to all examples, in their order, in one session."""

    async def ask_all(client: ClientSession) -> list[dict[str, Any]]:
        found = []
        for example in EXAMPLES:
            image = base64.b64encode((ROOT / example.picture).read_bytes()).decode() if example.picture else None
            asked = {**example.question, **({"image": image} if image else {})}
            result = await client.call_tool(example.operation, asked)
            assert not result.isError, result.content
            found.append(result.structuredContent)
        return found

    return session(app_url, ask_all)


def by_rest(app_url: str, example: Example) -> dict[str, Any]:
    if example.picture is None:
        response = httpx.get(app_url + address_of(example), timeout=60)
    else:
        fields: dict[str, list[str]] = {}
        for name, text in pairs_of(example):
            fields.setdefault(name, []).append(text)
        files = {"image": (ROOT / example.picture).read_bytes()}
        response = httpx.post(f"{app_url}v1/{example.operation}", data=fields, files=files, timeout=60)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("place", range(len(EXAMPLES)), ids=TITLES)
def test_an_example_has_the_same_answer_in_three_ways(
    app_url: str, client: Client, by_mcp: list[dict[str, Any]], place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = EXAMPLES[place]
    found = by_rest(app_url, example)
    monkeypatch.chdir(ROOT)
    assert found == by_mcp[place] == eval(python_of(example), {"lapel": client, "handle_file": handle_file})
    assert found["notes"] == []
    assert next(iter(found.values())), "nothing was found"
    fields = OPERATIONS[example.operation].answers.model_fields
    assert list(found) == list(fields)
    OPERATIONS[example.operation].answers.model_validate(found)


def test_each_way_is_on_the_page_and_the_page_is_as_the_code_has_it() -> None:
    assert {example.operation for example in EXAMPLES} == set(OPERATIONS)
    assert all(Path(ROOT / example.picture).is_file() for example in EXAMPLES if example.picture)
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m ui.program_docs"

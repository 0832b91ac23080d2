"""Which application a request comes to, and how much it may bring."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.doors import Doors


def telling(name: str) -> Starlette:
    async def tell(request: Request) -> Response:
        return PlainTextResponse(f"{name} {len(await request.body())}")

    return Starlette(routes=[Route("/{path:path}", tell, methods=["GET", "POST"])])


@pytest.fixture
def client() -> TestClient:
    app = telling("page")
    app.user_middleware.append(Middleware(Doors, rest=telling("rest"), largest=1 << 20))
    return TestClient(app)


@pytest.mark.parametrize("path", ["/v1/search", "/v1/x/y", "/v1", "/docs", "/openapi.json", "/thumbnails/a.webp"])
def test_our_addresses(client: TestClient, path: str) -> None:
    assert client.get(path).text == "rest 0"


@pytest.mark.parametrize("path", ["/", "/v10", "/documents", "/gradio_api/call/search", "/a/v1/search"])
def test_other_addresses(client: TestClient, path: str) -> None:
    assert client.get(path).text == "page 0"


def test_a_request_of_too_many_bytes_is_refused(client: TestClient) -> None:
    assert client.post("/gradio_api/call/search", content=bytes(1 << 20)).text == f"page {1 << 20}"
    refused = client.post("/gradio_api/call/search", content=bytes((1 << 20) + 1))
    assert refused.status_code == 413 and "larger than 1 MiB" in refused.json()["error"]
    assert client.post("/gradio_api/upload", content=bytes(1 << 21)).text == f"page {1 << 21}"


def test_what_comes_without_a_length_ends_at_the_limit(client: TestClient) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(4):
            yield bytes(1 << 19)

    refused = client.post("/gradio_api/call/search", content=pieces())
    assert refused.status_code == 413 and "larger than 1 MiB" in refused.json()["error"]

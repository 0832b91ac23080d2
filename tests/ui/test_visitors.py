"""Who asks on a public host, by cookie or header, from REST and from Gradio; logging in; being forgotten."""

import pickle
from collections.abc import Iterator

import gradio as gr
import pytest
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from library import HOST, Visitor, is_key, new_key
from ui.logins import ATTEMPTS, WINDOW, Logins, add_visitors
from ui.visitors import COOKIE, VisitorMiddleware, visitor_of

TOKEN = "a token of the host"
KEY = new_key()
AS_JSON = {"content-type": "application/json"}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LAPEL_PUBLIC", "SPACE_ID", "LAPEL_ADMIN_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def public(environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAPEL_PUBLIC", "1")
    monkeypatch.setenv("LAPEL_ADMIN_TOKEN", TOKEN)


@pytest.fixture
def erased() -> list[Visitor]:
    return []


@pytest.fixture
def client(erased: list[Visitor]) -> Iterator[TestClient]:
    async def page(request: Request) -> Response:
        return HTMLResponse("<html><head></head></html>")

    async def who(request: Request) -> Response:
        visitor = visitor_of(request)
        return JSONResponse([visitor.key, visitor.admin])

    app = FastAPI(routes=[Route("/", page), Route("/who", who)], middleware=[Middleware(VisitorMiddleware)])
    add_visitors(app, erased.append)
    yield TestClient(app, base_url="https://shop.example")


def asked(headers: dict[str, str]) -> Request:
    listed = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": listed, "query_string": b""})


def test_on_ones_own_machine_everyone_is_the_host(client: TestClient) -> None:
    assert visitor_of(asked({"x-lapel-visitor": KEY})) is HOST and visitor_of(None) is HOST
    page = client.get("/")
    assert "set-cookie" not in page.headers and "<script" not in page.text
    assert client.get("/v1/visitor").json() == {"public": False, "admin": True, "cookie": False}
    assert client.post("/v1/erase", headers=AS_JSON).status_code == 403


@pytest.mark.parametrize(
    "asked_for, space, is_public", [("", "a/b", True), ("0", "a/b", False), ("yes", "", True), ("", "", False)]
)
def test_which_hosts_are_public(monkeypatch: pytest.MonkeyPatch, asked_for: str, space: str, is_public: bool) -> None:
    monkeypatch.setenv("LAPEL_PUBLIC", asked_for)
    if space:
        monkeypatch.setenv("SPACE_ID", space)
    assert (visitor_of(asked({})) is not HOST) == is_public


@pytest.mark.usefixtures("public")
def test_the_page_brings_a_cookie_that_all_calls_carry(client: TestClient) -> None:
    page = client.get("/")
    cookie = page.headers["set-cookie"]
    key = client.cookies[COOKIE]
    assert is_key(key) and key not in page.text
    assert {"HttpOnly", "SameSite=Lax", "Secure", "Path=/"} <= set(cookie.split("; "))
    assert "<head><script>" in page.text
    assert client.get("/who").json() == [key, False]
    again = client.get("/")
    assert client.cookies[COOKIE] == key and "<script" not in again.text
    assert client.get("/v1/visitor").json() == {"public": True, "admin": False, "cookie": True}


@pytest.mark.usefixtures("public")
def test_within_the_frame_of_a_space(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_ID", "owner/space")
    parts = set(client.get("/").headers["set-cookie"].split("; "))
    assert {"HttpOnly", "SameSite=None", "Secure", "Partitioned"} <= parts


@pytest.mark.usefixtures("public")
def test_a_request_without_a_key_is_nobody_twice() -> None:
    first, second = visitor_of(asked({})), visitor_of(None)
    assert is_key(first.key) and first.key != second.key and not first.admin and first.mark
    for wrong in ("", "short", "x" * 31 + ";", "é" * 32, "x" * 65):
        assert visitor_of(asked({"x-lapel-visitor": wrong})).key != wrong


@pytest.mark.usefixtures("public")
def test_gradio_tells_the_same_as_starlette() -> None:
    other = new_key()
    for headers, key in (
        ({"cookie": f"{COOKIE}={KEY}; get=odd"}, KEY),
        ({"x-lapel-visitor": other, "cookie": f"{COOKIE}={KEY}"}, other),
        ({"cookie": "a=b", "x-lapel-visitor": KEY}, KEY),
    ):
        request = gr.Request(request=asked(headers))
        assert visitor_of(asked(headers)) == visitor_of(request) == Visitor(key, False)
    elsewhere = gr.Request(headers={"x-lapel-visitor": KEY}, cookies={}, query_params={})
    assert visitor_of(pickle.loads(pickle.dumps(elsewhere))) == Visitor(KEY, False)


def login(client: TestClient, token: str) -> int:
    return client.post("/v1/login", json={"token": token}).status_code


@pytest.mark.usefixtures("public")
def test_the_host_logs_in_and_out(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get("/")
    key = client.cookies[COOKIE]
    assert login(client, TOKEN) == 200
    assert client.get("/who").json() == [key, True]
    kept = client.cookies["lapel_admin"]
    assert TOKEN not in kept
    stolen = {"cookie": f"{COOKIE}={new_key()}; lapel_admin={kept}"}
    assert not visitor_of(asked(stolen)).admin
    until, _, proof = kept.partition(".")
    for forged in (f"{int(until) + 1}.{proof}", f"1.{proof}", f"{until}.", "x.y", "é", until):
        assert not visitor_of(asked({"cookie": f"{COOKIE}={key}; lapel_admin={forged}"})).admin, forged
    monkeypatch.setenv("LAPEL_ADMIN_TOKEN", "another")
    assert client.get("/who").json() == [key, False]
    monkeypatch.setenv("LAPEL_ADMIN_TOKEN", TOKEN)
    client.post("/v1/logout")
    assert client.get("/who").json() == [key, False]


@pytest.mark.usefixtures("public")
def test_wrong_tokens_are_few() -> None:
    now = [0.0]
    app, logins = FastAPI(), Logins(print, lambda: now[0])
    app.add_api_route("/v1/login", logins.login, methods=["POST"], response_model=None)
    client = TestClient(app)
    for _ in range(ATTEMPTS):
        assert login(client, "guess") == 403
    assert login(client, "guess") == login(client, TOKEN) == 429
    now[0] += WINDOW
    assert login(client, TOKEN) == 200
    assert client.post("/v1/login", json=["token"]).status_code == 422
    assert client.post("/v1/login", content=b"{}" * 3000, headers=AS_JSON).status_code == 413


@pytest.mark.usefixtures("public")
def test_nobody_logs_in_where_there_is_no_token(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAPEL_ADMIN_TOKEN")
    answer = client.post("/v1/login", json={"token": "None"})
    assert answer.status_code == 403 and "LAPEL_ADMIN_TOKEN" in answer.json()["detail"]


@pytest.mark.usefixtures("public")
def test_who_is_erased_comes_back_as_another(client: TestClient, erased: list[Visitor]) -> None:
    client.get("/")
    key = client.cookies[COOKIE]
    assert client.post("/v1/erase").status_code == 415
    assert client.post("/v1/erase", headers={**AS_JSON, "sec-fetch-site": "cross-site"}).status_code == 403
    assert erased == []
    assert client.post("/v1/erase", headers=AS_JSON).json() == {"erased": True}
    assert erased == [Visitor(key)]
    assert client.cookies[COOKIE] != key and client.get("/who").json() == [client.cookies[COOKIE], False]

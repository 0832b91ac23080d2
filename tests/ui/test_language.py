from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.language import LanguageMiddleware

PAGE = "<!doctype html><html lang='en'><head><title>語</title></head><body></body></html>"


def client(default: str | None = None) -> TestClient:
    async def page(request: Request) -> Response:
        return HTMLResponse(PAGE)

    async def data(request: Request) -> Response:
        return JSONResponse({"head": "<head>"})

    middleware = [Middleware(LanguageMiddleware, default=default)]
    return TestClient(Starlette(routes=[Route("/", page), Route("/data", data)], middleware=middleware))


def test_the_page_learns_its_language_before_anything_runs() -> None:
    response = client().get("/", headers={"accept-language": "ja"})
    head = response.text.index("<head>")
    assert response.text[head + 6 :].startswith("<script>")
    assert 'documentElement.lang="ja"' in response.text
    assert "<title>語</title>" in response.text
    assert int(response.headers["content-length"]) == len(response.content)
    assert "accept-language" in response.headers["vary"].lower()


def test_the_address_goes_before_the_browser_and_the_operator() -> None:
    assert 'documentElement.lang="en"' in client("ja").get("/?lang=en", headers={"accept-language": "ja"}).text
    assert 'documentElement.lang="ja"' in client("ja").get("/", headers={"accept-language": "en"}).text


def test_nothing_from_the_address_gets_into_the_script() -> None:
    text = client().get("/?lang=ja</script><b>").text
    assert "</script><b>" not in text
    assert 'documentElement.lang="ja"' in text


def test_other_answers_pass_untouched() -> None:
    assert client().get("/data").json() == {"head": "<head>"}

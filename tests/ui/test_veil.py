"""No folder of the server in what Gradio tells, and files all the same where they are asked for."""

import json
import re
from pathlib import Path
from urllib.request import Request, urlopen

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request as Asked
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.ui.conftest import COLORS, draw_garment
from ui.veil import Veil

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """An application that tells and takes paths in a folder with a blank and a letter beyond ASCII in its name."""
    folder = tmp_path / "my höme"
    folder.mkdir()
    (folder / "a b.txt").write_text("inside")

    async def file(request: Asked) -> Response:
        return PlainTextResponse(Path(request.path_params["path"]).read_text())

    async def stream(request: Asked) -> Response:
        lines = [f"data: {json.dumps({'path': str(folder / name)})}\n\n" for name in "ab"]
        return StreamingResponse(iter(lines), media_type="text/event-stream")

    async def echo(request: Asked) -> Response:
        sent = await request.json()
        return JSONResponse({"exists": Path(sent["path"]).exists(), "path": sent["path"]})

    routes = [Route("/api/file={path:path}", file), Route("/stream", stream), Route("/echo", echo, methods=["POST"])]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Veil, folders={"/-/mine": folder})]))


def test_names_go_out_and_come_back(client: TestClient) -> None:
    answer = client.post("/echo", json={"path": "/-/mine/a b.txt"})
    assert answer.json() == {"exists": True, "path": "/-/mine/a b.txt"}
    assert client.get("/api/file=/-/mine/a%20b.txt").text == "inside"
    assert client.get("/stream").text == 'data: {"path": "/-/mine/a"}\n\ndata: {"path": "/-/mine/b"}\n\n'


def test_uploads_of_the_running_app(app_url: str, tmp_path: Path) -> None:
    picture = tmp_path / "my shirt.png"
    draw_garment(COLORS["red"], stripes=False).save(picture)
    with picture.open("rb") as file:
        (path,) = httpx.post(app_url + "gradio_api/upload", files={"files": file}).json()
    assert path.startswith("/-/uploads/")
    assert httpx.get(f"{app_url}gradio_api/file={path}").content == picture.read_bytes()


def test_the_page_with_its_query_picture_shows_no_folder(app_url: str) -> None:
    with urlopen(app_url + "config") as response:
        told = response.read().decode()
    begin = next(
        event for event in json.loads(told)["dependencies"] if event["targets"] and event["targets"][0][1] == "load"
    )
    body = json.dumps(
        {"data": [None] * len(begin["inputs"]), "fn_index": begin["id"], "session_hash": "veiled"}
    ).encode()
    with urlopen(Request(app_url + "gradio_api/queue/join", body, {"content-type": "application/json"})):
        pass
    with urlopen(app_url + "gradio_api/queue/data?session_hash=veiled") as response:
        told += response.read().decode()
    assert "process_completed" in told
    root = Path(__file__).resolve().parents[2]
    for folder in (str(root), "app-home", str(Path.home()), "gradio_api/file=/home", "gradio_api/file=/tmp"):
        assert folder not in told
    address = re.search(r"thumbnails/demo/[0-9a-f]{24}-[0-9a-f]{10}-640\.webp", told)
    assert address is not None
    with urlopen(app_url + address[0]) as response:
        assert response.headers["content-type"] == "image/webp"

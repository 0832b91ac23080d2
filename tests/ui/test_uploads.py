"""Uploads over HTTP, without a page: created, sent in parts, resumed, finished, refused."""

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from library import HOST, Share, UploadLimits, Uploads, new_key
from ui.uploads import add_uploads

CONTENT = bytes(range(256)) * 40_000
LIMITS = UploadLimits(visitor=Share(1 << 20, 3, 2), spare=0)


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path, LIMITS)


def application(uploads: Uploads) -> FastAPI:
    app = FastAPI()
    add_uploads(app, uploads)
    return app


@pytest.fixture
def client(uploads: Uploads) -> TestClient:
    return TestClient(application(uploads))


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAPEL_PUBLIC", "1")


def created(client: TestClient, size: int, name: str = "shop.zip", **options: object) -> str:
    answer = client.post("/v1/uploads", json={"name": name, "size": size}, **options)  # type: ignore[arg-type]
    assert answer.status_code == 201, answer.text
    return str(answer.json()["upload"])


def refusal(answer: httpx.Response, status: int) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    said = answer.json()
    assert said["error"]
    return dict(said)


def test_a_file_goes_up_in_parts_and_part_twice(client: TestClient, uploads: Uploads) -> None:
    id = created(client, len(CONTENT))
    part = client.post("/v1/uploads", json={"name": "other", "size": 1}).json()["part"]
    for start in range(0, len(CONTENT), part):
        for _ in range(2):
            answer = client.put(f"/v1/uploads/{id}?offset={start}", content=CONTENT[start : start + part])
            assert answer.json() == {"received": min(start + part, len(CONTENT))}
    told = client.post(f"/v1/uploads/{id}/finish").json()
    assert told["finished"] and told["name"] == "shop.zip"
    assert uploads.path(id, HOST).read_bytes() == CONTENT
    assert {upload["upload"] for upload in client.get("/v1/uploads").json()["uploads"]} > {id}
    assert client.delete(f"/v1/uploads/{id}").status_code == 204
    assert refusal(client.get(f"/v1/uploads/{id}"), 404)["reason"] == "gone"


def test_a_folder_goes_up_as_one_row_of_bytes(client: TestClient, uploads: Uploads) -> None:
    files = [{"path": f"shop/{number}/{name}", "size": 1000} for number in range(2) for name in ("a.jpg", "b.jpg")]
    id = client.post("/v1/uploads", json={"name": "shop", "files": files}).json()["upload"]
    client.put(f"/v1/uploads/{id}?offset=0", content=CONTENT[:4000])
    assert client.post(f"/v1/uploads/{id}/finish").json()["files"] == 4
    folder = uploads.path(id, HOST)
    assert folder.name == "shop" and (folder / "1" / "b.jpg").read_bytes() == CONTENT[3000:4000]


def test_how_much_is_there_is_told_by_get_and_head(client: TestClient) -> None:
    id = created(client, 100)
    client.put(f"/v1/uploads/{id}?offset=0", content=CONTENT[:40])
    assert client.get(f"/v1/uploads/{id}").json()["received"] == 40
    head = client.head(f"/v1/uploads/{id}").headers
    assert (head["upload-offset"], head["upload-length"]) == ("40", "100")
    gap = refusal(client.put(f"/v1/uploads/{id}?offset=50", content=b"x"), 409)
    assert (gap["reason"], gap["received"]) == ("offset", 40)
    assert refusal(client.post(f"/v1/uploads/{id}/finish"), 409)["received"] == 40


def test_a_digest_that_differs_is_refused(client: TestClient) -> None:
    id = created(client, 100)
    right = {"x-lapel-sha256": hashlib.sha256(CONTENT[:60]).hexdigest()}
    wrong = refusal(client.put(f"/v1/uploads/{id}?offset=0", content=CONTENT[1:61], headers=right), 422)
    assert (wrong["reason"], wrong["received"]) == ("digest", 0)
    assert client.put(f"/v1/uploads/{id}?offset=0", content=CONTENT[:60], headers=right).json() == {"received": 60}


@pytest.mark.parametrize(
    "body, reason",
    [
        ({"name": "a"}, "name"),
        ({"size": 3}, "name"),
        ([1], "name"),
        ({"name": "a", "size": "much"}, "name"),
        ({"name": "a", "files": [{"path": "../../a", "size": 3}]}, "name"),
        ({"name": "a", "files": [{"path": "/etc/a", "size": 3}]}, "name"),
    ],
)
def test_what_cannot_be_created(client: TestClient, body: object, reason: str) -> None:
    assert refusal(client.post("/v1/uploads", json=body), 422)["reason"] == reason


def test_other_sites_cannot_have_the_browser_ask(client: TestClient) -> None:
    id = created(client, 10)
    away = {"sec-fetch-site": "cross-site"}
    for method, path in (("POST", ""), ("PUT", f"/{id}?offset=0"), ("DELETE", f"/{id}"), ("POST", f"/{id}/finish")):
        answer = client.request(method, f"/v1/uploads{path}", headers={**away, "content-type": "application/json"})
        assert answer.status_code == 403
    assert client.post("/v1/uploads", content=b'{"name": "a", "size": 1}').status_code == 415
    assert client.get(f"/v1/uploads/{id}").json()["received"] == 0


@pytest.mark.usefixtures("public")
def test_on_a_public_host_each_has_his_own(client: TestClient) -> None:
    ann, bob = ({"x-lapel-visitor": new_key()} for _ in range(2))
    id = created(client, 100, headers=ann)
    for other in (bob, {}):
        assert client.get(f"/v1/uploads/{id}", headers=other).status_code == 404
        assert client.put(f"/v1/uploads/{id}?offset=0", content=b"x", headers=other).status_code == 404
        assert client.post(f"/v1/uploads/{id}/finish", headers=other).status_code == 404
        assert client.delete(f"/v1/uploads/{id}", headers=other).status_code == 404
        assert client.get("/v1/uploads", headers=other).json()["uploads"] == []
    by_cookie = {"cookie": f"lapel_visitor={ann['x-lapel-visitor']}"}
    assert client.put(f"/v1/uploads/{id}?offset=0", content=b"x", headers=by_cookie).json() == {"received": 1}


@pytest.mark.usefixtures("public")
def test_limits_of_visitors(client: TestClient) -> None:
    headers = {"x-lapel-visitor": new_key()}
    answer = client.post("/v1/uploads", json={"name": "a", "size": 2 << 20}, headers=headers)
    assert refusal(answer, 413)["reason"] == "bytes"
    many = [{"path": str(number), "size": 1} for number in range(4)]
    answer = client.post("/v1/uploads", json={"name": "a", "files": many}, headers=headers)
    assert refusal(answer, 413)["reason"] == "files"
    for _ in range(2):
        created(client, 1, headers=headers)
    assert (
        refusal(client.post("/v1/uploads", json={"name": "a", "size": 1}, headers=headers), 429)["reason"] == "uploads"
    )
    assert client.get("/v1/uploads", headers=headers).json()["limits"] == {"bytes": 1 << 20, "files": 3, "uploads": 2}


def test_a_full_disk(tmp_path: Path) -> None:
    client = TestClient(application(Uploads(tmp_path, replace(LIMITS, spare=1 << 60))))
    assert refusal(client.post("/v1/uploads", json={"name": "a", "size": 1}), 507)["reason"] == "space"


@pytest.fixture
def served(uploads: Uploads) -> Iterator[tuple[str, int]]:
    """Host and port of a real server."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(application(uploads), log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        yield listening.getsockname()
        server.should_exit = True
        thread.join()


def test_what_came_before_the_connection_broke_is_kept(served: tuple[str, int], uploads: Uploads) -> None:
    upload = uploads.create(HOST, "a", [("a", len(CONTENT))])
    with socket.create_connection(served) as connection:
        head = f"PUT /v1/uploads/{upload.id}?offset=0 HTTP/1.1\r\nHost: a\r\nContent-Length: {len(CONTENT)}\r\n\r\n"
        connection.sendall(head.encode() + CONTENT[:3_000_001])
        time.sleep(0.2)
    until = time.monotonic() + 10
    while uploads.find(upload.id, HOST).received < 3_000_001 and time.monotonic() < until:
        time.sleep(0.02)
    assert uploads.find(upload.id, HOST).received == 3_000_001
    address = f"http://127.0.0.1:{served[1]}/v1/uploads/{upload.id}"
    assert httpx.put(f"{address}?offset=3000001", content=CONTENT[3_000_001:]).json() == {"received": len(CONTENT)}
    assert httpx.post(f"{address}/finish").json()["finished"]
    assert uploads.path(upload.id, HOST).read_bytes() == CONTENT

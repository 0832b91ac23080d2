"""Hub datasets, through the real client against a server on loopback."""

import hashlib
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from catalog.hub import is_repository
from tests.catalog.support import encoded, picture
from tests.catalog.test_parquet import shard

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = {
    "catalog.csv": b"id,image,color\n1,images/a.png,red\n2,images/b.PNG,\n",
    "images/a.png": encoded(picture()),
    "images/b.PNG": encoded(picture(seed=1)),
    "images/c.jfif": encoded(picture(seed=2), "JPEG"),
    "images/d.HEIC": encoded(picture(seed=3), "HEIF"),
    "images/e": encoded(picture(seed=4), "AVIF"),
    "images/f.jpg_large": encoded(picture(seed=5), "WEBP"),
    "prices.tsv": b"sku\tprice\n",
    "train.py": b"print('not wanted')",
    "film.MP4": b"\0\0\0\x18ftypmp42",
    "more/all.zip": b"PK",
    ".gitattributes": b"*.zip filter=lfs",
    "more/.hidden/x.png": encoded(picture()),
}
LEFT_OUT = "3 files are not read: a video (film.MP4); an archive (more/all.zip); code (train.py)"
PROGRAM = """
import sys
from pathlib import Path
from catalog import CatalogError, load_catalog
try:
    catalog = load_catalog(sys.argv[1], Path(sys.argv[2]))
except CatalogError as error:
    sys.exit(f"CatalogError: {error}")
print([catalog.name, len(catalog), catalog.open(catalog.items[1]).size])
print(sorted(path.relative_to(catalog.root).as_posix() for path in catalog.root.rglob("*") if path.is_file()))
print([warning for warning in catalog.warnings if "files are not read" in warning])
"""


class Hub(BaseHTTPRequestHandler):
    """What the client asks of the Hub for one public dataset, shop/coats, with the revisions main and v1."""

    asked: list[str]
    sizes: dict[str, int]
    files: dict[str, bytes]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        path = self.path.partition("?")[0]
        api = "/api/datasets/shop/coats"
        revision = path.removeprefix(f"{api}/revision/")
        if path == api or revision in ("main", "v1", COMMIT):
            siblings = [
                {"rfilename": name, "size": self.sizes.get(name, len(content))} for name, content in self.files.items()
            ]
            self.answer(
                json.dumps({"id": "shop/coats", "sha": COMMIT, "siblings": siblings, "private": False}).encode()
            )
        elif path.startswith(f"{api}/tree/"):
            self.answer(json.dumps([self.entry(name) for name in self.files]).encode())
        elif path.startswith(api):
            self.answer(b"{}", 404, {"X-Error-Code": "RevisionNotFound", "X-Error-Message": "Revision not found"})
        elif path.startswith("/datasets/shop/coats/resolve/"):
            content = self.files[path.split("/", 6)[6]]
            etag = f'"{hashlib.sha1(content).hexdigest()}"'
            self.answer(content, headers={"ETag": etag, "X-Repo-Commit": COMMIT, "Content-Type": "binary/octet-stream"})
        else:
            self.answer(b"{}", 404, {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"})

    do_HEAD = do_GET  # noqa: N815 - the name that http.server looks for

    def entry(self, name: str) -> dict[str, object]:
        content = self.files[name]
        return {"type": "file", "path": name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}

    def answer(self, content: bytes, code: int = 200, headers: dict[str, str] | None = None) -> None:
        self.send_response(code)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *arguments: object) -> None: ...


@pytest.fixture
def hub():
    handler = type("Asked", (Hub,), {"asked": [], "sizes": {}, "files": FILES})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", handler
    server.shutdown()
    server.server_close()


def load(source: str, home: Path, endpoint: str, **environment: str) -> tuple[str, str]:
    """Output and last line of the errors of a fresh process: the client reads its settings when it is imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, source, str(home)],
        capture_output=True,
        text=True,
        timeout=120,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(home),
            "HF_ENDPOINT": endpoint,
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "NO_PROXY": "127.0.0.1",
            **environment,
        },
    )
    return done.stdout.strip(), (done.stderr.strip().splitlines() or [""])[-1]


@pytest.mark.parametrize("source", ["shop/coats", "shop/coats@v1"])
def test_a_dataset_is_downloaded_without_its_code_and_kept_for_offline(hub, tmp_path, source):
    endpoint, asked = hub[0], hub[1].asked
    wanted = sorted(name for name in FILES if name not in LEFT_OUT and "/." not in f"/{name}")
    expected = f"['shop/coats', 2, (12, 10)]\n{wanted}\n{[LEFT_OUT]}"
    assert load(source, tmp_path, endpoint)[0] == expected
    fetched = [path for path in asked if "/resolve/" in path]
    assert any(path.endswith("images/b.PNG") for path in fetched)
    assert not any(path.endswith("train.py") for path in fetched)
    asked.clear()
    assert load(source, tmp_path, endpoint, HF_HUB_OFFLINE="1")[0] == expected
    assert asked == []


def test_what_is_too_large_is_not_downloaded(hub, tmp_path):
    endpoint, handler = hub
    handler.sizes["images/e"] = 513 * 2**20
    out, _ = load("shop/coats", tmp_path, endpoint)
    assert "larger than 512 MB (images/e)" in out
    assert "images/f.jpg_large" in out
    assert not any(path.endswith("/images/e") for path in handler.asked)
    handler.sizes["prices.tsv"] = 30 * 2**30
    handler.asked.clear()
    assert "has 30 GB of images and tables, at most 20 GB are downloaded" in load("shop/coats", tmp_path, endpoint)[1]
    assert not any("/resolve/" in path for path in handler.asked)


def test_shards_of_parquet_are_fetched_and_opened(hub, tmp_path):
    endpoint, handler = hub
    shard(tmp_path / "shard.parquet", [1, 2], "AVIF")
    handler.files = {
        "README.md": b"# Coats",
        "data/train-00000-of-00001.parquet": (tmp_path / "shard.parquet").read_bytes(),
        "model.safetensors": b"weights",
    }
    out, error = load("shop/coats", tmp_path / "home", endpoint)
    assert out.startswith("['shop/coats', 2, "), error
    assert "weights or arrays (model.safetensors)" in out


def test_unknown_names_and_revisions(hub, tmp_path):
    endpoint, _ = hub
    assert "no public Hub dataset" in load("shop/hats", tmp_path, endpoint)[1]
    assert "has no revision 'v9'" in load("shop/coats@v9", tmp_path, endpoint)[1]


def test_no_network_and_nothing_kept(tmp_path):
    out, error = load("shop/coats", tmp_path, "http://127.0.0.1:9")
    assert out == ""
    assert error.startswith("CatalogError: there is no folder 'shop/coats', and the Hub cannot be reached")
    assert "cannot be reached" in load("shop/coats", tmp_path, "http://127.0.0.1:9", HF_HUB_OFFLINE="1")[1]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("shop/coats", True),
        ("shop/coats@v1.0", True),
        ("shop/coats@refs/pr/1", True),
        ("shop", False),
        ("./shop/coats", False),
        ("/shop/coats", False),
        ("shop/coats/red", False),
        ("shop/co ats", False),
        ("", False),
    ],
)
def test_what_has_the_form_of_a_name(source, expected):
    assert is_repository(source) == expected

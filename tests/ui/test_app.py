import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app import Options
from tests.ui.conftest import ROOT, draw_catalog
from tests.ui.started import start


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "app.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_help_tells_the_flags_without_loading_anything_heavy() -> None:
    done = run("--help")
    assert done.returncode == 0
    for flag in ("--host", "--port", "--weights", "--catalog", "--home", "--device", "--lang", "--embed-on-request"):
        assert flag in done.stdout
    listed = subprocess.run(
        [sys.executable, "-X", "importtime", "app.py", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert "torch" not in listed.stderr and "gradio" not in listed.stderr


def test_the_environment_gives_the_defaults() -> None:
    said = run("--help", LAPEL_WEIGHTS="someone/rpf", LAPEL_CATALOG="shop.zip", LAPEL_HOME="caches", LAPEL_DEVICE="mps")
    for value in ("someone/rpf", "shop.zip", "caches", "mps"):
        assert value in said.stdout


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("true", True), ("", False), ("0", False), ("no", False)])
def test_embedding_on_request_is_for_the_host_to_allow(
    value: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LAPEL_EMBED_ON_REQUEST", raising=False)
    assert not Options().embed_on_request
    monkeypatch.setenv("LAPEL_EMBED_ON_REQUEST", value)
    assert Options().embed_on_request is expected


def test_only_this_machine_is_served_unless_on_spaces() -> None:
    assert Options().host == "127.0.0.1"
    code = "import app; print(app.Options().host, app.Options().port)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "SPACE_ID": "a/b"}, capture_output=True, text=True
    )
    assert done.stdout.split() == ["0.0.0.0", "7860"]


@pytest.mark.parametrize("kind", ["missing", "empty zip", "csv naming missing files"])
def test_a_catalog_that_cannot_be_read_is_one_line_and_exit_1(kind: str, tmp_path: Path) -> None:
    catalog = tmp_path / "shop"
    if kind == "empty zip":
        catalog = tmp_path / "shop.zip"
        catalog.write_bytes(b"PK\x05\x06" + bytes(18))
    elif kind == "csv naming missing files":
        draw_catalog(catalog)
        for image in (catalog / "images").iterdir():
            image.unlink()
    home, log = tmp_path / "home", tmp_path / "log.txt"
    process = start("app.py", ["--catalog", str(catalog), "--home", str(home)], os.environ, home, log)
    process.join(120)
    assert process.exitcode == 1
    said = log.read_text()
    assert said.startswith("app.py: ") and "Traceback" not in said
    assert len(said.strip().splitlines()) == 1


def test_a_taken_port_is_one_line_and_exit_1(tmp_path: Path) -> None:
    catalog = draw_catalog(tmp_path / "shop")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("--catalog", str(catalog), "--home", str(tmp_path / "home"), "--port", port, "--device", "cpu")
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr

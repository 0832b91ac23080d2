"""A Space on a Hub: the real client against a server on loopback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.model.hub_server import Hub

ROOT = Path(__file__).resolve().parents[2]


def push(folder: Path, name: str, url: str, cache: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    """The command in a fresh process, since the client reads its endpoint once."""
    environment = {**os.environ, "HF_ENDPOINT": url, "HF_HOME": str(cache), "HF_HUB_DISABLE_XET": "1"}
    environment |= {"HF_HUB_DISABLE_TELEMETRY": "1", "NO_PROXY": "127.0.0.1", "HF_TOKEN": "hf_local"}
    return subprocess.run(
        [sys.executable, "-m", "deploy", "push", name, "--folder", str(folder), *flags],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "app.py": b"print('here')\n",
        "README.md": b"---\nsdk: gradio\n---\n# A shop\n",
        "assets/table.npy": bytes(range(256)) * 40,
        "assets/catalog/1.webp": b"RIFF....WEBP",
    }
    for name, content in files.items():
        (tmp_path / "space" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "space" / name).write_bytes(content)
    return tmp_path / "space"


def test_the_space_holds_what_the_folder_holds_and_nothing_of_before(folder: Path, tmp_path: Path) -> None:
    with Hub() as hub:
        first = push(folder, "shop/lapel", hub.url, tmp_path / "cache", "--private")
        assert first.returncode == 0, first.stderr
        assert first.stdout.strip().endswith("/commit/c0ffee" + "0" * 34)
        asked = hub.created["shop/lapel"]
        assert (asked["type"], asked["sdk"]) == ("space", "gradio")
        assert asked.get("private") or asked.get("visibility") == "private"
        held = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        assert hub.repositories["shop/lapel"] == held
        assert set(hub.large.values()) == {held["assets/table.npy"], held["assets/catalog/1.webp"]}
        (folder / "assets/catalog/1.webp").unlink()
        (folder / "app.py").write_text("print('there')\n")
        second = push(folder, "shop/lapel", hub.url, tmp_path / "cache")
        assert second.returncode == 0, second.stderr
        assert hub.repositories["shop/lapel"].keys() == held.keys() - {"assets/catalog/1.webp"}
        assert hub.repositories["shop/lapel"]["app.py"] == b"print('there')\n"


def test_what_cannot_be_pushed_is_said_in_a_line(folder: Path, tmp_path: Path) -> None:
    with Hub() as hub:
        wrong = push(folder, "no/such/name", hub.url, tmp_path / "cache")
        assert wrong.returncode == 1 and len(wrong.stderr.strip().splitlines()) == 1
        assert "cannot push to no/such/name" in wrong.stderr
        (folder / "app.py").unlink()
        empty = push(folder, "shop/lapel", hub.url, tmp_path / "cache")
        assert empty.returncode == 1 and "make space" in empty.stderr
        assert not hub.repositories

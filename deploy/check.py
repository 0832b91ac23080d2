"""Starts a laid-out folder as a Space starts it, in an environment of its own, and searches by an uploaded picture."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradio_client import Client, handle_file

from deploy.errors import DeployError
from deploy.zero_gpu import DeviceService

PATIENCE = 300
"""Seconds for a start and the first answer."""


@dataclass(frozen=True)
class Finding:
    """What a started Space answered. mode: zero or plain. seconds: from its start to the first answer."""

    mode: str
    seconds: float
    query: str
    best: str
    calls: tuple[str, ...] = ()


def environment(folder: Path, place: Path, python: Path, gradio: str) -> Path:
    """The interpreter of an environment with what a Space's image installs; one made for the same folder is kept.

    DeployError when something cannot be installed.
    """
    packages = [f"gradio[oauth,mcp]=={gradio}", "uvicorn>=0.14.0", "websockets>=10.4", "spaces"]
    wanted = "\n".join([str(python), (folder / "requirements.txt").read_text(), *packages])
    stamp, own = place / "installed", place / "bin" / "python"
    digest = hashlib.sha256(wanted.encode()).hexdigest()
    if stamp.is_file() and stamp.read_text() == digest:
        return own
    shutil.rmtree(place, ignore_errors=True)
    for command in (
        [python, "-m", "venv", place],
        [own, "-m", "pip", "install", "--quiet", "--requirement", folder / "requirements.txt", *packages],
    ):
        if subprocess.run(list(map(str, command)), stdout=sys.stderr).returncode:
            raise DeployError(f"the environment of a Space cannot be made: {' '.join(map(str, command[:4]))} failed")
    stamp.write_text(digest)
    return own


def check(folder: Path, python: Path, mode: str) -> Finding:
    """Start `app.py` in `folder` and search by a picture of its catalogue, which has to come first.

    mode: zero, as on ZeroGPU with a stand-in for the service that lends devices, where the picture has to be embedded by
    a worker; or plain, as on a Space with a CPU. DeployError with the end of what the app said when it does not do so.
    """
    items = sorted((folder / "assets" / "catalog" / "images").iterdir())
    picture = items[len(items) // 2]
    embedded = json.loads((folder / "assets" / "demo-table" / "manifest.json").read_text(encoding="utf-8"))[
        "attributes"
    ]
    with DeviceService() if mode == "zero" else nullcontext() as service:
        began = time.monotonic()
        with _started(folder, python, service.environment() if service else {}) as (url, process):
            hits = _search(url, picture, embedded[0], process)
        seconds = time.monotonic() - began
    calls = tuple(path for path, _ in service.calls) if service else ()
    if service and (trouble := _missing(service)):
        raise DeployError(f"the picture was not embedded by a ZeroGPU worker: {trouble} (calls: {', '.join(calls)})")
    if not hits or hits[0]["id"] != picture.stem:
        raise DeployError(f"{picture.name} does not find itself but {hits[0]['id'] if hits else 'nothing'}")
    return Finding(mode, seconds, picture.name, hits[0]["id"], calls)


def _missing(service: DeviceService) -> str:
    if not service.of("/startup-report"):
        return "no function was registered when the app was launched"
    if not (service.of("/schedule") and service.of("/allow")):
        return "no worker was started"
    released = service.of("/release")
    return "" if released and released[-1]["fail"] == "false" else "the worker failed"


@contextmanager
def _started(folder: Path, python: Path, more: dict[str, str]) -> Iterator[tuple[str, "_App"]]:
    """The address of `python app.py`, with a home of its own and nothing of this environment."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as home, (Path(home) / "log").open("w+", encoding="utf-8") as log:
        variables = {
            "PATH": f"{python.parent}{os.pathsep}{os.defpath}",
            "HOME": home,
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "SYSTEM": "spaces",
            "SPACE_ID": "lapel/check",
            "SPACE_HOST": "lapel-check.hf.space",
            "GRADIO_SERVER_NAME": "127.0.0.1",
            "GRADIO_SERVER_PORT": str(port),
            "GRADIO_ANALYTICS_ENABLED": "False",
            **more,
        }
        process = subprocess.Popen([python, "app.py"], cwd=folder, env=variables, stdout=log, stderr=log)
        try:
            yield f"http://127.0.0.1:{port}", _App(process, Path(log.name))
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@dataclass
class _App:
    process: "subprocess.Popen[bytes]"
    log: Path

    def failed(self, why: str) -> DeployError:
        said = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return DeployError("\n".join([why, *said[-15:]]))


def _search(url: str, picture: Path, attribute: str, app: _App) -> list[dict[str, Any]]:
    until, last = time.monotonic() + PATIENCE, ""
    while time.monotonic() < until:
        if app.process.poll() is not None:
            raise app.failed(f"the app ended with {app.process.returncode}:")
        try:
            client = Client(url, verbose=False)
        except Exception as error:  # not up yet: each stage of it raises its own kind
            last = str(error)
            time.sleep(1)
            continue
        try:
            found = client.predict(image=handle_file(picture), attributes=[attribute], k=3, api_name="/search")
        except Exception as error:
            raise app.failed(f"the app answers a search with: {error}") from error
        finally:
            client.close()
        hits: list[dict[str, Any]] = found["hits"] if isinstance(found, dict) else found
        return hits
    raise app.failed(f"the app does not answer within {PATIENCE} s ({last}):")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])

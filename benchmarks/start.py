"""From nothing to the first answered search, beside what no app of this kind is without: `import torch, gradio`.

Every measurement is a fresh process with an empty home. Seconds on a machine that does something
else are worth nothing, so each round measures the bare import too, and what counts is the share.
`python -m benchmarks.start` prints the table.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np

from benchmarks.app import ROOT, started
from benchmarks.measure import Result, as_table

PATIENCE = 600
"""Seconds that the app has until its first answer."""

BARE = "import torch, gradio"

PARTS = """
import sys, time
began = time.perf_counter()
def passed(name):
    global began
    print(name, time.perf_counter() - began, file=sys.stderr, flush=True)
    began = time.perf_counter()
import torch, gradio
passed("bare")
import library, ui
passed("our imports")
from catalog import load_catalog
from common.assets import DEMO_CATALOG, EMBEDDED_WEIGHTS
from model import load
from retrieval import Embedder, EngineOptions, default_attributes, open_engine, shipped_tables
embedder = Embedder(load(str(EMBEDDED_WEIGHTS)), "cpu")
passed("weights")
from pathlib import Path
catalog = load_catalog(str(DEMO_CATALOG), Path(sys.argv[1]))
passed("catalog")
options = EngineOptions(shipped_tables(str(DEMO_CATALOG)))
open_engine(catalog, embedder, Path(sys.argv[1]), default_attributes(catalog, embedder), options=options)
passed("engine")
"""
"""What a start is made of, one after the other; the app does part of it at the same time."""


def first_search(repeat: int = 3, arguments: Sequence[str] = ()) -> list[Result]:
    """Milliseconds of each step of a start, with its share of the bare import in the same round (median of rounds).

    repeat: rounds; arguments: further ones of `app.py`. The steps of the running app are counted from the start of its
    process: the page is served, a search by item is answered by REST, the same by the page's queue.
    """
    rounds: list[dict[str, float]] = []
    for number in range(repeat):
        print(f"start: round {number + 1} of {repeat}", file=sys.stderr)
        rounds.append({f"bare {BARE}": _bare()} | _parts() | _app(arguments))
    names = list(rounds[0])
    bare = np.array([seconds[names[0]] for seconds in rounds])
    results = []
    for name in names:
        found = np.array([seconds[name] for seconds in rounds])
        p50, p95 = (1000 * np.percentile(found, (50, 95))).tolist()
        share = round(float(np.median(found / bare)), 3)
        results.append(Result(name, repeat, round(p50, 1), round(p95, 1), {"of bare": share}))
    return results


def _bare() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", BARE], check=True, cwd=ROOT, env=_environment())
    return time.perf_counter() - began


def _parts() -> dict[str, float]:
    """Seconds of imports, weights, catalog and engine, after the bare import, in one process."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-c", PARTS, home]
        done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True, env=_environment())
    told = [line.rsplit(" ", 1) for line in done.stderr.splitlines()]
    found = {one[0]: float(one[1]) for one in told if one[0] in ("our imports", "weights", "catalog", "engine")}
    if len(found) != 4:
        raise RuntimeError(f"a start told no times: {done.stderr[-200:]}")
    return found


def _app(arguments: Sequence[str]) -> dict[str, float]:
    """Seconds from the start of `python app.py` until it has done each of its first things."""
    with (
        tempfile.TemporaryDirectory() as home,
        started([*arguments, "--home", home], _environment(), quiet=True) as (port, process),
    ):
        began, found = time.perf_counter(), {}
        _until(lambda: _get(port, "/"), process)
        found["app: page served"] = time.perf_counter() - began
        item = json.loads(_get(port, "/v1/items?limit=1"))["items"][0]["id"]
        attributes = json.loads(_until(lambda: _get(port, "/v1/attributes"), process))["attributes"]
        name = next(one["name"] for one in attributes if one["embedded"])
        asked = {"item": item, "attributes": [name], "k": 12}
        _until(lambda: _hits(_post(port, "/v1/search", asked)), process)
        found["app: first search by REST"] = time.perf_counter() - began
        data = [None, None, item, [name], 12, *[None] * 6]
        event = json.loads(_post(port, "/gradio_api/call/search", {"data": data}))["event_id"]
        told = _get(port, f"/gradio_api/call/search/{event}")
        if not told.startswith(b"event: complete"):
            raise RuntimeError(told[:200].decode())
        found["app: first search by the page"] = time.perf_counter() - began
    return found


def _until(ask: Any, process: subprocess.Popen[bytes]) -> bytes:
    """The first answer, asked for every 20 ms: nobody listens at first, and what is not ready yet says so (503)."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            answer: bytes = ask()
            return answer
        except OSError as error:  # HTTPError is one
            waiting = not isinstance(error, HTTPError) or error.code in (409, 503)
            if not waiting or process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the app did not answer ({error}); start `python app.py` to see why") from error
        time.sleep(0.02)


def _hits(body: bytes) -> bytes:
    if not json.loads(body)["hits"]:
        raise RuntimeError("the first search found nothing")
    return body


def _get(port: int, path: str) -> bytes:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        body: bytes = answer.read()
    return body


def _post(port: int, path: str, body: object) -> bytes:
    request = Request(f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), {"content-type": "application/json"})
    with urlopen(request, timeout=60) as answer:
        told: bytes = answer.read()
    return told


def _environment() -> dict[str, str]:
    return {**os.environ, "NO_PROXY": "127.0.0.1"}


if __name__ == "__main__":
    print(as_table(first_search()))

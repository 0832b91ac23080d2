"""The running app under load: latency, capacity and memory of its REST face and of Gradio's queue.

The server is a process of its own, started as `python app.py` is; this process is the client, on the loopback. Arrivals
of the open loop do not wait for answers (Poisson, seeded), and their latency counts from when they should have been sent.
"""

import asyncio
import gc
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.request import urlopen

import numpy as np

from benchmarks.app import started
from benchmarks.http import Pool
from benchmarks.measure import Result, against, load

ROOT = Path(__file__).resolve().parents[1]
STARTING = 300
"""Seconds that the app has to become ready, its table at hand or soon embedded."""

Ask = Callable[[Pool, int], Awaitable[None]]


@dataclass(frozen=True)
class Load:
    """How much is asked of the running app."""

    faces: tuple[Literal["REST", "Gradio's queue"], ...] = ("REST", "Gradio's queue")
    """Which faces."""
    calls: int = 500
    """Calls one after the other."""
    seconds: float = 8
    """Length of the closed and of the open loop."""
    clients: int = 8
    """Clients of the closed loop."""
    share: float = 0.6
    """Share of the capacity that the open loop asks for."""
    memory: int = 10_000
    """Calls over which memory is watched; 0 for none."""
    seed: int = 0
    """Of the arrivals."""


def serving(arguments: Sequence[str], load: Load) -> list[Result]:
    """REST first, on a server of its own; then Gradio's queue on another. arguments: those of `app.py`."""
    results = []
    for name, face in (("REST", _rest), ("Gradio's queue", _queue)):
        if name in load.faces:
            with _server(arguments) as (port, process):
                print(f"serving: {name}", file=sys.stderr)
                results += asyncio.run(_measured(name, face, port, process.pid, load))
    return results


def asked_at_once(
    arguments: Sequence[str], bodies: Mapping[str, Sequence[bytes]], clients: Sequence[int], seconds: float
) -> dict[tuple[str, int], list[float]]:
    """Seconds of each answer of a server of its own, by the name of what is asked and how many ask: each client asks
    again as soon as it is answered. bodies: those of `POST /v1/search`, by name."""
    with _server(arguments) as (port, _):
        return asyncio.run(_at_once(port, bodies, clients, seconds))


async def _at_once(
    port: int, bodies: Mapping[str, Sequence[bytes]], clients: Sequence[int], seconds: float
) -> dict[tuple[str, int], list[float]]:
    pool, found = Pool(port), {}
    for name, given in bodies.items():
        ask = _posted(given)
        await _one_by_one(ask, pool, min(20, len(given)))
        for several in clients:
            taken: list[float] = []
            await _closed_loop(ask, pool, several, seconds, taken)
            found[name, several] = taken
    pool.close()
    return found


async def _measured(
    name: str, face: Callable[[list[str], str], Ask], port: int, pid: int, wanted: Load
) -> list[Result]:
    gc.disable()  # the client's own pauses are none of the server's
    pool = Pool(port)
    ids = [item["id"] for item in json.loads(await pool.get("/v1/items?limit=200"))["items"]]
    known = json.loads(await pool.get("/v1/attributes"))["attributes"]
    ask = face(ids, next(attribute["name"] for attribute in known if attribute["embedded"]))
    await _one_by_one(ask, pool, 50)
    alone = await _one_by_one(ask, pool, wanted.calls)
    capacity = await _closed_loop(ask, pool, wanted.clients, wanted.seconds)
    results = [
        _result(f"{name}, one client", alone, load_average=load()),
        Result(
            f"{name}, {wanted.clients} clients", 0, 0, 0, {"per_second": round(capacity, 1), "load_average": load()}
        ),
    ]
    rng = np.random.default_rng(wanted.seed)
    opened = await _open_loop(ask, pool, wanted.share * capacity, wanted.seconds, rng)
    times = float(np.percentile(opened, 95) / np.median(alone))
    results.append(
        _result(
            f"{name}, {wanted.share:.0%} of capacity", opened, p95_over_p50_alone=round(times, 2), load_average=load()
        )
    )
    if wanted.memory:
        results.append(await _memory(name, ask, pool, pid, wanted))
    pool.close()
    return [results[0], *(against(result, results[0]) for result in results[1:])]


async def _one_by_one(ask: Ask, pool: Pool, calls: int) -> list[float]:
    return [await _timed(ask, pool, number) for number in range(calls)]


async def _closed_loop(ask: Ask, pool: Pool, clients: int, seconds: float, taken: list[float] | None = None) -> float:
    """Answers a second when each of some clients asks again as soon as it is answered. taken: gets the seconds of each."""
    until, done = time.perf_counter() + seconds, 0

    async def client(first: int) -> None:
        nonlocal done
        ended = 0.0
        while ended < until:  # each at least once
            asked = time.perf_counter()
            await ask(pool, first + done)
            ended = time.perf_counter()
            done += 1
            if taken is not None:
                taken.append(ended - asked)

    began = time.perf_counter()
    await asyncio.gather(*(client(97 * number) for number in range(clients)))
    return done / (time.perf_counter() - began)


async def _open_loop(ask: Ask, pool: Pool, rate: float, seconds: float, rng: np.random.Generator) -> list[float]:
    """Milliseconds from the moment that each call was due, `rate` calls a second."""
    due = np.cumsum(rng.exponential(1 / rate, max(20, int(rate * seconds))))
    began = time.perf_counter()
    latencies: list[float] = []

    async def call(number: int) -> None:
        await ask(pool, number)
        latencies.append(1000 * (time.perf_counter() - began - due[number]))

    running = []
    for number, moment in enumerate(due):
        await _moment(began + moment)
        running.append(asyncio.ensure_future(call(number)))
    await asyncio.gather(*running)
    return latencies


async def _moment(due: float) -> None:
    """Wait for a moment of `perf_counter`, to the microsecond: the timer of asyncio ticks in whole milliseconds, so that
    calls would be late and come in bunches."""
    await asyncio.sleep(max(0, due - time.perf_counter() - 0.002))
    while time.perf_counter() < due:
        await asyncio.sleep(0)


async def _memory(name: str, ask: Ask, pool: Pool, pid: int, wanted: Load) -> Result:
    first = min(1000, wanted.memory // 2)
    await _one_by_one(ask, pool, first)
    before, began = _megabytes(pid), time.perf_counter()
    latencies = await _one_by_one(ask, pool, wanted.memory - first)
    after = _megabytes(pid)
    more = {
        "mb_after_first": round(before, 1),
        "mb_at_end": round(after, 1),
        "grown_mb": round(after - before, 1),
        "seconds": round(time.perf_counter() - began),
    }
    return _result(f"{name}, memory over {wanted.memory} calls", latencies, **more)


async def _timed(ask: Ask, pool: Pool, number: int) -> float:
    began = time.perf_counter()
    await ask(pool, number)
    return 1000 * (time.perf_counter() - began)


def _result(name: str, latencies: list[float], **more: float) -> Result:
    p50, p95 = np.percentile(latencies, (50, 95)).tolist()
    return Result(name, len(latencies), round(p50, 2), round(p95, 2), dict(more))


def _rest(ids: list[str], attribute: str) -> Ask:
    return _posted([json.dumps({"item": id, "attributes": [attribute], "k": 12}).encode() for id in ids])


def _posted(bodies: Sequence[bytes]) -> Ask:
    async def ask(pool: Pool, number: int) -> None:
        body = await pool.post("/v1/search", bodies[number % len(bodies)])
        if b'"hits"' not in body[:20]:
            raise RuntimeError(body[:200].decode())

    return ask


def _queue(ids: list[str], attribute: str) -> Ask:
    bodies = [json.dumps({"data": [None, None, id, [attribute], 12, *[None] * 6]}).encode() for id in ids]

    async def ask(pool: Pool, number: int) -> None:
        event = json.loads(await pool.post("/gradio_api/call/search", bodies[number % len(bodies)]))["event_id"]
        told = await pool.get(f"/gradio_api/call/search/{event}")
        if not told.startswith(b"event: complete"):
            raise RuntimeError(told[:200].decode())

    return ask


@contextmanager
def _server(arguments: Sequence[str]) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with started(arguments) as (port, process):
        _await_ready(port, process)
        yield port, process


def _await_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTING
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError("the app did not become ready; start `python app.py` to see why")
        time.sleep(0.5)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/v1/health", timeout=5):
            return True
    except OSError:
        return False


def _megabytes(pid: int) -> float:
    """Resident memory of a process."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], check=True, capture_output=True, text=True)
    return int(told.stdout) / 1024

"""Visitors who bring a picture at the same time: each pass for itself, or those who wait together (`retrieval.together`)."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import numpy as np
from PIL import Image
from torch import Tensor

from benchmarks.measure import Result
from retrieval import Embedder, columns_of
from retrieval.batches import to_tensor
from retrieval.executor import Placed, raw

CLIENTS = (1, 8, 32)
Ask = Callable[[Placed, Sequence[Tensor], Sequence[tuple[int, str]]], np.ndarray]


def concurrent_pictures(
    embedder: Embedder, images: Sequence[Image.Image], attributes: Sequence[str], clients: Sequence[int] = CLIENTS
) -> list[Result]:
    """How long each of so many clients waits for the raw vectors of a picture, who ask again as soon as they are answered: by passes
    of their own and together, in turns. images: at least one a client; decoded beforehand."""
    pictures = [to_tensor(image) for image in images]
    names = embedder.model.config.attributes
    index = {name: place for place, name in enumerate(names)}
    columns = [(index.get(name, 0), view) for name, view in columns_of(embedder, attributes)]
    placed = embedder._placed
    found = []
    for count in clients:
        ways: dict[str, Ask] = {"alone": raw, "together": _together}
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        spans: dict[str, float] = dict.fromkeys(ways, 0.0)
        for turn in range(3):  # the first of them warms up
            for name, ask in ways.items():
                start = time.perf_counter()
                took = list(_asked(partial(ask, placed), pictures, columns, count))
                if turn:
                    spans[name] += time.perf_counter() - start
                    seconds[name] += took
        for name, took in seconds.items():
            p50, p95 = (1000 * np.percentile(took, (50, 95))).tolist()
            rate = round(len(took) / spans[name], 2)
            told = {"clients": count, "pictures_s": rate}
            found.append(Result(f"{count} pictures at once, {name}", len(took), round(p50, 2), round(p95, 2), told))
    return found


def _together(placed: Placed, images: Sequence[Tensor], columns: Sequence[tuple[int, str]]) -> np.ndarray:
    return placed.together.ask(partial(raw, placed), images, columns)


def _asked(
    ask: Callable[[Sequence[Tensor], Sequence[tuple[int, str]]], np.ndarray],
    pictures: Sequence[Tensor],
    columns: Sequence[tuple[int, str]],
    clients: int,
    rounds: int = 2,
) -> Iterator[float]:
    """Seconds that each client waits, each time."""
    begin = Barrier(clients)

    def client(number: int) -> list[float]:
        begin.wait()
        waits = []
        for turn in range(rounds):
            start = time.perf_counter()
            ask([pictures[(number + turn) % len(pictures)]], columns)
            waits.append(time.perf_counter() - start)
        return waits

    with ThreadPoolExecutor(clients) as pool:
        for waits in pool.map(client, range(clients)):
            yield from waits

"""Searches at sizes that a catalog does not have yet, on vectors resampled from its own, and what a picture takes."""

import tempfile
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np

from catalog import Catalog, Item
from library.poc.sheet import Scaled, SearchAt
from retrieval import (
    ItemSource,
    Query,
    SearchEngine,
    TableHolding,
    Term,
    Tuning,
    columns_of,
    footprint,
    resampled,
)

SIZES = (1_000, 4_000, 16_000, 50_000, 100_000)
"""Items that searches are timed on, as far as the time allows."""
ENOUGH = 3
"""Sizes that are enough where an index answers one of them."""
SECONDS = 6.0
"""Time that sizes are begun in: the next one is left out where, going by the last, it would take longer."""
SLOWER = 1.5
"""How much longer a large index takes to build, a picture, than the smallest one."""
SEARCHES, LEAST, ASKED = 24, 6, 0.5
"""Searches of each size, at least so many where they take longer than that many seconds together."""
CLIENTS, TOGETHER = 8, 0.5
"""Clients that ask at once, and for how many seconds."""


def scaled(engine: SearchEngine, name: str, tuning: Tuning | None = None, seed: int = 0) -> Scaled:
    """By an item and one attribute of a catalog of at least two items that are embedded, one size after the other. name: of the
    catalog."""
    tuning = tuning or Tuning()
    attribute, began = engine.attributes[0], time.perf_counter()
    sizes, rate, parts, each, building = list[SearchAt](), 0.0, None, 0.0, 0.0
    for items in SIZES:
        indexed = items > tuning.exact_below
        left = SECONDS - (time.perf_counter() - began)
        if sizes and ((each + building * indexed) * items + ASKED + TOGETHER > left or _told(sizes)):
            break
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as home:
            one = _engine(engine, attribute, items, tuning, Path(home))
            try:
                one.prepare()
                search = _search(one, attribute, items, seed)
                search(0)  # derives what is not there yet
                each = (time.perf_counter() - start) / items
                sizes.append(SearchAt(items, _middle(search), "index" if indexed else "scan"))
                rate = _at_once(search)
                if parts is None:
                    start = time.perf_counter()
                    parts = footprint(one, attribute)
                    building = SLOWER * (time.perf_counter() - start) / items
            finally:
                one.close()
    assert parts is not None
    return Scaled(
        catalog=name,
        attributes=len(engine.attributes),
        sizes=tuple(sizes),
        exact_below=tuning.exact_below,
        clients=CLIENTS,
        together=rate,
        shared=parts.shared / parts.items,
        raw=parts.raw / parts.items,
        derived=parts.derived / parts.items,
        sketch=parts.sketch / parts.items,
        index=parts.index / parts.items,
        measured=time.strftime("%Y-%m-%d", time.gmtime()),
    )


def _told(sizes: list[SearchAt]) -> bool:
    """Whether a scan and an index have been timed."""
    return len(sizes) >= ENOUGH and {"scan", "index"} <= {one.way for one in sizes}


def _engine(real: SearchEngine, attribute: str, items: int, tuning: Tuning, home: Path) -> SearchEngine:
    table = resampled(real.table, columns_of(real.embedder, [attribute]), items)
    catalog = Catalog(home, "resampled", tuple(Item(id, "") for id in table.ids))
    return SearchEngine(catalog, TableHolding(table, home), real.embedder, tuning)


def _search(engine: SearchEngine, attribute: str, items: int, seed: int) -> Callable[[int], object]:
    rows = np.random.default_rng(seed).integers(items, size=1000)
    return lambda number: engine.search(Query((Term(attribute, ItemSource(str(rows[number % len(rows)]))),)), 12)


def _middle(search: Callable[[int], object]) -> float:
    """Seconds."""
    taken: list[float] = []
    while len(taken) < LEAST or (len(taken) < SEARCHES and sum(taken) < ASKED):
        began = time.perf_counter()
        search(len(taken))
        taken.append(time.perf_counter() - began)
    return float(np.median(taken))


def _at_once(search: Callable[[int], object]) -> float:
    """Searches a second when so many clients each ask again as soon as they are answered."""
    number, taken, until = count(), list[float](), time.perf_counter() + TOGETHER

    def client() -> None:
        ended = 0.0
        while ended < until:
            began = time.perf_counter()
            search(next(number))
            ended = time.perf_counter()
            taken.append(ended - began)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return CLIENTS * len(taken) / sum(taken)

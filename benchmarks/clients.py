"""Searches by 1, 8 and 32 clients at once: threads in one process, and programs that ask a running app by REST."""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np

from benchmarks.measure import Result, against, summed_up
from benchmarks.serve import asked_at_once
from catalog import Catalog, Item
from retrieval import Hit, ItemSource, Query, SearchEngine, TableHolding, Term, Tuning, columns_of, resampled, written

KEPT = 10
"""Hits that recall is measured on."""
SHARES = {"half": 0.5, "twentieth": 0.05, "two-hundredth": 0.005}
"""Columns of the resampled items, and the share of them that has "yes" there."""
Search = Callable[[int], list[Hit]]


@dataclass(frozen=True)
class Clients:
    """Who asks, and for how long."""

    at_once: tuple[int, ...] = (1, 8, 32)
    """Numbers of clients, each of which asks again as soon as it is answered; the first is what the others are held against."""
    seconds: float = 1.5
    """For each kind of query and number of clients."""
    exact: int = 15
    """Queries of each kind that are also answered by the exact scan."""
    seed: int = 0


@dataclass(frozen=True)
class Kind:
    """One kind of query: how many terms, each of another item or all of one, and what it is narrowed down to."""

    name: str
    terms: int
    sources: int
    column: str = ""

    def query(self, attributes: Sequence[str], ids: Sequence[str], rng: np.random.Generator) -> Query:
        chosen = rng.choice(len(ids), self.sources, replace=False).tolist()
        sources = [ItemSource(ids[chosen[place % self.sources]]) for place in range(self.terms)]
        return Query(tuple(Term(name, source) for name, source in zip(attributes, sources, strict=False)))

    @property
    def filters(self) -> dict[str, list[str]]:
        return {self.column: ["yes"]} if self.column else {}


KINDS = (
    Kind("1 term", 1, 1),
    Kind("3 terms of one item", 3, 1),
    Kind("3 terms of 3 items", 3, 3),
    Kind("1 term among 50 %", 1, 1, "half"),
    Kind("1 term among 5 %", 1, 1, "twentieth"),
    Kind("1 term among 0.5 %", 1, 1, "two-hundredth"),
    Kind("3 terms of 3 items among 50 %", 3, 3, "half"),
    Kind("3 terms of 3 items among 5 %", 3, 3, "twentieth"),
    Kind("3 terms of 3 items among 0.5 %", 3, 3, "two-hundredth"),
)


def in_process(real: SearchEngine, attributes: Sequence[str], items: int, wanted: Clients, home: Path) -> list[Result]:
    """Every kind of query on `items` items resampled from those of an engine, as an engine answers it by itself, and by the
    exact scan. Each line says how many a second were answered, and of one kind and number of clients how many times those of the
    first number."""
    names = list(attributes[:3])
    table = resampled(real.table, columns_of(real.embedder, names), items)
    catalog = _catalog(home, table.ids, wanted.seed)
    exact = SearchEngine(catalog, TableHolding(table, home / "exact"), real.embedder, _scanning(items))
    engine = SearchEngine(catalog, TableHolding(table, home / "engine"), real.embedder, Tuning())
    try:
        engine.prepare()
        results = []
        for kind in KINDS:
            if kind.terms <= len(names) and kind.sources <= items:
                results += _of_kind(kind, exact, engine, names, wanted)
        return results
    finally:
        exact.close()
        engine.close()


def by_rest(engine: SearchEngine, flags: Sequence[str], wanted: Clients) -> list[Result]:
    """The kinds without a filter asked of `python app.py` with those flags, on the catalog of an engine as it is; held against
    one client of that engine in this process."""
    names, ids = (
        engine.attributes[:3],
        [id for id, there in zip(engine.table.ids, engine.readable, strict=True) if there],
    )
    kinds = [kind for kind in KINDS if not kind.column and kind.terms <= len(names) and kind.sources <= len(ids)]
    posed = {kind.name: _queries(kind, names, ids, wanted.seed) for kind in kinds}
    bodies = {name: [_body(query) for query in queries] for name, queries in posed.items()}
    told = asked_at_once(flags, bodies, wanted.at_once, wanted.seconds)
    results = []
    for name, queries in posed.items():
        here = _asked(_searching(engine, queries, {}), 1, wanted.seconds)
        reference = _line(f"{name}, in the process, {len(ids)} items", here, 1)
        results.append(reference)
        results += _held(
            [_line(f"{name}, {clients} by REST", told[name, clients], clients) for clients in wanted.at_once],
            reference,
        )
    return results


def _of_kind(
    kind: Kind, exact: SearchEngine, engine: SearchEngine, names: Sequence[str], wanted: Clients
) -> list[Result]:
    queries = _queries(kind, names, engine.table.ids, wanted.seed)
    few = queries[: wanted.exact]
    by_scan, by_engine = (_searching(one, few, kind.filters) for one in (exact, engine))
    for search in (by_scan, by_engine):  # what is derived at the first search is not counted
        search(0)
    right, seconds = _one_by_one(by_scan, len(few))
    found, _ = _one_by_one(by_engine, len(few))
    lines = []
    for clients in wanted.at_once:
        taken = _asked(_searching(engine, queries, kind.filters), clients, wanted.seconds)
        lines.append(_line(f"{kind.name}, {clients} at once", taken, clients))
    lines[0].more[f"recall@{KEPT}"] = _recall(right, found)
    _, again = _one_by_one(by_scan, len(few))  # before and after, so that a slow moment meets both
    reference = summed_up(f"{kind.name}, exact scan", seconds + again)
    return [reference, *_held(lines, reference)]


def _held(lines: Sequence[Result], reference: Result) -> list[Result]:
    """Lines of one kind held against its reference, and how many times as many as the first a second."""
    first = float(lines[0].more["per_second"])
    for line in lines[1:]:
        line.more["times the first a second"] = round(float(line.more["per_second"]) / max(first, 1e-9), 2)
    return [against(line, reference) for line in lines]


def _asked(search: Search, clients: int, seconds: float) -> list[float]:
    """Seconds of each search when so many threads ask, each again as soon as it is answered."""
    number, taken, until = count(), list[float](), time.perf_counter() + seconds
    failed: list[Exception] = []

    def client() -> None:
        try:
            ended = 0.0
            while ended < until:  # each at least once
                began = time.perf_counter()
                search(next(number))
                ended = time.perf_counter()
                taken.append(ended - began)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return taken


def _line(name: str, taken: Sequence[float], clients: int) -> Result:
    """Each client waits for nothing but its answers, so that this many are given a second."""
    return summed_up(name, taken, per_second=round(clients * len(taken) / sum(taken), 1))


def _one_by_one(search: Search, queries: int) -> tuple[list[list[Hit]], list[float]]:
    found, seconds = [], []
    for number in range(queries):
        began = time.perf_counter()
        found.append(search(number))
        seconds.append(time.perf_counter() - began)
    return found, seconds


def _queries(kind: Kind, names: Sequence[str], ids: Sequence[str], seed: int, queries: int = 500) -> list[Query]:
    rng = np.random.default_rng(seed)
    return [kind.query(names, ids, rng) for _ in range(queries)]


def _searching(engine: SearchEngine, queries: Sequence[Query], filters: Mapping[str, list[str]]) -> Search:
    return lambda number: engine.search(queries[number % len(queries)], 12, filters)


def _body(query: Query) -> bytes:
    """The same query as a program sends it."""
    return json.dumps({"terms": [written(term) for term in query.terms], "k": 12}).encode()


def _recall(right: Sequence[Sequence[Hit]], found: Sequence[Sequence[Hit]]) -> float:
    """Share of the best hits of the scan that are among those found."""
    shares = [
        len({hit.id for hit in a[:KEPT]} & {hit.id for hit in b[:KEPT]}) / len(a[:KEPT])
        for a, b in zip(right, found, strict=True)
        if a
    ]
    return round(float(np.mean(shares)), 4) if shares else 1.0


def _catalog(home: Path, ids: Sequence[str], seed: int) -> Catalog:
    rng = np.random.default_rng(seed)
    drawn = {name: rng.random(len(ids)) < share for name, share in SHARES.items()}
    columns = ({name: "yes" if has[row] else "no" for name, has in drawn.items()} for row in range(len(ids)))
    items = tuple(Item(id, "", None, {}, own) for id, own in zip(ids, columns, strict=True))
    return Catalog(home, "resampled", items)


def _scanning(items: int) -> Tuning:
    return Tuning(exact_below=items, sketched=0)

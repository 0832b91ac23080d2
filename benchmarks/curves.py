"""From which size on which way of searching pays, and what an index costs and finds by its parameters."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measure import Result, timed
from catalog import Catalog, Item
from retrieval import (
    Abilities,
    Found,
    Hnsw,
    ItemSource,
    Query,
    SearchEngine,
    TableHolding,
    Term,
    Tuning,
    columns_of,
    resampled,
)

KEPT = 10
"""Hits that recall is measured on."""
GRAPHS = ((16, 200), (16, 100), (12, 100), (12, 64), (8, 100))
"""Links of a node, and width of the search while building."""
DEPTHS = (128, 256, 512, 1024)


class Unlisted(Hnsw):
    """Gives no candidates, so that sketches answer."""

    abilities = Abilities(largest_k=0)


def sizes(real: SearchEngine, attributes: Sequence[str], items: Sequence[int], repeat: int, home: Path) -> list[Result]:
    """One term and three terms of different items by the scan, the index and sketches, in catalogs of several sizes resampled from
    an engine's."""
    names = list(attributes[:3])
    results = []
    for count in items:
        table = resampled(real.table, columns_of(real.embedder, names), count)
        catalog = Catalog(home, "resampled", tuple(Item(id, "") for id in table.ids))
        rng = np.random.default_rng(1)
        for terms in sorted({1, len(names)}):
            queries = [_query(names[:terms], rng.choice(count, terms, replace=False).tolist()) for _ in range(repeat)]
            best: list[set[str]] = []
            for way, tuning in (
                ("scan", Tuning(exact_below=count)),
                ("index", Tuning(exact_below=0)),
                ("sketches", Tuning(exact_below=0, backend=Unlisted())),
            ):
                if terms > 1 and way == "index":
                    continue
                engine = SearchEngine(catalog, TableHolding(table, home / f"{count}-{way}"), real.embedder, tuning)
                engine.prepare(names[:1])
                found: list[Found] = []
                calls = [partial(_keep, found, engine, query) for query in queries]
                results.append(timed(f"{count} items, {terms} {'term' if terms == 1 else 'terms'}, {way}", calls))
                kept = [{hit.id for hit in one.hits[:KEPT]} for one in found]
                best = best or kept
                results[-1].more[f"recall@{KEPT}"] = _recall(best, kept)
                engine.close()
    return results


def graphs(real: SearchEngine, attribute: str, items: int, repeat: int, home: Path) -> list[Result]:
    """Time to build an index of `items` resampled items by its parameters; latency and recall by how many candidates it is
    asked for."""
    table = resampled(real.table, columns_of(real.embedder, [attribute]), items)
    catalog = Catalog(home, "resampled", tuple(Item(id, "") for id in table.ids))
    queries = [_query([attribute], [row]) for row in np.random.default_rng(1).integers(0, items, repeat).tolist()]

    def engine(tuning: Tuning, name: str) -> SearchEngine:
        return SearchEngine(catalog, TableHolding(table, home / name), real.embedder, tuning)

    best = _kept(engine(Tuning(exact_below=items), "scan"), queries)[1]
    results = []
    for links, width in GRAPHS:
        tuning = Tuning(exact_below=0, backend=Hnsw(links=links, build_width=width))
        one = engine(tuning, f"{links}-{width}")
        one._view.sketch(attribute, wait=True)
        began = time.process_time()
        one.prepare()
        each = round(1000 * (time.process_time() - began))
        label = f"{items} items, {links} links, built at {width}"
        results.append(Result(f"{label}, processor time", 1, each, each))
        for depth in DEPTHS:
            one.tuning = replace(tuning, first=depth)
            line, kept = _kept(one, queries, f"{label}, {depth} candidates")
            line.more[f"recall@{KEPT}"] = _recall(best, kept)
            results.append(line)
        one.close()
    return results


def _kept(engine: SearchEngine, queries: Sequence[Query], name: str = "") -> tuple[Result, list[set[str]]]:
    found: list[Found] = []
    calls: list[Callable[[], None]] = [partial(_keep, found, engine, query) for query in queries]
    line = timed(name, calls)
    return line, [{hit.id for hit in one.hits[:KEPT]} for one in found]


def _keep(found: list[Found], engine: SearchEngine, query: Query) -> None:
    found.append(engine.found(query, 12))


def _recall(best: Sequence[set[str]], found: Sequence[set[str]]) -> float:
    return round(float(np.mean([len(a & b) / len(a) for a, b in zip(best, found, strict=True)])), 4)


def _query(names: Sequence[str], rows: Sequence[int]) -> Query:
    return Query(tuple(Term(name, ItemSource(str(row))) for name, row in zip(names, rows, strict=True)))

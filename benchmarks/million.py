"""A catalog of a million items and eight attributes: built, saved, loaded by a fresh process and searched there.

`python -m benchmarks.million FOLDER` is that process; it prints JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.made_up import Columns, MadeUp, write
from benchmarks.measure import Result, against, timed
from model import load
from retrieval import Embedder, Found, ItemSource, Query, SearchEngine, Term, Tuning, columns_of, size_below

ASKED = "asked.json"
ATTRIBUTES = 8
"""How many the items have."""
FIRST = 200
"""Searches by one term, and by three, before others are timed."""
KEPT = 10
"""Hits that recall is measured on."""
KINDS: dict[str, tuple[int, Mapping[str, Sequence[str]]]] = {
    "1 term": (1, {}),
    "1 term, half of the items": (1, {"half": ["1"]}),
    "1 term, 5 % of the items": (1, {"twentieth": ["1"]}),
    "1 term, 0.5 % of the items": (1, {"few": ["1"]}),
    "2 terms of 2 items": (2, {}),
    "3 terms of 3 items": (3, {}),
    "3 terms of 3 items, half of the items": (3, {"half": ["1"]}),
    "3 terms of 3 items, 5 % of the items": (3, {"twentieth": ["1"]}),
    "3 terms of 3 items, 0.5 % of the items": (3, {"few": ["1"]}),
}
"""How many terms, and what may be found."""


def million(
    real: SearchEngine, weights: str, attributes: Sequence[str], items: int, repeat: int, scanned: int, folder: Path
) -> list[Result]:
    """Make and index `items` items resampled from those of an engine (`retrieval.mixtures`), for `attributes`; then load and
    search them in a fresh process. What is found in `folder` is not made again.

    repeat: queries of each kind; scanned: how many of them are held against the exact scan, for recall and as the reference.
    """
    names = list(attributes)
    if (folder / ASKED).exists():
        _, names = json.loads((folder / ASKED).read_text("utf-8"))
    write(real.table, columns_of(real.embedder, names), items, folder / "raw")
    (folder / ASKED).write_text(json.dumps([weights, names]), "utf-8")
    results = []
    if not (folder / "indexes").exists():
        results += _built(folder, names, items)  # which leaves no memory behind
    results += [
        Result(f"{part} on the disk", 1, 0, 0, {"MB": round(size_below(folder / part) / 1e6)})
        for part in ("raw", "derived", "sketches", "indexes")
    ]
    command = [sys.executable, "-m", "benchmarks.million", str(folder), str(repeat), str(scanned)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return results + scanned_beside([Result(**line) for line in json.loads(told)])


def _built(folder: Path, names: Sequence[str], items: int) -> list[Result]:
    results = []
    with closing(_opened(folder, Tuning())) as engine:
        for label, prepare in (
            ("vectors derived", lambda: [engine._view.vectors(name) for name in names]),
            ("sketches", lambda: [engine._view.sketch(name, wait=True) for name in names]),
            ("indexes", engine.prepare),
        ):
            began = time.perf_counter()
            prepare()
            milliseconds = 1000 * (time.perf_counter() - began)
            line = f"{label} of {items} items, {len(names)} attributes"
            results.append(Result(line, 1, round(milliseconds), round(milliseconds)))
    return results


def scanned_beside(results: Sequence[Result]) -> list[Result]:
    """Lines with the ratio to the exact scan of the same queries."""
    scans = {one.name.removesuffix(", scan"): one for one in results if one.name.endswith(", scan")}
    return [against(one, scans[one.name]) if one.name in scans else one for one in results]


def searched(folder: Path, repeat: int, scanned: int) -> list[Result]:
    """Load what `million` made, and search it."""
    began = time.perf_counter()
    engine = _opened(folder, Tuning())
    names = engine.attributes
    engine.prepare()
    loaded = round(1000 * (time.perf_counter() - began))
    items = len(engine.catalog)
    results = [Result(f"load {items} items, {len(names)} attributes", 1, loaded, loaded, _memory())]
    rng = np.random.default_rng(1)
    for terms in (1, 3):  # what searches read of files is read from the disk at first
        first = [_query(names, rng.choice(items, terms, replace=False).tolist(), number) for number in range(FIRST)]
        calls = [partial(_keep, [], engine, query, {}) for query in first]
        results.append(timed(f"the first {FIRST} after loading, {terms} {'term' if terms == 1 else 'terms'}", calls))
    asked: dict[str, list[Query]] = {}
    for label, (terms, filters) in KINDS.items():
        queries = [_query(names, rng.choice(items, terms, replace=False).tolist(), number) for number in range(repeat)]
        asked[label] = queries
        found: list[Found] = []
        calls = [partial(_keep, found, engine, query, filters) for query in queries]
        results.append(timed(label, calls))
        ways = [way.by for one in found for way in one.ways[:1]]
        exact = sum(all(way.exact for way in one.ways) for one in found)
        results[-1].more.update({way: ways.count(way) for way in dict.fromkeys(ways)} | {"exact": exact})
        results[-1].more["scored"] = round(float(np.mean([sum(way.scored for way in one.ways) for one in found])))
    results.append(Result("memory after the searches", 1, 0, 0, _memory()))
    return results + _recalled(folder, engine, asked, scanned)


def _recalled(folder: Path, engine: SearchEngine, asked: Mapping[str, Sequence[Query]], scanned: int) -> list[Result]:
    """The same queries by the exact scan: how long that takes, and which share of its best the engine found."""
    results = []
    exact = _opened(folder, Tuning(exact_below=len(engine.catalog)))
    for label, (_, filters) in KINDS.items():
        queries = asked[label][: scanned + 1]
        truth: list[Found] = []
        results.append(timed(f"{label}, scan", [partial(_keep, truth, exact, query, filters) for query in queries]))
        shares = []
        for query, one in zip(queries, truth, strict=True):
            best = {hit.id for hit in one.hits[:KEPT]}
            shares.append(len(best & {hit.id for hit in engine.search(query, 12, filters)[:KEPT]}) / len(best))
        results[-1].more[f"recall@{KEPT}"] = round(float(np.mean(shares)), 4)
        results[-1].more["queries"] = len(queries)
    return results


def _query(names: Sequence[str], rows: Sequence[int], number: int) -> Query:
    """A term for each row, by attributes in turn."""
    return Query(
        tuple(Term(names[(number + place) % len(names)], ItemSource(str(row))) for place, row in enumerate(rows))
    )


def _opened(folder: Path, tuning: Tuning) -> SearchEngine:
    weights, _ = json.loads((folder / ASKED).read_text("utf-8"))
    holding = MadeUp(Columns.open(folder / "raw"), folder)
    return SearchEngine(holding.catalog(), holding, Embedder(load(weights), "cpu"), tuning)


def _keep(found: list[Found], engine: SearchEngine, query: Query, filters: Mapping[str, Sequence[str]]) -> None:
    found.append(engine.found(query, 12, filters))


def _memory() -> dict[str, float | int | str]:
    """Megabytes of this process: its own, and with the parts of files that it has mapped."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    own, files = (round(int(told[name].split()[0]) / 1000) for name in ("RssAnon", "RssFile"))
    most = round(int(told["VmHWM"].split()[0]) / 1000)  # of this program alone, unlike `ru_maxrss`
    return {"MB": own, "of files MB": files, "most of both MB": most}


if __name__ == "__main__":
    lines = searched(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps([asdict(line) for line in lines]))

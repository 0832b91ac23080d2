"""An index in a Milvus: how fast it takes vectors in, and what and how fast it finds, against the exact scan in the same run.

`python -m benchmarks.milvus` measures milvus-lite on this machine, `--address http://host:port` a server.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import tyro

from benchmarks.measure import Result, as_json, as_table, timed
from common import environment
from retrieval import Index, Milvus

VALUES, BEST = 12, 10
ADDED = 256
LIVE = (1.0, 0.5, 0.05, 0.005)
"""Shares of the items that filters let through."""


def milvus_index(
    items: int,
    dim: int,
    repeat: int,
    home: Path,
    address: str = "",
    widths: tuple[int, ...] = (128, 256, 512),
    kind: str = "HNSW",
    seed: int = 0,
) -> list[Result]:
    """Insertion and searches of `items` made-up vectors of `dim` numbers.

    home: where the file of milvus-lite goes, unless there is an `address`. widths: how far searches look. What was
    made is removed from the server again.
    """
    vectors = made_up(items + ADDED, dim, seed)
    at = Milvus(address or str(home / "benchmark.db"), kind, widths[0], environment.milvus_token())
    begun = time.perf_counter()
    index = at.build(vectors, np.arange(items))
    assert index is not None
    took = time.perf_counter() - begun
    results = [Result(f"take in {items} vectors", 1, *_once(took), {"vectors/s": round(items / took)})]
    begun = time.perf_counter()
    index.settle()
    results.append(Result("wait for the index, and load it", 1, *_once(time.perf_counter() - begun)))
    saved = home / "saved"
    saved.mkdir()
    index.save(saved)
    if not address:
        held = sum(path.stat().st_size for path in (home / "benchmark.db").rglob("*") if path.is_file())
        results[0].more["bytes a vector on disk"] = round(held / items)
    asked = vectors[np.random.default_rng(seed + 1).integers(0, items, repeat)].astype(np.float32)
    wide = vectors[:items].astype(np.float32)
    try:
        for share in LIVE:
            live = np.random.default_rng(seed + 2).random(items) < share
            name = f"best {BEST}, {100 * share:g} % live"
            scan, best = _searches(f"{name}, scan", partial(_scan, wide, live), asked)
            results.append(scan)
            for width in widths if share == 1 else widths[:1]:
                one = replace(at, search_width=width).load(saved, dim)
                found, rows = _searches(f"{name}, {kind} {width}", partial(_search, one, live), asked)
                pairs = zip(best, rows, strict=True)
                found.more["recall@10"] = round(
                    float(np.mean([len({*a} & {*b}) / max(len(a), 1) for a, b in pairs])), 4
                )
                results.append(found)
        new = np.arange(items, items + ADDED)
        begun = time.perf_counter()
        index.add(vectors[items:], new)
        took = time.perf_counter() - begun
        results.append(Result(f"add {ADDED} more", 1, *_once(took), {"vectors/s": round(ADDED / took)}))
    finally:
        at.forget(saved)
    return results


def made_up(items: int, dim: int, seed: int) -> np.ndarray:
    """Unit vectors float16 (items, dim): values as clusters, and around each a spread that falls off as 1/sqrt(rank) over all
    dimensions, which is harder to search than a few latent directions."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((VALUES, dim)).astype(np.float32) / dim**0.5
    spread = (np.arange(1, dim + 1) ** -0.5 / np.log(dim) ** 0.5).astype(np.float32)
    vectors = np.empty((items, dim), np.float16)
    for start in range(0, items, 4096):
        count = min(4096, items - start)
        block = centres[rng.integers(0, VALUES, count)] + spread * rng.standard_normal((count, dim), dtype=np.float32)
        vectors[start : start + count] = block / np.linalg.norm(block, axis=1, keepdims=True)
    return vectors


def _searches(
    name: str, search: Callable[[np.ndarray], np.ndarray], asked: np.ndarray
) -> tuple[Result, list[np.ndarray]]:
    found: list[np.ndarray] = []
    calls = [partial(_keep, found, search, vector) for vector in asked]
    return timed(name, calls), found


def _keep(found: list[np.ndarray], search: Callable[[np.ndarray], np.ndarray], vector: np.ndarray) -> None:
    found.append(search(vector))


def _search(index: Index, live: np.ndarray, vector: np.ndarray) -> np.ndarray:
    return index.search(vector, BEST, None if live.all() else live)[0]


def _scan(vectors: np.ndarray, live: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """The rows of the best, exact."""
    scores = vectors @ vector
    scores[~live] = -np.inf
    best = np.argpartition(-scores, BEST)[:BEST]
    best = best[live[best]]
    return np.asarray(best[np.argsort(-scores[best], kind="stable")])


def _once(seconds: float) -> tuple[float, float]:
    return round(seconds * 1000, 2), round(seconds * 1000, 2)


@dataclass(frozen=True)
class Options:
    """Measure an index in a Milvus."""

    address: str = ""
    """http(s)://host:port, its token in `LAPEL_MILVUS_TOKEN`; by default milvus-lite, in a file that is removed."""
    items: int = 100_000
    """Made-up vectors."""
    dim: int = 512
    """Their numbers."""
    repeat: int = 50
    """Searches of each kind."""
    kind: str = "HNSW"
    """Of index: HNSW, FLAT, IVF_SQ8, or DISKANN (a server's)."""
    json: bool = False
    """Print JSON."""


def main() -> None:
    options = tyro.cli(Options, prog="python -m benchmarks.milvus")
    with tempfile.TemporaryDirectory() as home:
        results = milvus_index(
            options.items, options.dim, options.repeat, Path(home), options.address, kind=options.kind
        )
    print(as_json(results) if options.json else as_table(results))


if __name__ == "__main__":
    main()

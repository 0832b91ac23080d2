"""What a change of a catalog costs: a label, an item more, a restart. Made-up items whose embedding takes no time."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from benchmarks.measure import Result
from catalog import Attribute, Catalog, Item
from model import GENERAL, REGION, Calibrated, CalibrationRow, Column, Derivation, Section
from retrieval import EngineOptions, ItemSource, Query, SearchEngine, Term, open_engine

ATTRIBUTES = ["first", "second", "third"]
COLORS = ("blue", "green", "red")
OPTIONS = EngineOptions(key="growing", pending=True)


class NoTime:
    """The face of an embedder that draws vectors in place of a network; its attributes are calibrated, as real ones are."""

    digest = "1" * 64
    attributes = ATTRIBUTES

    def __init__(self, dim: int) -> None:
        self.dim = dim
        lots = np.random.default_rng(0)
        shapes = ((dim,), (dim, 8), (dim, 8))
        self.row = CalibrationRow(*(torch.from_numpy(0.05 * lots.standard_normal(each)).float() for each in shapes))

    def derivation(self, attribute: str) -> Derivation:
        columns = (Column(attribute, REGION), Column("", GENERAL))
        sections = (Section(REGION, self.dim), Section(GENERAL, self.dim))
        return Calibrated(columns, sections, {REGION: 0.6, GENERAL: 0.4}, (self.row, self.row), attribute)

    batch_size = readers = 1
    processes = 0

    def width(self, column: Column) -> int:
        return self.dim

    def check(self, attributes: object) -> None:
        return None

    def embed(
        self, images: Iterable[Image.Image], columns: Sequence[Column], progress: Callable[[int], None] | None = None
    ) -> np.ndarray:
        count = sum(1 for _ in images)
        found = np.random.default_rng(count).standard_normal((count, len(columns), self.dim), np.float32)
        found /= np.linalg.norm(found, axis=-1, keepdims=True)
        return found.reshape(count, -1).astype(np.float16)


def changes(items: int, dim: int, home: Path) -> list[Result]:
    """Label edits, one item more, one less, and opening again, in a catalog of so many items; each with a search after it."""
    catalog, embedder = _catalog(items, home / "catalog"), NoTime(dim)
    engine = open_engine(catalog, embedder, home, ATTRIBUTES, options=OPTIONS)
    engine.embed()
    engine.prepare()
    _search(engine)
    results = []
    edits, searches = [], []
    for row in range(20):
        labels = {"first": COLORS[row % 3]}
        items_now = (*catalog.items[:row], replace(catalog.items[row], labels=labels), *catalog.items[row + 1 :])
        catalog = replace(catalog, items=items_now)
        edits.append(_seconds(lambda now=catalog: engine.update(now)))  # type: ignore[misc]
        searches.append(_seconds(lambda: _search(engine)))
    results += [_result(f"a label edited, of {items} items", edits), _result("the search after it", searches)]
    added, taken, searches = [], [], []
    for row in range(5):
        catalog = replace(catalog, items=(*catalog.items, _item(catalog.root, items + row)))
        added.append(_seconds(lambda now=catalog: (engine.update(now), engine.embed())))  # type: ignore[misc]
        searches.append(_seconds(lambda: _search(engine)))
        catalog = replace(catalog, items=catalog.items[1:])
        taken.append(_seconds(lambda now=catalog: engine.update(now)))  # type: ignore[misc]
        _search(engine)
    results += [
        _result(f"an item added to {items}, its embedding apart", added),
        _result("the search after it", searches),
        _result("an item removed", taken),
    ]
    engine.close()
    opened = [_seconds(lambda: open_engine(catalog, embedder, home, ATTRIBUTES, options=OPTIONS)) for _ in range(2)]
    return [*results, _result(f"{items} items opened again", opened)]


def _catalog(items: int, root: Path) -> Catalog:
    root.mkdir(parents=True)
    made = tuple(_item(root, row) for row in range(items))
    return Catalog(root, "growing", made, (Attribute("first", COLORS),))


def _item(root: Path, row: int) -> Item:
    """An item with a picture of 8 x 8 pixels in a file of its own."""
    name = f"{row}.png"
    Image.new("RGB", (8, 8), (row % 256, row // 256 % 256, row // 65536)).save(root / name, compress_level=0)
    return Item(str(row), name, None, {"first": COLORS[row % 3]})


def _search(engine: SearchEngine) -> None:
    engine.search(Query(tuple(Term(name, ItemSource("90")) for name in ATTRIBUTES[:2])), 12)


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _result(name: str, seconds: Sequence[float]) -> Result:
    median, worst = (round(1000 * float(each), 2) for each in (np.median(seconds), max(seconds)))
    return Result(name, len(seconds), median, worst)

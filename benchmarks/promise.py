"""Whether the PoC sheet keeps its promise: MAP after n labels a value, against the interval that a sheet gives from n / 2."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import tyro

from benchmarks.measure import Result
from catalog import Catalog
from eval import METHODS, Method, forecast
from model import derivation
from retrieval import Embedder, EngineOptions, open_engine, shipped_tables
from training.adapt import STEPS, Material, bank, draw_curve, material, teachable

SHEET = 5
"""Draws that a sheet is made from."""


@dataclass(frozen=True)
class Study:
    """How the promise is tested."""

    split: tuple[str, ...] = ()
    """Only items of these splits."""
    draws: int = 15
    """Draws of labels for each attribute; each five make a sheet, which the other draws are held against."""
    top: int = 40
    """The most labels a value."""
    attributes: tuple[str, ...] = ()
    """Only these attributes."""
    unknown: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """As if the weights knew none of them: what they have of an attribute of this name has no share."""


def promises(folder: str, catalog: Catalog, embedder: Embedder, home: Path, study: Study) -> list[Result]:
    """A line for each method and attribute, and one for all: the share of draws (kept, percent) that lie in the interval, and how
    wide it is on average (points of MAP)."""
    if study.split:
        catalog = replace(catalog, items=tuple(item for item in catalog.items if item.split in study.split))
    engine = open_engine(catalog, embedder, home, [], options=EngineOptions(shipped_tables(folder), bank(embedder)))
    kept: dict[Method, list[tuple[float, float, int]]] = {method: [] for method in METHODS}
    results = []
    for attribute in catalog.attributes:
        labels = catalog.labels(attribute.name)
        wanted = not study.attributes or attribute.name in study.attributes
        if not wanted or not teachable(labels, len(attribute.values)):
            continue
        known = not study.unknown and attribute.name in embedder.model.config.attributes
        own = derivation(embedder.model, attribute.name) if known else None
        given = material(attribute.values, labels, engine.table.column, bank(embedder), own)
        began = time.perf_counter()
        steps, maps = drawn(given, study)
        seconds = round(1000 * (time.perf_counter() - began) / max(1, study.draws), 1)
        for method in METHODS:
            found = held(steps, maps, method)
            kept[method] += found
            results.append(_line(f"promise of {attribute.name}, {method}", found, seconds))
    engine.close()
    return results + [_line(f"promise of {catalog.name}, {method}", found, 0.0) for method, found in kept.items()]


def drawn(given: Material, study: Study) -> tuple[list[int], np.ndarray]:
    """Labels a value, and MAP (draws, steps): those that a sheet tries, and their doubles."""
    counts = np.bincount(given.labels[given.labels >= 0])
    most = min(study.top, int(np.median(counts[counts >= 4]) // 2))
    steps = sorted(n for n in {*STEPS, *(2 * n for n in STEPS)} if n <= most)
    if not steps:
        return [], np.zeros((study.draws, 0))
    draws = [draw_curve(given, steps, 1000 + number) for number in range(study.draws)]
    return steps, np.array([[draw.ap[n].mean() for n in steps] for draw in draws])


def held(steps: Sequence[int], maps: np.ndarray, method: Method) -> list[tuple[float, float, int]]:
    """For each sheet and each number of labels that it ends with: share of the other draws, with twice as many, that lie in its
    interval; its width; and that number. maps: (draws, steps)."""
    found = []
    for n in (n for n in STEPS if 2 * n in steps):
        tried = [each for each in STEPS if each <= n and each in steps]
        places = [steps.index(each) for each in tried]
        for start in range(0, len(maps) - SHEET + 1, SHEET):
            own = np.arange(start, start + SHEET)
            interval = forecast(tried, maps[own][:, places], 2 * n, method)
            others = np.delete(maps[:, steps.index(2 * n)], own)
            inside = (others >= interval.low) & (others <= interval.high)
            found.append((float(inside.mean()), interval.high - interval.low, n))
    return found


def _line(name: str, found: Sequence[tuple[float, float, int]], milliseconds: float) -> Result:
    more: dict[str, float | int | str] = {}
    if found:
        more["kept"] = round(100 * float(np.mean([share for share, _, _ in found])), 1)
        more["width"] = round(float(np.mean([width for _, width, _ in found])), 2)
        for n in sorted({n for _, _, n in found}):
            more[f"from_{n}"] = round(100 * float(np.mean([share for share, _, of in found if of == n])), 1)
    return Result(name, len(found), milliseconds, milliseconds, more)

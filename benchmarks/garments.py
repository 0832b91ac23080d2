"""How well proposed boxes find the persons and garments of photographs with pixel masks, what proposing them costs, and
whether a search by the largest of them is better than one by the whole picture.

What is proposed (`retrieval.garments.CHOSEN`) was chosen on the first half of `masks` as `halves` draws it, seed 0, by
the share of garments found; the second half is measured. No weights and no vector depend on that choice, so that other
figures of `masks` are as they were.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.measure import Result
from catalog import Catalog, Item, load_catalog
from eval import mean_interval
from eval.foreground.cutouts import Cutout, read_cutouts
from eval.foreground.parts import garments, read_names
from eval.metrics import average_precision, precision_at_k
from retrieval import (
    Embedder,
    ImageSource,
    ItemSource,
    Query,
    SearchEngine,
    Term,
    open_engine,
    overlap,
    parts_in,
    squared,
)

Box = tuple[float, float, float, float]
Boxes = Callable[[Image.Image], Sequence[Box]]

FOUND = 0.5
"""Overlap from which a box has found another."""
LEAST = 0.01
"""Share of a picture that a garment covers at least."""
PERSON, GARMENT = "person", "garment"
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
CENTRED: Box = (0.15, 0.15, 0.85, 0.85)
STANDING: tuple[Box, ...] = (
    (0.2, 0.05, 0.8, 0.95),
    (0.2, 0.1, 0.8, 0.5),
    (0.2, 0.4, 0.8, 0.8),
    (0.25, 0.15, 0.75, 0.45),
    (0.3, 0.4, 0.7, 0.7),
    WHOLE,
)
"""Boxes where a person who stands in the middle has garments: as many as are proposed, whatever is in the picture."""
K = 12
SEED = 0


@dataclass(frozen=True)
class Garments:
    """masks: catalog with pixel masks. asked: catalog whose split is asked by whole pictures and by boxes. attributes: of
    these, all that it has labels of where there are none."""

    masks: Path = Path("../shared/data/masks")
    asked: Path = Path("../shared/data/street")
    split: str = "valid"
    attributes: tuple[str, ...] = ("category", "sleeve_length", "neckline", "collar", "pattern", "color")
    half: int = 1
    """Which half of the masks is measured: 1, or 0, the one that was chosen on."""


def proposing(embedder: Embedder, home: Path, options: Garments) -> list[Result]:
    """A line for each way to propose and for each attribute that is asked by."""
    names = read_names(options.masks)
    cutouts = halves(read_cutouts(options.masks))[options.half]
    results = [found_by(way, boxes, cutouts, names) for way, boxes in ways(embedder).items()]
    return results + asked_by_boxes(embedder, home, options)


def halves(cutouts: Sequence[Cutout], seed: int = SEED) -> tuple[list[Cutout], list[Cutout]]:
    """Two halves drawn by a seed: what is proposed was chosen on the first one."""
    order = np.random.default_rng(seed).permutation(len(cutouts)).tolist()
    middle = len(cutouts) // 2
    return [cutouts[place] for place in order[:middle]], [cutouts[place] for place in order[middle:]]


def ways(embedder: Embedder) -> dict[str, Boxes]:
    """Ways to propose boxes: ours, and those that look at no picture."""
    return {
        "proposed": lambda image: [part.box for part in parts_in(embedder, image)],
        "proposed, figures": lambda image: [part.box for part in parts_in(embedder, image) if part.figure],
        "the whole picture": lambda image: [WHOLE],
        "a centred box": lambda image: [CENTRED],
        "six fixed boxes": lambda image: STANDING,
    }


def true_boxes(cutout: Cutout, names: Sequence[str]) -> Iterator[tuple[str, Box]]:
    """Person and garments of a picture, those of `LEAST` or more, as (kind, box around its pixels)."""
    values = cutout.values
    if values is None or not values.any():
        return
    yield PERSON, around(values > 0)
    wanted = garments(names)
    for code, name in enumerate(names):
        pixels = values == code
        if name in wanted and pixels.mean() >= LEAST:
            yield GARMENT, around(pixels)


def around(pixels: np.ndarray) -> Box:
    """The smallest box around what is true in (height, width)."""
    rows, columns = np.flatnonzero(pixels.any(1)), np.flatnonzero(pixels.any(0))
    height, width = pixels.shape
    return columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height


def found_by(way: str, boxes: Boxes, cutouts: Sequence[Cutout], names: Sequence[str]) -> Result:
    """Share of true boxes that the best of the boxes finds, percent, with its interval of 95 % over pictures; and the time
    that it takes to propose them."""
    found: dict[str, list[tuple[int, bool]]] = {PERSON: [], GARMENT: []}
    seconds, count = [], 0
    for picture, cutout in enumerate(cutouts):
        began = time.perf_counter()
        proposals = boxes(cutout.image)
        seconds.append(time.perf_counter() - began)
        count += len(proposals)
        for kind, box in true_boxes(cutout, names):
            best = max((overlap(box, other) for other in proposals), default=0.0)
            found[kind].append((picture, best >= FOUND))
    more: dict[str, float | int | str] = {"boxes": round(count / max(1, len(cutouts)), 2)}
    for kind, hits in found.items():
        shares = 100 * np.array([hit for _, hit in hits], float)
        interval = mean_interval(shares, clusters=np.array([picture for picture, _ in hits]), span=(0.0, 100.0))
        more[kind] = f"{interval.mean:.1f} ({interval.low:.1f} to {interval.high:.1f}) of {len(hits)}"
    p50, p95 = np.percentile(1000 * np.array(seconds), (50, 95)).tolist()
    return Result(f"boxes found, {way}", len(cutouts), round(p50, 2), round(p95, 2), more)


def asked_by_boxes(embedder: Embedder, home: Path, options: Garments) -> list[Result]:
    """MAP and P@12 of a split asked by its whole pictures, and what asking by a part adds: points, with intervals of 95 %.

    figure: the largest proposed one, cut out; padded: the same in a grey square, as the app asks by it; around: the square
    around it; centred: the box in the middle, cut out. `retrieval.squared` was chosen by this.
    """
    catalog = load_catalog(options.asked, home)
    catalog = replace(catalog, items=tuple(item for item in catalog.items if item.split == options.split))
    known = [attribute.name for attribute in catalog.attributes if attribute.name in embedder.attributes]
    names = [name for name in known if name in options.attributes or not options.attributes]
    engine = open_engine(catalog, embedder, home, names)
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for item in catalog.items:
        image = catalog.open(item)
        figure = _cut(image, _figure(embedder, image))
        sources = {
            "whole": ItemSource(item.id),
            "figure": ImageSource(figure),
            "padded": ImageSource(squared(figure)),
            "centred": ImageSource(_cut(image, CENTRED)),
            "around": ImageSource(_cut(image, _square(_figure(embedder, image), image.size))),
        }
        labelled = [name for name in names if name in item.labels]
        for side, source in sources.items() if labelled else ():
            engine.search(Query(tuple(Term(name, source) for name in labelled)), 1)  # embedded for all of them at once
            for name in labelled:
                found.setdefault((name, side), []).append(_asked(engine, catalog, item, Term(name, source)))
    engine.close()
    return [_gains(name, {side: np.array(rows) for (of, side), rows in found.items() if of == name}) for name in names]


def _asked(engine: SearchEngine, catalog: Catalog, item: Item, term: Term) -> tuple[float, float]:
    """Average precision and P@12 of an item's question among all others that are labelled."""
    labels = {other.id: other.labels[term.attribute] for other in catalog.items if term.attribute in other.labels}
    unlabelled = [other.id for other in catalog.items if other.id not in labels]
    hits = engine.search(Query((term,)), len(labels), {}, [item.id, *unlabelled])
    right = np.array([[labels[hit.id] == labels[item.id] for hit in hits]])
    return average_precision(right), precision_at_k(right, K)


def _gains(name: str, sides: dict[str, np.ndarray]) -> Result:
    """sides: by what is asked by, (queries, 2): average precision and P@12."""
    more: dict[str, float | int | str] = {}
    whole = sides.pop("whole", np.zeros((0, 2)))
    for place, figure in enumerate(("map", "p12") if len(whole) else ()):
        more[figure] = round(100 * float(whole[:, place].mean()), 1)
        for side, rows in sides.items():
            gain = mean_interval(100 * (rows[:, place] - whole[:, place]))
            more[f"{figure}_{side}"] = f"{gain.mean:+.1f} ({gain.low:+.1f} to {gain.high:+.1f})"
    return Result(f"asked by boxes, {name}", len(whole), 0.0, 0.0, more)


def _figure(embedder: Embedder, image: Image.Image) -> Box:
    """The largest connected part of a picture; the picture where there is none."""
    return next((part.box for part in parts_in(embedder, image) if part.figure), WHOLE)


def _cut(image: Image.Image, box: Box) -> Image.Image:
    sides = (image.width, image.height, image.width, image.height)
    left, top, right, bottom = (round(edge * side) for edge, side in zip(box, sides, strict=True))
    return image.crop((left, top, max(right, left + 1), max(bottom, top + 1)))


def _square(box: Box, size: tuple[int, int]) -> Box:
    """The smallest square around a box that the picture has room for, in shares of its sides; as much of it as there is."""
    side = max((box[2] - box[0]) * size[0], (box[3] - box[1]) * size[1])
    edges = []
    for low, high, length in zip(box[:2], box[2:], size, strict=True):
        share = min(1.0, side / length)
        start = min(max((low + high - share) / 2, 0.0), 1.0 - share)
        edges.append((start, start + share))
    (left, right), (top, bottom) = edges
    return left, top, right, bottom

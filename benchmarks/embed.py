"""Embedding beside what it cannot be faster than, bare passes of its trunks, and beside RPF as it is written down.

All ways are run in turns, so that a slow moment meets each of them, and what counts are ratios within a turn.
"""

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from benchmarks.measure import Result
from benchmarks.passes import passes_an_image
from benchmarks.straightforward import Straightforward
from catalog import Catalog
from model import CROP, RPF
from retrieval import Embedder, batches, columns_of

ATTRIBUTES, TURNS, FEW = 8, 5, 4
"""Attributes that are embedded for; turns; images, of all, that the straightforward pipeline has a turn."""
BARE, PASSES, PLAIN = "bare passes", ("trunk", "ViT", "general"), "straightforward in float32"


@dataclass(frozen=True)
class _Way:
    """What is timed: a call that works on so many images."""

    run: Callable[[], object]
    images: int


def embedding(
    catalog: Catalog,
    model: RPF,
    device: str,
    attributes: Sequence[str],
    items: int,
    sizes: tuple[int, ...],
    turns: int = TURNS,
) -> list[Result]:
    """Embed the first `items` of a catalog for eight attributes: those given first, then the others of the weights.

    Each line has milliseconds an image (middle and 95th percentile of the turns), and the middle of its ratios within a turn:
    `of bare passes`, the share of the bare passes in the embedder's precisions; `times straightforward`, how many times as
    fast it is as `Straightforward` at the batch size of `sizes` that suits that best.
    """
    chosen = [*attributes, *(name for name in model.config.attributes if name not in attributes)][:ATTRIBUTES]
    plain = Straightforward(model) if model.config.only is None else None
    embedder = Embedder(model, device)
    images = [catalog.open(item) for item in catalog.items[:items]]
    each = passes_an_image(embedder, images[: embedder.batch_size], chosen)
    ways = _passes(embedder, images) | _parts(catalog, embedder, images, chosen)
    ways |= _whole(catalog, embedder, images, chosen)
    if plain is not None:
        few = images[:FEW]
        plain.vectors(few[:1], chosen, max(sizes))
        best = min(sizes, key=lambda size: _seconds(_Way(lambda: plain.vectors(few, chosen, size), len(few))))
        ways[PLAIN] = _Way(lambda: plain.vectors(few, chosen, best), len(few))
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(turns + 1):
        for name, way in ways.items():
            taken = _seconds(way)
            if turn:  # the first warms up
                seconds[name].append(taken)
    counted = [np.array(seconds[name]) * count for name, count in each.items()]
    table = {BARE: np.sum(counted, 0)} | {name: np.array(times) for name, times in seconds.items()}

    def named(name: str) -> str:
        precise = name.startswith("part") or "float32" in name
        return f"{name}, {len(chosen)} attributes" + ("" if precise else f", {embedder.precision}")

    return [_line(name, named(name), table, each) for name in table]


def _line(name: str, title: str, table: dict[str, np.ndarray], each: dict[str, float]) -> Result:
    times = table[name]
    middle, high = np.percentile(times, (50, 95)).tolist()
    more: dict[str, float | int | str] = {"images/s": round(1 / middle, 2)}
    if name == BARE:
        more |= {f"{part} passes an image": round(count, 2) for part, count in each.items()}
    elif not name.startswith("part"):
        more["of bare passes"] = round(float(np.median(table[BARE] / times)), 3)
    if PLAIN in table and (name == BARE or not name.startswith(("part", *PASSES))):
        more["times straightforward"] = round(float(np.median(table[PLAIN] / times)), 2)
    return Result(title, len(times), round(1000 * middle, 3), round(1000 * high, 3), more)


def _tensors(embedder: Embedder, images: Sequence[Image.Image]) -> list[Tensor]:
    return [tensor.to(embedder.device) for tensor in next(batches(images, len(images)))]


def _passes(embedder: Embedder, images: Sequence[Image.Image]) -> dict[str, _Way]:
    """A pass of each trunk on squares that are there already, in the embedder's precisions and batches."""
    network, size = embedder.network, embedder.batch_size
    squares = network.frames(_tensors(embedder, images)).float()
    runs: dict[str, Callable[[Tensor], Tensor]] = {"trunk": network.features}
    if network.config.patch_trunk is not None:
        runs["ViT"] = network.tokens
    if network.config.general_trunk is not None:
        runs["general"] = network.overall

    def way(run: Callable[[Tensor], Tensor]) -> _Way:
        return _Way(lambda: [run(part) for part in squares.split(size)], len(images))

    return {name: way(run) for name, run in runs.items()}


def _parts(
    catalog: Catalog, embedder: Embedder, images: Sequence[Image.Image], attributes: Sequence[str]
) -> dict[str, _Way]:
    """What the embedding does beside its passes; crops only where the weights compare them."""
    network, items = embedder.network, catalog.items[: len(images)]
    tensors = _tensors(embedder, images)
    indices = torch.tensor([network.attribute_index(name) for name in attributes], device=embedder.device)
    found = {
        "part: decoding": _Way(lambda: [catalog.open(item) for item in items], len(images)),
        "part: pictures to tensors": _Way(lambda: _tensors(embedder, images), len(images)),
        "part: squares": _Way(lambda: network.frames(tensors), len(images)),
    }
    with torch.inference_mode():
        features = network.features(network.frames(tensors))
        boxes = network.boxes(tensors, network.regions(features, indices)[2])
        found["part: attention and region branch"] = _Way(lambda: network.regions(features, indices), len(images))
        if network.config.patch_trunk is not None:
            tokens = network.tokens(network.frames(tensors).float())
            embedded = network.attributes(indices)
            found["part: patch branch"] = _Way(lambda: network.patch.every(tokens, embedded), len(images))
    if any(column.view == CROP for column in columns_of(embedder, attributes)):
        found["part: crops"] = _Way(lambda: network.cuts(tensors, boxes), len(images))
    return found


def _whole(
    catalog: Catalog, embedder: Embedder, images: Sequence[Image.Image], attributes: Sequence[str]
) -> dict[str, _Way]:
    items = catalog.items[: len(images)]
    exact = embedder
    if embedder.precision != "float32":
        exact = Embedder(copy.deepcopy(embedder.model), str(embedder.device), precision="float32")
    ways = {
        "decoded pictures": _Way(lambda: embedder.vectors(iter(images), attributes), len(images)),
        "files": _Way(lambda: embedder.vectors(map(catalog.open, items), attributes), len(images)),
        "one at a time": _Way(lambda: [embedder.vectors([image], attributes) for image in images], len(images)),
    }
    if exact is not embedder:
        ways["decoded pictures in float32"] = _Way(lambda: exact.vectors(iter(images), attributes), len(images))
    return ways


def _seconds(way: _Way) -> float:
    """Seconds an image."""
    began = time.perf_counter()
    with torch.inference_mode():
        way.run()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return (time.perf_counter() - began) / way.images

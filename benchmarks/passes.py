"""Embedding beside what it cannot be faster than: bare passes of its trunks, on any device."""

import copy
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from benchmarks.measure import Result
from catalog import Catalog, Item
from model import RPF
from retrieval import Embedder, EngineOptions, batches, columns_of, open_engine
from retrieval.batches import LARGEST
from retrieval.executor import chosen
from retrieval.reading_processes import lent

SIZES = (32, 128, 256)
"""Squares a bare pass: the fastest counts."""
HITS = 10


@dataclass(frozen=True)
class How:
    """How passes are measured. precision: the embedder's. compared: pictures whose vectors are held against those that a
    CPU gives in float32; 0: none. copies: files of each picture that are embedded from files, as of as many pictures.
    repeat: turns. batch: images a pass; 0: what suits the device."""

    precision: str = "auto"
    compared: int = 48
    copies: int = 1
    repeat: int = 3
    batch: int = 0


def passes(catalog: Catalog, model: RPF, device: str, attributes: Sequence[str], how: How) -> list[Result]:
    """Embed a catalog for `attributes`, from files and from memory, and the bare passes that it makes on squares that are
    on the device already, in the embedder's precisions and all in bfloat16 with weights of that type.

    Each line has milliseconds an image, images a second, and their share of the bare passes in bfloat16; of a GPU also how
    much of the time it is at work when files are embedded.
    """
    embedder = Embedder(model, device, how.batch or None, how.precision)
    images = [catalog.open(item) for item in catalog.items]
    each = passes_an_image(embedder, images[: embedder.batch_size], attributes)
    squares = model.frames([tensor.to(embedder.device) for tensor in next(batches(images, max(SIZES)))]).float()
    half = copy.deepcopy(model).to(torch.bfloat16)
    bare = _bare(half, squares.to(torch.bfloat16), each)
    folder = tempfile.TemporaryDirectory()
    files = _copied(catalog, how.copies, Path(folder.name))
    from_files = partial(_from_files, files, embedder, attributes)
    ways: dict[str, tuple[Callable[[], object], int]] = {
        "decoding alone": (lambda: _decode(catalog, embedder.processes), len(images)),
        "decoded pictures": (lambda: embedder.vectors(iter(images), attributes), len(images)),
        "pictures on the device": (_from_device(embedder, images, attributes), len(images)),
        "files": (from_files, len(files)),
    }
    seconds: dict[str, list[float]] = {
        "bare passes in bfloat16": [bare],
        f"bare passes, {embedder.precision}": [_bare(embedder.network, squares, each)],
    }
    del half, squares
    for _ in range(how.repeat):  # in turns, so that a slow moment meets all of them
        for name, (way, count) in ways.items():
            seconds.setdefault(name, []).append(_seconds(way) / count)
    found = [_line(f"{name}, {len(attributes)} attributes", times, bare) for name, times in seconds.items()]
    found[0].more.update({f"{name} passes an image": round(count, 2) for name, count in each.items()})
    if embedder.device.type == "cuda":
        found[-1].more["GPU at work"] = round(busy(from_files), 3)
    folder.cleanup()
    return found + (_agreement(model, device, images[: how.compared], attributes) if how.compared else [])


def busy(run: Callable[[], object]) -> float:
    """The share of the time that something runs on a GPU, 0 to 1, of the profiler's own events."""
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA]) as profile:
        run()
        torch.cuda.synchronize()
    spans = sorted(
        (event.time_range.start, event.time_range.end)
        for event in profile.events() or ()
        if event.device_type == torch.autograd.DeviceType.CUDA
    )
    at_work, until = 0.0, spans[0][0]
    for start, end in spans:
        at_work += max(0.0, end - max(start, until))
        until = max(until, end)
    return at_work / (until - spans[0][0])


def _copied(catalog: Catalog, copies: int, folder: Path) -> Catalog:
    """A catalog with some files of each picture, which differ in what follows the picture's data: a decoder has the same work
    with each, and the store takes them for different ones."""
    if copies == 1:
        return catalog
    items = []
    for item in catalog.items:
        content, path = catalog.path(item).read_bytes(), Path(item.image)
        for copy_ in range(copies):
            name = f"{len(items)}{path.suffix}"
            (folder / name).write_bytes(content + bytes(copy_))
            items.append(replace(item, id=f"{item.id}-{copy_}", image=name))
    return replace(catalog, root=folder, items=tuple(items))


def _line(name: str, seconds: list[float], bare: float) -> Result:
    """seconds: for an image, each time."""
    middle, high = np.percentile(np.array(seconds), (50, 95)).tolist()
    more: dict[str, float | int | str] = {"images/s": round(1 / middle, 1), "of bare bfloat16": round(bare / middle, 3)}
    return Result(name, len(seconds), round(1000 * middle, 3), round(1000 * high, 3), more)


def passes_an_image(embedder: Embedder, images: Sequence[Image.Image], attributes: Sequence[str]) -> dict[str, float]:
    """How many squares each trunk sees an image, while some are embedded."""
    seen: dict[str, float] = {}
    with ExitStack() as stack:
        for name, module in _entrances(embedder.network).items():

            def count(_: nn.Module, given: tuple[Tensor, ...], name: str = name) -> None:
                seen[name] = seen.get(name, 0) + len(given[0])

            stack.callback(module.register_forward_pre_hook(count).remove)
        embedder.vectors(images, attributes)
    return {name: count / len(images) for name, count in seen.items()}


def _entrances(model: RPF) -> dict[str, nn.Module]:
    found = {"trunk": model.trunk}
    if model.config.patch_trunk is not None:
        found["ViT"] = model.vit.patch_embed
    if model.config.general_trunk is not None:
        found["general"] = model.general
    return found


def _bare(network: RPF, squares: Tensor, each: dict[str, float]) -> float:
    """Seconds an image of the passes of the trunks, one trunk after the other, each with the batch size that suits it."""
    runs: dict[str, Callable[[Tensor], object]] = {
        "trunk": network.features,
        "ViT": network.tokens,
        "general": network.overall,
    }
    sizes = SIZES if squares.device.type == "cuda" else SIZES[:1]
    return sum(count * min(_pass(runs[name], squares[:size]) for size in sizes) for name, count in each.items())


def _pass(run: Callable[[Tensor], object], squares: Tensor, least: float = 0.3) -> float:
    """Seconds a square; a GPU is asked for a few passes at once, so that it need not wait."""
    at_once = 8 if squares.device.type == "cuda" else 1
    with torch.inference_mode():
        run(squares)
        _wait(squares.device)
        began, times = time.perf_counter(), 0
        while time.perf_counter() - began < least:
            for _ in range(at_once):
                run(squares)
            _wait(squares.device)
            times += at_once
        return (time.perf_counter() - began) / times / len(squares)


def _from_device(embedder: Embedder, images: Sequence[Image.Image], attributes: Sequence[str]) -> Callable[[], object]:
    """The network alone, one batch at a time: frames, attention, boxes, crops and all passes."""
    network, device, columns = embedder.network, embedder.device, columns_of(embedder, attributes)
    wanted: dict[str, list[int]] = {}
    for attribute, view in columns:
        wanted.setdefault(view, []).append(network.attribute_index(attribute) if attribute else 0)
    views = chosen(wanted, device)
    ready = [[tensor.to(device) for tensor in batch] for batch in batches(images, embedder.images_a_pass(columns))]

    def run() -> None:
        with torch.inference_mode(), embedder._placed.apart():
            for batch in ready:
                network.views(batch, views)
            _wait(device)

    return run


def _from_files(catalog: Catalog, embedder: Embedder, attributes: Sequence[str]) -> None:
    """Open a catalog that nothing is known of: digests, decoding, embedding, and keeping what is embedded."""
    with tempfile.TemporaryDirectory() as home:
        open_engine(catalog, embedder, Path(home), list(attributes), options=EngineOptions()).close()


def _decode(catalog: Catalog, processes: int) -> None:
    """By as many processes; 0: with as many threads as there are cores."""
    with ExitStack() as stack:
        read: Callable[[Item], object] = catalog.open
        if processes:
            door = stack.enter_context(lent(processes)).open
            read = lambda item: door(catalog.path(item), item.image, LARGEST)  # noqa: E731 - two ways to read
        with ThreadPoolExecutor(processes or os.cpu_count() or 1) as pool:
            for _ in pool.map(read, catalog.items):
                pass


def _agreement(model: RPF, device: str, images: Sequence[Image.Image], attributes: Sequence[str]) -> list[Result]:
    """Vectors on the device against those of the CPU in float32: the largest difference of a number, the least cosine, and
    the share of each picture's nearest that are the same."""
    began = time.perf_counter()
    exact = Embedder(copy.deepcopy(model), "cpu", precision="float32").vectors(images, attributes)
    each = round(1000 * (time.perf_counter() - began) / len(images), 3)
    results = []
    for precision in dict.fromkeys(("float32", Embedder(model, device).precision)):
        found = Embedder(model, device, precision=precision).vectors(iter(images), attributes)
        pairs = [(exact[name].astype(np.float32), found[name].astype(np.float32)) for name in attributes]
        more: dict[str, float | int | str] = {
            "largest difference": round(max(float(np.abs(here - there).max()) for here, there in pairs), 5),
            "least cosine": round(min(float(_cosines(here, there).min()) for here, there in pairs), 5),
            f"nearest {HITS} shared": round(float(np.mean([_shared(here, there) for here, there in pairs])), 4),
        }
        results.append(
            Result(f"{precision} against the CPU, {len(attributes)} attributes", len(images), each, each, more)
        )
    return results


def _cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    found: np.ndarray = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    return found


def _shared(here: np.ndarray, there: np.ndarray) -> float:
    """Mean share of the `HITS` nearest others of each row that both have."""
    nearest = []
    for vectors in (here, there):
        scores = vectors @ vectors.T
        np.fill_diagonal(scores, -np.inf)
        nearest.append(np.argsort(-scores, axis=1, kind="stable")[:, : min(HITS, len(scores) - 1)])
    return float(
        np.mean([len(set(a) & set(b)) / len(a) for a, b in zip(*map(np.ndarray.tolist, nearest), strict=True)])
    )


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()

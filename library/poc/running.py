"""Running cost: what this machine does a second, and what a catalog takes on the disk."""

import json
import os
import platform
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from catalog import CatalogError
from common.files import write_in_one_step
from library.disk import Disk
from library.errors import LibraryError
from library.opened import Opened
from library.poc.scaled import scaled
from library.poc.sheet import Running, Scaled, read_as
from retrieval import LARGEST, Embedder, ImageSource, ItemSource, Query, Term
from training.adapt import bank

Rates = dict[str, Any]
"""Some of the fields of `Running`."""
RATES = "rates.json"
PICTURES = 32
"""Pictures that the speed of embedding is measured on."""
SEARCHES = 40
UPLOADS = 3


def running(opened: Opened, disk: Disk, seed: int = 0, fresh: bool = False) -> Running:
    """Rates of this machine, measured once and kept in the installation unless `fresh`, and bytes of this catalog's
    files now. LibraryError where no picture can be read."""
    path = opened.settings.home / "library" / RATES
    key = _key(opened)
    known = {} if fresh else _kept(path).get(key, {})
    rates = {**(known if "images" in known else _measured(opened, seed)), "scaled": _scaled(opened, known, seed)}
    if rates != known:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_in_one_step(path, json.dumps({**_kept(path), key: rates}, indent=1))
    return Running(
        **{**rates, "scaled": read_as(Scaled | None, rates["scaled"])},
        **_searched(opened, seed),
        items=len(opened.catalog),
        vectors=disk.vectors,
        indexes=disk.indexes,
        thumbnails=disk.thumbnails,
        records=disk.records,
        pictures=disk.pictures,
    )


def _scaled(opened: Opened, known: Rates, seed: int) -> Rates | None:
    """At other sizes: as it is known for how far is scanned now, else measured; None for a catalog too small for that."""
    tuning = opened.engine.tuning
    kept = known.get("scaled")
    if isinstance(kept, dict) and kept.get("exact_below") == tuning.exact_below:
        return kept
    if int(opened.engine.readable.sum()) < 2:
        return None
    return asdict(scaled(opened.engine, opened.catalog.name, tuning, seed))


def _key(opened: Opened) -> str:
    """A machine, and weights in a precision on a device."""
    embedder = opened.embedder
    place = f"{platform.node()} {os.cpu_count()} {embedder.device} {embedder.precision}"
    return f"{place} {embedder.digest[:12]}"


def _measured(opened: Opened, seed: int) -> Rates:
    """Pictures a second, opened and embedded with all that teaching reads where the catalog has that."""
    embedder = opened.embedder
    items = opened.readable
    order = np.random.default_rng(seed).permutation(len(items))[: PICTURES + embedder.batch_size]
    columns = [column for column in bank(embedder) if opened.engine.table.has([column])]
    images = []
    began = time.perf_counter()
    for place in order:
        with suppress(CatalogError, OSError):
            images.append(opened.catalog.open(items[place], LARGEST))
    opening = (time.perf_counter() - began) / max(1, len(images))
    if not images:
        raise LibraryError("no picture of the catalog can be read, so that no speed can be measured")
    embedder.embed(iter(images[: embedder.batch_size]), columns)  # the first pass is slower than all others
    measured = images[embedder.batch_size :] or images
    began = time.perf_counter()
    embedder.embed(iter(measured), columns)
    seconds = (time.perf_counter() - began) / len(measured) + opening
    return {
        "images_per_second": 1 / seconds,
        "images": len(measured),
        "upload_seconds": _upload_seconds(opened, images),
        "cores": os.cpu_count() or 1,
        "device": str(embedder.device),
        "machine": _machine(embedder),
        "measured": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def _upload_seconds(opened: Opened, images: Sequence[Image.Image]) -> float:
    name = opened.engine.attributes[0]
    taken = []
    for image in images[:UPLOADS]:
        began = time.perf_counter()
        opened.engine.search(Query((Term(name, ImageSource(image)),)), 12)
        taken.append(time.perf_counter() - began)
    return float(np.median(taken))


def _searched(opened: Opened, seed: int) -> Rates:
    """One client, one search after another, by items of the catalog and its attributes in turn."""
    engine, items = opened.engine, opened.readable
    names = engine.attributes
    rng = np.random.default_rng(seed)
    taken = []
    for number in range(SEARCHES + len(names)):  # the first of each attribute derives its vectors
        item = items[int(rng.integers(len(items)))]
        began = time.perf_counter()
        engine.search(Query((Term(names[number % len(names)], ItemSource(item.id)),)), 12)
        taken.append(time.perf_counter() - began)
    return {"search_seconds": float(np.median(taken[len(names) :])), "searches": SEARCHES}


def _machine(embedder: Embedder) -> str:
    if embedder.device.type == "cuda":
        import torch

        return str(torch.cuda.get_device_name(embedder.device))
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _kept(path: Path) -> dict[str, Rates]:
    try:
        stored = json.loads(path.read_text("utf-8"))
        return stored if isinstance(stored, dict) else {}
    except (OSError, ValueError):
        return {}

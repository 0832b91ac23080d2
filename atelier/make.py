"""Writes a drawn catalog to disk: catalog.csv, attributes.json, images/*.webp."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from .picture import render
from .spec import ATTRIBUTES, Spec, sample, split_of

COLUMNS = ("id", "image", "split", "title", *ATTRIBUTES)
QUALITY = 84


def row_of(spec: Spec, split: str, absent: str = "") -> dict[str, str]:
    """The line of `catalog.csv` for one item; attributes that do not apply are `absent`."""
    blank = dict.fromkeys(ATTRIBUTES, absent)
    return {
        "id": spec.id,
        "image": f"images/{spec.id}.webp",
        "split": split,
        "title": spec.title,
        **blank,
        **spec.labels,
    }


def write_labels(
    out: Path, seed: int, items: int, split: str | None = None, absent: str = "", showing: str = ""
) -> list[Spec]:
    """`catalog.csv` and `attributes.json` (order of values) under `out`; returns the specs, in order.

    split: that of every item; None spreads them over train, valid and test. absent: label of attributes that do not
    apply; blank is unlabelled. showing: only garments that this attribute applies to.
    """
    out.mkdir(parents=True, exist_ok=True)
    every = (sample(seed, index) for index in count())
    specs = list(islice((spec for spec in every if not showing or showing in spec.labels), items))
    splits = split_of(seed, items) if split is None else [split] * items
    with (out / "catalog.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row_of(spec, split, absent) for spec, split in zip(specs, splits, strict=True))
    vocabulary = {name: ([absent] if absent else []) + list(values) for name, values in ATTRIBUTES.items()}
    (out / "attributes.json").write_text(json.dumps(vocabulary, indent=1) + "\n", encoding="utf-8")
    return specs


def write_images(out: Path, specs: list[Spec]) -> Iterator[int]:
    """Draw each spec to `out/images/<id>.webp`; yields the bytes of each file."""
    folder = out / "images"
    folder.mkdir(parents=True, exist_ok=True)
    for spec in specs:
        path = folder / f"{spec.id}.webp"
        render(spec).image.save(path, quality=QUALITY, method=4)
        yield path.stat().st_size

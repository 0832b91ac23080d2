"""Writes a drawn catalog to disk: catalog.csv, attributes.json, images/*.webp and, where wanted, masks/*.png."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from PIL import Image

from .picture import render
from .spec import ATTRIBUTES, Spec, sample, split_of

COLUMNS = ("id", "image", "split", "title", *ATTRIBUTES)
QUALITY = 84


@dataclass(frozen=True)
class Wanted:
    """What is written of each garment. masks: where garment and wearer are, as a grey picture, named by the column `mask`;
    swapped: each garment stands before the background of the next one, the last before that of the first.
    """

    masks: bool = False
    swapped: bool = False


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
    out: Path,
    seed: int,
    items: int,
    split: str | None = None,
    absent: str = "",
    showing: str = "",
    masks: bool = False,
) -> list[Spec]:
    """`catalog.csv` and `attributes.json` (order of values) under `out`; returns the specs, in order.

    split: that of every item; None spreads them over train, valid and test. absent: label of attributes that do not
    apply; blank is unlabelled. showing: only garments that this attribute applies to. masks: with a column `mask`.
    """
    out.mkdir(parents=True, exist_ok=True)
    every = (sample(seed, index) for index in count())
    specs = list(islice((spec for spec in every if not showing or showing in spec.labels), items))
    splits = split_of(seed, items) if split is None else [split] * items
    with (out / "catalog.csv").open("w", newline="", encoding="utf-8") as file:
        columns = (*COLUMNS, "mask") if masks else COLUMNS
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for spec, split in zip(specs, splits, strict=True):
            mask = {"mask": f"masks/{spec.id}.png"} if masks else {}
            writer.writerow(row_of(spec, split, absent) | mask)
    vocabulary = {name: ([absent] if absent else []) + list(values) for name, values in ATTRIBUTES.items()}
    (out / "attributes.json").write_text(json.dumps(vocabulary, indent=1) + "\n", encoding="utf-8")
    return specs


def write_images(out: Path, specs: list[Spec], wanted: Wanted = Wanted()) -> Iterator[int]:
    """Draw each spec to `out/images/<id>.webp`, its mask to `out/masks/<id>.png`; yields the bytes of each image."""
    for folder in ("images", "masks") if wanted.masks else ("images",):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for spec, following in zip(specs, specs[1:] + specs[:1], strict=True):
        path = out / "images" / f"{spec.id}.webp"
        picture = render(spec, background=following if wanted.swapped else None)
        picture.image.save(path, quality=QUALITY, method=4)
        if wanted.masks:
            levels = (255 * picture.subject).round().astype("uint8")
            Image.fromarray(levels).save(out / "masks" / f"{spec.id}.png")
        yield path.stat().st_size

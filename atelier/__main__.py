"""`python -m atelier`: draw the demo catalog."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from common.progress import ProgressBar

from .make import Wanted, write_images, write_labels
from .spec import ATTRIBUTES


@dataclass(frozen=True)
class Options:
    """Draw a catalog of garments with known attributes, from a seed."""

    out: Annotated[Path, tyro.conf.arg(help="folder to write: catalog.csv, attributes.json, images/")]
    seed: Annotated[int, tyro.conf.arg(help="same seed, same labels and pictures")] = 0
    items: Annotated[int, tyro.conf.arg(help="how many garments to draw")] = 1200
    split: Annotated[
        Literal["train", "valid", "test"] | None,
        tyro.conf.arg(help="split of every item", help_behavior_hint="(default: spread over all three)"),
    ] = None
    absent: Annotated[
        str,
        tyro.conf.arg(
            help="label of attributes that do not apply, such as FashionAI's 'invisible'",
            help_behavior_hint="(default: unlabelled)",
        ),
    ] = ""
    showing: Annotated[
        str,
        tyro.conf.arg(
            help="draw only garments that this attribute applies to, such as lapel_design",
            help_behavior_hint="(default: all)",
        ),
    ] = ""
    masks: Annotated[bool, tyro.conf.arg(help="also write masks/ of garment and wearer, and a column `mask`")] = False
    swapped: Annotated[
        bool, tyro.conf.arg(help="set each garment before the background of the next one; labels and ids stay")
    ] = False
    labels_only: Annotated[bool, tyro.conf.arg(help="write the tables, draw nothing")] = False
    json: Annotated[bool, tyro.conf.arg(help="print the result as JSON")] = False


def main() -> int:
    options = tyro.cli(Options, prog="python -m atelier")
    if options.items < 1 or options.seed < 0:
        print("--items must be at least 1 and --seed at least 0", file=sys.stderr)
        return 2
    if options.showing and options.showing not in ATTRIBUTES:
        print(f"no attribute '{options.showing}' is drawn; there are: {', '.join(ATTRIBUTES)}", file=sys.stderr)
        return 2
    try:
        specs = write_labels(
            options.out, options.seed, options.items, options.split, options.absent, options.showing, options.masks
        )
        drawn = (
            []
            if options.labels_only
            else _with_progress(write_images(options.out, specs, Wanted(options.masks, options.swapped)), len(specs))
        )
    except OSError as error:
        print(f"cannot write {options.out}: {error.strerror or error}", file=sys.stderr)
        return 1
    result = {"items": len(specs), "images": len(drawn), "bytes": sum(drawn), "out": str(options.out)}
    print(
        json.dumps(result)
        if options.json
        else f"{len(specs)} items, {len(drawn)} images, {sum(drawn) / 1e6:.1f} MB in {options.out}"
    )
    return 0


def _with_progress(written: Iterator[int], total: int) -> list[int]:
    sizes = []
    with ProgressBar("drawing", total, "items") as bar:
        for size in written:
            sizes.append(size)
            bar.advance()
    return sizes


if __name__ == "__main__":
    sys.exit(main())

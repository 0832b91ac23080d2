"""`python -m catalog check`: what a catalog holds, and what of it is broken."""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from catalog.check import Check, check_catalog
from catalog.errors import CatalogError
from catalog.loading import read_catalog
from common import environment
from common.progress import ProgressBar

SHOWN = 10


@dataclass(frozen=True)
class Options:
    """Count a catalog's items and labels, and open every image. Exit code 1 when something is broken."""

    catalog: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="DIR")]
    """Folder with catalog.csv, folder of images, zip, or Hub dataset owner/name[@revision]."""
    home: Path = field(default_factory=environment.home)
    """Where zips are unpacked and datasets kept (LAPEL_HOME)."""
    json: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False
    """Print JSON."""


def check(options: Options) -> int:
    """0 when the catalog is sound, 1 when images are missing or damaged."""
    catalog = read_catalog(options.catalog, options.home)
    with ProgressBar("checking", len(catalog)) as bar:
        result = check_catalog(catalog, bar.advance)
    if options.json:
        print(json.dumps({"sound": result.sound, **asdict(result)}, indent=1, ensure_ascii=False))
    else:
        show(result)
    return 0 if result.sound else 1


def show(result: Check) -> None:
    splits = ", ".join(f"{name} {count:,}" for name, count in result.splits.items()) or "no splits"
    print(f"{result.catalog}: {result.items:,} items ({splits}), {result.unlabelled_share:.1%} without any label")
    for name, attribute in result.attributes.items():
        print(f"  {name}: {attribute.labelled:,} labelled, {attribute.unlabelled_share:.1%} not")
        print("    " + ", ".join(f"{value} {count:,}" for value, count in attribute.values.items()))
    for warning in result.warnings:
        print(f"note: {warning}")
    for id, reason in list(result.unreadable.items())[:SHOWN]:
        print(f"broken: item '{id}': {reason}")
    if len(result.unreadable) > SHOWN:
        print(f"broken: {len(result.unreadable) - SHOWN:,} more; --json lists all")
    print("every image can be read" if result.sound else f"{len(result.unreadable):,} images cannot be read")


def main() -> int:
    options = tyro.extras.subcommand_cli_from_dict(
        {"check": Options}, prog="python -m catalog", description="Look at catalogs."
    )
    try:
        return check(options)
    except CatalogError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

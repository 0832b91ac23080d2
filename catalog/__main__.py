"""`python -m catalog look`, `check` and `mend`: what files hold, what of it is broken, and a clean table of it."""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from catalog.check import Check, check_catalog
from catalog.errors import CatalogError
from catalog.items import Catalog
from catalog.labels import Several
from catalog.loading import load_catalog, read_catalog
from catalog.look import Look, look
from catalog.mapping import Mapping
from catalog.mend import write_mended
from catalog.notes import Note
from catalog.text import read_text
from catalog.twins import in_order
from catalog.wish import Wish
from common import environment
from common.progress import ProgressBar
from common.say import counted

SHOWN = 10
Flag = Annotated[bool, tyro.conf.FlagCreatePairsOff]


@dataclass(frozen=True)
class Reading:
    """How a catalog's table is read, where it is not to be found by itself."""

    table: str | None = None
    """The table to read, such as styles.csv."""
    image_column: str | None = None
    """Column of the images, or a pattern of their paths, such as 'images/{id}.jpg'."""
    id_column: str | None = None
    """Column of the ids."""
    split_column: str | None = None
    """Column of the splits."""
    attributes: tuple[str, ...] | None = None
    """The columns to take as attributes, and no others."""
    several: Several = "blank"
    """What mending makes of a label with several values: blank, or the first of them."""
    home: Path = field(default_factory=environment.home)
    """Where zips are unpacked and datasets kept (LAPEL_HOME)."""

    @property
    def mapping(self) -> Mapping:
        return Mapping(self.table, self.image_column, self.id_column, self.split_column, self.attributes)


@dataclass(frozen=True)
class CheckOptions:
    """Count a catalog's items and labels, and open every image. Exit code 1 when something is broken."""

    catalog: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="DIR")]
    """Folder, table, zip, or Hub dataset owner/name[@revision]."""
    reading: Annotated[Reading, tyro.conf.arg(name="")] = field(default_factory=Reading)
    mend: Flag = field(default_factory=environment.mend)
    """Look at it as `mend` would write it (LAPEL_MEND)."""
    json: Flag = False
    """Print JSON."""

    def run(self) -> int:
        """0 when the catalog is sound, 1 when rows are left out or images damaged, 2 when no item is left."""
        reading = self.reading
        catalog = read_catalog(
            self.catalog, reading.home, mapping=reading.mapping, mend=self.mend, several=reading.several
        )
        with ProgressBar("checking", len(catalog)) as bar:
            result = check_catalog(catalog, bar.advance)
        if self.json:
            print(json.dumps(as_json(result), indent=1, ensure_ascii=False))
        else:
            show(result)
        if not result.readable:
            print(f"error: {why_nothing(catalog, result)}", file=sys.stderr)
            return 2
        return 0 if result.sound else 1


@dataclass(frozen=True)
class MendOptions:
    """Write a clean catalog.csv: labels put right, broken rows left out, columns under the names that Lapel knows."""

    catalog: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="DIR")]
    """Folder, table, zip, or Hub dataset owner/name[@revision]."""
    out: Annotated[Path | None, tyro.conf.arg(metavar="DIR2")] = None
    """A new folder for the table and the images."""
    in_place: Flag = False
    """Write into the catalog's own folder; what was there stays beside, as catalog.csv.original."""
    reading: Annotated[Reading, tyro.conf.arg(name="")] = field(default_factory=Reading)

    def run(self) -> int:
        """0 when it was written."""
        if (self.out is None) == (not self.in_place):
            raise CatalogError("say where to write: either --out DIR2 or --in-place")
        reading = self.reading
        catalog = load_catalog(self.catalog, reading.home, mapping=reading.mapping, mend=True, several=reading.several)
        source = Path(self.catalog).expanduser().resolve()
        if self.in_place and catalog.root.resolve() not in (source, source.parent):
            raise CatalogError(f"'{self.catalog}' is no folder of images to write into; name a new one with --out")
        path = write_mended(catalog, self.out or catalog.root)
        for warning in catalog.warnings:
            print(f"note: {warning}", file=sys.stderr)
        print(f"{path}: {len(catalog):,} items, {len(catalog.left_out):,} rows left out")
        return 0


@dataclass(frozen=True)
class LookOptions:
    """Look at files before they become a catalog: columns, what they are taken for, what is wrong, and its mends."""

    catalog: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="DIR")]
    """Folder, table, zip, or Hub dataset owner/name[@revision]."""
    wish: Path | None = None
    """A JSON file with what is asked: roles, names, mends."""
    home: Path = field(default_factory=environment.home)
    """Where zips are unpacked and datasets kept (LAPEL_HOME)."""
    json: Flag = False
    """Print JSON."""

    def run(self) -> int:
        """0 when there are items, 2 when there is none."""
        with ProgressBar("looking") as bar:
            found = look(self.catalog, self.home, _wish(self.wish), bar)
        if self.json:
            print(json.dumps(found.to_dict(), indent=1, ensure_ascii=False))
        else:
            show_look(found)
        return 0 if found.items else 2


def _wish(path: Path | None) -> Wish:
    if path is None:
        return Wish()
    try:
        return Wish.from_dict(json.loads(read_text(path).text))
    except ValueError as error:
        if isinstance(error, CatalogError):
            raise
        raise CatalogError(f"{path} is not JSON ({error}); write an object such as a look with --json has") from error


def show_look(found: Look) -> None:
    splits = ", ".join(f"{name} {count:,}" for name, count in found.splits.items()) or "no splits"
    kind = Note(f"preset-{found.preset}").text
    lost = f" ({found.lost:,} of them with an image that cannot be read)" if found.lost else ""
    images = counted(found.pictures, "image")
    print(f"{found.source}: {kind}, {counted(found.items, 'item')}{lost}, {images} ({splits})")
    for column in found.columns:
        known = f" '{column.attribute}'" if column.attribute != column.name else ""
        print(f"  {column.name}: {Note(f'role-{column.role}').text}{known}, since: {column.why.text}")
        values = ", ".join(f"{value} {count:,}" for value, count in column.values[:SHOWN])
        print(f"    {counted(column.distinct, 'value')}, {column.blanks:,} blank: {values}")
    for problem in found.problems:
        mend = f"; mend '{problem.mend}': {problem.remedy.text}" if problem.mend and problem.remedy else ""
        print(f"problem: {problem.note.text}{mend}")
    for note in found.notes:
        print(f"note: {note.text}")


def as_json(result: Check) -> dict[str, object]:
    """The check as JSON has it: notes with their sentences."""
    notes = [
        {"kind": note.kind, "text": note.text, "lines": note.lines, "facts": note.facts, "mendable": note.mendable}
        for note in result.notes
    ]
    return {"sound": result.sound, **asdict(result), "notes": notes}


def read_as(mapping: Mapping) -> str:
    """A mapping as the flags that ask for it."""
    flags = {
        "--table": mapping.table,
        "--image-column": mapping.image,
        "--id-column": mapping.id,
        "--split-column": mapping.split,
    }
    return " ".join(f"{flag} '{value}'" for flag, value in flags.items() if value)


def why_nothing(catalog: Catalog, result: Check) -> str:
    """One sentence: why no item of a catalog can be read."""
    if not catalog.items:
        return catalog.warnings[0]
    count = len(result.unreadable)
    return f"none of the {count:,} images of '{result.catalog}' can be read; use others"


def show(result: Check) -> None:
    splits = ", ".join(f"{name} {count:,}" for name, count in result.splits.items()) or "no splits"
    print(f"{result.catalog}: {result.items:,} items ({splits}), {result.unlabelled_share:.1%} without any label")
    if result.mapping and result.mapping.image not in (None, "image"):
        print(f"  read as: {read_as(result.mapping)}")
    for name, attribute in result.attributes.items():
        print(f"  {name}: {attribute.labelled:,} labelled, {attribute.unlabelled_share:.1%} not")
        print("    " + ", ".join(f"{value} {count:,}" for value, count in attribute.values.items()))
    if result.columns:
        print(f"  other columns: {', '.join(result.columns)}")
    for warning in result.warnings if result.items else ():
        print(f"note: {warning}")
    show_twins(result)
    for id, reason in list(result.unreadable.items())[:SHOWN]:
        print(f"broken: item '{id}': {reason}")
    if len(result.unreadable) > SHOWN:
        print(f"broken: {len(result.unreadable) - SHOWN:,} more; --json lists all")
    if result.left_out:
        rows = "1 row of the table is" if len(result.left_out) == 1 else f"{len(result.left_out):,} rows are"
        print(f"{rows} left out")
    if result.unreadable:
        images = "1 image" if len(result.unreadable) == 1 else f"{len(result.unreadable):,} images"
        print(f"{images} cannot be read, {result.readable:,} can")
    elif result.items:
        print("every image can be read")
    if result.mendable:
        print("labels can be mended: open the catalog with --mend, or write a clean copy with `python -m catalog mend`")


def show_twins(result: Check) -> None:
    """How many images of each split are in another one too, and which."""
    found = result.twins
    for split in in_order({split for twins in found for split in twins.splits}):
        count = sum(twins.splits.count(split) for twins in found)
        others = in_order({other for twins in found for other in twins.elsewhere(split)})
        images = "image has" if count == 1 else "images have"
        print(f"twins: {count:,} {split} {images} a byte-identical twin in {' or '.join(others)}")
    for twins in found[:SHOWN]:
        print("  " + " = ".join(f"{id} ({split})" for id, split in zip(twins.ids, twins.splits, strict=True)))
    if len(found) > SHOWN:
        print(f"  {len(found) - SHOWN:,} more; --json lists all")
    if found:
        print("  a figure of a split is measured without them (`python -m eval`); keep them in one split")


def main() -> int:
    options = tyro.extras.subcommand_cli_from_dict(
        {"look": LookOptions, "check": CheckOptions, "mend": MendOptions},
        prog="python -m catalog",
        description="Look at catalogs.",
    )
    try:
        return options.run()
    except CatalogError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

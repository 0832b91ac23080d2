"""Folders, zips, tables, Parquet files and Hub datasets → a catalog."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from catalog import hub
from catalog.archive import unpack
from catalog.assembly import Gathered, all_addresses, gather
from catalog.class_folders import entries_of_folders
from catalog.columns import read_values
from catalog.errors import CatalogError
from catalog.files import Files
from catalog.folders import Found, PassedOver, check_path, find_images, passed_note
from catalog.items import Attribute, Catalog
from catalog.kinds import KINDS
from catalog.labelling import Mending, label
from catalog.labels import Several
from catalog.layout import TEXT, VALUES, Layout, lay_out
from catalog.mapping import Mapping
from catalog.notes import Note, few, notes_of_left_out
from catalog.parquet import unpack_parquet
from catalog.text import TABLE_SUFFIXES
from common import environment

AS_FOUND = Mapping()


def load_catalog(
    source: str | Path,
    home: Path | None = None,
    *,
    mapping: Mapping = AS_FOUND,
    mend: bool | None = None,
    several: Several = "blank",
) -> Catalog:
    """Open a catalog: a folder, a zip of one, a table, a Parquet file, or a Hub dataset.

    Read are `catalog.csv`, any other table (CSV, TSV, Excel, JSON lines, Parquet) that names the images
    of the folder, the ImageFolder layouts of the Hub, and plain folders of images, a folder a label.
    Zips and images in Parquet files are unpacked, and datasets (`owner/name[@revision]`) downloaded,
    under `home` (default: `LAPEL_HOME`). The images are not decoded here.

    mapping: which table and columns to read, where they are not to be found by themselves. mend:
    whether to put right what can be (labels that differ in case alone, markers for no label, several
    values in a cell, cells that hold the delimiter); None: as `LAPEL_MEND` says. several: what mending
    makes of a cell with several values. Rows that cannot be items are left out: `Catalog.left_out`.
    CatalogError when the source is none of these or damaged, or when no item is left.
    """
    catalog = read_catalog(source, home, mapping=mapping, mend=mend, several=several)
    if not catalog.items:
        raise CatalogError(catalog.warnings[0])
    return catalog


def read_catalog(
    source: str | Path,
    home: Path | None = None,
    *,
    mapping: Mapping = AS_FOUND,
    mend: bool | None = None,
    several: Several = "blank",
) -> Catalog:
    """As `load_catalog`, but a table of which no row is left gives a catalog without items.

    The first note of such a catalog says why.
    """
    mending = Mending(environment.mend() if mend is None else mend, several)
    home = environment.home() if home is None else home
    path = Path(source).expanduser()
    if mapping.table is None and _is_table(path):
        mapping = replace(mapping, table=path.name)
    folder, name, passed = locate(source, home)
    found = find_images(folder)
    passed = (*passed, *found.passed)
    unpacked = unpack_parquet(folder, found.tables, mapping.table, home / "catalogs")
    if unpacked:
        folder, mapping = unpacked.folder, replace(mapping, table=None)
        found = find_images(folder)
    files = Files(folder, found.images)
    texts = [file.name for file in found.passed if file.name.lower().endswith(TEXT)]
    layout = lay_out(folder, [*found.tables, *texts], files, mapping, mending.mend)
    read = {part.fit.table.name for part in layout.parts}
    passed = tuple(file for file in passed if file.name not in read)
    gathered = gather(layout.parts, files) if layout.parts else _of_folders(name, found, layout, passed)
    listed = read_values(_values(folder, layout))
    labelled = label(gathered, listed.values, _wanted(layout, mapping), mending)
    notes = [
        *_first(name, gathered),
        *(unpacked.notes if unpacked else ()),
        *layout.notes,
        *listed.notes,
        *gathered.notes,
        *notes_of_left_out(gathered.left_out),
        *labelled.notes,
        *_unused(found, layout, gathered),
        *_passed(passed),
    ]
    left_out, mapping_read = tuple(gathered.left_out), _mapping(layout, labelled.attributes)
    return Catalog(folder, name, labelled.items, labelled.attributes, tuple(notes), left_out, mapping_read)


def locate(source: str | Path, home: Path | None = None) -> tuple[Path, str, tuple[PassedOver, ...]]:
    """The folder of a catalog, fetched or unpacked where needed, its name, and the files that were left out of it."""
    home = environment.home() if home is None else home
    path = Path(source).expanduser()
    check_path(path)
    if path.is_dir():
        return path, path.resolve().name, ()
    if _is_table(path):
        return path.parent, path.resolve().parent.name, ()
    if path.is_file():
        unpacked = unpack(path, home / "catalogs")
        return unpacked.folder, path.stem, unpacked.passed
    if hub.is_repository(str(source)):
        fetched = hub.fetch(str(source), home / "hub")
        return fetched.folder, str(source).partition("@")[0], fetched.passed
    raise CatalogError(f"there is no catalog '{source}'; give a folder, a zip or a Hub dataset owner/name[@revision]")


def _is_table(path: Path) -> bool:
    return path.suffix.lower() in TABLE_SUFFIXES | {TEXT} and path.is_file()


def _of_folders(name: str, found: Found, layout: Layout, passed: Sequence[PassedOver]) -> Gathered:
    """The images alone, where no table is read."""
    if found.images:
        return entries_of_folders(found.images)
    said = [note.text for note in layout.notes]
    said += [note.text for note in _passed(passed)]
    why = f" ({'; '.join(said)})" if said else ""
    raise CatalogError(f"'{name}' has neither catalog.csv nor images{why}; give a folder with {KINDS} files")


def _first(name: str, gathered: Gathered) -> list[Note]:
    """Why no item is left, what to do, and which columns there are; nothing where there are items."""
    if gathered.entries:
        return []
    columns = few(gathered.header, 40)
    said = {"catalog": name, "columns": columns}
    if not gathered.left_out:
        return [Note("no-rows", said)]
    notes = notes_of_left_out(gathered.left_out)
    if all_addresses(gathered.left_out):
        examples = next(note.facts["examples"] for note in notes if note.kind == "address")
        return [Note("only-addresses", {**said, "examples": examples})]
    return [Note("no-items", {**said, "why": "; ".join(note.text for note in notes)})]


def _unused(found: Found, layout: Layout, gathered: Gathered) -> list[Note]:
    """The images that no row of a table names, be it as its image or in another column, such as a mask."""
    named = {entry.image for entry in gathered.entries}
    named |= {cell for entry in gathered.entries for cell in entry.cells.values()}
    unused = [image for image in found.images if image not in named] if layout.parts else []
    if not unused:
        return []
    table = few(part.fit.table.name for part in layout.parts)
    return [Note("unused-images", {"count": f"{len(unused):,}", "table": table, "examples": few(unused, 3)})]


def _passed(passed: Sequence[PassedOver]) -> list[Note]:
    """The files that are no images."""
    said = passed_note(passed)
    return [Note("files", {"what": said})] if said else []


def _values(folder: Path, layout: Layout) -> Path:
    """`attributes.json` beside the table, else at the top."""
    bases = [part.fit.base for part in layout.parts]
    return next((path for base in bases if (path := folder / base / VALUES).is_file()), folder / VALUES)


def _wanted(layout: Layout, mapping: Mapping) -> tuple[str, ...] | None:
    """The attributes that were asked for, as the table spells them."""
    return layout.parts[0].fit.mapping.attributes if layout.parts else mapping.attributes


def _mapping(layout: Layout, attributes: Sequence[Attribute]) -> Mapping | None:
    mappings = {part.fit.mapping for part in layout.parts}
    if len(mappings) != 1:
        return None
    table = layout.parts[0].fit.table.name if len(layout.parts) == 1 else None
    return replace(mappings.pop(), table=table, attributes=tuple(attribute.name for attribute in attributes))

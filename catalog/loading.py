"""Folders, zips, tables, Parquet files and Hub datasets → a catalog."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from catalog.assembly import Gathered, all_addresses, gather
from catalog.class_folders import entries_of_folders
from catalog.columns import Listed, read_values
from catalog.errors import CatalogError
from catalog.folders import PassedOver, passed_note
from catalog.items import Attribute, Catalog
from catalog.kinds import KINDS
from catalog.labelling import Labelled, label
from catalog.labels import Several
from catalog.layout import VALUES, Layout, Part, lay_out
from catalog.mapping import Mapping, fit
from catalog.mending import Mending
from catalog.notes import Note, few, notes_of_left_out
from catalog.source import Source, open_source
from common import environment

AS_FOUND = Mapping()


def load_catalog(
    source: str | Path,
    home: Path | None = None,
    *,
    mapping: Mapping = AS_FOUND,
    mend: bool | Collection[str] | None = None,
    several: Several = "blank",
) -> Catalog:
    """Open a catalog: a folder, a zip of one, a table, a Parquet file, or a Hub dataset.

    Read are `catalog.csv`, any other table (CSV, TSV, Excel, JSON lines, Parquet) that names the images
    of the folder, the ImageFolder layouts of the Hub, and plain folders of images, a folder a label.
    Zips and images in Parquet files are unpacked, and datasets (`owner/name[@revision]`) downloaded,
    under `home` (default: `LAPEL_HOME`). The images are not decoded here.

    mapping: which table and columns to read, where they are not to be found by themselves. mend:
    whether to put right what can be (labels that differ in case alone, markers for no label, several
    values in a cell, cells that hold the delimiter), or the keys of the mends that are wanted; None: as
    `LAPEL_MEND` says. several: what mending makes of a cell with several values. Rows that cannot be items
    are left out: `Catalog.left_out`.
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
    mend: bool | Collection[str] | None = None,
    several: Several = "blank",
) -> Catalog:
    """As `load_catalog`, but a table of which no row is left gives a catalog without items.

    The first note of such a catalog says why.
    """
    home = environment.home() if home is None else home
    mending = Mending.of(environment.mend() if mend is None else mend, several)
    opened = open_source(source, home, mapping.table)
    if mapping.table != opened.asked:
        mapping = replace(mapping, table=opened.asked)
    return read_source(opened, mapping, mending).catalog


@dataclass(frozen=True)
class Reading:
    """A catalog with what it was made of."""

    catalog: Catalog
    gathered: Gathered
    labelled: Labelled


def laid_out(source: Source, mapping: Mapping, mending: Mending) -> Layout:
    """The tables of a source that are read."""
    if lists := [] if _has_catalog(source) else source.lists:
        named = [table for table in lists if mapping.table in (None, table.name)]
        parts = [Part(fit(table, table.name.rpartition("/")[0], source.files, mapping)) for table in named]
        if parts:
            return Layout((max(parts, key=lambda part: part.fit.share),))
    read = partial(source.table, mend=mending.on("cells"))
    return lay_out(read, source.tables, source.files, mapping)


def _has_catalog(source: Source) -> bool:
    return any(name.lower().rpartition(".")[0] == "catalog" for name in source.tables)


def gathered_of(source: Source, layout: Layout) -> Gathered:
    """The rows of the tables that are read; where none is, the images alone."""
    if layout.parts:
        return gather(layout.parts, source.files)
    return _of_folders(source, layout)


def listed_of(source: Source, layout: Layout) -> Listed:
    """What `attributes.json` says: beside the table, else at the top."""
    bases = [part.fit.base for part in layout.parts]
    path = next((path for base in bases if (path := source.folder / base / VALUES).is_file()), source.folder / VALUES)
    return read_values(path)


def read_source(source: Source, mapping: Mapping, mending: Mending) -> Reading:
    """The catalog of a source."""
    layout = laid_out(source, mapping, mending)
    gathered = gathered_of(source, layout)
    listed = listed_of(source, layout)
    unused = unused_images(source, layout, gathered)
    return finished(source, layout, gathered, listed, _wanted(layout, mapping), mending, unused)


def finished(
    source: Source,
    layout: Layout,
    gathered: Gathered,
    listed: Listed,
    wanted: Sequence[str] | None,
    mending: Mending,
    unused: Sequence[str] = (),
) -> Reading:
    """The catalog of what was gathered. wanted: the attributes, None: those that look like it."""
    labelled = label(gathered, listed.values, wanted, mending)
    read = {part.fit.table.name for part in layout.parts}
    passed = tuple(file for file in source.passed if file.name not in read)
    notes = [
        *_first(source.name, gathered),
        *source.notes,
        *layout.notes,
        *listed.notes,
        *gathered.notes,
        *notes_of_left_out(gathered.left_out),
        *labelled.notes,
        *_unused_note(unused, layout),
        *_passed(passed),
    ]
    left_out, read_as = tuple(gathered.left_out), _mapping(layout, labelled.attributes)
    catalog = Catalog(source.folder, source.name, labelled.items, labelled.attributes, tuple(notes), left_out, read_as)
    return Reading(catalog, gathered, labelled)


def _of_folders(source: Source, layout: Layout) -> Gathered:
    """The images alone, where no table is read."""
    if source.found.images:
        return entries_of_folders(source.found.images)
    said = [note.text for note in layout.notes]
    said += [note.text for note in _passed(source.passed)]
    why = f" ({'; '.join(said)})" if said else ""
    raise CatalogError(f"'{source.name}' has neither catalog.csv nor images{why}; give a folder with {KINDS} files")


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


def unused_images(source: Source, layout: Layout, gathered: Gathered) -> tuple[str, ...]:
    """The images that no row of a table names, be it as its image or in another column, such as a mask."""
    if not layout.parts:
        return ()
    named = {picture for entry in gathered.entries for picture in entry.pictures}
    named |= {cell for entry in gathered.entries for cell in entry.cells.values()}
    return tuple(image for image in source.found.images if image not in named)


def _unused_note(unused: Sequence[str], layout: Layout) -> list[Note]:
    table = few(part.fit.table.name for part in layout.parts)
    facts = {"count": f"{len(unused):,}", "table": table, "examples": few(unused, 3)}
    return [Note("unused-images", facts)] if unused else []


def _passed(passed: Sequence[PassedOver]) -> list[Note]:
    """The files that are no images."""
    said = passed_note(passed)
    return [Note("files", {"what": said})] if said else []


def _wanted(layout: Layout, mapping: Mapping) -> tuple[str, ...] | None:
    """The attributes that were asked for, as the table spells them."""
    return layout.parts[0].fit.mapping.attributes if layout.parts else mapping.attributes


def _mapping(layout: Layout, attributes: Sequence[Attribute]) -> Mapping | None:
    mappings = {part.fit.mapping for part in layout.parts}
    if len(mappings) != 1:
        return None
    table = layout.parts[0].fit.table.name if len(layout.parts) == 1 else None
    return replace(mappings.pop(), table=table, attributes=tuple(attribute.name for attribute in attributes))

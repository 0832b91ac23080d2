"""Rows of tables and images of a folder → items, and what is left out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from catalog.files import Files, Place, is_address
from catalog.layout import Part
from catalog.notes import LeftOut, Note, few
from catalog.table import Row
from catalog.variants import filled
from catalog.vocabulary import known_split, split_of

GROUP = "group "
"""What stands before the text of a column in `Entry.groups`."""
FOUND = ("case", "slashes", "suffix", "folder", "address", "several")


@dataclass
class Entry:
    """A row that has an image: where it stands, and what of it is fixed before labels are judged.

    pictures: the image and further ones. named: the id before a number was put behind it, '' where the path of the
    image is the id. groups: what makes it one item with other entries, which have one of these texts too.
    """

    table: str
    line: int
    id: str
    pictures: tuple[str, ...]
    split: str | None
    cells: dict[str, str]
    named: str = ""
    groups: tuple[str, ...] = ()

    @property
    def image(self) -> str:
        return self.pictures[0]


@dataclass
class Gathered:
    """The entries of all tables, the names of their columns in order, and what to say.

    plain: columns that are no attributes, whatever they hold → why.
    """

    entries: list[Entry] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    plain: dict[str, Note] = field(default_factory=dict)


def gather(parts: Sequence[Part], files: Files) -> Gathered:
    """An entry for each row whose image is there; ids made unique, splits called by their names."""
    out = Gathered()
    found: dict[str, list[str]] = {}
    for part in parts:
        table = part.fit.table
        out.notes += table.notes
        out.left_out += table.left_out
        out.plain |= table.plain
        found_rows = filled(table, part.fit.mapping)
        rows = found_rows.rows
        out.plain |= found_rows.plain
        columns = dict.fromkeys((*table.header, *(name for row in rows for name in row.cells)))
        out.header += [name for name in columns if name not in out.header]
        out.notes += found_rows.notes
        for row in rows:
            entry = _entry(part, row, files, found)
            if isinstance(entry, LeftOut):
                out.left_out.append(entry)
            else:
                out.entries.append(entry)
    out.notes += [Note(f"found-{how}", {"examples": few(found[how], 3)}) for how in FOUND if how in found]
    _drop_repeated(out)
    if any(part.split is None and part.fit.mapping.split is None for part in parts):
        splits = {split for entry in out.entries if (split := split_of(entry.image)[1])}
        out.notes += [Note("split-folders", {"splits": few(sorted(splits))})] if splits else []
    out.notes += [*_name_splits(out.entries), *_make_unique(out.entries), *_same_images(out.entries)]
    return out


def _entry(part: Part, row: Row, files: Files, found: dict[str, list[str]]) -> Entry | LeftOut:
    mapping, table = part.fit.mapping, part.fit.table.name
    cell = mapping.cell(row)
    id = row.cells[mapping.id] if mapping.id else ""
    if not cell:
        return LeftOut(table, row.line, "blank-image", id)
    place = files.find(cell, part.fit.base)
    if place.path is None:
        return LeftOut(table, row.line, place.how, id, cell)
    if place.how in FOUND:
        found.setdefault(place.how, []).append(f"{cell} → {place.path}")
    split = (row.cells[mapping.split] if mapping.split else part.split or split_of(place.path)[1]) or part.split
    own = {mapping.split, mapping.id if mapping.id == "id" else None, *_spent(part)}
    cells = {name: text for name, text in row.cells.items() if name not in own}
    pictures = _pictures(part, row, files, cell, place)
    groups = (f"{GROUP}{row.cells[mapping.group]}",) if mapping.group and row.cells[mapping.group] else ()
    return Entry(table, row.line, id or place.path, pictures, split or None, cells, id, groups)


def _pictures(part: Part, row: Row, files: Files, cell: str, place: Place) -> tuple[str, ...]:
    """The row's image, the others that its cell names, and those of the columns of further ones."""
    base = part.fit.base
    several = files.find_all(cell, base) if place.how in ("several", "address") else ()
    columns = (row.cells[name] for name in part.fit.mapping.more or ())
    more = [path for text in columns if text for path in files.find_all(text, base)]
    return tuple(dict.fromkeys(path for path in (place.path, *several, *more) if path))


def _spent(part: Part) -> tuple[str, ...]:
    """The columns that hold paths and nothing else; a column that is part of a pattern stays."""
    mapping = part.fit.mapping
    return (*((mapping.image,) if mapping.image in part.fit.table.header else ()), *(mapping.more or ()))


def _drop_repeated(out: Gathered) -> None:
    """Leave out rows that say again what an earlier row says, in every cell."""
    seen = set()
    kept = []
    for entry in out.entries:
        whole = (entry.id, entry.pictures, entry.split, *entry.cells.values())
        if whole in seen:
            out.left_out.append(LeftOut(entry.table, entry.line, "repeated", entry.id, entry.image))
        else:
            seen.add(whole)
            kept.append(entry)
    out.entries = kept


def _make_unique(entries: Sequence[Entry]) -> Iterator[Note]:
    """Give an id that an earlier entry has a number: `a`, `a-2`, `a-3`."""
    first = {entry.id for entry in entries}
    taken: set[str] = set()
    again: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.id in taken:
            again.setdefault(entry.table, []).append(entry)
        taken.add(entry.id)
    used: dict[str, int] = {}
    for table, group in again.items():
        names = few(dict.fromkeys(entry.id for entry in group), 3)
        for entry in group:
            number = used.get(entry.id, 1) + 1
            while f"{entry.id}-{number}" in first:
                number += 1
            used[entry.id] = number
            entry.id = f"{entry.id}-{number}"
        lines = tuple(entry.line for entry in group)
        yield Note("id-twice", {"table": table, "examples": names}, lines)


def _same_images(entries: Iterable[Entry]) -> Iterator[Note]:
    seen: set[str] = set()
    again: dict[str, list[int]] = {}
    for entry in entries:
        if entry.image in seen:
            again.setdefault(entry.table, []).append(entry.line)
        seen.add(entry.image)
    for table, lines in again.items():
        yield Note("image-twice", {"table": table}, tuple(lines))


def _name_splits(entries: Iterable[Entry]) -> Iterator[Note]:
    """Call the splits train, valid and test, and say which others there are."""
    renamed: dict[str, str] = {}
    unknown: dict[str, None] = {}
    for entry in entries:
        if entry.split is None:
            continue
        split = known_split(entry.split)
        if split is None:
            unknown[entry.split] = None
        elif split != entry.split:
            renamed[entry.split] = split
            entry.split = split
    if renamed:
        yield Note("split-names", {"names": few(f"'{old}' is '{new}'" for old, new in renamed.items())})
    if unknown:
        yield Note("split-unknown", {"names": few(unknown)})


def all_addresses(left_out: Sequence[LeftOut]) -> bool:
    """Whether web addresses are what keeps every image away."""
    reasons = {row.reason for row in left_out} - {"blank-image", "repeated"}
    return reasons == {"address"} and any(is_address(row.image) for row in left_out)

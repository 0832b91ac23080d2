"""Which column of a table is what: as asked for, else as it is named, else as its cells fit the files."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

from catalog.errors import CatalogError
from catalog.files import Files, Place, is_address
from catalog.notes import Note, few
from catalog.table import Row, Table
from catalog.vocabulary import (
    ID_COLUMNS,
    IMAGE_COLUMNS,
    SPLIT_COLUMNS,
    is_more,
    key,
    known_split,
    rank,
)

SAMPLE = 200
ENOUGH = 0.5
TRIED = 20
_FIELD = re.compile(r"\{([^{}]+)\}")
UNIQUE = 0.98
"""Share of different texts from which on a column named like one of ids is one; those that come twice get a number."""


@dataclass(frozen=True)
class Mapping:
    """How a table is to be read; what is None is found from the names of its columns and from the files.

    table: the file to read, below the catalog. image: a column, or a pattern of the image's path such
    as `images/{id}.jpg`. id, split: columns; '' for none. attributes: the columns to take as attributes,
    and no others. more: columns of further pictures of an item. group: a column of which rows with the
    same text are one item with several pictures. A column may be written in any case, with blanks, `_` or `-`.
    """

    table: str | None = None
    image: str | None = None
    id: str | None = None
    split: str | None = None
    attributes: tuple[str, ...] | None = None
    more: tuple[str, ...] | None = None
    group: str | None = None

    @property
    def asked(self) -> bool:
        return self != Mapping()

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Columns that `image` is made of."""
        if self.image is None:
            return ()
        return tuple(_FIELD.findall(self.image)) or (self.image,)

    def cell(self, row: Row) -> str:
        """The path of a row's image as the table has it, '' where one of its columns is blank."""
        if self.image is None or not all(row.cells[name] for name in self.fields):
            return ""
        if self.image in row.cells:
            return row.cells[self.image]
        return _FIELD.sub(lambda found: row.cells[found.group(1)], self.image)


@dataclass(frozen=True)
class Fit:
    """A table with its mapping; share (0 to 1) of a sample of its rows whose image is there."""

    table: Table
    base: str
    mapping: Mapping
    share: float
    notes: tuple[Note, ...] = ()


def fit(table: Table, base: str, files: Files, asked: Mapping) -> Fit:
    """The mapping of a table, complete where one is found. base: folder of the table below the root.

    CatalogError when a column that was asked for is not there, with the columns that are.
    """
    asked = _spelled(table, asked)
    rows = _sample(table.rows)
    image, share = (asked.image, _share(asked, rows, base, files)) if asked.image else _image(table, rows, base, files)
    fields = _FIELD.findall(image) or [image] if image else []
    id = asked.id
    if id is None:
        id = _id(table) or (fields[0] if image and image not in table.header else None)
    split = _split(table) if asked.split is None else asked.split
    more = asked.more
    if more is None and image:
        more = _more(table, rows, base, files, {*fields, image, id}) or None
    mapping = replace(asked, image=image, id=id, split=split, more=more)
    notes = []
    if image and image != "image" and not asked.image and not _is_hub_name(image):
        kind = "column" if image in table.header else "pattern"
        notes.append(Note(f"image-{kind}", {"table": table.name, kind: image}))
    if id and id != "id" and not asked.id and id not in fields:
        notes.append(Note("id-column", {"column": id}))
    if split and split != "split" and not asked.split:
        notes.append(Note("split-column", {"column": split}))
    if more and more != ("more",) and asked.more is None:
        notes.append(Note("more-columns", {"names": few(more)}))
    return Fit(table, base, mapping, share, tuple(notes))


def _is_hub_name(image: str) -> bool:
    """`file_name`, as the Hub's ImageFolder has it, needs no words."""
    return image == "file_name" or image.endswith("_file_name")


def _spelled(table: Table, asked: Mapping) -> Mapping:
    """The mapping with every column as the table spells it."""
    names = {key(name): name for name in reversed(table.header)}

    def spelled(name: str) -> str:
        if name in table.header:
            return name
        if key(name) not in names:
            raise CatalogError(f"{table.name} has no column '{name}'; it has: {few(table.header, 40)}")
        return names[key(name)]

    image = asked.image
    if image is not None and _FIELD.search(image):
        image = _FIELD.sub(lambda found: "{" + spelled(found.group(1)) + "}", image)
    elif image is not None:
        image = spelled(image)
    return replace(
        asked,
        image=image,
        id=spelled(asked.id) if asked.id else asked.id,
        split=spelled(asked.split) if asked.split else asked.split,
        attributes=None if asked.attributes is None else tuple(map(spelled, asked.attributes)),
        more=None if asked.more is None else tuple(map(spelled, asked.more)),
        group=spelled(asked.group) if asked.group else None,
    )


def _sample(rows: Sequence[Row]) -> Sequence[Row]:
    return rows[:: max(1, len(rows) // SAMPLE)]


def _share(mapping: Mapping, rows: Sequence[Row], base: str, files: Files) -> float:
    cells = [cell for cell in map(mapping.cell, rows) if cell]
    found = sum(files.find(cell, base).path is not None for cell in cells)
    return found / len(cells) if cells else 0.0


def _image(table: Table, rows: Sequence[Row], base: str, files: Files) -> tuple[str | None, float]:
    """Column or pattern of the images, and the share of rows where it leads to one."""
    named = sorted((place, name) for name in table.header if (place := _image_rank(name)) is not None)
    best: tuple[str | None, float] = (None, 0.0)
    for _, name in named:
        share = _share(Mapping(image=name), rows, base, files)
        if share > best[1] or best[0] is None:
            best = (name, share)
        if share >= ENOUGH:
            return best
    enough = len(table.rows) * 2 >= len(files.images)
    longest = 0.0
    for name in table.header:
        cells = [row.cells[name] for row in rows if row.cells[name]]
        if len(set(cells)) * 2 <= len(cells) or not cells:
            continue
        if not enough and rank(name, ID_COLUMNS) is None and not any(PurePosixPath(cell).suffix for cell in cells):
            continue
        for image in (name, _template(name, cells, files)):
            share = _share(Mapping(image=image), rows, base, files) if image else 0.0
            length = sum(map(len, cells)) / len(cells)
            if image and share >= ENOUGH and (share, length) > (best[1], longest):
                best = (_pattern(name, cells, base, files) if image == name else image, share)
                longest = length
                break
    return best


def _template(name: str, cells: Sequence[str], files: Files) -> str | None:
    """`images/{id}_front.jpg` where the images of most of some cells are named in that one way."""
    ways: Counter[str] = Counter()
    cells = [cell for cell in dict.fromkeys(cells) if len(cell) > 1][:TRIED]
    names = [(path, path.rpartition("/")[2]) for path in files.images]
    for cell in cells:
        there = (path for path, file in names if cell in file)
        ways.update({"{".join(path.rpartition(cell)[::2]) for path in there})
    (way, count), *_ = ways.most_common(1) or [("", 0)]
    return way.replace("{", f"{{{name}}}") if count * 2 > len(cells) and "}" not in way else None


def _image_rank(name: str) -> int | None:
    """The Hub's `mask_file_name` and the like come behind all names of columns of images."""
    place = rank(name, IMAGE_COLUMNS)
    return len(IMAGE_COLUMNS) if place is None and key(name).endswith("filename") else place


def _pattern(name: str, cells: Sequence[str], base: str, files: Files) -> str:
    """`images/{id}.jpg` where all cells lead to an image in that way; else the column."""
    found = {_around(cell, files.find(cell, base), base) for cell in cells} - {None}
    if len(found) != 1:
        return name
    before, after = next(iter(found)) or ("", "")
    return f"{before}{{{name}}}{after}" if before or after else name


def _around(cell: str, place: Place, base: str) -> tuple[str, str] | None:
    """What stands before and behind a cell in the path of its image; None where no image is there."""
    if place.path is None or place.how == "exact":
        return None if place.path is None else ("", "")
    path = place.path.removeprefix(f"{base}/") if base else place.path
    file = PurePosixPath(path)
    if file.stem != cell:
        return ("", "")
    return (path[: len(path) - len(file.name)], file.suffix)


def _more(table: Table, rows: Sequence[Row], base: str, files: Files, taken: set[str | None]) -> tuple[str, ...]:
    """Columns that are called further images, and of which some of the first cells lead to one."""
    named = [name for name in table.header if name not in taken and is_more(name)]
    return tuple(name for name in named if any(files.find_all(cell, base) for row in rows if (cell := row.cells[name])))


def _id(table: Table) -> str | None:
    """`id`, else the best known name of a column of ids that has another text in nearly every row."""
    if "id" in table.header:
        return "id"
    named = sorted((place, name) for name in table.header if (place := rank(name, ID_COLUMNS)) is not None)
    for _, name in named:
        cells = [row.cells[name] for row in table.rows]
        if all(cells) and len(set(cells)) >= UNIQUE * len(cells) and not any(map(is_address, cells[:SAMPLE])):
            return name
    return None


def _split(table: Table) -> str | None:
    """`split`, else a column of such a name of which most cells name a split."""
    if "split" in table.header:
        return "split"
    for name in table.header:
        if rank(name, SPLIT_COLUMNS) is not None:
            cells = [row.cells[name] for row in table.rows if row.cells[name]]
            if cells and sum(known_split(cell) is not None for cell in cells) * 2 > len(cells):
                return name
    return None

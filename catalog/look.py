"""The look before an import: what files hold, what their columns are taken for, what is wrong with them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from catalog.items import Catalog
from catalog.notes import Note, few
from catalog.pictures import Pictures, Progress
from catalog.presets import Role
from catalog.problems import Problem
from catalog.roles import Given
from catalog.source import Source, open_source
from catalog.wish import Wish
from catalog.wished import Wished, as_wished
from common import environment

AS_PROPOSED = Wish()
SHOWN = 50
"""Values of a column that are given, the commonest first."""
TOLD_ELSEWHERE = frozenset(
    "id-column split-column image-column image-pattern more-columns attribute-names not-attribute one-value near-equal "
    "markers doubtful several single-images no-labels unused-images image-twice id-twice cells cells-mendable "
    "cells-mended quotes json blank-image address outside missing repeated unreadable twin group-differs mended".split()
)
"""Kinds of notes that columns and problems say better."""


@dataclass(frozen=True)
class ColumnLook:
    """A column of the table.

    name: as the file writes it. role, proposed: what it is now, and what we take it for; why: the reason for
    that. values: the commonest with their counts, as they would be imported, one an item (`_texts`).
    distinct, blanks, rows: different values, blank ones, all of them. attribute: what it is called in the
    catalog. recognised: the known attribute that its name means, '' for none; how: by its `spelling`, as a
    `synonym`, by its `values`, or `asked` for.
    """

    name: str
    role: Role
    proposed: Role
    why: Note
    values: tuple[tuple[str, int], ...]
    distinct: int
    blanks: int
    rows: int
    attribute: str
    recognised: str
    how: str


@dataclass(frozen=True)
class Look:
    """What an import would make of some files; nothing of it is written.

    catalog: what would be imported. preset: what the files were taken for. table, tables: the one that is
    read, '' where none is, and those that could be. image: the column or pattern of the images. bytes: of all
    pictures. unlabelled: items without any label. notes: what columns and problems do not say. digests:
    picture → SHA-256 (hex); unreadable: picture → why. unpacked: the folder under `home` that was unpacked or
    downloaded for it, and may be deleted when no catalog lies in it; None where there is none.
    """

    name: str
    source: str
    catalog: Catalog
    wish: Wish
    preset: str
    table: str
    tables: tuple[str, ...]
    image: str
    pictures: int
    bytes: int
    splits: dict[str, int]
    unlabelled: int
    columns: tuple[ColumnLook, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]
    digests: dict[str, str]
    unreadable: dict[str, str]
    unpacked: Path | None
    _opened: "_Opened" = field(repr=False, compare=False)

    @property
    def items(self) -> int:
        return len(self.catalog)

    @property
    def lost(self) -> int:
        """How many items have a picture that cannot be read."""
        return sum(any(path in self.unreadable for path in item.pictures) for item in self.catalog)

    @property
    def offered(self) -> frozenset[str]:
        """The keys of all mends."""
        return frozenset(problem.mend for problem in self.problems if problem.mend)

    @property
    def recommended(self) -> frozenset[str]:
        """The keys of the mends that lose nothing that could be used."""
        return frozenset(problem.mend for problem in self.problems if problem.mend and problem.safe)

    @property
    def settled(self) -> Wish:
        """The wish with every role and name as it is now, so that later files of the catalog are read in the same way."""
        roles = {column.name: column.role for column in self.columns}
        names = {column.name: column.attribute for column in self.columns if column.role == "attribute"}
        return replace(self.wish, preset=self.preset, roles=roles, names=names)

    def with_wish(self, wish: Wish, progress: Progress | None = None) -> "Look":
        """The same files looked at in another way; what was unpacked, read or verified is not again."""
        return _made(self._opened, wish, progress)

    def to_dict(self) -> dict[str, Any]:
        """What JSON has of it; pictures and items are only counted."""
        plain = ("name", "source", "preset", "table", "tables", "image", "items", "pictures", "bytes", "splits")
        return {
            **{name: getattr(self, name) for name in plain},
            "unlabelled": self.unlabelled,
            "wish": self.wish.to_dict(),
            "columns": [{**asdict(column), "why": _said(column.why)} for column in self.columns],
            "problems": [problem.to_dict() for problem in self.problems],
            "notes": [_said(note) for note in self.notes],
            "unreadable": self.unreadable,
            "unpacked": str(self.unpacked) if self.unpacked else None,
        }


@dataclass(frozen=True)
class _Opened:
    """Files that are looked at, with what was read of them."""

    name: str
    source: Source
    pictures: Pictures


def look(
    source: str | Path, home: Path | None = None, wish: Wish = AS_PROPOSED, progress: Progress | None = None
) -> Look:
    """Look at a folder, a zip, a table with its images, a Parquet file or a Hub dataset, and write nothing that stays.

    Zips and Parquet files are unpacked, datasets downloaded, under `home` (default: `LAPEL_HOME`):
    `Look.unpacked`. Every picture is read once and checked. wish: what is asked of the import. progress:
    gets how many pictures are done, and of how many. CatalogError when the source is no catalog, or
    damaged; a table of which no row is left gives a look with no items, whose notes say why.
    """
    opened = open_source(source, environment.home() if home is None else home)
    return _made(_Opened(str(source), opened, Pictures(opened.folder)), wish, progress)


def _made(opened: _Opened, wish: Wish, progress: Progress | None) -> Look:
    found = as_wished(opened.source, opened.pictures, wish, progress)
    own = {one.attribute: one.column.own for one in found.given}
    read = found.reading.catalog
    mapping = read.mapping and replace(
        read.mapping, attributes=tuple(own.get(name, name) for name in read.mapping.attributes or ())
    )
    catalog = replace(read, mapping=mapping)
    fits = [part.fit for part in found.layout.parts]
    seen = {path: opened.pictures.seen[path] for item in catalog for path in item.pictures}
    notes = [note for note in catalog.notes if note.kind not in TOLD_ELSEWHERE]
    if found.absent:
        notes.append(Note("wish-absent", {"names": few(found.absent)}))
    return Look(
        name=catalog.name,
        source=opened.name,
        catalog=catalog,
        wish=wish,
        preset=found.preset,
        table=fits[0].table.name if fits else "",
        tables=tuple(name for name in opened.source.found.tables if not name.endswith("attributes.json")),
        image=(fits[0].mapping.image or "") if fits else "",
        pictures=len(seen),
        bytes=sum(one.bytes for one in seen.values()),
        splits=dict(Counter(item.split for item in catalog if item.split)),
        unlabelled=sum(not item.labels for item in catalog),
        columns=tuple(_column_look(one, _texts(one, found, catalog)) for one in found.given),
        problems=found.problems,
        notes=tuple(notes),
        digests={path: one.digest for path, one in seen.items()},
        unreadable={path: one.fault for path, one in opened.pictures.seen.items() if one.fault},
        unpacked=opened.source.unpacked,
        _opened=opened,
    )


def _texts(one: Given, found: Wished, catalog: Catalog) -> Sequence[str]:
    """What would be imported of a column, one text an item. Of a column that is none of the catalog's, such as that of the
    images, and where no item is left: its cells as they are written, one a row."""
    name = "split" if one.role == "split" else found.names.get(one.column.own, "")
    shown = one.role in ("attribute", "filter", "title", "text", "split") and name in catalog.columns
    return catalog.column(name) if shown else one.column.cells


def _column_look(one: Given, texts: Sequence[str]) -> ColumnLook:
    counts = Counter(texts)
    blanks = counts.pop("", 0)
    return ColumnLook(
        name=one.column.name,
        role=one.role,
        proposed=one.proposed,
        why=one.why,
        values=tuple(counts.most_common(SHOWN)),
        distinct=len(counts),
        blanks=blanks,
        rows=len(texts),
        attribute=one.attribute,
        recognised=one.recognised.attribute,
        how="asked" if one.asked_name else one.recognised.how,
    )


def _said(note: Note) -> dict[str, Any]:
    return {"kind": note.kind, "facts": note.facts, "lines": list(note.lines), "text": note.text}

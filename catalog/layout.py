"""Which tables of a folder are read: `catalog.*`, the Hub's ImageFolder, or the one that fits its images."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from catalog.columns import why_not
from catalog.errors import CatalogError
from catalog.files import Files
from catalog.mapping import ENOUGH, Fit, Mapping, fit
from catalog.notes import Note, few
from catalog.published import of_marks
from catalog.table import OWN, Table
from catalog.text import TABLE_SUFFIXES
from catalog.vocabulary import known_split

Reader = Callable[[str, bool], Table]
"""Name of a table, and whether its first row names the columns → the table."""

VALUES = "attributes.json"
NOT_TABLES = frozenset(
    (VALUES, "meta.json", "dataset_info.json", "dataset_infos.json", "state.json", "package.json", "manifest.json")
)
MOST_TABLES = 20
TEXT = ".txt"
"""Excel's "Unicode text" is a table by this name; most other files of it are none, so that it has to fit."""
ORDER = (".csv", ".tsv", ".xlsx", ".jsonl", ".ndjson", ".parquet", ".json")


@dataclass(frozen=True)
class Part:
    """A table that is read, its mapping, and the split that its rows have where it names none."""

    fit: Fit
    split: str | None = None


@dataclass(frozen=True)
class Layout:
    """The tables that are read, none where the folder is the whole catalog, and what to say of the others."""

    parts: tuple[Part, ...] = ()
    notes: tuple[Note, ...] = ()


def lay_out(read: Reader, tables: Sequence[str], files: Files, asked: Mapping) -> Layout:
    """Choose among the tables of a folder. read: gives one of them. tables: paths below the folder.

    Read is what was asked for; else `catalog.*` at the top; else all `metadata.*` (ImageFolder); else
    tables that are named after splits; else the table of which most images are there. CatalogError
    when a table that was asked for, or `catalog.*`, cannot be read or has no column for the images.
    """
    tables = sorted((name for name in tables if _may_be_table(name)), key=_order)
    chosen = _chosen(tables, asked)
    parts = tuple(_part(read, name, files, asked) for name in chosen)
    if parts and (asked.table or _stem(chosen[0]) == "catalog" or all(part.fit.mapping.image for part in parts)):
        others = [name for name in tables if name not in chosen]
        _check(parts)
        return Layout(parts, (*_told(parts, others), *(note for part in parts for note in part.fit.notes)))
    return _best(read, tables, files, asked)


def _may_be_table(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in TABLE_SUFFIXES | {".xls", TEXT} and path.name.lower() not in NOT_TABLES


def _order(name: str) -> tuple[int, int, str]:
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    return len(path.parts), ORDER.index(suffix) if suffix in ORDER else len(ORDER), name


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.lower()


def _chosen(tables: Sequence[str], asked: Mapping) -> list[str]:
    if asked.table is not None:
        wanted = asked.table.replace("\\", "/").removeprefix("./")
        names = [name for name in tables if name == wanted] or [
            name for name in tables if name.casefold() == wanted.casefold()
        ]
        if not names:
            raise CatalogError(f"there is no table '{asked.table}'; there are: {few(tables) or 'none'}")
        return names[:1]
    tables = [name for name in tables if not name.lower().endswith(TEXT)]
    exact = [name for name in tables if name == "catalog.csv"]
    catalogs = exact or [name for name in tables if _stem(name) == "catalog" and "/" not in name]
    if catalogs:
        return catalogs[:1]
    hub = [name for name in tables if _stem(name) == "metadata"]
    if hub:
        suffix = PurePosixPath(hub[0]).suffix
        return [name for name in hub if PurePosixPath(name).suffix == suffix]
    top = [name for name in tables if known_split(_stem(name)) and "/" not in name]
    suffixes = {PurePosixPath(name).suffix for name in top}
    return top if len(top) > 1 and len(suffixes) == 1 else []


def _part(read: Reader, name: str, files: Files, asked: Mapping) -> Part:
    base = str(PurePosixPath(name).parent)
    base = "" if base == "." else base
    folders = [known_split(folder) for folder in PurePosixPath(base).parts]
    split = known_split(_stem(name)) or next((split for split in folders if split), None)
    table = read(name, True)
    if _lacks_header(table, base, files):
        table = of_marks(read(name, False))
    return Part(fit(table, base, files, asked), split)


def _lacks_header(table: Table, base: str, files: Files) -> bool:
    """Whether the first line names an image that is there, so that it is a row and no header."""
    cells = [name for name in table.header if PurePosixPath(name).suffix]
    return any(files.find(cell, base).how in ("exact", "case", "slashes") for cell in cells)


def _check(parts: Sequence[Part]) -> None:
    for part in parts:
        table = part.fit.table
        if not table.header:
            raise CatalogError(
                f"{table.name} is empty and has no column 'image'; its first line must name the columns, such as "
                "id,image,split"
            )
        if part.fit.mapping.image is None:
            raise CatalogError(
                f"{table.name} has no column 'image', and none of its columns names images of the folder; its columns: "
                f"{few(table.header, 40)}; rename one, or say which it is (--image-column)"
            )


def _told(parts: Sequence[Part], others: Sequence[str]) -> list[Note]:
    read = few(part.fit.table.name for part in parts)
    others = [name for name in others if not name.lower().endswith((".json", TEXT))]  # mostly no tables
    if others:
        return [Note("other-tables", {"table": read, "others": few(others)})]
    usual = all(_stem(part.fit.table.name) in ("catalog", "metadata") for part in parts)
    return [] if usual else [Note("table", {"table": read})]


def _worth(part: Part) -> tuple[bool, int, float, int]:
    """What speaks for a table among several: images that are there, then labels, then how many of both."""
    mapping, table = part.fit.mapping, part.fit.table
    own = {*OWN, *mapping.fields, mapping.id, mapping.split}
    columns = ([row.cells[name] for row in table.rows] for name in table.header if name not in own)
    labels = sum(why_not("", [cell for cell in cells if cell]) is None for cells in columns)
    return part.fit.share >= ENOUGH, labels, part.fit.share, len(table.rows)


def _best(read: Reader, tables: Sequence[str], files: Files, asked: Mapping) -> Layout:
    """The table that fits the images best, among the first twenty."""
    parts, unread, others = [], [], []
    for name in tables[:MOST_TABLES]:
        try:
            part = _part(read, name, files, asked)
        except CatalogError as error:
            if name.lower().endswith(TEXT):
                continue
            unread.append(Note("unread-table", {"table": name, "reason": str(error)}))
            continue
        if part.fit.table.rows or part.fit.table.left_out:
            parts.append(part)
            others += [] if name.lower().endswith(TEXT) else [part.fit.table]
    sure = asked.image is not None or not files.images
    fitting = [part for part in parts if part.fit.mapping.image is not None and (part.fit.share or sure)]
    if not fitting:
        if asked.asked and unread:
            raise CatalogError(unread[0].facts["reason"])
        notes = [Note("no-table", {"table": table.name, "columns": few(table.header, 40)}) for table in others]
        beyond = [name for name in tables[MOST_TABLES:] if not name.lower().endswith(TEXT)]
        if beyond:
            reason = f"no more than {MOST_TABLES} tables are looked at; name the right one (--table)"
            notes.append(Note("unread-table", {"table": few(beyond), "reason": reason}))
        return Layout((), (*unread, *notes))
    best = max(fitting, key=_worth)
    rest = [name for name in tables if name != best.fit.table.name]
    return Layout((best,), (*_told([best], rest), *unread, *best.fit.notes))

"""A table of text, whatever file it was in: a header, and rows with the lines they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from catalog.delimited import read_delimited
from catalog.errors import CatalogError
from catalog.notes import LeftOut, Note, few, shortened
from catalog.raw import Raw, Record
from catalog.records import read_jsonl, read_parquet, read_xlsx
from catalog.spilled import Columns
from catalog.text import read_text
from catalog.vocabulary import known_attribute, rank

OWN = ["id", "image", "split", "mask", "title", "more"]
"""Columns with a meaning of their own; all others may be attributes."""
_BRACES = str.maketrans("{}", "()")  # in a pattern of paths, braces stand around a column


@dataclass(frozen=True)
class Row:
    """A row: its line in the file, from 1, and a stripped text ('' = blank) for each column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A table as it was read, with what was odd about it.

    name: its path below the catalog. plain: columns that are no attributes because of their header → why.
    written: column → its name as the file has it, where that is another. form: the published data set whose lists
    these rows are, '' for a table as it was written.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    plain: dict[str, Note] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    form: str = ""


def read_table(path: Path, name: str, mend: bool = False, headed: bool = True) -> Table:
    """Read a table of any kind: CSV and the like in any encoding, JSON lines, Excel, Parquet.

    A broken row is left out and the rest is read. mend: whether to put together cells that hold the
    delimiter without quotes. headed: whether the first row names the columns; else they get numbers.
    CatalogError when the file cannot be read or is not what its name says.
    """
    raw = _raw(path, name)
    header, notes, plain = _header(raw, name) if headed else _numbers(raw, name)
    width = len(header)
    long = [record for record in raw.records if any(record.cells[width:])]
    sound = [record for record in raw.records if not any(record.cells[width:])]
    short = tuple(record.line for record in sound if len(record.cells) < width)
    joined = _joined(long, sound, width)
    left_out = [LeftOut(name, line, kind) for line, kind in raw.faults]
    left_out += [LeftOut(name, record.line, "cells") for record in long if record.line not in joined]
    if mend:
        sound = sorted([*sound, *(Record(line, cells) for line, cells in joined.items())])
    else:
        left_out += [LeftOut(name, line, "cells-mendable") for line in joined]
    if mend and joined:
        notes.append(Note("cells-mended", {"table": name}, tuple(joined)))
    if short:
        notes.append(Note("short", {"table": name}, short))
    rows = (Row(line, dict(zip(header, [*cells, *[""] * (width - len(cells))], strict=False))) for line, cells in sound)
    written = dict(zip(header, _tidy(raw.header), strict=False)) if headed else {}
    written = {column: text for column, text in written.items() if text and text != column}
    out = tuple(sorted(left_out, key=_line))
    return Table(name, header, tuple(rows), (*raw.notes, *notes), out, plain, written)


def _line(row: LeftOut) -> int:
    return row.line


def _raw(path: Path, name: str) -> Raw:
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return read_xlsx(path)
    if suffix == ".parquet":
        return read_parquet(path)
    if suffix == ".xls":
        raise CatalogError(f"{name} is an old Excel file; save it as .xlsx or CSV UTF-8")
    text = read_text(path)
    lines = suffix in (".jsonl", ".ndjson", ".json")
    raw = read_jsonl(text.text) if lines else read_delimited(text.text, tab=suffix == ".tsv")
    if text.guessed:
        raw.notes.append(Note("encoding", {"table": name, "encoding": text.encoding}))
    return raw


def _joined(long: Sequence[Record], sound: Sequence[Record], width: int) -> dict[int, list[str]]:
    """Line → cells of the rows with too many cells that fit the sound rows in one way only."""
    if not long:
        return {}
    columns = Columns([[*cells[:width], *[""] * (width - len(cells))] for _, cells in sound], width)
    found = ((line, columns.join(_trimmed(cells))) for line, cells in long)
    return {line: cells for line, cells in found if cells is not None}


def _trimmed(cells: list[str]) -> list[str]:
    end = max(place for place, cell in enumerate(cells, 1) if cell)
    return cells[:end]


def _filled(cells: Sequence[str]) -> int:
    return sum(cell != "" for cell in cells)


def _skip_title(raw: Raw, name: str) -> list[Note]:
    """Pass over a first row of one cell above a table of several columns: it is a title."""
    if _filled(raw.header) != 1 or not raw.records or _filled(raw.records[0].cells) < 2:
        return []
    title = next(cell for cell in raw.header if cell)
    raw.header = raw.records.pop(0).cells
    return [Note("title-row", {"table": name, "title": shortened(title)})]


def _numbers(raw: Raw, name: str) -> tuple[tuple[str, ...], list[Note], dict[str, Note]]:
    """Names for the columns of a table without a header, of which the first row is a row like the others."""
    raw.records.insert(0, Record(1, raw.header))
    width = max(_filled(raw.header), 1)
    header = tuple(f"column {number}" for number in range(1, width + 1))
    return header, [Note("no-header", {"table": name, "names": few(header)})], {}


def _header(raw: Raw, name: str) -> tuple[tuple[str, ...], list[Note], dict[str, Note]]:
    """Names of the columns, each once: as known ones are spelled, numbered where blank or there before."""
    notes = _skip_title(raw, name)
    written = _tidy(raw.header)
    while written and not written[-1]:
        written.pop()
    header: list[str] = []
    renamed, blank, twice = [], [], []
    for number, text in enumerate(written, 1):
        own = rank(text, OWN) if text else None
        known = OWN[own] if own is not None else known_attribute(text)
        column = known or text or f"column {number}"
        if column in header or (known is None and any(column.casefold() == other.casefold() for other in header)):
            column = _numbered(text, header)
            twice.append(column)
        elif not text:
            blank.append(column)
        elif known and own is None and text != known:
            renamed.append(f"'{text}' is '{known}'")
        header.append(column)
    if renamed:
        notes.append(Note("attribute-names", {"names": few(renamed)}))
    if blank:
        notes.append(Note("header-blank", {"table": name, "names": few(blank)}))
    if twice:
        notes.append(Note("header-twice", {"table": name, "names": few(twice)}))
    plain = dict.fromkeys(blank, Note("why-unnamed")) | dict.fromkeys(twice, Note("why-named-twice"))
    return tuple(header), notes, plain


def _tidy(header: Sequence[str]) -> list[str]:
    return [" ".join(text.translate(_BRACES).split()) for text in header]


def _numbered(text: str, header: Sequence[str]) -> str:
    number = 2
    while f"{text} ({number})" in header:
        number += 1
    return f"{text} ({number})"

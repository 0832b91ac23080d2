"""What a reader of any kind of table gives: a header and records, not yet judged."""

from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.notes import Note


class Record(NamedTuple):
    """The cells of a row, and its line in the file, from 1 (of a Parquet table: its row)."""

    line: int
    cells: list[str]


@dataclass
class Raw:
    """Cells as text. faults: line and kind of note of each row that could not be read."""

    header: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

"""The vocabulary file: which words people use for attributes and values."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from common.names import name_key
from retrieval.errors import RetrievalError

VOCABULARY = Path(__file__).with_name("vocabulary.csv")
"""The file that comes with Lapel."""
COLUMNS = ("attribute", "value", "english", "japanese", "offer")
BESIDE = "+"
"""At the end of a word: it counts only beside a word of its attribute ("long+" of a skirt's length)."""
ORDINARY = "*"
"""In place of an attribute: words that mean no value, though they look like a misspelled one ("block", "stone")."""


@dataclass(frozen=True)
class Entry:
    """A line of the file: the words for a value, or for an attribute where it names no value.

    attributes: the names that the attribute goes by; any of them may be a catalog's. values: the names that a catalog
    may give the value. words: other words for it. offer: values to offer instead in a catalog without this one.
    """

    attributes: tuple[str, ...]
    values: tuple[str, ...]
    words: tuple[str, ...]
    offer: tuple[str, ...] = ()


def read_entries(path: Path = VOCABULARY) -> tuple[Entry, ...]:
    """The lines of a vocabulary file: CSV in UTF-8 with the columns of `COLUMNS`; several names in one cell are parted
    by " / ".

    RetrievalError for a file that cannot be read so.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RetrievalError(f"cannot read the vocabulary {path}: {error}; give a CSV file in UTF-8") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise RetrievalError(
            f"the vocabulary {path} has no column '{missing[0]}'; name its columns {', '.join(COLUMNS)}"
        )
    return tuple(_entry(row, f"{path}:{rows.line_num}") for row in rows if any(row.values()))


def _entry(row: dict[str, str], place: str) -> Entry:
    cells = {name: _names(row[name] or "") for name in COLUMNS}
    if not cells["attribute"]:
        raise RetrievalError(f"{place} names no attribute; write one in the first column")
    return Entry(cells["attribute"], cells["value"], cells["english"] + cells["japanese"], cells["offer"])


def _names(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split(" / ") if name.strip())


def name_keys(names: Iterable[str]) -> frozenset[str]:
    """What the spellings of some names have in common, plural or not."""
    return frozenset(singular(name) for name in names)


def singular(name: str) -> str:
    text = name_key(name)
    return text[:-1] if text.isascii() and text.endswith("s") and not text.endswith("ss") else text

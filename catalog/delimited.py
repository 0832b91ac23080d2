"""CSV and TSV as programs and people write them: a row that is broken costs that row alone."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from catalog.raw import Raw, Record
from catalog.vocabulary import IMAGE_COLUMNS, rank

DELIMITERS = ",;\t|"
_SEP = re.compile(r"\s*sep=(.)\s*\n", re.IGNORECASE)


def read_delimited(text: str, tab: bool = False) -> Raw:
    """Rows of a text parted by comma, semicolon, tab or bar, as its first lines tell.

    tab: whether to take the tab wherever the text has one. Blank rows do not count. Rows in
    which the quotes do not match are faults of the kind `quotes`; the reader goes on with the line
    after the one where they begin.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    skipped = 0
    delimiter = ""
    if told := _SEP.match(text):  # Excel's own first line
        delimiter, skipped, text = told.group(1), 1, text[told.end() :]
    if not delimiter:
        delimiter = "\t" if tab and "\t" in text else _delimiter(text)
    raw = Raw()
    for line, cells in _records(text.split("\n"), delimiter):
        if cells is None:
            raw.faults.append((line + skipped, "quotes"))
        elif any(cells := [cell.strip() for cell in cells]):
            if not raw.header:
                raw.header = cells
            else:
                raw.records.append(Record(line + skipped, cells))
    return raw


def _delimiter(text: str) -> str:
    """The delimiter that the first lines have equally many of, be there a title above them."""
    lines = list(islice((line for line in text[:65536].split("\n") if line.strip()), 10))
    if not lines or rank(lines[0].strip().strip('"'), IMAGE_COLUMNS) is not None:
        return ","  # the only column

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = Counter(count for line in lines if (count := line.count(delimiter)))
        (count, agreeing), *_ = counts.most_common(1) or [(0, 0)]
        return agreeing, count

    return max(DELIMITERS, key=agreement)


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Line, from 1, and cells of each record; None where its quotes do not match."""
    width = at = 0
    while at < len(lines):
        reader = csv.reader((line + "\n" for line in islice(lines, at, None)), delimiter=delimiter, strict=True)
        start = at
        try:
            for cells in reader:
                end = start + reader.line_num
                if end - at > 1 and width and _filled(cells) > width:
                    raise csv.Error("a stray quote took in the next lines")
                width = max(width, _filled(cells)) if end - at == 1 else width
                yield at + 1, cells
                at = end
            return
        except csv.Error:
            yield at + 1, None
            at += 1


def _filled(cells: list[str]) -> int:
    """Number of cells up to the last that is not blank."""
    return max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)

"""Rows in which a cell holds the delimiter without quotes: put together where only one way fits."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.text import is_number

SOUND_ROWS = 5
"""Rows that a column is judged by, at least."""


@dataclass(frozen=True)
class _Column:
    """What the sound rows have in a column. values: None where it is free text."""

    values: frozenset[str] | None
    numbers: bool
    suffixes: frozenset[str] | None

    def fits(self, cell: str) -> bool:
        if self.values is not None:
            return cell in self.values
        if not cell:
            return True
        if self.numbers:
            return is_number(cell)
        return self.suffixes is None or _suffix(cell) in self.suffixes


class Columns:
    """The columns of a table as its sound rows have them."""

    def __init__(self, rows: Sequence[Sequence[str]], width: int) -> None:
        self._enough = len(rows) >= SOUND_ROWS
        self._columns = [_judged([row[place] for row in rows]) for place in range(width)] if self._enough else []

    def join(self, cells: Sequence[str], delimiter: str = ", ") -> list[str] | None:
        """The row with one cell a column; None unless exactly one way of joining neighbours fits all columns."""
        if not self._enough or len(cells) > 4 * len(self._columns):
            return None
        width, count = len(self._columns), len(cells)
        ways: list[list[list[int]]] = [[[] for _ in range(count + 1)] for _ in range(width + 1)]
        total = [[0] * (count + 1) for _ in range(width + 1)]
        total[0][0] = 1
        for column in range(1, width + 1):
            for end in range(column, count + 1):
                for start in range(column - 1, end):
                    if total[column - 1][start] and self._columns[column - 1].fits(delimiter.join(cells[start:end])):
                        total[column][end] += total[column - 1][start]
                        ways[column][end].append(start)
        if total[width][count] != 1:
            return None
        row, end = [], count
        for column in range(width, 0, -1):
            (start,) = ways[column][end]
            row.append(delimiter.join(cells[start:end]))
            end = start
        return row[::-1]


def _judged(cells: list[str]) -> _Column:
    found = set(cells)
    closed = len(found) * 2 <= len(cells)
    filled = found - {""}
    suffixes = {_suffix(cell) for cell in filled}
    return _Column(
        values=frozenset(found) if closed else None,
        numbers=bool(filled) and all(map(is_number, filled)),
        suffixes=frozenset(suffixes) if filled and "" not in suffixes and len(suffixes) <= 3 else None,
    )


def _suffix(cell: str) -> str:
    _, dot, suffix = cell.rpartition(".")
    return suffix.lower() if dot and suffix.isalnum() and len(suffix) <= 5 else ""

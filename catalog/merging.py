"""Entries that are one item: its pictures together, and of each column what the first of them says."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.assembly import GROUP, Entry


@dataclass(frozen=True)
class Merged:
    """One item of several entries. rows: their places among the entries, in order."""

    id: str
    pictures: tuple[str, ...]
    split: str | None
    cells: dict[str, str]
    rows: tuple[int, ...]


def merge(entries: Sequence[Entry]) -> list[Merged]:
    """Entries that share a text of `groups`, be it through others, become one; in the order of their first."""
    merged = [_merged(entries, rows) for rows in _together(entries)]
    taken: set[str] = set()
    unique = []
    for item in merged:
        id, number = item.id, 2
        while id in taken:
            id, number = f"{item.id}-{number}", number + 1
        taken.add(id)
        unique.append(item if id == item.id else Merged(id, item.pictures, item.split, item.cells, item.rows))
    return unique


def _together(entries: Sequence[Entry]) -> list[tuple[int, ...]]:
    parent = list(range(len(entries)))

    def first(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    holder: dict[str, int] = {}
    for row, entry in enumerate(entries):
        for text in entry.groups:
            one, other = sorted((first(row), first(holder.setdefault(text, row))))
            parent[other] = one
    groups: dict[int, list[int]] = {}
    for row in range(len(entries)):
        groups.setdefault(first(row), []).append(row)
    return [tuple(rows) for _, rows in sorted(groups.items())]


def _merged(entries: Sequence[Entry], rows: tuple[int, ...]) -> Merged:
    first = entries[rows[0]]
    if len(rows) == 1:
        return Merged(_id(first), first.pictures, first.split, first.cells, rows)
    members = [entries[row] for row in rows]
    pictures = tuple(dict.fromkeys(picture for entry in members for picture in entry.pictures))
    split = next((entry.split for entry in members if entry.split), None)
    names = dict.fromkeys(name for entry in members for name in entry.cells)
    cells = {name: first_of([entry.cells.get(name, "") for entry in members]) for name in names}
    return Merged(_id(first), pictures, split, cells, rows)


def _id(entry: Entry) -> str:
    """The id of the first row; where no row has one, the text of the column that makes it one with others."""
    return entry.id if entry.named else next((t[len(GROUP) :] for t in entry.groups if t.startswith(GROUP)), entry.id)


def first_of(texts: Sequence[str]) -> str:
    """The first that is not blank."""
    return next((text for text in texts if text), "")

"""What is said about a catalog: notes, and the rows that were left out of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from catalog.sentences import SENTENCES

SHOWN = 10

TEXTS = {
    "no-rows": "the table of '{catalog}' names no items; add a line for each image; its columns: {columns}",
    "only-addresses": "the images of '{catalog}' are web addresses ({examples}), and those are not fetched; download "
    "the images into the folder: they are found by the last part of their address; its columns: {columns}",
    "no-items": "no item of '{catalog}' is left: {why}; its columns: {columns}",
    "encoding": "{table} is read as {encoding}; if letters look wrong, save it as UTF-8",
    "table": "the labels come from {table}",
    "other-tables": "{table} is read, these tables are not: {others}; name another one to read it (--table)",
    "no-table": "{table} is not read: none of its columns names images of this folder; its columns: {columns}; "
    "say how its images are named (--image-column, such as 'images/{{id}}.jpg')",
    "unread-table": "{table} is not read: {reason}",
    "sheets": "{table}: the sheet '{sheet}' is read, these are not: {others}",
    "folders": "no table is read: the folders of an image are its labels, as: {attributes}",
    "folders-mixed": "no table is read, and the folders lie at different depths, so that they are no labels: {folders}",
    "split-folders": "the splits come from the folders: {splits}",
    "image-column": "{table} has no column 'image': the images are taken from the column '{column}'",
    "image-pattern": "{table} has no column 'image': the images are taken from the pattern '{pattern}'",
    "id-column": "the ids are taken from the column '{column}'",
    "split-column": "the splits are taken from the column '{column}'",
    "columns-mapped": "columns under other names: {names}",
    "title-row": "{table}: the first row is a title ({title}), the next one names the columns",
    "no-header": "{table} has no header: its columns are called {names}; add a first line that names them",
    "header-blank": "{table} has columns without a name: {names}; give each a name, or remove it",
    "header-twice": "{table} has a column twice: {names}; the first is read, the others are plain columns",
    "cells": "{table}, {lines}: left out, since there are more cells than columns; put quotes around a cell that holds "
    "the delimiter",
    "cells-mendable": "{table}, {lines}: left out, since a cell holds the delimiter without quotes around it; put "
    "quotes around it, or mend: it can be put together again",
    "cells-mended": "{table}, {lines}: a cell that holds the delimiter was put together again",
    "quotes": "{table}, {lines}: left out, since the quotes do not match; check the quotes",
    "short": "{table}, {lines}: fewer cells than columns; those that lack are taken as blank",
    "json": "{table}, {lines}: left out, since it is not a JSON object; write one object a line",
    "blank-image": "{table}, {lines}: left out, since no image is named; name one or remove the line",
    "address": "{table}, {lines}: left out, since web addresses are not fetched ({examples}); download the images into "
    "the folder: they are found by the last part of their address",
    "outside": "{table}, {lines}: left out, since the path of the image leads out of the catalog ({examples}); use "
    "paths relative to its folder",
    "missing": "{table}, {lines}: left out, since the image is not there ({examples}); add it or remove the line",
    "repeated": "{table}, {lines}: left out, since an earlier line says the same",
    "id-twice": "{table}, {lines}: an id that an earlier line has ({examples}); a number was put behind it",
    "found-case": "images are found under names that differ in upper and lower case, or in how letters are composed: "
    "{examples}",
    "found-slashes": "paths of images are read as paths below the folder: {examples}",
    "found-suffix": "images are found under another suffix: {examples}",
    "found-folder": "images are found in another folder: {examples}",
    "found-address": "web addresses are not fetched, but the folder has images of their names: {examples}",
    "found-several": "several images are named in one cell, the first that is there is the item's, the others are "
    "further ones of it: {examples}",
    "variants": "{table}, {lines}: blank cells are filled from the first row of the same '{column}'",
    "split-names": "names of splits: {names}",
    "split-unknown": "splits of other names than train, valid and test: {names}; nothing uses them unless asked for",
    "attribute-names": "attributes under their known names: {names}",
    "not-attribute": "the column '{column}' is not taken as an attribute: {reason}",
    "values-unlisted": "attributes.json does not list these values of '{attribute}': {values}",
    "attributes-unknown": "attributes.json names attributes that no column holds: {names}",
    "near-equal": "values of '{attribute}' differ only in case, blanks or width, and count as different: {values}; "
    "mending makes them one",
    "markers": "'{attribute}' has values that say that there is none: {values}; mending makes them blank",
    "doubtful": "'{attribute}' has values that may say that there is none: {values}; blank them if they do",
    "several": "'{attribute}' has several values in one cell: {values}; mending leaves such a label blank",
    "one-value": "attributes with one value tell no items apart, and their figures mean nothing: {values}; mending "
    "makes them plain columns",
    "single-images": "'{attribute}' has values with a single image{where}, so that a query by it finds nothing: "
    "{values}",
    "no-labels": "no item has a label: there is nothing to measure by or to learn from; the columns are {columns}",
    "unused-images": "images of the folder that no line of {table} names are not read: {count} ({examples})",
    "image-twice": "{table}, {lines}: an image that an earlier line has; a search finds both",
    "twins-left-out": "{split} images that have a byte-identical twin in {others}, and are left out: {count}",
    "derived": "attributes read off {source}: {counts}",
    "mended": "mended: {what}",
    "files": "{what}",
    "unreadable": "{table}, {lines}: left out, since the image cannot be read ({examples}); save it again",
    "twin": "{table}, {lines}: left out, since an earlier line has the same image, byte for byte ({examples})",
    "more-columns": "further images of an item are taken from: {names}",
    "group-differs": "rows of one item differ in '{attribute}', and the first row's label is taken: {values}",
    "wish-absent": "these columns are not there, and what was asked of them is passed over: {names}",
    **SENTENCES,
}
"""Kind of a note → its sentence; a page in another language has its own for the same facts."""

MENDABLE = frozenset({"cells-mendable", "near-equal", "markers", "several", "one-value"})


@dataclass(frozen=True)
class Note:
    """Something odd that stopped nothing.

    kind: a key of `TEXTS`. facts: what its sentence is filled with. lines: lines of the table that it
    is about, from 1, all of them.
    """

    kind: str
    facts: dict[str, str] = field(default_factory=dict)
    lines: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """One English sentence, with the first ten lines."""
        lines = f"{'line' if len(self.lines) == 1 else 'lines'} {few(self.lines)}"
        return " ".join(TEXTS[self.kind].format(**{"lines": lines, **self.facts}).split())

    @property
    def mendable(self) -> bool:
        """Whether opening the catalog with `mend=True` puts it right."""
        return self.kind in MENDABLE


@dataclass(frozen=True)
class LeftOut:
    """A row of a table that did not become an item.

    reason: kind of the note that says why. image: as the table has it.
    """

    table: str
    line: int
    reason: str
    id: str = ""
    image: str = ""


def few(names: Iterable[object], most: int = SHOWN) -> str:
    """The first names, and how many more there are."""
    texts = [f"{name:,}" if isinstance(name, int) else shortened(str(name)) for name in names]
    more = f" and {len(texts) - most:,} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def shortened(text: str, most: int = 60) -> str:
    """A text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def notes_of_left_out(left_out: Sequence[LeftOut]) -> list[Note]:
    """One note for each table and reason, with all its lines and the first images as examples."""
    groups: dict[tuple[str, str], list[LeftOut]] = {}
    for row in left_out:
        groups.setdefault((row.table, row.reason), []).append(row)
    return [
        Note(
            reason,
            {"table": table, "examples": few((row.image for row in rows), 3)},
            tuple(row.line for row in rows),
        )
        for (table, reason), rows in groups.items()
    ]

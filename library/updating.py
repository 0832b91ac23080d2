"""A table without pictures that updates the labels of a catalog: first what it would change, then the change."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from catalog import MOST_VALUES, Catalog, CatalogError, read_table, recognise
from common.names import find_name, name_key
from library.errors import LibraryError
from library.given import TABLE
from library.ledger import Ledger

ID_NAMES = ("id", "item", "item_id", "sku", "handle", "商品ID", "商品番号")
OTHERS = ("image", "split", "mask", "title", "more")
"""Columns of a table that are no labels."""


@dataclass(frozen=True)
class ColumnUpdate:
    """What a column would change. attribute: as the catalog spells it. new: whether it is a new attribute."""

    attribute: str
    new: bool
    changes: int
    same: int
    blank: int


@dataclass(frozen=True)
class LabelUpdate:
    """changes: item, attribute, value. columns: those that are labels. passed: columns that are none. unknown: ids that the
    catalog does not have."""

    changes: tuple[tuple[str, str, str], ...]
    columns: tuple[ColumnUpdate, ...]
    passed: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: int


def read_update(path: Path, catalog: Catalog) -> LabelUpdate:
    """What a table of labels would change; nothing is changed yet. Blank cells leave a label as it is.

    LibraryError where it cannot be read, or has no column of ids that the catalog knows.
    """
    try:
        table = read_table(path, path.name)
    except CatalogError as error:
        raise LibraryError(str(error)) from error
    items = {item.id: item for item in catalog.items}
    header = list(table.header)
    id = next((name for name in header if name_key(name) in {name_key(one) for one in ID_NAMES}), header[0])
    rows = [row.cells for row in table.rows]
    if not any(cells[id] in items for cells in rows):
        raise LibraryError(
            f"'{path.name}' names no item of the catalog in its column '{id}'; give it a column 'id' with the items' ids"
        )
    found, passed = _columns(header, id, [cells for cells in rows if cells[id] in items], catalog)
    changes: dict[tuple[str, str], str] = {}
    updates = []
    for column, attribute in found.items():
        count = {"changes": 0, "same": 0, "blank": 0}
        for cells in rows:
            item, value = items.get(cells[id]), cells[column]
            if item is None:
                continue
            kind = "blank" if not value else "same" if item.labels.get(attribute) == value else "changes"
            count[kind] += 1
            if kind == "changes":
                changes[item.id, attribute] = value
        known = any(one.name == attribute for one in catalog.attributes)
        updates.append(ColumnUpdate(attribute, not known, count["changes"], count["same"], count["blank"]))
    unknown = dict.fromkeys(cells[id] for cells in rows if cells[id] and cells[id] not in items)
    listed = tuple((item, attribute, value) for (item, attribute), value in changes.items())
    return LabelUpdate(listed, tuple(updates), tuple(passed), tuple(unknown), len(rows))


def apply_update(ledger: Ledger, update: LabelUpdate) -> int:
    """Give the labels of a table; gives how many. Items that have gone meanwhile are passed over."""
    there = {item.id for item in ledger.catalog.items}
    changes = [change for change in update.changes if change[0] in there]
    ledger.label_all(changes, TABLE)
    return len(changes)


def _columns(
    header: Iterable[str], id: str, rows: list[dict[str, str]], catalog: Catalog
) -> tuple[dict[str, str], list[str]]:
    """Column → attribute, be it by another name for it (`baseColour` of color), and the columns that are no labels: those
    that the catalog keeps beside, and texts."""
    attributes = [attribute.name for attribute in catalog.attributes]
    beside = {name_key(name) for item in catalog.items for name in item.columns}
    found: dict[str, str] = {}
    passed = []
    for column in header:
        if column == id:
            continue
        try:
            known = find_name(column, attributes) or find_name(recognise(column).attribute or column, attributes)
        except ValueError as error:
            raise LibraryError(f"the column {error}") from error
        values = {cells[column] for cells in rows} - {""}
        chosen = known or column
        fresh = column not in OTHERS and name_key(column) not in beside and 0 < len(values) <= MOST_VALUES
        if chosen not in found.values() and (known or fresh):
            found[column] = chosen
        else:
            passed.append(column)
    return found, passed

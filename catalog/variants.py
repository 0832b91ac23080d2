"""Exports of shop systems with a row a variant or image: what only the first row of a product says."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from catalog.mapping import Mapping
from catalog.notes import Note
from catalog.table import Row, Table
from catalog.vocabulary import key, known_attribute

GROUPS = ("handle", "parentsku", "parentid", "itemgroupid", "productid", "parent")
_COUNTED = frozenset(("imageposition", "position", "variantinventoryqty", "variantgrams", "imagealttext"))
_OF_ROW = ("image", "img", "variant", "option", "sku", "barcode", "picture", "photo", "position", "mask", "split", "id")


@dataclass(frozen=True)
class Filled:
    """The rows of a table, and its columns that are no attributes → why. product: the column of which later rows with the same
    text are further pictures of the first, None where there is none.
    """

    rows: Sequence[Row]
    plain: dict[str, Note] = field(default_factory=dict)
    product: str | None = None
    notes: tuple[Note, ...] = ()


def filled(table: Table, mapping: Mapping) -> Filled:
    """The rows, in which blank cells of a product's later rows are as in its first.

    A product is made of the rows with the same text in a column such as `Handle`, of which the later
    ones leave at least half of what the first says blank, or of the rows whose `Parent` names the product's own
    row. What belongs to the row alone (variant,
    option, image) is not filled. Pairs of columns such as `Option1 Name`, `Option1 Value` become one column.
    """
    column = next((name for group in GROUPS for name in table.header if key(name) == group), None)
    options = _options(table.header)
    if (column is None or column in mapping.fields) and not options:
        return Filled(table.rows)
    own = {column, *mapping.fields}
    shared = [name for name in table.header if name != column and not any(part in key(name) for part in _OF_ROW)]
    parents = _parents(table, column)
    first = dict(parents)
    rows, lines, bare = [], [], 0
    for row in table.rows:
        product = row.cells[column] if column else ""
        head = first.setdefault(product, row) if product else row
        said = [name for name in shared if head.cells[name]]
        blank = [name for name in said if not row.cells[name]]
        cells = row.cells | _optional(row, head, options)
        if blank and (product in parents or len(blank) * 2 >= len(said)):
            lines.append(row.line)
            bare += all(key(name) in _COUNTED or not row.cells[name] for name in table.header if name not in own)
            cells |= {name: head.cells[name] for name in blank}
        rows.append(Row(row.line, cells))
    if not lines and not options:
        return Filled(table.rows)
    notes = [Note("variants", {"table": table.name, "column": column or ""}, tuple(lines))] if lines else []
    counted = [name for name in table.header if key(name) in _COUNTED]
    plain = dict.fromkeys(counted, Note("why-variants")) | ({column: Note("why-product")} if column else {})
    plain |= dict.fromkeys((name for pair in options for name in pair), Note("why-option"))
    pictures = column and lines and (key(column) == "handle" or bare * 2 > len(lines))
    return Filled(rows, plain, column if pictures else None, tuple(notes))


def _parents(table: Table, column: str | None) -> dict[str, Row]:
    """WooCommerce's `Parent` names the SKU of a product's own row, or its ID as `id:12`."""
    if column is None or key(column) != "parent":
        return {}
    columns = [(name, "id:" if key(name) == "id" else "") for name in table.header if key(name) in ("sku", "id")]
    return {f"{mark}{row.cells[name]}": row for name, mark in columns for row in table.rows if row.cells[name]}


def _options(header: Sequence[str]) -> list[tuple[str, str]]:
    """Columns of the names and the values of options: `Option1 Name` (Shopify), `Attribute 1 name` (WooCommerce)."""
    columns = {key(name): name for name in header}
    pairs = [
        (columns.get(f"{kind}{number}name"), columns.get(f"{kind}{number}{value}"))
        for kind, value in (("option", "value"), ("attribute", "value(s)"))
        for number in range(1, 6)
    ]
    return [(name, value) for name, value in pairs if name and value]


def _optional(row: Row, head: Row, options: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The values of a row's options under the names that the first row of the product gives them."""
    named = [(row.cells[name] or head.cells[name], row.cells[value]) for name, value in options]
    columns = {known_attribute(name) or name: value for name, value in named if name and name.lower() != "title"}
    return {name: value for name, value in columns.items() if not row.cells.get(name)}

"""`catalog.csv` and `attributes.json` as rows of text, checked."""

import csv
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from catalog.errors import CatalogError
from catalog.items import Attribute

CSV = "catalog.csv"
VALUES = "attributes.json"
NOT_ATTRIBUTES = ("id", "image", "split", "mask", "title")
FEW_VALUES = 50
FEW_NUMBERS = 20
MOST_BYTES = 512 * 2**20


@dataclass(frozen=True)
class Rows:
    """A table of text: `header`, and one dict a row with a stripped text ('' = blank) for each name of the header."""

    header: list[str]
    rows: list[dict[str, str]]


def read_rows(path: Path) -> Rows:
    """Read a CSV with comma, semicolon or tab, in UTF-8 (BOM or not) or UTF-16 with BOM; blank lines do not count.

    CatalogError when it cannot be read, has no `image` column, a name twice, or a row longer than the header.
    """
    text = _text(path)
    first = text.lstrip("\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        header = [_known(name.strip()) for name in next(lines, [])]
        _check_header(header)
        rows = []
        for line in lines:
            cells = [cell.strip() for cell in line]
            if any(cells[len(header) :]):
                raise CatalogError(f"{path.name}, line {lines.line_num}: more cells than the header has columns")
            if any(cells):
                cells += [""] * (len(header) - len(cells))
                rows.append(dict(zip(header, cells, strict=False)))
    except csv.Error as error:
        raise CatalogError(f"{path.name}, line {lines.line_num}: {error}; check the quotes") from error
    if not rows:
        raise CatalogError(f"{path.name} names no items; add a line for each image")
    return Rows(header, rows)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CatalogError(f"{path.name} is larger than {MOST_BYTES >> 20} MB; split the catalog")
        content = path.read_bytes()
    except OSError as error:
        raise CatalogError(f"{path} cannot be read ({error.strerror or error})") from error
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise CatalogError(f"{path.name} is not UTF-8 text; save it as CSV UTF-8") from error
    if "\0" in text:
        raise CatalogError(f"{path.name} is not text; save it as CSV UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _known(name: str) -> str:
    return name.lower() if name.lower() in NOT_ATTRIBUTES else name


def _check_header(header: list[str]) -> None:
    while header and not header[-1]:
        header.pop()
    twice = sorted({name for name in header if header.count(name) > 1 or not name})
    if "image" not in header:
        raise CatalogError(f"{CSV} has no column 'image'; its first line must name the columns, such as id,image,split")
    if twice:
        raise CatalogError(f"{CSV} names a column twice or not at all: '{twice[0]}'; give each its own name")


def relative(image: str) -> str:
    """The path of an image below its catalog, with forward slashes; CatalogError when it leads out of the folder."""
    slashed = image.replace("\\", "/")
    path = PurePosixPath(slashed)
    if path.is_absolute() or re.match(r"^[A-Za-z]:", slashed) or ".." in path.parts:
        raise CatalogError(f"the image path '{image}' leads out of the catalog; use paths relative to its folder")
    return path.as_posix()


def read_values(path: Path) -> dict[str, list[str]]:
    """Attribute → values in order, from `attributes.json`; nothing where there is no such file."""
    if not path.exists():
        return {}
    try:
        orders = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise CatalogError(f"{path.name} is not JSON ({error}); mend or remove it") from error
    sound = isinstance(orders, dict) and all(
        isinstance(values, list) and all(isinstance(value, str) for value in values) and len(set(values)) == len(values)
        for values in orders.values()
    )
    if not sound:
        raise CatalogError(f'{path.name} must look like {{"color": ["red", "blue"]}}, each value once')
    return orders


def find_attributes(table: Rows, orders: dict[str, list[str]]) -> tuple[list[Attribute], list[str]]:
    """The attributes of a table, and what to say about columns and values that were taken otherwise than written.

    Every column is an attribute but id, image, split, mask and title; columns without any label; free text (more than
    50 different values, and more different values than half of the labelled items); and quantities (all values
    numbers, more than 20 different ones). A column named in `orders` is an attribute always, with its values in that
    order; values not in it follow, sorted.
    """
    attributes, notes = [], []
    for name in table.header:
        if name in NOT_ATTRIBUTES:
            continue
        labels = [row[name] for row in table.rows if row[name]]
        found = set(labels)
        order = orders.get(name)
        if order is not None:
            extra = sorted(found - set(order))
            if extra:
                notes.append(f"{VALUES} does not list these values of '{name}': {', '.join(extra[:5])}")
            attributes.append(Attribute(name, (*order, *extra)))
        elif reason := _plain(labels, found):
            notes.append(f"the column '{name}' is not taken as an attribute: {reason}")
        else:
            attributes.append(Attribute(name, tuple(sorted(found))))
    unknown = [name for name in orders if name not in table.header]
    if unknown:
        notes.append(f"{VALUES} names attributes that {CSV} has no column for: {', '.join(unknown[:5])}")
    return attributes, notes


def _plain(labels: list[str], found: set[str]) -> str:
    if not found:
        return "no item is labelled"
    if len(found) > FEW_VALUES and len(found) * 2 > len(labels):
        return f"free text, {len(found)} different values on {len(labels)} items"
    if len(found) > FEW_NUMBERS and all(map(_is_number, found)):
        return f"{len(found)} different numbers"
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

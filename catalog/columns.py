"""Which columns of a table are attributes, and which are texts, addresses, prices and quantities."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from catalog.errors import CatalogError
from catalog.files import is_address
from catalog.items import Attribute
from catalog.notes import Note, few
from catalog.text import decode, is_number
from catalog.vocabulary import (
    ID_COLUMNS,
    IMAGE_COLUMNS,
    KNOWN_ATTRIBUTES,
    PRICE_COLUMNS,
    TEXT_COLUMNS,
    known_attribute,
    rank,
)

FEW_VALUES = 50
FEW_NUMBERS = 20
FEW_LABELS = 8
LONG_TEXT = 40
SAMPLE = 1_000
_COINS = "USD|EUR|GBP|JPY|CNY|RMB|INR|AUD|CAD|NZD|CHF|SEK|NOK|DKK|PLN|KRW|TWD|HKD|SGD|BRL|MXN|TRY|ZAR"
_MONEY = re.compile(rf"^([$€£¥￥₹]|({_COINS}) ?)-?\d[\d.,]*$|^-?\d[\d.,]* ?([$€£¥￥₹円]|{_COINS})$")
_DATE = re.compile(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T]\d{1,2}:\d{2}.*)?$|^\d{1,2}[/.]\d{1,2}[/.]\d{4}$")
_MARKUP = re.compile(r"<[a-zA-Z/][^>]*>")


@dataclass(frozen=True)
class Listed:
    """What `attributes.json` says: attribute → values in order, plain column → None; and in which encoding, if guessed."""

    values: dict[str, list[str] | None] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def read_values(path: Path) -> Listed:
    """Read `attributes.json`; nothing where there is no such file. CatalogError when it is damaged."""
    if not path.exists():
        return Listed()
    try:
        text = decode(path.read_bytes(), path.name)
        orders = json.loads(text.text)
    except (OSError, ValueError, RecursionError) as error:
        raise CatalogError(f"{path.name} is not JSON ({error}); mend or remove it") from error
    sound = isinstance(orders, dict) and all(
        values is None
        or (isinstance(values, list) and all(isinstance(v, str) for v in values) and len(set(values)) == len(values))
        for values in orders.values()
    )
    if not sound:
        raise CatalogError(f'{path.name} must look like {{"color": ["red", "blue"]}}, each value once')
    notes = (Note("encoding", {"table": path.name, "encoding": text.encoding}),) if text.guessed else ()
    return Listed({known_attribute(name) or name: values for name, values in orders.items()}, notes)


def find_attributes(
    columns: Mapping[str, Sequence[str]], orders: Mapping[str, Sequence[str]], plain: Mapping[str, Note | None]
) -> tuple[list[Attribute], list[Note]]:
    """The attributes among columns of texts ('' = unlabelled), and notes of what was taken otherwise than written.

    orders: attribute → values in their order; its columns are attributes always, with values not in it
    behind, sorted. plain: columns that are no attributes → why, None where nobody needs to be told. The
    others are attributes unless `why_not` says why not.
    """
    attributes, notes, why = [], [], None
    for name, cells in columns.items():
        labels = [cell for cell in cells if cell]
        found = set(labels)
        order = orders.get(name)
        if order is not None:
            extra = sorted(found - set(order))
            if extra:
                notes.append(Note("values-unlisted", {"attribute": name, "values": few(extra, 5)}))
            attributes.append(Attribute(name, (*order, *extra)))
        elif name in plain or (why := why_not(name, labels)):
            if why := plain.get(name, why):
                notes.append(Note("not-attribute", {"column": name, "reason": why.text}))
        else:
            attributes.append(Attribute(name, tuple(sorted(found))))
    unknown = [name for name in orders if name not in columns]
    if unknown:
        notes.append(Note("attributes-unknown", {"names": few(unknown, 5)}))
    return attributes, notes


def why_not(name: str, labels: Sequence[str]) -> Note | None:
    """Why a column is no attribute, None where it may be one. labels: its cells that are not blank.

    None are: columns without labels; web addresses; money; dates; markup; more than 50 different values, or
    long texts, on less than twice as many items; more than 20 different numbers. In a small catalog,
    of which such counts say little: texts, numbers or ids that hardly repeat, the sooner so where the
    column is named as such (`description`, `sku`, `price`).
    """
    found = set(labels)
    count, many = len(found), len(found) * 2 > len(labels)
    told = {"count": f"{count:,}", "labels": f"{len(labels):,}"}
    if not found:
        return Note("why-empty")
    some = labels[:: max(1, len(labels) // SAMPLE)]
    if sum(map(is_address, some)) * 2 > len(some):
        return Note("why-addresses")
    if rank(name, PRICE_COLUMNS) is not None or all(map(_MONEY.match, found)):
        return Note("why-prices")
    if all(map(_DATE.match, found)):
        return Note("why-dates")
    if sum(_MARKUP.search(label) is not None for label in some) * 2 > len(some):
        return Note("why-markup")
    if sum(label.startswith(("{", "[")) for label in some) * 2 > len(some):
        return Note("why-structured")
    numbers = all(map(is_number, found))
    if count > FEW_NUMBERS and numbers:
        return Note("why-numbers", told)
    if count > FEW_VALUES and many:
        return Note("why-free-text", told)
    if many and sum(map(len, found)) > LONG_TEXT * count:
        return Note("why-long", told)
    if many and (rank(name, TEXT_COLUMNS) is not None or _is_own(name)):
        return Note("why-named", told)
    nearly_all = len(labels) >= FEW_LABELS and count * 5 >= len(labels) * 4
    if nearly_all and name not in KNOWN_ATTRIBUTES:
        return Note("why-unique", told)
    if many and numbers and len(labels) >= FEW_LABELS:
        return Note("why-quantities", told)
    return None


def _is_own(name: str) -> bool:
    return rank(name, ID_COLUMNS) is not None or rank(name, IMAGE_COLUMNS) is not None

"""Entries → items with labels: which columns are attributes, what of their labels is wrong, mended if asked."""

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.assembly import Entry, Gathered
from catalog.columns import find_attributes
from catalog.items import Attribute, Item
from catalog.labels import (
    Faults,
    Several,
    find_faults,
    notes_of_faults,
    notes_of_values,
    one_value,
)
from catalog.notes import Note, few
from catalog.table import OWN

MOST_VALUES = 5_000
"""Columns of more different texts are no attributes, and their spellings are not looked at."""


@dataclass(frozen=True)
class Mending:
    """Whether labels are put right, and what a cell with several values becomes."""

    mend: bool = False
    several: Several = "blank"


@dataclass(frozen=True)
class Labelled:
    """What a catalog is made of."""

    items: tuple[Item, ...]
    attributes: tuple[Attribute, ...]
    notes: tuple[Note, ...]


def label(
    gathered: Gathered, listed: Dict[str, Sequence[str] | None], wanted: Sequence[str] | None, mending: Mending
) -> Labelled:
    """The items and attributes of what was gathered.

    listed: attribute → its values in order, plain column → None, as `attributes.json` has them. wanted: the columns to take
    as attributes, and no others; None: those that look like it.
    """
    entries = gathered.entries
    orders = {name: values for name, values in listed.items() if values is not None}
    names = [name for name in gathered.header if (name not in OWN if wanted is None else name in wanted)]
    written = {name: [entry.cells.get(name, "") for entry in entries] for name in names}
    written = {name: cells for name, cells in written.items() if any(name in entry.cells for entry in entries)}
    faults = {name: _faults(cells, orders.get(name, ())) for name, cells in written.items()}
    meant = {name: _mended(cells, faults[name], mending) for name, cells in written.items()}
    if wanted is not None:
        orders = {name: orders.get(name) or sorted({*meant.get(name, ())} - {""}) for name in wanted}
    attributes, notes = find_attributes(
        meant, orders, _plain(meant, gathered, mending) | dict.fromkeys(set(listed) - set(orders), "")
    )
    for attribute in attributes:
        if attribute.name in written:
            cells = meant[attribute.name]
            notes += _told(attribute.name, written[attribute.name], cells, faults[attribute.name], mending)
            notes += notes_of_values(attribute.name, cells, [entry.split for entry in entries])
    single = [f"{a.name} ({one})" for a in attributes if (one := one_value(meant.get(a.name, ())))]
    if single:
        notes.append(Note("one-value", {"values": few(single)}))
    if not attributes and written:
        notes.append(Note("no-labels", {"columns": few(gathered.header, 40)}))
    taken = [attribute.name for attribute in attributes if attribute.name in meant]
    items = [_item(entry, {name: meant[name][row] for name in taken}) for row, entry in enumerate(entries)]
    return Labelled(tuple(items), tuple(attributes), tuple(notes))


def _faults(cells: Sequence[str], listed: Sequence[str]) -> Faults:
    return find_faults(cells, listed) if len(set(cells)) <= MOST_VALUES else Faults()


def _mended(cells: Sequence[str], faults: Faults, mending: Mending) -> list[str]:
    if not mending.mend:
        return list(cells)
    meant = {cell: faults.mend(cell, mending.several) for cell in set(cells)}
    return [meant[cell] for cell in cells]


def _plain(meant: Dict[str, Sequence[str]], gathered: Gathered, mending: Mending) -> dict[str, str]:
    """Columns that are no attributes whatever their texts → why."""
    plain = dict(gathered.plain)
    if mending.mend:
        single = [name for name, cells in meant.items() if one_value(cells)]
        plain |= dict.fromkeys(single, "it has one value, which tells no items apart")
    return plain


def _told(name: str, written: Sequence[str], meant: Sequence[str], faults: Faults, mending: Mending) -> list[Note]:
    """What was mended of an attribute, or could be."""
    notes = notes_of_faults(name, faults)
    if not mending.mend:
        return notes
    changed = {old: new for old, new in zip(written, meant, strict=True) if old != new}
    count = sum(old != new for old, new in zip(written, meant, strict=True))
    said = [f"{old} → {new or '(blank)'}" for old, new in sorted(changed.items())]
    mended = [Note("mended", {"what": f"'{name}', {count:,} labels: {few(said)}"})] if said else []
    return [*mended, *(note for note in notes if not note.mendable)]


def _item(entry: Entry, labels: dict[str, str]) -> Item:
    return Item(
        id=entry.id,
        image=entry.image,
        split=entry.split,
        labels={name: value for name, value in labels.items() if value},
        columns={name: text for name, text in entry.cells.items() if name not in labels},
    )

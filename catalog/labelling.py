"""Entries → items with labels: which columns are attributes, what of their labels is wrong, mended if asked."""

from collections import Counter
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field

from catalog.assembly import Gathered
from catalog.columns import find_attributes
from catalog.items import Attribute, Item
from catalog.labels import Faults, find_faults, notes_of_faults, notes_of_values, one_value
from catalog.mending import Mending
from catalog.merging import Merged, first_of, merge
from catalog.notes import Note, few
from catalog.table import OWN

MOST_VALUES = 5_000
"""Columns of more different texts are no attributes, and their spellings are not looked at."""


@dataclass(frozen=True)
class Labels:
    """What was found of one column, whether mended or not.

    written: one text an entry. faults: of those texts. differing: labels of one item's entries that differ.
    single: values of one item alone.
    """

    written: list[str]
    faults: Faults
    differing: tuple[tuple[str, ...], ...] = ()
    single: tuple[str, ...] = ()


@dataclass(frozen=True)
class Labelled:
    """What a catalog is made of. found: attribute → what was found of its labels."""

    items: tuple[Item, ...]
    attributes: tuple[Attribute, ...]
    notes: tuple[Note, ...]
    found: dict[str, Labels] = field(default_factory=dict)


def label(
    gathered: Gathered, listed: Dict[str, Sequence[str] | None], wanted: Sequence[str] | None, mending: Mending
) -> Labelled:
    """The items and attributes of what was gathered.

    listed: attribute → its values in order, plain column → None, as `attributes.json` has them. wanted: the columns to take
    as attributes, and no others; None: those that look like it.
    """
    entries = gathered.entries
    merged = merge(entries)
    orders = {name: values for name, values in listed.items() if values is not None}
    names = [name for name in gathered.header if (name not in OWN if wanted is None else name in wanted)]
    names = [name for name in names if any(name in entry.cells for entry in entries)]
    found: dict[str, Labels] = {}
    meant: dict[str, list[str]] = {}
    for name in names:
        written = [entry.cells.get(name, "") for entry in entries]
        faults = _faults(written, orders.get(name, ()))
        found[name], meant[name] = _labels(name, written, faults, merged, mending)
    if wanted is not None:
        orders = {name: orders.get(name) or sorted({*meant.get(name, ())} - {""}) for name in wanted}
    attributes, notes = find_attributes(
        meant, orders, _plain(meant, gathered, mending) | dict.fromkeys(set(listed) - set(orders))
    )
    for attribute in attributes:
        if attribute.name in found:
            notes += _told(attribute.name, found[attribute.name], mending)
            notes += notes_of_values(attribute.name, meant[attribute.name], [item.split for item in merged])
    single = [f"{a.name} ({one})" for a in attributes if (one := one_value(meant.get(a.name, ())))]
    if single:
        notes.append(Note("one-value", {"values": few(single)}))
    if not attributes and names:
        notes.append(Note("no-labels", {"columns": few(gathered.header, 40)}))
    taken = [attribute.name for attribute in attributes if attribute.name in meant]
    items = [_item(item, {name: meant[name][place] for name in taken}) for place, item in enumerate(merged)]
    there = {name: found[name] for name in taken}
    return Labelled(tuple(items), tuple(attributes), tuple(notes), there)


def _faults(cells: Sequence[str], listed: Sequence[str]) -> Faults:
    return find_faults(cells, listed) if len(set(cells)) <= MOST_VALUES else Faults()


def _labels(
    name: str, written: list[str], faults: Faults, merged: Sequence[Merged], mending: Mending
) -> tuple[Labels, list[str]]:
    """What was found of a column, and one label an item, mended as far as it is asked for."""
    kinds = mending.kinds(name)
    mended = {cell: faults.mend(cell, mending.several, kinds) if kinds else cell for cell in set(written)}
    meant = [first_of([mended[written[row]] for row in item.rows]) for item in merged]
    differing = []
    for place, item in enumerate(merged):
        values = dict.fromkeys(value for row in item.rows if (value := mended[written[row]]))
        if len(values) > 1:
            differing.append(tuple(values))
            meant[place] = "" if mending.on("group-differs", name) else meant[place]
    counts = Counter(value for value in meant if value)
    single = tuple(sorted(value for value, count in counts.items() if count == 1)) if len(counts) > 1 else ()
    if mending.on("single-images", name):
        meant = ["" if value in single else value for value in meant]
    return Labels(written, faults, tuple(differing), single), meant


def _plain(meant: Dict[str, Sequence[str]], gathered: Gathered, mending: Mending) -> dict[str, Note | None]:
    """Columns that are no attributes whatever their texts → why."""
    plain: dict[str, Note | None] = {**gathered.plain}
    single = [name for name, cells in meant.items() if mending.on("one-value", name) and one_value(cells)]
    return plain | dict.fromkeys(single, Note("why-one-value"))


def _told(name: str, found: Labels, mending: Mending) -> list[Note]:
    """What was mended of an attribute, or could be."""
    kinds = mending.kinds(name)
    notes = [note for note in notes_of_faults(name, found.faults) if note.kind not in kinds]
    counts = Counter(found.written)
    changed = {old: new for old in counts if (new := found.faults.mend(old, mending.several, kinds)) != old}
    said = [f"{old} → {new or '(blank)'}" for old, new in sorted(changed.items())] if kinds else []
    if said:
        count = sum(counts[old] for old in changed)
        notes.insert(0, Note("mended", {"what": f"'{name}', {count:,} labels: {few(said)}"}))
    if found.differing and not mending.on("group-differs", name):
        told = few((" / ".join(values) for values in found.differing), 3)
        notes.append(Note("group-differs", {"attribute": name, "values": told}))
    return notes


def _item(merged: Merged, labels: dict[str, str]) -> Item:
    image, *more = merged.pictures
    return Item(
        id=merged.id,
        image=image,
        split=merged.split,
        labels={name: value for name, value in labels.items() if value},
        columns={name: text for name, text in merged.cells.items() if name not in labels},
        more=tuple(more),
    )

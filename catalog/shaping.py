"""The columns of tables as they are looked at, and tables and rows as their columns were given roles."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from catalog.assembly import Gathered
from catalog.columns import Listed
from catalog.layout import Layout, Part
from catalog.mapping import Mapping, fit
from catalog.notes import Note
from catalog.presets import Role
from catalog.roles import Column, Given
from catalog.source import Source
from catalog.variants import Filled, filled


def columns_of(layout: Layout, gathered: Gathered, listed: Listed) -> tuple[list[Column], str | None]:
    """The columns of all tables that are read, and the one by which rows are one product, None where none is."""
    tables = [(part.fit.table, filled(part.fit.table, part.fit.mapping)) for part in layout.parts]
    if not tables:
        rows = [entry.cells for entry in gathered.entries]
        found = [Column(name, name, [cells.get(name, "") for cells in rows]) for name in gathered.header]
        return found, None
    rows = [row.cells for _, made in tables for row in made.rows]
    names = dict.fromkeys(name for table, made in tables for name in (*table.header, *_added(made)))
    written: dict[str, str] = {}
    plain: dict[str, Note] = {}
    for table, made in tables:
        written |= table.written
        plain |= table.plain | made.plain
    taken = Counter(written.get(name, name) for name in names)
    columns = []
    for own in names:
        name = written.get(own, own)
        values = listed.values.get(own, ())
        told = None if own not in listed.values else values is not None
        cells = [cells.get(own, "") for cells in rows]
        columns.append(Column(name if taken[name] == 1 else own, own, cells, plain.get(own), told))
    return columns, next((made.product for _, made in tables if made.product), None)


def _added(made: Filled) -> list[str]:
    """Columns that options made."""
    return list(dict.fromkeys(name for row in made.rows for name in row.cells))


def refitted(part: Part, source: Source, found: Mapping, given: Sequence[Given]) -> Part:
    """The table read with the columns as they were given roles; those that it lacks are passed over."""
    table = part.fit.table

    def of(role: Role) -> list[str]:
        return [one.column.own for one in given if one.role == role and one.column.own in table.header]

    image = next((name for name in of("image") if name != found.image), part.fit.mapping.image)
    group = next(iter(of("group")), None)
    ids, splits = of("id"), of("split")
    asked = Mapping(found.table, image, (ids or [""])[0], (splits or [""])[0], None, tuple(of("more")), group)
    return replace(part, fit=fit(table, part.fit.base, source.files, asked))


def reshape(gathered: Gathered, given: Sequence[Given]) -> dict[str, str]:
    """Columns under the names that they have in a catalog, without those that are not used; gives column as its table has it →
    its name, '' for one that is not used."""
    names = {one.column.own: one.attribute for one in given if one.role == "attribute"}
    names |= {one.column.own: "title" for one in given if one.role == "title"}
    names |= dict.fromkeys((one.column.own for one in given if one.role == "ignore"), "")
    taken = set(names.values())
    for own in gathered.header:
        name, number = own, 2
        while own not in names and name in taken:
            name, number = f"{own} ({number})", number + 1
        names.setdefault(own, name)
        taken.add(name)
    for entry in gathered.entries:
        entry.cells = {name: text for own, text in entry.cells.items() if (name := names.get(own, own))}
    gathered.header = [name for own in gathered.header if (name := names[own])]
    return names

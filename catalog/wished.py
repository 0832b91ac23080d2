"""What files become as a wish has it: their tables, the roles of their columns, the catalog, what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalog.assembly import Entry, Gathered, gather
from catalog.errors import CatalogError
from catalog.layout import Layout
from catalog.loading import Reading, finished, gathered_of, laid_out, listed_of, unused_images
from catalog.mapping import Mapping
from catalog.mending import Mending
from catalog.picking import pick
from catalog.pictures import Pictures, Progress
from catalog.presets import detect
from catalog.problems import Problem, find_problems
from catalog.roles import Given, give_roles, mending_of
from catalog.shaping import columns_of, refitted, reshape
from catalog.sides import by_sides, join_sides
from catalog.source import Source
from catalog.vocabulary import key, split_of
from catalog.wish import Wish


@dataclass(frozen=True)
class Wished:
    """names: column as its table has it → what it is called in the catalog, '' where it is not used. absent: columns and
    tables that the wish names and that are not there."""

    preset: str
    layout: Layout
    reading: Reading
    given: tuple[Given, ...]
    names: dict[str, str]
    problems: tuple[Problem, ...]
    absent: tuple[str, ...]


def as_wished(source: Source, pictures: Pictures, wish: Wish, progress: Progress | None = None) -> Wished:
    """Read the tables, give their columns roles, check the pictures that were not yet, and mend what is asked."""
    layout = _laid_out(source, wish)
    listed = listed_of(source, layout)
    gathered = Gathered() if layout.parts else gathered_of(source, layout)
    preset = wish.preset or detect(layout, source.files)
    columns, product = columns_of(layout, gathered, listed)
    mapping = layout.parts[0].fit.mapping if layout.parts else Mapping()
    given = give_roles(columns, mapping, preset, product, wish)
    if layout.parts:
        layout = replace(layout, parts=tuple(refitted(part, source, mapping, given) for part in layout.parts))
        gathered = gather(layout.parts, source.files)
    mending = mending_of(wish, given)
    sides, unused = _with_others(source, layout, gathered, mending)
    taken = [path for entry in gathered.entries for path in entry.pictures]
    pictures.look_at((*taken, *unused), progress)
    picked = replace(pick(gathered, pictures.seen, mending, unused), sides=sides)
    names = reshape(gathered, given)
    wanted = {one.attribute: one.column.own for one in given if one.role == "attribute" and gathered.entries}
    orders = {name: listed.values[own] for name, own in wanted.items() if listed.values.get(own)}
    reading = finished(source, layout, gathered, replace(listed, values=orders), list(wanted), mending)
    problems = find_problems(reading, picked, unused, given, wish)
    absent = tuple(_absent(wish, given, source, layout))
    return Wished(preset, layout, reading, tuple(given), names, problems, absent)


def _with_others(
    source: Source, layout: Layout, gathered: Gathered, mending: Mending
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take images that no row names, where it is asked for. Gives the pictures that show the item of another one, by
    their names, and the images that no row names.
    """
    unused = unused_images(source, layout, gathered)
    sides = by_sides(gathered.entries, unused)
    if mending.on("sides"):
        gathered.entries = join_sides(gathered.entries, unused)
        unused = unused_images(source, layout, gathered)
    if mending.on("unused-images"):
        gathered.entries += [Entry("", 0, image, (image,), split_of(image)[1], {}) for image in unused]
    return tuple(sides), unused


def _laid_out(source: Source, wish: Wish) -> Layout:
    """The tables that are read; a table or pattern that was asked for and is not there is passed over."""
    mending = Mending(wish.mends)
    table = wish.table if wish.table in source.tables else source.asked
    try:
        return laid_out(source, Mapping(table=table, image=wish.image), mending)
    except CatalogError:
        if wish.image is None:
            raise
        return laid_out(source, Mapping(table=table), mending)


def _absent(wish: Wish, given: Sequence[Given], source: Source, layout: Layout) -> list[str]:
    """The columns and tables of a wish that are not there; none where images come without any table."""
    there = {key(one.column.name) for one in given} | {key(one.column.own) for one in given}
    if not layout.parts:
        return []
    names = [name for name in dict.fromkeys((*wish.roles, *wish.names)) if key(name) not in there]
    return names + ([wish.table] if wish.table and wish.table not in source.tables else [])

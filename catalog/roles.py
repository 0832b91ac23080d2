"""What each column of a table is: proposed by its name, its texts and the preset, then as it was asked for."""

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalog.columns import FEW_VALUES, why_not
from catalog.filters import MOST_VALUES
from catalog.free_text import free_text
from catalog.labels import one_value
from catalog.mapping import Mapping
from catalog.mending import Mending, key_of
from catalog.notes import Note
from catalog.presets import PUBLISHED, Role, role_of
from catalog.recognition import Recognised, recognise, recognise_values
from catalog.text import is_number
from catalog.variants import GROUPS
from catalog.vocabulary import PRODUCT_COLUMNS, TITLE_COLUMNS, is_marker, key, rank
from catalog.wish import ALONE, Wish

_KEPT = frozenset(("why-unnamed", "why-named-twice", "why-product"))
_FOR_FILTERS = frozenset("why-numbers why-quantities why-prices why-dates why-one-value why-named".split())


@dataclass(frozen=True)
class Column:
    """A column as it was read.

    name: as the file writes it. own: as the table has it. cells: one text a row. plain: why it is no
    attribute, whatever it holds. listed: whether `attributes.json` lists its values; None where it says
    nothing of it.
    """

    name: str
    own: str
    cells: Sequence[str]
    plain: Note | None = None
    listed: bool | None = None


@dataclass(frozen=True)
class Given:
    """What a column is. proposed, why: what we take it for. role: what it is, asked or proposed. attribute: what
    it is called in the catalog. doubt: why it should be no attribute though it is one.
    """

    column: Column
    proposed: Role
    why: Note
    role: Role
    attribute: str
    recognised: Recognised
    asked_name: bool = False
    doubt: Note | None = None


def give_roles(
    columns: Sequence[Column], mapping: Mapping, preset: str, product: str | None, wish: Wish
) -> list[Given]:
    """The role of each column. mapping: as it was found. product: the column by which rows are one product."""
    asked = {column.name: role for column in columns if (role := asked_of(wish.roles, column)) is not None}
    taken = {role for role in asked.values() if role in ALONE}
    title = _title(columns, asked)
    given = []
    for column in columns:
        role, why = _proposed(column, mapping, preset, product, column.own == title)
        if role in taken and column.name not in asked:
            role, why = _by_texts(column, preset)
        told = asked.get(column.name, role)
        given.append(Given(column, role, why, told, column.own, recognised(column, preset)))
    return _mended(_named(given, wish), preset, wish)


def asked_of(asked: Dict[str, Role], column: Column) -> Role | None:
    """What was asked of a column, be it in another spelling of its name."""
    for name in (column.name, column.own):
        if name in asked:
            return asked[name]
    return next((role for name, role in asked.items() if key(name) == key(column.name)), None)


def _title(columns: Sequence[Column], asked: Dict[str, Role]) -> str | None:
    """The column of titles by its name, of which the texts are no labels."""
    if "title" in asked.values():
        return None
    named = sorted((place, column.own) for column in columns if (place := rank(column.own, TITLE_COLUMNS)) is not None)
    texts = {column.own: [cell for cell in column.cells if cell] for column in columns}
    return next((own for _, own in named if texts[own] and (_is_title(own) or why_not(own, texts[own]))), None)


def _is_title(own: str) -> bool:
    return own == "title" or rank(own, PRODUCT_COLUMNS) is not None


def _proposed(column: Column, mapping: Mapping, preset: str, product: str | None, title: bool) -> tuple[Role, Note]:
    own = column.own
    if own == mapping.image:
        return "image", Note("why-image")
    if own in (mapping.more or ()):
        return "more", Note("why-more")
    if own == mapping.id:
        return "id", Note("why-id")
    if own == mapping.split:
        return "split", Note("why-split")
    if own in (mapping.group, product):
        return "group", Note("why-group")
    if title:
        return "title", Note("why-title")
    return _by_texts(column, preset)


def _by_texts(column: Column, preset: str) -> tuple[Role, Note]:
    """By what stands in it."""
    labels = [cell for cell in column.cells if cell]
    if all(map(is_marker, set(labels))):
        return "ignore", Note("why-empty")
    if column.plain is not None:
        return ("text" if column.plain.kind in _KEPT else "ignore"), column.plain
    if column.listed is not None:
        return ("attribute", Note("why-listed")) if column.listed else ("filter", Note("why-unlisted"))
    if column.own == "mask":
        return "text", Note("why-mask")
    if key(column.own) in GROUPS:
        return "text", Note("why-product")
    why, known, set_role = against(column, preset), recognised(column, preset).attribute, role_of(preset, column.own)
    if why is None and not known and set_role is None:
        why = free_text(column.own, labels)
    if known and why is not None and why.kind == "why-one-value" and set_role in (None, "attribute"):
        return "attribute", Note("why-known", {"attribute": known})
    if why is None and set_role in (None, "attribute"):
        return "attribute", Note("why-known", {"attribute": known}) if known else _values(labels)
    if set_role is not None and (why is None or set_role == "ignore"):
        return set_role, why or _values(labels)
    assert why is not None
    few = len(set(labels)) <= min(MOST_VALUES, len(labels) // 2)
    return ("filter" if few and why.kind in _FOR_FILTERS else "text"), why


def against(column: Column, preset: str) -> Note | None:
    """Why a column is better no attribute."""
    labels = [cell for cell in column.cells if cell]
    why = why_not(recognised(column, preset).attribute or column.own, labels)
    return Note("why-one-value") if why is None and one_value(labels) else why


def _values(labels: Sequence[str]) -> Note:
    return Note("why-values", {"count": f"{len(set(labels)):,}", "labels": f"{len(labels):,}"})


def recognised(column: Column, preset: str) -> Recognised:
    """The known attribute that a column's name means; measures in numbers are none, but numbers of published values are."""
    labels = {cell for cell in column.cells if cell}
    measures = labels and preset not in PUBLISHED and all(map(is_number, labels))
    if measures:
        return Recognised()
    by_name = recognise(column.name)
    return by_name if by_name.attribute else recognise_values(column.name, labels)


def _named(given: Sequence[Given], wish: Wish) -> list[Given]:
    """The attributes under the names that were asked for, else under their known ones, each name once.

    Of two columns of one name the one that was asked for has it, else the one that is spelled so, else the first;
    the other keeps its own, with a number where that is taken too.
    """
    wanted = []
    for place, one in enumerate(given):
        asked = wish.names.get(one.column.name)
        synonym = one.recognised.how in ("synonym", "values") and one.role == "attribute"
        name = asked or (one.column.own if asked == "" or not synonym else one.recognised.attribute)
        wanted.append((one.role != "attribute", not asked, asked is None and synonym, place, name))
    out = list(given)
    taken: set[str] = set()
    for _, _, _, place, name in sorted(wanted):
        one, number = given[place], 2
        if name in taken:
            name = one.column.own
        while name in taken:
            name, number = f"{one.column.own} ({number})", number + 1
        taken.add(name)
        out[place] = replace(one, attribute=name, asked_name=one.column.name in wish.names)
    return out


def _mended(given: Sequence[Given], preset: str, wish: Wish) -> list[Given]:
    """Attributes that tell nothing apart, or have too many values, are none where that mend is on."""
    mending, out = Mending(wish.mends), []
    for one in given:
        doubt = _doubt(one, preset) if one.role == "attribute" else None
        if doubt is None:
            out.append(one)
            continue
        kind = "one-value" if doubt.kind == "why-one-value" else "many-values"
        distinct = len(set(one.column.cells) - {""})
        role: Role = "filter" if distinct <= MOST_VALUES else "text"
        out.append(replace(one, role=role if mending.on(kind, one.column.name) else "attribute", doubt=doubt))
    return out


def _doubt(one: Given, preset: str) -> Note | None:
    labels = [cell for cell in one.column.cells if cell]
    if not labels or one.column.listed:
        return None
    return against(one.column, preset) or (_values(labels) if len(set(labels)) > FEW_VALUES else None)


def mending_of(wish: Wish, given: Sequence[Given]) -> Mending:
    """The mends of a wish, with columns called as in the catalog."""
    names = {one.column.name: one.attribute for one in given}
    keys = set()
    for mend in wish.mends:
        kind, _, column = mend.partition(":")
        keys.add(key_of(kind, names.get(column, column)))
    return Mending(frozenset(keys), wish.several, wish.twins)

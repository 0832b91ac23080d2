"""The items of a catalog whose images can be read: those that cannot are left out, said and counted, wherever images are
learnt from or measured on."""

from collections.abc import Collection
from dataclasses import replace

from catalog import Catalog, CatalogError
from common.say import Say, to_stderr

NAMED = 5
"""Items that a line about unreadable images names."""


def is_readable(catalog: Catalog, position: int) -> bool:
    """Whether the image of one item can be opened and decoded."""
    try:
        catalog.open(catalog.items[position])
    except (CatalogError, OSError):
        return False
    return True


def readable(catalog: Catalog, say: Say = to_stderr) -> Catalog:
    """The catalog without the items whose image cannot be read, which `say` is told of in a
    line; every image is decoded."""
    kept = [item for position, item in enumerate(catalog.items) if is_readable(catalog, position)]
    say_left_out(catalog, {item.id for item in catalog.items} - {item.id for item in kept}, say)
    return replace(catalog, items=tuple(kept)) if len(kept) < len(catalog) else catalog


def say_left_out(catalog: Catalog, unreadable: Collection[str], say: Say = to_stderr, what: str = "images") -> None:
    """One line for the items (ids) of a catalog whose image cannot be read; none where there are
    none."""
    if not unreadable:
        return
    named = [item for item in catalog.items if item.id in set(unreadable)]
    files = ", ".join(f"{item.id} ({item.image})" for item in named[:NAMED])
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    splits = {item.split for item in catalog.items}
    where = f"{catalog.name}, split {splits.pop()}" if len(splits) == 1 and None not in splits else catalog.name
    say(f"{where}: {len(named)} of {len(catalog)} {what} cannot be read and are left out: {files}{more}")

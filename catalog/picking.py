"""Which pictures of the rows are taken: unreadable ones and twins are left out, or make rows one item, as is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.assembly import Entry, Gathered
from catalog.mending import Mending
from catalog.notes import LeftOut
from catalog.pictures import Seen


@dataclass(frozen=True)
class Picked:
    """What is wrong with pictures and ids, be it mended or not.

    unreadable: pictures, those that no row names too. twins: a picture in a later item, and the same one in an
    earlier. again: ids that an earlier row has. sides: pictures that show an item of another one, by their names.
    """

    unreadable: tuple[str, ...]
    twins: tuple[tuple[str, str], ...]
    again: tuple[str, ...]
    sides: tuple[str, ...] = ()


def pick(gathered: Gathered, seen: dict[str, Seen], mending: Mending, unused: Sequence[str] = ()) -> Picked:
    """Look at the pictures and ids of the entries, and change the entries as is asked. unused: pictures that no row names."""
    pictures = dict.fromkeys((*(path for entry in gathered.entries for path in entry.pictures), *unused))
    unreadable = tuple(path for path in pictures if seen[path].fault)
    again = tuple(_again(gathered.entries))
    named = {id(entry): entry.image for entry in gathered.entries}
    if mending.on("id-twice"):
        for entry in gathered.entries:
            entry.groups += (f"id {entry.named}",) if entry.named else ()
    if mending.on("unreadable"):
        lost = set(unreadable)
        for entry in gathered.entries:
            entry.pictures = tuple(path for path in entry.pictures if path not in lost)
        _leave_out(gathered, "unreadable", named)
    twins = tuple(_twins(gathered.entries, seen, mending))
    if mending.on("twins"):
        _leave_out(gathered, "twin", named)
    return Picked(unreadable, twins, again)


def _again(entries: list[Entry]) -> list[str]:
    first: dict[str, Entry] = {}
    found = []
    for entry in entries:
        holder = first.setdefault(entry.named, entry) if entry.named else entry
        if holder is not entry and not set(holder.groups) & set(entry.groups):
            found.append(entry.named)
    return found


def _twins(entries: list[Entry], seen: dict[str, Seen], mending: Mending) -> list[tuple[str, str]]:
    """Pictures that an earlier item has too. Where it is asked for, they are taken out, or make the items one."""
    first: dict[str, tuple[Entry, str]] = {}
    found = []
    on, one_item = mending.on("twins"), mending.twins == "group"
    for entry in entries:
        kept = []
        for path in entry.pictures:
            digest = "" if seen[path].fault else seen[path].digest
            holder, other = first.setdefault(digest, (entry, path)) if digest else (entry, path)
            if holder is entry and other == path:
                kept.append(path)
                continue
            if holder is not entry and not set(holder.groups) & set(entry.groups):
                found.append((path, other))
            if on and one_item:
                holder.groups += (f"picture {digest}",)
                entry.groups += (f"picture {digest}",)
        if on:
            entry.pictures = tuple(kept)
    return found


def _leave_out(gathered: Gathered, reason: str, named: dict[int, str]) -> None:
    """The entries that have no picture left, but those that are one item with others that have some."""
    alive = {group for entry in gathered.entries if entry.pictures for group in entry.groups}
    kept = []
    for entry in gathered.entries:
        if entry.pictures or alive.intersection(entry.groups):
            kept.append(entry)
        else:
            gathered.left_out.append(LeftOut(entry.table, entry.line, reason, entry.id, named[id(entry)]))
    gathered.entries = kept

"""Queries that are ready to be compared in one click: chosen by a rule that the page states, not by what they show."""

from dataclasses import dataclass

from catalog import Item
from library import Opened
from ui.asked import Asked, Picture, like
from ui.names import INVISIBLE

COUNT = 3
DONORS = 24
"""Pictures, the first of the catalog, among which another background is looked for."""


@dataclass(frozen=True)
class Example:
    """item: the id of the item that asks. split: the one that items were taken from, "" for all; labelled: whether
    by its labels."""

    item: str
    attribute: str
    split: str = ""
    labelled: bool = True

    @property
    def asked(self) -> Asked:
        return Asked(like(Picture(item=self.item), {self.attribute: 1.0}))


def examples(opened: Opened, count: int = COUNT) -> list[Example]:
    """For each attribute that is labelled with two values or more, in the order of the catalog, its first item that is labelled
    with a value that can be seen, of the test split where that has one; where there are fewer attributes than `count`, the first
    item of another value of each, and so on. No item twice. In a catalog without labels the first items, one
    for each of the first attributes that it is embedded for."""
    found: list[Example] = []
    pools = _labelled(opened)
    for turn in range(count):
        for name, pool in pools.items():
            asked = [one.item for one in found if one.attribute == name]
            known = {item.labels[name] for item in pool if item.id in asked}
            used = {one.item for one in found}
            first = next((item for item in pool if item.labels[name] not in known and item.id not in used), None)
            if first is not None and len(asked) == turn:
                found.append(Example(first.id, name, "test" if first.split == "test" else ""))
            if len(found) == count:
                return found
    if found:
        return found
    there = opened.engine.attributes[:count]
    return [Example(item.id, name, labelled=False) for item, name in zip(opened.readable, there, strict=False)]


def _labelled(opened: Opened) -> dict[str, list[Item]]:
    """Attribute → the items that may ask for it: of the test split where that has any."""
    there, found = opened.engine.attributes, {}
    for name in [name for name in opened.labelled if name in there]:
        seen = [item for item in opened.readable if item.labels.get(name, INVISIBLE).lower() != INVISIBLE]
        test = [item for item in seen if item.split == "test"]
        if len({item.labels[name] for item in seen}) > 1:
            found[name] = test or seen
    return found


def donors(opened: Opened, item: str) -> list[Item]:
    """The first readable items of a catalog but for one."""
    return [one for one in opened.readable if one.id != item][:DONORS]

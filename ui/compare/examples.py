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
    """For each of the first attributes that are labelled with two values or more, in the order of the catalog, its first item
    that is labelled with a value that can be seen, of the test split where that has one; no item twice. In a
    catalog without labels the first items, one for each of the first attributes that it is embedded for."""
    there, items = opened.engine.attributes, opened.readable
    found: list[Example] = []
    for name in [name for name in opened.labelled if name in there]:
        used = {one.item for one in found}
        seen = [item for item in items if item.labels.get(name, INVISIBLE).lower() != INVISIBLE]
        if len({item.labels[name] for item in seen}) < 2:
            continue
        test = [item for item in seen if item.split == "test"]
        first = next((item for item in test or seen if item.id not in used), None)
        if first is not None:
            found.append(Example(first.id, name, "test" if test else ""))
        if len(found) == count:
            return found
    if found:
        return found
    return [Example(item.id, name, labelled=False) for item, name in zip(items, there[:count], strict=False)]


def donors(opened: Opened, item: str) -> list[Item]:
    """The first readable items of a catalog but for one."""
    return [one for one in opened.readable if one.id != item][:DONORS]


"""Which slot each picture of a catalog has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from catalog import Item


@dataclass(frozen=True, eq=False)
class Layout:
    """pictures: the slots of each item's pictures, in catalog order, -1 for one whose file cannot be opened. images: the
    digest of each slot's image; slots of no item are of pictures that were removed. id: what the numbers of the slots
    belong to. absent: item → what is wrong with a file that cannot be opened."""

    pictures: Sequence[tuple[int, ...]]
    images: Sequence[str]
    id: str = ""
    absent: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """Items."""
        return len(self.pictures)

    @property
    def slots(self) -> int:
        return len(self.images)

    @cached_property
    def of_item(self) -> np.ndarray:
        """Slots of each item, int64 (items, most pictures of one), -1 behind the last."""
        if self.most == 1:
            return np.fromiter((own[0] for own in self.pictures), np.int64, len(self)).reshape(-1, 1)
        found = np.full((len(self), self.most), -1, np.int64)
        for place, own in enumerate(self.pictures):
            found[place, : len(own)] = own
        return found

    @cached_property
    def most(self) -> int:
        """Pictures of the item that has most."""
        return max(map(len, self.pictures), default=1)

    @cached_property
    def count(self) -> int:
        """Pictures of all items."""
        return sum(map(len, self.pictures))

    @cached_property
    def item(self) -> np.ndarray:
        """Place in the catalog of the item that each slot is of, int64 (slots,), -1 for none."""
        found = np.full(self.slots, -1, np.int64)
        for column in self.of_item.T[::-1]:
            there = np.flatnonzero(column >= 0)
            found[column[there]] = there
        return found

    @cached_property
    def alive(self) -> np.ndarray:
        """Which slots are of an item, bool (slots,)."""
        return self.item >= 0

    def first(self, wanted: np.ndarray) -> np.ndarray:
        """The first of each item's slots that is wanted, bool (slots,): int64 (items,), -1 where none is."""
        found = np.full(len(self), -1, np.int64)
        for column in self.of_item.T[::-1]:
            there = np.flatnonzero(column >= 0)
            there = there[wanted[column[there]]]
            found[there] = column[there]
        return found

    def picture(self, slot: int, item: Item) -> str:
        """The picture of an item that a slot is of."""
        return item.pictures[self.pictures[int(self.item[slot])].index(slot)]

    def part(self, places: Sequence[int]) -> tuple[np.ndarray, "Layout"]:
        """The layout of the items at some places alone: its slots are numbered anew, in the order that they have here. Beside
        it, which slots these are, int64 (slots,)."""
        own = [self.pictures[place] for place in places]
        slots = sorted({slot for pictures in own for slot in pictures if slot >= 0})
        number = {slot: new for new, slot in enumerate(slots)} | {-1: -1}
        pictures = [tuple(number[slot] for slot in slots_of) for slots_of in own]
        layout = Layout(pictures, [self.images[slot] for slot in slots], f"{self.id}, in part", self.absent)
        return np.array(slots, np.int64), layout

    def same(self, other: "Layout") -> bool:
        """Whether the items have the same slots."""
        return (self.id, len(self.images), self.absent) == (other.id, len(other.images), other.absent) and list(
            self.pictures
        ) == list(other.pictures)

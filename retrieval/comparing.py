"""Which items are compared for similar designs, and whether they can be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.designs import MOST_COMPARED, DesignQuery
from retrieval.errors import RetrievalError
from retrieval.likeness import lacks_level
from retrieval.view import View


@dataclass(frozen=True, eq=False)
class Chosen:
    """What is compared. slots: int64 (n,), one an item, or one for all items with the same picture; across two values those
    of the first come first, `first` of them, else 0. hidden: items left out since an attribute cannot be seen on them.
    twins: place in `slots` → places in the catalog of further items with that picture."""

    slots: np.ndarray
    first: int
    hidden: int
    twins: Mapping[int, list[int]]

    @property
    def compared(self) -> int:
        count = len(self.slots)
        return self.first * (count - self.first) if self.first else count * (count - 1) // 2


def chosen_slots(view: View, query: DesignQuery, names: Sequence[str]) -> Chosen:
    sides: list[dict[str, list[str]]] = [{}]
    if query.across is not None:
        sides = [{query.across.column: [value]} for value in (query.across.one, query.across.other)]
    slots, twins, hidden, counts = list[int](), dict[int, list[int]](), 0, list[int]()
    for side in sides:
        live = view.live(query.filters, (), names)
        if side:
            live &= view.live(side, ())
        all_of_them = int((view.layout.first(live) >= 0).sum())
        for name in names:
            unseen = view.hidden(name)
            live = live if unseen is None else live & ~unseen
        own = view.layout.first(live)
        own = own[own >= 0]
        hidden += all_of_them - len(own)
        places: dict[str, int] = {}
        for slot in own.tolist():
            place = len(slots) if query.twins else places.setdefault(view.layout.images[slot], len(slots))
            if place == len(slots):
                slots.append(slot)
            else:
                twins.setdefault(place, []).append(view.place(slot))
        counts.append(len(slots))
    if query.across is not None and not 0 < counts[0] < counts[1]:
        lacking = query.across.other if counts[0] else query.across.one
        raise RetrievalError(f"no item is left with {query.across.column} = '{lacking}'; choose another value")
    return Chosen(np.array(slots, np.int64), counts[0] if query.across is not None else 0, hidden, twins)


def check_levels(view: View, query: DesignQuery) -> None:
    for name in (*query.attributes, *query.differ):
        lacking = lacks_level(view.embedder, name)
        if lacking is None:
            continue
        if name in query.differ:
            raise RetrievalError(f"'{name}' has no match level ({lacking.value}); it cannot be asked to differ")
        if name not in query.scores:
            raise RetrievalError(
                f"'{name}' has no match level ({lacking.value}); give the least score that it is to have"
            )


def check_size(view: View, chosen: Chosen) -> None:
    if chosen.compared <= MOST_COMPARED:
        return
    items = [view.catalog.items[view.place(slot)] for slot in chosen.slots.tolist()]
    offer = ""
    for attribute in view.catalog.attributes:
        counts: dict[str, int] = {}
        for item in items:
            if value := item.labels.get(attribute.name):
                counts[value] = counts.get(value, 0) + 1
        fitting = {value: count for value, count in counts.items() if count * (count - 1) // 2 <= MOST_COMPARED}
        if fitting:
            value = max(fitting, key=lambda name: fitting[name])
            offer = f", such as {attribute.name} = '{value}' ({fitting[value]:,} items)"
            break
    raise RetrievalError(
        f"{len(items):,} items make {chosen.compared:,} pairs, more than {MOST_COMPARED:,}; narrow them by a filter{offer}"
    )

"""Labels given one picture after another: what is known of an attribute, and which picture to ask for next, and why."""

import threading
import weakref
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from catalog import Attribute, Catalog, CatalogError
from common.names import find_name
from library.errors import LibraryError
from library.given import RANDOM, UNSEEN, Given, standing
from library.ledger import Ledger
from library.measuring import GENERAL_COLUMN
from library.opened import Opened
from training import adapt
from training.adapt import Answers, propose, random_order

BATCH = 8
"""Pictures that are proposed at once. More take no longer, but are chosen by labels that are older."""
WORTH = 5
"""Labels of each value from which teaching is worth trying."""
MOST_VALUES = 60
"""Values of an attribute that is labelled in the page."""


@dataclass(frozen=True)
class Question:
    """A picture to ask for: an item, and why it is this one ("random", "typical", "unsure", "different")."""

    item: str
    why: str


@dataclass(frozen=True)
class Known:
    """What is known of an attribute.

    values: in order, each with how many items have it. unseen: items on which it cannot be seen. drawn: labels given in the
    page to pictures drawn at random. given: all labels given in the page. left: items that have not been asked for.
    """

    values: dict[str, int] = field(default_factory=dict)
    unseen: int = 0
    drawn: int = 0
    given: int = 0
    left: int = 0

    @property
    def needs(self) -> dict[str, int]:
        """How many more labels of which value make teaching worth it."""
        return {value: WORTH - count for value, count in self.values.items() if count < WORTH}

    @property
    def worth(self) -> bool:
        """Whether teaching is worth trying: two values with enough labels each."""
        return sum(count >= WORTH for count in self.values.values()) > 1


class Labelling:
    """One attribute of a catalog as it is labelled. Thread-safe; several visitors may label at once.

    Pictures are proposed a few at a time, the next ones in the background, so that an answer never waits for them.
    """

    def __init__(self, ledger: Ledger, attribute: str) -> None:
        self.ledger = ledger
        self.name = spelled(ledger.catalog, attribute)
        self._opened: Callable[[], Opened | None] = lambda: None
        self._queue: list[Question] = []
        self._vectors: tuple[object, np.ndarray] | None = None
        self._lock = threading.RLock()
        self._filling = False

    @property
    def opened(self) -> Opened | None:
        """The catalog as it is open; not kept open by this."""
        return self._opened()

    @opened.setter
    def opened(self, opened: Opened) -> None:
        self._opened = weakref.ref(opened)

    @property
    def values(self) -> tuple[str, ...]:
        """The values in their order: those of the catalog, or else those that the weights know."""
        own, opened = _values(self.ledger.catalog, self.name), self.opened
        if own or opened is None or opened.stage.name != "ready":
            return own
        return tuple(opened.known_attributes.get(self.name, ()))

    def declare(self) -> None:
        """Let the catalog have the attribute with all its values, before the first label of one."""
        if self.values != _values(self.ledger.catalog, self.name):
            begin_attribute(self.ledger, self.name, self.values)

    @property
    def known(self) -> Known:
        catalog = self.ledger.catalog
        given = [one for one in standing(self.ledger.given) if one.attribute == self.name]
        last = {one.item: one for one in given}
        counts = Counter(item.labels.get(self.name, "") for item in catalog.items)
        unseen = sum(one.value == UNSEEN for one in last.values())
        drawn = sum(one.why == RANDOM and bool(one.value) for one in last.values())
        left = counts.pop("", 0) - unseen
        return Known({value: counts.get(value, 0) for value in self.values}, unseen, drawn, len(last), left)

    def questions(self, count: int, passed: Collection[str] = ()) -> list[Question]:
        """The next pictures to ask for, fewer when fewer are left. passed: items that are not to be asked for now."""
        with self._lock:
            self._drop(passed)
            if len(self._queue) < count:
                self._fill(count - len(self._queue) + BATCH, passed)
            elif len(self._queue) < count + BATCH and not self._filling:
                self._filling = True
                threading.Thread(target=self._fill_later, args=(passed,), name="lapel-choose", daemon=True).start()
            return self._queue[:count]

    def last(self, count: int) -> list[Given]:
        """The labels given last, the newest first, one for each item."""
        found: dict[str, Given] = {}
        for one in reversed(standing(self.ledger.given)):
            if one.attribute == self.name:
                found.setdefault(one.item, one)
            if len(found) == count:
                break
        return list(found.values())

    def why(self, item: str, otherwise: str) -> str:
        """Why an item was shown when it was first asked for: neither a correction nor an undo alters that."""
        about = [one for one in self.ledger.given if one.item == item and one.attribute == self.name]
        if kept := standing(about):
            return kept[0].why
        with self._lock:
            asked = next((one.why for one in self._queue if one.item == item), "")
        return asked or (about[0].why if about else otherwise)

    def _drop(self, passed: Collection[str]) -> None:
        """Let go what was asked meanwhile, is not there any more or is not wanted now."""
        catalog, unseen = self.ledger.catalog, self._unseen()

        def free(id: str) -> bool:
            try:
                return self.name not in catalog.item(id).labels and id not in unseen and id not in passed
            except CatalogError:
                return False

        self._queue = [one for one in self._queue if free(one.item)]

    def _fill_later(self, passed: Collection[str]) -> None:
        try:
            with self._lock:
                queue = list(self._queue)
            more = self._proposed(BATCH, passed, queue)
            with self._lock:
                there = {one.item for one in self._queue}
                self._queue += [one for one in more if one.item not in there]
        finally:
            self._filling = False

    def _fill(self, count: int, passed: Collection[str]) -> None:
        self._queue += self._proposed(count, passed, self._queue)

    def _proposed(self, count: int, passed: Collection[str], queue: Sequence[Question]) -> list[Question]:
        """More pictures; what is in the queue counts as asked."""
        ids, places = self._places()
        row_of = {id: row for row, id in enumerate(ids)}
        known = np.array(places, np.int64)
        drawn = known >= 0
        for given in self.last(len(ids)):
            if given.item in row_of:
                drawn[row_of[given.item]] = given.why == RANDOM
        for one in queue:
            if one.item in row_of:
                known[row_of[one.item]] = adapt.UNSEEN
                drawn[row_of[one.item]] = one.why == RANDOM
        free = np.array([id not in passed for id in ids], bool)
        vectors = self._vectors_of(ids)
        if vectors is None or not vectors.any():
            rows = [row for row in random_order(ids, 0) if known[row] == adapt.UNLABELLED and free[row]]
            return [Question(ids[row], RANDOM) for row in rows[:count]]
        found = propose(vectors, Answers(known, ids, drawn, free), count)
        return [Question(ids[one.row], one.why) for one in found]

    def _places(self) -> tuple[list[str], list[int]]:
        """Ids of all items, and of each the place of its value, `UNLABELLED` or `UNSEEN` of `training.adapt`."""
        catalog, values = self.ledger.catalog, self.values
        place = {value: number for number, value in enumerate(values)}
        unseen = self._unseen()
        ids = [item.id for item in catalog.items]
        places = [
            place.get(item.labels[self.name], adapt.UNLABELLED)
            if self.name in item.labels
            else (adapt.UNSEEN if item.id in unseen else adapt.UNLABELLED)
            for item in catalog.items
        ]
        return ids, places

    def _unseen(self) -> set[str]:
        last = {one.item: one for one in standing(self.ledger.given) if one.attribute == self.name}
        return {id for id, one in last.items() if one.value == UNSEEN}

    def _vectors_of(self, ids: Sequence[str]) -> np.ndarray | None:
        """What pictures are chosen by, (items, d), zeros where one is not embedded; None while nothing is open."""
        opened = self.opened
        if opened is None or opened.stage.name != "ready":
            return None
        engine = opened.engine
        pending = getattr(engine, "pending", 0)
        mark = (id(engine), pending, len(ids), hash(tuple(ids)))
        if self._vectors is None or self._vectors[0] != mark:
            catalog, table = engine.catalog, engine.table
            if not table.has([GENERAL_COLUMN]):
                return None
            found = np.asarray(table.column(GENERAL_COLUMN)[:], np.float32)
            rows = {item.id: row for row, item in enumerate(catalog.items)}
            places = np.array([rows.get(id, -1) for id in ids], np.int64)
            self._vectors = mark, np.where(places[:, None] >= 0, found[places], 0)
        return self._vectors[1]


class Labellings:
    """What is labelled of the catalogs of a library. Thread-safe."""

    def __init__(self) -> None:
        self._all: dict[tuple[Ledger, str], Labelling] = {}
        self._lock = threading.Lock()

    def of(self, opened: Opened, ledger: Ledger, attribute: str) -> Labelling:
        """The labelling of an attribute of a catalog that is open or being opened."""
        name = spelled(ledger.catalog, attribute)
        with self._lock:
            found = self._all.get((ledger, name))
            if found is None:
                found = self._all[ledger, name] = Labelling(ledger, name)
            found.opened = opened
            return found


def spelled(catalog: Catalog, attribute: str) -> str:
    """An attribute as a catalog spells it."""
    try:
        return find_name(attribute, [one.name for one in catalog.attributes]) or attribute
    except ValueError:
        return attribute


def begin_attribute(ledger: Ledger, name: str, values: Iterable[str]) -> str:
    """Begin an attribute, or add values to one; gives its name. LibraryError for a blank name or too many values."""
    name = " ".join(name.split())
    if not name:
        raise LibraryError("the attribute has no name; give it one, such as 'sleeve length'")
    name = spelled(ledger.catalog, name)
    own = _values(ledger.catalog, name)
    there = list(own)
    for value in (" ".join(text.split()) for text in values):
        if value and value.casefold() not in {other.casefold() for other in there}:
            there.append(value)
    if len(there) > MOST_VALUES:
        raise LibraryError(f"'{name}' would have {len(there)} values; label at most {MOST_VALUES}")
    if tuple(there) != own:
        ledger.begin(Attribute(name, tuple(there)))
    return name


def _values(catalog: Catalog, name: str) -> tuple[str, ...]:
    return next((tuple(one.values) for one in catalog.attributes if one.name == name), ())

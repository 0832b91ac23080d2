"""The ledger of a catalog: one line for everything that was ever put into it, changed or said of it.

A line is written in one piece and never altered, so that a process that is killed loses at most the line that it was
writing; several processes may write. The last line about an item holds. Labels given in the page stand above those that
came with the item, whatever is imported later.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from filelock import FileLock

from catalog import Attribute, Catalog, Item
from common.names import find_name
from library.errors import LibraryError
from library.given import UNDO, Given, Verdict
from library.ledger_lines import item_line, item_of, lines_from, write_lines

LEDGER = "items.jsonl"


class Ledger:
    """Items, labels and verdicts of one catalog. Thread-safe."""

    def __init__(self, folder: Path, root: Path, name: str) -> None:
        """folder: where the ledger lies. root: where the images lie."""
        self.path = Path(folder) / LEDGER
        self.root = Path(root)
        self.name = name
        self._lock = threading.RLock()
        self._read = 0
        self._items: dict[str, Item] = {}
        self._kept_out: set[str] = set()
        self._places: dict[str, int] = {}
        self._in_order = True
        self._values: dict[str, list[str]] = {}
        self._begun: dict[str, tuple[str, ...]] = {}
        self._given: dict[str, dict[str, str | None]] = {}
        self._history: list[Given] = []
        self._verdicts: dict[tuple[str, str, str], Verdict] = {}
        self._catalog: Catalog | None = None

    @property
    def catalog(self) -> Catalog:
        """The catalog as it is now, also where another process has written since; the same object while nothing changes."""
        with self._lock:
            self._follow()
            if self._catalog is None:
                if not self._in_order:  # something that had gone came back
                    self._items = dict(sorted(self._items.items(), key=lambda pair: self._places[pair[0]]))
                    self._in_order = True
                items = tuple(self._labelled(item) for item in self._items.values())
                attributes = tuple(Attribute(name, tuple(values)) for name, values in self._values.items())
                self._catalog = Catalog(self.root, self.name, items, attributes)
            return self._catalog

    @property
    def given(self) -> list[Given]:
        """Labels given in the page, oldest first, those that were taken back included."""
        with self._lock:
            self._follow()
            return list(self._history)

    @property
    def verdicts(self) -> list[Verdict]:
        """What was said last of any two items, unless it was taken back."""
        with self._lock:
            self._follow()
            return [verdict for verdict in self._verdicts.values() if verdict.same is not None]

    def put(self, items: Sequence[Item], attributes: Iterable[Attribute] = ()) -> None:
        """Add items, or replace those of the same ids; attributes: their values, in order, before those that are there."""
        lines: list[dict[str, Any]] = [{"attribute": one.name, "values": list(one.values)} for one in attributes]
        lines += [{"put": item_line(item)} for item in items]
        self._append(lines)

    def begin(self, attribute: Attribute) -> None:
        """Begin an attribute in the page, or give one its values, before those that are there; they stay whatever the files
        have."""
        self._append([{"begun": attribute.name, "values": list(attribute.values)}])

    def remove(self, ids: Iterable[str]) -> None:
        """Take items out; LibraryError for one that is not there."""
        with self._lock:
            self._follow()
            ids = list(ids)
            self._check(ids)
        self._append([{"gone": id, "kept_out": True} for id in ids])

    def own(self, id: str) -> Item:
        """An item as it was put in, without labels given in the page; LibraryError where it is not there."""
        with self._lock:
            self._follow()
            self._check([id])
            return self._items[id]

    def sync(self, catalog: Catalog) -> int:
        """Make the items those of a catalog that was read again; gives how many were added, changed or removed.

        Attributes and values that the files no longer have go. Labels that were given in the page stay, and items that were
        removed there stay away.
        """
        with self._writing():
            self._follow()
            catalog = replace(catalog, items=tuple(item for item in catalog.items if item.id not in self._kept_out))
            gone = [id for id in self._items if id not in {item.id for item in catalog.items}]
            changed = [item for item in catalog.items if self._items.get(item.id) != item]
            stated = {one.name: list(one.values) for one in catalog.attributes}
            same = list(self._stated(stated).items()) == list(self._values.items())
            lines: list[dict[str, Any]] = [] if same else [{"attributes": stated}]
            lines += [{"gone": id} for id in gone]
            lines += [{"put": item_line(item)} for item in changed]
            write_lines(self.path, lines)
            self._follow()
            return len(gone) + len(changed)

    def label(self, item: str, attribute: str, value: str | None, why: str = "result") -> Given:
        """Give an item a label, take it away (None), or say that it cannot be seen (`UNSEEN`); LibraryError for an item that is
        not there."""
        with self._writing():
            self._follow()
            self._check([item])
            name = self._spelled(attribute)
            before = self._given.get(item, {}).get(name, self._items[item].labels.get(name))
            given = Given(item, name, value, why, time.time(), before)
            write_lines(self.path, [{"label": asdict(given)}])
            self._follow()
            return given

    def label_all(self, labels: Iterable[tuple[str, str, str]], why: str) -> None:
        """Give many labels at once: item, attribute and value of each; LibraryError for an item that is not there."""
        with self._writing():
            self._follow()
            given = []
            for item, attribute, value in labels:
                self._check([item])
                name = self._spelled(attribute)
                before = self._given.get(item, {}).get(name, self._items[item].labels.get(name))
                given.append(Given(item, name, value, why, time.time(), before))
            write_lines(self.path, [{"label": asdict(one)} for one in given])
            self._follow()

    def undo(self, given: Given) -> Given:
        """Take back the last label of an item: what it had before holds again."""
        return self.label(given.item, given.attribute, given.before, UNDO)

    def judge(self, query: str, item: str, attribute: str, same: bool | None) -> Verdict:
        """Keep what somebody said of two items, or take it back (None); LibraryError for one that is not there."""
        with self._lock:
            self._follow()
            self._check([query, item])
            verdict = Verdict(query, item, self._spelled(attribute), same, time.time())
        self._append([{"verdict": asdict(verdict)}])
        return verdict

    def _spelled(self, attribute: str) -> str:
        """An attribute as the catalog spells it, since weights may spell it another way."""
        try:
            return find_name(attribute, list(self._values)) or attribute
        except ValueError:
            return attribute

    def _check(self, ids: Iterable[str]) -> None:
        missing = next((id for id in ids if id not in self._items), None)
        if missing is not None:
            raise LibraryError(f"the catalog '{self.name}' has no item '{missing}'")

    def _labelled(self, item: Item) -> Item:
        given = self._given.get(item.id)
        if not given:
            return item
        labels = {**item.labels, **given}
        return replace(item, labels={name: value for name, value in labels.items() if value})

    def _append(self, lines: Sequence[Mapping[str, Any]]) -> None:
        with self._writing():
            write_lines(self.path, lines)
            self._follow()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, FileLock(f"{self.path}.lock", poll_interval=0.005):
            yield

    def _follow(self) -> None:
        """Take in the whole lines that were written since."""
        try:
            size = self.path.stat().st_size
        except OSError:
            return
        if size < self._read:
            self._forget()
        if size == self._read:
            return
        changes, bytes_read = lines_from(self.path, self._read)
        self._read += bytes_read
        for line in changes:
            self._take(line)
        if len(changes) == 1 and "label" in changes[0] and self._catalog is not None:
            self._catalog = self._relabelled(self._catalog, changes[0]["label"]["item"])
        elif any("verdict" not in line for line in changes):
            self._catalog = None

    def _forget(self) -> None:
        self._read, self._catalog, self._in_order = 0, None, True
        dicts = (self._items, self._places, self._values, self._begun, self._given, self._verdicts)
        for kept in (*dicts, self._kept_out, self._history):
            kept.clear()

    def _relabelled(self, catalog: Catalog, id: str) -> Catalog:
        """The catalog with one item's labels as they are now."""
        place = catalog.position(id)
        items = (*catalog.items[:place], self._labelled(self._items[id]), *catalog.items[place + 1 :])
        attributes = tuple(Attribute(name, tuple(values)) for name, values in self._values.items())
        return replace(catalog, items=items, attributes=attributes)

    def _take(self, line: Mapping[str, Any]) -> None:
        if "put" in line:
            item = item_of(line["put"])
            self._in_order = self._in_order and (item.id in self._items or item.id not in self._places)
            self._places.setdefault(item.id, len(self._places))
            self._items[item.id] = item
            self._kept_out.discard(item.id)
            self._known(item.labels)
        elif "gone" in line:
            self._items.pop(line["gone"], None)
            if line.get("kept_out"):
                self._kept_out.add(line["gone"])
        elif "attributes" in line:
            self._values = self._stated(line["attributes"])
        elif "attribute" in line or "begun" in line:
            name, values = line.get("attribute") or line["begun"], list(line["values"])
            if "begun" in line:
                self._begun[name] = tuple(values)
            rest = [value for value in self._values.get(name, []) if value not in values]
            self._values[name] = [*values, *rest]
        elif "label" in line:
            given = Given(**line["label"])
            self._history.append(given)
            self._given.setdefault(given.item, {})[given.attribute] = given.value
            self._known({given.attribute: given.value})
        elif "verdict" in line:
            verdict = Verdict(**line["verdict"])
            self._verdicts[verdict.query, verdict.item, verdict.attribute] = verdict

    def _stated(self, values: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """Attributes with their values as files have them, and after these what was ever given in the page."""
        found = {name: list(own) for name, own in values.items()}
        for name, begun in self._begun.items():
            for value in begun:
                _add(found, name, value)
        for given in self._history:
            _add(found, given.attribute, given.value)
        return found

    def _known(self, labels: Mapping[str, str | None]) -> None:
        for name, value in labels.items():
            _add(self._values, name, value)


def _add(values: dict[str, list[str]], name: str, value: str | None) -> None:
    if value and value not in values.setdefault(name, []):
        values[name].append(value)

"""One catalog in the store: which slots its pictures have, what these lack, and what is taken in for them."""

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np

from catalog import Catalog, CatalogError, Item, open_image
from common.files import write_in_one_step
from model import Column
from retrieval.batches import LARGEST
from retrieval.errors import RetrievalError
from retrieval.interfaces import Door, Embeds, Picture, Raw
from retrieval.layout import Layout
from retrieval.plan import EmbeddingPlan, Outcome
from retrieval.slots import MISSING, Digests, Slots
from retrieval.store import Store, StoreRows
from retrieval.table import PREPROCESSING, EmbeddingTable


def store_folder(home: str | Path, embedder: Embeds) -> Path:
    """Where the raw vectors that some weights give are kept."""
    return Path(home) / "store" / f"{embedder.digest[:12]}-{PREPROCESSING}"


def key_of(catalog: Catalog) -> str:
    """What the slots of a catalog are kept under where nothing is said: its folder, and the split that is all of it."""
    splits = {item.split for item in catalog}
    part = splits.pop() if len(splits) == 1 else None
    return hashlib.sha256(repr((str(catalog.root.resolve()), part)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Holding:
    """The slots and raw vectors of one catalog under some weights. Not thread-safe but for `plan`, `raw` and `open`."""

    def __init__(self, home: str | Path, embedder: Embeds, key: str) -> None:
        """OSError where nothing can be written under `home`."""
        folder = store_folder(home, embedder)
        self.folder = folder / "catalogs" / key
        self.store = Store(folder, embedder.width)
        self.slots = Slots(self.folder, self.store.locked)
        self.digests = Digests(self.folder / "files.jsonl", self.store.locked)
        self._refused: dict[str, str] = {}
        self._embedder = embedder

    def locked(self) -> AbstractContextManager[None]:
        """A lock for files that several processes write."""
        return self.store.locked()

    def kept(self) -> list[Column]:
        """Raw columns that this catalog was embedded for, by this process or another."""
        try:
            stored = json.loads((self.folder / "columns.json").read_text("utf-8"))
            columns = [Column(str(attribute), str(view)) for attribute, view in stored]
        except (OSError, ValueError, TypeError):
            return []
        return [column for column in columns if self._known(column)]

    def keep(self, columns: Iterable[Column]) -> None:
        """Remember raw columns beside those that are."""
        with self.store.locked():
            kept = self.kept()
            wanted = list(dict.fromkeys([*kept, *columns]))
            if wanted != kept:
                write_in_one_step(self.folder / "columns.json", json.dumps(wanted))

    def layout(self, catalog: Catalog, before: tuple[Catalog, Layout] | None = None) -> Layout:
        """The slots of a catalog, new ones for new images. before: a catalog and its layout; items that name the same pictures
        keep their slots without a look at their files. `before`'s own layout where nothing has changed."""
        known = before if before is not None and before[1].id == self.slots.id else None
        if known is not None and len(catalog) == len(known[0]) and all(map(_same_pictures, catalog, known[0])):
            return known[1]
        found, new = _taken_over(catalog, known)
        absent = self._numbered(catalog, new, found)
        if known is not None and known[1].id != self.slots.id:  # pruned by another process
            return self.layout(catalog)
        kept = known[1].absent.items() if known is not None else ()
        return Layout(found, self.slots.images.copy(), self.slots.id, {**dict(kept), **absent})

    def raw(self, layout: Layout, before: Raw | None = None) -> Raw:
        """The raw vectors of a layout as they are now. before: those of an earlier moment, of which no row is looked up again."""
        rows = before.rows if isinstance(before, StoreRaw) and before.id == layout.id else None
        return StoreRaw(self.store, self.store.rows(layout.images, rows), layout.id)

    def lacks(self, layout: Layout, columns: Sequence[Column], raw: Raw) -> EmbeddingPlan:
        """What the pictures of a catalog lack of columns, but for those that cannot be read."""
        wanted = layout.alive.copy()
        refused = self.store.unreadable.keys() | self._refused.keys()
        if refused:
            wanted &= np.fromiter((image not in refused for image in layout.images), bool, layout.slots)
        lacks = np.zeros((layout.slots, len(columns)), bool)
        for place, column in enumerate(columns):
            lacks[:, place] = wanted & ~raw.there(column)
        return EmbeddingPlan(tuple(columns), layout.images, lacks)

    def open(self, catalog: Catalog, layout: Layout, slot: int, door: Door | None = None) -> Picture:
        """The picture of a slot; CatalogError where it cannot be read, or is another one than it was. door: what opens it;
        None: this process."""
        item = catalog.items[int(layout.item[slot])]
        picture = layout.picture(slot, item)
        path = catalog.root / picture
        image = open_image(path, name=picture, enough=LARGEST) if door is None else door(path, picture)
        if not self.digests.same(catalog.root, picture):
            raise CatalogError(f"'{picture}' was changed meanwhile; it is embedded when the catalog is opened again")
        return image

    def put(self, catalog: Catalog, layout: Layout, outcome: Outcome) -> None:
        """Take in what was embedded."""
        for slots, vectors in outcome.vectors:
            if slots:
                self.store.put([layout.images[slot] for slot in slots], vectors)
        lasting: dict[str, str] = {}
        for slot, reason in outcome.unreadable.items():
            picture = layout.picture(slot, catalog.items[int(layout.item[slot])])
            reason = reason.removeprefix(f"'{picture}' ")
            same = self.digests.same(catalog.root, picture)
            (lasting if same else self._refused)[layout.images[slot]] = reason
        if lasting:
            self.store.refuse(lasting)

    def unreadable(self, catalog: Catalog, layout: Layout) -> dict[str, str]:
        """Items of which no picture can be read, and why, in catalog order."""
        reasons = self.store.unreadable | self._refused
        if not reasons and not layout.absent:
            return {}
        images = layout.images
        found = {}
        for item, own in zip(catalog, layout.pictures, strict=True):
            why = [layout.absent.get(item.id) if slot < 0 else reasons.get(images[slot]) for slot in own]
            if all(reason is not None for reason in why):
                found[item.id] = f"'{item.image}' {why[0]}" if own[0] >= 0 else str(why[0])
        return found

    def take(self, layout: Layout, tables: Iterable[EmbeddingTable], columns: Sequence[Column]) -> None:
        """Copy from tables, which are opened one after the other, what the pictures lack."""
        opened = iter(tables)
        while len(pending := (plan := self.lacks(layout, columns, self.raw(layout))).pending):
            table = next(opened, None)
            if table is None:
                return
            rows = {image: row for row, image in enumerate(table.manifest.images) if table.readable[row]}
            for place, column in enumerate(columns):
                slots = [slot for slot in pending if plan.lacks[slot, place] and plan.images[slot] in rows]
                if slots and table.has([column]):
                    images = [plan.images[slot] for slot in slots]
                    self.store.put(images, {column: table.column(column)[[rows[image] for image in images]]})

    def prune(self, layout: Layout) -> None:
        """Forget the slots of removed pictures, and what was numbered with them: the others get new numbers."""
        self.slots.prune(np.flatnonzero(layout.alive).tolist())
        for name in ("derived", "sketches", "indexes"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def _numbered(self, catalog: Catalog, places: Sequence[int], found: list[tuple[int, ...]]) -> dict[str, str]:
        """Give slots to the items at some places; returns those of which a file cannot be opened, and why."""
        items = [catalog.items[place] for place in places]
        pictures = list(dict.fromkeys(picture for item in items for picture in item.pictures))
        digests = dict(zip(pictures, self.digests.of(catalog.root, pictures), strict=True))
        for picture in pictures:
            self._refused.pop(digests[picture], None)
        named = [[(item.id, digests[picture]) for picture in item.pictures] for item in items]
        every = [own[0] for own in named] + [pair for own in named for pair in own[1:]]  # first pictures first
        every = [pair for pair in every if pair[1] != MISSING]
        numbers = dict(zip(every, self.slots.numbered(every), strict=True))
        absent = {}
        for place, item, pairs in zip(places, items, named, strict=True):
            found[place] = tuple(numbers.get(pair, -1) for pair in pairs)
            if -1 in found[place]:
                absent[item.id] = _why(catalog, item.pictures[found[place].index(-1)])
        return absent

    def _known(self, column: Column) -> bool:
        try:
            self._embedder.check([column.attribute] if column.attribute else [])
        except RetrievalError:
            return False
        return True


class StoreRaw:
    """Raw vectors of slots in the store; see `Raw`."""

    def __init__(self, store: Store, rows: StoreRows, id: str) -> None:
        """id: what the numbers of the slots belong to."""
        self.id = id
        self.rows = rows
        self._store = store
        self._there: dict[Column, np.ndarray] = {}

    def there(self, column: Column) -> np.ndarray:
        if column not in self._there:
            self._there[column] = self._store.there(column, self.rows)
        return self._there[column]

    def read(self, column: Column, slots: np.ndarray) -> np.ndarray:
        return self._store.read(column, self.rows, slots)


def _taken_over(catalog: Catalog, before: tuple[Catalog, Layout] | None) -> tuple[list[tuple[int, ...]], list[int]]:
    """The slots of items that name the same pictures as before, and the places of those that have none yet. What is the same
    at the beginning and at the end is not looked up."""
    if before is None:
        return [()] * len(catalog), list(range(len(catalog)))
    now, old, slots = catalog.items, before[0].items, before[1].pictures
    most = min(len(now), len(old))
    first = next((place for place in range(most) if not _same_pictures(now[place], old[place])), most)
    rest = range(most - first)
    last = next((back for back in rest if not _same_pictures(now[-1 - back], old[-1 - back])), most - first)
    known = {
        item.id: (item, own)
        for item, own in zip(old[first : len(old) - last], slots[first : len(old) - last], strict=True)
    }
    found, new = list(slots[:first]), list[int]()
    for place in range(first, len(now) - last):
        item, own = known.get(now[place].id, (None, ()))
        if item is None or not _same_pictures(now[place], item):
            new.append(place)
            own = ()
        found.append(own)
    return found + list(slots[len(old) - last :]), new


def _same_pictures(item: Item, other: Item) -> bool:
    return item is other or (item.id == other.id and item.image == other.image and item.more == other.more)


def _why(catalog: Catalog, picture: str) -> str:
    """What is wrong with a picture that has no digest."""
    with contextlib.suppress(OSError):
        try:
            open_image(catalog.root / picture, name=picture)
        except CatalogError as error:
            return str(error)
    return f"'{picture}' cannot be read"

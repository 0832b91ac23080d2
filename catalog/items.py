"""Items, attributes, and the catalog that holds them."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image

from catalog.errors import CatalogError
from catalog.images import open_image
from catalog.mapping import Mapping
from catalog.notes import LeftOut, Note
from common.names import find_name, name_key


@dataclass(frozen=True)
class Attribute:
    """A name and its values, in order."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One line of a catalog.

    image: path relative to the catalog's root, with forward slashes. labels: attribute → value, only where labelled.
    columns: the columns that are not attributes, blank ones included. more: other pictures of the same item (its back,
    a detail, another colour), as `image` is written; an item is found by the best of its pictures and shown once.
    """

    id: str
    image: str
    split: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    more: tuple[str, ...] = ()

    @property
    def pictures(self) -> tuple[str, ...]:
        return (self.image, *self.more)


@dataclass(frozen=True)
class Catalog:
    """Items with their images under `root`.

    notes: what was odd about the files but stopped nothing. left_out: rows that did not become items. mapping:
    how the table was read, complete; None where there is none, or several with mappings of their own.
    """

    root: Path
    name: str
    items: tuple[Item, ...]
    attributes: tuple[Attribute, ...] = ()
    notes: tuple[Note, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    mapping: Mapping | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """The notes as English sentences."""
        return tuple(note.text for note in self.notes)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def position(self, id: str) -> int:
        """Place of an item in `items`; CatalogError when there is none with this id."""
        try:
            return self._positions[id]
        except KeyError:
            raise CatalogError(f"the catalog '{self.name}' has no item '{id}'") from None

    def places(self, ids: Iterable[str]) -> dict[str, int]:
        """Those ids that there are items of, in their order, each with the item's place in `items`."""
        return {id: self._positions[id] for id in ids if id in self._positions}

    def item(self, id: str) -> Item:
        """CatalogError when there is none with this id."""
        return self.items[self.position(id)]

    def path(self, item: Item) -> Path:
        return self.root / item.image

    def open(self, item: Item, enough: int | None = None) -> Image.Image:
        """The item's picture, as `open_image` gives it; CatalogError when it cannot be read."""
        return open_image(self.path(item), name=item.image, enough=enough)

    def split(self, name: str) -> "Catalog":
        """The items of one split, with the same attributes; CatalogError, naming the splits, when it has none."""
        items = tuple(item for item in self.items if item.split == name)
        if not items:
            there = ", ".join(sorted({item.split for item in self.items if item.split}))
            raise CatalogError(f"the catalog '{self.name}' has no split '{name}'; it has: {there or 'none'}")
        return replace(self, items=items)

    def respelled(self, names: Iterable[str]) -> "Catalog":
        """The same catalog with its attributes spelled as in `names` where they are the same name (`name_key`).

        An attribute that is in `names` as it is stays so. CatalogError when a name can be meant by two attributes, or
        when an attribute can be two of the names.
        """
        names = list(names)
        own = [attribute.name for attribute in self.attributes]
        renamed: dict[str, str] = {}
        for name in own:
            try:
                found = find_name(name, names)
            except ValueError as error:
                raise CatalogError(f"the attribute {error}") from error
            if found is None or found == name or found in own:
                continue
            if found in renamed.values():
                both = " and ".join(f"'{other}'" for other in own if name_key(other) == name_key(name))
                raise CatalogError(f"{both} are one attribute to the weights ('{found}'); rename or drop one of them")
            renamed[name] = found
        if not renamed:
            return self
        attributes = tuple(
            replace(attribute, name=renamed.get(attribute.name, attribute.name)) for attribute in self.attributes
        )
        items = tuple(
            replace(item, labels={renamed.get(name, name): value for name, value in item.labels.items()})
            for item in self.items
        )
        return replace(self, items=items, attributes=attributes)

    def attribute(self, name: str) -> Attribute:
        """CatalogError, naming the attributes, for an unknown one."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        there = ", ".join(attribute.name for attribute in self.attributes) or "none"
        raise CatalogError(f"the catalog '{self.name}' has no attribute '{name}'; it has: {there}")

    def labels(self, attribute: str) -> np.ndarray:
        """int64 (items,): place in the attribute's `values`, -1 where unlabelled; CatalogError for an unknown one."""
        values = {value: place for place, value in enumerate(self.attribute(attribute).values)}
        return np.array([values.get(item.labels.get(attribute, ""), -1) for item in self.items], np.int64)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names that `column` answers to: split (where there is one), the attributes, then the other columns."""
        split = ("split",) if any(item.split for item in self.items) else ()
        others = dict.fromkeys(name for item in self.items for name in item.columns)
        return (*split, *(attribute.name for attribute in self.attributes), *others)

    def column(self, name: str) -> list[str]:
        """One text an item, '' where blank; "id" is answered too where no column is called so. CatalogError, naming the columns,
        for an unknown one."""
        if name == "id" and name not in self.columns:
            return [item.id for item in self.items]
        if name not in self.columns:
            raise CatalogError(f"the catalog '{self.name}' has no column '{name}'; it has: {', '.join(self.columns)}")
        if name == "split":
            return [item.split or "" for item in self.items]
        return [item.labels.get(name) or item.columns.get(name, "") for item in self.items]

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over items, attributes, and the sizes in bytes of the images as they were when first asked."""
        sha = hashlib.sha256()
        sha.update(_line([[attribute.name, attribute.values] for attribute in self.attributes]))
        for item in self.items:
            more = [(name, _size(self.root / name)) for name in item.more]
            about = [item.id, item.image, item.split, item.labels, item.columns, _size(self.path(item))]
            sha.update(_line([*about, more] if more else about))
        return sha.hexdigest()

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {item.id: place for place, item in enumerate(self.items)}


def _line(value: object) -> bytes:
    return json.dumps(value, sort_keys=True).encode() + b"\n"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def spelled_alike(catalogs: Iterable[Catalog], names: Iterable[str] = ()) -> list[Catalog]:
    """Catalogs in which equal attribute names are spelled one way: as in `names`, or else as the first that has them."""
    known, alike = list(names), []
    for catalog in catalogs:
        alike.append(catalog.respelled(known))
        known += [attribute.name for attribute in alike[-1].attributes if attribute.name not in known]
    return alike

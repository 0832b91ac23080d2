"""Twins: images that are the same, byte for byte, in more than one split of a catalog.

A network that has learnt from one of them has seen the answer for the other.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from catalog.errors import CatalogError
from catalog.items import Catalog, Item
from catalog.notes import Note
from common.files import sha256_of

ORDER = ("train", "valid", "test")


@dataclass(frozen=True)
class Twins:
    """Items of the same image. ids: in catalog order; splits: that of each."""

    ids: tuple[str, ...]
    splits: tuple[str, ...]

    def elsewhere(self, split: str) -> list[str]:
        """The other splits that the image is in; none where it is not in this one."""
        return in_order(set(self.splits) - {split}) if split in self.splits else []


def twins_across_splits(catalog: Catalog) -> tuple[Twins, ...]:
    """Groups of items in different splits with the same bytes, in catalog order.

    Only files whose size occurs in several splits are read, each once. Images that are not there, and
    items without a split, have no twins.
    """
    sizes = _grouped(catalog, [item for item in catalog.items if item.split], _size)
    digests: list[list[Item]] = []
    for alike in sizes:
        digests += _grouped(catalog, alike, _digest)
    digests.sort(key=lambda group: catalog.position(group[0].id))
    return tuple(
        Twins(tuple(item.id for item in group), tuple(item.split or "" for item in group)) for group in digests
    )


def without_twins(catalog: Catalog, split: str) -> tuple[Catalog, int]:
    """The items of a split that have no twin in another split, and the number of those that are left out.

    A note of the catalog that comes back says how many. CatalogError when there is no such split, or
    when nothing of it is left.
    """
    part = catalog.split(split)
    found = [twins for twins in twins_across_splits(catalog) if twins.elsewhere(split)]
    shared = {id for twins in found for id, of in zip(twins.ids, twins.splits, strict=True) if of == split}
    if not shared:
        return part, 0
    kept = tuple(item for item in part.items if item.id not in shared)
    others = " or ".join(in_order({other for twins in found for other in twins.elsewhere(split)}))
    if not kept:
        raise CatalogError(f"every image of the split '{split}' of '{catalog.name}' is also in {others}; use others")
    note = Note("twins-left-out", {"count": f"{len(shared):,}", "split": split, "others": others})
    return replace(part, items=kept, notes=(note, *part.notes)), len(shared)


def _grouped(catalog: Catalog, items: Iterable[Item], key: Callable[[Path], int | str | None]) -> list[list[Item]]:
    """Items of the same key, where several splits have it; an image that cannot be read has none."""
    known: dict[Path, int | str | None] = {}
    groups: dict[int | str, list[Item]] = defaultdict(list)
    for item in items:
        path = catalog.path(item)
        if path not in known:
            known[path] = key(path)
        found = known[path]
        if found is not None:
            groups[found].append(item)
    return [group for group in groups.values() if len({item.split for item in group}) > 1]


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _digest(path: Path) -> str | None:
    try:
        return sha256_of(path)
    except OSError:
        return None


def in_order(splits: Iterable[str]) -> list[str]:
    """train, valid, test, then others by name."""
    return sorted(splits, key=lambda split: (ORDER.index(split) if split in ORDER else len(ORDER), split))

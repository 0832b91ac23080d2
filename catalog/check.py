"""What a catalog holds, and what of it is broken."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from catalog.errors import CatalogError
from catalog.items import Catalog, Item


@dataclass(frozen=True)
class AttributeCheck:
    """Labels of one attribute: how many items have one, the share that has none, items of each value."""

    labelled: int
    unlabelled_share: float
    values: dict[str, int]


@dataclass(frozen=True)
class Check:
    """Result of `check_catalog`; shares are 0 to 1. unreadable: id → reason, for missing and for damaged images."""

    catalog: str
    folder: str
    digest: str
    items: int
    splits: dict[str, int]
    unlabelled_share: float
    attributes: dict[str, AttributeCheck]
    unreadable: dict[str, str]
    warnings: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.unreadable


def check_catalog(catalog: Catalog, progress: Callable[[int], object] | None = None) -> Check:
    """Count the labels and decode every image. progress: called with 1 after each image."""
    unreadable = {}
    with ThreadPoolExecutor(2) as pool:
        for item, reason in zip(catalog.items, pool.map(_fault(catalog), catalog.items), strict=True):
            if reason:
                unreadable[item.id] = reason
            if progress is not None:
                progress(1)
    count = len(catalog)
    return Check(
        catalog=catalog.name,
        folder=str(catalog.root),
        digest=catalog.digest,
        items=count,
        splits=dict(Counter(item.split for item in catalog.items if item.split)),
        unlabelled_share=sum(not item.labels for item in catalog.items) / count,
        attributes={attribute.name: _check_attribute(catalog, attribute.name) for attribute in catalog.attributes},
        unreadable=unreadable,
        warnings=catalog.warnings,
    )


def _check_attribute(catalog: Catalog, name: str) -> AttributeCheck:
    found = Counter(item.labels[name] for item in catalog.items if name in item.labels)
    labelled = found.total()
    values = {value: found[value] for value in catalog.attribute(name).values}
    return AttributeCheck(labelled, 1 - labelled / len(catalog), values)


def _fault(catalog: Catalog) -> Callable[[Item], str]:
    def fault(item: Item) -> str:
        try:
            catalog.open(item)
        except CatalogError as error:
            return str(error)
        return ""

    return fault

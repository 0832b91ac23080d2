"""What a catalog holds, and what of it is broken."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from catalog.errors import CatalogError
from catalog.images import open_image
from catalog.items import Catalog, Item
from catalog.mapping import Mapping
from catalog.notes import LeftOut, Note
from catalog.twins import Twins, twins_across_splits


@dataclass(frozen=True)
class AttributeCheck:
    """Labels of one attribute: how many items have one, the share that has none, items of each value."""

    labelled: int
    unlabelled_share: float
    values: dict[str, int]


@dataclass(frozen=True)
class Check:
    """Result of `check_catalog`; shares are 0 to 1.

    columns: those that are no attributes. unreadable: id → reason, for missing and for damaged images
    (of an item with several pictures, the first that is damaged). readable: items that are neither.
    twins: images that are in several splits. left_out, notes, mapping:
    those of the catalog; `warnings` are the notes as sentences.
    """

    catalog: str
    folder: str
    digest: str
    items: int
    readable: int
    splits: dict[str, int]
    unlabelled_share: float
    attributes: dict[str, AttributeCheck]
    columns: tuple[str, ...]
    unreadable: dict[str, str]
    twins: tuple[Twins, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[Note, ...]
    warnings: tuple[str, ...]
    mapping: Mapping | None

    @property
    def sound(self) -> bool:
        """Whether every row became an item, and every image can be read."""
        return self.readable > 0 and not self.unreadable and not self.left_out

    @property
    def mendable(self) -> bool:
        """Whether opening the catalog with `mend=True` puts something right."""
        return any(note.mendable for note in self.notes)


def check_catalog(catalog: Catalog, progress: Callable[[int], object] | None = None) -> Check:
    """Count the labels and decode every image. progress: called with 1 after each image."""
    damaged = {}
    with ThreadPoolExecutor(2) as pool:
        for item, reason in zip(catalog.items, pool.map(_fault(catalog), catalog.items), strict=True):
            if reason:
                damaged[item.id] = reason
            if progress is not None:
                progress(1)
    missing = {
        row.id or row.image: f"'{row.image}' does not exist ({row.table}, line {row.line}); add it or remove the line"
        for row in catalog.left_out
        if row.reason == "missing"
    }
    names = [attribute.name for attribute in catalog.attributes]
    return Check(
        catalog=catalog.name,
        folder=str(catalog.root),
        digest=catalog.digest,
        items=len(catalog),
        readable=len(catalog) - len(damaged),
        splits=dict(Counter(item.split for item in catalog.items if item.split)),
        unlabelled_share=_share(sum(not item.labels for item in catalog.items), len(catalog)),
        attributes={name: _check_attribute(catalog, name) for name in names},
        columns=tuple(name for name in catalog.columns if name not in names and name != "split"),
        unreadable=damaged | missing,
        twins=twins_across_splits(catalog),
        left_out=catalog.left_out,
        notes=catalog.notes,
        warnings=catalog.warnings,
        mapping=catalog.mapping,
    )


def _check_attribute(catalog: Catalog, name: str) -> AttributeCheck:
    found = Counter(item.labels[name] for item in catalog.items if name in item.labels)
    labelled = found.total()
    values = {value: found[value] for value in catalog.attribute(name).values}
    return AttributeCheck(labelled, _share(len(catalog) - labelled, len(catalog)), values)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _fault(catalog: Catalog) -> Callable[[Item], str]:
    def fault(item: Item) -> str:
        try:
            for picture in item.pictures:
                open_image(catalog.root / picture, name=picture)
        except CatalogError as error:
            return str(error)
        return ""

    return fault

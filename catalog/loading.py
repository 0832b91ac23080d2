"""Folders, zips and Hub datasets → a catalog."""

import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path

from catalog import hub
from catalog.archive import unpack
from catalog.errors import CatalogError
from catalog.folders import PassedOver, check_path, find_images, passed_note
from catalog.items import Attribute, Catalog, Item
from catalog.kinds import KINDS
from catalog.table import CSV, VALUES, find_attributes, read_rows, read_values, relative
from common import environment


def load_catalog(source: str | Path, home: Path | None = None) -> Catalog:
    """Open a catalog: a folder with `catalog.csv`, a folder of images, a zip of either, or a Hub dataset.

    A folder without `catalog.csv` gives unlabelled items whose ids are their paths. Zips are unpacked, and datasets
    (`owner/name[@revision]`) downloaded, under `home` (default: `LAPEL_HOME`). The images are not decoded here.
    CatalogError when the source is none of these or damaged, or when `catalog.csv` names images that are not there.
    """
    catalog = read_catalog(source, home)
    missing = missing_images(catalog)
    if missing:
        few = ", ".join(item.image for item in missing[:3]) + ", …" * (len(missing) > 3)
        images = "an image that is" if len(missing) == 1 else f"{len(missing)} images that are"
        raise CatalogError(f"{CSV} names {images} not in {catalog.root}: {few}; add them or remove their lines")
    return catalog


def read_catalog(source: str | Path, home: Path | None = None) -> Catalog:
    """As `load_catalog`, without asking whether the images are there."""
    folder, name, passed = locate(source, home)
    if (folder / CSV).is_file():
        catalog = _labelled(folder, name)
        note = passed_note(passed)
        return replace(catalog, warnings=(*catalog.warnings, note)) if note else catalog
    return _bare(folder, name, passed)


def missing_images(catalog: Catalog) -> list[Item]:
    """Items whose image is not a file."""
    return [item for item in catalog.items if not catalog.path(item).is_file()]


def locate(source: str | Path, home: Path | None = None) -> tuple[Path, str, tuple[PassedOver, ...]]:
    """The folder of a catalog, fetched or unpacked where needed, its name, and the files that were left out of it."""
    home = environment.home() if home is None else home
    path = Path(source).expanduser()
    check_path(path)
    if path.is_dir():
        return path, path.resolve().name, ()
    if path.name == CSV and path.is_file():
        return path.parent, path.resolve().parent.name, ()
    if path.is_file():
        unpacked = unpack(path, home / "catalogs")
        return unpacked.folder, path.stem, unpacked.passed
    if hub.is_repository(str(source)):
        fetched = hub.fetch(str(source), home / "hub")
        return fetched.folder, str(source).partition("@")[0], fetched.passed
    raise CatalogError(f"there is no catalog '{source}'; give a folder, a zip or a Hub dataset owner/name[@revision]")


def _labelled(folder: Path, name: str) -> Catalog:
    table = read_rows(folder / CSV)
    attributes, notes = find_attributes(table, read_values(folder / VALUES))
    items = tuple(_item(row, attributes, folder) for row in table.rows)
    twice = [id for id, count in Counter(item.id for item in items).items() if count > 1]
    if twice:
        few = ", ".join(twice[:3]) + ", …" * (len(twice) > 3)
        ids = "an id" if len(twice) == 1 else f"{len(twice)} ids"
        raise CatalogError(f"{CSV} gives {ids} to more than one item: {few}; make them unique")
    return Catalog(folder, name, items, tuple(attributes), tuple(notes))


def _item(row: dict[str, str], attributes: list[Attribute], folder: Path) -> Item:
    if not row["image"]:
        raise CatalogError(
            f"{CSV} has an item without an image (id '{row.get('id', '')}'); name one or remove its line"
        )
    image = _spelled(relative(row["image"]), folder)
    names = [attribute.name for attribute in attributes]
    return Item(
        id=row.get("id") or image,
        image=image,
        split=row.get("split") or None,
        labels={name: row[name] for name in names if row[name]},
        columns={name: text for name, text in row.items() if name not in (*names, "id", "image", "split")},
    )


def _spelled(image: str, folder: Path) -> str:
    """The path as the file system spells it: macOS takes letters apart ("が" is two code points), spreadsheets do not."""
    if not image.isascii() and not (folder / image).is_file():
        for form in ("NFC", "NFD"):
            other = unicodedata.normalize(form, image)
            if (folder / other).is_file():
                return other
    return image


def _bare(folder: Path, name: str, passed: tuple[PassedOver, ...] = ()) -> Catalog:
    found = find_images(folder)
    note = passed_note((*passed, *found.passed))
    if not found.images:
        said = f" ({note})" if note else ""
        raise CatalogError(f"'{name}' has neither {CSV} nor images{said}; give a folder with {KINDS} files")
    items = tuple(Item(path, path) for path in found.images)
    return Catalog(folder, name, items, warnings=(note,) if note else ())

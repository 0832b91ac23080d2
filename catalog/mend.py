"""A catalog as it was meant, written as a clean `catalog.csv`."""

import csv
import io
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from catalog.errors import CatalogError
from catalog.files import in_one_cell
from catalog.items import Catalog
from catalog.layout import VALUES
from common.files import write_in_one_step

CSV = "catalog.csv"
KEPT = ("split", "id", "image", "more")
"""What an item has of its own, whatever other columns are called."""
ORIGINAL = ".original"


def clean_table(catalog: Catalog) -> str:
    """The items as CSV: id, image, further pictures (`more`), split, the attributes, the other columns."""
    names = [attribute.name for attribute in catalog.attributes]
    others = _plain(catalog)
    more = ["more"] if any(item.more for item in catalog) else []
    split = ["split"] if any(item.split for item in catalog) else []
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "image", *more, *split, *names, *others])
    for item in catalog:
        row = [item.id, item.image, *([in_one_cell(item.more)] if more else [])]
        row += [item.split or ""] if split else []
        row += [item.labels.get(name, "") for name in names]
        writer.writerow([*row, *(item.columns.get(name, "") for name in others)])
    return out.getvalue()


def clean_values(catalog: Catalog) -> str:
    """`attributes.json`: the attributes with their values in order, and the plain columns as null.

    By it the attributes of the clean catalog are those of this one, whatever the columns look like.
    """
    orders: dict[str, tuple[str, ...] | None] = dict.fromkeys(_plain(catalog))
    orders |= {attribute.name: attribute.values for attribute in catalog.attributes}
    return json.dumps(orders, indent=1, ensure_ascii=False) + "\n"


def write_mended(catalog: Catalog, folder: Path) -> Path:
    """Write the catalog into a folder: its own (the files that were there stay beside, as `*.original`) or a new one.

    A new folder gets the images too, as links to the same files where the disk allows it. Gives the
    path of the table. CatalogError when the folder is another catalog's, or cannot be written.
    """
    own = folder.resolve() == catalog.root.resolve()
    if not own and folder.is_dir() and any(folder.iterdir()):
        raise CatalogError(f"'{folder}' is not empty; name a new folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = [(folder / VALUES, clean_values(catalog)), (folder / CSV, clean_table(catalog))]
        if not own:
            for image in {*_files(catalog)}:
                _link(catalog.root / image, folder / image)
        for path, text in files:
            if path.is_file() and path.read_bytes() != text.encode():
                _keep(path)
            write_in_one_step(path, text)
    except OSError as error:
        raise CatalogError(f"'{folder}' cannot be written ({error.strerror or error})") from error
    return folder / CSV


def _plain(catalog: Catalog) -> list[str]:
    names = [attribute.name for attribute in catalog.attributes]
    return [name for name in catalog.columns if name not in (*names, *KEPT)]


def _files(catalog: Catalog) -> Sequence[str]:
    """The pictures, and the masks beside them."""
    masks = [mask for item in catalog if (mask := item.columns.get("mask", ""))]
    return [
        *(picture for item in catalog for picture in item.pictures),
        *(mask for mask in masks if (catalog.root / mask).is_file()),
    ]


def _keep(path: Path) -> None:
    """A second name for the file as it is, which no earlier one is lost for."""
    number = 1
    while (kept := path.with_name(f"{path.name}{ORIGINAL}{number if number > 1 else ''}")).exists():
        number += 1
    _link(path, kept)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)

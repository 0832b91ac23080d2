"""A catalog of made-up items, as many as wanted, resampled from those of a real one, on the disk."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from catalog import Catalog, Item
from model import Column
from retrieval import ItemVectors, Layout, Raw, TableHolding, mixtures

SHARES = {"half": 2, "twentieth": 20, "few": 200}
"""Columns, and how many values each has, evenly spread: one value is on 50, 5 and 0.5 % of the items."""
NAMES = "columns.json"


def write(real: ItemVectors, columns: Sequence[Column], items: int, folder: Path, seed: int = 0) -> None:
    """Raw vectors of made-up items (`retrieval.mixtures`), a float16 file a column, unless they are there."""
    if (folder / NAMES).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for place, column in enumerate(columns):
        width = real.column(column).shape[1]
        out = np.lib.format.open_memmap(folder / f"{place}.npy", "w+", np.float16, (items, width))
        for start, block in mixtures(real, column, items, seed):
            out[start : start + len(block)] = block
        out.flush()
    (folder / NAMES).write_text(json.dumps([items, [list(column) for column in columns]]), "utf-8")


@dataclass(frozen=True)
class Columns:
    """Raw vectors as `write` left them. Implements `Raw`."""

    files: Mapping[Column, np.ndarray]

    @classmethod
    def open(cls, folder: Path) -> "Columns":
        _, names = json.loads((folder / NAMES).read_text("utf-8"))
        return cls({Column(*name): np.load(folder / f"{place}.npy", "r") for place, name in enumerate(names)})

    def __len__(self) -> int:
        return len(next(iter(self.files.values())))

    def there(self, column: Column) -> np.ndarray:
        return np.full(len(self), column in self.files)

    def read(self, column: Column, slots: np.ndarray) -> np.ndarray:
        found: np.ndarray = self.files[column][slots]
        return found


class MadeUp(TableHolding):
    """The items of `Columns` as slots; indexes and what is derived lie in `home`."""

    def __init__(self, columns: Columns, home: Path) -> None:
        self.columns = columns
        self.folder = home

    def catalog(self) -> Catalog:
        rows = range(len(self.columns))
        return Catalog(
            self.folder,
            "made-up",
            tuple(Item(str(row), "", columns={name: str(row % n) for name, n in SHARES.items()}) for row in rows),
        )

    def kept(self) -> list[Column]:
        return list(self.columns.files)

    def layout(self, catalog: Catalog, before: tuple[Catalog, Layout] | None = None) -> Layout:
        if before is not None:
            return before[1]
        return Layout(
            [(row,) for row in range(len(self.columns))], [str(row) for row in range(len(self.columns))], "made-up"
        )

    def raw(self, layout: Layout, before: Raw | None = None) -> Raw:
        return self.columns

    def unreadable(self, catalog: Catalog, layout: Layout) -> dict[str, str]:
        return {}

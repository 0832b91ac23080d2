"""A catalog that is served from one table as it is: nothing is embedded, and nothing is written but indexes."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np
from PIL import Image

from catalog import Catalog
from model import Column
from retrieval.errors import RetrievalError
from retrieval.interfaces import Raw
from retrieval.layout import Layout
from retrieval.plan import EmbeddingPlan, Outcome
from retrieval.table import EmbeddingTable


class TableHolding:
    """The rows of a table as slots; see `keeper.Holds`."""

    def __init__(self, table: EmbeddingTable, home: str | Path) -> None:
        """home: for indexes and large derived vectors."""
        self.table = table
        self.folder = Path(home)

    def locked(self) -> AbstractContextManager[None]:
        return nullcontext()

    def kept(self) -> list[Column]:
        return list(self.table.places)

    def keep(self, columns: Iterable[Column]) -> None:
        raise _fixed()

    def layout(self, catalog: Catalog, before: tuple[Catalog, Layout] | None = None) -> Layout:
        """RetrievalError when the table is of another catalog."""
        if self.table.ids != [item.id for item in catalog]:
            raise RetrievalError("the embedding table is of another catalog; it has to be built again")
        if before is not None:
            return before[1]
        manifest = self.table.manifest
        return Layout([(place,) for place in range(len(self.table))], manifest.images, manifest.sha256[:16])

    def raw(self, layout: Layout, before: Raw | None = None) -> Raw:
        return _TableRaw(self.table)

    def lacks(self, layout: Layout, columns: Sequence[Column], raw: Raw) -> EmbeddingPlan:
        if not self.table.has(columns):
            raise _fixed()
        return EmbeddingPlan(tuple(columns), layout.images, np.zeros((layout.slots, len(columns)), bool))

    def open(self, catalog: Catalog, layout: Layout, slot: int) -> Image.Image:
        raise _fixed()

    def put(self, catalog: Catalog, layout: Layout, outcome: Outcome) -> None:
        raise _fixed()

    def take(self, layout: Layout, tables: Iterable[EmbeddingTable], columns: Sequence[Column]) -> None:
        raise _fixed()

    def prune(self, layout: Layout) -> None:
        raise _fixed()

    def unreadable(self, catalog: Catalog, layout: Layout) -> dict[str, str]:
        return self.table.manifest.unreadable


class _TableRaw:
    def __init__(self, table: EmbeddingTable) -> None:
        self._table = table

    def there(self, column: Column) -> np.ndarray:
        return self._table.readable if self._table.has([column]) else np.zeros(len(self._table), bool)

    def read(self, column: Column, slots: np.ndarray) -> np.ndarray:
        found: np.ndarray = self._table.column(column)[slots]
        return found


def _fixed() -> RetrievalError:
    return RetrievalError(
        "this catalog is served from a table that nothing can be added to; open it with `open_engine`"
    )

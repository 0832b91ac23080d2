"""Raw vectors with one row an item, as evaluation and training take them."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from catalog import Catalog
from model import Column
from retrieval.pictures import Pictures


class ItemVectors:
    """The first picture of each item, in catalog order, as one moment has them."""

    def __init__(self, catalog: Catalog, pictures: Pictures) -> None:
        self.catalog = catalog
        self._pictures = pictures

    def __len__(self) -> int:
        return len(self.catalog)

    @cached_property
    def ids(self) -> list[str]:
        return [item.id for item in self.catalog]

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._pictures.columns

    @cached_property
    def readable(self) -> np.ndarray:
        """Which items have a picture that is embedded, bool (items,)."""
        return self._pictures.first >= 0

    def has(self, columns: Iterable[Column]) -> bool:
        return self._pictures.has(columns)

    def vectors(self, attribute: str) -> np.ndarray:
        """Derived vectors float16 (items, width) of an attribute that is there, centred on these items; zeros where there is
        none."""
        return self._pictures.of_items(attribute)

    def digests(self, places: Sequence[int]) -> list[str]:
        """What the first picture of the items at some places is known by, the same for equal files; '' where there is none."""
        layout, slots = self._pictures.layout, self._pictures.first
        return [layout.images[slots[place]] if slots[place] >= 0 else "" for place in places]

    def some(self, column: Column, places: Sequence[int]) -> np.ndarray:
        """Raw embeddings of one column for the items at some places, float16 (places, width); zeros where there is none."""
        return self._pictures.some(column, places)

    def column(self, column: Column) -> np.ndarray:
        """Raw embeddings of one column, float16 (items, width); zeros where there is none."""
        return self._pictures.column(column)

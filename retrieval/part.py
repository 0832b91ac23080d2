"""Some items of a catalog on their own: their pictures, numbered anew."""

import numpy as np

from catalog import Catalog, CatalogError
from model import Column
from retrieval.errors import RetrievalError
from retrieval.interfaces import Raw
from retrieval.layout import Layout
from retrieval.view import View


class SomeRaw:
    """Raw vectors of some slots, numbered from 0; see `Raw`."""

    def __init__(self, raw: Raw, slots: np.ndarray) -> None:
        """slots: int64 (n,), their numbers in `raw`."""
        self._raw, self._slots = raw, slots

    def there(self, column: Column) -> np.ndarray:
        found: np.ndarray = self._raw.there(column)[self._slots]
        return found

    def read(self, column: Column, slots: np.ndarray) -> np.ndarray:
        return self._raw.read(column, self._slots[slots])


def part_of(view: View, catalog: Catalog) -> tuple[Layout, Raw]:
    """The layout and raw vectors of some of a view's items, which may have other labels there; RetrievalError where one is not in
    the view (any more)."""
    try:
        places = [view.catalog.position(item.id) for item in catalog]
    except CatalogError as error:
        raise RetrievalError(f"the catalog was changed meanwhile: {error}; try again") from error
    slots, layout = view.layout.part(places)
    return layout, SomeRaw(view.pictures.raw, slots)


def is_whole(view: View, catalog: Catalog) -> bool:
    """Whether a catalog has all items of a view, in their order."""
    return len(catalog) == len(view.catalog) and all(
        item.id == other.id for item, other in zip(catalog, view.catalog, strict=True)
    )

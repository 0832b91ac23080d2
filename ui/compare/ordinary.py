"""Ordinary similarity: the ranking by the whole picture that Metrics measures beside Lapel, by the same vectors."""

from collections.abc import Collection
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from catalog import Catalog
from eval import GlobalSimilarity
from library import Opened
from model import GENERAL, Column
from ui.asked import Asked, Picture
from ui.query_pictures import query_image

GENERAL_COLUMN = Column("", GENERAL)


class NoOrdinary(ValueError):  # noqa: N818 - reads as what it says
    """There is no ordinary similarity for a query; `key` is the word that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class _Made:
    catalog: Catalog
    pending: int
    similarity: GlobalSimilarity


class Ordinary:
    """Ranks catalogs by the general view as the frozen network gives it, centred on the catalog. Thread-safe."""

    def __init__(self) -> None:
        self._made: WeakKeyDictionary[Opened, _Made] = WeakKeyDictionary()

    def ranked(self, opened: Opened, asked: Asked, exclude: Collection[str]) -> list[str]:
        """Ids of all items that pass the filters of a query, best first: by the mean cosine with the pictures that it asks
        by. What it asks of attributes and by values counts for nothing, and neither does what it asks against.

        NoOrdinary without a picture, or where the network has no general view; CatalogError as `query_image` raises it.
        """
        pictures = pictures_of(asked)
        if not pictures:
            raise NoOrdinary("versus_no_picture")
        similarity, catalog = self._of(opened), opened.catalog
        vectors = np.stack([self._vector(opened, similarity, picture) for picture in pictures])
        passing = set(opened.columns.rows(asked.filters)) - {catalog.position(id) for id in exclude}
        return [catalog.items[place].id for place in similarity.ranked(vectors).tolist() if place in passing]

    def _vector(self, opened: Opened, similarity: GlobalSimilarity, picture: Picture) -> np.ndarray:
        if picture.item is not None and not picture.altered:
            return similarity.vector(opened.catalog.position(picture.item))
        image = query_image(opened.catalog, picture)
        return np.asarray(opened.embedder.embed([image], [GENERAL_COLUMN])[0], np.float32)

    def _of(self, opened: Opened) -> GlobalSimilarity:
        made, table = self._made.get(opened), opened.engine.table
        if made is None or made.catalog is not table.catalog or made.pending != opened.pending:
            if not table.has([GENERAL_COLUMN]):
                raise NoOrdinary("versus_no_general")
            vectors = np.asarray(table.column(GENERAL_COLUMN), np.float32)
            made = _Made(table.catalog, opened.pending, GlobalSimilarity(vectors, table.readable))
            self._made[opened] = made
        return made.similarity


def pictures_of(asked: Asked) -> list[Picture]:
    """The pictures that a query asks by with a positive weight, each once."""
    sources = [term.source for term in asked.terms if term.weight > 0]
    return list(dict.fromkeys(source for source in sources if isinstance(source, Picture) and not source.empty))

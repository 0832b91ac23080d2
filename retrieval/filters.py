"""Filters: which slots of a catalog have one of some values in a column."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from catalog import Catalog
from retrieval.errors import RetrievalError
from retrieval.layout import Layout

KEPT = 16
"""Filters of which is remembered what they let through."""


class Filters:
    """Of one catalog as it is laid out. Thread-safe: what two threads make at once is the same."""

    def __init__(self, catalog: Catalog, layout: Layout) -> None:
        self._catalog = catalog
        self._layout = layout
        self._columns: dict[str, _Column] = {}
        self._masks: dict[tuple[str, frozenset[str]], np.ndarray] = {}
        self._keeping = threading.Lock()

    def among(self, name: str, values: str | Collection[str]) -> np.ndarray:
        """On which slots a column has one of the values, bool (slots,), not to be written to. RetrievalError, naming the known
        ones, for a column that the catalog lacks or a value that no item has ('' is blank, and always allowed)."""
        wanted = frozenset([values] if isinstance(values, str) else values)
        found = self._masks.get((name, wanted))
        if found is None:
            self._check(name, values)
            column = self._column(name)
            accepted = np.array([value in wanted for value in column.values] + [False])
            found = accepted[np.append(column.places, len(column.values))[self._layout.item]]
            with self._keeping:
                while len(self._masks) >= KEPT:
                    self._masks.pop(next(iter(self._masks)))
                self._masks[name, wanted] = found
        return found

    def _check(self, name: str, values: str | Collection[str]) -> None:
        known = self._known(name)
        for value in [values] if isinstance(values, str) else values:
            if value and value not in known:
                raise RetrievalError(f"'{name}' has no value '{value}' in this catalog; it has: {some_of(known)}")

    def _known(self, name: str) -> set[str]:
        """Values that items have in a column, and those that the catalog lists for it as an attribute."""
        listed = next((attribute.values for attribute in self._catalog.attributes if attribute.name == name), ())
        return {*self._column(name).values, *listed} - {""}

    def _column(self, name: str) -> "_Column":
        if name not in self._columns:
            columns = list(self._catalog.columns)
            if name not in columns and name != "id":
                raise RetrievalError(f"the catalog has no column '{name}'; it has: {some_of(columns)}")
            self._columns[name] = _Column.of(self._catalog.column(name))
        return self._columns[name]


@dataclass(frozen=True, eq=False)
class _Column:
    """The values of a column, each once, and the place among them of each item's, int64 (items,)."""

    values: tuple[str, ...]
    places: np.ndarray

    @classmethod
    def of(cls, texts: Sequence[str]) -> "_Column":
        known: dict[str, int] = {}
        places = np.fromiter((known.setdefault(text, len(known)) for text in texts), np.int64, len(texts))
        return cls(tuple(known), places)


def some_of(names: Collection[str], most: int = 20) -> str:
    """Names for a message, in order, the first of them when there are many."""
    listed = ", ".join(sorted(names)[:most]) or "none"
    return f"{listed} and {len(names) - most} more" if len(names) > most else listed

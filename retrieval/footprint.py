"""What one attribute of a catalog takes."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.engine import SearchEngine
from retrieval.interfaces import columns_of
from retrieval.pruning import size_below


@dataclass(frozen=True)
class Footprint:
    """Bytes for one attribute of `items` pictures. raw: vectors that the network gave, those of the whole picture that all attributes
    share apart (`shared`); derived: vectors that are compared; sketch: what is looked at first; index: 0 where there is none."""

    items: int
    shared: int
    raw: int
    derived: int
    sketch: int
    index: int


def footprint(engine: SearchEngine, attribute: str) -> Footprint:
    """Measured on the vectors, the sketch and the saved index of an engine, which are made where they are not there yet."""
    view = engine._view
    view.need([attribute])
    slots = view.layout.slots
    widths = {column: 2 * slots * engine.embedder.width(column) for column in columns_of(engine.embedder, [attribute])}
    shared = sum(size for column, size in widths.items() if not column.attribute)
    derived = int(view.pictures.vectors(attribute).nbytes)
    sketch = view.sketch(attribute, wait=True)
    arrays = [value for value in vars(sketch).values() if isinstance(value, np.ndarray)] if sketch is not None else []
    index = view.shelf.prepare(attribute)
    with tempfile.TemporaryDirectory() as folder:
        if index is not None:
            index.save(Path(folder))
        saved = size_below(Path(folder))
    return Footprint(slots, shared, sum(widths.values()) - shared, derived, sum(one.nbytes for one in arrays), saved)

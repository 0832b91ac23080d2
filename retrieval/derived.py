"""Derived vectors: what an attribute makes of raw columns, for a few images or a whole table; no pass of the network."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from common.files import beside as free_name
from model import Column, Derivation
from retrieval.interfaces import Embeds, columns_of, slices
from retrieval.table import EmbeddingTable

CHUNK = 4096
"""Images that are derived at once."""
KEPT = 64 << 20
"""Bytes of derived vectors above which they are kept in a file instead of in memory."""


def derived_vectors(
    embedder: Embeds,
    images: Iterable[Image.Image],
    attributes: Sequence[str],
    progress: Callable[[int], None] | None = None,
) -> dict[str, np.ndarray]:
    """Derived vectors float16 (images, width) of each attribute, embedded now."""
    columns = columns_of(embedder, attributes)
    raw = embedder.embed(images, columns, progress)
    places = slices(columns, {column: embedder.width(column) for column in columns})
    return {name: derived(embedder.derivation(name), lambda column: raw[:, places[column]]) for name in attributes}


def derived(
    derivation: Derivation, column: Callable[[Column], np.ndarray], out: np.ndarray | None = None
) -> np.ndarray:
    """Derived vectors float16 (n, width) of raw columns (n, width each), in `out` where it is given. A row whose raw
    embeddings are zeros, of an image that cannot be read, stays zeros."""
    raw = [column(needed) for needed in derivation.needs]
    if out is None:
        out = np.empty((len(raw[0]), sum(section.width for section in derivation.sections)), np.float16)
    for start in range(0, len(out), CHUNK):
        rows = [np.asarray(part[start : start + CHUNK]) for part in raw]
        out[start : start + CHUNK] = derivation.apply(rows) * rows[0].any(1, keepdims=True)
    return out


def table_vectors(table: EmbeddingTable, derivation: Derivation, home: Path) -> np.ndarray:
    """Derived vectors float16 (items, width) of a table: a part of it where they are its columns as they are; large ones
    in a file under `home`, written once."""
    if derivation.plain:
        places = [table.places[column] for column in derivation.needs]
        if all(left.stop == right.start for left, right in itertools.pairwise(places)):
            return table.vectors[:, places[0].start : places[-1].stop]
    shape = len(table), sum(section.width for section in derivation.sections)
    if 2 * shape[0] * shape[1] <= KEPT:
        return derived(derivation, table.column)
    path = home / f"{table.manifest.sha256[:16]}-{derivation.digest[:16]}.npy"
    try:
        return _opened(path, shape)
    except (OSError, ValueError, EOFError):
        home.mkdir(parents=True, exist_ok=True)
    new = free_name(path)
    try:
        file = np.lib.format.open_memmap(new, "w+", np.float16, shape)
        derived(derivation, table.column, file)
        file.flush()
        del file
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return _opened(path, shape)


def _opened(path: Path, shape: tuple[int, int]) -> np.ndarray:
    vectors: np.ndarray = np.load(path, mmap_mode="r", allow_pickle=False)
    if vectors.shape != shape or vectors.dtype != np.float16:
        raise ValueError(f"{path} is of another shape")
    return vectors
